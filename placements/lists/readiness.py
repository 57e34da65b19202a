from urllib.parse import urlencode

import django_filters as filters
import django_tables2 as tables
from django.conf import settings
from django.db.models import Count
from django.http import QueryDict
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.columns import Table
from accounts.filters import FilterSet
from accounts.permissions import may
from inmates.filters import PersonFilter
from inmates.models import Inmate
from inmates.states import ReleaseBasis
from placements import checklist
from placements.employment import Readiness, ReadinessStanding

WITHIN_MONTHS = (1, 3, 6, 12, 24)
ANY, NOTHING = "any", "nothing"
CERTIFIED, TRAINED, UNTRAINED = "certified", "trained", "untrained"
HELD, NOT_HELD = "yes", "no"


class ReadinessFilter(FilterSet):
    """Without a choice of months, those whose list is open (`REFERRAL_BEGINS_MONTHS`)."""

    q = PersonFilter(label=_("Nama, nomor atau NIK"), method="search")
    months = filters.ChoiceFilter(
        label=_("Perkiraan bebas"),
        choices=[(f"{n}", format_lazy(_("dalam {months} bulan"), months=n)) for n in WITHIN_MONTHS],
        empty_label=format_lazy(
            _("segera ({months} bulan)"), months=settings.REFERRAL_BEGINS_MONTHS
        ),
        method="leaving",
    )
    missing = filters.ChoiceFilter(
        label=_("Yang belum ada"),
        choices=[
            (ANY, _("Apa saja")),
            (NOTHING, _("Tidak ada: lengkap")),
            *Readiness.choices,
        ],
        method="with_missing",
    )
    training = filters.ChoiceFilter(
        label=_("Pelatihan"),
        choices=[
            (CERTIFIED, _("Bersertifikat")),
            (TRAINED, _("Selesai pelatihan")),
            (UNTRAINED, _("Belum dilatih")),
        ],
        method="by_training",
    )
    card = filters.ChoiceFilter(
        label=_("Kartu AK-1"),
        choices=[(HELD, _("Punya")), (NOT_HELD, _("Belum punya"))],
        method="by_card",
    )

    class Meta:
        model = Inmate
        fields = ("q", "months", "missing", "training", "card")

    def __init__(self, data=None, *args, **kwargs):
        # A filter without data is not asked at all.
        super().__init__(QueryDict() if data is None else data, *args, **kwargs)

    def search(self, queryset, name, value):
        return queryset.search(value, at=self.request.user.facility_ids)

    def leaving(self, queryset, name, value):
        return queryset.leaving_within(int(value))

    def with_missing(self, queryset, name, value):
        if value == NOTHING:
            return checklist.complete(queryset)
        return checklist.lacking(queryset, *([] if value == ANY else [Readiness(value)]))

    def by_training(self, queryset, name, value):
        if value == UNTRAINED:
            return queryset.exclude(checklist.trained() | checklist.certified())
        return queryset.filter(
            {CERTIFIED: checklist.certified, TRAINED: checklist.trained}[value]()
        )

    def by_card(self, queryset, name, value):
        held = checklist.with_card()
        return queryset.filter(held) if value == HELD else queryset.exclude(held)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("months"):
            return rows
        return rows.leaving_within(settings.REFERRAL_BEGINS_MONTHS)


def quick_links(people, request):
    """How many of those whose list is open lack what, each with the query that lists them."""
    people = people.leaving_within(settings.REFERRAL_BEGINS_MONTHS)
    links = [(_("Belum lengkap"), ANY), (_("Lengkap"), NOTHING)]
    links += [(format_lazy(_("Tanpa {what}"), what=kind.label), kind.value) for kind in Readiness]
    counted = people.order_by().aggregate(
        everybody=Count("pk"),
        **{kind.value: Count("pk", filter=~checklist.is_there(kind)) for kind in Readiness},
    )
    lacking = checklist.lacking(people).order_by().count()
    numbers = counted | {ANY: lacking, NOTHING: counted["everybody"] - lacking}
    return [
        {
            "words": words,
            "query": urlencode({"missing": code}),
            "number": numbers[code],
            "is_current": request.GET.dict() == {"missing": code},
        }
        for words, code in links
    ]


class ItemColumn(tables.Column):
    """One thing of the list; who may write there finds a way to write it down in the cell."""

    empty_values = ()

    def __init__(self, kind):
        super().__init__(kind.label, orderable=False)
        self.kind = kind

    def render(self, record, table):
        return get_template("placements/_readiness_cell.html").render(
            {
                "item": self._item(record),
                "person": record,
                "back": table.request.get_full_path(),
                "may_record": may(table.request.user, "record_readiness", record.prison_id),
            }
        )

    def value(self, record):
        return in_words(self._item(record))

    def _item(self, record):
        return next(item for item in checklist.items_of(record) if item.kind == self.kind)


class ReadinessTable(Table):
    """Rows from `checklist.read`."""

    caption = _("Orang yang segera bebas dan keperluan kerjanya")

    name = tables.Column(
        _("Nama"),
        linkify=lambda record: reverse("placements:readiness-detail", args=[record.public_id]),
        order_by=("name", "id"),
    )
    expected_release = tables.Column(_("Perkiraan bebas"), order_by=("expected_release", "name"))
    training = tables.TemplateColumn(
        template_name="placements/_readiness_training.html",
        verbose_name=_("Pelatihan"),
        orderable=False,
    )
    card = tables.TemplateColumn(
        template_name="placements/_readiness_card.html", verbose_name=_("AK-1"), orderable=False
    )
    identity = ItemColumn(Readiness.IDENTITY)
    diploma = ItemColumn(Readiness.DIPLOMA)
    bank = ItemColumn(Readiness.BANK)
    cv = ItemColumn(Readiness.CV)
    police = ItemColumn(Readiness.POLICE)
    photo = ItemColumn(Readiness.PHOTO)

    class Meta:
        model = Inmate
        fields = ("name", "expected_release", "training", "card", *Readiness.values)
        attrs = {"class": "table table-hover table-dense"}

    def render_expected_release(self, value, record):
        way = ReleaseBasis(record.release_basis).label
        by = _("siap sebelum %(day)s") % {"day": f"{checklist.due_day(value):%d/%m/%Y}"}
        return format_html(
            '{} <span class="muted">{}</span><span class="muted small d-block">{}</span>',
            f"{value:%d/%m/%Y}",
            way,
            by,
        )

    def value_expected_release(self, value):
        return f"{value:%d/%m/%Y}"

    def value_training(self, record):
        return training_in_words(record)

    def value_card(self, record):
        day = record.card_expires_on
        return _("sampai %(day)s") % {"day": f"{day:%d/%m/%Y}"} if day else _("belum punya")


def in_words(item):
    """One thing of the list as a cell of a spreadsheet says it."""
    if item.standing == ReadinessStanding.THERE:
        return f"{item.standing.label} ({item.since:%d/%m/%Y})"
    if item.standing == ReadinessStanding.WAIVED:
        return f"{item.standing.label}: {item.note}"
    due = item.due and _("paling lambat %(day)s") % {"day": f"{item.due:%d/%m/%Y}"}
    return ", ".join(str(text) for text in (item.standing.label, due, item.note) if text)


def training_in_words(person):
    if person.is_certified:
        return _("bersertifikat")
    return _("selesai pelatihan") if person.is_trained else _("belum dilatih")
