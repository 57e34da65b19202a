"""Agreements side by side as one picture: terms in, numbers for an SVG out. Pure.

One lane per agency; an agreement and what renews it share a row. What lies outside of the years
shown is cut off at the edge of the picture, never squeezed into it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.timeline import LETTER, WIDTH, Scale, short, width_of
from partners import rules
from partners.states import PAST_NOTICE, AgreementState, AgreementStatus

ROW = 48  # as high as a finger needs
LABEL = 15
BAR_TOP, BAR = 20, 16
HEADING = 26
TOP, AXIS = 24, 24
GAP = 8
THINNEST = 6
EARLIEST_YEAR, LATEST_YEAR = 1970, 2100
YEARS_MOST = 30
LOOKS = [*AgreementStatus.choices, PAST_NOTICE]


class MarkKind(models.TextChoices):
    """What may fall on a day of an agreement; each has a shape of its own."""

    END = "end", _("hari terakhir berlaku")
    NOTICE = "notice", _("batas usulan perpanjangan")
    REVIEW = "review", _("monev")
    OBLIGATION = "obligation", _("kewajiban")


@dataclass(frozen=True, kw_only=True)
class Mark:
    day: date
    kind: MarkKind
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Term:
    """The term of an agreement, both days included. `look` is its status, or `past_notice`."""

    pk: int
    follows: int | None = None
    agency: str
    title: str
    starts: date
    ends: date
    look: str
    status: str
    url: str = ""
    marks: tuple = ()


@dataclass
class Point:
    """A mark in its place."""

    mark: Mark
    x: int
    y: int

    @property
    def triangle(self):
        return f"{self.x - 7},{self.y - 8} {self.x + 7},{self.y - 8} {self.x},{self.y + 5}"

    @property
    def diamond(self):
        x, y = self.x, self.y
        return f"{x - 7},{y} {x},{y - 7} {x + 7},{y} {x},{y + 7}"


@dataclass
class Bar:
    """A term in its place. From `left` to `right` stands what belongs to it: bar and label."""

    term: Term
    x: int
    width: int
    text: str
    text_x: int
    row: int = 0
    y: int = 0
    points: list = field(default_factory=list)

    @property
    def left(self):
        return min(self.x, self.text_x)

    @property
    def right(self):
        return max(self.x + self.width, self.text_x + width_of(self.text))

    @property
    def extent(self):
        return self.right - self.left

    @property
    def text_y(self):
        return self.y + LABEL

    @property
    def bar_y(self):
        return self.y + BAR_TOP


@dataclass
class Lane:
    label: str
    bars: list
    y: int = 0

    @property
    def text_y(self):
        return self.y + HEADING - 8


@dataclass
class Picture:
    """What the template draws; every number is whole. `now` is None when today is not shown."""

    lanes: list
    ticks: list
    now: int | None
    height: int
    width: int = WIDTH
    top: int = TOP
    row: int = ROW
    bar: int = BAR

    @property
    def looks(self):
        """(look, words) of the statuses in the picture, in their usual order."""
        shown = {bar.term.look for lane in self.lanes for bar in lane.bars}
        return [(code, words) for code, words in LOOKS if code in shown]

    @property
    def bottom(self):
        return self.height - AXIS

    @property
    def axis_y(self):
        return self.height - 7

    @property
    def now_text_x(self):
        """Where the word above today's line begins, so that it stays inside."""
        return min(max(self.now - 28, 0), self.width - 60)


def span_of_years(first, last, today=None):
    """First and last day of the years that two texts name; by default last year to the next two.

    What is no year is ignored, years in the wrong order are swapped, and no more than
    `YEARS_MOST` are shown.
    """
    year = (today or timezone.localdate()).year
    first, last = _year(first), _year(last)
    if first is None and last is None:
        first, last = year - 1, year + 2
    elif first is None:
        first = min(last, year - 1)
    elif last is None:
        last = max(first, year + 2)
    first, last = sorted((first, last))
    return date(first, 1, 1), date(min(last, first + YEARS_MOST - 1), 12, 31)


def _year(text):
    try:
        year = int(text)
    except (TypeError, ValueError):
        return None
    return year if EARLIEST_YEAR <= year <= LATEST_YEAR else None


