"""Telling people: notices are rows first; mails and pages are made from them."""

import json
import re
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Posting, User
from accounts.prepared import Prepared
from accounts.refusals import NotAllowed, act, follows
from correspondence import kinds
from correspondence.enqueue import after_commit
from correspondence.models import Notice
from correspondence.states import NoticeState


def holders(facility_id, *roles, but=None):
    """Active users who hold one of the roles at the prison today, without `but` (a user)."""
    return _holders(facility_id, roles, timezone.localdate(), but and but.pk)


class KeysInSql(NamedTuple):
    """Who is told, by a statement of their keys, its places marked `%s`; no SQL for nobody."""

    sql: str
    params: list


def holders_in_sql(facility_id, *roles, but=None):
    """`holders` as `KeysInSql` that is made once, for `tell` in an act that many wait for."""
    real = {"facility_id": facility_id, "today": timezone.localdate()}
    if but is not None:
        real["but"] = but.pk
    return KeysInSql(*_holders_in_sql(roles, but is not None).statement(**real))


def _holders(facility_id, roles, today, but=None):
    posts = Posting.objects.current(today).filter(facility=facility_id, role__in=roles)
    people = User.objects.filter(pk__in=posts.order_by().values("user"), is_active=True)
    return people if but is None else people.exclude(pk=but)


@cache
def _holders_in_sql(roles, is_but):
    def keys(**who):
        return _holders(roles=roles, **who).order_by().values_list("pk")

    return Prepared(keys, ids=["facility_id", "but"] if is_but else ["facility_id"], days=["today"])


OVERDUE_DAYS = 7  # so far may be put off what is past its date already

# One statement, since hundreds may hold a post. Who knows it already is told nothing.
TELL = """
WITH told AS (
    SELECT person.*
      FROM {people} AS person (id, mail_id, place)
     WHERE NOT EXISTS (
           SELECT FROM correspondence_notice known
            WHERE known.state = 'live' AND known.recipient_id = person.id
              AND known.kind = %(kind)s AND known.object_type = %(object_type)s
              AND known.object_id = %(object_id)s AND known.due = %(due)s
              AND known.offset_days = 0)
), queued AS (
    INSERT INTO correspondence_mail (recipient_id)
    SELECT id FROM told WHERE %(is_mailed)s ORDER BY place
    RETURNING id, recipient_id
)
INSERT INTO correspondence_notice
       (recipient_id, facility_id, kind, object_type, object_id, due, data, link, urgent, mail_id)
SELECT told.id, %(facility_id)s, %(kind)s, %(object_type)s, %(object_id)s, %(due)s, %(data)s,
       %(link)s, %(urgent)s, COALESCE(told.mail_id, queued.id)
  FROM told LEFT JOIN queued ON queued.recipient_id = told.id
 ORDER BY told.place
ON CONFLICT DO NOTHING
"""
GIVEN = "unnest(%(people)s::bigint[], %(mails)s::bigint[]) WITH ORDINALITY"
ASKED = "(SELECT id, NULL::bigint, row_number() OVER () FROM ({keys}) AS holder (id))"
# What becomes of a live notice: superseded where somebody heard of it, else cancelled.
ENDED = """CASE
       WHEN notice.read_at IS NOT NULL
         OR EXISTS (SELECT FROM correspondence_mail mail
                     WHERE mail.id = notice.mail_id AND mail.message_id <> '')
       THEN 'superseded' ELSE 'cancelled' END"""
CLOSE = f"""
UPDATE correspondence_notice notice
   SET state = {ENDED}
 WHERE notice.state = 'live'
   AND notice.object_type = %(object_type)s AND notice.object_id = %(object_id)s
   AND (%(is_all)s OR notice.kind = ANY (%(kinds)s))
"""


@follows
def tell(*, kind, obj, recipients, data, link, facility_id=None, due=None, write_mail=None):
    """Write one live notice per recipient about `obj`; told twice is told once.

    `recipients` are users, a queryset of them, of which only the keys are read, keys, or
    `KeysInSql`. `kind` is a code of `correspondence.kinds`, `due` the day it is about
    (default today). An urgent kind also queues a mail of its own; all others wait for the digest.
    `write_mail` writes that mail in words of its own: it takes a person and gives the `Mail`.
    Returns the number of people told.
    """
    urgent = kinds.get(kind).urgent
    about = {
        "kind": kind,
        "object_type": obj._meta.label_lower,
        "object_id": obj.pk,
        "due": due or timezone.localdate(),
    }
    who = _people_of(write_mail, recipients, about)
    if who is None:
        return 0
    people, keys = who
    told = {
        "is_mailed": urgent and not write_mail,
        "facility_id": facility_id,
        "data": json.dumps(data),
        "link": link,
        "urgent": urgent,
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL.format(people=people), about | told | keys)
        number = cursor.rowcount
    if number and told["is_mailed"]:
        after_commit("correspondence.deliver_mail")
    return number


def _people_of(write_mail, recipients, about):
    """Whom `TELL` tells: SQL, and its parameters; None if there is nobody."""
    if isinstance(recipients, KeysInSql):
        if write_mail:
            raise TypeError("who writes a mail to each needs the people, not their keys in SQL")
        sql, params = recipients
        names = [f"holder_{place}" for place in range(len(params))]
        marks = iter(names)
        keys = re.sub("%s", lambda _mark: f"%({next(marks)})s", sql)
        return (ASKED.format(keys=keys), dict(zip(names, params, strict=True))) if sql else None
    if write_mail:
        mails = _written_by(write_mail, recipients, about)
    else:
        mails = dict.fromkeys(_keys_of(recipients))
    return (GIVEN, {"people": list(mails), "mails": list(mails.values())}) if mails else None


def _keys_of(recipients):
    if isinstance(recipients, QuerySet):
        return recipients.values_list("pk", flat=True)
    return [person if isinstance(person, int) else person.pk for person in recipients]


def _written_by(write_mail, recipients, about):
    """`{person's key: key of the mail}` for those who do not know it yet."""
    live = Notice.objects.live().filter(**about, offset_days=0)
    known = set(live.values_list("recipient_id", flat=True))
    people = [person for person in dict.fromkeys(recipients) if person.pk not in known]
    return {person.pk: write_mail(person).pk for person in people}


def is_live(kind, obj):
    """Whether somebody was told this about the object, and it still holds."""
    about = {"object_type": obj._meta.label_lower, "object_id": obj.pk}
    return Notice.objects.live().filter(kind=kind, **about).exists()


@follows
def close_for(obj, *kind_codes):
    """The object is settled: notices not told yet are cancelled, the told ones superseded.

    Without codes, every live notice about the object. Returns how many were closed.
    """
    about = {"object_type": obj._meta.label_lower, "object_id": obj.pk}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, {**about, "is_all": not kind_codes, "kinds": list(kind_codes)})
        return cursor.rowcount


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
