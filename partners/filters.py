from datetime import timedelta

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import Count, Q, Value
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.filters import FilterSet, OfPrison, TextFilter
from accounts.forms.layout import DayInput
from accounts.roles import ROLE_LABELS
from accounts.stand_ins import asked_often
from partners.models import ActionItem, Agency, Agreement, Engagement
from partners.states import (
    PAST_NOTICE,
    AgencyKind,
    AgreementKind,
    AgreementState,
    AgreementStatus,
    EngagementKind,
)

STATUS_CHOICES = [
    (AgreementStatus.IN_FORCE, AgreementStatus.IN_FORCE.label),
    (AgreementStatus.EXPIRING, AgreementStatus.EXPIRING.label),
    PAST_NOTICE,
    (AgreementStatus.NOT_YET, AgreementStatus.NOT_YET.label),
    (AgreementStatus.ENDED, AgreementStatus.ENDED.label),
    (AgreementStatus.UNSIGNED, AgreementStatus.UNSIGNED.label),
    (AgreementStatus.TERMINATED, AgreementStatus.TERMINATED.label),
    (AgreementStatus.CANCELLED, AgreementStatus.CANCELLED.label),
]
LATE = "late"
OBLIGATION_CHOICES = [("open", _("Ada yang belum dipenuhi")), (LATE, _("Ada yang terlambat"))]


def agency_choice():
    """Select box of the agencies that the reader may see."""
    return filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )


class AgencyFilter(FilterSet):
    q = TextFilter(label=_("Cari"), field_name="name", lookup_expr="icontains")
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=AgencyKind.choices)

    class Meta:
        model = Agency
        fields = ("q", "kind")


class EngagementFilter(FilterSet):
    q = TextFilter(label=_("Cari"), method="search")
    agency = agency_choice()
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=EngagementKind.choices)
    since = filters.DateFilter(
        label=_("Dari tanggal"), field_name="held_on", lookup_expr="gte", widget=DayInput
    )
    until = filters.DateFilter(
        label=_("Sampai tanggal"), field_name="held_on", lookup_expr="lte", widget=DayInput
    )
    promises = filters.ChoiceFilter(
        label=_("Tindak lanjut"),
        method="with_promises",
        choices=[("open", _("Ada yang terbuka")), ("late", _("Ada yang lewat batas"))],
    )

    class Meta:
        model = Engagement
        fields = ("q", "agency", "kind", "since", "until", "promises")

    def search(self, queryset, name, value):
        return queryset.filter(Q(purpose__icontains=value) | Q(result__icontains=value))

    def with_promises(self, queryset, name, value):
        return queryset.promising(late=value == "late")


class ActionItemFilter(FilterSet):
    """Open promises, unless another state is chosen."""

    q = TextFilter(label=_("Cari"), field_name="what", lookup_expr="icontains")
    whose = filters.ChoiceFilter(
        label=_("Tugas siapa"),
        method="of_reader",
        choices=[("mine", _("Tugas saya"))],
        empty_label=_("Semua jabatan"),
    )
    post = filters.MultipleChoiceFilter(
        label=_("Jabatan"),
        method="of_posts",
        choices=list(ROLE_LABELS.items()),
        widget=forms.MultipleHiddenInput,
    )
    agency = agency_choice()
    state = filters.ChoiceFilter(
        label=_("Keadaan"),
        method="in_state",
        choices=[
            ("late", _("Lewat batas")),
            ("done", _("Selesai")),
            ("all", _("Semua")),
        ],
        empty_label=_("Belum selesai"),
    )

    class Meta:
        model = ActionItem
        fields = ("q", "whose", "post", "agency", "state")

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        return queryset if self.form.cleaned_data.get("state") else queryset.open()

    def of_reader(self, queryset, name, value):
        return queryset.owned_by(self.request.user)

    def of_posts(self, queryset, name, value):
        return queryset.of_posts(value)

    def in_state(self, queryset, name, value):
        if value == "late":
            return queryset.late()
        return queryset.filter(done_at__isnull=False) if value == "done" else queryset


class DaysFilter(filters.NumberFilter):
    """A number of days, up to ten years."""

    field_class = forms.IntegerField

    def __init__(self, *, label, method, usual):
        super().__init__(label=label, method=method, min_value=0, max_value=3650)
        self.extra["widget"] = forms.NumberInput(attrs={"placeholder": usual})


