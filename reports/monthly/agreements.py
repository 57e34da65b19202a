from django.db.models import Count, Q
from django.utils import formats

from partners.models import Agreement
from reports.monthly.section import Section
from training.states import BATCH_BEGUN, HOLDS_SEAT

COLUMNS = ["Perjanjian", "Mitra", "Nomor", "Berlaku sampai", "Sisa hari", "Angkatan", "Peserta"]


def in_force(facility, first, last):
    """Agreements that were in force on the last day, with the batches begun under them."""
    begun = Q(batches__state__in=BATCH_BEGUN)
    agreements = (
        Agreement.objects.filter(facility=facility)
        .in_force(last)
        .select_related("agency")
        .annotate(
            begun=Count("batches", filter=begun, distinct=True),
            people=Count(
                "batches__enrolments",
                filter=begun & Q(batches__enrolments__state__in=HOLDS_SEAT),
                distinct=True,
            ),
        )
        .order_by("ends_on", "pk")
    )
    rows = [
        [
            agreement.title,
            agreement.agency.name,
            agreement.our_number or "–",
            formats.date_format(agreement.ends_on, "j M Y"),
            (agreement.ends_on - last).days,
            agreement.begun,
            agreement.people,
        ]
        for agreement in agreements
    ]
    return Section("agreements", "Kerja sama", COLUMNS, rows)
