"""A month of deadlines as weeks of days, Monday first. Pure."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners import timeline
from partners.timeline import MarkKind

SHOWN = 4  # entries of a day that the grid shows at once
SATURDAY = 6


class EntryKind(models.TextChoices):
    """What a day of the calendar may hold: the marks of agreements, and promises of visits."""

    END = MarkKind.END, MarkKind.END.label
    NOTICE = MarkKind.NOTICE, MarkKind.NOTICE.label
    REVIEW = MarkKind.REVIEW, MarkKind.REVIEW.label
    OBLIGATION = MarkKind.OBLIGATION, MarkKind.OBLIGATION.label
    PROMISE = "promise", _("tindak lanjut")


@dataclass(frozen=True, kw_only=True)
class Entry:
    day: date
    kind: EntryKind
    title: str
    agency: str
    url: str
    note: str = ""


@dataclass
class Day:
    day: date
    is_of_month: bool
    is_today: bool
    holiday: str = ""
    entries: list = field(default_factory=list)

    @property
    def is_working(self):
        return self.day.isoweekday() < SATURDAY and not self.holiday

    @property
    def first_entries(self):
        return self.entries[:SHOWN]

    @property
    def other_entries(self):
        return self.entries[SHOWN:]


def entries_of(agreements, promises, first, last, today):
    """Entries between two days, in order.

    `agreements` come `with_status` and `with_what_is_due`; `promises` are action items with their
    engagement and agency.
    """
    found = [
        Entry(
            day=mark.day,
            kind=EntryKind(mark.kind),
            title=agreement.title,
            agency=agreement.agency.name,
            url=agreement.get_absolute_url(),
            note=mark.note,
        )
        for agreement in agreements
        for mark in timeline.marks_of(agreement, today)
    ]
    found += [
        Entry(
            day=item.due,
            kind=EntryKind.PROMISE,
            title=item.what,
            agency=item.agency.name,
            url=item.engagement.get_absolute_url(),
            note=str(item.owner_label),
        )
        for item in promises
    ]
    order = list(EntryKind)
    return sorted(
        (entry for entry in found if first <= entry.day <= last),
        key=lambda entry: (entry.day, order.index(entry.kind), entry.title),
    )


def weeks_of(month, entries, holidays, today):
    """Weeks of seven `Day`s that hold the month, with what falls on the month's own days."""
    by_day = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    return [
        [
            Day(
                day,
                day.month == month.month,
                day == today,
                holidays.get(day, ""),
                by_day.get(day, []) if day.month == month.month else [],
            )
            for day in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]
