"""Referrals in every state: on the warden's desk, with Disnaker, at an employer, over."""

from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from inmates.models import Inmate
from inmates.services import consents
from inmates.states import ConsentPurpose
from placements.employment import DeclineReason
from placements.services import (
    referral_answers,
    referral_corrections,
    referral_upkeep,
    referrals,
)
from reports.demo.acting import day, did
from reports.demo.scans import scan
from training.models import Certificate

# How far each goes, and to which vacancy (None: Disnaker looks for an employer).
WAY = (
    ("draft", "welder"),
    ("returned", "paving"),
    ("submitted", "welder"),
    ("submitted", "sewing"),
    ("submitted", None),
    ("approved", "baker"),
    ("sent", "welder"),
    ("sent", "cooling"),
    ("received", None),
    ("forwarded", "welder"),
    ("interview", "paving"),
    ("accepted", "baker"),
    ("accepted", "mason"),
    ("fell_through", "mason"),
    ("declined", "sewing"),
    ("withdrawn", "cooling"),
    ("lapsed", "sewing"),
    ("resumed", "paving"),
    ("undone", "welder"),
)
STEPS = ("submit", "approve", "send", "receive", "forward", "interview", "accept")
STEPS_TO = {
    "draft": 0,
    "returned": 1,
    "submitted": 1,
    "approved": 2,
    "sent": 3,
    "withdrawn": 3,
    "lapsed": 3,
    "resumed": 3,
    "received": 4,
    "declined": 5,
    "forwarded": 5,
    "interview": 6,
    "accepted": 7,
    "fell_through": 7,
    "undone": 7,
}
MESSAGE = "Rajin selama pelatihan dan bersedia bekerja bergilir."


def create(office, work, disnaker, liaison):
    """Of the first prison; those that are approved together get a list on top."""
    people = _who(office)
    plan = list(zip(people, WAY, strict=False))
    accepted = next(person for person, (end, _vacancy) in plan if end == "accepted")
    plan.append((accepted, ("sent", "cooling")))  # it rests until work begins
    rows = []
    for number, (person, (_end, vacancy)) in enumerate(plan):
        _consent(office, person)
        rows.append(
            did(
                referrals.draft,
                by=office["officer"],
                inmate=person,
                agency=disnaker,
                vacancy=vacancy and work.vacancies[vacancy],
                message="" if number % 3 else MESSAGE,
            )
        )
    ends = [end for _person, (end, _vacancy) in plan]
    for number, name in enumerate(STEPS, start=1):
        going = [row for row, end in zip(rows, ends, strict=True) if STEPS_TO[end] >= number]
        _step(office, work, liaison, name, going)
    for row, end in zip(rows, ends, strict=True):
        _end_as(end, office, liaison, row)


def _who(office):
    """Sentenced, present, with a way out: the certified first, then those who leave soon."""
    here = (
        Inmate.objects.in_custody(office.prison.facility.pk)
        .filter(
            custodies__register_class__startswith="B",
            absences=None,
            transfers=None,
            merged=None,
            restrictions=None,
        )
        .with_expected_release()
        .filter(expected_release__gte=day(20), expected_release__lte=day(900))
    )
    certified = Certificate.objects.valid().certified().values("inmate")
    first = list(here.filter(pk__in=certified).order_by("pk"))
    others = here.exclude(pk__in=certified).order_by("expected_release", "pk")
    return [*first, *others[: len(WAY)]][: len(WAY)]


def _consent(office, person):
    if person.consents.in_force(purpose=ConsentPurpose.REFERRAL).exists():
        return
    paper = scan("SURAT PERSETUJUAN", "contoh").read()
    did(
        consents.give,
        by=office["officer"],
        inmate=person,
        facility=office.prison.facility,
        purpose=ConsentPurpose.REFERRAL,
        signed_on=day(-12),
        scan=ContentFile(paper, name="persetujuan.pdf"),
    )


def _step(office, work, liaison, name, rows):
    """One step for all that go so far: inside together, outside one by one."""
    officer, warden = office["officer"], office["warden"]
    together = {
        "submit": (referrals.submit, officer),
        "approve": (referrals.approve, warden),
        "send": (referrals.send, officer),
    }
    if name in together:
        service, by = together[name]
        did(service, by=by, referrals=rows)
        return
    for number, row in enumerate(rows):
        more = {}
        if name == "forward":
            more = {"number": f"500.15/{118 + number}/Naker", "introduced_on": day()}
            if row.vacancy is None:
                more["employer"] = work.employers["workshop"]
        if name == "interview":
            more = {"at": _at(day(2 + number), 9)}
        by = liaison
        if name == "receive" and number == 1:  # told by telephone
            by = officer
            more["recorded"] = referral_answers.Recorded(
                channel="call", said_by="Ibu Wulan, Pengantar Kerja"
            )
        did(getattr(referral_answers, name), by=by, referral=row, **more)


def _end_as(end, office, liaison, row):
    """What became of those that are not simply on their way."""
    officer, head = office["officer"], office["head"]
    if end == "returned":
        reason = "Tambahkan hasil uji kompetensinya"
        did(referrals.send_back, by=office["warden"], referral=row, reason=reason)
    elif end == "withdrawn":
        did(referrals.withdraw, by=officer, referral=row, reason="Ingin berusaha sendiri")
    elif end == "declined":
        did(
            referral_answers.decline,
            by=liaison,
            referral=row,
            decline_reason=DeclineReason.RECORD,
            reason="Perusahaan mensyaratkan SKCK",
        )
    elif end in ("lapsed", "resumed"):
        referral_upkeep.lapse(referral=row, today=day(31))
        if end == "resumed":
            did(referrals.resume, by=officer, referral=row, answer_by=day(14))
    elif end == "fell_through":
        reason = "Proyeknya ditunda"
        did(referral_answers.fall_through, by=liaison, referral=row, reason=reason)
    elif end == "undone":
        reason = "Salah orang: yang diterima nomor di bawahnya"
        did(referral_corrections.undo_accept, by=head, referral=row, reason=reason)


def _at(when, hour):
    return timezone.make_aware(datetime.combine(when, time(hour))) + timedelta(minutes=30)
