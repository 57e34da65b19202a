import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import by
from training.querysets import AssessmentQuerySet
from training.teaching import AssessmentKind, Verdict


@pghistory.track()
class Assessment(PublicRecord):
    """What an assessor found of a participant: one unit (or the whole training) at one attempt.

    The newest attempt counts. Scores run from 0 to 100.
    """

    facility = models.ForeignKey("accounts.Facility", models.PROTECT, related_name="+")
    agency = models.ForeignKey("partners.Agency", models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("training.Enrolment", models.PROTECT, related_name="assessments")
    kind = models.CharField(_("penilaian"), max_length=10, choices=AssessmentKind)
    unit = models.ForeignKey(
        "training.CompetencyUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("unit kompetensi"),
    )
    attempt = models.PositiveSmallIntegerField(
        _("percobaan ke"), default=1, db_default=1, validators=[MinValueValidator(1)]
    )
    result = models.CharField(_("hasil"), max_length=2, choices=Verdict)
    knowledge = models.DecimalField(
        _("nilai pengetahuan"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    skill = models.DecimalField(
        _("nilai keterampilan"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    assessor = models.CharField(_("asesor"), max_length=120)
    assessed_on = models.DateField(_("tanggal penilaian"))
    note = models.CharField(_("catatan"), max_length=250, blank=True)

    objects = AssessmentQuerySet.as_manager()
    privacy = words(
        keep="facility agency enrolment kind unit attempt result knowledge skill assessed_on",
        mask="assessor note",
    )
    liaison_reads = by("agency")

    class Meta:
        verbose_name = _("penilaian")
        verbose_name_plural = _("penilaian")
        ordering = ["enrolment", "kind", "unit", "attempt"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind", "unit", "attempt"],
                nulls_distinct=False,
                name="assessment_attempt_once",
                violation_error_message=_("Percobaan ini sudah dinilai."),
            ),
            models.CheckConstraint(
                condition=(Q(knowledge__isnull=True) | Q(knowledge__range=(0, 100)))
                & (Q(skill__isnull=True) | Q(skill__range=(0, 100))),
                name="assessment_scores_sane",
                violation_error_message=_("Nilai harus dari 0 sampai 100."),
            ),
        ]

    def __str__(self):
        return self.result
