"""Figures of participations as they were counted some hours ago (docs/decisions/0028).

Only for who reads so many prisons at once that counting takes many seconds: of fewer, and of one
that is chosen among them, every figure is counted when it is asked for. `services.kept_figures`
counts what stands here, by the same statements.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet, Sum

from reports.models import KeptCount, KeptGroup, KeptLength
from reports.paths import Step, Time, Took

MANY = 50  # prisons: from here on figures are kept


@dataclass(frozen=True)
class Kept:
    """What was counted of the participations that a page is narrowed to; `as_of` is the moment of
    the prison that was counted first."""

    rows: QuerySet
    as_of: datetime

    def steps(self):
        """`{Step: how many}`, as `ways.counted` gives them."""
        return _steps(self.rows.aggregate(**_SUMS))

    def steps_by_prison(self):
        """`[((facility id,), {Step: how many})]`."""
        found = self.rows.order_by().values("facility").annotate(**_SUMS)
        return [((row["facility"],), _steps(row)) for row in found]

    def told(self):
        """As `ways.told`: the steps, and a `Time` for each `Took`."""
        lengths = KeptLength.objects.filter(group__in=self.rows.order_by())
        found = {took: [] for took in Took}
        rows = lengths.values_list("took", "days").annotate(sum_n=Sum("number"))
        for took, days, number in rows.order_by("took", "days"):
            found[Took(took)].append((days, number))
        return self.steps(), [_time(took, found[took]) for took in Took]

    def attendance(self):
        """JP `attended` and `held`, and the number of participants by each word of the list's
        filter (`reports.dashboards.training.ATTENDANCE`)."""
        sums = {
            "attended": Sum("jp_attended", default=0),
            "held": Sum("jp_held", default=0),
            "counted": Sum("counted", default=0),
            "enough": Sum("enough", default=0),
            "everybody": Sum("enrolled", default=0),
        }
        found = self.rows.aggregate(**{f"sum_{name}": each for name, each in sums.items()})
        number = {name: found[f"sum_{name}"] for name in sums}
        number["below"] = number["counted"] - number["enough"]
        number["none"] = number.pop("everybody") - number["counted"]
        return number


def kept(prisons, **narrowed):
    """`Kept`, or None where it has to be counted: of few prisons, or while one was never counted.

    `narrowed` are lookups of `KeptGroup`; those that are None narrow nothing.
    """
    if len(prisons) < MANY:
        return None
    counts = KeptCount.objects.filter(facility__in=prisons)
    found = counts.aggregate(n=Count("pk"), as_of=Min("counted_at"))
    if found["n"] < len(prisons):
        return None
    given = {name: value for name, value in narrowed.items() if value is not None}
    return Kept(KeptGroup.objects.filter(facility__in=prisons, **given), found["as_of"])


_SUMS = {f"sum_{step}": Sum(step.value, default=0) for step in Step}


def _steps(row):
    return {step: row[f"sum_{step}"] for step in Step}


def _time(took, found):
    """Of pairs of days and how many took so many, the shortest first."""
    count = sum(number for _days, number in found)
    if not count:
        return Time(took, 0, None, None)
    middle = (_at(found, (count - 1) // 2) + _at(found, count // 2)) // 2
    return Time(took, count, middle, found[-1][0])


def _at(found, place):
    for days, number in found:
        place -= number
        if place < 0:
            return days
    raise IndexError(place)
