"""Counts the participations of each prison now and then, for who reads many prisons at once."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Facility, Posting
from reports import paths, ways
from reports.kept import MANY
from reports.models import KeptCount, KeptGroup, KeptLength
from training.attended_sums import sums
from training.models import Enrolment
from training.states import BATCH_BEGUN

FRESH = timedelta(hours=6)  # what was counted before is counted again
_BY = ("batch__starts_on__year", "batch__course", "agency", "inmate__sex", "lives_here")
_NAMES = ("year", "course_id", "agency_id", "sex", "is_resident")


def keep_all(now=None):
    """For the system: counts the prisons whose figures are old or were never kept. How many.

    None, unless somebody reads `MANY` prisons at once.
    """
    if not _is_read():
        return 0
    old = Facility.objects.exclude(kept_count__counted_at__gt=(now or timezone.now()) - FRESH)
    prisons = list(old.order_by(F("kept_count__counted_at").asc(nulls_first=True), "pk"))
    for facility in prisons:
        keep(facility)
    return len(prisons)


@transaction.atomic
def keep(facility):
    """Counts one prison's participations and puts them in the place of those kept before."""
    KeptCount.objects.get_or_create(facility=facility, defaults={"counted_at": timezone.now()})
    head = KeptCount.objects.select_for_update().get(facility=facility)  # one count at a time
    counted_at = timezone.now()
    made = _groups(facility)
    lengths = _lengths(facility, made)
    KeptLength.objects.filter(group__facility=facility).delete()
    KeptGroup.objects.filter(facility=facility).delete()
    KeptGroup.objects.bulk_create(made.values())
    KeptLength.objects.bulk_create(lengths)
    head.counted_at = counted_at
    head.save(update_fields=["counted_at"])


def _is_read():
    posts = Posting.objects.current().filter(user__is_active=True)
    prisons = Count("facility", distinct=True)
    return posts.values("user").annotate(n=prisons).filter(Q(n__gte=MANY)).exists()


def _rows(facility):
    rows = Enrolment.objects.filter(facility=facility, batch__state__in=BATCH_BEGUN)
    return paths.with_residents(rows).annotate(lives_here=F("is_resident")).order_by()


def _groups(facility):
    found = {
        key: KeptGroup(
            facility=facility,
            **dict(zip(_NAMES, key, strict=True)),
            **{step.value: number for step, number in steps.items()},
        )
        for key, steps in ways.counted(_rows(facility), *_BY)
    }
    for key, known in _attendance(facility).items():
        for name, number in known.items():
            setattr(found[key], name, number)
    return found


def _attendance(facility):
    """As `dashboards.training` counts it: of whom at least one lesson counts."""
    found = {}
    for *key, attended, held, excused, minimum, people in sums(_rows(facility), *_BY).fetched():
        counts = held - excused
        if counts > 0:
            is_enough = attended * 100 >= counts * minimum
            known = found.setdefault(tuple(key), Counter())
            known.update(counted=people, enough=people * is_enough)
            known.update(jp_attended=people * attended, jp_held=people * counts)
    return found


def _lengths(facility, groups):
    return [
        KeptLength(group=groups[key], took=took, days=days, number=number)
        for key, took, days, number in ways.lengths(_rows(facility), *_BY)
    ]
