"""What training adds to the page of an agreement: its batches, and its seats per year."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from partners import panels
from partners.rules import last_day
from partners.states import SIGNED_ONCE
from training.models import Batch
from training.states import BATCH_OPEN, BatchState

SHOWN = 10


def _batches(reader, agreement):
    rows = Batch.objects.visible_to(reader).filter(agreement=agreement)
    newest = rows.select_related("course").with_cover()
    return newest[: SHOWN + 1], rows.uncovered().values_list("pk")


@panels.register(_batches)
def batches_under(agreement, user, shown, bare):
    """Its batches, the newest first, and those that it does not cover any more."""
    if not shown and agreement.state not in SIGNED_ONCE:
        return None
    today = timezone.localdate()
    for batch in shown:
        batch.is_bare = (
            not batch.is_covered and batch.state in BATCH_OPEN and batch.ends_on >= today
        )
    return "training/_agreement_batches.html", {
        "batches": shown[:SHOWN],
        "bare": len(bare),
        "list": _rows(agreement),
        "bare_list": _rows(agreement, covered="no"),
        "has_more": len(shown) > SHOWN,
    }


@dataclass
class Year:
    """One year of an agreement: promised, granted and used seats, and where their rows stand."""

    starts: date
    ends: date
    promised: int | None
    granted: int = 0
    used: int = 0
    granted_rows: str = ""
    used_rows: str = ""

    @property
    def is_short(self):
        """Whether a year that is over brought fewer seats than were promised."""
        return (
            self.promised is not None
            and self.ends < timezone.localdate()
            and (self.granted < self.promised)
        )


def _seats(reader, agreement):
    """All its batches in one row: each row of the statement is as wide as all panels together."""
    rows = Batch.objects.visible_to(reader).filter(agreement=agreement)
    held = rows.exclude(state=BatchState.CANCELLED).order_by().values(whole=Value(1))
    columns = {"days": "starts_on", "granted": "seats_confirmed", "used": "seats_taken"}
    return [
        held.annotate(
            **{name: ArrayAgg(column, default=Value([])) for name, column in columns.items()}
        )
    ]


@panels.register(_seats)
def seats_per_year(agreement, user, seats):
    """Seats promised, confirmed and taken in each year of the term, by a batch's first day."""
    until = last_day(agreement)
    if until is None:
        return None
    years = [
        Year(starts, ends, agreement.seats_per_year)
        for starts, ends in years_of(agreement.starts_on, until)
    ]
    for row in seats:
        for day, granted, used in zip(row["days"], row["granted"], row["used"], strict=True):
            for year in years:
                if year.starts <= day <= year.ends:
                    year.granted += granted
                    year.used += used
    if agreement.seats_per_year is None and not any(year.granted for year in years):
        return None
    for year in years:
        span = {"since": year.starts, "until": year.ends}
        year.granted_rows = _rows(agreement, seats="granted", **span)
        year.used_rows = _rows(agreement, seats="used", **span)
    return "training/_agreement_seats.html", {"years": years}


def years_of(starts_on, ends_on):
    """The years of a term, both days included; the last one may be shorter.

    A term that begins on 29 February has its years begin on 28 February, or on the 29th again.
    """
    found, number = [], 0
    while (starts := starts_on + relativedelta(years=number)) <= ends_on:
        number += 1
        following = starts_on + relativedelta(years=number)
        found.append((starts, min(following - relativedelta(days=1), ends_on)))
    return found


def _rows(agreement, **more):
    query = urlencode({"agreement": agreement.public_id, **more})
    return f"{reverse('training:batch-list')}?{query}"
