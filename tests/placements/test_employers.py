"""Employers: entered once, joined by others, edited without losing anybody's work."""

import pytest
from django.core.exceptions import ValidationError

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from placements.employment import EmployerKind, Openness
from placements.models import Employer, EmployerKeeper
from placements.services import employers, vacancies
from placements.services.meanwhile import seen_of
from tests.factories.accounts import staff
from tests.factories.partners import AgencyFactory, today
from tests.factories.placements import EmployerFactory, VacancyFactory

pytestmark = pytest.mark.django_db
NIB, NIK = "9120301234567", "3672011504700003"


@pytest.fixture
def agency(disnaker):
    """Who keeps vacancies beside a prison is a labour office."""
    return disnaker


def facts(**given):
    return {
        "kind": EmployerKind.COMPANY,
        "name": "PT Karya Jaya",
        "identity_number": NIB,
        "sector": "Logam",
        "size": "large",
        "region_code": "36.72",
        "openness": Openness.YES,
        "conditions": "",
    } | given


def register(by, **given):
    side = employers.side_of(by)
    return employers.register(by=by, **side, **facts(**given))


def problems(call, *args, **kwargs):
    with pytest.raises(NotAllowed) as refusal:
        call(*args, **kwargs)
    error = refusal.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


class TestRegistering:
    def test_staff_keep_it_for_the_prison(self, officer, facility):
        made = register(officer)
        assert (made.facility, made.agency, made.created_by) == (facility, None, officer)

    def test_a_liaison_keeps_it_for_the_agency(self, liaison, agency):
        made = register(liaison)
        assert (made.facility, made.agency) == (None, agency)

    def test_of_agencies_only_a_labour_office_keeps_employers(self, facility, other_liaison):
        teaches = other_liaison.liaisons.get().agency
        assert employers.side_of(other_liaison) == {}
        with pytest.raises(Forbidden):
            employers.register(by=other_liaison, agency=teaches, **facts())
        known = EmployerFactory(facility=facility, identity_number=NIB)
        with pytest.raises(Forbidden):
            employers.join(by=other_liaison, agency=teaches, identity_number=NIB)
        EmployerKeeper.objects.create(employer=known, agency=teaches)
        with pytest.raises(Forbidden):
            employers.edit(employer=known, by=other_liaison, sector="Kayu")
        with pytest.raises(Forbidden):
            employers.deactivate(employer=known, by=other_liaison, reason="Pindah")

    def test_numbers_are_kept_without_their_marks_and_names_without_double_blanks(self, officer):
        made = register(officer, identity_number="9120-3012.34567", name="  PT  Karya Jaya ")
        assert (made.identity_number, made.name) == (NIB, "PT Karya Jaya")

    def test_a_double_click_enters_one(self, officer):
        assert register(officer) == register(officer)
        assert Employer.objects.count() == 1

    @pytest.mark.parametrize("role", ["warden", "registrar", "secretariat", "security"])
    def test_other_posts_may_not(self, facility, role):
        with pytest.raises(Forbidden):
            employers.register(by=staff(facility, role), facility=facility, **facts())

    def test_nobody_keeps_for_another_prison_or_agency(self, officer, liaison, outsider):
        with pytest.raises(Forbidden):
            employers.register(by=officer, facility=outsider.facility, **facts())
        with pytest.raises(Forbidden):
            employers.register(by=liaison, agency=AgencyFactory(), **facts())
        with pytest.raises(Forbidden):
            employers.register(by=officer, agency=liaison.liaisons.get().agency, **facts())

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"identity_number": "12345"}, "identity_number"),
            ({"identity_number": "91203A1234567"}, "identity_number"),
            ({"kind": EmployerKind.INDIVIDUAL}, "identity_number"),
            (
                {"kind": EmployerKind.INDIVIDUAL, "identity_number": "3672019904700003"},
                "identity_number",
            ),
            ({"region_code": "99.99"}, "region_code"),
            ({"openness": Openness.CONDITIONS}, "conditions"),
            ({"name": " "}, "name"),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field(self, officer, given, field):
        assert list(problems(register, officer, **given)) == [field]

    def test_a_private_person_has_a_nik(self, officer):
        made = register(officer, kind=EmployerKind.INDIVIDUAL, identity_number=NIK)
        assert made.identity_number == NIK


