from django.db.models import Count, Q
from django.utils import formats

from reports.monthly.section import Section, total_of
from training.models import Batch
from training.states import BATCH_BEGUN, HOLDS_SEAT, EnrolmentState
from training.teaching import CertificateKind, CertificateState

COLUMNS = [
    *("Pelatihan", "Mitra", "Sumber dana", "Tanggal", "JP", "Kursi", "Peserta"),
    *("Selesai", "Sertifikat pelatihan", "Sertifikat kompetensi"),
]
ISSUED = Q(enrolments__certificates__state=CertificateState.ISSUED)


def held(facility, first, last):
    """Batches that were taught in the month, and what came of them."""
    batches = (
        Batch.objects.filter(
            facility=facility, state__in=BATCH_BEGUN, starts_on__lte=last, ends_on__gte=first
        )
        .select_related("course", "agency")
        .annotate(
            people=Count("enrolments", filter=Q(enrolments__state__in=HOLDS_SEAT), distinct=True),
            finished=Count(
                "enrolments", filter=Q(enrolments__state=EnrolmentState.COMPLETED), distinct=True
            ),
            trained=_holders(CertificateKind.TRAINING),
            competent=_holders(CertificateKind.COMPETENCY),
        )
        .order_by("starts_on", "pk")
    )
    rows = [
        [
            f"{batch.course.name} – {batch.name}",
            batch.agency.name,
            str(batch.get_fund_display()) if batch.fund else "–",
            f"{_day(batch.starts_on)} – {_day(batch.ends_on)}",
            batch.course.jp,
            batch.seats,
            batch.people,
            batch.finished,
            batch.trained,
            batch.competent,
        ]
        for batch in batches
    ]
    return Section("trainings", "Pelatihan", COLUMNS, rows, total_of(rows, COLUMNS))


def _holders(kind):
    return Count(
        "enrolments", filter=ISSUED & Q(enrolments__certificates__kind=kind), distinct=True
    )


def _day(day):
    return formats.date_format(day, "j M Y")
