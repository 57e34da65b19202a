import django_filters as filters
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.filters import AskedChoices, FilterSet, OfPrison, TextFilter
from accounts.forms.layout import DayInput
from accounts.models import Facility
from accounts.permissions import may
from accounts.roles import LIAISON, ROLE_LABELS
from partners.models import Agency, Obligation
from partners.states import AgreementKind, Party
from reports import paths, residents
from reports.dashboards.training import ATTENDANCE, PLANNED
from reports.kept import MANY
from reports.models import Handover, Report
from reports.paths import Step, Took
from reports.states import ReportState
from training.filters import YearFilter
from training.models import Candidate, Course, Enrolment, PlanLine, Trade
from training.states import CANDIDATE_OPEN
from training.teaching import Fund


class HandoverFilter(FilterSet):
    q = TextFilter(label=_("Nama"), method="search")
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


class ParticipantFilter(FilterSet):
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
        label=_("Jenis kelamin"), choices=residents.SEX_CHOICES, method="of_sex"
    )
    step = filters.ChoiceFilter(label=_("Sampai tahap"), choices=Step.choices, method="came_to")
    took = filters.ChoiceFilter(
        label=_("Lama tahap"), choices=Took.choices, method="with_time", empty_label="—"
    )

    attendance = filters.ChoiceFilter(
        label=_("Kehadiran"),
        choices=[
            ("counted", _("Sudah dihitung")),
            ("enough", _("Cukup")),
            ("below", _("Di bawah batas")),
            ("none", _("Belum dihitung")),
        ],
        method="attending",
    )
    district = filters.ChoiceFilter(label=_("Kecamatan"), method="of_district")
    school = filters.ChoiceFilter(
        label=_("Pendidikan"), choices=residents.SCHOOL_CHOICES, method="of_school"
    )
    age = filters.ChoiceFilter(
        label=_("Umur saat mulai"), choices=residents.AGE_CHOICES, method="of_age"
    )

    class Meta:
        model = Enrolment
        fields = ("year", "course", "trade", "agency", "facility", "resident", "sex")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if len(user.facility_ids) < 2:
            del self.filters["facility"]
        if "district" in self.filters:
            self._group(user)

    def _group(self, user):
        """By what would lead to a single person: only for who may see people."""
        if not all(may(user, "see_people", pk) for pk in user.facility_ids):
            for name in ("district", "school", "age"):
                del self.filters[name]
            return
        self.filters["district"].extra["choices"] = AskedChoices(self._offered)

    @cached_property
    def _districts(self):
        prisons = {posting.facility for posting in self.request.user.current_postings}
        return {prison: residents.districts_of(prison) for prison in prisons}

    def _offered(self):
        known = {pair for pairs in self._districts.values() for pair in pairs}
        return [*sorted(known), (residents.UNKNOWN, residents.UNKNOWN_LABEL)]

    def of_district(self, queryset, name, value):
        chosen = self.form.cleaned_data.get("facility")
        prisons = [chosen] if chosen else self._districts
        known = [pair for prison in prisons for pair in self._districts[prison]]
        return residents.of_district(residents.with_groups(queryset), value, known)

    def of_school(self, queryset, name, value):
        return residents.of_school(residents.with_groups(queryset), value)

    def of_age(self, queryset, name, value):
        return residents.of_age(residents.with_groups(queryset), value)

    def of_sex(self, queryset, name, value):
        return queryset.filter(inmate__sex="" if value == residents.UNKNOWN else value)

    def living(self, queryset, name, value):
        return paths.of_residents(queryset, are_residents=value == "yes")

    def came_to(self, queryset, name, value):
        reads_many = len(self.request.user.facility_ids) >= MANY
        return paths.at(queryset, Step(value), as_set=reads_many)

    def with_time(self, queryset, name, value):
        """Where the length of the step is known, the longest first."""
        return paths.with_times(queryset).exclude(**{f"took_{value}": None})

    def attending(self, queryset, name, value):
        return queryset.with_attendance().filter(ATTENDANCE[value])


class PipelineFilter(ParticipantFilter):
    step = took = attendance = district = school = age = None