def terms_of(agreements, today=None):
    """The `Term`s of agreements with both dates (rows `with_status` and `with_what_is_due`)."""
    today, words = today or timezone.localdate(), {code: str(words) for code, words in LOOKS}
    return [_term_of(agreement, today, words) for agreement in agreements]


def _term_of(agreement, today, words):
    look = PAST_NOTICE[0] if agreement.is_past_notice else agreement.status_code
    return Term(
        pk=agreement.pk,
        follows=agreement.renews_id,
        agency=agreement.agency.name,
        title=agreement.title,
        starts=agreement.starts_on,
        ends=max(rules.last_day(agreement) or agreement.ends_on, agreement.starts_on),
        look=look,
        status=words[look],
        url=agreement.get_absolute_url(),
        marks=tuple(marks_of(agreement, today)),
    )


def marks_of(agreement, today):
    """What falls on a day of the agreement: last day, notice deadline, review, obligations.

    There is nothing to propose any more once it was terminated or renewed.
    """
    until = rules.last_day(agreement)
    if until is not None:
        yield Mark(day=until, kind=MarkKind.END)
    if agreement.state == AgreementState.SIGNED and not agreement.is_renewed:
        yield Mark(
            day=agreement.notice_by, kind=MarkKind.NOTICE, is_late=bool(agreement.is_past_notice)
        )
    review = rules.next_review(agreement, today) if until is not None else None
    if review is not None:
        yield Mark(day=review, kind=MarkKind.REVIEW, is_late=review < today)
    if agreement.status_code != AgreementStatus.CANCELLED:
        for duty in agreement.obligations_open:
            yield Mark(
                day=duty.due,
                kind=MarkKind.OBLIGATION,
                note=f"{duty.get_party_display()}: {duty.what}",
                is_late=duty.due < today,
            )


def in_order(terms):
    """By agency as a reader would sort their names, then by the first day: table and picture."""
    return sorted(terms, key=lambda term: (term.agency.casefold(), term.starts, term.pk))


def draw(terms, first, last, *, today=None):
    """The `Picture` of the terms between two days. Lanes by agency, rows by their first day."""
    today = today or timezone.localdate()
    scale = Scale(first, last + timedelta(days=1))
    lanes = {}
    for term in in_order(terms):
        if term.ends >= first and term.starts <= last:
            lanes.setdefault(term.agency, []).append(term)
    y, placed = TOP, []
    for agency, of_lane in lanes.items():
        lane = Lane(agency, _rows(of_lane, scale), y)
        for bar in lane.bars:
            bar.y = y + HEADING + bar.row * ROW
            bar.points = _points(bar, scale)
        placed.append(lane)
        y += HEADING + (max(bar.row for bar in lane.bars) + 1) * ROW
    now = scale.x(today) if first <= today <= last else None
    return Picture(placed, scale.ticks(), now, y + AXIS)


def _rows(terms, scale):
    """Bars with their rows: what renews stands behind what it renews where both have room."""
    last_of_row, row_of, bars = [], {}, []
    for term in terms:
        bar = _bar(term, scale)
        row = row_of.get(term.follows)
        if row is None or not _fits_behind(last_of_row[row], bar):
            row = len(last_of_row)
            last_of_row.append(bar)
        last_of_row[row], bar.row, row_of[term.pk] = bar, row, row
        bars.append(bar)
    return bars


def _fits_behind(before, bar):
    """Whether the row of `before` is free for `bar`; the labels of both are cut to fit then."""
    if bar.x < before.x + before.width:
        return False
    bar.text, bar.text_x = short(bar.text, max((WIDTH - bar.x) // LETTER, 1)), bar.x
    letters = max((bar.x - GAP - before.text_x) // LETTER, 1)
    before.text = short(before.text, letters)
    return True


def _bar(term, scale):
    start = max(term.starts, scale.first)
    end = min(term.ends + timedelta(days=1), scale.last)
    x = scale.x(start)
    width = max(scale.x(end) - x, THINNEST)
    x = min(x, WIDTH - width)
    text = short(f"{term.title} · {term.status}")
    return Bar(term, x, width, text, max(min(x, WIDTH - width_of(text)), 0))


def _points(bar, scale):
    middle = bar.bar_y + BAR // 2
    return [
        Point(mark, scale.x(mark.day), middle)
        for mark in bar.term.marks
        if mark.kind != MarkKind.END and scale.first <= mark.day < scale.last
    ]
