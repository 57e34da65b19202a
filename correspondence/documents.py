"""What every paper of a prison says at its head, as plain data."""

from django.utils import timezone

from accounts.by_key import asked_by_key
from correspondence.models import Letterhead


def office(facility, on=None):
    """The letterhead that holds on a day (default today), and who the office is.

    `office` is the prison's name as its letterhead writes it, in capitals. A prison without a
    letterhead of that day writes under its own name.
    """
    on = on or timezone.localdate()
    head = next(iter(_letterheads(facility.pk, on)), None)
    lines = head.lines if head else []
    return {
        "letterhead": lines or [facility.name.upper()],
        "address": (head and head.address) or facility.address,
        "office": (lines[-1] if lines else facility.name).upper(),
        "facility": facility.name,
        "city": facility.city,
    }


@asked_by_key
def _letterheads(facility, on):
    return Letterhead.objects.filter(facility=facility, starts_on__lte=on)[:1]
