"""Deadlines of training: answers that are awaited, hearings, a batch's start and closing."""

from datetime import timedelta

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.once import worked_out_once
from correspondence.kinds import Kind
from correspondence.sources import AGENCY, deadlines, link_to, source
from training.models import (
    Assessment,
    Batch,
    Certificate,
    Hearing,
    Meeting,
    SeatOffer,
    SlotProposal,
)
from training.states import TAUGHT, BatchState, EnrolmentState, HearingState, Side
from training.teaching import CertificateKind, MeetingState

BATCH = Concat("batch__course__name", Value(" – "), "batch__name")
TITLE = Concat("course__name", Value(" – "), "name")


@source(
    Kind(
        "slot_reply",
        _("Jawaban kuota ditunggu"),
        _("Usulan %(seats)s kursi untuk %(batch)s menunggu jawaban sampai %(due)s."),
        mandatory=True,
    ),
    offsets=(3, 1, 0),
    audience=(roles.OFFICER, AGENCY),
)
def slot_reply(today):
    """Open rounds. The agency's liaisons are reminded only of those that wait for the agency."""
    asked = Case(When(side=Side.PRISON, then=F("agency_id")))
    return deadlines(
        SlotProposal.objects.open(),
        due="respond_by",
        agency=asked,
        data={"seats": "seats", "batch": BATCH},
        link=link_to("training:slot-answer"),
    )


@source(
    Kind("hearing_date", _("Sidang TPP"), _("Sidang TPP untuk %(batch)s pada %(due)s.")),
    offsets=(3, 1),
    audience=(roles.OFFICER, roles.HEAD, roles.REGISTRAR),
)
def hearing_date(today):
    """Hearings that are planned and not held yet."""
    return deadlines(
        Hearing.objects.filter(state=HearingState.PLANNED),
        due="held_on",
        data={"batch": BATCH},
        link=link_to("training:batch-detail", "batch__public_id"),
    )


@source(
    Kind(
        "seat_reply",
        _("Jawaban cadangan ditunggu"),
        _("Kursi kosong pada %(batch)s ditawarkan kepada cadangan; jawabannya sampai %(due)s."),
    ),
    offsets=(1, 0),
    audience=(roles.OFFICER,),
)
def seat_reply(today):
    """Freed seats whose reserve has not answered."""
    return deadlines(
        SeatOffer.objects.open(),
        due="until",
        data={"batch": BATCH},
        link=link_to("training:seat-detail"),
    )


@source(
    Kind("batch_start", _("Pelatihan dimulai"), _("%(batch)s mulai pada %(due)s.")),
    offsets=(7, 1, -1),
    audience=(roles.OFFICER, roles.HEAD),
)
def batch_start(today):
    """Confirmed batches that nobody has called begun."""
    return deadlines(
        Batch.objects.filter(state=BatchState.CONFIRMED),
        due="starts_on",
        data={"batch": TITLE},
        link=link_to("training:batch-detail"),
    )


@source(
    Kind(
        "batch_closing",
        _("Penutupan angkatan"),
        _("%(batch)s berakhir pada %(ended)s; tutup dengan laporannya sebelum %(due)s."),
    ),
    offsets=(7, 0, -7),
    audience=(roles.OFFICER, roles.HEAD),
)
def batch_closing(today):
    """Batches that were begun and not closed; due some days after their last day."""
    return deadlines(
        Batch.objects.filter(state__in=[BatchState.RUNNING, BatchState.FINISHED]),
        due=F("ends_on") + timedelta(days=settings.BATCH_CLOSING_DAYS),
        data={"batch": TITLE, "ended": "ends_on"},
        link=link_to("training:batch-detail"),
    )


@source(
    Kind(
        "attendance_missing",
        _("Kehadiran belum dicatat"),
        _("Kehadiran pertemuan ke-%(number)s %(batch)s pada %(due)s belum lengkap."),
    ),
    offsets=(-1, -4),
    audience=(roles.OFFICER, AGENCY),
    escalate_after=3,
    escalation=(roles.OFFICER, roles.HEAD),
)
def attendance_missing(today):
    """Meetings that took place and of which not everybody's attendance is known."""
    return deadlines(
        Meeting.objects.filter(
            state=MeetingState.PLANNED,
            batch__state__in=TAUGHT,
            during__startswith__date__lte=today,
        ),
        due=TruncDate("during__startswith"),
        agency="agency_id",
        data={"number": "number", "batch": BATCH},
        link=link_to("training:meeting-attendance"),
    )


@source(
    Kind(
        "certificate_end",
        _("Akhir sertifikat kompetensi"),
        _(
            "Sertifikat kompetensi %(scheme)s peserta %(code)s berlaku sampai %(due)s; "
            "rencanakan perpanjangannya."
        ),
    ),
    offsets=(180, 90, 30),
    audience=(roles.OFFICER, roles.HEAD, AGENCY),
)
def certificate_end(today):
    """Competency certificates of people who are still here, until a newer one takes their place."""
    newer = Certificate.objects.issued().filter(
        inmate=OuterRef("inmate"),
        scheme=OuterRef("scheme"),
        kind=CertificateKind.COMPETENCY,
        issued_on__gt=OuterRef("issued_on"),
    )
    rows = Certificate.objects.issued().of_people_held()
    return deadlines(
        rows.filter(~Exists(newer), kind=CertificateKind.COMPETENCY, valid_until__gte=today),
        due="valid_until",
        agency="agency_id",
        data={"scheme": "scheme", "code": Coalesce("enrolment__participant_code", Value("–"))},
        link=link_to("training:certificate-detail"),
    )


@source(
    Kind(
        "retest",
        _("Uji ulang"),
        _("Peserta %(batch)s yang belum kompeten: %(people)s orang belum diuji lagi."),
    ),
    offsets=(0, -30),
    audience=(roles.OFFICER, roles.HEAD, AGENCY),
)
def retest(today):
    """Batches with people who are here, were found BK and were not assessed again for so long."""
    failed = Assessment.objects.of_units().not_yet().filter(enrolment__batch=OuterRef("pk"))
    waiting = (
        failed.newest()
        .exclude(enrolment__state=EnrolmentState.DROPPED)
        .filter(
            Q(enrolment__inmate__prison=F("facility"))
            | Q(enrolment__inmate__merged_into__prison=F("facility")),
        )
        .order_by()
        .values("enrolment__batch")
    )
    first = waiting.annotate(day=Min("assessed_on")).values("day")
    people = waiting.annotate(n=Count("enrolment", distinct=True)).values("n")
    # Few batches have anybody who was found BK: those are found by the assessments of the prison,
    # or of the agency.
    of_both = {name: OuterRef(name) for name in ("facility", "agency")}
    rows = Batch.objects.filter(Exists(failed.filter(**of_both)))
    return deadlines(
        worked_out_once(rows, found=Subquery(first)).filter(found__isnull=False),
        due=F("found") + timedelta(days=settings.RETEST_DAYS),
        agency="agency_id",
        data={
            "batch": TITLE,
            "people": Subquery(people, output_field=IntegerField()),
        },
        link=link_to("training:batch-detail"),
    )
