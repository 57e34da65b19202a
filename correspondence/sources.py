"""What the reminders engine asks the apps: deadline sources, and audiences.

A new kind of deadline is one function in the app's `reminders.py`:

    @source(
        Kind("review", _("Monev"), _("Monev %(title)s jatuh tempo %(due)s.")),
        offsets=(30, 7, 0),
        audience=("officer", "head"),
    )
    def review(today):
        return deadlines(Agreement.objects.in_force(today), due=..., data=..., link=...)

The sweep reads all rows of a source in one statement, so the function returns a lazy queryset
of every *open* deadline, near or far: a row that leaves the source counts as settled. `today` may
be an SQL expression (the preview asks for many days at once): hand it on to look-ups, with or
without a timedelta, and do no more with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import BigIntegerField, CharField, DateField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.urls import reverse

from correspondence import kinds

FACILITY, AGENCY = "facility", "agency"
OWNER = "owner"  # the word of a policy for the post that owns the object itself
COLUMNS = (
    "deadline_due",
    "deadline_facility_id",
    "deadline_agency_id",
    "deadline_owner_role",
    "deadline_data",
    "deadline_link",
)
PLACE = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Source:
    """`rows(today)` gives every open deadline; the rest is the national policy it starts with."""

    kind: str
    rows: Callable[[date], QuerySet]
    offsets: tuple[int, ...]
    audience: tuple[str, ...]
    escalate_after: int | None = None
    escalation: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audience:
    """`people(today)` gives rows (word, id, user id); `key` says of what the id is."""

    key: str
    people: Callable[[date], QuerySet]


_sources: dict[str, Source] = {}
_audiences: list[Audience] = []
_words: dict[str, str] = {}


def source(kind, *, offsets, audience, escalate_after=None, escalation=()):
    """Register the decorated function as the source of a kind, and the kind with its sentence.

    Offsets are days before the due date (-1: the day after). `escalation` is an order of roles:
    who comes next when nobody took note for `escalate_after` days. All of it is what the national
    `ReminderPolicy` starts with; from then on the rows count.
    """

    def register(rows):
        kinds.register(replace(kind, deadline=True))
        _sources[kind.code] = Source(kind.code, rows, offsets, audience, escalate_after, escalation)
        return rows

    return register


def audience(key, words):
    """Register the decorated function as an audience; `words` are those a policy may use."""

    def register(people):
        _audiences.append(Audience(key, people))
        _words.update(words)
        return people

    return register


def deadlines(rows, *, due, data, link, facility="facility_id", agency=None, owner_role=None):
    """Annotate a queryset with the columns of a source.

    `due`, `facility`, `agency` and `owner_role` are field names or expressions, `data` maps the
    places of the kind's sentence to them (titles and codes, never a person's name).
    """
    return rows.order_by().annotate(
        deadline_due=Cast(due, DateField()),
        deadline_facility_id=Cast(facility, BigIntegerField()),
        deadline_agency_id=Cast(agency or Value(None), BigIntegerField()),
        deadline_owner_role=Cast(owner_role or Value(None), TextField()),
        deadline_data=JSONObject(**data),
        deadline_link=link,
    )


def link_to(name, public_id="public_id"):
    """SQL of the path of a page that takes one `public_id`, for `deadlines(link=...)`."""
    before, after = reverse(name, args=[PLACE]).split(PLACE)
    return Concat(
        Value(before), Cast(F(public_id), CharField()), Value(after), output_field=CharField()
    )


def all_sources():
    return list(_sources.values())


def all_audiences():
    return list(_audiences)


def words():
    """What a policy's audience may hold: word and label."""
    return dict(_words)
