"""Mails: rows first, then SMTP, so that killing any process at any moment loses none.

A worker claims one row with a lease and commits, sends with no transaction open, and marks it.
Killed between the server's "accepted" and the mark, it leaves a row whose lease runs out, and
the same words go out once more under the same Message-ID: that is the one possible double
(SMTP has no exactly-once). A mail that kills its sender stops after `MAIL_ATTEMPTS`.
"""

import logging
import smtplib
import uuid
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Holiday
from accounts.refusals import act
from correspondence import kinds
from correspondence.enqueue import after_commit
from correspondence.models import Mail
from correspondence.querysets import LONGEST_PAUSE
from correspondence.states import MailState

logger = logging.getLogger(__name__)

LOCK = 7_301_002  # advisory lock: one digest per person, however many ask at once
ERROR_LENGTH = 300
NOW = "now"
CHOICES = "correspondence:mail-choices"  # the page where one says which mails one wants

QUEUE = """
WITH unmailed AS (
    SELECT notice.id, notice.recipient_id
      FROM correspondence_notice notice
      JOIN accounts_user ON accounts_user.id = notice.recipient_id AND accounts_user.is_active
     WHERE notice.state = 'live' AND notice.mail_id IS NULL AND NOT notice.urgent
       AND notice.acknowledged_at IS NULL
       AND (notice.snoozed_until IS NULL OR notice.snoozed_until <= %(today)s)
       AND NOT EXISTS (
            SELECT FROM correspondence_silence silence
             WHERE silence.user_id = notice.recipient_id AND silence.kind = notice.kind
               AND silence.kind = ANY (%(silenceable)s))
),
queued AS (
    INSERT INTO correspondence_mail (recipient_id, digest_on)
    SELECT DISTINCT recipient_id, %(digest_on)s::date FROM unmailed
    ON CONFLICT DO NOTHING
    RETURNING id, recipient_id
),
linked AS (
    UPDATE correspondence_notice notice SET mail_id = queued.id
      FROM unmailed JOIN queued USING (recipient_id)
     WHERE notice.id = unmailed.id
)
SELECT count(*) FROM queued
"""


@act
def queue_digests(now=None):
    """Queue one digest for each person with live notices that no mail has told yet.

    Not told by mail: what the person has taken note of, has put off to a later day, or does not
    want by mail.

    `DIGEST_AT` is `now` (whenever called, at any hour) or a time like `07.00`: then nothing is
    queued before that time of a working day, and one digest per person and day. Returns how many.
    """
    local = timezone.localtime(now)
    if not _is_digest_time(local):
        return 0
    digest_on = None if settings.DIGEST_AT == NOW else local.date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            QUEUE,
            {
                "today": local.date(),
                "digest_on": digest_on,
                "silenceable": [kind.code for kind in kinds.silenceable()],
            },
        )
        queued = cursor.fetchone()[0]
    if queued:
        after_commit("correspondence.deliver_mail")
    return queued


def queue_daily_digests():
    """What a clock may call every minute: `queue_digests`, unless digests follow sweeps."""
    return 0 if settings.DIGEST_AT == NOW else queue_digests()


def deliver(limit=None):
    """Send what is queued, one by one, at most `limit`.

    Returns counts `{"sent": n, "retried": n, "failed": n, "cancelled": n}`. Any number of workers
    may call this at once.
    """
    counts = {"sent": 0, "retried": 0, "failed": 0, "cancelled": 0}
    while limit is None or sum(counts.values()) < limit:
        mail, outcome = _claim()
        if mail is None:
            break
        counts[outcome or _send(mail)] += 1
    return counts


@act
def write(*, subject, body, recipient=None, address="", secret=False):
    """Queue one mail with words of its own, outside digests and notices. Returns the row.

    To a user, or to the `address` of somebody who has no account. The words are what is sent, in
    whatever language the caller chose. With `secret` (they hold a single-use link) the body is
    blanked as soon as it is sent or has finally failed, and such a mail is not queued again: write
    a new one with a new link.
    """
    public_id = uuid.uuid4()
    mail = Mail.objects.create(
        public_id=public_id,
        recipient=recipient,
        address=address,
        subject=subject,
        body=body,
        secret=secret,
        message_id=_message_id(public_id),
    )
    after_commit("correspondence.deliver_mail")
    return mail


@act
def call_back(*, notices):
    """Secret mails that tell these notices (a queryset) and are not sent yet stay unsent.

    Their links lead to what is settled. Returns how many were called back.
    """
    queued = Mail.objects.filter(secret=True, state=MailState.QUEUED, notices__in=notices)
    pks = list(queued.values_list("pk", flat=True))
    notices.filter(mail__in=pks).update(mail=None)
    return call_back_mails(mails=Mail.objects.filter(pk__in=pks))


@act
def call_back_mails(*, mails):
    """Secret ones of these mails (a queryset) that are not sent yet stay unsent. Returns how many.

    A worker that has one in its hands may still send it.
    """
    unsent = mails.filter(secret=True, state=MailState.QUEUED)
    return unsent.update(state=MailState.CANCELLED, body="", address="")


