"""What a person who leaves, or is kept out, is not told any more."""

from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When
from django.utils import timezone

from accounts.models import Posting
from accounts.refusals import act
from correspondence.models import Mail, Notice
from correspondence.states import MailState, NoticeState


@act
def cancel_mails(*, user, only_secret=False):
    """Mails to the user that are not sent yet are not sent. Returns how many.

    Notices that they would have told wait for another mail, should the user come back.
    `only_secret`: those with a single-use link only.
    """
    queued = Mail.objects.filter(recipient=user, state=MailState.QUEUED)
    if only_secret:
        queued = queued.filter(secret=True)
    Notice.objects.live().filter(mail__in=queued, urgent=False).update(mail=None)
    body = Case(When(secret=True, then=Value("")), default=F("body"), output_field=TextField())
    return queued.update(state=MailState.CANCELLED, body=body)


@act
def close_notices(*, user):
    """The user's live notices stop being live. Returns how many."""
    return _close(Notice.objects.live().filter(recipient=user))


@act
def close_for_former_holders(*, today=None):
    """Notices of a prison stop being live for whoever held a post there and holds none now.

    Safe to repeat: a clock calls it, so that a last day in the future needs nobody. Returns how
    many were closed.
    """
    today = today or timezone.localdate()
    there = Posting.objects.filter(user=OuterRef("recipient"), facility=OuterRef("facility"))
    still = there.filter(Q(until=None) | Q(until__gte=today))
    gone = Exists(there.filter(until__lt=today))
    return _close(Notice.objects.live().filter(gone, ~Exists(still)))


def _close(live):
    """Those told already are superseded and kept, the others cancelled."""
    told = live.told().update(state=NoticeState.SUPERSEDED)
    return told + live.update(state=NoticeState.CANCELLED)
