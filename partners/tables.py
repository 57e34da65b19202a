import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from partners.models import Agency, Agreement, Engagement

WIDE = {"td": {"class": "wide"}}


class AgencyTable(tables.Table):
    caption = _("Instansi mitra")

    name = tables.Column(verbose_name=_("Instansi"), linkify=True, attrs=WIDE)
    kind = tables.Column(verbose_name=_("Jenis"))
    parent = tables.Column(verbose_name=_("Induk"), accessor="parent__name")
    city = tables.Column(verbose_name=_("Kota"))
    agreements_in_force = tables.Column(verbose_name=_("Perjanjian berlaku"))
    last_engaged_on = tables.DateColumn(verbose_name=_("Kunjungan terakhir"), format="d/m/Y")

    class Meta:
        model = Agency
        fields = ("name", "kind", "parent", "city", "agreements_in_force", "last_engaged_on")


class EngagementTable(tables.Table):
    caption = _("Kunjungan, rapat, telepon dan surat")

    held_on = tables.DateColumn(verbose_name=_("Tanggal"), format="d/m/Y")
    purpose = tables.Column(verbose_name=_("Maksud"), linkify=True, attrs=WIDE)
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name", attrs=WIDE)
    kind = tables.Column(verbose_name=_("Jenis"))
    items_open = tables.Column(verbose_name=_("Tindak lanjut terbuka"))

    class Meta:
        model = Engagement
        fields = ("held_on", "purpose", "agency", "kind", "items_open")


class AgreementTable(tables.Table):
    caption = _("Perjanjian dengan instansi mitra")

    title = tables.Column(verbose_name=_("Perjanjian"), linkify=True, attrs=WIDE)
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name", attrs=WIDE)
    numbers = tables.TemplateColumn(
        template_name="partners/_numbers.html",
        verbose_name=_("Nomor lapas / instansi"),
        order_by=("our_number", "their_number"),
    )
    starts_on = tables.DateColumn(verbose_name=_("Mulai"), format="d/m/Y")
    ends_on = tables.TemplateColumn(
        template_name="partners/_end.html", verbose_name=_("Berlaku sampai")
    )
    status = tables.TemplateColumn(
        template_name="partners/_status.html", verbose_name=_("Masa berlaku"), orderable=False
    )
    state = tables.TemplateColumn("{% state_badge record %}", verbose_name=_("Keadaan"))

    class Meta:
        model = Agreement
        fields = ("title", "agency", "numbers", "starts_on", "ends_on", "status", "state")

    def value_ends_on(self, record):
        return record.ends_on

    def value_status(self, record):
        return record.get_status_display()

    def value_state(self, record):
        return record.get_state_display()
