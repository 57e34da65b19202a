"""The rows behind follow-ups: locked in one order, called off, planned again, their links ended.

Every function here expects the person to be locked (`locked_records`) and the permission asked.
"""

from django.utils import formats, timezone, translation

from accounts.refusals import AlreadyDone
from correspondence.models import Mail
from correspondence.services import mail, notices
from inmates.models import Inmate
from placements.employment import FollowUpState
from placements.models import FollowUp, FollowUpLink

REASON_LENGTH = 250
WITH = ("inmate", "agency", "facility", "placement", "state_by")


def locked_records(inmate):
    """Ids of all records of the person, locked."""
    records = Inmate.objects.filter(pk__in=Inmate.objects.records_of(inmate)).order_by("pk")
    return list(records.select_for_update(no_key=True, of=["self"]).values_list("pk", flat=True))


def locked(rows):
    """The follow-ups of a queryset, locked in the order of their keys."""
    found = FollowUp.objects.filter(pk__in=rows.order_by().values("pk")).order_by("pk")
    return list(found.select_for_update(no_key=True, of=["self"]).select_related(*WITH))


def locked_one(follow_up):
    """One follow-up, its person locked first."""
    locked_records(follow_up.inmate)
    return locked(FollowUp.objects.filter(pk=follow_up.pk))[0]


def move(row, state, by, **fields):
    """Write a new state with what belongs to it; its links and reminders end."""
    fields |= {"state": state, "state_at": timezone.now(), "state_by": by}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    close(row)


def call_off(rows, by, *, reason, outcome=""):
    """Nobody asks any more; `outcome` says so of who is detained again or dead. Returns them."""
    for row in rows:
        move(row, FollowUpState.CANCELLED, by, reason=reason[:REASON_LENGTH], outcome=outcome)
    return rows


def renew(row, by):
    """What was called off is to be asked again."""
    move(row, FollowUpState.DUE, by, reason="", outcome="")


def close(row):
    """Nothing that was sent about the follow-up as it was holds any more: reminders, links."""
    notices.close_for(row)
    revoke_links(row)


def revoke_links(row):
    """Links of the follow-up are dead, and a mail with one that waits stays unsent. How many."""
    alive = FollowUpLink.objects.alive().filter(follow_up=row)
    mails = list(alive.exclude(mail=None).values_list("mail", flat=True))
    revoked = alive.update(revoked_at=timezone.now())
    mail.call_back_mails(mails=Mail.objects.filter(pk__in=mails))
    return revoked


def in_office(sentence, **places):
    """A stored reason: a lazy translation in the office's language, dates written out."""
    with translation.override("id"):
        written = {
            name: formats.date_format(value) if hasattr(value, "isoformat") else value
            for name, value in places.items()
        }
        return (str(sentence) % written)[:REASON_LENGTH]


def settled(row, sentence):
    """`AlreadyDone` that names who and when; `sentence` has the places `who` and `when`."""
    when = formats.date_format(timezone.localtime(row.state_at), "DATETIME_FORMAT")
    return AlreadyDone(sentence % {"who": row.done_by or row.state_by or "—", "when": when})
