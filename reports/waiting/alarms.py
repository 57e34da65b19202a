"""What stands above everything else: gates that stay closed because a tool is missing."""

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.permissions import may
from reports.lines import Lines
from reports.waiting.kinds import day_of
from training.models import ToolCheck


def gates_closed(user):
    """`Lines` of the checks, for whoever counts tools; None for others."""
    prisons = [pk for pk in user.facility_ids if may(user, "check_tools", pk)]
    if not prisons:
        return None
    return Lines(
        ToolCheck.objects.visible_to(user).short().filter(facility__in=prisons),
        since="in_at",
        data={
            "missing": F("quantity_out") - F("quantity_in"),
            "tool": "name",
            "course": "meeting__batch__course__name",
            "batch": "meeting__batch__name",
            "number": "meeting__number",
            "at": F("meeting__during__startswith"),
        },
        words=lambda row: (
            f"{row['missing']} {row['tool']}",
            f"{row['course']} – {row['batch']}",
            _("pertemuan ke-%(number)s, %(day)s")
            % {"number": row["number"], "day": day_of(row["at"])},
        ),
        page="training:meeting-tools",
        of="meeting__public_id",
    )
