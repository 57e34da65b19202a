import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Record
from accounts.privacy import words
from inmates.states import LEAVES, CircumstanceKind
from placements.querysets import CircumstancePolicyQuerySet
from placements.states import Effect


@pghistory.track()
class CircumstancePolicy(Record):
    """What happens by itself on a kind of change; a prison's own row goes before the national one.

    Whoever has left the prison cannot go on, so for those kinds only ending is possible.
    """

    facility = models.ForeignKey(
        "accounts.Facility",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lapas"),
        help_text=_("Kosong: berlaku di semua lapas yang tidak punya aturan sendiri."),
    )
    kind = models.CharField(_("perubahan"), max_length=12, choices=CircumstanceKind)
    effect = models.CharField(_("akibat"), max_length=8, choices=Effect)

    objects = CircumstancePolicyQuerySet.as_manager()
    privacy = words(keep="facility kind effect")

    class Meta:
        verbose_name = _("aturan perubahan keadaan")
        verbose_name_plural = _("aturan perubahan keadaan")
        ordering = ["kind", "facility"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind"],
                nulls_distinct=False,
                name="circumstance_policy_once",
                violation_error_message=_("Aturan untuk perubahan ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=LEAVES) | Q(effect=Effect.END),
                name="circumstance_policy_leaving_ends",
                violation_error_message=_("Siapa yang sudah keluar tidak bisa melanjutkan."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_effect_display()}"
