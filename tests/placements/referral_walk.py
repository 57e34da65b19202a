"""A machine that does what people do with referrals of the same people, in any order.

Whatever is refused in words is fine; anything else, and any broken invariant after a step, is a
failure.
"""

import contextlib
from collections import Counter
from itertools import pairwise

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.refusals import Forbidden, NotAllowed
from inmates.models import Circumstance, Consent, Sentence
from inmates.services import circumstances as noted
from inmates.services import consents as given
from inmates.states import CircumstanceDecision, CircumstanceKind, ConsentPurpose, CustodyEnd
from placements.employment import (
    REFERRAL_INITIAL,
    REFERRAL_OPEN,
    REFERRAL_TRANSITIONS,
    WITH_AGENCY,
    ReferralState,
)
from placements.models import Placement, Referral, Vacancy
from placements.services import (
    circumstances,
    consents,
    departures,
    placements,
    referral_answers,
    referral_corrections,
    referral_upkeep,
    referrals,
    vacancies,
)
from reports import integrity
from tests.factories.accounts import FacilityFactory, staff
from tests.factories.partners import PartnershipFactory, scan_file, today
from tests.placements.referring import ON_THE_WAY, Desk, by_call, now_of, tomorrow

ALLOWED = {(str(move.start), str(move.end)) for move in REFERRAL_TRANSITIONS}
ALLOWED |= {(a, d) for a, b in ALLOWED for c, d in ALLOWED if b == c}  # two moves in one step
PLACES = (1, 2, 3)
WHO = st.integers(0, 3)
ANY = st.integers(0, 30)
ENDS = [CustodyEnd.RELEASED, CustodyEnd.RELEASED, CustodyEnd.DIED, CustodyEnd.TRANSFERRED]
NEXT = dict(pairwise(ON_THE_WAY))
STEPS = []  # (name of the method, strategies of its arguments), as often as it is wanted


def step(weight=1, **arguments):
    """A thing that people do."""

    def remember(method):
        STEPS.extend([(method.__name__, arguments)] * weight)
        return method

    return remember


