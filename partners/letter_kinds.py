"""Letters about agencies, visits and agreements; their words are in `partners.documents`."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import HEAD
from correspondence.letter_kinds import LetterKind, register

COOPERATION, REPORT = "HH.05.05", "PR.03"

register(
    LetterKind("audience", _("Permohonan audiensi"), classification=COOPERATION),
    LetterKind(
        "visit_report",
        _("Laporan kunjungan"),
        template="visit_report_v1",
        signed_by=HEAD,
        classification=REPORT,
        for_agency=False,
    ),
    LetterKind("extension", _("Usulan perpanjangan"), classification=COOPERATION),
    LetterKind("addendum", _("Pengantar adendum"), classification=COOPERATION),
    LetterKind("termination", _("Pemberitahuan penghentian"), classification=COOPERATION),
)

# Which begin on the page of what.
OF_AGENCY = ("audience", "general")
OF_ENGAGEMENT = ("visit_report", "audience", "general")
OF_AGREEMENT = ("extension", "addendum", "termination", "general")
