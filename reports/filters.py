import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.forms.layout import DayInput
from accounts.models import Facility
from accounts.roles import LIAISON, ROLE_LABELS
from inmates.states import Sex
from partners.models import Agency
from reports import paths
from reports.models import Handover
from reports.paths import Step, Took
from training.filters import YearFilter
from training.models import Candidate, Course, Enrolment, Trade
from training.states import CANDIDATE_OPEN


class HandoverFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Nama"), method="search")
    role = filters.ChoiceFilter(
        label=_("Jabatan"),
        field_name="posting__role",
        choices=[(role, label) for role, label in ROLE_LABELS.items() if role != LIAISON],
    )
    since = filters.DateFilter(
        label=_("Hari terakhir dari"),
        field_name="posting__until",
        lookup_expr="gte",
        widget=DayInput,
    )
    until = filters.DateFilter(
        label=_("Hari terakhir sampai"),
        field_name="posting__until",
        lookup_expr="lte",
        widget=DayInput,
    )
    succeeded = filters.ChoiceFilter(
        label=_("Penerus"),
        method="with_successor",
        choices=[("yes", _("Ada")), ("no", _("Belum ada"))],
    )

    class Meta:
        model = Handover
        fields = ("q", "role", "since", "until", "succeeded")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(posting__user__name__icontains=value) | Q(successor__user__name__icontains=value)
        )

    def with_successor(self, queryset, name, value):
        return queryset.filter(successor__isnull=value == "no")


class ParticipantFilter(filters.FilterSet):
    """Participations; the dashboard of the pipeline asks the same but for `step` and `took`."""

    year = YearFilter(label=_("Tahun mulai"), field_name="batch__starts_on")
    course = filters.ModelChoiceFilter(
        label=_("Program"),
        field_name="batch__course",
        queryset=Course.objects.all(),
        to_field_name="public_id",
    )
    trade = filters.ModelChoiceFilter(
        label=_("Kejuruan"), field_name="batch__course__trade", queryset=Trade.objects.all()
    )
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    facility = filters.ModelChoiceFilter(
        label=_("Lapas"),
        queryset=lambda request: Facility.objects.filter(pk__in=request.user.facility_ids),
        to_field_name="code",
    )
    resident = filters.ChoiceFilter(
        label=_("Warga kota"), choices=[("yes", _("Ya")), ("no", _("Tidak"))], method="living"
    )
    sex = filters.ChoiceFilter(
        label=_("Jenis kelamin"), field_name="inmate__sex", choices=Sex.choices
    )
    step = filters.ChoiceFilter(label=_("Sampai tahap"), choices=Step.choices, method="came_to")
    took = filters.ChoiceFilter(
        label=_("Lama tahap"), choices=Took.choices, method="with_time", empty_label="—"
    )

    class Meta:
        model = Enrolment
        fields = ("year", "course", "trade", "agency", "facility", "resident", "sex")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(self.request.user.facility_ids) < 2:
            del self.filters["facility"]

    def living(self, queryset, name, value):
        return paths.of_residents(queryset, are_residents=value == "yes")

    def came_to(self, queryset, name, value):
        return paths.at(queryset, Step(value))

    def with_time(self, queryset, name, value):
        """Where the length of the step is known, the longest first."""
        return paths.with_times(queryset).exclude(**{f"took_{value}": None})


class PipelineFilter(ParticipantFilter):
    step = took = None


class CandidateFilter(filters.FilterSet):
    course = filters.ModelChoiceFilter(
        label=_("Program"),
        field_name="batch__course",
        queryset=Course.objects.all(),
        to_field_name="public_id",
    )
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        field_name="batch__agency",
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    state = filters.ChoiceFilter(
        label=_("Keadaan"), choices=[(each.value, each.label) for each in CANDIDATE_OPEN]
    )

    class Meta:
        model = Candidate
        fields = ("course", "agency", "state")
