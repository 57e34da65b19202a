"""Referrals as staff of the prison read and move them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from placements.employment import ReferralState
from placements.models import Referral
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import today
from tests.factories.placements import VacancyFactory, consent_of, referral_of

pytestmark = pytest.mark.django_db
LIST = "/referrals/"


@pytest.fixture
def referral(facility, disnaker, person):
    return referral_of(person, facility, disnaker)


@pytest.fixture
def vacancy(facility):
    return VacancyFactory(employer__facility=facility)


def act(referral, name):
    return reverse(f"placements:referral-{name}", args=[referral.public_id])


def now_of(referral):
    return Referral.objects.get(pk=referral.pk)


def test_the_list_is_found_by_name_code_state_and_month(login, officer, facility, disnaker, person):
    mine = referral_of(person, facility, disnaker, person_code="R-AAAA1")
    other = referral_of(
        inmate_at(facility, name="BUDI"),
        facility,
        disnaker,
        state=ReferralState.SENT,
        answer_by=today(-1),
        available_from=today(400).replace(day=1),
    )
    client = login(officer)
    for query, there, away in (
        ("q=slamet", mine, other),
        ("q=r-aaaa1", mine, other),
        ("state=draft", mine, other),
        ("state=late", other, mine),
        (f"available={today(400):%Y-%m}", other, mine),
        (f"agency={disnaker.public_id}&state=sent", other, mine),
    ):
        shown = client.get(f"{LIST}?{query}").text
        assert there.person_code in shown, query
        assert away.person_code not in shown, query
    assert client.get(f"{LIST}?available=9x").status_code == 200
    figures = client.get(LIST).text
    assert "Terlambat dijawab <strong>1</strong>" in figures


def test_the_file_of_the_list_is_an_export_on_record(login, officer, referral):
    lines = b"".join(login(officer).get(f"{LIST}?format=csv")).decode("utf-8-sig").splitlines()
    assert lines[1].startswith(f"{referral.person_code},SLAMET RIYADI,Disusun")
    record = AccessRecord.objects.get()
    assert (record.act, record.subjects) == ("export", [referral.inmate.public_id])


def test_nobody_else_reads_it(login, outsider, other_liaison, secretariat, referral):
    assert login(outsider).get(referral.get_absolute_url()).status_code == 404
    assert login(other_liaison).get(referral.get_absolute_url()).status_code == 404
    assert login(secretariat).get(referral.get_absolute_url()).status_code == 403
    assert login(secretariat).get(LIST).status_code == 403
    assert referral.person_code not in login(outsider).get(LIST).text


def test_the_page_says_who_acts_next_and_what_disnaker_will_read(login, officer, referral):
    shown = login(officer).get(referral.get_absolute_url()).text
    assert "Petugas Bimbingan Kerja" in shown
    assert "ajukan kepada Kalapas" in shown
    assert "Yang akan dibaca Disnaker" in shown
    assert "Ajukan kepada Kalapas</button>" in shown
    assert "Setujui rujukan</button>" not in shown
    assert AccessRecord.objects.get().subjects == [referral.inmate.public_id]


def test_a_person_is_referred_to_a_vacancy_and_submitted_at_once(
    login, officer, person, facility, disnaker, vacancy
):
    consent_of(person, facility)
    page = reverse("placements:person-refer", args=[person.public_id])
    client = login(officer)
    assert str(vacancy.public_id) in client.get(f"{page}?vacancy={vacancy.public_id}").text
    sent = {
        "agency": disnaker.public_id, "vacancy": vacancy.public_id, "message": "Rajin.",
        "then": "submit",
    }  # fmt: skip
    client.post(page, sent)
    made = Referral.objects.get()
    assert (made.state, made.vacancy, made.message) == ("submitted", vacancy, "Rajin.")


def test_without_consent_the_form_says_so_and_loses_nothing(login, officer, person, disnaker):
    page = reverse("placements:person-refer", args=[person.public_id])
    answer = login(officer).post(page, {"agency": disnaker.public_id, "message": "Rajin sekali"})
    assert answer.status_code == 422
    assert "belum memberi persetujuan" in answer.text
    assert "Rajin sekali" in answer.text


def test_several_people_are_referred_to_one_vacancy(login, officer, facility, disnaker, vacancy):
    people = [inmate_at(facility) for _n in range(3)]
    for one in people[:2]:
        consent_of(one, facility)
    client = login(officer)
    page = reverse("placements:vacancy-refer", args=[vacancy.public_id])
    shown = client.get(page).text
    assert people[0].name in shown
    assert people[2].name not in shown
    chosen = client.get(f"{page}?people={people[0].public_id}&people=no-id").text
    assert "checked" in chosen
    assert people[1].name not in chosen
    ids = [one.public_id for one in people]
    answer = client.post(page, {"agency": disnaker.public_id, "people": ids})
    assert answer.status_code == 422
    assert f"<strong>{people[2].name}</strong>" in answer.text
    assert set(Referral.objects.values_list("inmate", flat=True)) == {p.pk for p in people[:2]}
    assert AccessRecord.objects.filter(subjects__contains=[people[2].public_id]).exists()
    assert set(Referral.objects.values_list("state", flat=True)) == {"draft"}


def test_of_several_those_who_may_be_referred_are_submitted(
    login, officer, facility, disnaker, vacancy
):
    may, may_not = (inmate_at(facility) for _n in range(2))
    consent_of(may, facility)
    answer = login(officer).post(
        reverse("placements:vacancy-refer", args=[vacancy.public_id]),
        {
            "agency": disnaker.public_id,
            "people": [may.public_id, may_not.public_id],
            "then": "submit",
        },
    )
    assert "1 rujukan diajukan" in answer.text
    assert f"<strong>{may_not.name}</strong>" in answer.text
    assert [(row.inmate, row.state) for row in Referral.objects.all()] == [(may, "submitted")]


def test_several_drafts_are_submitted_from_the_list(login, officer, facility, disnaker):
    rows = [referral_of(inmate_at(facility), facility, disnaker) for _n in range(2)]
    client = login(officer)
    assert 'name="referrals"' in client.get(f"{LIST}?state=draft").text
    assert 'name="referrals"' not in client.get(LIST).text
    ids = [row.public_id for row in rows]
    answer = client.post(
        reverse("placements:referral-submit-many"), {"referrals": ids}, follow=True
    )
    assert "2 rujukan diajukan" in answer.text
    assert {now_of(row).state for row in rows} == {"submitted"}


def test_one_that_cannot_be_submitted_keeps_all_of_them(login, officer, facility, disnaker, person):
    rows = [referral_of(one, facility, disnaker) for one in (person, inmate_at(facility))]
    person.consents.update(withdrawn_on=today())
    ids = [row.public_id for row in rows]
    answer = login(officer).post(
        reverse("placements:referral-submit-many"), {"referrals": ids}, follow=True
    )
    assert f"{person} ({rows[0]}): Persetujuan" in answer.text
    assert "tidak berlaku lagi" in answer.text
    assert {now_of(row).state for row in rows} == {"draft"}
    ticked = re.findall(r'value="([0-9a-f-]{36})"[^>]* checked', answer.text)
    assert ticked == [str(rows[1].public_id)]  # one more press submits the others


def test_each_act_is_for_whom_it_is(login, officer, warden, referral):
    client = login(officer)
    assert client.post(act(referral, "approve")).status_code == 403
    assert client.post(act(referral, "receive")).status_code == 403
    assert client.get(act(referral, "submit")).status_code == 405
    client.post(act(referral, "submit"))
    assert now_of(referral).state == "submitted"
    client = login(warden)
    answer = client.post(act(referral, "send-back"), {"reason": " "})
    assert answer.status_code == 422
    client.post(act(referral, "send-back"), {"reason": "Lengkapi pesannya"})
    assert (now_of(referral).state, now_of(referral).reason) == ("draft", "Lengkapi pesannya")


def test_a_draft_is_put_right_and_one_with_the_agency_gets_more_time(
    login, officer, referral, disnaker
):
    client = login(officer)
    client.post(act(referral, "change"), {"agency": disnaker.public_id, "message": "Baru"})
    assert now_of(referral).message == "Baru"
    sent = referral_of(inmate_at(referral.facility), referral.facility, disnaker, state="sent")
    client.post(act(sent, "extend"), {"answer_by": today(50)})
    assert now_of(sent).answer_by == today(50)
    answer = client.post(act(sent, "extend"), {"answer_by": today(1)})
    assert answer.status_code == 422
    assert "harus sesudah" in answer.text


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"answer": "receive"}, "received"),
        ({"answer": "decline", "decline_reason": "record"}, "declined"),
    ],
)
def test_an_answer_by_whatsapp_is_written_down(login, officer, facility, disnaker, said, state):
    sent = referral_of(inmate_at(facility), facility, disnaker, state=ReferralState.SENT)
    client = login(officer)
    how = {"channel": "whatsapp", "said_by": "Ibu Sari, Disnaker"}
    client.post(act(sent, "record"), how | said)
    row = now_of(sent)
    assert (row.state, row.recorded_channel, row.recorded_from) == (
        state, "whatsapp", "Ibu Sari, Disnaker",
    )  # fmt: skip
    assert "Ibu Sari, Disnaker" in client.get(sent.get_absolute_url()).text


def test_an_answer_that_says_too_little_comes_back_with_what_was_typed(
    login, officer, facility, disnaker
):
    sent = referral_of(inmate_at(facility), facility, disnaker, state=ReferralState.SENT)
    client = login(officer)
    answer = client.post(act(sent, "record"), {"answer": "decline", "said_by": "Ibu Sari"})
    assert answer.status_code == 422
    assert "Wajib diisi untuk jawaban ini" in answer.text
    assert "Ibu Sari" in answer.text
    assert now_of(sent).state == "sent"
    draft = referral_of(inmate_at(facility), facility, disnaker)
    assert "tidak sedang menunggu" in client.get(act(draft, "record")).text


def test_the_head_takes_a_wrong_click_back(login, head, officer, facility, disnaker):
    declined = referral_of(
        inmate_at(facility), facility, disnaker, state="declined", decline_reason="other"
    )
    assert login(officer).post(act(declined, "undo"), {"reason": "x"}).status_code == 403
    login(head).post(act(declined, "undo"), {"reason": "Salah orang"})
    assert now_of(declined).state == "received"


def test_an_approved_referral_whose_letter_lacks_its_number_waits_for_the_secretariat(
    login, officer, facility, disnaker, person
):
    approved = referral_of(person, facility, disnaker, state=ReferralState.APPROVED)
    shown = login(officer).get(approved.get_absolute_url()).text
    assert "kirim ke Disnaker" in shown
    assert timezone.localdate() <= today(30)


def test_observers_and_other_prisons_cannot_act(login, facility, referral):
    observer = staff(facility, "observer", kind="observer")
    stranger = staff(FacilityFactory(), "head")
    for user, status in ((observer, 403), (stranger, 404)):
        client = login(user)
        for name in ("submit", "approve", "send", "withdraw", "undo", "record"):
            assert client.post(act(referral, name)).status_code == status, name
