"""What keeps people out of a training: written, ended, and wrong entries."""

import pytest

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from inmates.models import Circumstance, Custody, Restriction
from inmates.services import restrictions
from inmates.states import CircumstanceKind, RestrictionKind
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import CustodyFactory, inmate_at
from tests.factories.partners import today

pytestmark = pytest.mark.django_db

DISCIPLINE, SECURITY, UNFIT, FIT = (
    RestrictionKind.DISCIPLINE,
    RestrictionKind.SECURITY,
    RestrictionKind.UNFIT,
    RestrictionKind.FIT,
)


@pytest.fixture
def security(facility):
    return staff(facility, "security")


@pytest.fixture
def clinic(facility):
    return staff(facility, "clinic")


@pytest.fixture
def inmate(facility):
    return inmate_at(facility)


@pytest.fixture
def write(facility, inmate):
    def impose(kind, by, **fields):
        fields = {"inmate": inmate, "facility": facility, "starts": today(), **fields}
        return restrictions.impose(kind=kind, by=by, **fields)

    return impose


def changes():
    return list(Circumstance.objects.order_by("pk").values_list("kind", "old"))


class TestImpose:
    def test_security_writes_and_a_change_follows(self, write, security, inmate):
        entry = write(DISCIPLINE, security, until=today(30), note="Register F hal. 12")
        assert entry in Restriction.objects.in_force()
        change = Circumstance.objects.get()
        assert (change.kind, change.effective, change.new) == (
            CircumstanceKind.DISCIPLINE,
            today(),
            today(30).isoformat(),
        )
        assert "hal. 12" not in f"{change.old}{change.new}{change.reason}"

    def test_the_clinic_says_fit_and_unfit_ends_on_the_day_before(self, write, clinic):
        unfit = write(UNFIT, clinic, starts=today(-10))
        write(FIT, clinic)
        unfit.refresh_from_db()
        assert unfit.until == today(-1)
        assert changes() == [("unfit", ""), ("lifted", "unfit")]
        assert Circumstance.objects.get(kind="lifted").effective == today()

    def test_fit_on_the_very_day_of_unfit(self, write, clinic):
        unfit = write(UNFIT, clinic)
        write(FIT, clinic)
        unfit.refresh_from_db()
        assert unfit.until == unfit.starts

    def test_a_word_of_fitness_alone_changes_nothing(self, write, clinic):
        write(FIT, clinic)
        assert changes() == []

    def test_what_is_over_already_changes_nothing(self, write, security):
        write(DISCIPLINE, security, starts=today(-30), until=today(-10))
        assert changes() == []

    def test_twice_is_once(self, write, security):
        first = write(SECURITY, security, note="Nota 7")
        assert write(SECURITY, security, note="Nota 7") == first
        assert changes() == [("security", "")]

    @pytest.mark.parametrize(
        ("starts", "until"), [(0, None), (-3, 2), (5, 9), (5, None), (10, 20), (-9, None)]
    )
    def test_overlapping_the_same_kind_is_refused_in_words(self, write, security, starts, until):
        write(SECURITY, security, starts=today(), until=today(10))
        with pytest.raises(AlreadyDone, match="Catatan keamanan sudah tercatat sejak"):
            write(
                SECURITY,
                security,
                starts=today(starts),
                until=None if until is None else today(until),
                note="lain",
            )

    @pytest.mark.parametrize(("starts", "until"), [(11, None), (-9, -1)])
    def test_before_or_after_is_welcome(self, write, security, starts, until):
        write(SECURITY, security, starts=today(), until=today(10))
        assert write(
            SECURITY, security, starts=today(starts), until=until and today(until), note="lain"
        )

    def test_another_kind_is_welcome(self, write, security):
        write(SECURITY, security)
        assert write(DISCIPLINE, security)

    def test_days_in_order(self, write, security):
        with pytest.raises(NotAllowed) as refusal:
            write(DISCIPLINE, security, until=today(-1))
        assert "until" in refusal.value.error_dict

    def test_only_about_people_who_are_here(self, write, security, inmate):
        Custody.objects.filter(inmate=inmate).update(until=today(), ended_how="released")
        with pytest.raises(NotAllowed, match="tidak ditempatkan"):
            write(DISCIPLINE, security)

    @pytest.mark.parametrize(
        ("kind", "role"),
        [
            (DISCIPLINE, "clinic"),
            (SECURITY, "clinic"),
            (UNFIT, "security"),
            (FIT, "security"),
            (DISCIPLINE, "head"),
            (UNFIT, "officer"),
            (DISCIPLINE, "warden"),
        ],
    )
    def test_each_kind_is_the_business_of_one_post(self, write, facility, kind, role):
        with pytest.raises(Forbidden):
            write(kind, staff(facility, role))

    def test_another_prison_may_not(self, write):
        with pytest.raises(Forbidden):
            write(DISCIPLINE, staff(FacilityFactory(), "security"))


