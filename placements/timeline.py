"""A person's time as one picture: spans and marks in, numbers for an SVG out. Pure.

Whoever has a further kind of thing to show adds its spans (a batch, a stay) or marks (a
certificate's day); places, rows and labels are found here, so that no two labels overlap.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.timeline import WIDTH, Scale, short, width_of

LINE = 20  # a row of labels above the lanes
ROW = 30  # a row of bars: as high as a finger needs
BAR = 18
HEADING = 22
AXIS = 24
GAP = 10  # between what stands side by side
THINNEST = 5
SHORTEST = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Something that lasts, both days included; `ends` None goes on. `lane` is its heading."""

    lane: str
    label: str
    starts: date
    ends: date | None
    tone: str = "quiet"
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A day: a date of the sentence, a certificate."""

    day: date
    label: str
    tone: str = "quiet"
    note: str = ""
    url: str = ""


class Verdict(models.TextChoices):
    """Whether a planned batch ends early enough for somebody's release."""

    FITS = "fits", _("Sempat")
    TIGHT = "tight", _("Cadangan kurang")
    LATE = "late", _("Terlambat")
    UNKNOWN = "unknown", _("Belum diketahui")


@dataclass(frozen=True)
class Fit:
    """`days` from a batch's last day to the expected release, negative when that comes first."""

    verdict: Verdict
    days: int | None
    buffer: int

    @property
    def days_late(self):
        return -self.days


def fit(ends_on, release, buffer):
    """The `Fit` of a batch that ends on a day, for who is released on `release` (or None)."""
    if release is None:
        return Fit(Verdict.UNKNOWN, None, buffer)
    days = (release - ends_on).days
    if days < 0:
        return Fit(Verdict.LATE, days, buffer)
    return Fit(Verdict.FITS if days >= buffer else Verdict.TIGHT, days, buffer)


@dataclass
class Bar:
    """A span in its place: its bar from `x` to `x + width`, its label, and the row of both."""

    span: Span
    x: int
    width: int
    text: str
    text_x: int
    left: int
    right: int
    y: int = 0
    row: int = 0

    @property
    def bar_y(self):
        return self.y + (ROW - BAR) // 2

    @property
    def text_y(self):
        return self.y + ROW // 2 + 5

    @property
    def extent(self):
        return self.right - self.left

    @property
    def is_inside(self):
        """Whether the label stands on its bar."""
        return self.x <= self.text_x and self.right <= self.x + self.width


@dataclass
class Flag:
    """A mark in its place: a line at `x` and a label above it."""

    mark: Mark
    x: int
    text: str
    left: int
    right: int
    row: int = 0

    @property
    def y(self):
        return self.row * LINE + LINE - 5

    @property
    def line_y(self):
        return self.row * LINE + LINE


@dataclass
class Lane:
    label: str
    bars: list
    y: int = 0
    height: int = 0

    @property
    def text_y(self):
        return self.y + HEADING - 6


@dataclass
class Picture:
    """What the template draws; every number is whole."""

    flags: list
    lanes: list
    ticks: list = field(default_factory=list)
    top: int = 0
    height: int = 0
    width: int = WIDTH
    row: int = ROW
    bar: int = BAR

    @property
    def now(self):
        return next(flag.x for flag in self.flags if flag.mark.tone == "today")

    @property
    def bottom(self):
        return self.height - AXIS

    @property
    def axis_y(self):
        return self.height - 7


def draw(spans, marks, *, today):
    """The `Picture` of these and of today. Lanes stand in the order in which they first come."""
    marks = [*marks, Mark(day=today, label=str(_("Hari ini")), tone="today")]
    scale = _scale(spans, marks)
    flags = _flags(marks, scale)
    lines = max(flag.row for flag in flags) + 1
    lanes = {}
    for span in spans:
        lanes.setdefault(str(span.lane), []).append(span)
    picture = Picture(flags, [], ticks=scale.ticks(), top=lines * LINE + 4)
    y = picture.top
    for label, of_lane in lanes.items():
        bars = [_bar(span, scale) for span in sorted(of_lane, key=lambda span: span.starts)]
        rows = _stack(bars)
        for bar in bars:
            bar.y = y + HEADING + bar.row * ROW
        lane = Lane(label, bars, y, HEADING + rows * ROW)
        picture.lanes.append(lane)
        y += lane.height
    picture.height = y + AXIS
    return picture


def _scale(spans, marks):
    """From the first day that matters to the last, and never less than a year."""
    days = [mark.day for mark in marks]
    days += [day for span in spans for day in (span.starts, span.ends) if day]
    first, last = min(days), max(days)
    lacking = SHORTEST - (last - first)
    if lacking > timedelta(0):
        first, last = first - lacking / 2, last + lacking / 2
    return Scale(first, last)


def _flags(marks, scale):
    """Each label above its line or beside it, in the first row where it is clear of all others.

    Clear means: of the labels of its row, of the lines that come down through it from labels
    above, and with its own line of the labels below. Where no row is clear it gets one of its own.
    """
    placed = []
    for mark in sorted(marks, key=lambda mark: mark.day):
        choices = list(_places(mark, scale, placed))
        clear = (flag for flag in choices if not any(_disturb(flag, other) for other in placed))
        placed.append(next(clear, choices[-1]))
    top = min(flag.row for flag in placed)
    for flag in placed:
        flag.row -= top
    return placed


def _places(mark, scale, placed):
    """Where the label may stand: in the rows there are, in one above them, in one below them."""
    text = short(mark.label)
    x, width = scale.x(mark.day), width_of(text)
    rows = sorted({flag.row for flag in placed}) or [0]
    for row in (*rows, rows[0] - 1, rows[-1] + 1):
        for left in (x - width // 2, x + GAP // 2, x - GAP // 2 - width):
            if 0 <= left <= WIDTH - width:
                yield Flag(mark, x, text, left, left + width, row)


def _disturb(one, other):
    if one.row == other.row:
        return _touch(one, other)
    above, below = (one, other) if one.row < other.row else (other, one)
    return below.left - 2 < above.x < below.right + 2


def _bar(span, scale):
    """The label stands on the bar where it fits, else to its right, else to its left."""
    text = short(span.label)
    x = scale.x(span.starts)
    end = scale.x(span.ends + timedelta(days=1) if span.ends else scale.last)
    width = max(min(end, WIDTH) - x, THINNEST)
    x = min(x, WIDTH - width)
    needed = width_of(text)
    if needed + GAP <= width:
        text_x = x + GAP // 2
    elif x + width + GAP // 2 + needed <= WIDTH:
        text_x = x + width + GAP // 2
    else:
        text_x = max(x - GAP // 2 - needed, 0)
    left, right = min(x, text_x), max(x + width, text_x + needed)
    return Bar(span, x, width, text, text_x, left, right)


def _stack(placed):
    """Give each the first row where nothing of it would touch another; returns how many rows."""
    rows = []
    for each in placed:
        free = (n for n, row in enumerate(rows) if not any(_touch(each, other) for other in row))
        each.row = next(free, len(rows))
        if each.row == len(rows):
            rows.append([])
        rows[each.row].append(each)
    return len(rows)


def _touch(one, other):
    return one.left < other.right + GAP and other.left < one.right + GAP
