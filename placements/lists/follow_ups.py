"""Follow-ups: the due list with its filters, the figures above it, and the files of both sides."""

from dataclasses import dataclass
from datetime import timedelta

import django_filters as filters
import django_tables2 as tables
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.columns import DayColumn, Table
from accounts.days import day_in_words
from accounts.filters import OfPrison, RecordedFilter
from accounts.stand_ins import asked_often
from inmates.filters import PersonFilter
from inmates.models import Inmate
from partners.models import Agency
from placements import asking, figures
from placements.employment import FollowUpOutcome, FollowUpOwner, FollowUpState
from placements.models import FollowUp
from training.filters import YearFilter
from training.models import Course

SOON, LATE, PLANNED, DONE, OFF, ALL = "soon", "late", "planned", "done", "off", "all"
NOW = "now"
WHEN = (
    (NOW, _("Perlu ditanyakan sekarang")),
    (LATE, _("Terlambat")),
    (PLANNED, _("Semua yang dijadwalkan")),
    (DONE, _("Sudah dicatat")),
    (OFF, _("Tidak berlaku")),
    (ALL, _("Semua")),
)
DUE, REACHED, WORKING, MISSED = "due", "reached", "working", "missed"
FOUND = (
    (DUE, _("Jatuh tempo sampai hari ini")),
    (REACHED, _("Terjangkau")),
    (WORKING, _("Bekerja")),
    (MISSED, _("Belum terjangkau")),
)


class FollowUpFilter(OfPrison):
    """Without a choice of `when` or `found`, what is due soon or late; `found` is what figures say.

    That somebody is detained again can be asked for only by whoever may take it along.
    """

    q = PersonFilter(label=_("Cari nama"), method="search")
    when = filters.ChoiceFilter(
        label=_("Waktu"), choices=WHEN, empty_label=_("Jatuh tempo dan mendatang"), method="timed"
    )
    months = filters.ChoiceFilter(label=_("Bulan ke"))
    owner = filters.ChoiceFilter(label=_("Pelaksana"), choices=FollowUpOwner.choices)
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user).order_by("name"),
        to_field_name="public_id",
    )
    course = filters.ModelChoiceFilter(
        label=_("Program"),
        queryset=lambda request: Course.objects.visible_to(request.user).order_by("name"),
        to_field_name="public_id",
        method="learned",
    )
    outcome = filters.ChoiceFilter(label=_("Hasil"))
    found = filters.ChoiceFilter(label=_("Angka"), choices=FOUND, method="counted")
    year = YearFilter(label=_("Tahun jatuh tempo"), field_name="due_on")
    recorded = RecordedFilter(label=_("Dicatat sejak"), field_name="state_at")

    class Meta:
        model = FollowUp
        fields = (
            *("q", "when", "months", "owner", "agency", "course", "outcome", "found", "year"),
            "recorded",
        )

    def __init__(self, data=None, *args, **kwargs):
        # A filter without data is not asked at all.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)
        months = [*settings.FOLLOW_UP_MONTHS, 0]
        self.filters["months"].extra["choices"] = [(n, asking.name_of(n)) for n in months]
        self.filters["outcome"].extra["choices"] = [
            (code, label)
            for code, label in FollowUpOutcome.choices
            if code != asking.RESTRICTED or asking.may_ask_for_restricted(self.request.user)
        ]
        if self.request.user.is_liaison:
            for name in ("owner", "agency"):
                del self.filters[name]

    def search(self, queryset, name, value):
        if self.request.user.is_liaison:  # by the name alone: a number must not be tried out
            own = Q(inmate__merged_into=None, inmate__name__icontains=value)
            return queryset.filter(own | Q(inmate__merged_into__name__icontains=value))
        listed = Inmate.objects.filter(pk__in=queryset.order_by().values("inmate"))
        people = listed.search(value, at=self.request.user.facility_ids)
        return queryset.filter(inmate__in=people.order_by().values("pk"))

    def timed(self, queryset, name, value):
        if value == NOW:  # what the reader's own side is to ask
            return queryset.due() if self.request.user.is_liaison else queryset.due_here()
        return queryset.filter(_TIMES[value](timezone.localdate()))

    def learned(self, queryset, name, value):
        return figures.of_course(queryset, value.pk)

    def counted(self, queryset, name, value):
        rows = queryset.counted()
        if value == REACHED:
            return rows.reached()
        if value == WORKING:
            return rows.working()
        return rows.not_reached() if value == MISSED else rows

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data
        if any(chosen.get(name) for name in ("when", "found", "outcome")):
            return rows
        return rows.filter(_TIMES[SOON](timezone.localdate()))


