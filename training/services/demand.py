"""Demand beside supply: who waits for which course and until when they stay, who could join."""

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from training import ranking
from training.models import Batch, Course, PlanLine, WaitingEntry
from training.services.eligible import terms_of

STARTS_IN = 30  # days until the training that supply is judged for
MONTHS_SHOWN = 24
WINDOWS = ((0, 6), (6, 12), (12, 24))  # months until release


@dataclass
class Window:
    """People who wait and are expected to leave between two days; both None: nobody knows when."""

    since: date | None = None
    until: date | None = None
    count: int = 0

    @property
    def query(self):
        """What the waiting list asks for to show exactly these people."""
        days = {"release_since": self.since, "release_until": self.until}
        known = {name: day.isoformat() for name, day in days.items() if day}
        return urlencode(known or {"release": "unknown"})


@dataclass
class Demand:
    """One course: who waits, by the time until release; who could join; seats that are coming."""

    course: Course
    waiting: int = 0
    windows: list = field(default_factory=list)
    fit: int = 0
    unsure: int = 0
    seats_coming: int = 0
    seats_requested: int = 0
    seats_granted: int = 0

    @property
    def lacking(self):
        """People who wait and for whom no seat is coming."""
        return max(self.waiting - self.seats_coming, 0)


def of_courses(user, facility, year):
    """A `Demand` for each course that somebody waits for or that is on the plan of the year.

    The number of queries is fixed: the judging of all courses is one statement.
    """
    today = timezone.localdate()
    planned = {
        row["course"]: row
        for row in PlanLine.objects.visible_to(user)
        .filter(facility=facility, year=year)
        .order_by()
        .values("course")
        .annotate(requested=Sum("seats_requested"), granted=Sum("seats_granted"))
    }
    months = list(_by_month(user, facility))
    wanted = set(planned) | {row["course"] for row in months}
    courses = Course.objects.filter(pk__in=wanted).select_related("trade").order_by("name", "pk")
    found = {course.pk: Demand(course, windows=_windows(today)) for course in courses}
    for row in months:
        demand = found[row["course"]]
        demand.waiting += row["n"]
        _window_of(demand.windows, row["month"], today).count += row["n"]
    for pk, row in planned.items():
        found[pk].seats_requested, found[pk].seats_granted = row["requested"], row["granted"]
    _add_coming(user, facility, found)
    _add_supply(facility, found, today)
    return sorted(found.values(), key=lambda each: (-each.lacking, each.course.name))


def by_month(user, facility, course=None):
    """`Window`s of the next months, then of what lies beyond, and of those with no known way out.

    Of one course, or of all.
    """
    first = timezone.localdate().replace(day=1)
    months = [first + relativedelta(months=number) for number in range(MONTHS_SHOWN)]
    windows = {month: Window(month, _last_day(month)) for month in months}
    beyond = Window(months[-1] + relativedelta(months=1))
    before, unknown = Window(until=first - timedelta(days=1)), Window()
    for row in _by_month(user, facility):
        if course is not None and row["course"] != course.pk:
            continue
        month = row["month"]
        if month is None:
            window = unknown
        elif month < first:
            window = before
        else:
            window = windows.get(month, beyond)
        window.count += row["n"]
    return [*([before] if before.count else []), *windows.values(), beyond, unknown]


def on_paper(course, facility):
    """A batch of the course as it would be if it began in a month: nothing of it is stored."""
    starts_on = timezone.localdate() + timedelta(days=STARTS_IN)
    weeks = ceil(course.jp / settings.JP_A_DAY / 5)
    return Batch(
        pk=0,
        course=course,
        facility=facility,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(weeks=weeks),
        seats_confirmed=course.package_seats,
    )


def terms_on_paper(batch):
    """Its terms; the seats kept for the city are counted as if nobody were proposed yet."""
    course = batch.course
    bare = copy(course)
    bare.resident_percent = 0
    batch = copy(batch)
    batch.course = bare
    terms = terms_of(batch)
    if not course.resident_percent:
        return terms
    kept = ceil(batch.seats * course.resident_percent / 100)
    return replace(terms, resident_percent=course.resident_percent, open_seats=batch.seats - kept)


def could_join(course, facility):
    """How many people at the prison meet all rules of the course, if it began in a month."""
    batch = on_paper(course, facility)
    counted = ranking.count_many([(batch, terms_on_paper(batch))])
    return sum(number for _course, outcome, number in counted if outcome == "pass")


def _by_month(user, facility):
    """How many wait, by course and the month of their expected release."""
    return (
        WaitingEntry.objects.visible_to(user)
        .open()
        .of_people_at([facility.pk])
        .with_expected_release()
        .order_by()
        .values("course", month=TruncMonth("expected_release"))
        .annotate(n=Count("pk"))
    )


def _windows(today):
    first = today.replace(day=1)
    spans = [
        (first + relativedelta(months=start), first + relativedelta(months=end, days=-1))
        for start, end in WINDOWS
    ]
    spans[0] = (None, spans[0][1])
    last = first + relativedelta(months=WINDOWS[-1][1])
    return [*(Window(*span) for span in spans), Window(last), Window()]


def _window_of(windows, month, today):
    *known, beyond, unknown = windows
    if month is None:
        return unknown
    return next((window for window in known if month <= window.until), beyond)


def _last_day(month):
    return month + relativedelta(months=1, days=-1)


def _add_coming(user, facility, found):
    rows = (
        Batch.objects.visible_to(user)
        .filter(facility=facility, course__in=found)
        .with_seats_coming()
        .order_by()
        .values("course")
        .annotate(seats=Sum("seats_confirmed") + Sum("seats_extra") - Sum("seats_taken"))
    )
    for row in rows:
        found[row["course"]].seats_coming = row["seats"]


def _add_supply(facility, found, today):
    pairs = []
    for demand in found.values():
        batch = on_paper(demand.course, facility)
        pairs.append((batch, terms_on_paper(batch)))
    for course, outcome, number in ranking.count_many(pairs):
        if outcome == "pass":
            found[course].fit = number
        elif outcome == "warn":
            found[course].unsure = number
