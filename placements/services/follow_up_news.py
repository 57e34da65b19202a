"""Who is told about follow-ups. Numbers and months travel, no name and no outcome."""

from collections import defaultdict

from django.urls import reverse

from accounts import roles
from correspondence.services import notices
from partners.services import liaisons

POSTS = (roles.OFFICER, roles.HEAD)


def handed_over(rows, by):
    """The liaisons of each agency: so many follow-ups are theirs now. One notice for all."""
    by_agency = defaultdict(list)
    for row in rows:
        by_agency[row.agency_id].append(row)
    for agency, given in by_agency.items():
        first = min(given, key=lambda row: (row.due_on, row.pk))
        notices.tell(
            kind="follow_ups_given",
            obj=first,
            recipients=[person for person in liaisons.of(agency) if person != by],
            data={"count": len(given), "facility": first.facility.name},
            link=reverse("placements:follow-up-list"),
            facility_id=first.facility_id,
        )


def taken_back(rows, by):
    """The officer, of what came back because a consent ended. One notice a prison."""
    by_prison = defaultdict(list)
    for row in rows:
        by_prison[row.facility_id].append(row)
    for lost in by_prison.values():
        first = min(lost, key=lambda row: (row.due_on, row.pk))
        _tell("follow_ups_back", first, (roles.OFFICER,), by, count=len(lost))


def answered(row, by):
    """The officer, of what somebody else has written down."""
    _tell("follow_up_answered", row, (roles.OFFICER,), by, months=row.months)


def help_needed(row, by):
    _tell("follow_up_help", row, POSTS, by, months=row.months)


def _tell(kind, row, posts, by, **data):
    people = notices.holders(row.facility_id, *posts)
    notices.tell(
        kind=kind,
        obj=row,
        recipients=[person for person in people if person != by],
        data=data,
        link=row.get_absolute_url(),
        facility_id=row.facility_id,
    )
