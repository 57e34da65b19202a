import django_filters as filters
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.filters import AskedChoices, FilterSet
from accounts.stand_ins import asked_often
from inmates import sought
from inmates.models import Inmate
from inmates.states import ConsentPurpose, RegisterClass, Sex

OVERDUE = "overdue"
WITHIN_MONTHS = (1, 3, 6, 12, 24)
# What stands out in a person's data: code, label, queryset method.
NO_NIK = "no_nik"
FINDINGS = (
    (NO_NIK, _("tanpa NIK, bukan WNA"), "without_nik"),
    ("no_dates", _("tanpa tanggal masa pidana"), "without_sentence_dates"),
    ("dates_differ", _("tanggalnya berbeda dari hitungan"), "with_differing_dates"),
    ("no_aptitude", _("belum asesmen minat bakat"), "without_aptitude"),
    ("restricted", _("sedang dibatasi"), "restricted"),
    ("limited", _("pemrosesan datanya dibatasi"), "limited"),
)


class PersonFilter(filters.CharFilter):
    """A text by which somebody is found: by the `search` of people."""

    stands_for = staticmethod(sought.stands_for)


class AgeFilter(filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, min_value=0, max_value=120, **kwargs)


@asked_often
def _levels_at(reader):
    people = Inmate.objects.held_for(reader)
    levels = people.exclude(education="").order_by("education").values_list("education")
    return levels.distinct()


class InmateFilter(FilterSet):
    """The people of the list; every choice stands in the address."""

    q = PersonFilter(label=_("Nama, nomor atau NIK"), method="search")
    register_class = filters.ChoiceFilter(
        label=_("Golongan registrasi"),
        choices=[choice for choice in RegisterClass.choices if choice[0]],
        method="in_class",
    )
    release = filters.ChoiceFilter(
        label=_("Perkiraan bebas"),
        choices=[
            *((f"{n}", format_lazy(_("dalam {months} bulan"), months=n)) for n in WITHIN_MONTHS),
            (OVERDUE, _("sudah lewat")),
        ],
        method="by_release",
    )
    resident = filters.ChoiceFilter(
        label=_("Asal"),
        choices=[("yes", _("Warga kota ini")), ("no", _("Dari luar kota"))],
        method="of_city",
    )
    sex = filters.ChoiceFilter(label=_("Jenis kelamin"), choices=Sex.choices)
    age_from = AgeFilter(label=_("Usia dari"), method="not_younger")
    age_to = AgeFilter(label=_("Usia sampai"), method="not_older")
    education = filters.ChoiceFilter(label=_("Pendidikan"))
    consent = filters.ChoiceFilter(
        label=_("Belum ada persetujuan"), choices=ConsentPurpose.choices, method="without_consent"
    )
    found = filters.MultipleChoiceFilter(
        label=_("Hanya yang"),
        choices=[(code, label) for code, label, _method in FINDINGS],
        widget=forms.CheckboxSelectMultiple,
        method="with_findings",
    )

    class Meta:
        model = Inmate
        fields = (
            *("q", "register_class", "release", "resident", "sex", "age_from", "age_to"),
            *("education", "consent", "found"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["education"].extra["choices"] = AskedChoices(self._levels)

    def _levels(self):
        """What people here have learned; asked late: a file needs it seldom."""
        return [(level, level) for (level,) in _levels_at(self.request.user)]

    def search(self, queryset, name, value):
        return queryset.search(value, at=self.request.user.facility_ids)

    def in_class(self, queryset, name, value):
        return queryset.filter(register_class=value)

    def of_city(self, queryset, name, value):
        return queryset.residents_of(self.request.user.facility, are_residents=value == "yes")

    def not_younger(self, queryset, name, value):
        return queryset.aged(youngest=value)

    def not_older(self, queryset, name, value):
        return queryset.aged(oldest=value)

    def by_release(self, queryset, name, value):
        return queryset.overdue() if value == OVERDUE else queryset.leaving_within(int(value))

    def without_consent(self, queryset, name, value):
        return queryset.without_consent(value)

    def with_findings(self, queryset, name, value):
        for code, _label, method in FINDINGS:
            if code in value:
                queryset = getattr(queryset, method)()
        return queryset
