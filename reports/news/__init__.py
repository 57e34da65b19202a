"""What changed since yesterday: one function a kind of news, all kinds of a reader at once.

The rows are read where the change left its moment (answered, signed, issued), each on an index of
the prison or the agency; the history tables are not asked. Nobody is named: rows are told by their
batch, agency, employer or code.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts import stand_ins
from reports import lines
from reports.news import agencies, prisons  # noqa: F401 - each registers its kinds
from reports.news.kinds import registered

SHOWN = 3  # rows of a kind; the sentence counts them all


@dataclass(frozen=True)
class News:
    """A sentence that counts, and the newest of its rows as (words, address)."""

    sentence: str
    rows: list
    count: int
    url: str = ""

    @property
    def rest(self):
        return self.count - len(self.rows) if self.rows else 0


def since_yesterday(user):
    """`News` of today and yesterday, as far as the reader may see the rows."""
    (kinds, statement, since), real = _prepared(user)
    rows = statement.found(real)
    return [_told(kind, rows[place], since) for place, kind in enumerate(kinds) if place in rows]


@stand_ins.made_once
def _prepared(reader):
    start = timezone.localdate() - timedelta(days=1)
    since = timezone.make_aware(datetime.combine(start, time()))
    kinds = [kind for kind in registered if kind.is_for(reader)]
    shapes = [kind.lines(reader, since) for kind in kinds]
    return kinds, lines.Prepared(shapes, most=SHOWN, order=lines.NEWEST), since


def _told(kind, rows, since):
    count = rows[0].count
    told = [] if kind.together else [(row.about, row.url) for row in rows]
    return News(str(kind.sentence % {"n": count}), told, count, kind.url(since))
