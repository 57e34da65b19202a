"""Changes, decisions, policies and the daily work in any order: what must be true stays true."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.refusals import NotAllowed
from inmates.models import Circumstance, Restriction, Sentence
from inmates.services import circumstances as noted
from inmates.services import restrictions
from inmates.states import LEAVES, CircumstanceDecision, CircumstanceKind, RestrictionKind
from placements.models import CircumstancePolicy
from placements.services import circumstances, departures, run_out
from placements.states import Effect
from reports.integrity import differences
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.inmates import inmate_at
from tests.factories.partners import PartnershipFactory, liaison_of, today
from tests.factories.training import confirmed_batch, decree_series
from training.models import Candidate, Enrolment
from training.services import candidates, decrees, enrolments, hearings

pytestmark = pytest.mark.django_db

KINDS = [kind for kind in RestrictionKind if kind != RestrictionKind.FIT]


class World:
    """A prison with four people and three batches, and everything that may happen to them."""

    def __init__(self, seed):
        self.dice = random.Random(seed)  # noqa: S311 - no secret
        facility = FacilityFactory()
        agency = PartnershipFactory(facility=facility).agency
        liaison_of(agency)
        decree_series(facility)
        self.facility = facility
        roles = ("officer", "head", "warden", "registrar", "security", "clinic")
        self.posts = {role: staff(facility, role) for role in roles}
        self.people = [inmate_at(facility) for _n in range(4)]
        self.batches = [
            confirmed_batch(
                facility, agency, seats_confirmed=2, starts_on=today(start), ends_on=today(end)
            )
            for start, end in ((-5, 20), (5, 40), (60, 90))
        ]

    def in_force(self):
        return Restriction.objects.in_force().keeping_out().filter(facility=self.facility)

    def changes(self):
        return Circumstance.objects.filter(facility=self.facility)

    def pick(self, rows):
        rows = list(rows)
        return self.dice.choice(rows) if rows else None

    # --- the daily work

    def propose(self):
        candidates.propose(
            batch=self.pick(self.batches),
            inmates=[self.pick(self.people)],
            by=self.posts["officer"],
        )

    def hear(self):
        batch = self.pick(self.batches)
        waiting = list(batch.candidates.awaiting_hearing())
        hearing = hearings.schedule(batch=batch, held_on=today(), by=self.posts["officer"])
        hearings.record(
            hearing=hearing,
            number=f"BA-{hearing.pk}",
            chair="Kasi",
            members="",
            results=dict.fromkeys(waiting, ("approved", "", False)),
            by=self.posts["head"],
        )

    def prepare(self):
        batch = self.pick(self.batches)
        decrees.prepare(
            batch=batch,
            hearing=batch.hearings.filter(state="held").first() or _refuse(),
            candidates=list(batch.candidates.approved_without_seat()[: batch.seats]),
            by=self.posts["head"],
        )

    def issue(self):
        decree = self.pick(self.pick(self.batches).decrees.awaiting_warden()) or _refuse()
        decrees.issue(decree=decree, by=self.posts["warden"])

    def resume(self):
        row = (
            self.pick(Enrolment.objects.filter(facility=self.facility, state="suspended"))
            or _refuse()
        )
        enrolments.resume(enrolment=row, by=self.posts["officer"])

    # --- what changes

    def leave(self):
        departures.leave(
            inmate=self.pick(self.people),
            facility=self.facility,
            how=self.pick(LEAVES),
            on=today(-self.dice.randrange(3)),
            by=self.posts["registrar"],
        )

    def restrict(self):
        kind = self.pick(KINDS)
        restrictions.impose(
            inmate=self.pick(self.people),
            facility=self.facility,
            kind=kind,
            starts=today(-1),
            until=self.pick([None, today(), today(9)]),
            by=self.posts[self.writer(kind)],
        )

    def lift(self):
        row = self.pick(self.in_force()) or _refuse()
        restrictions.lift(restriction=row, until=today(-1), by=self.posts[self.writer(row.kind)])

    def void(self):
        row = self.pick(self.in_force()) or _refuse()
        restrictions.void(restriction=row, reason="Salah", by=self.posts[self.writer(row.kind)])

    def find_fit(self):
        restrictions.impose(
            inmate=self.pick(self.people),
            facility=self.facility,
            kind=RestrictionKind.FIT,
            starts=today(),
            by=self.posts["clinic"],
        )

    def change_dates(self):
        person, day = self.pick(self.people), today(self.dice.randrange(10, 400))
        Sentence.objects.filter(inmate=person).update(expires=day, two_thirds=day)
        self.note(person, CircumstanceKind.DATES, new=day.isoformat())

    def take_consent_back(self):
        self.note(self.pick(self.people), CircumstanceKind.CONSENT, new="training")

    def note(self, person, kind, **texts):
        noted.note(
            inmate=person,
            facility_id=self.facility.pk,
            kind=kind,
            effective=today(),
            source="test",
            by=None,
            **texts,
        )

    # --- what follows

    def settle(self):
        run_out.note()
        circumstances.settle_all()

    def decide(self):
        circumstances.decide(
            circumstance=self.pick(self.changes().open()) or _refuse(),
            decision=self.pick(circumstances.DECIDED),
            reason="Menurut sidang",
            by=self.posts["officer"],
        )

    def undo(self):
        decided = self.changes().exclude(decision="")
        circumstances.undo(
            circumstance=self.pick(decided) or _refuse(), reason="Keliru", by=self.posts["head"]
        )

    def another_policy(self):
        kind = self.pick(kind for kind in CircumstanceKind if kind not in LEAVES)
        effects = [e for e in Effect if (kind, e) != (CircumstanceKind.LIFTED, Effect.END)]
        CircumstancePolicy.objects.update_or_create(
            facility=self.facility, kind=kind, defaults={"effect": self.pick(effects)}
        )

    @staticmethod
    def writer(kind):
        return "clinic" if kind == RestrictionKind.UNFIT else "security"


def _refuse():
    raise NotAllowed("nothing to do it to")


ACTS = [
    World.propose,
    World.propose,
    World.hear,
    World.prepare,
    World.issue,
    World.resume,
    World.leave,
    World.restrict,
    World.restrict,
    World.lift,
    World.void,
    World.find_fit,
    World.change_dates,
    World.take_consent_back,
    World.settle,
    World.decide,
    World.undo,
    World.another_policy,
]

# What moves candidatures and seats: after each of these all is recounted.
MOVES = {World.issue, World.leave, World.settle, World.decide, World.undo}


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a long walk shrinks for hours
)
@given(
    seed=st.integers(0, 2**16),
    walk=st.lists(st.sampled_from(ACTS), min_size=15, max_size=40),
)
def test_any_walk_keeps_what_must_be_true(db, seed, walk):
    with transaction.atomic():
        _walk(World(seed), walk)
        transaction.set_rollback(True)  # the next world begins with an empty country


def _walk(world, walk):
    for step in (World.propose, World.propose, World.hear, World.prepare, World.issue, *walk):
        try:
            step(world)
        except NotAllowed:
            continue
        if step in MOVES:
            _all_adds_up(step.__name__)
    world.settle()
    _all_adds_up("the end")
    _nobody_who_left_goes_on(world)
    _decisions_say_what_they_did()


def _all_adds_up(after):
    assert {check: ids for check, ids in differences() if ids} == {}, after


def _nobody_who_left_goes_on(world):
    gone = [person.pk for person in world.people if not person.custodies.open().exists()]
    assert not Enrolment.objects.blocking().filter(inmate__in=gone).exists()
    assert not Candidate.objects.open().filter(inmate__in=gone, enrolment__isnull=True).exists()
    assert not Circumstance.objects.open().filter(kind__in=LEAVES).exists()


def _decisions_say_what_they_did():
    for change in Circumstance.objects.all():
        assert change.decision or change.asked_at
        touched = {line["to"] for line in change.outcome}
        if change.decision == CircumstanceDecision.ENDED:
            assert touched <= {"dropped", "lapsed"}
            assert touched
        elif change.decision in ("", CircumstanceDecision.NOTHING):
            assert not touched
