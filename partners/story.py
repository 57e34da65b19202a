"""The story of a relationship: what happened between prison and agency, in order (design 5).

A chapter is one kind of event. Days of all chapters come from the database as one list, so that
it can be cut into pages; only the events of one page are then told, with one query a step.
Higher apps register chapters of their own, and what they know for the sentences at the top.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Value


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of the story. `tone` is that of a badge."""

    what: str
    about: str
    url: str
    note: str = ""
    tone: str = "quiet"
    day: date | None = None
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One source of events of a chapter.

    `rows(agency, user)` is a queryset of what the user may see; `day` is the look-up or expression
    of its day. `tell(row)` makes the `Event` of a row; `related` is joined for it.
    """

    code: str
    rows: Callable
    day: object
    tell: Callable
    related: tuple = ()


@dataclass(frozen=True, kw_only=True)
class Chapter:
    kind: str  # in the query string
    label: str
    steps: tuple
    order: int = 0  # among the kinds to choose from
    of_prison: bool = False  # what a liaison never reads


_chapters, _facts, _waits = [], [], []


def register(chapter):
    """Add a chapter to the story of every agency."""
    if chapter.kind not in {known.kind for known in _chapters}:
        _chapters.append(chapter)
        _chapters.sort(key=lambda each: each.order)
    return chapter


def fact(*, order):
    """Register `(agency, user) -> sentence`, empty when there is none, for the top of the page."""

    def add(function):
        _facts.append((order, function))
        _facts.sort(key=lambda pair: pair[0])
        return function

    return add


def waits(function):
    """Register `(agency, user) -> (for the prison, for the agency)`: two lists of phrases."""
    _waits.append(function)
    return function


def chapters(user):
    """The chapters that the user may choose from."""
    return [each for each in _chapters if not (each.of_prison and user.is_liaison)]


def days(agency, user, kind=""):
    """(day, chapter, step, pk) of all events, the newest first; of one chapter if `kind` is one.

    A queryset to be sliced and counted. None when nothing can be seen at all.
    """
    chosen = [each for each in _chapters if each.kind == kind] or _chapters
    parts = [
        step.rows(agency, user)
        .order_by()
        .annotate(
            happened=step.day,
            chapter=Value(each.kind, output_field=CharField()),
            step=Value(step.code, output_field=CharField()),
        )
        .values_list("happened", "chapter", "step", "pk")
        for each in chosen
        for step in each.steps
    ]
    first, *others = parts
    return first.union(*others, all=True).order_by("-happened", "chapter", "step", "-pk")


def told(agency, user, rows):
    """The events of some rows of `days`, in the same order."""
    wanted = {}
    for _day, chapter, step, pk in rows:
        wanted.setdefault((chapter, step), []).append(pk)
    steps = {(each.kind, step.code): (each, step) for each in _chapters for step in each.steps}
    found = {}
    for key, pks in wanted.items():
        _chapter, step = steps[key]
        lines = step.rows(agency, user).select_related(*step.related).filter(pk__in=pks)
        found.update({(*key, line.pk): step.tell(line) for line in lines})
    return [
        _dated(found[chapter, step, pk], day, steps[chapter, step][0])
        for day, chapter, step, pk in rows
        if (chapter, step, pk) in found
    ]


def sentences(agency, user):
    """What a successor has to know first, in sentences made from facts."""
    return [said for said in (each(agency, user) for _order, each in _facts) if said]


def waiting(agency, user):
    """Phrases of what waits for the prison, and of what waits for the agency."""
    ours, theirs = [], []
    for each in _waits:
        for_us, for_them = each(agency, user)
        ours += for_us
        theirs += for_them
    return ours, theirs


def _dated(event, day, chapter):
    return Event(
        what=event.what,
        about=event.about,
        url=event.url,
        note=event.note,
        tone=event.tone,
        day=day,
        kind=chapter.label,
    )
