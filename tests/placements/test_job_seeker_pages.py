"""Pages of job-seeker cards: the list and its filters, one card, and the forms that write on it."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from placements.employment import CardEnd
from placements.models import JobSeekerCard
from tests.factories.accounts import FacilityFactory
from tests.factories.inmates import inmate_at
from tests.factories.partners import AgencyFactory, PartnershipFactory, scan_file, today
from tests.factories.placements import job_seeker_card

pytestmark = pytest.mark.django_db
LIST = "/job-seekers/"


@pytest.fixture
def disnaker(facility):
    agency = AgencyFactory(kind="disnaker", name="Disnaker Kota Cilegon")
    return PartnershipFactory(facility=facility, agency=agency).agency


@pytest.fixture
def inmate(facility):
    return inmate_at(facility, name="ANI UJI")


def names(client, query=""):
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return {row.record.inmate.name for row in page.context["table"].rows}


def sent(client, name, row, **data):
    return client.post(reverse(f"placements:{name}", args=[row.public_id]), data)


class TestList:
    def test_without_a_choice_it_shows_the_cards_that_count(
        self, client, officer, facility, disnaker, inmate
    ):
        job_seeker_card(inmate, facility, disnaker)
        over = {"ended_on": today(), "ended_why": CardEnd.WORK}
        job_seeker_card(inmate_at(facility, name="BUDI"), facility, disnaker, **over)
        client.force_login(officer)
        assert names(client) == {"ANI UJI"}
        assert names(client, "standing=over") == {"BUDI"}
        assert names(client, "standing=all") == {"ANI UJI", "BUDI"}
        assert names(client, "ended_why=work") == {"BUDI"}

    def test_by_what_is_due_by_agency_and_by_name(
        self, client, officer, facility, disnaker, inmate
    ):
        late = {"report_by": today(-3)}
        job_seeker_card(inmate, facility, disnaker, **late)
        other = PartnershipFactory(facility=facility, agency__kind="disnaker").agency
        job_seeker_card(inmate_at(facility, name="BUDI"), facility, other)
        client.force_login(officer)
        assert names(client, "standing=report_late") == {"ANI UJI"}
        assert names(client, f"agency={other.public_id}") == {"BUDI"}
        assert names(client, "q=ani") == {"ANI UJI"}

    def test_the_csv_says_the_same_and_is_on_record(
        self, client, officer, facility, disnaker, inmate
    ):
        card = job_seeker_card(inmate, facility, disnaker, report_by=today(-3))
        client.force_login(officer)
        text = b"".join(client.get(f"{LIST}?format=csv").streaming_content).decode()
        for cell in ("ANI UJI", card.number, "Disnaker Kota Cilegon", "Terlambat lapor"):
            assert cell in text
        assert AccessRecord.objects.get(act="export").subjects == [inmate.public_id]

    def test_others_see_nothing_of_it(self, client, officer, facility, disnaker, liaison):
        other = FacilityFactory()
        job_seeker_card(inmate_at(other), other, disnaker)
        client.force_login(officer)
        assert names(client) == set()
        client.force_login(liaison)
        assert client.get(LIST).status_code == 403


class TestForms:
    def test_a_card_is_registered_from_the_persons_page(self, client, officer, disnaker, inmate):
        client.force_login(officer)
        address = reverse("placements:card-register", args=[inmate.public_id])
        page = client.get(address)
        assert page.context["form"].fields["agency"].initial == disnaker
        answer = client.post(
            address,
            {
                "agency": disnaker.public_id,
                "number": "3672-1",
                "issued_on": today(-3),
                "scan": scan_file(),
            },
        )
        card = JobSeekerCard.objects.get()
        assert answer.url == card.get_absolute_url()
        shown = client.get(answer.url).content.decode()
        assert "3672-1" in shown
        assert "ANI UJI" in shown

    def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
        self, client, officer, disnaker, inmate
    ):
        client.force_login(officer)
        typed = {"agency": disnaker.public_id, "number": "3672-1", "issued_on": today(3)}
        answer = sent(client, "card-register", inmate, **typed)
        assert answer.status_code == 422
        form = answer.context["form"]
        assert set(form.errors) == {"issued_on"}
        assert form["number"].value() == "3672-1"

    def test_a_report_an_end_and_back(self, client, officer, head, facility, disnaker, inmate):
        card = job_seeker_card(inmate, facility, disnaker, issued_on=today(-200))
        client.force_login(officer)
        assert sent(client, "card-report", card, on=today()).status_code == 302
        assert sent(client, "card-end", card, on=today(), why="other").status_code == 302
        card.refresh_from_db()
        assert (card.reported_on, card.ended_on) == (today(), today())
        client.force_login(head)
        assert "Batalkan pengakhiran" in client.get(card.get_absolute_url()).content.decode()
        sent(client, "card-reopen", card, reason="Salah klik")
        card.refresh_from_db()
        assert card.ended_on is None

    def test_a_correction_keeps_what_was_not_touched(
        self, client, officer, facility, disnaker, inmate
    ):
        card = job_seeker_card(inmate, facility, disnaker, scan=scan_file())
        client.force_login(officer)
        page = client.get(reverse("placements:card-correct", args=[card.public_id]))
        typed = {name: page.context["form"][name].value() or "" for name in ("number",)}
        days = {
            name: getattr(card, name).isoformat()
            for name in ("issued_on", "expires_on", "report_by")
        }
        answer = sent(
            client,
            "card-correct",
            card,
            agency=disnaker.public_id,
            reason="Tanggal keliru",
            **typed,
            **(days | {"expires_on": today(500).isoformat()}),
        )
        assert answer.status_code == 302
        stored = JobSeekerCard.objects.get()
        assert (stored.expires_on, stored.scan.name) == (today(500), card.scan.name)

    def test_a_new_card_for_an_old_one(self, client, officer, facility, disnaker, inmate):
        card = job_seeker_card(inmate, facility, disnaker)
        client.force_login(officer)
        answer = sent(
            client,
            "card-renew",
            card,
            agency=disnaker.public_id,
            number="3672-2",
            issued_on=today(),
        )
        assert answer.url == JobSeekerCard.objects.open().get().get_absolute_url()

    def test_the_scan_comes_as_a_file_and_is_on_record(
        self, client, officer, facility, disnaker, inmate
    ):
        card = job_seeker_card(inmate, facility, disnaker, scan=scan_file())
        client.force_login(officer)
        answer = client.get(reverse("placements:card-scan", args=[card.public_id]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert AccessRecord.objects.get(act="export").subjects == [inmate.public_id]
        bare = job_seeker_card(inmate_at(facility), facility, disnaker)
        gone = client.get(reverse("placements:card-scan", args=[bare.public_id]))
        assert gone.status_code == 404
