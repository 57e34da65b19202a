"""The warden's queue: sixteen at once, or one back with a reason."""

import re

import pytest

from accounts.models import AccessRecord
from correspondence.models import LetterSeries
from placements.employment import ReferralState
from placements.models import Referral
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import referral_of

pytestmark = pytest.mark.django_db
QUEUE = "/referrals/approval/"


@pytest.fixture
def waiting(facility, disnaker):
    LetterSeries.objects.create(facility=facility, kind="general", pattern="W12-{code}-{number}")
    return [
        referral_of(inmate_at(facility), facility, disnaker, state=ReferralState.SUBMITTED)
        for _n in range(16)
    ]


def form_of(rows, *, ticked=None, **reasons):
    ticked = rows if ticked is None else ticked
    return (
        {"shown": [row.public_id for row in rows]}
        | {f"approve-{row.public_id}": "on" for row in ticked}
        | {f"reason-{key}": reason for key, reason in reasons.items()}
    )


def states_of(rows):
    found = Referral.objects.filter(pk__in=[row.pk for row in rows])
    return set(found.values_list("state", flat=True))


def test_everybody_comes_ticked_with_what_matters(login, warden, waiting):
    shown = login(warden).get(QUEUE).text
    assert len(re.findall(r'type="checkbox"[^>]* checked', shown)) == 16
    assert "persetujuan ada" in shown
    assert "dicarikan Disnaker Kota Cilegon" in shown
    assert len(AccessRecord.objects.get().subjects) == 16


def test_sixteen_are_approved_in_one_act_with_their_letters(login, warden, waiting):
    answer = login(warden).post(QUEUE, form_of(waiting), follow=True)
    assert "16 rujukan disetujui" in answer.text
    assert "Tidak ada rujukan yang menunggu" in answer.text
    assert states_of(waiting) == {"approved"}
    rows = Referral.objects.select_related("letter", "cover_letter")
    assert len({row.letter_id for row in rows}) == 16
    assert len({row.cover_letter_id for row in rows}) == 1


def test_whoever_has_a_reason_goes_back_and_who_is_not_ticked_stays(login, warden, waiting):
    back, stays, *rest = waiting
    form = form_of(waiting, ticked=[back, *rest], **{str(back.public_id): "Pesannya kosong"})
    answer = login(warden).post(QUEUE, form, follow=True)
    assert "14 rujukan disetujui. 1 dikembalikan." in answer.text
    back.refresh_from_db()
    assert (back.state, back.reason) == ("draft", "Pesannya kosong")
    assert states_of([stays]) == {"submitted"}
    assert states_of(rest) == {"approved"}


def test_one_without_consent_keeps_all_and_loses_no_word(login, warden, waiting):
    waiting[3].inmate.consents.update(withdrawn_on=today())
    form = form_of(waiting, **{str(waiting[0].public_id): "Nanti dulu"})
    answer = login(warden).post(QUEUE, form)
    assert answer.status_code == 422
    assert "tidak berlaku lagi" in answer.text
    assert waiting[3].person_code in answer.text
    assert 'value="Nanti dulu"' in answer.text
    assert states_of(waiting) == {"submitted"}


def test_who_came_after_the_page_was_opened_is_not_approved_with_it(
    login, warden, waiting, facility, disnaker
):
    later = referral_of(inmate_at(facility), facility, disnaker, state=ReferralState.SUBMITTED)
    login(warden).post(QUEUE, form_of(waiting) | {f"approve-{later.public_id}": "on"})
    assert states_of([later]) == {"submitted"}


def test_a_second_click_says_that_it_was_decided(login, warden, waiting):
    client = login(warden)
    client.post(QUEUE, form_of(waiting))
    assert "sudah diputuskan sebelumnya" in client.post(QUEUE, form_of(waiting), follow=True).text


def test_nothing_ticked_and_no_reason_says_what_to_do(login, warden, waiting):
    answer = login(warden).post(QUEUE, form_of(waiting, ticked=[]))
    assert answer.status_code == 422
    assert "Centang yang disetujui" in answer.text


def test_only_the_warden_of_that_prison_decides(login, officer, outsider, pengantar, waiting):
    for user in (officer, outsider, pengantar):
        assert login(user).get(QUEUE).status_code == 403
        assert login(user).post(QUEUE, form_of(waiting)).status_code == 403
    assert states_of(waiting) == {"submitted"}
