"""What a person who leaves, or is kept out, is not told any more."""

from django.db.models import Case, F, TextField, Value, When

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
def close_notices(*, user, facility=None, told_as=None):
    """The user's live notices (of one prison, of one audience) stop being live.

    Those told already are superseded and kept, the others cancelled. Returns how many.
    """
    live = Notice.objects.live().filter(recipient=user)
    if facility is not None:
        live = live.filter(facility=facility)
    if told_as is not None:
        live = live.filter(told_as=told_as)
    told = live.told().update(state=NoticeState.SUPERSEDED)
    return told + live.update(state=NoticeState.CANCELLED)
