"""Editions of the public page: counted by the system, over all prisons, once a month."""

from operator import itemgetter

from django.utils import timezone

from accounts.models import Facility
from accounts.refusals import act
from partners.models import Partnership
from reports import publishing, ways
from reports.models import Edition
from reports.paths import OF, Step
from training.models import Enrolment
from training.states import BATCH_BEGUN

TABLES = {
    "years": ("batch__starts_on__year", publishing.in_order),
    "trades": ("batch__course__trade__name", publishing.by_size),
}


@act
def publish(*, today=None):
    """Publish the figures as of today unless this month has them. Returns the edition, or None.

    Nothing is published while a number would differ from the last edition by a few people: two
    editions side by side tell no more than one. Safe to repeat.
    """
    today = today or timezone.localdate()
    last = Edition.objects.latest_first().first()
    if last and (last.as_of.year, last.as_of.month) >= (today.year, today.month):
        return None
    data = _counted()
    if last and not publishing.moves_enough(_cells(last.data), _cells(data)):
        return None
    return Edition.objects.create(as_of=today, data=data)


def _counted():
    rows = Enrolment.objects.filter(batch__state__in=BATCH_BEGUN)
    ((_all, numbers),) = ways.counted(rows)
    shown = publishing.showable(numbers, OF, list(Step))
    data = {
        "total": {str(step): numbers[step] for step in shown},
        "prisons": Facility.objects.filter(pk__in=rows.order_by().values("facility")).count(),
        "agencies": Partnership.objects.values("agency").distinct().count(),
    }
    for name, (column, merge) in TABLES.items():
        steps, groups = publishing.finest(merge, _grouped(rows, column), OF, shown)
        data[name] = {
            "steps": [str(step) for step in steps],
            "rows": [
                {
                    "labels": [str(label) for label in group.labels],
                    "numbers": {str(step): group.numbers[step] for step in steps},
                }
                for group in groups
            ],
        }
    return data


def _grouped(rows, column):
    found = sorted(ways.counted(rows, column), reverse=True, key=itemgetter(0))
    return [publishing.Group(label, numbers) for label, numbers in found]


def _cells(data):
    cells = {("total", step): number for step, number in data["total"].items()}
    for name in TABLES:
        for row in data[name]["rows"]:
            key = f"{name} {', '.join(row['labels'])}"
            cells |= {(key, f"{name} {step}"): n for step, n in row["numbers"].items()}
    return cells