class TestLift:
    def test_today_or_another_day(self, write, security):
        entry = write(DISCIPLINE, security, starts=today(-9))
        lifted = restrictions.lift(restriction=entry, until=today(-1), by=security)
        assert lifted.until == today(-1)
        assert lifted not in Restriction.objects.in_force()
        assert changes() == [("discipline", ""), ("lifted", "discipline")]

    def test_twice_is_once(self, write, security):
        entry = write(DISCIPLINE, security, starts=today(-9))
        for _again in range(2):
            restrictions.lift(restriction=entry, until=today(), by=security)
        assert len(changes()) == 2

    def test_what_is_over_is_over(self, write, security):
        entry = write(DISCIPLINE, security, starts=today(-9), until=today(-2))
        with pytest.raises(AlreadyDone, match="Sudah berakhir"):
            restrictions.lift(restriction=entry, until=today(), by=security)

    @pytest.mark.parametrize("until", [-10, 8])
    def test_neither_before_it_began_nor_longer_than_it_was(self, write, security, until):
        entry = write(DISCIPLINE, security, starts=today(-9), until=today(7))
        with pytest.raises(NotAllowed) as refusal:
            restrictions.lift(restriction=entry, until=today(until), by=security)
        assert "until" in refusal.value.error_dict

    def test_the_prison_that_holds_the_person_now_lifts_it(self, write, security, inmate):
        entry = write(SECURITY, security, starts=today(-9))
        Custody.objects.filter(inmate=inmate).update(until=today(), ended_how="transferred")
        there = FacilityFactory()
        CustodyFactory(inmate=inmate, facility=there)
        with pytest.raises(Forbidden):
            restrictions.lift(restriction=entry, until=today(), by=security)
        theirs = staff(there, "security")
        assert entry in Restriction.objects.visible_to(theirs)
        restrictions.lift(restriction=entry, until=today(), by=theirs)
        assert Circumstance.objects.get(kind="lifted").facility == there

    def test_others_may_not(self, write, security, clinic, officer):
        entry = write(DISCIPLINE, security)
        for by in (clinic, officer):
            with pytest.raises(Forbidden):
                restrictions.lift(restriction=entry, until=today(), by=by)


class TestVoid:
    def test_a_wrong_entry_stays_with_its_reason_and_counts_for_nothing(self, write, security):
        entry = write(DISCIPLINE, security)
        restrictions.void(restriction=entry, reason="Orang lain", by=security)
        assert not Restriction.objects.filter(pk=entry.pk).exists()
        assert not Restriction.objects.in_force().exists()
        kept = Restriction.entries.get(pk=entry.pk)
        assert (kept.voided_why, kept.voided_by) == ("Orang lain", security)
        assert changes() == [("discipline", ""), ("lifted", "discipline")]

    def test_the_right_one_may_be_written_over_it(self, write, security):
        restrictions.void(restriction=write(SECURITY, security), reason="X", by=security)
        assert write(SECURITY, security, note="Nota 8")

    def test_twice_is_once_and_by_another_already_done(self, write, security, facility):
        entry = write(SECURITY, security)
        first = restrictions.void(restriction=entry, reason="X", by=security)
        assert restrictions.void(restriction=entry, reason="X", by=security) == first
        with pytest.raises(AlreadyDone):
            restrictions.void(restriction=entry, reason="X", by=staff(facility, "security"))

    def test_not_without_a_reason(self, write, security):
        with pytest.raises(NotAllowed) as refusal:
            restrictions.void(restriction=write(SECURITY, security), reason=" ", by=security)
        assert "reason" in refusal.value.error_dict


def test_all_entries_are_listed_and_say_whether_they_hold(write, security, clinic, inmate, officer):
    write(FIT, clinic, starts=today(-40))
    write(DISCIPLINE, security, starts=today(-30), until=today(-20))
    wrong = write(SECURITY, security, starts=today(-5))
    restrictions.void(restriction=wrong, reason="X", by=security)
    write(SECURITY, security, starts=today(2))
    listed = [(row.kind, row.holds) for row in Restriction.entries.visible_to(officer).for_list()]
    assert listed == [
        ("security", True),
        ("security", False),
        ("discipline", False),
        ("fit", True),
    ]


def test_a_liaison_sees_none(write, security, liaison):
    write(SECURITY, security)
    assert not Restriction.objects.visible_to(liaison).exists()
