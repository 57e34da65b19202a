"""Work of every kind: after release, by oneself, over again, of the past; and work release."""

from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from inmates.models import Inmate
from inmates.services import consents
from inmates.states import ConsentPurpose
from placements.employment import PayBand, PlacementKind
from placements.models import WorkDay
from placements.services import placement_corrections, placements, work_release
from reports.demo.acting import acting, day, did
from reports.demo.scans import scan

HOURS = {"leaves_at": time(7), "returns_at": time(15, 30), "weekdays": [1, 2, 3, 4, 5, 6]}
# Minutes after the hour of leaving and of return on the last days of work, the newest first.
TICKED = ((4, -12), (2, -5), (9, 38), (1, -20), (6, -3), (3, 0), (7, -9), (5, -14), (2, -1))


def create(office, work, released):
    """`released` people of the first prison work outside; some who serve go out to work."""
    _after_release(office, work, released)
    _while_serving(office, work)


def _after_release(office, work, released):
    by = office["officer"]
    facility = office.prison.facility
    employers, vacancies = work.employers, work.vacancies
    jobs = (
        ({"employer": employers["steel"], "job": "Pembantu juru las"}, 12, PayBand.AROUND, None),
        ({"vacancy": vacancies["baker"], "job": "Pembantu roti"}, 20, PayBand.BELOW, None),
        ({"job": "Servis AC panggilan"}, 9, PayBand.UNKNOWN, None),
        ({"employer": employers["workshop"], "job": "Montir"}, 15, PayBand.BELOW, "Upah kurang"),
        ({"employer": employers["builder"], "job": "Tukang batu"}, 5, PayBand.AROUND, "Selesai"),
    )
    for person, (given, after, pay_band, ended) in zip(released, jobs, strict=False):
        left_on = person.custodies.get(facility=facility).until
        is_own = not {"employer", "vacancy"} & set(given)
        started = {
            "inmate": person,
            "facility": facility,
            "kind": PlacementKind.SELF_EMPLOYED if is_own else PlacementKind.AFTER_RELEASE,
            "starts_on": min(left_on + timedelta(days=after), day(-8)),
            "pay_band": pay_band,
            **given,
        }
        if ended == "Selesai":  # told long afterwards
            over = {"ended_on": day(-3), "reason": "Proyek selesai"}
            did(placements.begin, by=by, **started, **over)
            continue
        made = did(placements.begin, by=by, **started)
        if is_own:  # entered too early: taken back, and entered anew
            why = "Ternyata belum mulai; dicatat terlalu cepat"
            did(placement_corrections.void, by=office["head"], placement=made, reason=why)
            made = did(placements.begin, by=by, **started)
        if ended:
            did(placements.end, by=by, placement=made, ended_on=day(-2), reason=ended)


def _while_serving(office, work):
    """One since weeks with the gate's log, one from next week on, one that ended."""
    people = _who_may_go_out(office)
    starts = (day(-21), day(6), day(-50))
    made = [
        _go_out(office, work, person, number, starts_on)
        for number, (person, starts_on) in enumerate(zip(people, starts, strict=False), 31)
    ]
    if made:
        _log(office, made[0])
    if len(made) > 2:
        did(
            placements.end,
            by=office["officer"],
            placement=made[2],
            ended_on=day(-9),
            reason="Pesanan perusahaan berkurang",
        )


def _who_may_go_out(office):
    """Sentenced, half served, in no training and under no restriction, longest eligible first."""
    here = Inmate.objects.in_custody(office.prison.facility.pk)
    return here.filter(
        custodies__register_class__startswith="B",
        custodies__starts__lte=day(-60),
        sentence__one_half__lte=day(-60),
        sentence__expires__gte=day(120),
        restrictions=None,
        enrolments=None,
        candidacies=None,
        absences=None,
        transfers=None,
    ).order_by("sentence__one_half", "pk")[:3]


def _go_out(office, work, person, number, starts_on):
    by, facility = office["officer"], office.prison.facility
    dated = min(starts_on, day()) - timedelta(days=7)
    decree = f"W12.PAS-21.PK.05.09-{number} TAHUN {dated.year}"
    did(
        consents.give,
        by=by,
        inmate=person,
        facility=facility,
        purpose=ConsentPurpose.PROFILE,
        signed_on=dated,
        scan=_paper("SURAT PERSETUJUAN"),
    )
    return did(
        work_release.begin,
        by=by,
        inmate=person,
        facility=facility,
        employer=work.employers["company"],
        agreement=office.agreements["company"],
        job="Operator cetak paving block",
        starts_on=starts_on,
        decree_number=decree,
        decree_on=dated,
        decree_until=starts_on + timedelta(days=240),
        decree_scan=_paper("SURAT KEPUTUSAN", decree),
        family_guarantee=_paper("SURAT JAMINAN KELUARGA"),
        institution_guarantee=_paper("SURAT JAMINAN LEMBAGA"),
        pay_band=PayBand.AROUND,
        eligibility_note="",
        **HOURS,
    )


def _log(office, work):
    """The last days on which he went out, once late."""
    guard = office["security"]
    days = [day(-number) for number in range(1, 21)]
    days = [each for each in days if each.isoweekday() in work.weekdays]
    with acting(guard):
        for each, (left, back) in zip(days, TICKED, strict=False):
            due = _at(each, work.returns_at)
            WorkDay.objects.create(
                facility=work.facility,
                placement=work,
                day=each,
                out_at=_at(each, work.leaves_at) + timedelta(minutes=left),
                out_by=guard,
                due_back_at=due,
                back_at=due + timedelta(minutes=back),
                back_by=guard,
                note="Truk mogok di jalan" if back > 0 else "",
                created_by=guard,
            )


def _at(when, hour):
    return timezone.make_aware(datetime.combine(when, hour))


def _paper(heading, number="contoh"):
    return ContentFile(scan(heading, number, heading=heading).read(), name="surat.pdf")
