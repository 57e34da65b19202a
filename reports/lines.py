"""Rows of many kinds in one shape, so that one statement asks for all of them.

A home has a dozen kinds of work, two dozen kinds of deadlines and as many kinds of news. Each is a
queryset over rows of its own; here they become branches of one UNION ALL. A branch brings its first
rows and, by window functions, how many there are in all and since when the oldest is there.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    JSONField,
    Min,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import ngettext

from accounts import stand_ins
from accounts.prepared import ForStandIns
from accounts.statements import Read, Written
from correspondence.sources import link_to

COLUMNS = ("line_place", "line_pk", "line_due", "line_since", "line_link", "line_data")
TOTALS = ("line_count", "line_oldest")


@dataclass(frozen=True)
class Lines:
    """A queryset and how a row of it is told.

    `due` (a day) and `since` (a moment) are field names or expressions, `data` maps names to what
    `words` needs of a row. A row's address is the `page` of the `public_id` that `of` names, or
    SQL of a path (`link`). `words` makes the facts of a row's text out of its data; without it they
    are the data as declared.
    """

    rows: QuerySet
    page: str = ""
    of: str = "public_id"
    link: object = None
    data: Mapping = field(default_factory=dict)
    due: object = None
    since: object = None
    words: Callable | None = None

    def filtered(self, rows):
        """The same of other rows: `rows` is a narrower queryset."""
        return replace(self, rows=rows)

    def told(self, data):
        facts = self.words(data) if self.words else [data[name] for name in self.data]
        return " · ".join(str(fact) for fact in facts if fact)


class Row:
    """One row as the statement brought it; `count` and `oldest` are those of its whole kind.

    Most are only counted: what it says of itself is read when it is told.
    """

    def __init__(self, lines, kind, pk, due, since, link, data, count, oldest):
        self.lines, self.key, self.url, self.due = lines, (kind, pk), link, due
        self.count, self._moments, self._data = count, (since, oldest), data

    @cached_property
    def data(self):
        return json.loads(self._data)

    @cached_property
    def since(self):
        return _day_of(self._moments[0])

    @cached_property
    def oldest(self):
        return _day_of(self._moments[1])

    @cached_property
    def about(self):
        return self.lines.told(self.data)

    @property
    def age(self):
        """Since when it is there, in words; empty when it came today."""
        return age_of(self.since)


def _day_of(moment):
    return moment and timezone.localdate(moment)


NEAREST = (
    F("line_due").asc(nulls_last=True),
    F("line_since").asc(nulls_last=True),
    F("line_pk").asc(),
)
NEWEST = (F("line_since").desc(), F("line_pk").desc())


def found(kinds, *, most, order=NEAREST):
    """`{place in kinds: [Row]}` of those `Lines` that have rows, up to `most` of each, in one
    statement."""
    asked = Prepared(kinds, most=most, order=order)
    return asked.found({stand_ins.NOW: timezone.now()}, again=False)


class Prepared:
    """The statement of `found`, made once, to be asked for many readers.

    Making the SQL of two dozen branches, and a plan of it, takes longer than to answer it. `kinds`
    are built for a reader who stands in (`accounts.stand_ins`), and perhaps while `shared` stood
    (`accounts.shared.Shared`).
    """

    def __init__(self, kinds, *, most, order=NEAREST, shared=None):
        self._kinds = [lines and (lines, lines.rows.model._meta.label_lower) for lines in kinds]
        branches = [_branch(n, lines, most, order) for n, lines in enumerate(kinds) if lines]
        self._asked = None
        if branches:
            asked = _sharing(united(branches), shared) if shared else united(branches)
            self._asked = ForStandIns(asked, stand_ins.is_one)

    def found(self, real, *, again=True):
        """As the function `found`; `real` is what `stand_ins.made_once` gave for the reader, and
        what else stands for something. Not `again`: no plan is kept."""
        if self._asked is None:
            return {}
        result = {}
        for place, *row in (self._asked.rows if again else self._asked.rows_once)(real):
            lines, kind = self._kinds[place]
            result.setdefault(place, []).append(Row(lines, kind, *row))
        return result


def _sharing(queryset, shared):
    read = Read(queryset)
    made = read.made and shared.made(*read.made)
    return Written(made, width=len(COLUMNS) + len(TOTALS), about=read.about)


def united(branches):
    first, *others = branches
    return first.union(*others, all=True) if others else first


def age_of(day):
    """Since when something waits, in words; empty when it came today."""
    days = (timezone.localdate() - day).days if day else 0
    if days <= 0:
        return ""
    return ngettext("menunggu %(days)d hari", "menunggu %(days)d hari", days) % {"days": days}


def _branch(place, lines, most, order):
    rows = lines.rows.order_by().annotate(
        line_place=Value(place, output_field=IntegerField()),
        line_pk=Cast("pk", BigIntegerField()),
        line_due=Cast(_or_null(lines.due), DateField()),
        line_since=Cast(_or_null(lines.since), DateTimeField()),
        line_link=Cast(lines.link or link_to(lines.page, lines.of), CharField()),
        line_data=JSONObject(**lines.data) if lines.data else Value({}, output_field=JSONField()),
    )
    never = Cast(Value(None), DateTimeField())
    rows = rows.annotate(
        line_count=Window(Count("*")),
        line_oldest=never if lines.since is None else Window(Min("line_since")),
    )
    return rows.order_by(*order).values_list(*COLUMNS, *TOTALS)[:most]


def _or_null(value):
    return Value(None) if value is None else value
