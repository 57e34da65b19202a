"""The prisons of whoever watches over several, a row each; no statement more for more of them."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy

from correspondence.states import LetterState
from partners.models import Agreement, Obligation
from partners.states import PAST_NOTICE, AgreementState, AgreementStatus
from reports import ways
from reports.bars import Bar
from reports.dashboards.asked import counted
from reports.dashboards.training import begun, day_of
from reports.models import Report
from reports.paths import OF, Step
from training.models import Batch
from training.states import BatchState

EXPIRING = settings.AGREEMENT_EXPIRING_DAYS
HANDED_IN = (LetterState.SIGNED, LetterState.SENT)
# The figures of agreements, and what their list is asked for.
HEALTH = {
    "in_force": {"status": AgreementStatus.IN_FORCE.value},
    "ending": {"ending": EXPIRING},
    "past_notice": {"status": PAST_NOTICE[0]},
}

LABELS = {
    "promised": gettext_lazy("Kursi dijanjikan"),
    "confirmed": gettext_lazy("Kursi dikonfirmasi"),
    "filled": gettext_lazy("Kursi terisi"),
    "in_force": gettext_lazy("Perjanjian berlaku"),
    "ending": gettext_lazy("Akan berakhir"),
    "past_notice": gettext_lazy("Lewat batas usulan"),
    "late": gettext_lazy("Kewajiban terlambat"),
}


@dataclass(frozen=True)
class Prison:
    """`figures` is `{name: Bar}`; without a facility the sums of all. `report` is the last one."""

    facility: object
    figures: dict
    report: object = None

    @property
    def cells(self):
        return list(self.figures.values())

    def sorts_by(self, name):
        """What it is put in order by: a figure, the day of its last report, or its name."""
        if name == "report":
            return self.report.starts_on if self.report else date.min
        bar = self.figures.get(name)
        return bar.number if bar else self.facility.name.casefold()


def prisons(chosen, facilities):
    """(rows, their sum) of these prisons; seats promised only for one year of all courses."""
    found = {facility.pk: {} for facility in facilities}
    if chosen.kept:
        steps, (seats, agreements, reported) = chosen.kept.steps_by_prison(), _count_rest(chosen)
    else:
        seats, agreements, reported, groups = _count(chosen)
        steps = ways.groups(groups, 1)
    for rows in (_steps(steps), seats, agreements):
        for row in rows:
            found[row.pop("facility")] |= row
    reports = {report.facility_id: report for report in reported}
    rows = [
        Prison(
            facility,
            _figures(_at(chosen, facility), found[facility.pk]),
            reports.get(facility.pk),
        )
        for facility in facilities
    ]
    names = {name for numbers in found.values() for name in numbers}
    total = {name: sum(each.get(name, 0) for each in found.values()) for name in names}
    return rows, Prison(None, _figures(chosen, total))


def _at(chosen, facility):
    return replace(chosen, query=chosen.query | {"facility": facility.code})


def _figures(chosen, numbers):
    def people(step):
        url = chosen.list_of("reports:participant-list", step=step.value)
        whole = numbers.get(OF[step].value, 0) if step in OF else None
        return Bar(str(step.label), numbers.get(step.value, 0), whole, url)

    def batches(label, name, word, whole=None):
        url = chosen.list_of("training:batch-list", seats=word)
        return Bar(str(LABELS[label]), numbers.get(name, 0), whole, url)

    def agreements(name, **asked):
        url = chosen.list_of("partners:agreement-list", without=("year", "course"), **asked)
        whole = None if name in ("in_force", "promised") else numbers.get("in_force", 0)
        return Bar(str(LABELS[name]), numbers.get(name, 0), whole, url)

    seats = numbers.get("confirmed", 0) + numbers.get("extra", 0)
    late = chosen.list_of("reports:obligation-list", without=("year", "course"), standing="late")
    figures = {step.value: people(step) for step in Step}
    if chosen.year and not chosen.course:
        day = day_of(chosen.year, timezone.localdate()).isoformat()
        figures["promised"] = agreements("promised", on=day, seats="promised")
    return figures | {
        "confirmed": batches("confirmed", "confirmed", "granted"),
        "filled": batches("filled", "taken", "used", seats),
        **{name: agreements(name, **asked) for name, asked in HEALTH.items()},
        "late": Bar(str(LABELS["late"]), numbers.get("late", 0), url=late),
    }


def _steps(groups):
    return [
        {"facility": facility, **{step.value: number for step, number in numbers.items()}}
        for (facility,), numbers in groups
    ]


@counted
def _count(chosen):
    return (*_rest(chosen), ways.by_groups(begun(chosen), "facility"))


@counted
def _count_rest(chosen):
    return _rest(chosen)


def _rest(chosen):
    return _seats(chosen), _agreements(chosen), _reports(chosen)


def _seats(chosen):
    rows = chosen.narrow(Batch.objects.all(), year="starts_on__year", course="course")
    return (
        rows.exclude(state=BatchState.CANCELLED)
        .order_by()
        .values("facility")
        .annotate(
            confirmed=Sum("seats_confirmed"), extra=Sum("seats_extra"), taken=Sum("seats_taken")
        )
    )


def _agreements(chosen):
    rows = chosen.narrow(Agreement.objects.all())
    kinds = {
        "in_force": rows.in_force(),
        "ending": rows.ending_within(EXPIRING),
        "past_notice": rows.having_status(PAST_NOTICE[0]),
    }
    asked = {name: Count("pk", filter=_among(each)) for name, each in kinds.items()}
    if chosen.year:
        on = day_of(chosen.year, timezone.localdate())
        promising = _among(rows.in_force(on).promising_seats())
        asked["promised"] = Sum("seats_per_year", filter=promising, default=0)
    late = Obligation.objects.late().filter(agreement=OuterRef("pk")).order_by()
    late = late.values("agreement").annotate(n=Count("pk")).values("n")
    asked["late"] = Sum("n_late", filter=~Q(state=AgreementState.CANCELLED), default=0)
    return rows.order_by().alias(n_late=Subquery(late)).values("facility").annotate(**asked)


def _among(rows):
    return Q(pk__in=rows.order_by().values("pk"))


def _reports(chosen):
    """The last report of each prison whose letter is signed."""
    rows = chosen.narrow(Report.objects.filter(letter__state__in=HANDED_IN), agency="")
    rows = rows.order_by("facility_id", "-starts_on").distinct("facility_id")
    return rows.select_related("letter")
