"""A restriction, a release, a transfer, an escape reaches whoever goes out to work."""

import pytest

from correspondence.models import Notice
from inmates.models import Sentence
from inmates.states import LEAVES, CircumstanceDecision, CircumstanceKind, ConsentPurpose
from placements.employment import PlacementState
from placements.services import (
    circumstances,
    departures,
    legs,
    placements,
    work_days,
    work_release,
)
from placements.services.touched import by as touched
from placements.states import Effect
from tests.factories.accounts import staff
from tests.factories.partners import today
from tests.placements.changes import happened, policy, settled, told
from tests.placements.out_to_work import goes_out, may_go_out, out_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def security(facility):
    return staff(facility, "security")


@pytest.fixture
def work(facility, officer, security):
    return goes_out(facility, officer)


@pytest.mark.parametrize("how", LEAVES)
def test_whoever_leaves_goes_out_no_more(how, work, facility, registrar, security):
    circumstance = departures.leave(
        inmate=work.inmate, facility=facility, how=how, on=today(), by=registrar
    )
    work.refresh_from_db()
    assert (work.state, work.ended_on) == (PlacementState.ENDED, today())
    assert work.reason.startswith(str(CircumstanceKind(how).label))
    (line,) = circumstance.outcome
    assert (line["what"], line["was"], line["to"]) == ("work_release", "running", "ended")
    (notice,) = told(security, "work_release_stopped")
    assert notice.urgent
    assert work.inmate.name not in str(notice.data)


def test_one_that_has_not_begun_ends_on_its_first_day(facility, officer, registrar):
    work = goes_out(facility, officer, starts_on=today(9))
    departures.leave(
        inmate=work.inmate, facility=facility, how="released", on=today(), by=registrar
    )
    work.refresh_from_db()
    assert (work.state, work.ended_on) == (PlacementState.ENDED, today(9))


@pytest.mark.parametrize("kind", [CircumstanceKind.DISCIPLINE, CircumstanceKind.SECURITY])
def test_discipline_and_security_end_it_at_once(kind, work):
    circumstance = settled(work, kind)
    assert circumstance.decision == CircumstanceDecision.ENDED
    assert work.state == PlacementState.ENDED


def test_what_the_prison_wants_to_decide_waits_for_a_post(work, officer):
    policy(CircumstanceKind.DISCIPLINE, Effect.ASK)
    circumstance = settled(work, CircumstanceKind.DISCIPLINE)
    assert circumstance.is_open
    assert work.state == PlacementState.RUNNING
    circumstances.decide(circumstance=circumstance, decision="ended", reason="Dicabut", by=officer)
    work.refresh_from_db()
    assert work.state == PlacementState.ENDED
    assert "Dicabut" in work.reason


def test_who_is_unfit_waits_and_may_be_kept_on(work, officer):
    circumstance = settled(work, CircumstanceKind.UNFIT)
    assert circumstance.is_open
    (leg,) = circumstances.touches(circumstance)
    assert (leg.what, leg.title) == ("work_release", "PT Mitra Uji")
    circumstances.decide(
        circumstance=circumstance, decision="suspended", reason="Sampai sembuh", by=officer
    )
    work.refresh_from_db()
    assert work.state == PlacementState.RUNNING


def test_a_consent_that_is_withdrawn_asks(work):
    assert not settled(work, CircumstanceKind.CONSENT, new=ConsentPurpose.REFERRAL).is_open
    assert settled(work, CircumstanceKind.CONSENT, new=ConsentPurpose.PROFILE).is_open


def test_dates_matter_only_if_half_is_not_served(work):
    assert not settled(work, CircumstanceKind.DATES).is_open
    Sentence.objects.filter(inmate=work.inmate).update(one_half=today(40))
    circumstance = settled(work, CircumstanceKind.DATES)
    assert circumstance.is_open
    (leg,) = circumstances.touches(circumstance)
    assert "1/2 masa pidana" in leg.why[0]


def test_a_detainee_again_is_asked_about(work):
    assert not settled(work, CircumstanceKind.REGISTER).is_open
    work.inmate.custodies.update(register_class="A.III")
    circumstance = settled(work, CircumstanceKind.REGISTER)
    (leg,) = touched(circumstance, legs.read([work.inmate_id], [work.facility_id]))
    assert "register B" in leg.why[0]


def test_work_after_release_is_untouched(facility, officer):
    person = may_go_out(facility)
    person.custodies.update(until=today(-3), ended_how="released")
    work = placements.begin(
        inmate=person, facility=facility, kind="self_employed", job="Warung",
        starts_on=today(-1), by=officer,
    )  # fmt: skip
    assert settled(work, CircumstanceKind.DISCIPLINE).decision == CircumstanceDecision.NOTHING
    assert work.state == PlacementState.RUNNING


def test_somebody_who_is_outside_at_that_moment_is_told_of(work, security):
    day = out_today(work)
    settled(work, CircumstanceKind.SECURITY)
    assert told(security, "work_release_ended_outside")
    work_days.come_back(day=day, by=security)
    assert not told(security, "work_release_ended_outside")


def test_the_same_change_again_does_nothing(work):
    circumstance = settled(work, CircumstanceKind.SECURITY)
    count = Notice.objects.count()
    circumstances.settle(circumstances=[circumstance])
    assert Notice.objects.count() == count


def test_who_went_out_is_begun_anew_by_a_new_decree(work, facility, officer):
    happened(work, CircumstanceKind.SECURITY)
    circumstances.settle_all()
    again = goes_out(facility, officer, inmate=work.inmate, employer=work.employer)
    assert list(work_release.running(officer)) == [again]
