"""The sessions of a user: since when, from where, until when, and how to end them.

A session ends when nobody used it for `SESSION_IDLE_MINUTES`, and `SESSION_HOURS` after the
sign-in however much it was used. The moment of the last use is written at most every
`SEEN_EVERY`, so that reading pages costs no writes.
"""

import time
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.refusals import act

SEEN_EVERY = timedelta(minutes=5)
CLOCKS_DIFFER = 300  # so many seconds ahead another machine's clock may be
BEGAN, SEEN = "began", "seen"  # seconds since 1970, in the session


def begin(sender, request, user, **kwargs):
    """After each sign-in: from now on this session counts its hours."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_over(session):
    """Whether nobody may go on with this session (see the module)."""
    now = time.time()
    if BEGAN not in session:
        return False
    idle = now - session[SEEN] > settings.SESSION_IDLE_MINUTES * 60
    is_of_wrong_clock = session[BEGAN] - now > CLOCKS_DIFFER
    return idle or is_of_wrong_clock or now - session[BEGAN] > settings.SESSION_HOURS * 3600


def seen(session):
    """The user is there; written down if that was last done a while ago."""
    now = int(time.time())
    session.setdefault(BEGAN, now)
    if now - session.get(SEEN, 0) >= SEEN_EVERY.total_seconds():
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(
            last_seen_at=timezone.now()
        )


def standing(user):
    """The user's sessions that can still be used, the latest used first."""
    alive = Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows = UserSession.objects.filter(Exists(alive), user=user)
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES) + SEEN_EVERY
    return rows.filter(last_seen_at__gt=timezone.now() - idle).order_by("-last_seen_at", "-pk")


@act
def end(*, sessions):
    """These sessions (rows of `standing`) are gone: their browsers have to sign in again."""
    keys = [row.session_key for row in sessions]
    Session.objects.filter(pk__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


@act
def end_all(*, user):
    """The user's sessions are gone, also should the account be active again. Returns how many.

    Reads every session that stands: for rare acts only.
    """
    standing = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    own = [row.pk for row in standing if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    UserSession.objects.filter(user=user).delete()
    return Session.objects.filter(pk__in=own).delete()[0]


@act
def tidy():
    """Remove what expired: nobody can sign in with it. Returns how many sessions."""
    gone, _by_table = Session.objects.filter(expire_date__lte=timezone.now()).delete()
    UserSession.objects.exclude(Exists(Session.objects.filter(pk=OuterRef("session_key")))).delete()
    return gone
