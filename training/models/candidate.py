import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import StatefulRecord
from accounts.privacy import words
from accounts.states import state_triggers
from training.querysets import CandidateQuerySet
from training.states import (
    CANDIDATE_INITIAL,
    CANDIDATE_OPEN,
    CANDIDATE_TRANSITIONS,
    CandidateState,
)


@pghistory.track(exclude=["eligibility"])
class Candidate(StatefulRecord):
    """A person proposed for a batch, with the result of each eligibility rule on that day."""

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    batch = models.ForeignKey("training.Batch", models.PROTECT, related_name="candidates")
    inmate = models.ForeignKey("inmates.Inmate", models.PROTECT, related_name="candidacies")
    rank = models.PositiveSmallIntegerField(_("urutan"))
    is_reserve = models.BooleanField(_("cadangan"), default=False, db_default=False)
    eligibility = models.JSONField(default=list)
    override_reason = models.CharField(_("alasan pengecualian"), max_length=250, blank=True)
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(
        _("keadaan"),
        max_length=10,
        choices=CandidateState,
        default=CandidateState.PROPOSED,
        db_default=CandidateState.PROPOSED,
    )
    state_at = models.DateTimeField(default=timezone.now, editable=False)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    note = models.CharField(_("catatan"), max_length=250, blank=True)

    objects = CandidateQuerySet.as_manager()
    privacy = words(
        keep="facility batch inmate rank is_reserve override_by state state_at state_by",
        mask="eligibility override_reason note",
    )

    class Meta:
        verbose_name = _("calon peserta")
        verbose_name_plural = _("calon peserta")
        ordering = ["batch", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["inmate", "batch"],
                condition=Q(state__in=CANDIDATE_OPEN),
                name="candidate_open_once",
                violation_error_message=_("Orang ini sudah diusulkan untuk angkatan ini."),
            ),
            models.CheckConstraint(
                condition=Q(override_by__isnull=True) | ~Q(override_reason=""),
                name="candidate_override_reason",
                violation_error_message=_("Pengecualian harus punya alasan."),
            ),
        ]
        triggers = state_triggers(CANDIDATE_INITIAL, CANDIDATE_TRANSITIONS)

    def __str__(self):
        return f"{self.rank}"

    @property
    def is_open(self):
        """Proposed, approved or deferred: still on the way into the batch."""
        return self.state in CANDIDATE_OPEN
