import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, MomentColumn, NameColumn, StateColumn, Table
from partners.models import Obligation
from reports.models import Handover, Report
from training.models import Candidate, Enrolment, PlanLine

WIDE = {"td": {"class": "wide"}}


class HandoverTable(Table):
    caption = _("Serah terima jabatan, yang terbaru dulu")

    post = tables.Column(
        _("Jabatan"),
        accessor="data__post",
        linkify=lambda record: record.get_absolute_url(),
        attrs=WIDE,
    )
    leaves = tables.Column(_("Yang menyerahkan"), accessor="posting__user__name", attrs=WIDE)
    follows = tables.Column(
        _("Penerus"), accessor="successor__user__name", default=_("belum ada"), attrs=WIDE
    )
    last_day = DayColumn(
        verbose_name=_("Hari terakhir"),
        accessor="posting__until",
    )
    facility = tables.Column(_("Lapas"), accessor="facility__name")

    class Meta:
        model = Handover
        fields = ("post", "leaves", "follows", "last_day", "facility")


class ParticipantTable(Table):
    caption = _("Keikutsertaan dan tahap yang dicapai")

    participant_code = tables.Column(_("Kode"), attrs={"td": {"class": "nowrap"}})
    inmate = NameColumn(_("Nama"), linkify=True, order_by=("inmate__name", "pk"), attrs=WIDE)
    batch = NameColumn(_("Angkatan"), linkify=True, attrs=WIDE)
    course = tables.Column(_("Program"), accessor="batch__course__name", attrs=WIDE)
    facility = tables.Column(_("Lapas"), accessor="facility__name", attrs=WIDE)
    starts_on = DayColumn(
        verbose_name=_("Mulai"),
        accessor="batch__starts_on",
    )
    state = StateColumn(verbose_name=_("Keadaan"))
    certified_on = DayColumn(verbose_name=_("Sertifikat"))
    referred_on = DayColumn(verbose_name=_("Dirujuk"))
    placed_on = DayColumn(verbose_name=_("Mulai bekerja"))
    days = tables.Column(_("Hari"), empty_values=(), orderable=False)

    class Meta:
        model = Enrolment
        fields = (
            *("participant_code", "inmate", "batch", "course", "facility", "starts_on", "state"),
            *("certified_on", "referred_on", "placed_on", "days"),
        )

    def __init__(self, *args, took="", **kwargs):
        super().__init__(*args, **kwargs)
        self.took = f"took_{took}"

    def render_days(self, record):
        """Of the step whose length is asked for."""
        return getattr(record, self.took).days


class CandidacyTable(Table):
    caption = _("Calon peserta menurut angkatan")

    inmate = NameColumn(_("Nama"), linkify=True, order_by=("inmate__name", "pk"), attrs=WIDE)
    batch = NameColumn(_("Angkatan"), linkify=True, attrs=WIDE)
    course = tables.Column(_("Program"), accessor="batch__course__name", attrs=WIDE)
    rank = tables.Column(_("Urutan"))
    state = StateColumn(verbose_name=_("Keadaan"))
    created_at = DayColumn(verbose_name=_("Diusulkan"))

    class Meta:
        model = Candidate
        fields = ("inmate", "batch", "course", "rank", "state", "created_at")


class ReportTable(Table):
    caption = _("Laporan bulanan, yang terbaru dulu")

    starts_on = tables.Column(
        _("Bulan"), linkify=lambda record: record.get_absolute_url(), attrs=WIDE
    )
    facility = tables.Column(_("Lapas"), accessor="facility__name", attrs=WIDE)
    state = tables.TemplateColumn(
        "{% if record.state == 'ready' %}{% badge record.get_state_display 'good' %}"
        "{% else %}{% state_badge record %}{% endif %}",
        verbose_name=_("Angka"),
    )
    counted_at = MomentColumn(verbose_name=_("Dihitung"))
    due_on = DayColumn(verbose_name=_("Paling lambat"))
    letter = tables.Column(_("Surat"), accessor="letter__number", attrs=WIDE)

    class Meta:
        model = Report
        fields = ("starts_on", "facility", "state", "counted_at", "due_on", "letter")

    def render_starts_on(self, record):
        return str(record)

    def value_starts_on(self, record):
        return record.starts_on

    def value_state(self, record):
        return record.get_state_display()


class PlanLineTable(Table):
    caption = _("Baris rencana tahunan")

    course = tables.Column(
        _("Program"),
        accessor="course__name",
        linkify=lambda record: record.get_absolute_url(),
        attrs=WIDE,
    )
    year = tables.Column(_("Tahun"))
    agency = tables.Column(_("Instansi"), accessor="agency__name", attrs=WIDE)
    facility = tables.Column(_("Lapas"), accessor="facility__name", attrs=WIDE)
    fund = tables.Column(_("Sumber dana"))

    class Meta:
        model = PlanLine
        fields = (
            *("course", "year", "agency", "facility", "fund"),
            *("seats_planned", "seats_requested", "seats_granted"),
        )


class ObligationTable(Table):
    caption = _("Kewajiban yang belum dipenuhi, yang paling mendesak dulu")

    what = tables.Column(_("Kewajiban"), linkify=True, attrs=WIDE)
    due = DayColumn(verbose_name=_("Paling lambat"))
    party = tables.Column(_("Pihak"))
    agreement = NameColumn(_("Perjanjian"), linkify=True, attrs=WIDE, named_by="title")
    agency = tables.Column(_("Instansi"), accessor="agreement__agency__name", attrs=WIDE)

    class Meta:
        model = Obligation
        fields = ("what", "due", "party", "agreement", "agency")
