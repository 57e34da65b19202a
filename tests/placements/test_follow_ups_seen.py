"""Follow-ups as an agency reads them, who learns of a new detention, and the lines of the homes."""

import pytest

from placements.models import FollowUp
from tests.factories.partners import today
from tests.factories.placements import placement_of
from tests.placements.followed import (
    LIST,
    again,
    at,
    free_follow_up,
    given_to,
    recorded,
    sent,
    text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(facility):
    return free_follow_up(facility, person={"name": "LATE SEKALI"})


@pytest.fixture
def theirs(facility, agency):
    return given_to(agency, facility, person={"name": "MILIK DINAS"}, contact="0812-1111-2222")


class TestWhatAnAgencyReads:
    """Planted values: name, contact and work are read, the rest is nowhere in the bytes."""

    @pytest.fixture
    def pages(self, facility, agency, theirs, login, liaison, officer):
        person = theirs.inmate
        work = placement_of(person, facility, job="Tukang Las Rahasia", starts_on=today(-20))
        FollowUp.objects.filter(pk=theirs.pk).update(placement=work, reason="Catatan-intern-77")
        of_agency = {"owner": "agency", "agency": agency, "inmate": person}
        earlier = free_follow_up(facility, **of_agency, months=3, due_on=today(-9))
        FollowUp.objects.filter(pk=earlier.pk).update(
            state="done", done_on=today(-12), outcome="informal", employer="Bengkel Lama",
            channel="call", state_by=liaison, help_needed="Bantuan-33", done_by=liaison.name,
        )  # fmt: skip
        prison_knows = free_follow_up(facility, **of_agency, months=6, due_on=today(-5))
        FollowUp.objects.filter(pk=prison_knows.pk).update(
            state="done", done_on=today(-5), outcome="no_work", employer="Tahu-Lapas-44",
            channel="call", state_by=officer,
        )  # fmt: skip
        client = login(liaison)
        card = client.get(at("record", theirs), headers={"HX-Request": "true"})
        file = b"".join(client.get(f"{LIST}?when=all&format=csv").streaming_content)
        return [
            text(client.get(LIST)),
            text(client.get(f"{LIST}?when=all")),
            text(client.get(theirs.get_absolute_url())),
            text(card),
            file.decode(),
        ]

    def test_reads_what_it_needs(self, pages, theirs):
        for page in pages:
            for word in ("MILIK DINAS", "0812-1111-2222", "Tukang Las Rahasia"):
                assert word in page
        assert all("Bengkel Lama" in page for page in pages[:4])

    def test_and_nothing_else(self, pages, theirs, officer):
        person = theirs.inmate
        stay, sentence = person.custodies.get(), person.sentence
        hidden = [
            person.person_key, stay.register_number, stay.register_class, "Tahu-Lapas-44",
            "Catatan-intern-77", "Bantuan-33", officer.name, "tanpa persetujuan", "masa pidana",
            f"{sentence.expires:%Y}-{sentence.expires:%m}", str(person.public_id),
            "Kembali ditahan", "/inmates/",
        ]  # fmt: skip
        for page in pages:
            assert [word for word in hidden if word in page] == []

    def test_of_others_it_reads_nothing(self, late, pages, login, liaison, other_liaison):
        assert all("LATE SEKALI" not in page for page in pages)
        assert login(liaison).get(late.get_absolute_url()).status_code == 404
        assert "MILIK DINAS" not in text(login(other_liaison).get(f"{LIST}?when=all"))

    def test_what_the_prison_wrote_is_only_said_to_be_there(self, theirs, login, liaison, officer):
        recorded(theirs, officer, employer="Tahu-Lapas-44")
        page = text(login(liaison).get(theirs.get_absolute_url()))
        assert "Tahu-Lapas-44" not in page
        assert "dicatat oleh lapas" in page

    def test_its_own_it_reads_again_and_corrects(self, theirs, login, liaison):
        client = login(liaison)
        assert client.post(at("record", theirs), sent()).status_code == 302
        page = text(client.get(theirs.get_absolute_url()))
        assert "Bekerja formal, PT Contoh Karya" in page
        words = {**sent(employer="CV Lain"), "reason": "Salah dengar"}
        assert client.post(at("correct", theirs), words).status_code == 302
        assert again(theirs).employer == "CV Lain"

    def test_it_finds_people_by_their_name_alone(self, theirs, login, liaison):
        client = login(liaison)
        found = [
            "MILIK DINAS" in text(client.get(LIST, {"q": typed}))
            for typed in ("dinas", theirs.inmate.person_key, "orang lain")
        ]
        assert found == [True, False, False]

    def test_its_home_counts_and_names_nobody(self, theirs, login, liaison):
        page = text(login(liaison).get("/"))
        assert "1 orang perlu ditanyai kabarnya" in page
        assert "MILIK DINAS" not in page


class TestWhoIsDetained:
    @pytest.fixture
    def back(self, late):
        FollowUp.objects.filter(pk=late.pk).update(
            state="cancelled", outcome="detained", reason="Kembali ditahan per 1 Mei"
        )
        return again(late)

    @pytest.mark.parametrize(
        ("role", "sees"),
        [("officer", True), ("head", True), ("warden", False), ("registrar", False)],
    )
    def test_is_told_to_those_who_follow_up(self, back, request, login, role, sees):
        client = login(request.getfixturevalue(role))
        for address in (
            back.get_absolute_url(),
            f"{LIST}?found=due",
            back.inmate.get_absolute_url(),
        ):
            assert ("Kembali ditahan" in text(client.get(address))) is sees, address


def test_the_officers_home_has_one_line_for_all(facility, late, theirs, login, officer):
    free_follow_up(facility)
    page = text(login(officer).get("/"))
    assert page.count("Tanyakan kabar lulusan") == 1
    assert "LATE SEKALI" not in page
