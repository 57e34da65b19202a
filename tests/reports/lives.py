"""Two prisons whose people went on or did not, over two years: drawn, not made to fit."""

import random
from datetime import timedelta

from django.utils import timezone

from inmates.models import Inmate
from placements.employment import (
    ContactChannel,
    FollowUpOutcome,
    FollowUpState,
    ReferralState,
)
from tests.factories.inmates import InmateFactory
from tests.factories.partners import today
from tests.factories.placements import follow_up_of, placement_of, referral_of
from tests.factories.results import certificate_of
from tests.factories.training import WaitingEntryFactory, confirmed_batch, enrolled
from training.models import Candidate
from training.states import BatchState, EnrolmentState
from training.teaching import CertificateKind

BATCHES, PEOPLE = 5, 4


def draw(seed, *places):
    """Fill the prisons (`(facility, agency)` each) with what chance of this seed brings."""
    chance = random.Random(seed)  # noqa: S311 - data, no secret
    for facility, agency in places:
        for _batch in range(BATCHES):
            _live(chance, facility, agency)
    _merge(chance)
    for facility, _agency in places:
        _describe(random.Random(seed + 1), facility)  # noqa: S311 - data, no secret


def _describe(chance, facility):
    """Who they are: where from, how old, what school."""
    code = facility.residence_code
    regions = [f"{code}.01.1001", f"{code}.02", f"{code.replace('.', '')}08", code] if code else []
    for person in Inmate.objects.filter(enrolments__facility=facility).order_by("pk").distinct():
        for row in (person, person.merged_into):
            if row is None:
                continue
            row.domicile_code = chance.choice([*regions, "", "36.04.01"])
            row.education = chance.choice(["", "SD", "S D", "SMP", "SLTA/Sederajat", "D3", "S-1"])
            row.birth_date = chance.choice([None, *(today(-365 * age) for age in (17, 19, 25, 60))])
            row.sex = chance.choice(["L", "P", ""])
            row.save(update_fields=["domicile_code", "education", "birth_date", "sex"])


def _live(chance, facility, agency):
    starts = today(-chance.choice([40, 120, 300, 420, 600]))
    batch = confirmed_batch(
        facility,
        agency,
        starts_on=starts,
        ends_on=starts + timedelta(days=chance.randint(5, 39)),
        state=chance.choice(
            [BatchState.CONFIRMED, BatchState.RUNNING, BatchState.FINISHED, BatchState.CLOSED]
        ),
    )
    for _person in range(chance.randint(1, PEOPLE)):
        state = chance.choice(
            [EnrolmentState.ENROLLED, *[EnrolmentState.COMPLETED] * 4, EnrolmentState.DROPPED]
            if batch.state != BatchState.CLOSED
            else [*[EnrolmentState.COMPLETED] * 4, EnrolmentState.NOT_COMPLETED]
        )
        left = {"dropped_on": batch.ends_on, "reason": "Sakit"}
        row = enrolled(batch, **(left if state == EnrolmentState.DROPPED else {}))
        _move(row, state)
        _work(chance, row)


def _move(row, state):
    if state != EnrolmentState.ENROLLED:
        row.state = state
        row.save(update_fields=["state"])


def _work(chance, row):
    person, prison, agency = row.inmate, row.facility, row.agency
    ends = row.batch.ends_on
    person.city = chance.choice([prison.city, "Kota Lain"])
    person.save(update_fields=["city"])
    Candidate.objects.filter(pk=row.candidate_id).update(
        created_at=timezone.now() - timedelta(days=chance.randint(0, 700))
    )
    if chance.random() < 0.5:
        WaitingEntryFactory(
            facility=prison,
            inmate=person,
            course=row.batch.course,
            asked_on=today(-chance.randint(0, 800)),
        )
    if chance.random() < 0.6:
        kind = chance.choice(list(CertificateKind))
        certificate_of(row, kind=kind, issued_on=ends + timedelta(days=chance.randint(-2, 30)))
    after = ends + timedelta(days=chance.randint(-200, 60))
    if chance.random() < 0.5:
        sent = timezone.make_aware(
            timezone.datetime.combine(after, timezone.datetime.min.time())
        ) + timedelta(hours=chance.randint(0, 23))
        state = chance.choice([ReferralState.SENT, ReferralState.DECLINED, ReferralState.DRAFT])
        given = {"decline_reason": "other"} if state == ReferralState.DECLINED else {}
        if state != ReferralState.DRAFT:
            given["sent_at"] = sent
        referral_of(person, prison, agency, state=state, **given)
    if chance.random() < 0.5:
        placement_of(person, prison, starts_on=after)
    if chance.random() < 0.7:
        for months in (1, 6):
            _ask(chance, person, prison, months, after)


def _ask(chance, person, prison, months, since):
    outcome = chance.choice(["", *FollowUpOutcome])
    told = {}
    if outcome:
        told = {
            "state": FollowUpState.DONE,
            "entered_afterwards": True,
            "outcome": outcome,
            "channel": ContactChannel.CALL,
            "done_on": today(),
        }
    elif chance.random() < 0.4:
        told = {
            "state": FollowUpState.CANCELLED,
            "entered_afterwards": True,
            "outcome": chance.choice(["", FollowUpOutcome.DETAINED]),
        }
    due = since + timedelta(days=30 * months)
    follow_up_of(person, prison, months=months, counted_from=since, due_on=due, **told)


def _merge(chance):
    """Some rows turn out to be of the same person as others, by a record of their own."""
    alone = Inmate.objects.filter(merged_into=None, merged=None, enrolments__isnull=False)
    people = list(alone.order_by("pk").distinct())
    for person in chance.sample(people, k=len(people) // 4):
        twin = InmateFactory()
        for name in ("referrals", "placements", "follow_ups"):
            if chance.random() < 0.5:
                getattr(person, name).update(inmate=twin)
        first, second = chance.sample([person, twin], k=2)
        Inmate.objects.filter(pk=first.pk).update(merged_into=second)
