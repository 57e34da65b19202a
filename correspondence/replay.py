"""What sweeps, day by day, do to the notices of one deadline while nobody takes note.

The same rules as `correspondence.services.sweep`, whose statements do it for all deadlines of one
day; here for one deadline on all days of a period. A test keeps the two alike.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from correspondence.sources import AGENCY, FACILITY

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days in a row on which a deadline is open and its rule says the same of it."""

    kind: str
    first: date
    last: date
    object_id: int
    due: date
    agency_id: int | None
    words: list
    escalate_after: int | None
    escalation: list
    offset_days: int | None
    data: str
    link: str


@dataclass(frozen=True)
class Told:
    """A live notice of the deadline. `if_unmarked`: raised only because nobody took note."""

    day: date
    user_id: int
    word: str
    offset_days: int
    escalated_from: str = ""
    if_unmarked: bool = False
    is_known: bool = False


class People:
    """Who belongs to a word of the audience on which day; rows (first, last, key, id, word, user).

    `turns` are the days on which that changes.
    """

    def __init__(self, rows):
        self._rows = defaultdict(list)
        turns = set()
        for first, last, key, key_id, word, user_id in rows:
            self._rows[key, key_id if key == AGENCY else None].append((first, last, word, user_id))
            turns |= {first, last + DAY}
        self._turns = sorted(turns)

    def on(self, day, agency_id):
        """`{word: users}` of the prison and of the agency, and the words that the prison holds."""
        reached = defaultdict(set)
        for key in ((FACILITY, None), (AGENCY, agency_id)):
            for first, last, word, user_id in self._rows.get(key, ()):
                if first <= day <= last:
                    reached[word].add(user_id)
            if key[0] == FACILITY:
                held = set(reached)
        return reached, held

    def next_turn(self, day):
        position = bisect_right(self._turns, day)
        return self._turns[position] if position < len(self._turns) else date.max


def replay(spans, live, people, today):
    """Yield pairs (span, `Told`) of what will be raised: `spans` of one deadline, in order.

    `live` are its notices at the start of `today`.
    """
    before = today - DAY
    for span in spans:
        if span.first > before + DAY:  # it was closed in between, and its notices with it
            live = []
        day = span.first
        while day <= span.last:
            reached, held = people.on(day, span.agency_id)
            live = [told for told in live if _belongs(told, span, reached)]
            raised = _raised(span, day, live, reached, held)
            yield from ((span, told) for told in raised)
            live = [*live, *raised]
            day = _next_day(span, day, live, people)
        before = span.last


def _belongs(told, span, reached):
    """Whether the notice stays live: its reader is still one of those who are told."""
    words = {word for word, users in reached.items() if told.user_id in users}
    if words & set(span.words):
        return True
    climbs = span.escalate_after is not None and told.escalated_from
    return bool(climbs and words & set(span.escalation))


def _raised(span, day, live, reached, held):
    if span.offset_days is None:
        return []
    chosen = {}
    for word, escalated_from, if_unmarked in _called(span, day, live, reached, held):
        for user_id in reached.get(word, ()):
            chosen.setdefault(user_id, (word, escalated_from, if_unmarked))
    nearest = {}
    for told in live:
        nearest[told.user_id] = min(told.offset_days, nearest.get(told.user_id, told.offset_days))
    return [
        Told(day, user_id, word, span.offset_days, escalated_from, if_unmarked)
        for user_id, (word, escalated_from, if_unmarked) in chosen.items()
        if nearest.get(user_id, span.offset_days + 1) > span.offset_days
    ]


def _called(span, day, live, reached, held):
    """Words that are told now, the first ones first: (word, escalated from, if unmarked)."""
    yield from ((word, "", False) for word in span.words)
    of_prison = [told for told in live if told.word != AGENCY]
    if span.escalate_after is None or any(told.is_known for told in of_prison):
        return
    order = span.escalation
    first = _highest(order, span.words)
    lifted = {told.word for told in of_prison if told.escalated_from}
    top = max(first, _highest(order, lifted))
    since = _since(of_prison)
    following = None
    if since is None:
        waits = bool(held & set(span.words)) or span.words == [AGENCY]
    else:
        waits = since + timedelta(days=span.escalate_after) > day
    if not waits:
        knowing = {told.user_id for told in live}
        following = next(
            (
                position
                for position, role in enumerate(order, start=1)
                if position > top and role in held and reached[role] - knowing
            ),
            None,
        )
    for position, role in enumerate(order, start=1):
        if role in span.words or position <= first:
            continue
        if position <= top or position == following:
            below = min(top, position - 1)
            came_from = order[below - 1] if below else (span.words or ["-"])[0]
            yield role, came_from, since is not None


def _highest(order, roles):
    return max((place for place, role in enumerate(order, start=1) if role in roles), default=0)


def _since(of_prison):
    """The day on which the last role began to know, or None when nobody of the prison does."""
    tiers = {}
    for told in of_prison:
        tier = told.word if told.escalated_from else ""
        tiers[tier] = min(told.day, tiers.get(tier, told.day))
    return max(tiers.values(), default=None)


def _next_day(span, day, live, people):
    """The next day on which something can happen to the deadline."""
    days = [span.last + DAY, people.next_turn(day)]
    if span.escalate_after is not None:
        since = _since([told for told in live if told.word != AGENCY])
        if since is not None:
            climbs = since + timedelta(days=span.escalate_after)
            days += [climbs] if climbs > day else []
    return min(days)
