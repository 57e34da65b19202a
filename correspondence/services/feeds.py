"""A person's calendar address: a secret that only its reader knows; we keep its hash."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from accounts.refusals import act
from correspondence.models import CalendarFeed

READ_EVERY = timedelta(hours=1)  # "last read" is written no more often


def hash_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def open_of(user):
    """The person's feed that stands, or None."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


def find(token):
    """The feed of a token that stands, of a person who may sign in, or None."""
    return (
        CalendarFeed.objects.filter(
            token_hash=hash_of(token), revoked_at=None, user__is_active=True
        )
        .select_related("user")
        .first()
    )


@act
def create(*, by):
    """A new address; one that stood before is revoked. Returns the token, known only now."""
    User.objects.select_for_update(of=["self"], no_key=True).get(pk=by.pk)
    revoke(by=by)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=by, token_hash=hash_of(token), created_by=by)
    return token


@act
def revoke(*, by):
    """The address answers no more. Returns how many stood (0 or 1)."""
    rows = CalendarFeed.objects.filter(user=by, revoked_at=None)
    return rows.update(revoked_at=timezone.now())


@act
def note_read(*, feed):
    """When a calendar last asked, to the hour."""
    now = timezone.now()
    if feed.read_at is None or feed.read_at < now - READ_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
