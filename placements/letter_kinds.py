"""Letters that recommend people: their words come from the referrals, nobody rewrites them."""

from django.utils.translation import gettext_lazy as _

from correspondence.letter_kinds import LetterKind, register

RECOMMENDATION = "recommendation"
REFERRAL_LIST = "referral_list"
PLACEMENT = "PK.01.04"

register(
    LetterKind(
        RECOMMENDATION,
        _("Rekomendasi penempatan kerja"),
        classification=PLACEMENT,
        for_agency=False,
        is_written=False,
    ),
    LetterKind(
        REFERRAL_LIST,
        _("Pengantar rekomendasi penempatan"),
        template="referral_list_v1",
        classification=PLACEMENT,
        for_agency=False,
        is_written=False,
    ),
)