class Walk(RuleBasedStateMachine):
    """One prison, two Disnaker, four people, three vacancies; undone at the end."""

    def __init__(self):
        super().__init__()
        self.undo = contextlib.ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.done = Counter()
        self.desk = desk = Desk(FacilityFactory())
        other = Desk(FacilityFactory())
        PartnershipFactory(facility=desk.facility, agency=other.disnaker)
        self.liaisons = {desk.disnaker: desk.liaison, other.disnaker: other.liaison}
        self.registrar = staff(desk.facility, "registrar")
        self.people = [desk.person() for _n in range(4)]
        self.vacancies = [desk.vacancy(places=number) for number in PLACES]
        self.before = {}
        first = desk.referral(ReferralState.INTERVIEW, self.people[0], vacancy=self.vacancies[0])
        desk.referral(ReferralState.APPROVED, self.people[1], vacancy=self.vacancies[0])
        desk.referral(ReferralState.SENT, first.inmate, vacancy=self.vacancies[1])
        self.before = self.states()

    def teardown(self):
        self.undo.close()

    def do(self, service, **what):
        try:
            with transaction.atomic():
                made = service(**what)
        except (NotAllowed, Forbidden):
            return None
        self.done[service.__name__] += 1
        return made

    def pick(self, rows, which):
        rows = list(rows)
        return rows[which % len(rows)] if rows else None

    def possible(self, act, which):
        """Mostly a referral of which the table says that the act may be done, else any."""
        starts = {move.start for move in REFERRAL_TRANSITIONS if move.act == act}
        rows = Referral.objects.filter(state__in=starts or WITH_AGENCY)
        return self.pick(Referral.objects.all() if which == 0 else rows, which)

    @rule(data=st.data())
    def something_happens(self, data):
        name, arguments = data.draw(st.sampled_from(STEPS))
        getattr(self, name)(**{key: data.draw(each) for key, each in arguments.items()})

    # --- The way ----------------------------------------------------------------------------
    @step(4, who=WHO, where=st.integers(0, 3), through=st.booleans())
    def draft(self, who, where, through):
        self.do(
            referrals.draft,
            inmate=self.people[who],
            agency=list(self.liaisons)[through],
            vacancy=self.vacancies[where] if where < len(self.vacancies) else None,
            by=self.desk.officer,
        )

    @step(10, which=ANY)
    def advance(self, which):
        row = self.pick(Referral.objects.open(), which)
        if row:
            with contextlib.suppress(NotAllowed, Forbidden), transaction.atomic():
                self.desk.step(now_of(row), NEXT[row.state])
                self.done[NEXT[row.state]] += 1

    @step(3, state=st.sampled_from(["draft", "submitted", "approved"]))
    def advance_together(self, state):
        """All of a state that are not on their way yet, at once or not at all."""
        service, by = {
            "draft": (referrals.submit, self.desk.officer),
            "submitted": (referrals.approve, self.desk.warden),
            "approved": (referrals.send, self.desk.officer),
        }[state]
        rows = list(Referral.objects.filter(state=state))
        if rows:
            self.do(service, referrals=rows, by=by)

    @step(5, which=ANY, act=st.sampled_from(["decline", "interview", "accept", "fall_through"]))
    def answer(self, which, act):
        row = self.possible(act, which)
        if row is None:
            return
        more = {
            "decline": {"decline_reason": "skill"},
            "interview": {"at": tomorrow()},
            "accept": {},
            "fall_through": {"reason": "Batal"},
        }[act]
        by, recorded = (self.liaisons[row.agency], None)
        if which % 3 == 0:
            by, recorded = self.desk.head, by_call()
        self.do(getattr(referral_answers, act), referral=row, by=by, recorded=recorded, **more)

    @step(3, which=ANY, act=st.sampled_from(["withdraw", "send_back", "resume", "extend"]))
    def inside(self, which, act):
        row = self.possible(act, which)
        by = self.desk.warden if act == "send_back" else self.desk.officer
        more = {"answer_by": today(60)} if act in ("resume", "extend") else {"reason": "Keliru"}
        if row:
            self.do(getattr(referrals, act), referral=row, by=by, **more)

    @step(4, which=ANY, act=st.sampled_from(["undo_accept", "undo_decline", "undo_withdraw"]))
    def correct(self, which, act):
        row = self.possible(act, which)
        if row:
            service = getattr(referral_corrections, act)
            self.do(service, referral=row, reason="Salah klik", by=self.desk.head)

    # --- What changes -----------------------------------------------------------------------
    @step(3, who=WHO)
    def consent(self, who):
        """Taken back where there is one, else given again."""
        person = self.people[who]
        held = Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL).filter(inmate=person)
        if held:
            what = {"consent": held[0], "on": today(), "why": "Tidak mau"}
            self.do(consents.withdraw, by=self.desk.officer, **what)
        else:
            self.do(
                given.give,
                inmate=person,
                facility=self.desk.facility,
                purpose=ConsentPurpose.REFERRAL,
                signed_on=today(),
                scan=scan_file(),
                by=self.desk.officer,
            )

    @step(1, who=WHO, how=st.sampled_from(ENDS))
    def leave(self, who, how):
        self.do(
            departures.leave,
            inmate=self.people[who],
            facility=self.desk.facility,
            how=how,
            on=today(),
            by=self.registrar,
        )

    @step(
        1,
        who=WHO,
        kind=st.sampled_from([CircumstanceKind.DISCIPLINE, CircumstanceKind.DATES]),
        days=st.integers(10, 500),
    )
    def change(self, who, kind, days):
        person = self.people[who]
        if kind == CircumstanceKind.DATES:
            Sentence.objects.filter(inmate=person).update(
                expires=today(days), two_thirds=today(days)
            )
        noted.note(
            inmate=person,
            facility_id=self.desk.facility.pk,
            kind=kind,
            effective=today(),
            source="test",
            by=None,
        )
        circumstances.settle_all()

    @step(2, which=ANY, decision=st.sampled_from(CircumstanceDecision.values))
    def decide(self, which, decision):
        row = self.pick(Circumstance.objects.open(), which)
        if row:
            what = {"decision": decision, "reason": "Menurut sidang"}
            self.do(circumstances.decide, circumstance=row, by=self.desk.head, **what)

    @step(2, days=st.sampled_from([0, 0, 31, 61]))
    def time_passes(self, days):
        self.done["upkeep"] += referral_upkeep.keep(today=today(days))

    # --- Work and places --------------------------------------------------------------------
    @step(3, which=ANY)
    def begin_work(self, which):
        row = self.pick(Referral.objects.filter(state=ReferralState.ACCEPTED), which)
        if row:
            self.leave(self.people.index(row.inmate), CustodyEnd.RELEASED)
            self.do(
                placements.begin_referred,
                referral=row,
                job="Tukang las",
                starts_on=today(),
                by=self.desk.officer,
            )

    @step(1, which=ANY)
    def end_work(self, which):
        row = self.pick(Placement.objects.running(), which)
        if row:
            what = {"ended_on": today(), "reason": "Selesai"}
            self.do(placements.end, placement=row, by=self.desk.officer, **what)

    @step(1, which=st.integers(0, 2), act=st.sampled_from(["close", "reopen", "cancel"]))
    def end_vacancy(self, which, act):
        service = getattr(vacancies, act)
        vacancy = self.vacancies[which]
        more = {"closes_on": today(40)} if act == "reopen" else {"reason": "Sudah cukup"}
        self.do(service, vacancy=vacancy, by=self.desk.officer, **more)

    # --- What must hold ---------------------------------------------------------------------
    def states(self):
        return dict(Referral.objects.values_list("pk", "state"))

    @invariant()
    def states_moved_along_their_table(self):
        now = self.states()
        for pk, state in now.items():
            was = self.before.get(pk)
            if was is None:
                assert state in REFERRAL_INITIAL
            else:
                assert was == state or (was, state) in ALLOWED, (was, state)
        self.before = now

    @invariant()
    def nothing_is_out_of_order(self):
        assert [(check, ids) for check, ids in integrity.differences() if ids] == []

    @invariant()
    def places_are_those_taken(self):
        for vacancy in Vacancy.objects.all():
            accepted = vacancy.referrals.filter(state=ReferralState.ACCEPTED).count()
            direct = vacancy.placements.filter(referral=None).count()
            assert vacancy.places_filled == accepted + direct <= vacancy.places

    @invariant()
    def nobody_is_accepted_twice_nor_referred_without_consent(self):
        for person in self.people:
            taken = person.referrals.filter(state=ReferralState.ACCEPTED, is_placed=False)
            assert taken.count() <= 1
        consenting = Consent.objects.in_force(purpose=ConsentPurpose.REFERRAL).values("inmate")
        assert not Referral.objects.open().exclude(inmate__in=consenting).exists()

    @invariant()
    def what_is_with_an_agency_was_signed(self):
        for row in Referral.objects.with_agency().select_related("letter"):
            assert row.letter.state in ("signed", "sent")
            assert row.answer_by

    @invariant()
    def the_dead_are_referred_nowhere(self):
        dead = [
            person.pk
            for person in self.people
            if person.custodies.filter(ended_how=CustodyEnd.DIED).exists()
        ]
        assert not Referral.objects.filter(inmate__in=dead, state__in=REFERRAL_OPEN).exists()
