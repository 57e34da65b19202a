"""What waits about those who go out to work while serving."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts import roles
from placements.models import Placement, WorkDay
from reports.lines import Lines
from reports.waiting.kinds import waits

LAPSING = "placements:placement-list?papers=lapsing"


@waits(
    gettext_lazy("Catat kepulangan dari tempat kerja"),
    post=roles.SECURITY,
    act="watch_gate",
    to="placements:gate-list",
    together=True,
)
def people_outside():
    """All who are out to work; the date is that of the first who is due back."""
    return Lines(
        WorkDay.objects.out(),
        due=TruncDate("due_back_at"),
        since="out_at",
        page="placements:placement-detail",
        of="placement__public_id",
    )


@waits(
    gettext_lazy("Perbarui dasar asimilasi kerja"),
    post=roles.HEAD,
    act="place_people",
    to=LAPSING,
)
@waits(
    gettext_lazy("Perbarui dasar asimilasi kerja"),
    post=roles.OFFICER,
    act="place_people",
    to=LAPSING,
)
def papers_that_lapse():
    """Work release whose decree or agreement ends soon or has ended."""
    until = timezone.localdate() + timedelta(days=settings.WORK_RELEASE_SOON_DAYS)
    return Lines(
        Placement.objects.lapsing(until),
        due="papers_end",
        data={"employer": "employer__name"},
        page="placements:placement-detail",
    )
