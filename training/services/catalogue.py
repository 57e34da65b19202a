"""The programmes that agencies typically run with prisons, to begin a catalogue with."""

import tomllib
from functools import cache

from django.conf import settings

from accounts import permissions
from accounts.refusals import act
from training.models import CompetencyUnit, Course, CourseTool, CourseUnit, Trade

FILE = settings.BASE_DIR / "training" / "catalogue.toml"


@act
def load(*, by):
    """Add the programmes that the catalogue lacks, by code; what is there stays as it is.

    Returns how many were added.
    """
    permissions.require(by, "manage_courses", None)
    units = {unit["code"]: _unit(unit, by) for unit in _typical()["units"]}
    return sum(_add(fields, units, by) for fields in missing())


def missing():
    """The typical programmes that the catalogue does not have yet."""
    known = set(Course.objects.values_list("code", flat=True))
    return [fields for fields in _typical()["courses"] if fields["code"] not in known]


@cache
def _typical():
    return tomllib.loads(FILE.read_text())


def _unit(fields, by):
    unit, _made = CompetencyUnit.objects.get_or_create(
        code=fields["code"], defaults={**fields, "created_by": by}
    )
    return unit


def _add(fields, units, by):
    more = {"trade", "units", "tools", "other_material"}
    trade, _made = Trade.objects.get_or_create(name=fields["trade"])
    course, is_new = Course.objects.get_or_create(
        code=fields["code"],
        defaults={
            **{name: value for name, value in fields.items() if name not in more},
            "trade": trade,
            "other_material": "\n".join(fields.get("other_material", ())),
            "created_by": by,
        },
    )
    if not is_new:
        return False
    CourseUnit.objects.bulk_create(
        CourseUnit(course=course, unit=units[code], jp=jp[0] if jp else None, position=position)
        for position, (code, *jp) in enumerate(fields.get("units", ()), 1)
    )
    CourseTool.objects.bulk_create(
        CourseTool(course=course, name=name, quantity=quantity)
        for name, quantity in fields.get("tools", ())
    )
    return True
