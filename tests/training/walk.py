"""A machine that does what people do with two batches of the same people, in any order.

The two may run at the same time, so that everybody is wanted twice. Whatever is refused in words
is fine; anything else, and any broken invariant after a step, is a failure.
"""

import contextlib
from collections import Counter

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.refusals import Forbidden, NotAllowed
from reports import integrity
from tests.factories.inmates import inmate_at
from tests.factories.partners import SignedAgreementFactory, today
from tests.factories.training import BatchFactory, decree_series
from training.models import (
    Batch,
    Candidate,
    Decree,
    Enrolment,
    Hearing,
    SeatOffer,
    SlotProposal,
)
from training.services import (
    batches,
    candidates,
    decrees,
    enrolments,
    hearings,
    seat_offers,
    slots,
)
from training.states import (
    BATCH_INITIAL,
    BATCH_TRANSITIONS,
    CANDIDATE_INITIAL,
    CANDIDATE_TRANSITIONS,
    DECREE_INITIAL,
    DECREE_TRANSITIONS,
    ENROLMENT_INITIAL,
    ENROLMENT_TRANSITIONS,
    HEARD,
    HEARING_INITIAL,
    HEARING_TRANSITIONS,
    PROPOSAL_INITIAL,
    PROPOSAL_TRANSITIONS,
    SEAT_OFFER_INITIAL,
    SEAT_OFFER_TRANSITIONS,
    BatchState,
    CandidateState,
    DecreeState,
    EnrolmentState,
    HearingState,
)

TABLES = (
    (Batch, BATCH_INITIAL, BATCH_TRANSITIONS),
    (SlotProposal, PROPOSAL_INITIAL, PROPOSAL_TRANSITIONS),
    (Candidate, CANDIDATE_INITIAL, CANDIDATE_TRANSITIONS),
    (Hearing, HEARING_INITIAL, HEARING_TRANSITIONS),
    (Decree, DECREE_INITIAL, DECREE_TRANSITIONS),
    (Enrolment, ENROLMENT_INITIAL, ENROLMENT_TRANSITIONS),
    (SeatOffer, SEAT_OFFER_INITIAL, SEAT_OFFER_TRANSITIONS),
)
PEOPLE = 7
WHICH = st.integers(0, 1)  # of the two batches
ANY = st.integers(0, 9)  # of the rows there are
SEATS = st.integers(1, 3)
SPANS = st.sampled_from([(0, 20), (5, 30), (40, 60)])  # the first two overlap
MOVES = ["start", "start", "extra", "extra", "resume", "resume", "resume", "postpone", "finish"]
RESULTS = st.lists(st.sampled_from([*HEARD, *[CandidateState.APPROVED] * 5]), min_size=9)


STEPS = []  # (name of the method, what has to be there, strategies of its arguments)


def step(needs=None, weight=1, **arguments):
    """A thing that people do; `needs` is a model and the states of which a row must be there."""

    def remember(method):
        STEPS.extend([(method.__name__, needs, arguments)] * weight)
        return method

    return remember