class AgreementFilter(OfPrison):
    """What the list, the timeline and the register of agreements are narrowed by."""

    q = TextFilter(label=_("Cari"), method="search")
    agency = agency_choice()
    kind = filters.ChoiceFilter(label=_("Jenis"), choices=AgreementKind.choices)
    status = filters.ChoiceFilter(
        label=_("Masa berlaku"), method="having_status", choices=STATUS_CHOICES
    )
    state = filters.ChoiceFilter(label=_("Keadaan"), choices=AgreementState.choices)
    on = filters.DateFilter(
        label=_("Berlaku pada tanggal"),
        method="in_force_on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ending = DaysFilter(
        label=_("Berakhir dalam (hari)"),
        method="ending_within",
        usual=settings.AGREEMENT_EXPIRING_DAYS,
    )
    unsigned = DaysFilter(
        label=_("Belum ditandatangani lebih dari (hari)"),
        method="unsigned_for",
        usual=settings.AGREEMENT_UNSIGNED_DAYS,
    )
    obligations = filters.ChoiceFilter(
        label=_("Kewajiban"), method="having_obligations", choices=OBLIGATION_CHOICES
    )
    notice = DaysFilter(
        label=_("Batas usulan dalam (hari)"),
        method="notice_within",
        usual=settings.AGREEMENT_EXPIRING_DAYS,
    )
    renewed = filters.ChoiceFilter(
        label=_("Penerus"), method="without_successor", choices=[("no", _("Belum ada"))]
    )
    seats = filters.ChoiceFilter(
        label=_("Kursi"), method="with_seats", choices=[("promised", _("Dijanjikan per tahun"))]
    )

    class Meta:
        model = Agreement
        fields = (
            "q",
            "agency",
            "kind",
            "status",
            "state",
            "on",
            "ending",
            "unsigned",
            "obligations",
            "notice",
            "renewed",
            "seats",
        )

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(title__icontains=value)
            | Q(our_number__icontains=value)
            | Q(their_number__icontains=value)
            | Q(agency__name__icontains=value)
        )

    def having_status(self, queryset, name, value):
        return queryset.having_status(value)

    def in_force_on(self, queryset, name, value):
        return queryset.in_force(value)

    def ending_within(self, queryset, name, value):
        return queryset.ending_within(value)

    def unsigned_for(self, queryset, name, value):
        return queryset.unsigned_for(value)

    def having_obligations(self, queryset, name, value):
        return queryset.with_obligations(late=value == LATE)

    def notice_within(self, queryset, name, value):
        return queryset.notice_within(value)

    def without_successor(self, queryset, name, value):
        return queryset.not_renewed()

    def with_seats(self, queryset, name, value):
        return queryset.promising_seats()


# Words and query strings of the links above the list, and what the filter finds for each: of the
# agreements that the reader sees, and the moment before which the long unsigned were written down.
QUICK = (
    (
        _("Berlaku"),
        {"status": AgreementStatus.IN_FORCE},
        lambda rows, _since: rows.having_status(AgreementStatus.IN_FORCE),
    ),
    (
        _("Akan berakhir"),
        {"ending": settings.AGREEMENT_EXPIRING_DAYS},
        lambda rows, _since: rows.ending_within(settings.AGREEMENT_EXPIRING_DAYS),
    ),
    (
        _("Lewat batas usulan"),
        {"status": PAST_NOTICE[0]},
        lambda rows, _since: rows.having_status(PAST_NOTICE[0]),
    ),
    (
        _("Lama belum ditandatangani"),
        {"unsigned": settings.AGREEMENT_UNSIGNED_DAYS},
        lambda rows, since: rows.unsigned_since(since),
    ),
    (
        _("Kewajiban terlambat"),
        {"obligations": LATE},
        lambda rows, _since: rows.with_obligations(late=True),
    ),
)


@asked_often
def _counted(reader, since):
    rows = Agreement.objects.visible_to(reader).order_by()
    numbers = {
        f"n{place}": Count("pk", filter=Q(pk__in=choose(rows, since).order_by().values("pk")))
        for place, (_words, _query, choose) in enumerate(QUICK)
    }
    whole = rows.annotate(whole=Value(1)).values("whole")
    return whole.annotate(**numbers).values_list(*numbers)


def quick_links(request):
    """(words, query string, number of rows, whether it is the present one), counted at once."""
    since = timezone.now() - timedelta(days=settings.AGREEMENT_UNSIGNED_DAYS)
    counted = _counted(request.user, since)
    numbers = counted[0] if counted else [0] * len(QUICK)
    return [
        {
            "words": words,
            "query": urlencode(query),
            "number": number,
            "is_current": request.GET.dict() == {key: str(value) for key, value in query.items()},
        }
        for (words, query, _choose), number in zip(QUICK, numbers, strict=True)
    ]
