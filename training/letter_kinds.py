"""Letters about a batch (`training.closing_paper`) and about the plan (`training.plan_paper`)."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD
from correspondence.letter_kinds import LetterKind, register
from partners.letter_kinds import COOPERATION, REPORT

BATCH_REPORT = "batch_report"
PACKAGE_REQUEST = "package_request"

register(
    LetterKind(
        BATCH_REPORT,
        _("Laporan pelatihan"),
        template="batch_report_v1",
        signed_by=HEAD,
        classification=REPORT,
        for_agency=False,
    ),
    LetterKind(PACKAGE_REQUEST, _("Permohonan paket pelatihan"), classification=COOPERATION),
)
