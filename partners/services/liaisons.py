"""Who speaks for an agency: invited by the head, suspended at once, ended (design section 4).

An invited liaison has an account without a password; the link of the invitation mail sets one.
Until then nothing else is sent to the address. The liaison row is locked before its links.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from accounts.models import ActionLink, Facility, User
from accounts.permissions import may
from accounts.prepared import Prepared
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from accounts.services import action_links, sessions
from accounts.states import UserKind
from correspondence.services import feeds, leaving, mail, notices
from partners.models import Agency, Agreement, Liaison
from partners.states import LiaisonStanding

ACCEPT = "accept_invitation"


@dataclass(frozen=True)
class Invitation:
    """What the link of an invitation leads to; `end` says why it is dead, empty if it lives."""

    link: ActionLink
    liaison: Liaison
    end: str

    @property
    def facility(self):
        """The prison that invited, None once whoever did it works nowhere."""
        return self.link.created_by and self.link.created_by.facility


def of(agency_id):
    """Active users who are open liaisons of the agency and have joined."""
    speaking = Liaison.objects.speaking().filter(agency_id=agency_id)
    return User.objects.filter(pk__in=speaking.values("user"))


def with_phones(agency_id):
    """Those of them who left a number."""
    return of(agency_id).exclude(phone="")


def keys_in_sql(agency_id):
    """`of` as `notices.KeysInSql` that is made once, as `notices.holders_in_sql`."""
    return notices.KeysInSql(*_KEYS.statement(agency_id=agency_id))


_KEYS = Prepared(lambda agency_id: of(agency_id).order_by().values_list("pk"), ids=["agency_id"])


def open_of(agency_id):
    """The open liaison rows of the agency with their users, also invited and suspended ones."""
    rows = Liaison.objects.open().filter(agency_id=agency_id).select_related("user")
    return rows.order_by("user__name", "pk")


def prison_managing(user, agency):
    """The prison for which the user manages the agency's liaisons, or None.

    A liaison reads what the agency has with every prison, so where several work with it, only
    those that have signed an agreement with it manage them.
    """
    partners = Facility.objects.filter(partnerships__agency=agency).order_by("pk")
    if partners.count() > 1:
        signed = Agreement.objects.signed_once().filter(agency__in=[agency.pk, agency.parent_id])
        partners = partners.filter(pk__in=signed.values("facility"))
    return next((each for each in partners if may(user, "manage_liaisons", each.pk)), None)


@act
def invite(*, agency, name, email, by, title="", phone=""):
    """Make somebody a liaison and send the link with which they set their password.

    A former liaison is opened again under the same account, with a new password. Raises
    `NotAllowed` at the field `email` for an address that belongs to somebody else.
    """
    facility = _require_manager(by, agency)
    email = email.strip().lower()
    known = User.objects.select_for_update(no_key=True, of=["self"]).filter(email__iexact=email)
    user = known.first()
    if user is None:
        user = _new_user(email, name, phone)
    else:
        standing = _standing_in_the_way(user, agency, by)
        if standing and standing.created_by_id == by.pk and _has(standing, name, title):
            return standing
        if standing:
            raise _known_as(standing, agency, by)
        _open_again(user, name, phone)
    liaison = Liaison.objects.create(
        user=user, agency=agency, title=title, starts=timezone.localdate(), created_by=by
    )
    _send_link(liaison, facility, by)
    return liaison


@act
def invite_again(*, liaison, by):
    """Send a new link to somebody who has not joined yet; the old one is dead."""
    facility = _require_manager(by, liaison.agency)
    liaison = _locked(liaison)
    _require_standing(liaison, LiaisonStanding.INVITED)
    _send_link(liaison, facility, by)
    return liaison


@act
def withdraw(*, liaison, by):
    """Take back an invitation that nobody has accepted; the link is dead."""
    _require_manager(by, liaison.agency)
    liaison = _locked(liaison)
    if liaison.standing == LiaisonStanding.ENDED:
        return liaison
    _require_standing(liaison, LiaisonStanding.INVITED)
    _end(liaison, timezone.localdate())
    return liaison


def look(token):
    """The `Invitation` that a token leads to, or None for no invitation at all.

    Looking changes nothing, however often: mail scanners look too.
    """
    link = action_links.known(token)
    if link is None or link.act != ACCEPT:
        return None
    rows = Liaison.objects.select_related("user", "agency").filter(pk=link.object_id)
    liaison = rows.first()
    if liaison is None:
        return None
    is_invited = liaison.standing == LiaisonStanding.INVITED
    return Invitation(link, liaison, link.end or ("" if is_invited else liaison.standing))


def invited_until(liaison):
    """When the link that was sent last stops working, None if none works any more."""
    links = ActionLink.objects.alive().about(liaison)
    links = links.filter(act=ACCEPT, expires_at__gt=timezone.now())
    return links.order_by("-expires_at").values_list("expires_at", flat=True).first()


@act
def accept(*, token, password):
    """The invited person sets a password: the link is used up, the address is proven.

    Returns the liaison. Raises `AlreadyDone` for a used link, `NotAllowed` for a dead one.
    """
    invitation = look(token)
    liaison = _locked(invitation.liaison) if invitation else None
    link = action_links.consume(token=token, act=ACCEPT)
    _require_standing(liaison, LiaisonStanding.INVITED)
    user = liaison.user
    user.set_password(password)
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    notices.tell(
        kind="liaison_joined",
        obj=liaison,
        recipients=User.objects.filter(pk=link.created_by_id, is_active=True),
        data={"agency": liaison.agency.name},
        link=liaison.get_absolute_url(),
    )
    return liaison


@act
def suspend(*, liaison, reason, by):
    """Keep a liaison out from the very next request: sessions, links and unsent mails end."""
    _require_manager(by, liaison.agency)
    liaison = _locked(liaison)
    if liaison.suspended_at and not liaison.until:
        if (liaison.suspended_by_id, liaison.suspended_why) == (by.pk, reason):
            return liaison
        raise AlreadyDone(
            _("Narahubung ini sudah ditangguhkan oleh %(who)s pada %(when)s.")
            % {"who": liaison.suspended_by or _("sistem"), "when": _clock(liaison.suspended_at)}
        )
    _require_standing(liaison, LiaisonStanding.ACTIVE)
    if not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan alasan penangguhan.")})
    liaison.suspended_at, liaison.suspended_by = timezone.now(), by
    liaison.suspended_why = reason
    liaison.save(update_fields=["suspended_at", "suspended_by", "suspended_why"])
    _shut_out(liaison.user)
    return liaison


@act
def reinstate(*, liaison, by):
    """A suspended liaison may sign in again, with the same password. Twice is harmless."""
    _require_manager(by, liaison.agency)
    liaison = _locked(liaison)
    if liaison.standing == LiaisonStanding.ACTIVE:
        return liaison
    _require_standing(liaison, LiaisonStanding.SUSPENDED)
    if liaison.suspended_at is None:
        raise NotAllowed(_("Akun ini dinonaktifkan oleh admin; mintalah kepada admin."))
    liaison.suspended_at, liaison.suspended_by, liaison.suspended_why = None, None, ""
    liaison.save(update_fields=["suspended_at", "suspended_by", "suspended_why"])
    liaison.user.is_active = True
    liaison.user.save(update_fields=["is_active"])
    return liaison


@act
def end(*, liaison, until, by):
    """The person speaks for the agency no longer; `until` is the last day, today or earlier."""
    _require_manager(by, liaison.agency)
    liaison = _locked(liaison)
    if liaison.until:
        if liaison.until == until:
            return liaison
        raise AlreadyDone(
            _("Tugas narahubung ini sudah berakhir pada %(day)s.")
            % {"day": formats.date_format(liaison.until)}
        )
    if until > timezone.localdate():
        raise NotAllowed({"until": _("Hari terakhir tidak boleh di masa depan.")})
    if until < liaison.starts:
        raise NotAllowed({"until": _("Tanggal akhir tidak boleh sebelum tanggal mulai.")})
    _end(liaison, until)
    return liaison


def _require_manager(by, agency):
    facility = prison_managing(by, agency)
    if facility is None:
        raise Forbidden(_("Narahubung instansi ini diurus oleh Kasi lapas mitranya."))
    return facility


def _locked(liaison):
    """With the user, whose password says whether they joined: a row only joined would be stale."""
    return (
        Liaison.objects.select_for_update(no_key=True, of=["self", "user"])
        .select_related("user", "agency", "suspended_by")
        .get(pk=liaison.pk)
    )


def _require_standing(liaison, wanted):
    if liaison.standing != wanted:
        raise NotAllowed(
            _("Tidak bisa: narahubung ini %(standing)s.")
            % {"standing": liaison.get_standing_display().lower()}
        )


def _new_user(email, name, phone):
    """An account without a password. Somebody else may make the same one at this moment."""
    try:
        with transaction.atomic():
            return User.objects.create_user(
                email, None, name=name, phone=phone, kind=UserKind.LIAISON
            )
    except IntegrityError:
        raise NotAllowed({"email": _("Alamat e-mail ini baru saja didaftarkan.")}) from None


def _standing_in_the_way(user, agency, by):
    """The open liaison row of the user, if any; refuses those who are no liaisons."""
    if not user.is_liaison:
        raise NotAllowed(
            {
                "email": _(
                    "Alamat e-mail ini milik akun petugas. Pakai alamat lain untuk narahubung."
                )
            }
        )
    return user.liaisons.open().select_related("agency", "user").first()


def _has(liaison, name, title):
    return (liaison.standing, liaison.user.name, liaison.title) == (
        LiaisonStanding.INVITED,
        name,
        title,
    )


def _known_as(liaison, agency, by):
    if liaison.agency_id == agency.pk:
        return AlreadyDone(
            {
                "email": _("Orang ini sudah menjadi narahubung instansi ini (%(standing)s).")
                % {"standing": liaison.get_standing_display().lower()}
            }
        )
    where = liaison.agency if _sees(by, liaison.agency) else _("instansi lain")
    return NotAllowed(
        {
            "email": _(
                "Orang ini masih narahubung %(agency)s. Tugasnya di sana harus diakhiri dulu."
            )
            % {"agency": where}
        }
    )


def _sees(user, agency):
    return Agency.objects.visible_to(user).filter(pk=agency.pk).exists()


def _open_again(user, name, phone):
    user.name, user.phone = name, phone or user.phone
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["name", "phone", "is_active", "password"])


def _send_link(liaison, facility, by):
    action_links.revoke_for(obj=liaison)
    user = liaison.user
    leaving.cancel_mails(user=user, only_secret=True)
    days = settings.INVITATION_DAYS
    token = action_links.create(user=user, act=ACCEPT, obj=liaison, days=days, by=by)
    with translation.override(user.language):
        context = {
            "liaison": liaison,
            "facility": facility,
            "days": days,
            "url": settings.SITE_URL + reverse("partners:invitation", args=[token]),
        }
        mail.write(
            recipient=user,
            subject=_("[lapasprog] Undangan narahubung %(agency)s") % {"agency": liaison.agency},
            body=render_to_string("mail/invitation.txt", context),
            secret=True,
        )


def _end(liaison, until):
    liaison.until = until
    liaison.save(update_fields=["until"])
    _shut_out(liaison.user)
    feeds.revoke(by=liaison.user)
    leaving.close_notices(user=liaison.user)


def _shut_out(user):
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user=user)
    action_links.revoke_of(user=user)
    leaving.cancel_mails(user=user)


def _clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
