import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, StateColumn
from partners.models import ActionItem, Agency, Agreement, Engagement

WIDE = {"td": {"class": "wide"}}


class AgencyTable(tables.Table):
    caption = _("Instansi mitra")

    name = tables.Column(verbose_name=_("Instansi"), linkify=True, attrs=WIDE)
    kind = tables.Column(verbose_name=_("Jenis"))
    parent = tables.Column(verbose_name=_("Induk"), accessor="parent__name")
    city = tables.Column(verbose_name=_("Kota"))
    agreements_in_force = tables.Column(verbose_name=_("Perjanjian berlaku"))
    last_engaged_on = DayColumn(verbose_name=_("Kunjungan terakhir"))

    class Meta:
        model = Agency
        fields = ("name", "kind", "parent", "city", "agreements_in_force", "last_engaged_on")


class EngagementTable(tables.Table):
    caption = _("Kunjungan, rapat, telepon dan surat")

    held_on = DayColumn(verbose_name=_("Tanggal"))
    purpose = tables.Column(verbose_name=_("Maksud"), linkify=True, attrs=WIDE)
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name", attrs=WIDE)
    kind = tables.Column(verbose_name=_("Jenis"))
    items_open = tables.Column(verbose_name=_("Tindak lanjut terbuka"))

    class Meta:
        model = Engagement
        fields = ("held_on", "purpose", "agency", "kind", "items_open")


class ActionItemTable(tables.Table):
    caption = _("Apa yang dijanjikan pada kunjungan, yang paling mendesak dulu")

    due = DayColumn(verbose_name=_("Batas waktu"))
    what = tables.Column(
        verbose_name=_("Tindak lanjut"),
        linkify=lambda record: record.engagement.get_absolute_url(),
        attrs=WIDE,
    )
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name")
    owner = tables.TemplateColumn(
        template_name="partners/_action_item_owner.html",
        verbose_name=_("Tugas"),
        order_by=("owner_role", "owner__name"),
    )
    state = tables.TemplateColumn(
        template_name="partners/_action_item_state.html",
        verbose_name=_("Keadaan"),
        order_by=("done_at", "due"),
    )
    act = tables.TemplateColumn(
        template_name="partners/_action_item_act.html",
        verbose_name="",
        orderable=False,
        exclude_from_export=True,
    )

    class Meta:
        model = ActionItem
        fields = ("due", "what", "agency", "owner", "state")

    def value_owner(self, record):
        return f"{record.owner_label}, {record.owner}" if record.owner else record.owner_label

    def value_state(self, record):
        return _("Selesai") if record.done_at else _("Belum selesai")


class AgreementTable(tables.Table):
    caption = _("Perjanjian dengan instansi mitra")

    title = tables.Column(verbose_name=_("Perjanjian"), linkify=True, attrs=WIDE)
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name", attrs=WIDE)
    numbers = tables.TemplateColumn(
        template_name="partners/_numbers.html",
        verbose_name=_("Nomor lapas / instansi"),
        order_by=("our_number", "their_number"),
    )
    starts_on = DayColumn(verbose_name=_("Mulai"))
    ends_on = tables.TemplateColumn(
        template_name="partners/_end.html", verbose_name=_("Berlaku sampai")
    )
    status = tables.TemplateColumn(
        template_name="partners/_status.html", verbose_name=_("Masa berlaku"), orderable=False
    )
    state = StateColumn(verbose_name=_("Keadaan"))

    class Meta:
        model = Agreement
        fields = ("title", "agency", "numbers", "starts_on", "ends_on", "status", "state")

    def value_ends_on(self, record):
        return record.ends_on

    def value_status(self, record):
        return record.get_status_display()

    def value_state(self, record):
        return record.get_state_display()