class CityFilter(PipelineFilter):
    """Of one prison. Whoever may see its people reads every number, or what is told outside.

    Outside, only the year narrows: with more filters one table could be taken from another.
    """

    resident = None
    audience = filters.ChoiceFilter(
        label=_("Angka untuk"),
        choices=[("city", _("Diserahkan ke luar"))],
        empty_label=_("Lapas sendiri"),
        method="for_whom",
    )

    class Meta:
        model = Enrolment
        fields = ("year", "course", "trade", "agency", "facility", "sex")

    def __init__(self, *args, facility, **kwargs):
        super().__init__(*args, **kwargs)
        is_own = may(self.request.user, "see_people", facility.pk)
        self.is_shielded = not is_own or self.data.get("audience") == "city"
        if self.is_shielded:
            for name in ("course", "trade", "agency", "sex"):
                del self.filters[name]
        if not is_own:
            del self.filters["audience"]
        if "facility" in self.filters:
            self.filters["facility"].extra["empty_label"] = None

    def for_whom(self, queryset, name, value):
        return queryset


class CandidateFilter(FilterSet):
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
    clinic = filters.ChoiceFilter(
        label=_("Klinik"), method="at_clinic", choices=[("waiting", _("Menunggu pemeriksaan"))]
    )

    class Meta:
        model = Candidate
        fields = ("course", "agency", "state", "clinic")

    def at_clinic(self, queryset, name, value):
        return queryset.awaiting_clinic()


class ReportFilter(OfPrison):
    year = YearFilter(label=_("Tahun"), field_name="starts_on")
    state = filters.ChoiceFilter(label=_("Angka"), choices=ReportState.choices)
    sent = filters.ChoiceFilter(
        label=_("Surat"),
        method="with_letter",
        choices=[("yes", _("Ditandatangani")), ("no", _("Belum ditandatangani"))],
    )

    class Meta:
        model = Report
        fields = ("year", "state", "sent")

    def with_letter(self, queryset, name, value):
        unsigned = queryset.unsigned()
        return unsigned if value == "no" else queryset.exclude(pk__in=unsigned.values("pk"))


class PlanLineFilter(OfPrison):
    year = filters.NumberFilter(label=_("Tahun"), min_value=1900, max_value=2100)
    course = filters.ModelChoiceFilter(
        label=_("Program"), queryset=Course.objects.all(), to_field_name="public_id"
    )
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    fund = filters.ChoiceFilter(label=_("Sumber dana"), choices=Fund.choices)
    seats = filters.ChoiceFilter(
        label=_("Kursi"), choices=list(PLANNED.items()), method="with_seats"
    )

    class Meta:
        model = PlanLine
        fields = ("year", "course", "agency", "fund", "seats")

    def with_seats(self, queryset, name, value):
        return queryset.filter(**{f"seats_{value}__gt": 0})


class ObligationFilter(OfPrison):
    """Open ones, unless the late ones are chosen."""

    party = filters.ChoiceFilter(label=_("Kewajiban siapa"), choices=Party.choices)
    standing = filters.ChoiceFilter(
        label=_("Keadaan"),
        choices=[("late", _("Terlambat")), ("open", _("Belum dipenuhi"))],
        method="as_it_stands",
        empty_label=None,
    )
    agency = filters.ModelChoiceFilter(
        label=_("Instansi"),
        field_name="agreement__agency",
        queryset=lambda request: Agency.objects.visible_to(request.user),
        to_field_name="public_id",
    )
    facility = filters.ModelChoiceFilter(
        label=_("Lapas"),
        field_name="agreement__facility",
        queryset=lambda request: Facility.objects.filter(pk__in=request.user.facility_ids),
        to_field_name="code",
    )
    kind = filters.ChoiceFilter(
        label=_("Jenis perjanjian"), field_name="agreement__kind", choices=AgreementKind.choices
    )

    class Meta:
        model = Obligation
        fields = ("party", "standing", "agency", "kind")

    def as_it_stands(self, queryset, name, value):
        return queryset.late() if value == "late" else queryset