class Walk(RuleBasedStateMachine):
    """`by` are the people who act, set by the test; each walk is undone at its end."""

    facility = agency = by = None

    def __init__(self):
        super().__init__()
        self.undo = contextlib.ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.steps = Counter()
        agreement = SignedAgreementFactory(facility=self.facility, agency=self.agency)
        self.both = [BatchFactory(agreement=agreement) for _n in range(2)]
        self.inmates = [inmate_at(self.facility) for _n in range(PEOPLE)]
        decree_series(self.facility)
        for batch, first in zip(self.both, (0, 2), strict=True):
            self.confirm(batch)
            people = self.inmates[first : first + 5]
            candidates.propose(batch=batch, inmates=people, by=self.by["officer"])
        self.before = self.states()
        self.hear(0, [CandidateState.APPROVED] * 9, "hear")
        self.prepare_decree(0, 2, False)
        self.sign(0, 1)
        self.before = self.states()

    def teardown(self):
        self.undo.close()

    def confirm(self, batch):
        made = slots.propose(batch=batch, by=self.by["officer"], **terms(2, (0, 20)))
        slots.accept(proposal=made, by=self.by["liaison"])

    @rule(data=st.data())
    def anybody_does_something(self, data):
        def is_possible(needs):
            return not needs or set(needs[1:]) & set(self.before[needs[0]].values())

        possible = [each for each in STEPS if is_possible(each[1])]
        name, _needs, arguments = data.draw(st.sampled_from(possible))
        drawn = {key: data.draw(values, label=key) for key, values in arguments.items()}
        getattr(self, name)(**drawn)

    def do(self, act, **what):
        """An act, refused in words or done; counts which it was."""
        try:
            act(**what)
        except (NotAllowed, Forbidden):
            self.steps["refused"] += 1
        else:
            self.steps[f"{act.__module__.split('.')[-1]}.{act.__name__}"] += 1

    def pick(self, rows, which):
        """One of these rows, or None when there are none."""
        found = list(rows.order_by("pk"))
        return found[which % len(found)] if found else None

    def batch(self, which):
        return Batch.objects.get(pk=self.both[which].pk)

    # --- Seats ------------------------------------------------------------------------------
    @step(which=WHICH, seats=SEATS, span=SPANS)
    def propose_round(self, which, seats, span):
        by = self.by["officer"]
        self.do(slots.propose, batch=self.batch(which), by=by, **terms(seats, span))

    @step(
        (SlotProposal, "open"),
        weight=2,
        which=WHICH,
        answer=st.sampled_from(["accept", "accept", "decline", "withdraw"]),
    )
    def answer_round(self, which, answer):
        row = self.pick(SlotProposal.objects.open().filter(batch=self.both[which]), 0)
        if row is None:
            return
        other, own = ("liaison", "officer") if row.side == "prison" else ("officer", "liaison")
        if answer == "accept":
            self.do(slots.accept, proposal=row, by=self.by[other])
        elif answer == "decline":
            self.do(slots.decline, proposal=row, by=self.by[other], reason="Tidak bisa")
        else:
            self.do(slots.withdraw, proposal=row, by=self.by[own])

    @step((SlotProposal, "open"), which=WHICH, seats=SEATS, span=SPANS)
    def counter_round(self, which, seats, span):
        row = self.pick(SlotProposal.objects.open().filter(batch=self.both[which]), 0)
        if row:
            by = self.by["liaison" if row.side == "prison" else "officer"]
            more = terms(seats, span)
            self.do(slots.counter, proposal=row, by=by, reason="Alat kurang", **more)

    @step((SlotProposal, "open"))
    def rounds_expire(self):
        self.do(slots.expire_overdue, today=today(1))

    # --- The batch --------------------------------------------------------------------------
    @step(which=WHICH, act=st.sampled_from(MOVES))
    def move_batch(self, which, act):
        batch, by = self.batch(which), self.by["head"]
        if act == "start":
            self.do(batches.start, batch=batch, by=by)
        elif act == "finish":
            self.do(batches.finish, batch=batch, by=by)
        elif act == "postpone":
            self.do(batches.postpone, batch=batch, by=by, reason="Instruktur sakit")
        elif act == "resume":
            days = {"starts_on": today(), "ends_on": today(20)}
            self.do(batches.resume, batch=batch, by=by, **days)
        elif act == "extra":
            self.do(batches.grant_extra_seats, batch=batch, seats=1, by=by, reason="Ruang cukup")

    @step(which=WHICH, really=st.integers(0, 9))
    def cancel_batch(self, which, really):
        if really == 0:
            by = self.by["head"]
            self.do(batches.cancel, batch=self.batch(which), by=by, reason="Dana")

    # --- The way in -------------------------------------------------------------------------
    @step(which=WHICH, who=st.sets(st.integers(0, PEOPLE - 1), min_size=1))
    def propose_people(self, which, who):
        people = [self.inmates[n] for n in sorted(who)]
        by = self.by["officer"]
        self.do(candidates.propose, batch=self.batch(which), inmates=people, by=by)

    @step((Candidate, "proposed", "approved", "deferred"), which=ANY)
    def withdraw_candidate(self, which):
        row = self.pick(Candidate.objects.open(), which)
        if row and which < 4:
            by = self.by["officer"]
            self.do(candidates.withdraw, candidate=row, reason=f"Mundur {which}", by=by)

    @step((Candidate, "proposed"), which=WHICH)
    def turn_order(self, which):
        order = list(
            Candidate.objects.awaiting_hearing().filter(batch=self.both[which]).order_by("-rank")
        )
        by = self.by["officer"]
        self.do(candidates.reorder, batch=self.batch(which), order=order, by=by)

    @step(
        (Candidate, "proposed"),
        weight=2,
        which=WHICH,
        results=RESULTS,
        how=st.sampled_from(["hear"] * 6 + ["move", "cancel"]),
    )
    def hear(self, which, results, how):
        batch = self.batch(which)
        self.do(hearings.schedule, batch=batch, held_on=today(), by=self.by["officer"])
        row = self.pick(Hearing.objects.filter(batch=batch, state=HearingState.PLANNED), 0)
        if row is None:
            return
        if how == "move":
            more = {"held_on": today(1), "reason": "Ruang dipakai"}
            self.do(hearings.move, hearing=row, by=self.by["officer"], **more)
        elif how == "cancel":
            self.do(hearings.cancel, hearing=row, by=self.by["head"], reason="Tidak kuorum")
        else:
            waiting = Candidate.objects.awaiting_hearing().filter(batch=batch).order_by("rank")
            found = {
                person: (result, "", False)
                for person, result in zip(waiting, results, strict=False)
            }
            self.do(
                hearings.record,
                hearing=row,
                number=f"BA-{row.pk}",
                chair="Kasi Binadik",
                members="",
                results=found,
                by=self.by["registrar"],
                held_on=today(),
            )

    @step((Hearing, "held"), which=ANY)
    def undo_hearing(self, which):
        row = self.pick(Hearing.objects.filter(state=HearingState.HELD), which)
        if row and which < 3:
            self.do(hearings.undo, hearing=row, reason="Salah ketik", by=self.by["head"])

    @step((Candidate, "approved"), weight=3, which=WHICH, most=SEATS, reserves=st.booleans())
    def prepare_decree(self, which, most, reserves):
        batch = self.batch(which)
        rows = Candidate.objects.approved_without_seat().filter(batch=batch)
        if not reserves:
            rows = rows.filter(is_reserve=False) | rows.filter(seat_offers__state="taken")
        people = list(rows.distinct().order_by("is_reserve", "rank")[:most])
        hearing = self.pick(Hearing.objects.filter(batch=batch, state=HearingState.HELD), 0)
        if hearing:
            by = self.by["head"]
            what = {"batch": batch, "hearing": hearing, "candidates": people}
            self.do(decrees.prepare, by=by, **what)

    @step((Decree, "prepared"), weight=3, which=WHICH, back=st.integers(0, 4))
    def sign(self, which, back):
        row = self.pick(
            Decree.objects.filter(batch=self.both[which], state=DecreeState.PREPARED), 0
        )
        if row and back == 0:
            self.do(decrees.send_back, decree=row, reason="Nama ganda", by=self.by["warden"])
        elif row:
            self.do(decrees.issue, decree=row, by=self.by["warden"])

    # --- After the decree -------------------------------------------------------------------
    @step(
        (Enrolment, "enrolled", "suspended"),
        weight=3,
        which=ANY,
        act=st.sampled_from(["suspend", "resume", "drop", "drop"]),
    )
    def participant(self, which, act):
        row = self.pick(Enrolment.objects.blocking(), which)
        if row is None:
            return
        by = self.by["officer"]
        if act == "suspend":
            self.do(enrolments.suspend, enrolment=row, reason="Sakit", by=by)
        elif act == "resume":
            self.do(enrolments.resume, enrolment=row, by=by)
        else:
            day = {"dropped_on": today(), "reason": f"Mundur {which}"}
            self.do(enrolments.drop, enrolment=row, by=by, **day)

    @step(
        (SeatOffer, "open", "taken", "refused"),
        weight=4,
        which=ANY,
        act=st.sampled_from(["take", "take", "take", "refuse", "withdraw", "offer"]),
    )
    def seat_offer(self, which, act):
        by = self.by["officer"]
        if act == "offer":
            row = self.pick(Candidate.objects.filter(is_reserve=True), which)
            if row:
                self.do(seat_offers.offer, candidate=row, by=by)
            return
        row = self.pick(SeatOffer.objects.open() or SeatOffer.objects.all(), which)
        if row and act == "take":
            self.do(seat_offers.take, offer=row, by=by)
        elif row and act == "refuse":
            self.do(seat_offers.refuse, offer=row, reason=f"Tidak mau {which}", by=by)
        elif row:
            self.do(seat_offers.withdraw, offer=row, reason=f"Salah {which}", by=by)

    @step((SeatOffer, "open"))
    def offers_expire(self):
        self.do(seat_offers.expire_overdue, today=today(4))

    # --- What must hold ---------------------------------------------------------------------
    def states(self):
        return {
            model: dict(model.objects.values_list("pk", "state")) for model, _born, _moves in TABLES
        }

    @invariant()
    def states_moved_along_their_tables(self):
        now = self.states()
        for model, born, moves in TABLES:
            allowed = {(str(move.start), str(move.end)) for move in moves}
            twice = {(a, d) for a, b in allowed for c, d in allowed if b == c}
            for pk, state in now[model].items():
                was = self.before[model].get(pk)
                if was is None:
                    assert state in born or any((str(b), state) in allowed for b in born)
                else:
                    assert was == state or (was, state) in allowed | twice, (model, was, state)
        self.before = now

    @invariant()
    def nothing_is_out_of_order(self):
        assert [(check, ids) for check, ids in integrity.differences() if ids] == []

    @invariant()
    def seats_are_what_was_agreed(self):
        for batch in Batch.objects.all():
            enrolled = batch.enrolments.exclude(state=EnrolmentState.DROPPED).count()
            assert batch.seats_taken == enrolled + batch.seat_offers.holding().count()
            assert batch.seats_taken <= batch.seats_confirmed + batch.seats_extra
            assert batch.proposals.open().count() <= 1
            assert batch.state != BatchState.CANCELLED or not batch.candidates.filter(
                state=CandidateState.PROPOSED
            )

    @invariant()
    def nobody_is_wanted_twice(self):
        wanted = Candidate.objects.open().values_list("batch", "inmate")
        assert len(wanted) == len(set(wanted))


def terms(seats, span):
    return {
        "seats": seats,
        "starts_on": today(span[0]),
        "ends_on": today(span[1]),
        "respond_by": today(),
    }
