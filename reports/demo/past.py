"""Batches that ran before the office used the program: entered afterwards, as they were.

No service enters such a batch yet, so the rows are written here, each complete: an accepted
round, a hearing, a decree with its outside number, and what became of each participant.
"""

import random
from datetime import timedelta

from django.utils import timezone

from accounts import roles
from correspondence.models import Letter
from correspondence.services.letter_numbers import signatory_of
from correspondence.states import LetterState
from inmates.models import Custody, Inmate
from reports.demo.acting import acting, day
from reports.demo.batches import MEMBERS, WORKSHOP, leave_class
from training import documents
from training.models import (
    Batch,
    Candidate,
    Decree,
    DecreeEntry,
    Enrolment,
    Hearing,
    Recommendation,
    SlotProposal,
)
from training.services.decrees import CODE_ALPHABET, CODE_LENGTH, LETTER_KIND, TEMPLATE
from training.states import (
    BatchState,
    CandidateState,
    DecreeState,
    EnrolmentState,
    HearingState,
    ProposalState,
    Side,
)

SENTENCED = "B"
THEN = {"entered_afterwards": True}


def create(office, released):
    """Running, finished, closed and postponed batches; `released` took part in the closed one."""
    here = list(_who_was_here(office)[:42])
    running = _record(office, "LAS-SMAW", "Las II", -30, 60, BatchState.RUNNING, here[28:])
    leave_class(office, running)
    _record(office, "RAC-AC", "AC I", -120, -75, BatchState.FINISHED, here[14:28])
    _record(office, "OTO-MOTOR", "Motor I", -28, -3, BatchState.FINISHED, here[4:14])
    _record(office, "LAS-SMAW", "Las I", -320, -270, BatchState.CLOSED, [*here[:4], *released])
    _postponed(office)


def _who_was_here(office):
    """Sentenced people who could take part in any of these batches, longest eligible first."""
    return Inmate.objects.filter(
        custodies__facility=office.prison.facility,
        custodies__register_class__startswith=SENTENCED,
        custodies__starts__lte=day(-140),
        custodies__until=None,
        sentence__one_third__lte=day(-130),
        sentence__expires__gte=day(105),
        restrictions=None,
    ).order_by("sentence__one_third", "pk")


def _record(office, course, name, starts, ends, state, people):
    """One batch of the past with all its papers; days count from today."""
    facility, agreement = office.prison.facility, office.agreements["blk"]
    with acting(office["head"]):
        batch = Batch.objects.create(
            facility=facility,
            agency=agreement.agency,
            agreement=agreement,
            course=office.courses[course],
            name=name,
            starts_on=day(starts),
            ends_on=day(ends),
            place=WORKSHOP,
            seats_confirmed=len(people) + 2,
            state=state,
            state_by=office["head"],
            created_by=office["head"],
            **THEN,
        )
        _accepted_round(office, batch)
        hearing, candidates = _hearing(office, batch, people)
        decree = _decree(office, batch, hearing, candidates)
        _participants(office, batch, decree, candidates)
    batch.refresh_from_db()
    return batch


def _accepted_round(office, batch):
    SlotProposal.objects.create(
        batch=batch,
        facility=batch.facility,
        agency=batch.agency,
        round=1,
        side=Side.PRISON,
        seats=batch.seats_confirmed,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        respond_by=batch.starts_on - timedelta(days=30),
        state=ProposalState.ACCEPTED,
        answered_at=timezone.now() + (batch.starts_on - timedelta(days=32) - day()),
        answered_by=office.liaisons["blk"],
        created_by=office["officer"],
        **THEN,
    )


def _hearing(office, batch, people):
    by, held_on = office["registrar"], batch.starts_on - timedelta(days=14)
    hearing = Hearing.objects.create(
        facility=batch.facility,
        batch=batch,
        held_on=held_on,
        number=f"BA-{batch.pk}/TPP/{held_on.year}",
        chair="Kepala Seksi Binadik",
        members=MEMBERS,
        state=HearingState.HELD,
        created_by=by,
        **THEN,
    )
    candidates = Candidate.objects.bulk_create(
        Candidate(
            facility=batch.facility,
            batch=batch,
            inmate=inmate,
            rank=rank,
            state=CandidateState.APPROVED,
            state_by=by,
            created_by=by,
            **THEN,
        )
        for rank, inmate in enumerate(people, start=1)
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            hearing=hearing, candidate=candidate, result=CandidateState.APPROVED, created_by=by
        )
        for candidate in candidates
    )
    return hearing, candidates


def _decree(office, batch, hearing, candidates):
    warden, dated = office["warden"], batch.starts_on - timedelta(days=7)
    numbers = dict(
        Custody.objects.filter(inmate__in=[candidate.inmate_id for candidate in candidates])
        .order_by("starts")
        .values_list("inmate_id", "register_number")
    )
    for candidate in candidates:
        candidate.register_number = numbers[candidate.inmate_id]
    decree = Decree(
        facility=batch.facility,
        batch=batch,
        hearing=hearing,
        state=DecreeState.ISSUED,
        created_by=office["head"],
        **THEN,
    )
    decree.letter = Letter.objects.create(
        facility=batch.facility,
        kind=LETTER_KIND,
        subject=f"Penetapan peserta pelatihan {batch.course.name} – {batch.name}"[:200],
        data={
            **documents.decree(decree, candidates),
            "template": TEMPLATE,
            "subjects": [str(candidate.inmate.public_id) for candidate in candidates],
        },
        signatory=signatory_of(warden, batch.facility_id, roles.WARDEN),
        number=f"BUKU-{batch.pk} TAHUN {dated.year}",
        year=dated.year,
        dated=dated,
        state=LetterState.SIGNED,
        signed_at=timezone.now() + (dated - day()),
        signed_by=warden,
        created_by=office["secretariat"],
        **THEN,
    )
    decree.save()
    DecreeEntry.objects.bulk_create(
        DecreeEntry(decree=decree, candidate=candidate, position=candidate.rank)
        for candidate in candidates
    )
    return decree


def _participants(office, batch, decree, candidates):
    chance = random.Random(batch.pk)  # noqa: S311 - codes of people who do not exist
    codes = set()
    while len(codes) < len(candidates):
        codes.add("P-" + "".join(chance.choices(CODE_ALPHABET, k=CODE_LENGTH)))
    Enrolment.objects.bulk_create(
        Enrolment(
            facility=batch.facility,
            agency=batch.agency,
            batch=batch,
            inmate=candidate.inmate,
            candidate=candidate,
            decree=decree,
            participant_code=code,
            state=_outcome(batch, candidate.rank),
            created_by=office["warden"],
            **THEN,
        )
        for code, candidate in zip(sorted(codes), candidates, strict=True)
    )
    if batch.state == BatchState.RUNNING:
        office.taken.update(candidate.inmate_id for candidate in candidates)


def _outcome(batch, rank):
    if batch.state == BatchState.RUNNING:
        return EnrolmentState.ENROLLED
    return EnrolmentState.NOT_COMPLETED if rank % 6 == 0 else EnrolmentState.COMPLETED


def _postponed(office):
    with acting(office["head"]):
        agreement = office.agreements["blk"]
        Batch.objects.create(
            facility=office.prison.facility,
            agency=agreement.agency,
            agreement=agreement,
            course=office.courses["JASA-CUKUR"],
            name="Cukur I",
            starts_on=day(-15),
            ends_on=day(-4),
            place="Barbershop lapas",
            state=BatchState.POSTPONED,
            state_by=office["head"],
            reason="Instruktur berhalangan; tanggal baru dibicarakan",
            created_by=office["officer"],
            **THEN,
        )
