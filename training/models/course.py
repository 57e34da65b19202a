import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord, Record, searched_by
from accounts.privacy import words
from accounts.reads import EVERYBODY
from inmates.states import DocumentKind
from training.querysets import CourseQuerySet


class Trade(models.Model):
    """A trade (kejuruan), such as welding."""

    name = models.CharField(_("kejuruan"), max_length=80, unique=True)

    privacy = words(keep="id name")
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("kejuruan")
        verbose_name_plural = _("kejuruan")
        ordering = ["name"]

    def __str__(self):
        return self.name


@pghistory.track()
class Course(PublicRecord):
    """A training programme of the catalogue; `jp` are lesson hours of 45 minutes.

    Its requirements are the eligibility rule set (field notes 4.4). Training for release wants a
    short remaining term, production work a long one: `latest_release_months` bounds the time
    from the end of a batch to the expected release, `minimum_remaining_months` asks for time
    left when it begins. A requirement left empty asks nothing. `severities` says of single
    rules that they only warn or are not asked: `{"age": "warn", "documents": "off"}`.
    """

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="courses")
    code = models.CharField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("nama program"), max_length=150)
    kkni_level = models.PositiveSmallIntegerField(
        _("jenjang KKNI"), null=True, blank=True, validators=[MaxValueValidator(9)]
    )
    jp = models.PositiveSmallIntegerField(
        _("jam pelajaran (JP)"), validators=[MinValueValidator(1)]
    )
    aim = models.TextField(_("tujuan"), blank=True, db_default="")
    other_material = models.TextField(
        _("materi di luar unit"),
        blank=True,
        db_default="",
        help_text=_("Misalnya fisik, mental dan disiplin (FMD), kewirausahaan. Satu per baris."),
    )
    minimum_attendance = models.PositiveSmallIntegerField(
        _("kehadiran paling sedikit (% JP)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("Syarat sertifikat pelatihan; kosong: nilai umum."),
    )
    package_seats = models.PositiveSmallIntegerField(
        _("orang per paket"), default=16, db_default=16, validators=[MinValueValidator(1)]
    )
    is_offered = models.BooleanField(_("masih diselenggarakan"), default=True, db_default=True)
    minimum_age = models.PositiveSmallIntegerField(_("usia minimum"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("usia maksimum"), null=True, blank=True)
    needs_one_third = models.BooleanField(
        _("sudah menjalani 1/3 pidana"), default=True, db_default=True
    )
    buffer_days = models.PositiveSmallIntegerField(
        _("hari cadangan sesudah pelatihan"),
        null=True,
        blank=True,
        help_text=_("Jarak paling sedikit dari hari terakhir sampai bebas; kosong: nilai umum."),
    )
    latest_release_months = models.PositiveSmallIntegerField(
        _("bebas paling lama (bulan sesudah pelatihan)"),
        null=True,
        blank=True,
        default=24,
        db_default=24,
        help_text=_("Untuk pelatihan menjelang bebas; kosongkan untuk kegiatan produksi."),
    )
    minimum_remaining_months = models.PositiveSmallIntegerField(
        _("sisa pidana paling sedikit (bulan)"),
        null=True,
        blank=True,
        help_text=_("Untuk kegiatan produksi; dihitung dari hari pertama."),
    )
    discipline_free_months = models.PositiveSmallIntegerField(
        _("bebas Register F (bulan terakhir)"), default=0, db_default=0
    )
    retrain_after_months = models.PositiveSmallIntegerField(
        _("boleh diulang sesudah (bulan)"), default=24, db_default=24
    )
    fitness_within_months = models.PositiveSmallIntegerField(
        _("pemeriksaan klinik paling lama (bulan)"),
        null=True,
        blank=True,
        help_text=_("Kosong: cukup tidak ada catatan belum laik."),
    )
    documents = ArrayField(
        models.CharField(max_length=12, choices=DocumentKind),
        verbose_name=_("dokumen yang diperlukan"),
        default=list,
        blank=True,
    )
    resident_percent = models.PositiveSmallIntegerField(
        _("bagian untuk warga kota (%)"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(100)],
    )
    severities = models.JSONField(_("bobot syarat"), default=dict, blank=True)

    objects = CourseQuerySet.as_manager()
    privacy = words(
        keep="trade code name kkni_level jp aim other_material minimum_attendance package_seats "
        "is_offered minimum_age maximum_age needs_one_third buffer_days "
        "latest_release_months minimum_remaining_months discipline_free_months "
        "retrain_after_months fitness_within_months documents resident_percent severities",
    )
    liaison_reads = EVERYBODY.with_history()

    class Meta:
        verbose_name = _("program pelatihan")
        verbose_name_plural = _("program pelatihan")
        ordering = ["name"]
        indexes = [searched_by("name", name="course_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_age__isnull=True)
                | Q(maximum_age__isnull=True)
                | Q(maximum_age__gte=F("minimum_age")),
                name="course_ages_in_order",
                violation_error_message=_("Usia maksimum di bawah usia minimum."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_attendance__isnull=True) | Q(minimum_attendance__lte=100),
                name="course_minimum_attendance",
                violation_error_message=_("Kehadiran paling besar 100%."),
            ),
            models.CheckConstraint(
                condition=Q(resident_percent__lte=100),
                name="course_resident_percent",
                violation_error_message=_("Bagian warga kota paling besar 100%."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("training:course-detail", self.public_id)


class CompetencyUnit(Record):
    """A unit of competence of the national standards (SKKNI), with its official code."""

    code = models.CharField(_("kode unit"), max_length=40, unique=True)
    name = models.CharField(_("judul unit"), max_length=200)
    standard = models.CharField(
        _("SKKNI"), max_length=80, blank=True, help_text=_("Misalnya SKKNI 41/2019.")
    )

    privacy = words(keep="code name standard")
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("unit kompetensi")
        verbose_name_plural = _("unit kompetensi")
        ordering = ["code"]

    def __str__(self):
        return f"{self.code} {self.name}"


@pghistory.track()
class CourseUnit(Record):
    """A unit that a course teaches, in the order of its programme; `jp` when it is fixed."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="units")
    unit = models.ForeignKey(CompetencyUnit, models.PROTECT, related_name="courses")
    position = models.PositiveSmallIntegerField(_("urutan"))
    jp = models.PositiveSmallIntegerField(_("JP"), null=True, blank=True)

    privacy = words(keep="course unit position jp")
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("unit program")
        verbose_name_plural = _("unit program")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "unit"],
                name="course_unit_once",
                violation_error_message=_("Unit ini sudah ada di program ini."),
            ),
        ]

    def __str__(self):
        return str(self.unit_id)


@pghistory.track()
class CourseTool(Record):
    """A tool that a practical meeting of the course takes out of the store."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="tools")
    name = models.CharField(_("alat"), max_length=80)
    quantity = models.PositiveSmallIntegerField(_("jumlah"), validators=[MinValueValidator(1)])

    privacy = words(keep="course name quantity")
    liaison_reads = EVERYBODY

    class Meta:
        verbose_name = _("alat program")
        verbose_name_plural = _("alat program")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "name"],
                name="course_tool_once",
                violation_error_message=_("Alat ini sudah ada di daftar."),
            ),
        ]

    def __str__(self):
        return self.name
