"""Residents of the prison's city: how far they came, by district, schooling, age, sex and course.

For the prison each cell leads to its rows. For others (`is_shielded`) groups are merged until none
of their numbers, nor what is left of one, is of fewer than five people (`reports.publishing`); the
tables all add up to the same totals, so that one does not undo another.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from reports import paths, publishing, residents
from reports.bars import Bar
from reports.dashboards.page import Grid, Line, Section
from reports.paths import OF, Step


@dataclass(frozen=True)
class Table:
    """One way of grouping: `groups` is `[(code, words)]` in order, `name` the list's filter."""

    name: str
    title: str
    head: str
    groups: list
    numbers: dict
    merge: object = publishing.by_size


def city(rows, *, districts, list_of, is_shielded):
    """Sections about enrolments (`paths.with_steps`); `list_of(**query)` is the list of some."""
    tables = _count(residents.with_groups(rows), districts)
    numbers = tables[0].numbers
    total = {step: sum(each[step] for each in numbers.values()) for step in Step}
    shown = publishing.showable(total, OF, list(Step)) if is_shielded else list(Step)
    lines = [
        Line(_bar(step, total, shown, None if is_shielded else list_of), _of(step, shown))
        for step in shown
    ]
    empty = (
        _("Belum cukup banyak peserta untuk diumumkan tanpa menunjuk orangnya.")
        if is_shielded
        else _("Tidak ada warga kota di angkatan yang sudah mulai.")
    )
    sections = [Section("all", _("Sejauh mana warga kota sampai"), lines, empty)]
    for table in tables:
        grid = _shielded(table, shown) if is_shielded else _exact(table, list_of)
        if grid.rows:
            sections.append(Section(table.name, table.title, [], "", grid=grid))
    return sections


def _count(rows, districts):
    """The `Table`s, of one statement."""
    course = ("batch__course__public_id", "batch__course__name")
    found = (
        rows.order_by()
        .values("district", "said", "age_group", "inmate__sex", *course)
        .annotate(**{f"n_{step}": Count("pk", filter=paths.CONDITIONS[step]) for step in Step})
    )
    tallies = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(Step, 0)))
    courses = {}
    for row in found:
        courses[str(row[course[0]])] = row[course[1]]
        codes = {
            "district": residents.district_in(row["district"], districts),
            "school": residents.school_of(row["said"]),
            "age": row["age_group"],
            "sex": row["inmate__sex"] or residents.UNKNOWN,
            "course": str(row[course[0]]),
        }
        for name, code in codes.items():
            for step in Step:
                tallies[name][code][step] += row[f"n_{step}"]
    unknown = (residents.UNKNOWN, residents.UNKNOWN_LABEL)
    known = sorted(courses.items(), key=lambda each: (each[1], each[0]))
    return [
        Table(name, title, head, _present(groups, tallies[name]), tallies[name], merge)
        for name, title, head, groups, merge in (
            (
                "district",
                _("Menurut kecamatan"),
                _("Kecamatan"),
                [*districts, unknown],
                publishing.by_size,
            ),
            (
                "school",
                _("Menurut pendidikan"),
                _("Pendidikan"),
                residents.SCHOOL_CHOICES,
                publishing.in_order,
            ),
            (
                "age",
                _("Menurut umur saat mulai"),
                _("Umur"),
                residents.AGE_CHOICES,
                publishing.in_order,
            ),
            (
                "sex",
                _("Menurut jenis kelamin"),
                _("Jenis kelamin"),
                residents.SEX_CHOICES,
                publishing.by_size,
            ),
            ("course", _("Menurut program"), _("Program"), known, publishing.by_size),
        )
    ]


def _present(groups, numbers):
    """What is not known is left out where everything is."""
    return [group for group in groups if group[0] != residents.UNKNOWN or group[0] in numbers]


def _exact(table, list_of):
    rows = []
    for code, label in table.groups:
        numbers = table.numbers[code]
        leads = _leads(list_of, **{table.name: code})
        rows.append((str(label), [_bar(step, numbers, list(Step), leads) for step in Step]))
    return Grid(table.head, [str(step.label) for step in Step], rows)


def _shielded(table, shown):
    groups = [
        publishing.Group((str(label),), dict(table.numbers[code])) for code, label in table.groups
    ]
    steps, merged = publishing.finest(table.merge, groups, OF, shown) if groups else ([], [])
    return Grid(
        table.head,
        [str(step.label) for step in steps],
        [
            (", ".join(group.labels), [_bar(step, group.numbers, steps) for step in steps])
            for group in merged
        ],
    )


def _leads(list_of, **group):
    return lambda **query: list_of(**group, **query)


def _bar(step, numbers, shown, list_of=None):
    whole = publishing.whole_of(step, OF, shown)
    return Bar(
        str(step.label),
        numbers[step],
        numbers[whole] if whole else None,
        list_of(step=step.value) if list_of else "",
    )


def _of(step, shown):
    whole = publishing.whole_of(step, OF, shown)
    return str(whole.label).lower() if whole else ""