class TestFoundAgain:
    def test_a_known_number_is_refused_with_the_name(self, officer):
        register(officer)
        told = problems(register, officer, name="PT Lain Sekali")
        assert told == {"identity_number": ["Nomor ini sudah dicatat atas nama PT Karya Jaya."]}

    def test_a_like_name_in_the_same_city_is_asked(self, officer):
        register(officer, identity_number="")
        twin = {"name": "PT. Karya Jaya Tbk", "identity_number": "", "region_code": "36.72.01"}
        assert list(problems(register, officer, **twin)) == ["name"]
        assert register(officer, is_another=True, **twin)

    def test_a_like_name_in_another_city_is_not(self, officer):
        register(officer, identity_number="")
        assert register(officer, identity_number="", region_code="36.71", name="PT Karya Jaya")

    def test_names_that_one_may_not_see_are_not_asked(self, officer, outsider):
        register(outsider, identity_number="")
        assert register(officer, identity_number="")

    def test_who_does_not_see_the_known_one_joins_its_keepers(self, officer, outsider):
        made = register(outsider)
        assert made not in Employer.objects.visible_to(officer)
        joined = employers.join(
            by=officer, facility=officer.facility, identity_number=f" {NIB[:4]}-{NIB[4:]}"
        )
        assert joined == made
        assert made in Employer.objects.visible_to(officer)
        assert made in Employer.objects.kept_for(officer)
        employers.join(by=officer, facility=officer.facility, identity_number=NIB)
        assert made.keepers.count() == 1

    def test_the_first_keeper_joins_nothing(self, officer):
        made = register(officer)
        employers.join(by=officer, facility=officer.facility, identity_number=NIB)
        assert not made.keepers.exists()

    def test_an_unknown_number_is_joined_by_nobody(self, officer):
        told = problems(employers.join, by=officer, facility=officer.facility, identity_number=NIB)
        assert list(told) == ["identity_number"]

    def test_an_employer_without_number_is_never_joined(self, officer, outsider):
        EmployerFactory(facility=outsider.facility)
        told = problems(employers.join, by=officer, facility=officer.facility, identity_number=" ")
        assert list(told) == ["identity_number"]


class TestScope:
    def test_a_prison_sees_its_own_and_those_of_its_partners(self, officer, liaison, outsider):
        own, partners, other = register(officer), register(liaison, identity_number=""), None
        other = register(outsider, identity_number="", name="UD Jauh")
        assert set(Employer.objects.visible_to(officer)) == {own, partners}
        assert set(Employer.objects.visible_to(outsider)) == {other}

    def test_a_liaison_sees_those_of_the_own_agency(self, officer, liaison):
        register(officer)
        mine = register(liaison, identity_number="")
        assert set(Employer.objects.visible_to(liaison)) == {mine}

    def test_a_reported_vacancy_makes_the_employer_known_but_not_its_contacts(
        self, officer, outsider
    ):
        employer = register(officer)
        VacancyFactory(employer=employer)
        assert employer not in Employer.objects.visible_to(outsider)
        VacancyFactory(employer=employer, report_number="L-1")
        assert employer in Employer.objects.visible_to(outsider)
        assert employer not in Employer.objects.kept_for(outsider)

    def test_who_posted_a_vacancy_keeps_seeing_its_employer(self, officer, liaison, agency):
        employer = register(liaison)
        vacancies.post(
            employer=employer,
            by=officer,
            facility=officer.facility,
            title="Juru las",
            places=1,
            closes_on=today(10),
        )
        agency.partnerships.all().delete()
        assert employer in Employer.objects.visible_to(officer)


