"""Who is told of work that begins and ends. Codes travel, names never."""

from django.utils import timezone

from accounts import roles
from correspondence.services import notices
from inmates.states import CircumstanceKind
from partners.services import liaisons
from placements.employment import PlacementKind

GATE = (roles.SECURITY, roles.HEAD, roles.OFFICER)
ALARMED = (roles.SECURITY, roles.HEAD)


def begun(placement, by):
    """The agency that referred somebody; the gate, of whoever goes out to work."""
    _agency("placement_begun", placement, by, day=placement.starts_on)
    if placement.kind == PlacementKind.WORK_RELEASE:
        _gate("work_release_begun", placement, by, GATE, due=placement.starts_on)


def ended(placement, by, *, kind=""):
    """The same, of the end. `kind` is that of the change of circumstances behind it, if any."""
    _agency("placement_ended", placement, by, day=placement.ended_on)
    if placement.kind != PlacementKind.WORK_RELEASE:
        return
    why = {"why": kind} if kind in CircumstanceKind.values else {}
    notice = "work_release_stopped" if why else "work_release_ended"
    _gate(notice, placement, by, GATE, day=placement.ended_on, **why)
    if placement.work_days.out().exists():
        _gate("work_release_ended_outside", placement, None, ALARMED)


def voided(placement, referral, by):
    """The same who were told that it began: it never did."""
    if referral:
        _agency("placement_voided", placement, by, referral=referral)
    if placement.kind == PlacementKind.WORK_RELEASE:
        _gate("work_release_voided", placement, by, GATE)


def overdue(day):
    """At once: somebody has not come back by the hour."""
    _of_day("work_release_overdue", day, None)


def back_late(day, by):
    """At once: somebody came back after the hour."""
    _of_day("work_release_late", day, by, minutes=day.minutes_late)


def _of_day(kind, day, by, **data):
    people = notices.holders(day.facility_id, *ALARMED)
    notices.tell(
        kind=kind,
        obj=day,
        recipients=[person for person in people if person != by],
        data={"at": f"{timezone.localtime(day.due_back_at):%H.%M}", **data},
        link=day.get_absolute_url(),
        facility_id=day.facility_id,
        due=day.day,
    )


def _gate(kind, placement, by, posts, due=None, **data):
    people = notices.holders(placement.facility_id, *posts)
    notices.tell(
        kind=kind,
        obj=placement,
        recipients=[person for person in people if person != by],
        data={"employer": placement.employer.name, **_plain(data)},
        link=placement.get_absolute_url(),
        facility_id=placement.facility_id,
        due=due,
    )


def _agency(kind, placement, by, referral=None, **data):
    referral = referral or placement.referral
    if referral is None:
        return
    notices.tell(
        kind=kind,
        obj=referral,
        recipients=liaisons.of(referral.agency_id),
        data={"code": referral.person_code, "employer": str(placement.employer), **_plain(data)},
        link=referral.get_absolute_url(),
        facility_id=placement.facility_id,
    )


def _plain(data):
    return {
        name: value if isinstance(value, int | str) else value.isoformat()
        for name, value in data.items()
    }
