import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from inmates.querysets import CircumstanceQuerySet
from inmates.states import CircumstanceDecision, CircumstanceKind


@pghistory.track()
class Circumstance(PublicRecord):
    """Something changed for a person that a candidature, enrolment or referral may hang on.

    Every service that changes status, dates, restriction or consent writes one, in its own
    transaction. It is open until `decision` is set, by policy (`handled_by` None) or by a post;
    `asked_at` says since when it waits for a post, None while no policy has been asked yet.
    `outcome` lists what was done: `[{"what": "enrolment", "row": public id, "batch": name,
    "code": participant code, "was": state, "to": state}, ...]`.
    """

    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="circumstances")
    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    kind = models.CharField(_("perubahan"), max_length=12, choices=CircumstanceKind)
    old = models.CharField(_("semula"), max_length=60, blank=True)
    new = models.CharField(_("menjadi"), max_length=60, blank=True)
    effective = models.DateField(_("berlaku pada"))
    source = models.CharField(_("sumber"), max_length=60)
    decision = models.CharField(
        _("keputusan"), max_length=10, choices=CircumstanceDecision, blank=True, db_default=""
    )
    reason = models.CharField(_("alasan"), max_length=250, blank=True, db_default="")
    outcome = models.JSONField(_("akibat"), default=list, blank=True)
    asked_at = models.DateTimeField(_("menunggu keputusan sejak"), null=True, editable=False)
    handled_at = models.DateTimeField(_("diputuskan pada"), null=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = CircumstanceQuerySet.as_manager()
    privacy = words(
        keep="inmate facility kind old new effective source decision outcome asked_at "
        "handled_at handled_by",
        mask="reason",
    )

    class Meta:
        verbose_name = _("perubahan keadaan")
        verbose_name_plural = _("perubahan keadaan")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", handled_at__isnull=True)
                | (~Q(decision="") & Q(handled_at__isnull=False)),
                name="circumstance_handled_or_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["facility", "created_at"],
                condition=Q(decision=""),
                name="circumstance_open",
            ),
            models.Index(fields=["inmate", "-created_at"], name="circumstance_inmate"),
        ]

    def __str__(self):
        return self.get_kind_display()

    def get_absolute_url(self):
        return address_of("placements:circumstance-detail", self.public_id)

    @property
    def is_open(self):
        return not self.decision