class TestEditing:
    def test_its_keepers_correct_it(self, officer, liaison, agency):
        employer = register(officer)
        with pytest.raises(Forbidden):
            employers.edit(employer=employer, by=liaison, phone="0812-0000-0001")
        employers.join(by=liaison, agency=agency, identity_number=NIB)
        employers.edit(employer=employer, by=liaison, phone="0812-0000-0001")
        employer.refresh_from_db()
        assert employer.phone == "0812-0000-0001"

    def test_fields_that_two_people_touched_are_both_kept(self, officer, head):
        employer = register(officer)
        seen = seen_of(employer, employers.FACTS)
        employers.edit(employer=employer, by=head, seen=seen, **facts(sector="Baja"))
        employers.edit(employer=employer, by=officer, seen=seen, **facts(size="small"))
        employer.refresh_from_db()
        assert (employer.sector, employer.size) == ("Baja", "small")

    def test_the_same_field_is_refused_with_what_stands_there_now(self, officer, head):
        employer = register(officer)
        seen = seen_of(employer, employers.FACTS)
        employers.edit(employer=employer, by=head, seen=seen, **facts(size="medium"))
        told = problems(
            employers.edit, employer=employer, by=officer, seen=seen, **facts(size="small")
        )
        assert list(told) == ["size"]
        assert "Menengah" in told["size"][0]
        now = seen_of(Employer.objects.get(), employers.FACTS)
        employers.edit(employer=employer, by=officer, seen=now, **facts(size="small"))
        assert Employer.objects.get().size == "small"

    def test_a_number_of_another_employer_is_refused(self, officer):
        register(officer)
        other = register(officer, name="CV Sejuk", identity_number="")
        told = problems(employers.edit, employer=other, by=officer, **facts(name="CV Sejuk"))
        assert list(told) == ["identity_number"]

    def test_nothing_changed_writes_no_history(self, officer):
        employer = register(officer)
        employers.edit(employer=employer, by=officer, **facts())
        assert employer.events.count() == 1


class TestGivenUp:
    def test_it_needs_a_reason_and_no_open_vacancy(self, officer):
        employer = register(officer)
        with pytest.raises(ValidationError):
            employers.deactivate(employer=employer, reason=" ", by=officer)
        vacancy = VacancyFactory(employer=employer)
        told = problems(employers.deactivate, employer=employer, reason="Tutup", by=officer)
        assert told == {"": ["Masih ada 1 lowongan terbuka; tutup dulu."]}
        vacancies.close(vacancy=vacancy, by=officer)
        employers.deactivate(employer=employer, reason="Tutup", by=officer)
        employer.refresh_from_db()
        assert not employer.is_active

    def test_a_vacancy_past_its_day_does_not_hold_it(self, officer):
        employer = register(officer)
        VacancyFactory(employer=employer, closes_on=today(-1))
        assert not employers.deactivate(employer=employer, reason="Tutup", by=officer).is_active

    def test_the_second_learns_that_it_was_done(self, officer, head):
        employer = register(officer)
        employers.deactivate(employer=employer, reason="Tutup", by=head)
        with pytest.raises(AlreadyDone, match="sudah ditandai tidak aktif"):
            employers.deactivate(employer=employer, reason="Pindah", by=officer)

    def test_no_vacancy_is_posted_for_it_until_it_is_active_again(self, officer):
        employer = register(officer)
        employers.deactivate(employer=employer, reason="Tutup", by=officer)
        job = {"title": "Juru las", "places": 1, "closes_on": today(9)}
        side = {"by": officer, "facility": officer.facility}
        assert problems(vacancies.post, employer=employer, **side, **job)
        employers.activate(employer=employer, by=officer)
        assert vacancies.post(employer=employer, **side, **job)
