"""Signing somebody out everywhere."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.refusals import act


@act
def end_all(*, user):
    """The user's sessions are gone, also should the account be active again. Returns how many.

    Reads every session that stands: for rare acts only.
    """
    standing = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    own = [row.pk for row in standing if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(pk__in=own).delete()[0]