_TIMES = {
    SOON: lambda today: Q(
        state=FollowUpState.DUE,
        due_on__lte=today + timedelta(days=settings.FOLLOW_UP_SOON_DAYS),
    ),
    LATE: lambda today: Q(state=FollowUpState.DUE, due_on__lt=today),
    PLANNED: lambda today: Q(state=FollowUpState.DUE),
    DONE: lambda today: Q(state=FollowUpState.DONE),
    OFF: lambda today: Q(state=FollowUpState.CANCELLED),
    ALL: lambda today: Q(),
}
# What the figures above the list follow; the rest of the filter only chooses rows below them.
NARROWS = ("q", "owner", "agency", "course", "year", "facility")


@dataclass(frozen=True)
class Line:
    """The figures of one month (`months` None: of all), and the query of what they are narrowed by,
    to which `to` adds what makes it that of exactly the rows of one figure."""

    months: int | None
    reach: figures.Reach
    query: str

    @property
    def label(self):
        return _t("Semua bulan") if self.months is None else asking.name_of(self.months)

    def to(self, found):
        months = "" if self.months is None else f"months={self.months}"
        return f"?{'&'.join(filter(None, (self.query, months, f'found={found}')))}"


def lines_of(queryset, request):
    """The figures of these follow-ups by month and in all, as narrowed by the list's filter.

    In one statement; empty as long as nothing was due.
    """
    narrowed = request.GET.copy()
    for name in [name for name in narrowed if name not in NARROWS or not narrowed[name]]:
        del narrowed[name]
    if narrowed or len(request.user.facility_ids) != 1:
        asked = narrowed.copy()
        asked["found"] = DUE
        rows = FollowUpFilter(asked, queryset, request=request).qs
        by_months = figures.reach(rows, by=(figures.MONTHS,))
        found = [(months, reach) for (months,), reach in sorted(by_months.items())]
    else:
        found = [(months, figures.Reach(*counted)) for months, *counted in _by_months(request.user)]
    query = narrowed.urlencode()
    lines = [Line(months, reach, query) for months, reach in found]
    if len(lines) > 1:
        lines.append(Line(None, figures.total(line.reach for line in lines), query))
    return lines


@asked_often
def _by_months(reader):
    """What `figures.reach` counts by month where nothing is narrowed."""
    return figures.by_months(FollowUp.objects.visible_to(reader))


class FollowUpTable(Table):
    """The prison's file. What is restricted is written only for who may take it along."""

    caption = _("Pemantauan sesudah bebas atau mulai bekerja")

    inmate = tables.Column(_("Nama"), order_by=("inmate__name", "pk"))
    months = tables.Column(_("Bulan ke"))
    due_on = DayColumn(verbose_name=_("Jatuh tempo"))
    owner = tables.Column(_("Pelaksana"), orderable=False)
    agency = tables.Column(_("Instansi"), orderable=False)
    contact = tables.Column(_("Kontak"), orderable=False, empty_values=())
    state = tables.Column(_("Keadaan"), orderable=False)
    done_on = DayColumn(verbose_name=_("Dihubungi pada"))
    channel = tables.Column(_("Cara"), orderable=False)
    outcome = tables.Column(_("Hasil"), orderable=False, empty_values=())
    employer = tables.Column(_("Tempat bekerja"), orderable=False)
    pay_band = tables.Column(_("Upah"), orderable=False)
    is_same_job = tables.BooleanColumn(verbose_name=_("Pekerjaan sama"), orderable=False)
    help_needed = tables.Column(_("Bantuan"), orderable=False)

    class Meta:
        model = FollowUp
        fields = (
            "inmate", "months", "due_on", "owner", "agency", "contact", "state", "done_on",
            "channel", "outcome", "employer", "pay_band", "is_same_job", "help_needed",
        )  # fmt: skip
        order_by = ("due_on",)

    def value_inmate(self, record):
        return (record.inmate.merged_into or record.inmate).name

    def value_months(self, value):
        return value or _t("Kabar")

    def value_contact(self, record):
        if asking.has_leave(record.has_consent, record.sentence_ends):
            return record.contact
        return _t("tanpa persetujuan")

    def value_outcome(self, record):
        return record.get_outcome_display() if self._is_told(record) else _t("terbatas")

    def value_state(self, record):
        return record.get_state_display() if self._is_told(record) else _t("terbatas")

    def _is_told(self, record):
        return asking.takes_outcome_along(self.request.user, record)

    def value_done_on(self, value):
        return day_in_words(value, "d/m/Y") if value else ""

    def value_is_same_job(self, value):
        return {True: _t("ya"), False: _t("tidak")}.get(value, "")


class FollowedTable(Table):
    """An agency's file, as `placements.followed` tells it."""

    name = tables.Column(_("Nama"))
    title = tables.Column(_("Pemantauan"))
    due_on = DayColumn(verbose_name=_("Jatuh tempo"))
    contact = tables.Column(_("Kontak"))
    job = tables.Column(_("Pekerjaan"))
    employer = tables.Column(_("Pemberi kerja"))
    learned = tables.Column(_("Hasil"), empty_values=())

    def value_learned(self, value):
        return f"{value.outcome} ({value.on:%d/%m/%Y})" if value else ""
