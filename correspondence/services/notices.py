"""Telling people: notices are rows first; mails and pages are made from them."""

from datetime import timedelta

from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import NotAllowed, act
from correspondence import kinds
from correspondence.enqueue import after_commit
from correspondence.models import Mail, Notice
from correspondence.states import NoticeState


def holders(facility_id, *roles):
    """Active users who hold one of the roles at the prison today."""
    people = User.objects.none()
    for role in roles:
        people = people | User.objects.holding(facility_id=facility_id, role=role)
    return people


OVERDUE_DAYS = 7  # so far may be put off what is past its date already


@act
def tell(*, kind, obj, recipients, data, link, facility_id=None, due=None, write_mail=None):
    """Write one live notice per recipient about `obj`; told twice is told once.

    `kind` is a code of `correspondence.kinds`, `due` the day it is about (default today). An
    urgent kind also queues a mail of its own; all others wait for the digest. `write_mail` writes
    that mail in words of its own: it takes a person and gives the `Mail`. Returns the number of
    people told.
    """
    due = due or timezone.localdate()
    urgent = kinds.get(kind).urgent
    about = {"object_type": obj._meta.label_lower, "object_id": obj.pk, "kind": kind, "due": due}
    known = set(
        Notice.objects.live().filter(**about, offset_days=0).values_list("recipient_id", flat=True)
    )
    people = [person for person in dict.fromkeys(recipients) if person.pk not in known]
    mails = [None] * len(people)
    if write_mail:
        mails = [write_mail(person) for person in people]
    elif urgent:
        mails = Mail.objects.bulk_create(Mail(recipient=person) for person in people)
        after_commit("correspondence.deliver_mail")
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                facility_id=facility_id,
                data=data,
                link=link,
                urgent=urgent,
                mail=mail,
                **about,
            )
            for person, mail in zip(people, mails, strict=True)
        ],
        ignore_conflicts=True,
    )
    return len(people)


def is_live(kind, obj):
    """Whether somebody was told this about the object, and it still holds."""
    about = {"object_type": obj._meta.label_lower, "object_id": obj.pk}
    return Notice.objects.live().filter(kind=kind, **about).exists()


@act
def close_for(obj, *kind_codes):
    """The object is settled: notices not told yet are cancelled, the told ones superseded.

    Without codes, every live notice about the object. Returns how many were closed.
    """
    live = Notice.objects.live().filter(object_type=obj._meta.label_lower, object_id=obj.pk)
    if kind_codes:
        live = live.filter(kind__in=kind_codes)
    told = live.told().update(state=NoticeState.SUPERSEDED)
    return told + live.update(state=NoticeState.CANCELLED)


@act
def mark_read(*, notices):
    """Note that the recipient has seen these notices (a queryset of their own)."""
    return notices.filter(read_at=None).update(read_at=timezone.now())


@act
def acknowledge(*, notice, by):
    """The recipient takes note; the notice leaves the waiting list. Twice is harmless."""
    if notice.recipient_id != by.pk:
        return notice
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk, acknowledged_at=None).update(
        acknowledged_at=now, read_at=F("read_at") if notice.read_at else now
    )
    notice.refresh_from_db()
    return notice


@act
def snooze(*, notice, until, reason, by):
    """The recipient puts a notice off to a later day, for a reason; then it comes back.

    It comes back in the waiting list and, if it comes by mail at all, in that day's digest. A
    deadline is put off to its date at the latest. A nearer reminder of it comes all the same.
    """
    notice = Notice.objects.select_for_update(of=["self"], no_key=True).get(pk=notice.pk)
    if notice.recipient_id != by.pk:
        raise NotAllowed(_("Hanya penerimanya yang dapat menunda pemberitahuan."))
    if (notice.snoozed_until, notice.snooze_reason) == (until, reason):
        return notice
    if notice.state != NoticeState.LIVE or notice.acknowledged_at:
        raise NotAllowed(_("Pemberitahuan ini sudah selesai; tidak perlu ditunda."))
    today = timezone.localdate()
    if until <= today:
        raise NotAllowed({"until": _("Pilih hari sesudah hari ini.")})
    latest = max(notice.due, today + timedelta(days=OVERDUE_DAYS))
    if notice.has_deadline and until > latest:
        raise NotAllowed(
            {
                "until": _("Jatuh temponya %(due)s: tunda paling lama sampai %(latest)s.")
                % {
                    "due": formats.date_format(notice.due),
                    "latest": formats.date_format(latest),
                }
            }
        )
    notice.snoozed_until, notice.snooze_reason = until, reason
    notice.read_at, notice.mail = notice.read_at or timezone.now(), None
    notice.save(update_fields=["snoozed_until", "snooze_reason", "read_at", "mail"])
    return notice
