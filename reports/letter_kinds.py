"""The letter that the monthly report is sent with."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD, WARDEN
from correspondence.letter_kinds import LetterKind, register
from partners.letter_kinds import REPORT

MONTHLY_REPORT = "monthly_report"

register(
    LetterKind(
        MONTHLY_REPORT,
        _("Laporan bulanan kegiatan kerja"),
        template="monthly_report_v1",
        signed_by=HEAD,
        known_by=WARDEN,
        classification=REPORT,
        for_agency=False,
    )
)
