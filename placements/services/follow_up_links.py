"""The single-use form for a probation officer, who has no account: made, looked at, answered.

Looking changes nothing, however often (mail scanners look too). An answer consumes the link in
the transaction of the act; the follow-up is locked first, so that whoever comes second learns that
it was answered. Only the SHA-256 of a token is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.services.action_links import TOKEN_BYTES
from correspondence.services import mail
from correspondence.services.verifications import initials_of
from placements import asking
from placements.employment import ContactChannel, FollowUpState
from placements.models import FollowUp, FollowUpLink
from placements.services import follow_up_answers
from placements.services import follow_up_rows as rows_of
from placements.services import referral_checks as checks
from placements.services.follow_up_answers import Told

SETTLED = "settled"


@dataclass(frozen=True)
class Asked:
    """All that a link's page says of somebody."""

    initials: str
    code: str
    months: int
    counted_from: date


@dataclass(frozen=True)
class Linked:
    """What a link leads to. `end` says why it is dead, empty if it lives."""

    link: FollowUpLink
    follow_up: FollowUp

    @property
    def end(self):
        if not self.link.end and self.follow_up.state != FollowUpState.DUE:
            return SETTLED
        return self.link.end

    @property
    def asked(self):
        return asked_of(self.follow_up)


@act
def create(*, follow_up, sent_to, by, address=""):
    """Make the one link that a follow-up has and return its address: the only time it is known.

    `sent_to` names whom it is for. With an e-mail `address` it is sent there; else it is to be
    copied by hand. An earlier link is dead from now on.
    """
    require(by, "follow_up", follow_up.facility_id)
    sent_to, address = sent_to.strip(), address.strip()
    _check(sent_to, address)
    row = rows_of.locked_one(follow_up)
    if row.state != FollowUpState.DUE:
        raise NotAllowed(_("Pemantauan ini tidak lagi menunggu jawaban."))
    checks.refuse(checks.limited(row.inmate))
    rows_of.revoke_links(row)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    url = settings.PUBLIC_VERIFY_URL + reverse("placements:reply", args=[token])
    expires_at = timezone.now() + timedelta(days=settings.FOLLOW_UP_LINK_DAYS)
    FollowUpLink.objects.create(
        follow_up=row,
        token_hash=_hashed(token),
        sent_to=sent_to,
        expires_at=expires_at,
        mail=_mail(row, sent_to, address, url, expires_at) if address else None,
        created_by=by,
    )
    return url


@act
def revoke(*, follow_up, by):
    """The links of a follow-up lead nowhere any more. Returns how many did."""
    require(by, "follow_up", follow_up.facility_id)
    return rows_of.revoke_links(rows_of.locked_one(follow_up))


def look(token):
    """The `Linked` of a token, or None for one that nobody knows. Looking changes nothing."""
    links = FollowUpLink.objects.select_related("follow_up__inmate__merged_into")
    link = links.filter(token_hash=_hashed(token)).first()
    return link and Linked(link, link.follow_up)


@act
def answer(*, token, name, **told):
    """Record what the holder of the link knows, and use the link up; returns the follow-up.

    Raises `AlreadyDone` for a link that was used, `NotAllowed` for one that is dead or unknown.
    """
    linked = look(token)
    if linked is None:
        raise NotAllowed(_("Tautan ini tidak berlaku lagi."))
    row = rows_of.locked_one(linked.follow_up)
    link = FollowUpLink.objects.select_for_update(no_key=True, of=["self"]).get(pk=linked.link.pk)
    if link.used_at:
        raise AlreadyDone(
            _("Tautan ini sudah dipakai pada %(when)s.")
            % {"when": formats.date_format(timezone.localtime(link.used_at), "DATETIME_FORMAT")}
        )
    if Linked(link, row).end:
        raise NotAllowed(_("Tautan ini tidak berlaku lagi."))
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    told = Told(channel=ContactChannel.PROBATION, done_by=name.strip() or link.sent_to, **told)
    return follow_up_answers.write(row, told, None)


def asked_of(follow_up):
    """`Asked` of a follow-up: initials and a code, never a name."""
    person = follow_up.inmate.merged_into or follow_up.inmate
    return Asked(
        initials=initials_of(person.name),
        code=asking.code_of(follow_up),
        months=follow_up.months,
        counted_from=follow_up.counted_from,
    )


def _mail(row, sent_to, address, url, expires_at):
    """To somebody outside: the code and the link, neither name nor initials."""
    with translation.override("id"):
        context = {
            "code": asking.code_of(row),
            "sent_to": sent_to,
            "url": url,
            "until": timezone.localtime(expires_at),
        }
        return mail.write(
            address=address,
            subject=_("Mohon kabar: %(code)s") % {"code": asking.code_of(row)},
            body=render_to_string("mail/follow_up.txt", context),
            secret=True,
        )


def _check(sent_to, address):
    problems = {}
    if not sent_to:
        problems["sent_to"] = ValidationError(_("Sebutkan nama PK Bapas."))
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            problems["address"] = error
    if problems:
        raise NotAllowed(problems)


def _hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()
