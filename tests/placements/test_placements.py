"""Work after release begins, is corrected, ends; and whom it is refused to, with a sentence."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.models import Notice
from inmates.models import Custody
from placements.employment import (
    CardEnd,
    PayBand,
    PlacementKind,
    PlacementState,
)
from placements.models import FollowUp, Placement
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, InmateFactory, inmate_at, merged_pair
from tests.factories.partners import today
from tests.factories.placements import (
    EmployerFactory,
    VacancyFactory,
    job_seeker_card,
    placement_of,
    referral_of,
)
from tests.placements.work import accepted, begin, begin_referred, refusal_of, released_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def free(facility):
    """Released ten days ago."""
    return released_from(facility)


@pytest.fixture
def employer(facility):
    return EmployerFactory(facility=facility, name="PT Baja Uji")


class TestBeginning:
    def test_with_an_employer(self, free, facility, officer, employer):
        work = begin(free, facility, officer, employer=employer, pay_band=PayBand.ABOVE)
        assert (work.state, work.employer, work.pay_band) == ("running", employer, "above")
        assert (work.facility, work.inmate, work.created_by) == (facility, free, officer)
        assert not work.entered_afterwards

    def test_by_oneself_no_employer_is_kept(self, free, facility, officer, employer):
        kind = PlacementKind.SELF_EMPLOYED
        work = begin(free, facility, officer, kind=kind, employer=employer, job="Warung kopi")
        assert (work.kind, work.employer) == ("self_employed", None)

    def test_a_card_ends_and_follow_ups_are_planned(self, free, facility, agency, officer):
        card = job_seeker_card(free, facility, agency)
        work = begin(free, facility, officer, employer=EmployerFactory(facility=facility))
        card.refresh_from_db()
        assert (card.ended_on, card.ended_why) == (work.starts_on, CardEnd.WORK)
        planned = FollowUp.objects.planned().filter(placement=work)
        assert set(planned.values_list("months", "counted_from")) == {
            (months, work.starts_on) for months in (1, 3, 6, 12)
        }

    def test_twice_is_once(self, free, facility, officer, employer):
        first = begin(free, facility, officer, employer=employer)
        assert begin(free, facility, officer, employer=employer) == first
        assert Placement.objects.count() == 1

    def test_other_work_is_named(self, free, facility, officer, employer, head):
        begin(free, facility, officer, employer=employer)
        with pytest.raises(AlreadyDone, match=r"Tukang las, PT Baja Uji sejak .* Budi Petugas"):
            begin(free, facility, head, employer=employer)
        with pytest.raises(AlreadyDone, match="Akhiri dulu"):
            begin(free, facility, officer, employer=employer, job="Sopir")

    def test_work_of_a_merged_record_counts(self, facility, officer, employer):
        pair = merged_pair(facility)
        Custody.objects.update(until=today(-9), ended_how="released")
        placement_of(pair.loser, facility, employer=employer)
        with pytest.raises(AlreadyDone):
            begin(pair.winner, facility, officer, employer=employer)

    def test_work_that_another_prison_recorded_is_not_told(self, free, facility, officer, employer):
        placement_of(free, FacilityFactory(), job="Rahasia")
        with pytest.raises(AlreadyDone, match="menurut lapas lain") as refused:
            begin(free, facility, officer, employer=employer)
        assert "Rahasia" not in str(refused.value)

    @pytest.mark.parametrize("role", ["warden", "registrar", "security", "secretariat"])
    def test_not_by_others(self, role, free, facility, employer):
        with pytest.raises(Forbidden):
            begin(free, facility, staff(facility, role), employer=employer)

    def test_not_at_another_prison(self, free, facility, outsider, employer):
        with pytest.raises(Forbidden):
            begin(free, facility, outsider, employer=employer)


class TestWhoIsFree:
    def test_not_while_serving(self, facility, officer, employer):
        said = refusal_of(begin, inmate_at(facility), facility, officer, employer=employer)
        assert "asimilasi kerja" in said["__all__"]

    def test_not_before_the_release(self, free, facility, officer, employer):
        said = refusal_of(begin, free, facility, officer, employer=employer, starts_on=today(-11))
        assert said["starts_on"].startswith("Orang ini baru bebas pada ")

    def test_on_the_very_day_of_release(self, free, facility, officer, employer):
        assert begin(free, facility, officer, employer=employer, starts_on=today(-10)).pk

    def test_not_in_the_future(self, free, facility, officer, employer):
        said = refusal_of(begin, free, facility, officer, employer=employer, starts_on=today(1))
        assert "belum lewat" in said["starts_on"]

    @pytest.mark.parametrize(
        ("how", "words"),
        [("died", "meninggal"), ("escaped", "melarikan diri"), ("transferred", "belum bebas")],
    )
    def test_not_after_any_other_way_out(self, how, words, facility, officer, employer):
        gone = released_from(facility, ended_how=how)
        said = refusal_of(begin, gone, facility, officer, employer=employer)
        assert words in said["__all__"]

    def test_the_prison_of_the_release_writes_it_down(self, facility, officer, employer):
        gone = released_from(FacilityFactory())
        CustodyFactory(
            inmate=gone, facility=facility, starts=today(-900), until=today(-800),
            ended_how="transferred",
        )  # fmt: skip
        said = refusal_of(begin, gone, facility, officer, employer=employer)
        assert "lapas lain" in said["__all__"]

    def test_who_came_back_is_inside(self, free, facility, officer, employer):
        CustodyFactory(inmate=free, facility=facility, starts=today(-1))
        said = refusal_of(begin, free, facility, officer, employer=employer)
        assert "masih ditempatkan" in said["__all__"]

    def test_a_stay_noted_twice_is_none(self, free, facility, officer, employer):
        CustodyFactory(
            inmate=free, facility=facility, starts=today(-5), until=today(-2),
            ended_how="duplicate",
        )  # fmt: skip
        assert begin(free, facility, officer, employer=employer).pk

    def test_who_never_was_here_is_refused(self, facility, officer, employer):
        said = refusal_of(begin, InmateFactory(), facility, officer, employer=employer)
        assert "belum pernah bebas" in said["starts_on"]

    def test_nobody_who_became_anonymous(self, free, facility, officer, employer):
        free.anonymised_on = today()
        free.save()
        with pytest.raises(NotAllowed, match="dianonimkan"):
            begin(free, facility, officer, employer=employer)


class TestWhatIsAsked:
    def test_each_lack_stands_beside_its_field(self, free, facility, officer):
        said = refusal_of(
            begin, free, facility, officer, job="  ", pay_band="much", starts_on=today(2)
        )
        assert set(said) == {"job", "pay_band", "starts_on", "employer"}

    def test_work_release_is_begun_elsewhere(self, free, facility, officer, employer):
        kind = PlacementKind.WORK_RELEASE
        assert "kind" in refusal_of(begin, free, facility, officer, kind=kind, employer=employer)

    def test_an_employer_nobody_here_knows(self, free, facility, officer):
        stranger = EmployerFactory(facility=FacilityFactory())
        assert "employer" in refusal_of(begin, free, facility, officer, employer=stranger)

    def test_an_employer_who_employs_no_more(self, free, facility, officer):
        closed = EmployerFactory(facility=facility, is_active=False)
        assert (
            "tidak aktif" in refusal_of(begin, free, facility, officer, employer=closed)["employer"]
        )

    def test_whom_an_employer_accepted_begins_by_that_referral(
        self, free, facility, agency, officer, employer
    ):
        referral = accepted(facility, agency, free)
        said = refusal_of(begin, free, facility, officer, employer=employer)
        assert referral.person_code in said["__all__"]


class TestVacancies:
    def test_a_place_is_taken_and_its_employer_given(self, free, facility, officer):
        vacancy = VacancyFactory(employer__facility=facility, places=1)
        work = begin(free, facility, officer, vacancy=vacancy)
        assert work.employer == vacancy.employer
        vacancy.refresh_from_db()
        assert vacancy.places_free == 0

    def test_none_is_left(self, free, facility, officer):
        vacancy = VacancyFactory(employer__facility=facility, places=1)
        begin(released_from(facility), facility, officer, vacancy=vacancy)
        said = refusal_of(begin, free, facility, officer, vacancy=vacancy)
        assert said["vacancy"] == "Lowongan ini sudah terisi semua (1 dari 1)."

    def test_one_of_another_employer(self, free, facility, officer, employer):
        vacancy = VacancyFactory(employer__facility=facility)
        said = refusal_of(begin, free, facility, officer, vacancy=vacancy, employer=employer)
        assert "pemberi kerja lain" in said["vacancy"]

    def test_a_cancelled_one(self, free, facility, officer):
        vacancy = VacancyFactory(employer__facility=facility)
        vacancy.state = "cancelled"
        vacancy.save()
        assert (
            "dibatalkan" in refusal_of(begin, free, facility, officer, vacancy=vacancy)["vacancy"]
        )

    def test_work_that_is_over_takes_no_place(self, free, facility, officer):
        vacancy = VacancyFactory(employer__facility=facility)
        over = {"ended_on": today(-2), "reason": "Kontrak habis"}
        assert "vacancy" in refusal_of(begin, free, facility, officer, vacancy=vacancy, **over)


class TestReferred:
    def test_what_the_referral_says_is_taken_over(self, free, facility, agency, officer):
        vacancy = VacancyFactory(employer__facility=facility, places=1)
        referral = accepted(facility, agency, free, vacancy=vacancy, employer=vacancy.employer)
        work = begin_referred(referral, officer)
        assert (work.employer, work.vacancy, work.agency) == (vacancy.employer, vacancy, agency)
        referral.refresh_from_db()
        vacancy.refresh_from_db()
        assert referral.is_placed
        assert vacancy.places_filled == 1

    def test_the_agency_learns_the_code_only(self, free, facility, agency, officer, liaison):
        referral = accepted(facility, agency, free)
        begin_referred(referral, officer)
        notice = Notice.objects.get(recipient=liaison, kind="placement_begun")
        assert notice.data["code"] == referral.person_code
        assert free.name not in str(notice.data)

    def test_twice_is_once_and_another_hears_who(self, free, facility, agency, officer, head):
        referral = accepted(facility, agency, free)
        first = begin_referred(referral, officer)
        assert begin_referred(referral, officer) == first
        with pytest.raises(AlreadyDone, match="Budi Petugas"):
            begin_referred(referral, head)

    @pytest.mark.parametrize("state", ["draft", "sent", "forwarded", "declined"])
    def test_only_an_accepted_one(self, state, free, facility, agency, officer):
        why = {"decline_reason": "other"} if state == "declined" else {}
        referral = referral_of(free, facility, agency, state=state, **why)
        with pytest.raises(NotAllowed, match="belum diterima"):
            begin_referred(referral, officer)

    def test_not_while_serving(self, facility, agency, officer):
        referral = accepted(facility, agency, inmate_at(facility))
        assert "asimilasi kerja" in refusal_of(begin_referred, referral, officer)["__all__"]


class TestFactsOfThePast:
    def test_work_that_is_over_tells_nobody(self, free, facility, agency, officer, employer):
        card = job_seeker_card(free, facility, agency)
        work = begin(
            free, facility, officer, employer=employer, ended_on=today(-1), reason="Pindah kota"
        )
        assert (work.state, work.entered_afterwards) == (PlacementState.ENDED, True)
        assert not FollowUp.objects.exists()
        card.refresh_from_db()
        assert card.ended_on is None

    def test_between_two_stays(self, facility, officer, employer):
        back = released_from(facility, days=500)
        CustodyFactory(inmate=back, facility=facility, starts=today(-100))
        past = {"starts_on": today(-400), "ended_on": today(-100), "reason": "Ditahan lagi"}
        assert begin(back, facility, officer, employer=employer, **past).pk
        past["ended_on"] = today(-99)
        assert refusal_of(begin, back, facility, officer, employer=employer, **past)

    @pytest.mark.parametrize(
        ("days", "reason", "field"),
        [(-4, "Selesai", "ended_on"), (1, "Selesai", "ended_on"), (-1, " ", "reason")],
    )
    def test_when_and_why(self, days, reason, field, free, facility, officer, employer):
        over = {"ended_on": today(days), "reason": reason}
        assert set(refusal_of(begin, free, facility, officer, employer=employer, **over)) == {field}
