"""What a prison tells outside of its city's residents: an edition a month, of each year."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from reports import paths, publishing, residents
from reports.dashboards.city import told_outside
from reports.models import CityEdition
from training.models import Enrolment
from training.states import BATCH_BEGUN


@act
def publish(*, facility, year, by, today=None):
    """The edition of this month: the one there is, else made now.

    Raises `NotAllowed` while too few took part, or while a number would differ from the last
    edition by a few people.
    """
    require(by, "write_letters", facility.pk)
    today = today or timezone.localdate()
    last = CityEdition.objects.latest_of(facility, year)
    if last and _is_of_month(last, today):
        return last
    edition = _publish(facility, year, last, today, by)
    if edition is None:
        raise NotAllowed(
            _("Angkanya belum cukup berubah sejak terakhir untuk diumumkan lagi.")
            if last
            else _("Belum cukup banyak peserta untuk diumumkan tanpa menunjuk orangnya.")
        )
    return edition


def publish_all(today=None):
    """For the system, once a month: each prison and year that has participants. How many."""
    today = today or timezone.localdate()
    rows = Enrolment.objects.filter(batch__state__in=BATCH_BEGUN).order_by()
    pairs = rows.values_list("facility", "batch__starts_on__year").distinct()
    done = CityEdition.objects.filter(as_of__gte=today.replace(day=1))
    wanted = set(pairs) - set(done.values_list("facility", "year"))
    prisons = Facility.objects.in_bulk({pk for pk, _year in wanted})
    return sum(_of_system(facility=prisons[pk], year=year, today=today) for pk, year in wanted)


@act
def _of_system(*, facility, year, today):
    last = CityEdition.objects.latest_of(facility, year)
    if last and _is_of_month(last, today):
        return False
    return _publish(facility, year, last, today, None) is not None


def _is_of_month(edition, today):
    return (edition.as_of.year, edition.as_of.month) >= (today.year, today.month)


def _publish(facility, year, last, today, by):
    rows = Enrolment.objects.filter(
        batch__state__in=BATCH_BEGUN, facility=facility, batch__starts_on__year=year
    )
    rows = paths.of_residents(rows)
    data = told_outside(rows, districts=residents.districts_of(facility))
    if not data["total"]:
        return None
    if last and not publishing.moves_enough(_cells(last.data), _cells(data)):
        return None
    return CityEdition.objects.create(
        facility=facility, year=year, as_of=today, data=data, created_by=by
    )


def _cells(data):
    cells = {("total", step): number for step, number in data["total"].items()}
    for table in data["tables"]:
        name = table["name"]
        for codes, numbers in table["rows"]:
            key = f"{name} {', '.join(codes)}"
            cells |= {(key, f"{name} {step}"): n for step, n in numbers.items()}
    return cells
