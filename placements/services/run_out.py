"""Restrictions that reached their last day by themselves, while somebody was kept from class."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.refusals import act
from inmates.models import Circumstance, Restriction
from inmates.services import circumstances
from inmates.states import KEEPS_OUT, CircumstanceDecision, CircumstanceKind
from training.models import Enrolment
from training.states import EnrolmentState


@act
def note(*, today=None):
    """Write down, once, that a restriction which suspended somebody is over; returns how many.

    Nobody lifts what ends on a date of its own, and yet a post has to say who may come back.
    """
    today = today or timezone.localdate()
    rows = list(_unnoted(today).select_for_update(no_key=True, skip_locked=True, of=["self"]))
    # Asked again after the lock: another worker may have written it just before.
    rows = {
        (row.inmate_id, row.facility_id, row.kind): row
        for row in _unnoted(today).filter(pk__in=[row.pk for row in rows])
    }
    noted = circumstances.note_many(
        [
            Circumstance(
                inmate_id=row.inmate_id,
                facility_id=row.facility_id,
                kind=CircumstanceKind.LIFTED,
                old=row.kind,
                effective=today,
                source="restriction",
            )
            for row in rows.values()
        ]
    )
    return len(noted)


def _unnoted(today):
    """Changes that suspended somebody who is still away, of a restriction that is over since."""
    own = {"inmate": OuterRef("inmate")}
    restrictions = Restriction.objects.filter(kind=OuterRef("kind"), **own)
    lifted = Circumstance.objects.filter(
        kind=CircumstanceKind.LIFTED,
        old=OuterRef("kind"),
        facility=OuterRef("facility"),
        created_at__gte=OuterRef("created_at"),
        **own,
    )
    away = Enrolment.objects.filter(
        state=EnrolmentState.SUSPENDED, facility=OuterRef("facility"), **own
    )
    return Circumstance.objects.filter(
        Exists(away),
        Exists(restrictions.filter(until__lt=today)),
        ~Exists(restrictions.in_force(today)),
        ~Exists(lifted),
        kind__in=KEEPS_OUT,
        decision=CircumstanceDecision.SUSPENDED,
    ).order_by("pk")
