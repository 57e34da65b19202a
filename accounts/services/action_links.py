"""Links that let one user do one act on one object, once (`accounts.models.ActionLink`)."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import refusals
from accounts.models import ActionLink

TOKEN_BYTES = 32


@refusals.act
def create(*, user, act, obj, days, by):
    """Make a link for `user` and return its token: the only time that it can be read.

    The permission to have the act done is the caller's business.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = timezone.now()
    ActionLink.objects.create(
        token_hash=_hashed(token),
        user=user,
        act=act,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        created_at=now,
        expires_at=now + timedelta(days=days),
        created_by=by,
    )
    return token


def known(token):
    """The link of a token, alive or not, or None. Looking changes nothing."""
    return ActionLink.objects.select_related("user").filter(token_hash=_hashed(token)).first()


def peek(token, act):
    """The link, if it may still be used for `act`, else None. Looking changes nothing."""
    link = known(token)
    return None if link is None or link.act != act or link.end else link


@refusals.act
def consume(*, token, act):
    """Use a link up, in the transaction of the act itself; returns it.

    Raises `AlreadyDone` for a link that was used, `NotAllowed` for one that is dead or unknown.
    """
    link = (
        ActionLink.objects.select_for_update(no_key=True, of=["self"])
        .select_related("user")
        .filter(token_hash=_hashed(token), act=act)
        .first()
    )
    if link is None or (link.end and not link.used_at):
        raise refusals.NotAllowed(_("Tautan ini tidak berlaku lagi."))
    if link.used_at:
        raise refusals.AlreadyDone(
            _("Tautan ini sudah dipakai pada %(when)s.")
            % {"when": formats.date_format(timezone.localtime(link.used_at), "DATETIME_FORMAT")}
        )
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link


@refusals.act
def prolong_for(*, obj, days):
    """Every unused link on the object lives `days` from now. Returns how many."""
    until = timezone.now() + timedelta(days=days)
    return ActionLink.objects.alive().about(obj).update(expires_at=until)


@refusals.act
def revoke_for(*, obj):
    """Every unused link on the object is dead from now on. Returns how many."""
    return ActionLink.objects.alive().about(obj).update(revoked_at=timezone.now())


@refusals.act
def revoke_of(*, user):
    """Every unused link of the user is dead from now on. Returns how many."""
    return ActionLink.objects.alive().filter(user=user).update(revoked_at=timezone.now())


def _hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()
