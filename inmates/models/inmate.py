import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Lower, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import address_of
from accounts.models import PublicRecord
from accounts.privacy import words
from accounts.reads import introduced
from inmates import rules
from inmates.querysets import InmateQuerySet
from inmates.states import Sex


@pghistory.track(
    exclude=[
        *("nik_cipher", "nik_digest", "nik_key", "address", "return_address"),
        *("prison", "prisons", "search_text"),
    ]
)
class Inmate(PublicRecord):
    """A person (warga binaan). `person_key` is SDP's "Nomor Induk", the only stable key.

    `prison` is where the open custody is, None for whoever is in no custody: a trigger keeps it,
    so that the people of one prison are found and ordered by an index; `prisons` are all where the
    person is or was, so that the former are found as fast. `search_text` is what a
    search looks through: the name with and without its blanks, and the aliases.

    The NIK is stored encrypted (`nik_cipher`, key `nik_key`), found by `nik_digest`, shown
    masked. Offence, religion, parents' names and photo are not kept at all (field notes 2.7).
    """

    person_key = models.CharField(_("Nomor Induk SDP"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=150)
    search_name = models.CharField(max_length=150, editable=False)
    aliases = models.CharField(_("nama alias"), max_length=200, blank=True, db_default="")
    search_text = models.GeneratedField(
        expression=Concat(
            "search_name",
            Value(" "),
            Replace("search_name", Value(" "), Value("")),
            Value(" "),
            Lower(
                Func(
                    "aliases",
                    Value("[^[:alnum:]]+"),
                    Value(" "),
                    Value("g"),
                    function="regexp_replace",
                    output_field=models.CharField(),
                )
            ),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    nik_cipher = models.BinaryField(null=True, editable=False)
    nik_digest = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    nik_key = models.CharField(max_length=20, blank=True, db_default="", editable=False)
    nik_last4 = models.CharField(max_length=4, blank=True, db_default="", editable=False)
    birth_place = models.CharField(_("tempat lahir"), max_length=80, blank=True, db_default="")
    birth_date = models.DateField(_("tanggal lahir"), null=True, blank=True)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True, db_default="")
    education = models.CharField(_("pendidikan"), max_length=30, blank=True, db_default="")
    occupation = models.CharField(_("pekerjaan"), max_length=60, blank=True, db_default="")
    address = models.CharField(_("alamat"), max_length=250, blank=True, db_default="")
    city = models.CharField(_("kota asal"), max_length=80, blank=True, db_default="")
    province = models.CharField(_("provinsi"), max_length=60, blank=True, db_default="")
    domicile_code = models.CharField(
        _("kode wilayah KTP"),
        max_length=13,
        blank=True,
        db_default="",
        help_text=_("Kode Kemendagri, mis. 36.72.01.1002; cukup sampai yang diketahui."),
    )
    domicile_as_of = models.DateField(_("wilayah KTP per"), null=True, blank=True)
    is_foreigner = models.BooleanField(_("warga negara asing"), default=False, db_default=False)
    return_city = models.CharField(_("kota tujuan"), max_length=80, blank=True, db_default="")
    return_address = models.CharField(
        _("alamat setelah bebas"), max_length=250, blank=True, db_default=""
    )
    anonymised_on = models.DateField(_("dianonimkan pada"), null=True, blank=True, editable=False)
    prison = models.ForeignKey(
        "accounts.Facility",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="inmates",
        verbose_name=_("lapas"),
    )
    prisons = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], blank=True, editable=False
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )

    objects = InmateQuerySet.as_manager()
    privacy = words(
        keep="sex education occupation city province domicile_code domicile_as_of is_foreigner "
        "return_city anonymised_on prison prisons merged_into",
        mask="person_key name search_name search_text aliases nik_last4 birth_place birth_date",
        drop="nik_cipher nik_digest nik_key address return_address",
    )
    liaison_reads = introduced(same="merged_into").showing(
        "public_id name sex education birth_date city domicile_code return_city is_foreigner "
        "merged_into anonymised_on",
        birth_place="CASE WHEN {fully} THEN birth_place ELSE '' END",
        nik_cipher="CASE WHEN {fully} AND EXISTS ("
        "SELECT FROM public.inmates_consent consent"
        " JOIN public.inmates_inmate record ON record.id = consent.inmate_id"
        " WHERE inmates_inmate.id IN (record.id, record.merged_into_id)"
        " AND consent.withdrawn_on IS NULL AND NOT EXISTS ("
        "SELECT FROM public.inmates_datalimit held"
        " WHERE held.inmate_id = record.id AND held.lifted_on IS NULL)) THEN nik_cipher END",
    )

    class Meta:
        verbose_name = _("warga binaan")
        verbose_name_plural = _("warga binaan")
        ordering = ["name", "id"]
        indexes = [
            GinIndex("prison", OpClass("search_text", "gin_trgm_ops"), name="inmate_prison_search"),
            GinIndex(
                "prisons", OpClass("search_text", "gin_trgm_ops"), name="inmate_prisons_search"
            ),
            models.Index(fields=["prison", "name", "id"], name="inmate_prison_name"),
            models.Index(fields=["birth_date", "search_name"], name="inmate_birth_name"),
            models.Index(fields=["name", "id"], name="inmate_name"),
            models.Index(fields=["nik_digest"], name="inmate_nik_digest"),
            GinIndex(
                OpClass("search_text", "gin_trgm_ops"),
                condition=Q(merged_into__isnull=False),
                name="inmate_merged_search",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="inmate_merged_into_another",
                violation_error_message=_("Pilih dua data yang berbeda."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="prison_from_custody",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("prison_id", "prisons"),
                func="""
                    IF pg_trigger_depth() = 1 THEN
                        NEW.prison_id := (
                            SELECT facility_id FROM inmates_custody
                             WHERE inmate_id = NEW.id AND until IS NULL);
                        NEW.prisons := ARRAY(
                            SELECT DISTINCT facility_id FROM inmates_custody
                             WHERE inmate_id = NEW.id ORDER BY facility_id);
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="merged_at_one_remove",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
                condition=pgtrigger.Q(new__merged_into__isnull=False),
                func="""
                    IF EXISTS (SELECT FROM inmates_inmate
                                WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
                       OR EXISTS (SELECT FROM inmates_inmate WHERE merged_into_id = NEW.id) THEN
                        RAISE EXCEPTION 'a merged record points to a canonical one'
                        USING ERRCODE = 'restrict_violation',
                              CONSTRAINT = 'inmate_merged_at_one_remove';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address_of("placements:person-detail", self.public_id)

    @property
    def age(self):
        """Whole years today, None without a birth date."""
        return self.birth_date and rules.age_on(self.birth_date, timezone.localdate())

    @property
    def masked_nik(self):
        """The NIK as pages show it: its last four digits, or an empty string."""
        return f"{'•' * 12}{self.nik_last4}" if self.nik_last4 else ""
