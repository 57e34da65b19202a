"""Batches that ran before the office used the program: entered afterwards, as they were."""

from datetime import timedelta

from inmates.models import Inmate
from reports.demo.acting import acting, day, did
from reports.demo.batches import WORKSHOP, leave_class
from reports.demo.scans import scan
from training.models import Batch
from training.services import existing_batches
from training.services.existing_batches import Paper
from training.services.existing_people import Took
from training.states import BatchState, EnrolmentState, LeaveCause

SENTENCED = "B"
UNDECIDED_DAYS = 10  # so lately a batch ended, and nobody has said who completed it


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
    """One batch of the past with its decree; days count from today."""
    agreement = office.agreements["blk"]
    starts_on, dated = day(starts), day(starts) - timedelta(days=7)
    number = f"W12.PAS-21.PK.05.09-{120 - starts // 4} TAHUN {dated.year}"
    batch = did(
        existing_batches.record,
        by=office["head"],
        facility=office.prison.facility,
        course=office.courses[course],
        agency=agreement.agency,
        agreement=agreement,
        name=name,
        starts_on=starts_on,
        ends_on=day(ends),
        place=WORKSHOP,
        state=state,
        seats=len(people) + 2,
        paper=Paper(
            number=number,
            dated=dated,
            signed_by="Drs. Kalapas Terdahulu",
            scan=scan(f"Peserta pelatihan {name}", number, heading="KEPUTUSAN KEPALA LAPAS"),
            hearing_number=f"BA-{-starts}/TPP/{dated.year}",
            heard_on=dated - timedelta(days=7),
        ),
        people=[
            _took(
                person,
                place,
                dropped_on=starts_on + timedelta(days=9),
                is_open=state == BatchState.RUNNING or ends > -UNDECIDED_DAYS,
            )
            for place, person in enumerate(people, start=1)
        ],
    )
    if state == BatchState.RUNNING:
        office.taken.update(person.pk for person in people)
    return batch


def _took(person, place, *, dropped_on, is_open):
    if is_open:
        return Took(inmate=person, outcome=EnrolmentState.ENROLLED)
    if place == 9:
        return Took(
            inmate=person,
            outcome=EnrolmentState.DROPPED,
            left_on=dropped_on,
            cause=LeaveCause.OWN_WISH,
            reason="Memilih kegiatan kerja",
        )
    outcome = EnrolmentState.NOT_COMPLETED if place % 6 == 0 else EnrolmentState.COMPLETED
    return Took(inmate=person, outcome=outcome)


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
            entered_afterwards=True,
        )
