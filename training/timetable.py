"""When a batch meets: weekly slots laid over its days, and what changes against what is there.

Pure: it knows rows only by their fields. Times are aware datetimes.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.utils import formats, timezone
from psycopg2.extras import DateTimeTZRange


@dataclass(frozen=True)
class Session:
    """A meeting as the weekly slot (`WeeklySlot`, or anything with its fields) asks for it."""

    starts: datetime
    ends: datetime
    jp: int
    slot: object

    @property
    def day(self):
        return timezone.localdate(self.starts)

    @property
    def during(self):
        return DateTimeTZRange(self.starts, self.ends, "[)")


def lasts(jp):
    """How long so many JP take."""
    return timedelta(minutes=jp * settings.JP_MINUTES)


def span(day, starts_at, jp):
    """Begin and end of a meeting of so many JP, at a local time of the prison."""
    starts = timezone.make_aware(datetime.combine(day, starts_at))
    return starts, starts + lasts(jp)


def ends_on_its_day(starts_at, jp):
    """Whether so many JP from this time of day end before midnight."""
    begin = datetime.combine(date(2000, 1, 1), starts_at)
    return (begin + lasts(jp)).date() == begin.date()


def local_day(during):
    """The day of a meeting in the prison's time zone."""
    return timezone.localdate(during.lower)


def when_in_words(during):
    """A meeting's time: the day, and from when to when, in local time."""
    starts, ends = timezone.localtime(during.lower), timezone.localtime(during.upper)
    return f"{formats.date_format(starts, 'l, j F Y')} {starts:%H.%M}–{ends:%H.%M}"


def first_overlap(slots):
    """Two weekly slots that overlap, or None."""
    ordered = sorted(slots, key=lambda slot: (slot.weekday, slot.starts_at))
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday:
            begin = datetime.combine(date(2000, 1, 1), one.starts_at) + lasts(one.jp)
            if begin > datetime.combine(date(2000, 1, 1), other.starts_at):
                return one, other
    return None


def sessions(slots, *, jp, first, last, holidays=(), not_before=None, taken=()):
    """Sessions that give `jp` lesson hours from `first` to `last`, and the JP that do not fit.

    Holidays are skipped, so is what begins before `not_before` or overlaps a pair of `taken`
    (begin, end). The last session has no more JP than are left.
    """
    by_weekday = defaultdict(list)
    for slot in sorted(slots, key=lambda slot: slot.starts_at):
        by_weekday[slot.weekday].append(slot)
    found, day = [], first
    while by_weekday and jp > 0 and day <= last:
        for slot in by_weekday[day.isoweekday()] if day not in holidays else ():
            given = min(slot.jp, jp)
            starts, ends = span(day, slot.starts_at, given)
            is_past = not_before is not None and starts < not_before
            if given and not is_past and not any(starts < e and s < ends for s, e in taken):
                found.append(Session(starts, ends, given, slot))
                jp -= given
        day += timedelta(days=1)
    return found, max(jp, 0)


def matched(rows, wanted):
    """Pairs (row, session) of what stays or moves; (None, session) is new, (row, None) goes.

    `rows` and `wanted` are in order of time. A row keeps its day where the day still has a
    session, so that as few as possible move.
    """
    free = defaultdict(list)
    for session in wanted:
        free[session.day].append(session)
    pairs, homeless = [], []
    for row in rows:
        same_day = free[local_day(row.during)]
        if same_day:
            pairs.append((row, same_day.pop(0)))
        else:
            homeless.append(row)
    rest = sorted((s for day in free.values() for s in day), key=lambda session: session.starts)
    pairs += zip(homeless, rest, strict=False)
    pairs += [(row, None) for row in homeless[len(rest) :]]
    pairs += [(None, session) for session in rest[len(homeless) :]]
    return sorted(pairs, key=lambda pair: pair[1].starts if pair[1] else pair[0].during.lower)


def in_safe_order(moves):
    """Moves (row, session) so ordered that none lands on a row that has not moved yet.

    The second value holds those that wait for each other in a circle.
    """
    waiting, ordered = list(moves), []
    while waiting:
        ready = [move for move in waiting if not _lands_on_another(move, waiting)]
        if not ready:
            break
        ordered += ready
        waiting = [move for move in waiting if move not in ready]
    return ordered, waiting


def _lands_on_another(move, others):
    row, session = move
    return any(
        other is not row
        and session.starts < other.during.upper
        and other.during.lower < session.ends
        for other, _session in others
    )
