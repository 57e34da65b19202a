import django_tables2 as tables
from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2 import A

from accounts.columns import DayColumn, MomentColumn, StateColumn, Table
from inmates import rules
from inmates.models import ImportRow, ImportRun, Inmate
from inmates.states import ReleaseBasis


def _ordered_by(name, *, backwards=False):
    """An `order_...` of a table: who has no value comes last either way, then by name."""

    def order(self, queryset, is_descending):
        way = F(name).desc if is_descending != backwards else F(name).asc
        return queryset.order_by(way(nulls_last=True), "name", "id"), True

    return order


class InmateTable(Table):
    """`FOR_RECORDING` is what Disdukcapil asks to record somebody without a NIK."""

    caption = _("Warga Binaan di lapas ini")
    FOR_RECORDING = ("nik", "sex", "birth_place", "birth_date")

    name = tables.Column(_("Nama"), linkify=True, order_by=("name", "id"))
    person_key = tables.Column(visible=False)
    register_number = tables.Column(_("Nomor registrasi"))
    register_class = tables.Column(_("Golongan"))
    age = tables.Column(_("Usia"), accessor="birth_date")
    education = tables.Column(_("Pendidikan"))
    city = tables.Column(_("Asal"))
    is_resident = tables.Column(_("Warga kota"))
    expected_release = tables.Column(_("Perkiraan bebas"))
    release_basis = tables.Column(_("Dasar perkiraan"), visible=False)
    sex = tables.Column(visible=False, accessor="get_sex_display")
    birth_place = tables.Column(visible=False)
    birth_date = tables.Column(visible=False)
    nik = tables.LinkColumn(
        "inmates:inmate-nik",
        args=[A("public_id")],
        text=_("Isi NIK"),
        verbose_name=_("NIK"),
        accessor="public_id",
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "nowrap"}},
    )

    class Meta:
        model = Inmate
        fields = (
            *("name", "person_key", "register_number", "register_class", "age", "education"),
            *("city", "is_resident", "expected_release", "release_basis"),
            *("sex", "birth_place", "birth_date", "nik"),
        )

    order_register_number = _ordered_by("register_number")
    order_register_class = _ordered_by("register_class")
    order_age = _ordered_by("birth_date", backwards=True)
    order_education = _ordered_by("education")
    order_city = _ordered_by("city")
    order_is_resident = _ordered_by("is_resident")
    order_expected_release = _ordered_by("expected_release")

    def render_age(self, value):
        return rules.age_on(value, timezone.localdate())

    def render_is_resident(self, value):
        return _("ya") if value else _("bukan")

    def render_expected_release(self, value, record):
        basis = ReleaseBasis(record.release_basis).label
        if value < timezone.localdate():
            basis = format_html("{}, {}", basis, _("sudah lewat"))
        return format_html('{} <span class="muted">{}</span>', f"{value:%d/%m/%Y}", basis)

    def value_expected_release(self, value):
        return f"{value:%d/%m/%Y}"

    def value_birth_date(self, value):
        return f"{value:%d/%m/%Y}"

    def render_release_basis(self, value):
        return ReleaseBasis(value).label


class ImportRunTable(Table):
    caption = _("Impor sebelumnya")

    file_name = tables.Column(_("Berkas"), linkify=True, orderable=False)
    as_of = DayColumn(verbose_name=_("Data per"), orderable=False)
    created_at = MomentColumn(verbose_name=_("Diunggah"), orderable=False)
    created_by = tables.Column(_("Oleh"), orderable=False)
    state = StateColumn(verbose_name=_("Keadaan"), orderable=False)

    class Meta:
        model = ImportRun
        fields = ("file_name", "as_of", "created_at", "created_by", "state")


class AbsentTable(Table):
    caption = _("Ada di penempatan lapas ini, tidak ada di berkas")

    name = tables.TemplateColumn(
        template_name="inmates/_import_person.html", verbose_name=_("Nama"), orderable=False
    )

    class Meta:
        model = Inmate
        fields = ("name",)


class ImportRowTable(Table):
    caption = _("Baris berkas dan hasilnya")

    number = tables.Column(_("Baris"), orderable=False)
    name = tables.TemplateColumn(
        template_name="inmates/_import_person.html", verbose_name=_("Nama"), orderable=False
    )
    outcome = tables.TemplateColumn(
        template_name="inmates/_import_outcome.html", verbose_name=_("Hasil"), orderable=False
    )

    class Meta:
        model = ImportRow
        fields = ("number", "name", "outcome")
