"""Residents of the prison's city: how far they came, by district, schooling, age, sex and course.

For the prison each cell leads to its rows (`city`). For others (`told_outside`, kept as an edition
and read by `outside`) groups are merged until none of their numbers, nor what is left of one, is of
fewer than five people (`reports.publishing`); the tables all add up to the same totals, so that one
does not undo another.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from reports import publishing, residents, ways
from reports.bars import Bar
from reports.dashboards.page import Grid, Line, Section
from reports.paths import OF, Step

GROUPED = (
    *("district", "said", "age_group", "inmate__sex"),
    *("batch__course__public_id", "batch__course__name"),
)


@dataclass(frozen=True)
class Table:
    """One way of grouping: `groups` is `[(code, words)]` in order, `name` the list's filter."""

    name: str
    title: str
    head: str
    groups: list
    merge: object = publishing.by_size
    numbers: dict = field(default_factory=dict)


def city(rows, *, districts, list_of):
    """Sections about enrolments; `list_of(**query)` is the list of some."""
    tables = _count(residents.with_groups(rows), districts)
    total = _total(tables)
    lines = [Line(_bar(step, total, list(Step), list_of), _of(step, list(Step))) for step in Step]
    empty = _("Tidak ada warga kota di angkatan yang sudah mulai.")
    sections = [Section("all", _("Sejauh mana warga kota sampai"), lines, empty)]
    for table in tables:
        if table.groups:
            grid = _exact(table, list_of)
            sections.append(Section(table.name, table.title, [], "", grid=grid))
    return sections


def told_outside(rows, *, districts):
    """What an edition holds of enrolments: groups so large that all of it may be told."""
    tables = _count(residents.with_groups(rows), districts)
    total = _total(tables)
    shown = publishing.showable(total, OF, list(Step))
    return {
        "total": {step.value: total[step] for step in shown},
        "tables": [_merged(table, shown) for table in tables],
    }


def outside(data, *, districts):
    """Sections of what an edition holds; without one (None) they say so."""
    data = data or {"total": {}, "tables": []}
    total = {Step(step): number for step, number in data["total"].items()}
    lines = [Line(_bar(step, total, list(total)), _of(step, list(total))) for step in total]
    empty = _("Belum cukup banyak peserta untuk diumumkan tanpa menunjuk orangnya.")
    sections = [Section("all", _("Sejauh mana warga kota sampai"), lines, empty)]
    known = {table.name: table for table in _tables(districts)}
    for told in data["tables"]:
        if told["rows"]:
            table = known[told["name"]]
            grid = _read(table, told)
            sections.append(Section(table.name, table.title, [], "", grid=grid))
    return sections


def _total(tables):
    numbers = tables[0].numbers.values()
    return {step: sum(each[step] for each in numbers) for step in Step}


def _count(rows, districts):
    """The `Table`s, of one statement."""
    tallies = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(Step, 0)))
    courses = {}
    for (district, said, age_group, sex, key, course), numbers in ways.counted(rows, *GROUPED):
        courses[str(key)] = course
        codes = {
            "district": residents.district_in(district, districts),
            "school": residents.school_of(said),
            "age": age_group,
            "sex": sex or residents.UNKNOWN,
            "course": str(key),
        }
        for name, code in codes.items():
            for step, number in numbers.items():
                tallies[name][code][step] += number
    known = sorted(courses.items(), key=lambda each: (each[1], each[0]))
    return [
        replace(
            table,
            groups=_present(table.groups if table.name != "course" else known, tallies[table.name]),
            numbers=tallies[table.name],
        )
        for table in _tables(districts)
    ]


def _tables(districts):
    """Without numbers, and of courses without groups: which there are is counted."""
    unknown = (residents.UNKNOWN, residents.UNKNOWN_LABEL)
    return [
        Table(
            "district",
            _("Menurut kecamatan"),
            _("Kecamatan"),
            [*districts, unknown],
        ),
        Table(
            "school",
            _("Menurut pendidikan"),
            _("Pendidikan"),
            residents.SCHOOL_CHOICES,
            publishing.in_order,
        ),
        Table(
            "age",
            _("Menurut umur saat mulai"),
            _("Umur"),
            residents.AGE_CHOICES,
            publishing.in_order,
        ),
        Table("sex", _("Menurut jenis kelamin"), _("Jenis kelamin"), residents.SEX_CHOICES),
        Table("course", _("Menurut program"), _("Program"), []),
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


def _merged(table, shown):
    """As an edition holds it; courses by name, since they may be renamed or go."""
    groups = [
        publishing.Group((str(label) if table.name == "course" else code,), table.numbers[code])
        for code, label in table.groups
    ]
    steps, merged = publishing.finest(table.merge, groups, OF, shown) if groups else ([], [])
    return {
        "name": table.name,
        "steps": [step.value for step in steps],
        "rows": [
            [list(group.labels), {step.value: group.numbers[step] for step in steps}]
            for group in merged
        ],
    }


def _read(table, told):
    steps = [Step(step) for step in told["steps"]]
    words = dict(table.groups)
    rows = []
    for codes, found in told["rows"]:
        numbers = {Step(step): number for step, number in found.items()}
        label = ", ".join(str(words.get(code, code)) for code in codes)
        rows.append((label, [_bar(step, numbers, steps) for step in steps]))
    return Grid(table.head, [str(step.label) for step in steps], rows)


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
