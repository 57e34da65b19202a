"""Letters about a batch; what they say is in `training.closing_paper`."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD
from correspondence.letter_kinds import LetterKind, register
from partners.letter_kinds import REPORT

BATCH_REPORT = "batch_report"

register(
    LetterKind(
        BATCH_REPORT,
        _("Laporan pelatihan"),
        template="batch_report_v1",
        signed_by=HEAD,
        classification=REPORT,
        for_agency=False,
    )
)
