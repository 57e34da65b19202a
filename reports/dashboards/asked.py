"""What dashboards count, asked by SQL that is made once."""

from functools import partial, wraps
from types import SimpleNamespace

from django.db.models import Value

from accounts.prepared import Shapes
from reports.dashboards.page import Chosen


def counted(build):
    """Decorator: `build(chosen, *moments)` gives a queryset, or a tuple of them, of what a reader
    chose to have counted; the result gives the list of its rows, or a tuple of lists.

    Ids of prisons, course and agency, and moments, may be used as values only
    (`accounts.prepared.Shapes`).
    """
    of_one, of_many = Shapes(), _PlannedEachTime()

    @wraps(build)
    def rows(chosen, *moments):
        is_one = len(chosen.prisons) == 1
        args = (
            chosen.prisons[0] if is_one else chosen.prisons,
            str(chosen.year or ""),
            chosen.course and chosen.course.pk,
            chosen.agency and chosen.agency.pk,
            chosen.kind,
        )
        shapes = of_one if is_one else of_many
        return shapes.rows(partial(_build, build), args + moments)

    return rows


def in_one_row(rows, **sums):
    """All rows added up: what `aggregate` would give, as a queryset."""
    return rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them").annotate(**sums)


def _build(build, prisons, year, course, agency, kind, *moments):
    chosen = Chosen(
        prisons if isinstance(prisons, list) else (prisons,),
        year=int(year) if year else None,
        course=course and SimpleNamespace(pk=course),
        agency=agency and SimpleNamespace(pk=agency),
        kind=kind,
    )
    return build(chosen, *moments)


class _PlannedEachTime(Shapes):
    """For many prisons: how they are best read depends on how many there are."""

    def _objects(self, made, real):
        return made.objects(real, once=True)
