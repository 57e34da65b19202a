"""Disnaker on a phone: what waits, the person as they may be known, every answer."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AccessRecord
from placements.employment import ReferralState
from placements.models import Referral
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, liaison_of, today
from tests.factories.placements import EmployerFactory, VacancyFactory, referral_of

pytestmark = pytest.mark.django_db
INBOX = "/referrals/inbox/"


@pytest.fixture
def sent(facility, disnaker, person):
    return referral_of(person, facility, disnaker, state=ReferralState.SENT)


@pytest.fixture
def employer(disnaker):
    return EmployerFactory(facility=None, agency=disnaker, name="PT Baja Uji")


def act(referral, name):
    return reverse(f"placements:referral-{name}", args=[referral.public_id])


def now_of(referral):
    return Referral.objects.get(pk=referral.pk)


def test_what_waits_is_received_with_one_tap(login, pengantar, sent):
    client = login(pengantar)
    shown = client.get(INBOX).text
    assert "SLAMET RIYADI" in shown
    assert act(sent, "receive") in shown
    answer = client.post(act(sent, "receive"), follow=True)
    assert now_of(sent).state == "received"
    assert "Rujuk ke pemberi kerja" in answer.text
    assert "Terima rujukan" not in answer.text


def test_the_way_from_receiving_to_acceptance(login, pengantar, sent, employer):
    client = login(pengantar)
    client.post(act(sent, "receive"))
    said = {"employer": employer.public_id, "number": "560/12", "introduced_on": today()}
    client.post(act(sent, "forward"), said)
    assert now_of(sent).employer == employer
    when = f"{today(3)}T09:30"
    client.post(act(sent, "interview"), {"at": when})
    assert now_of(sent).state == "interview"
    assert "09.30" in client.get(sent.get_absolute_url()).text
    client.post(act(sent, "accept"), {"employer": employer.public_id})
    assert now_of(sent).state == "accepted"
    assert "Sudah selesai" in client.get(INBOX).text


def test_where_the_vacancy_names_the_employer_nobody_is_asked(login, pengantar, facility, disnaker):
    vacancy = VacancyFactory(employer__facility=facility, report_number="LK-1")
    sent = referral_of(
        inmate_at(facility), facility, disnaker, state=ReferralState.SENT, vacancy=vacancy,
        employer=vacancy.employer,
    )  # fmt: skip
    client = login(pengantar)
    client.post(act(sent, "receive"))
    assert 'name="employer"' not in client.get(sent.get_absolute_url()).text
    client.post(act(sent, "forward"), {})
    assert now_of(sent).state == "forwarded"


def test_a_refusal_needs_its_coded_reason(login, pengantar, sent):
    client = login(pengantar)
    answer = client.post(act(sent, "decline"), {"reason": "Tidak cocok"})
    assert answer.status_code == 422
    assert "Tidak cocok" in answer.text
    client.post(act(sent, "decline"), {"decline_reason": "skill", "reason": "Tidak cocok"})
    assert (now_of(sent).state, now_of(sent).decline_reason) == ("declined", "skill")


def test_forged_answers_are_refused(login, pengantar, sent, facility, employer):
    client = login(pengantar)
    foreign = EmployerFactory(facility=None, agency=AgencyFactory())
    answer = client.post(act(sent, "forward"), {"employer": foreign.public_id})
    assert answer.status_code == 422
    answer = client.post(act(sent, "forward"), {"employer": "x", "introduced_on": "32/13/2020"})
    assert answer.status_code == 422
    assert client.post(act(sent, "accept"), {"employer": employer.public_id}).status_code == 422
    for name in ("submit", "approve", "send", "withdraw", "undo", "record", "extend"):
        assert client.post(act(sent, name)).status_code == 403, name
    draft = referral_of(inmate_at(facility), facility, sent.agency)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.post(act(draft, "receive")).status_code == 404
    assert now_of(sent).state == "sent"


def test_another_agency_sees_nothing_and_one_above_reads_only(login, sent, other_liaison, disnaker):
    stranger = login(other_liaison)
    for name in ("detail", "letter", "cover", "introduction"):
        assert stranger.get(act(sent, name)).status_code == 404, name
    assert stranger.post(act(sent, "receive")).status_code == 404
    assert sent.person_code not in stranger.get(INBOX).text
    above = AgencyFactory(name="Disnaker Provinsi")
    disnaker.parent = above
    disnaker.save()
    client = login(liaison_of(above))
    assert "Lihat (dijawab" in client.get(INBOX).text
    assert "Terima rujukan" not in client.get(sent.get_absolute_url()).text
    assert client.post(act(sent, "receive")).status_code == 403


def test_staff_have_no_inbox_and_a_liaison_no_list(login, officer, pengantar):
    assert login(officer).get(INBOX).status_code == 403
    answer = login(pengantar).get("/referrals/")
    assert (answer.status_code, answer.url) == (302, INBOX)
    assert "Tidak ada rujukan yang menunggu" in login(pengantar).get(INBOX).text


def test_after_the_consent_is_withdrawn_only_the_code_is_read(login, pengantar, sent):
    sent.inmate.consents.update(withdrawn_on=today())
    client = login(pengantar)
    for address in (INBOX, sent.get_absolute_url(), f"{INBOX}?format=csv"):
        text = b"".join(client.get(address)).decode()
        assert sent.person_code in text
        assert "SLAMET" not in text, address
    assert "tidak berlaku lagi" in client.get(sent.get_absolute_url()).text
    assert "Terima rujukan" not in client.get(sent.get_absolute_url()).text
    assert not AccessRecord.objects.filter(subjects__contains=[sent.inmate.public_id]).exists()


def test_each_look_is_on_record(login, pengantar, sent):
    client = login(pengantar)
    for address, kind in (
        (INBOX, "view"),
        (sent.get_absolute_url(), "view"),
        (f"{INBOX}?format=csv", "export"),
    ):
        b"".join(client.get(address))
        record = AccessRecord.objects.order_by("-pk")[0]
        assert (record.act, record.subjects) == (kind, [sent.inmate.public_id])


def test_the_letter_of_introduction_is_printed_once_the_employer_is_known(
    login, pengantar, sent, employer
):
    client = login(pengantar)
    assert client.get(act(sent, "introduction")).status_code == 302
    client.post(act(sent, "receive"))
    client.post(act(sent, "forward"), {"employer": employer.public_id, "number": "560/77/DTK"})
    answer = client.get(act(sent, "introduction"))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "560/77/DTK" in text
    assert "PT Baja Uji" in text
    client.post(act(sent, "introduce"), {"number": "560/78/DTK", "introduced_on": today()})
    assert now_of(sent).introduction_number == "560/78/DTK"


def test_the_inbox_turns_its_pages(login, pengantar, facility, disnaker):
    for _n in range(27):
        referral_of(inmate_at(facility), facility, disnaker, state=ReferralState.SENT)
    client = login(pengantar)
    assert len(re.findall(r'id="referral-\d', client.get(INBOX).text)) == 25
    assert len(re.findall(r'id="referral-\d', client.get(f"{INBOX}?page=2").text)) == 2


def test_an_answer_that_the_prison_wrote_down_is_objected_to(
    login, pengantar, officer, facility, sent
):
    said = {"answer": "receive", "channel": "whatsapp", "said_by": "Ibu Sari"}
    prison = login(officer)
    prison.post(act(sent, "record"), said)
    client = login(pengantar)
    shown = client.get(sent.get_absolute_url()).text
    assert "dicatat oleh lapas: lewat whatsapp, dari Ibu Sari" in shown
    client.post(act(sent, "object"), {"objection": "Kami belum menjawab"})
    assert "Kami belum menjawab" in prison.get(sent.get_absolute_url()).text
    again = client.get(sent.get_absolute_url()).text
    assert "Nyatakan keberatan" not in again
    assert "Keberatan Anda dikirim" in again
