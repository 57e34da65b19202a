"""Deadlines of the reports that an office owes."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import roles
from correspondence.kinds import Kind
from correspondence.sources import deadlines, link_to, source
from reports.models import Report


@source(
    Kind(
        "monthly_report",
        _("Laporan bulanan"),
        _("Laporan kegiatan kerja bulan yang dimulai %(month)s dikirim paling lambat %(due)s."),
    ),
    offsets=(3, 1, -1),
    audience=(roles.OFFICER, roles.HEAD),
    escalate_after=3,
    escalation=(roles.OFFICER, roles.HEAD),
)
def monthly_report(today):
    """Reports that were begun and are not signed yet."""
    return deadlines(
        Report.objects.unsigned(),
        due=F("due_on"),
        data={"month": "starts_on"},
        link=link_to("reports:report-detail"),
    )
