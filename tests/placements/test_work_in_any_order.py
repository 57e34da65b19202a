"""Work, the gate and what changes for people, in any order: what must be true stays true."""

import random
from datetime import datetime, time

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.refusals import NotAllowed
from inmates.models import Restriction
from inmates.services import custodies, restrictions
from inmates.states import LEAVES, RestrictionKind
from placements.employment import PlacementKind, PlacementState
from placements.models import Placement, WorkDay
from placements.services import circumstances, departures, placements, work_days, work_release
from reports.integrity import differences
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.partners import today
from tests.factories.placements import EmployerFactory, VacancyFactory
from tests.placements.out_to_work import agreed_with, may_go_out, papers, partner_employer

pytestmark = pytest.mark.django_db

KINDS = [kind for kind in RestrictionKind if kind != RestrictionKind.FIT]


class World:
    """A prison with three people, an employer who is a partner, and a vacancy of one place."""

    def __init__(self, seed):
        self.dice = random.Random(seed)  # noqa: S311 - no secret
        self.facility = FacilityFactory()
        roles = ("officer", "head", "registrar", "security", "clinic")
        self.posts = {role: staff(self.facility, role) for role in roles}
        self.people = [may_go_out(self.facility) for _n in range(3)]
        self.partner = partner_employer(self.facility)
        self.agreement = agreed_with(self.partner)
        self.vacancy = VacancyFactory(employer=EmployerFactory(facility=self.facility), places=1)

    def pick(self, rows):
        rows = list(rows)
        if not rows:
            raise NotAllowed("nothing to do it to")
        return self.dice.choice(rows)

    def work(self):
        return self.pick(Placement.objects.filter(facility=self.facility))

    def go_out(self):
        work_release.begin(
            inmate=self.pick(self.people),
            facility=self.facility,
            by=self.posts["officer"],
            **papers(
                self.partner, agreement=self.agreement, starts_on=today(self.dice.choice([0, 0, 3]))
            ),
        )

    def begin(self):
        placements.begin(
            inmate=self.pick(self.people),
            facility=self.facility,
            kind=PlacementKind.AFTER_RELEASE,
            job="Las",
            starts_on=today(),
            vacancy=self.vacancy,
            by=self.posts["officer"],
        )

    def end(self):
        work = self.work()
        placements.end(placement=work, ended_on=today(), reason="x", by=self.posts["officer"])

    def undo_end(self):
        placements.undo_end(placement=self.work(), reason="x", by=self.posts["head"])

    def leave_gate(self):
        work, before = self.work(), WorkDay.objects.count()
        day = work_days.leave(placement=work, by=self.posts["security"])
        if WorkDay.objects.count() == before:
            return  # said a second time
        kept_in = Restriction.objects.in_force().keeping_out().filter(inmate=work.inmate)
        assert not kept_in.exists()
        assert day.placement.inmate.custodies.open().exists()

    def come_back(self):
        day = self.pick(WorkDay.objects.filter(facility=self.facility))
        work_days.come_back(day=day, by=self.posts["security"])

    def undo_tick(self):
        day = self.pick(WorkDay.objects.filter(facility=self.facility))
        work_days.undo(day=day, reason="x", by=self.posts["security"])

    def leave(self):
        departures.leave(
            inmate=self.pick(self.people),
            facility=self.facility,
            how=self.pick(LEAVES),
            on=today(),
            by=self.posts["registrar"],
        )

    def reopen(self):
        stays = self.pick(self.people).custodies.filter(until__isnull=False)
        custodies.reopen(custody=self.pick(stays), reason="x", by=self.posts["registrar"])

    def restrict(self):
        kind = self.pick(KINDS)
        restrictions.impose(
            inmate=self.pick(self.people),
            facility=self.facility,
            kind=kind,
            starts=today(),
            by=self.posts[self.writer(kind)],
        )

    def lift(self):
        rows = Restriction.objects.filter(facility=self.facility, until=None)
        row = self.pick(rows)
        restrictions.void(restriction=row, reason="x", by=self.posts[self.writer(row.kind)])

    def settle(self):
        circumstances.settle_all()

    @staticmethod
    def writer(kind):
        return "clinic" if kind == RestrictionKind.UNFIT else "security"


ACTS = [
    *(World.go_out, World.go_out, World.begin, World.begin, World.end, World.undo_end),
    *(World.leave_gate, World.leave_gate, World.come_back, World.undo_tick),
    *(World.leave, World.reopen, World.restrict, World.lift, World.settle),
]

# What moves people and places: after each of these all is recounted.
MOVES = {World.begin, World.undo_end, World.leave}


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    seed=st.integers(0, 2**16),
    walk=st.lists(st.sampled_from(ACTS), min_size=10, max_size=20),
)
def test_any_walk_keeps_what_must_be_true(db, seed, walk):
    morning = timezone.make_aware(datetime.combine(today(), time(8)))
    with transaction.atomic(), time_machine.travel(morning, tick=False):
        world = World(seed)
        for step in (World.go_out, *walk):
            try:
                step(world)
            except NotAllowed:
                continue
            if step in MOVES:
                _all_adds_up(step.__name__)
        world.settle()
        _all_adds_up("the end")
        for person in world.people:
            assert Placement.objects.running().filter(inmate=person).count() <= 1
        for work in Placement.objects.filter(kind=PlacementKind.WORK_RELEASE):
            if work.state == PlacementState.RUNNING:
                assert work.inmate.custodies.open().exists()
        transaction.set_rollback(True)  # the next world begins with an empty country


def _all_adds_up(after):
    assert {check: ids for check, ids in differences() if ids} == {}, after
