"""Those of whom nobody has asked yet how it goes: one line for all, the list has their names."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import roles
from placements.employment import FollowUpOwner
from placements.models import FollowUp
from reports.waiting.kinds import Task, waits

LIST = "placements:follow-up-list"


@waits(post=roles.OFFICER, act="follow_up", more=LIST)
def follow_ups_due(user, prisons):
    """Without those that an agency is to ask."""
    rows = FollowUp.objects.visible_to(user).due().filter(facility__in=prisons)
    found = rows.exclude(owner=FollowUpOwner.AGENCY).order_by()
    found = found.aggregate(count=Count("pk"), first=Min("due_on"))
    if found["count"]:
        words = ngettext(
            "%(count)d pemantauan jatuh tempo", "%(count)d pemantauan jatuh tempo", found["count"]
        )
        yield Task(
            _("Tanyakan kabar lulusan"),
            words % {"count": found["count"]},
            reverse(LIST),
            due=found["first"],
            key=("follow_ups", tuple(sorted(prisons))),
        )
