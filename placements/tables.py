import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, MomentColumn, StateColumn, Table
from accounts.models import AccessRecord
from inmates.models import Absence, Circumstance, Inmate, Transfer
from inmates.services import transfers
from inmates.states import CustodyEnd
from placements.documents import act_in_words, page_in_words
from placements.forms.absence import AbsenceForm
from placements.rules import difference
from placements.services import retention


class TransferTable(Table):
    """Each row in the reader's shape: until accepted, the asking prison sees no name, no origin."""

    caption = _("Mutasi ke dan dari lapas ini")

    person = tables.Column(
        _("Warga Binaan"),
        accessor="inmate__person_key",
        linkify=lambda record: record.get_absolute_url(),
        orderable=False,
    )
    origin = tables.Column(_("Dari"), orderable=False)
    destination = tables.Column(_("Ke"), orderable=False)
    moved_on = DayColumn(verbose_name=_("Pindah pada"))
    state = StateColumn(verbose_name=_("Keadaan"), orderable=False)

    class Meta:
        model = Transfer
        fields = ("person", "origin", "destination", "moved_on", "state")

    def render_person(self, record):
        seen = transfers.seen(record, self.request.user)
        return f"{seen.name} ({seen.person_key})" if seen.name else seen.person_key

    def render_origin(self, record):
        return transfers.seen(record, self.request.user).origin

    def value_state(self, record):
        return record.get_state_display()


class CircumstanceTable(Table):
    caption = _("Perubahan keadaan Warga Binaan")

    inmate = tables.Column(_("Warga Binaan"), linkify=lambda record: record.get_absolute_url())
    kind = tables.Column(_("Perubahan"), orderable=False)
    old = tables.Column(_("Semula"), orderable=False)
    new = tables.Column(_("Menjadi"), orderable=False)
    effective = DayColumn(verbose_name=_("Berlaku"))
    created_at = MomentColumn(verbose_name=_("Dicatat"))
    decision = tables.TemplateColumn(
        "{% if record.decision %}{% state_badge record 'decision' %}"
        "{% else %}{% badge _('Belum diputuskan') 'wait' %}{% endif %}",
        verbose_name=_("Keputusan"),
        orderable=False,
    )

    class Meta:
        model = Circumstance
        fields = ("inmate", "kind", "old", "new", "effective", "created_at", "decision")

    def render_old(self, record):
        return difference(record.kind, record.old, record.new).old or "—"

    def render_new(self, record):
        return difference(record.kind, record.old, record.new).new or "—"

    def value_decision(self, record):
        return record.get_decision_display()


class AbsenceTable(Table):
    """Open rows carry the fields of their decision; `forms` are those that came back, by key."""

    caption = _("Tidak tercantum lagi dalam register")

    pick = tables.Column(_("Pilih"), empty_values=(), orderable=False, exclude_from_export=True)
    inmate = tables.Column(_("Nama"), order_by="inmate__name")
    register_number = tables.Column(_("Nomor registrasi"), orderable=False)
    as_of = DayColumn(
        verbose_name=_("Tidak ada dalam register per"),
        accessor="run__as_of",
        orderable=False,
    )
    decision = tables.Column(_("Keputusan"), empty_values=(), orderable=False)
    on = tables.Column(_("Tanggal"), empty_values=(), orderable=False, exclude_from_export=True)
    moved_to = tables.Column(
        _("Pindah ke"), empty_values=(), orderable=False, exclude_from_export=True
    )

    class Meta:
        model = Absence
        fields = ("pick", "inmate", "decision", "on", "moved_to", "register_number", "as_of")
        sequence = fields

    def __init__(self, *args, forms=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.forms = dict(forms or {})

    def render_inmate(self, record):
        return format_html(
            '<a href="{}">{}</a>', record.inmate.get_absolute_url(), record.inmate.name
        )

    def value_inmate(self, record):
        return record.inmate.name

    def render_pick(self, record):
        return self._field(record, "pick")

    def render_decision(self, record):
        if record.decision:
            who = record.decided_by or _("impor register")
            return f"{record.get_decision_display()} ({who})"
        return self._field(record, "decision")

    def value_decision(self, record):
        return record.get_decision_display() if record.decision else ""

    def render_on(self, record):
        return self._field(record, "on")

    def render_moved_to(self, record):
        return self._field(record, "moved_to")

    def _field(self, record, name):
        if record.decision:
            return ""
        if record.pk not in self.forms:
            self.forms[record.pk] = AbsenceForm(absence=record)
        field = self.forms[record.pk][name]
        return format_html("{}{}", field, field.errors)


class AccessTable(Table):
    caption = _("Yang melihat atau mengunduh data orang ini")

    at = MomentColumn(verbose_name=_("Waktu"))
    user_name = tables.Column(_("Pengguna"), empty_values=(), orderable=False)
    act = tables.Column(_("Tindakan"), orderable=False)
    path = tables.Column(_("Halaman"), orderable=False)

    class Meta:
        model = AccessRecord
        fields = ("at", "user_name", "act", "path")

    def render_user_name(self, record):
        return record.user_name or record.user_email

    def value_at(self, value):
        return date_format(localtime(value), "d/m/Y H.i")

    def render_act(self, value):
        return act_in_words(value)

    def render_path(self, value):
        return page_in_words(value)


class RetentionTable(Table):
    caption = _("Yang masa simpannya berakhir")

    name = tables.Column(_("Nama"), linkify=True, orderable=False)
    left_on = DayColumn(verbose_name=_("Keluar pada"), orderable=False)
    left_how = tables.Column(_("Cara keluar"), orderable=False)
    due_on = DayColumn(verbose_name=_("Dianonimkan mulai"), orderable=False)
    held_by = tables.Column(_("Ditahan karena"), empty_values=(), orderable=False)

    class Meta:
        model = Inmate
        fields = ("name", "left_on", "left_how", "due_on", "held_by")

    def render_left_how(self, value):
        return CustodyEnd(value).label if value in CustodyEnd.values else "—"

    def render_held_by(self, record):
        return ", ".join(str(reason) for reason in retention.held_by(record)) or "—"
