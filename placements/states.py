"""What a prison wants done by itself when a person's circumstances change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inmates.states import LEAVES, CircumstanceKind


class Effect(models.TextChoices):
    """What a policy does with a person's open candidatures, enrolments and referrals."""

    END = "end", _("Dihentikan otomatis")
    SUSPEND = "suspend", _("Ditangguhkan otomatis")
    ASK = "ask", _("Menunggu keputusan petugas")
    IGNORE = "ignore", _("Tidak berpengaruh")


# The national policy that a database starts with; from then on the rows count.
FIRST_POLICY = {
    **dict.fromkeys(LEAVES, Effect.END),
    CircumstanceKind.DISCIPLINE: Effect.SUSPEND,
    CircumstanceKind.SECURITY: Effect.SUSPEND,
    CircumstanceKind.UNFIT: Effect.ASK,
    CircumstanceKind.LIFTED: Effect.ASK,
    CircumstanceKind.DATES: Effect.ASK,
    CircumstanceKind.REGISTER: Effect.ASK,
    CircumstanceKind.CONSENT: Effect.ASK,
}
