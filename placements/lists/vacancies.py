"""The list of vacancies: what it is narrowed by, its columns, and the links above it."""

import django_filters as filters
import django_tables2 as tables
from django.conf import settings
from django.db.models import Count, F, Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.columns import Table
from accounts.filters import TextFilter
from inmates import regions
from placements.employment import VacancyStanding
from placements.lists.employers import WIDE, InRegion, RegionalFilter
from placements.models import Employer, Vacancy
from training.models import Trade

TIGHT = {"td": {"class": "nowrap"}}
MOST_DAYS, MOST_PLACES = 3_650, 5_000


class VacancyFilter(RegionalFilter):
    q = TextFilter(label=_("Cari jabatan, pemberi kerja, nomor"), method="search")
    standing = filters.ChoiceFilter(
        label=_("Keadaan"), choices=VacancyStanding.choices, method="of_standing"
    )
    closing = filters.NumberFilter(
        label=_("Ditutup dalam (hari)"), method="closing_within", min_value=0, max_value=MOST_DAYS
    )
    trade = filters.ModelChoiceFilter(label=_("Kejuruan"), queryset=Trade.objects.all())
    region = InRegion(label=_("Wilayah"))
    employer = filters.ModelChoiceFilter(
        label=_("Pemberi kerja"),
        queryset=lambda request: Employer.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    free = filters.NumberFilter(
        label=_("Tempat kosong paling sedikit"),
        method="with_free_places",
        min_value=1,
        max_value=MOST_PLACES,
    )
    whose = filters.ChoiceFilter(
        label=_("Dicatat oleh"),
        choices=[("ours", _("Pihak saya")), ("others", _("Pihak lain"))],
        method="kept_by",
    )

    class Meta:
        model = Vacancy
        fields = ("q", "standing", "closing", "trade", "region", "employer", "free", "whose")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(title__icontains=value)
            | Q(employer__name__icontains=value)
            | Q(report_number__icontains=value)
        )

    def of_standing(self, queryset, name, value):
        return queryset.standing(value)

    def closing_within(self, queryset, name, value):
        return queryset.closing_within(int(value))

    def with_free_places(self, queryset, name, value):
        return queryset.filter(places__gte=F("places_filled") + int(value))

    def kept_by(self, queryset, name, value):
        ours = Vacancy.objects.kept_by(self.request.user).order_by().values("pk")
        return queryset.filter(pk__in=ours) if value == "ours" else queryset.exclude(pk__in=ours)


# The links above the list: words, query string, and the rows that it leaves.
QUICK = (
    (
        _("Dibuka"),
        {"standing": VacancyStanding.OPEN},
        lambda rows: rows.standing(VacancyStanding.OPEN),
    ),
    (
        _("Segera ditutup"),
        {"closing": settings.VACANCY_CLOSING_DAYS},
        lambda rows: rows.closing_within(settings.VACANCY_CLOSING_DAYS),
    ),
    (
        _("Terisi semua"),
        {"standing": VacancyStanding.FULL},
        lambda rows: rows.standing(VacancyStanding.FULL),
    ),
    (
        _("Lewat tanggal tutup"),
        {"standing": VacancyStanding.PAST},
        lambda rows: rows.standing(VacancyStanding.PAST),
    ),
)


def quick_links(queryset, request):
    """(words, query string, number of rows, whether it is the present one), counted at once."""
    queryset = queryset.order_by()
    numbers = queryset.aggregate(
        **{
            f"n{place}": Count("pk", filter=Q(pk__in=left(queryset).values("pk")))
            for place, (_words, _query, left) in enumerate(QUICK)
        }
    )
    return [
        {
            "words": words,
            "query": urlencode(query),
            "number": numbers[f"n{place}"],
            "is_current": request.GET.dict() == {key: str(value) for key, value in query.items()},
        }
        for place, (words, query, _left) in enumerate(QUICK)
    ]


class VacancyTable(Table):
    """The report number stands in the file, and on the page of one vacancy."""

    caption = _("Lowongan kerja")

    title = tables.Column(_("Jabatan"), linkify=True, attrs=WIDE)
    employer = tables.Column(
        _("Pemberi kerja"),
        accessor="employer__name",
        linkify=lambda record: record.employer.get_absolute_url(),
        attrs=WIDE,
    )
    standing = tables.TemplateColumn(
        template_name="placements/_vacancy_standing.html",
        verbose_name=_("Keadaan"),
        order_by=("state", "closes_on"),
    )
    places = tables.TemplateColumn(
        "{{ record.places_filled }} / {{ record.places }}",
        verbose_name=_("Terisi / jumlah"),
        order_by=("places",),
        attrs=TIGHT,
    )
    trade = tables.Column(_("Kejuruan"), accessor="trade__name")
    region = tables.Column(_("Wilayah"), accessor="region_code")
    pay_from = tables.Column(_("Upah sebulan"), empty_values=())
    closes_on = tables.TemplateColumn(
        "{{ record.closes_on|date:'d/m/Y' }}"
        "{% if record.standing == 'open' %} {% days_left record.closes_on %}{% endif %}",
        verbose_name=_("Ditutup pada"),
    )
    report_number = tables.Column(_("Nomor laporan"), orderable=False)

    class Meta:
        model = Vacancy
        fields = (
            *("title", "employer", "standing", "places", "trade", "region", "pay_from"),
            *("closes_on", "report_number"),
        )
        attrs = {"class": "table table-hover table-stacked"}

    def render_region(self, value):
        return regions.place_of(value)

    def value_region(self, value):
        return regions.name_of(value)

    def render_pay_from(self, record):
        return record.pay_in_words or "—"

    def value_pay_from(self, record):
        return record.pay_in_words

    def value_standing(self, record):
        return record.get_standing_display()

    def value_places(self, record):
        return f"{record.places_filled}/{record.places}"

    def value_closes_on(self, record):
        return f"{record.closes_on:%d/%m/%Y}"
