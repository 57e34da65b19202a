"""Referrals on the homes: what waits for officer, warden and Disnaker."""

import pytest
from django.urls import reverse

from correspondence.models import Letter
from placements.employment import ReferralState
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, PartnershipFactory, liaison_of, today
from tests.factories.placements import EmployerFactory, referral_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def disnaker(facility):
    agency = AgencyFactory(name="Disnaker Kota Cilegon", kind="disnaker")
    return PartnershipFactory(facility=facility, agency=agency).agency


def at(facility, agency, state, **given):
    return referral_of(inmate_at(facility), facility, agency, state=state, **given)


def signed_letter(facility):
    return Letter.objects.create(
        facility=facility, kind="recommendation", subject="Rekomendasi", state="signed",
        number="W12-1", dated=today(), year=today().year, entered_afterwards=True,
    )  # fmt: skip


def test_the_officer_reads_what_to_submit_send_ask_and_place(login, officer, facility, disnaker):
    for _n in range(2):
        at(facility, disnaker, ReferralState.DRAFT)
    at(facility, disnaker, ReferralState.APPROVED, letter=signed_letter(facility))
    late = at(facility, disnaker, ReferralState.SENT, answer_by=today(-2))
    accepted = at(
        facility, disnaker, ReferralState.ACCEPTED, employer=EmployerFactory(facility=facility)
    )
    home = login(officer).get("/").text
    assert "Ajukan rujukan kerja" in home
    assert '?state=draft">Ajukan rujukan kerja</a> <span class="count">2</span>' in home
    assert "Kirim rujukan kerja ke Disnaker" in home
    assert "Tanyakan jawaban rujukan kerja" in home
    assert late.person_code in home
    assert "Catat hari mulai bekerja" in home
    assert accepted.person_code in home
    assert late.inmate.name not in home


def test_an_approved_one_without_its_number_does_not_wait_for_the_officer(
    login, officer, facility, disnaker
):
    at(facility, disnaker, ReferralState.APPROVED)
    assert "Kirim rujukan kerja ke Disnaker" not in login(officer).get("/").text


def test_the_warden_reads_one_line_that_leads_to_the_queue(login, warden, facility, disnaker):
    for _n in range(16):
        at(facility, disnaker, ReferralState.SUBMITTED)
    home = login(warden).get("/").text
    assert "Setujui rujukan kerja" in home
    assert '<span class="count">16</span>' in home
    assert reverse("placements:referral-approval") in home


def test_other_posts_and_prisons_read_nothing_of_it(login, registrar, facility, disnaker):
    at(facility, disnaker, ReferralState.SUBMITTED)
    at(facility, disnaker, ReferralState.DRAFT)
    for user in (registrar, staff(FacilityFactory(), "warden")):
        assert "rujukan kerja" not in login(user).get("/").text


def test_disnaker_reads_what_waits_by_code(login, facility, disnaker):
    sent = at(facility, disnaker, ReferralState.SENT)
    mine = login(liaison_of(disnaker)).get("/").text
    assert f"Terima rujukan {sent.person_code}" in mine
    assert sent.inmate.name not in mine
    assert "Tidak ada usulan kuota" not in mine
    other = login(liaison_of(AgencyFactory())).get("/").text
    assert sent.person_code not in other
    assert "Tidak ada usulan kuota" in other


def test_the_box_finds_a_referral_by_its_code(login, officer, secretariat, facility, disnaker):
    row = at(facility, disnaker, ReferralState.DRAFT, person_code="R-7K3M2")
    found = login(officer).post("/search/", {"q": "r-7k3"}, follow=True).text
    assert row.get_absolute_url() in found
    assert row.get_absolute_url() not in (
        login(secretariat).post("/search/", {"q": "R-7K3"}, follow=True).text
    )