@act
def retry(*, mails):
    """Queue failed mails (a queryset) again, from their first attempt on. Returns how many.

    A secret mail has lost its words and stays failed.
    """
    queued = (
        mails.failed()
        .filter(secret=False)
        .update(state=MailState.QUEUED, attempts=0, claimed_until=None, not_before=timezone.now())
    )
    after_commit("correspondence.deliver_mail")
    return queued


def failed_count():
    """How many mails could not be sent and wait for an admin."""
    return Mail.objects.failed().count()


def _is_digest_time(local):
    if settings.DIGEST_AT == NOW:
        return True
    opens = datetime.strptime(settings.DIGEST_AT, "%H.%M").time()
    is_working_day = local.isoweekday() < 6 and not Holiday.objects.filter(day=local.date())
    return is_working_day and local.time() >= opens


@act
def _claim():
    """The next mail, leased to us and rendered, or with the outcome that made sending needless."""
    now = timezone.now()
    claimable = Mail.objects.claimable(now).select_related("recipient")
    mail = claimable.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
    if mail is None:
        return None, None
    if mail.attempts >= settings.MAIL_ATTEMPTS:
        mail.state, mail.last_error = MailState.FAILED, mail.last_error or _("Pengirim terhenti.")
        mail.save(update_fields=["state", "last_error", *_forget_secret(mail)])
        return mail, "failed"
    mail.attempts += 1
    mail.claimed_until = now + timedelta(seconds=settings.MAIL_LEASE_SECONDS)
    outcome = None if mail.message_id else _render(mail)
    mail.save()
    return mail, outcome


def _render(mail):
    """Write the mail's words, once. A mail that nobody needs any more is cancelled."""
    notices = mail.notices.waiting().order_by("due", "id")
    try:
        with transaction.atomic(), translation.override(mail.recipient.language):
            if not mail.recipient.is_active or not notices:
                mail.state = MailState.CANCELLED
                return "cancelled"
            lines = [
                {"sentence": notice.sentence, "url": settings.SITE_URL + notice.link}
                for notice in notices
            ]
            context = {"lines": lines, "site_url": settings.SITE_URL}
            mail.subject = _subject(notices)
            mail.body = render_to_string("mail/notices.txt", context)
            mail.message_id = _message_id(mail.public_id)
    except Exception as error:  # one broken sentence must not hold up everybody's mail
        logger.exception("mail %s cannot be rendered", mail.pk)
        return _postpone(mail, error)
    return None


def _message_id(public_id):
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<mail-{public_id}@{domain}>"


def _subject(notices):
    if len(notices) == 1:
        return _("[lapasprog] 1 pemberitahuan: %(kind)s") % {
            "kind": kinds.get(notices[0].kind).label
        }
    return _("[lapasprog] %(count)s pemberitahuan") % {"count": len(notices)}


def _send(mail):
    """Hand a claimed mail to the server and mark what came of it; no transaction is open."""
    to = mail.recipient.email if mail.recipient else mail.address
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.notices.filter(urgent=False).exists():
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{reverse(CHOICES)}>"
    message = EmailMessage(subject=mail.subject, body=mail.body, to=[to], headers=headers)
    try:
        message.send()
    except Exception as error:  # whatever the network does, the row tells it and is tried again
        if _is_permanent(error):
            mail.state, mail.last_error = MailState.FAILED, _words(error)
            outcome = "failed"
        else:
            outcome = _postpone(mail, error)
        logger.warning("mail %s: attempt %s: %s", mail.pk, mail.attempts, type(error).__name__)
    else:
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, timezone.now(), ""
        outcome = "sent"
    _mark(mail)
    return outcome


def _postpone(mail, error):
    """Try again after a pause that doubles each time; after the last attempt it has failed."""
    mail.last_error = _words(error)
    mail.claimed_until = None
    pause = timedelta(seconds=settings.MAIL_PAUSE_SECONDS * 2 ** (mail.attempts - 1))
    mail.not_before = timezone.now() + min(pause, LONGEST_PAUSE)
    if mail.attempts < settings.MAIL_ATTEMPTS:
        return "retried"
    mail.state = MailState.FAILED
    return "failed"


@act
def _mark(mail):
    """Write the outcome, unless our lease ran out and another worker has the mail now."""
    fields = ("state", "sent_at", "last_error", "claimed_until", "not_before")
    fields += _forget_secret(mail)
    Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=MailState.QUEUED).update(
        **{field: getattr(mail, field) for field in fields}
    )


def _forget_secret(mail):
    """Blank words and address of a secret mail that is done with; the fields to write."""
    if mail.secret and mail.state != MailState.QUEUED:
        mail.body = mail.address = ""
    return "body", "address"


def _is_permanent(error):
    """Whether the server said 5xx to this very mail; a refused login may be put right."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return False


def _words(error):
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
