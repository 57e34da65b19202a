import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from inmates.models import ImportRow, ImportRun, Inmate


class InmateTable(tables.Table):
    caption = _("Warga Binaan di lapas ini")

    name = tables.Column(_("Nama"), linkify=True)
    register_number = tables.Column(
        _("Nomor registrasi"), accessor="here", orderable=False, empty_values=([],)
    )
    register_class = tables.Column(
        _("Golongan"), accessor="here", orderable=False, empty_values=([],)
    )
    age = tables.Column(_("Usia"), order_by="-birth_date")
    education = tables.Column(_("Pendidikan"))
    city = tables.Column(_("Asal"))
    two_thirds = tables.DateColumn(
        verbose_name=_("2/3 masa pidana"), accessor="sentence__two_thirds", format="d/m/Y"
    )
    expires = tables.DateColumn(
        verbose_name=_("Ekspirasi"), accessor="sentence__expires", format="d/m/Y"
    )

    class Meta:
        model = Inmate
        fields = (
            *("name", "register_number", "register_class", "age", "education", "city"),
            *("two_thirds", "expires"),
        )

    def render_register_number(self, value):
        return value[0].register_number or "—"

    def render_register_class(self, value):
        return value[0].register_class or "—"


class ImportRunTable(tables.Table):
    caption = _("Impor sebelumnya")

    file_name = tables.Column(_("Berkas"), linkify=True, orderable=False)
    as_of = tables.DateColumn(verbose_name=_("Data per"), format="d/m/Y", orderable=False)
    created_at = tables.DateTimeColumn(
        verbose_name=_("Diunggah"), format="d/m/Y H.i", orderable=False
    )
    created_by = tables.Column(_("Oleh"), orderable=False)
    state = tables.TemplateColumn(
        "{% state_badge record %}", verbose_name=_("Keadaan"), orderable=False
    )

    class Meta:
        model = ImportRun
        fields = ("file_name", "as_of", "created_at", "created_by", "state")


class ImportRowTable(tables.Table):
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
