"""Signing in and out is on record, beside what is seen: from where, with which browser."""

from accounts import wall
from accounts.models import SignIn, User
from accounts.services.access import address_of
from accounts.states import SignInKind

AGENT_MOST = 200


def signed_in(sender, request, user, **kwargs):
    """For `user_logged_in`."""
    _write(request, user.email, SignInKind.IN)


def signed_out(sender, request, user, **kwargs):
    """For `user_logged_out`; a session that had ended by itself has nobody to name."""
    if user is not None and user.is_authenticated:
        _write(request, user.email, SignInKind.OUT)


def failed(sender, credentials, request=None, **kwargs):
    """For `user_login_failed`; see `SignIn` for accounts that do not exist."""
    typed = str(credentials.get("email") or credentials.get("username") or "").replace("\0", "")
    email = User.objects.filter(email=typed.lower()).values_list("email", flat=True).first()
    if request is not None and email:
        _write(request, email, SignInKind.FAILED)


def _write(request, email, kind):
    agent = request.META.get("HTTP_USER_AGENT", "")
    with wall.outside():
        SignIn.objects.create(
            user_email=email,
            kind=kind,
            address=address_of(request),
            agent=agent.replace("\0", "")[:AGENT_MOST],
        )
