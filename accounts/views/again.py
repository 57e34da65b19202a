"""Sensitive acts: who signed in long ago proves once more who sits there."""

import time
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings


def sensitive(view):
    """The view only after a password, code or passkey of the last `REAUTHENTICATION_MINUTES`.

    Signing in counts. Otherwise one is asked, and then goes on where one was: what was posted is
    not lost.
    """

    @wraps(view)
    def asked(request, *args, **kwargs):
        last = max(
            (each["at"] for each in get_authentication_records(request, request.user)), default=0
        )
        if time.time() - last > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asked
