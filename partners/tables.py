import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.badges import badge, days_left, state_badge
from accounts.columns import DayColumn, StateColumn, Table
from partners.models import ActionItem, Agency, Agreement, Engagement
from partners.states import AgreementStatus

WIDE = {"td": {"class": "wide"}}


class AgencyTable(Table):
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


class EngagementTable(Table):
    caption = _("Kunjungan, rapat, telepon dan surat")

    held_on = DayColumn(verbose_name=_("Tanggal"))
    purpose = tables.Column(verbose_name=_("Maksud"), linkify=True, attrs=WIDE)
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name", attrs=WIDE)
    kind = tables.Column(verbose_name=_("Jenis"))
    items_open = tables.Column(verbose_name=_("Tindak lanjut terbuka"))

    class Meta:
        model = Engagement
        fields = ("held_on", "purpose", "agency", "kind", "items_open")


class ActionItemTable(Table):
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


NOTHING = "—"
HOLDING = (AgreementStatus.IN_FORCE, AgreementStatus.EXPIRING)
DATED = set(AgreementStatus) - {AgreementStatus.UNSIGNED, AgreementStatus.CANCELLED}


def _numbers_of(agreement):
    """Of the prison and of the agency, or neither."""
    numbers = agreement.our_number, agreement.their_number
    return [number or NOTHING for number in numbers] if any(numbers) else []


class AgreementTable(Table):
    caption = _("Perjanjian dengan instansi mitra")

    title = tables.Column(verbose_name=_("Perjanjian"), linkify=True, attrs=WIDE)
    agency = tables.Column(verbose_name=_("Instansi"), accessor="agency__name", attrs=WIDE)
    numbers = tables.Column(
        verbose_name=_("Nomor lapas / instansi"),
        accessor="our_number",
        order_by=("our_number", "their_number"),
        empty_values=(),
    )
    starts_on = DayColumn(verbose_name=_("Mulai"))
    ends_on = tables.Column(verbose_name=_("Berlaku sampai"), empty_values=())
    status = tables.Column(
        verbose_name=_("Masa berlaku"), accessor="status_code", orderable=False, empty_values=()
    )
    state = StateColumn(verbose_name=_("Keadaan"))

    class Meta:
        model = Agreement
        fields = ("title", "agency", "numbers", "starts_on", "ends_on", "status", "state")

    def render_numbers(self, record):
        numbers = _numbers_of(record)
        if not numbers:
            return NOTHING
        return format_html_join(
            " ", '<span class="d-block small nowrap">{}</span>', ((one,) for one in numbers)
        )

    def value_numbers(self, record):
        return " ".join(_numbers_of(record)) or NOTHING

    def render_ends_on(self, record):
        if not record.ends_on:
            return NOTHING
        day = format_html('<span class="nowrap">{}</span>', record.ends_on.strftime("%d/%m/%Y"))
        if record.status_code not in HOLDING:
            return day
        return format_html("{} {}", day, days_left(record.ends_on))

    def value_ends_on(self, record):
        return record.ends_on

    def render_status(self, record):
        shown = state_badge(record, "status") if record.status_code in DATED else NOTHING
        if not record.is_past_notice:
            return shown
        return format_html("{} {}", shown, badge(_("lewat batas usulan"), "bad"))

    def value_status(self, record):
        return record.get_status_display()

    def value_state(self, record):
        return record.get_state_display()
