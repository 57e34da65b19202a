"""What waits about those who go out to work while serving."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import roles
from placements.models import Placement, WorkDay
from reports.waiting.kinds import Task, first, task, waits


@waits(post=roles.SECURITY, act="watch_gate", more="placements:gate-list")
def people_outside(user, prisons):
    """One row for all who are out to work; its date is the hour of the first who is due back."""
    now = timezone.now()
    rows = WorkDay.objects.visible_to(user).out().filter(facility__in=prisons).order_by()
    found = rows.aggregate(
        count=Count("pk"), late=Count("pk", filter=Q(due_back_at__lt=now)), due=Min("due_back_at")
    )
    if not found["count"]:
        return
    words = ngettext("%(count)d orang di luar", "%(count)d orang di luar", found["count"])
    about = words % {"count": found["count"]}
    if found["late"]:
        late = ngettext("%(n)d terlambat", "%(n)d terlambat", found["late"])
        about = f"{about}, {late % {'n': found['late']}}"
    yield Task(
        _("Catat kepulangan dari tempat kerja"),
        about,
        reverse("placements:gate-list"),
        due=timezone.localdate(found["due"]),
        key=("outside", tuple(sorted(prisons))),
    )


@waits(post=roles.HEAD, act="place_people", more="placements:placement-list")
@waits(post=roles.OFFICER, act="place_people", more="placements:placement-list")
def papers_that_lapse(user, prisons):
    """Work release whose decree or agreement ends soon or has ended."""
    until = timezone.localdate() + timedelta(days=settings.WORK_RELEASE_SOON_DAYS)
    rows = Placement.objects.visible_to(user).lapsing(until).select_related("employer")
    for row in first(rows, prisons, "papers_end"):
        yield task(row, _("Perbarui dasar asimilasi kerja"), row.employer, due=row.papers_end)
