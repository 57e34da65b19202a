"""Consents of a person, each for one purpose, with the signed paper (UU 27/2022)."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from inmates.models import Consent, Custody, Inmate
from inmates.services import circumstances
from inmates.services.people import held, locked
from inmates.states import CircumstanceKind, ConsentPurpose, CustodyEnd


@act
def give(*, inmate, facility, purpose, signed_on, scan, by, until=None):
    """Record a signed consent for one purpose, `until` its last day (None: without an end).

    `scan` is an uploaded PDF, JPEG or PNG. A consent that has ended or was withdrawn stays as it
    is, and a new one stands beside it. Whoever left may still agree to being asked afterwards, at
    the prison that they left. Raises `AlreadyDone` while one holds, `NotAllowed` with field errors.
    """
    inmate, prison = _giving(inmate, purpose, by)
    if prison != facility.pk:
        raise Forbidden(_("Orang ini ditempatkan di lapas lain."))
    standing = (
        Consent.objects.given(purpose=purpose)
        .filter(inmate__in=Inmate.objects.records_of(inmate))
        .first()
    )
    if standing:
        same = (standing.created_by_id, standing.signed_on, standing.until)
        if same == (by.pk, signed_on, until):
            return standing
        raise AlreadyDone(_already_given(standing))
    _check(signed_on, until, scan)
    return Consent.objects.create(
        inmate=inmate,
        facility=facility,
        purpose=purpose,
        signed_on=signed_on,
        until=until,
        scan=scan,
        created_by=by,
    )


@act
def withdraw(*, consent, on, why, by):
    """The person takes a consent back: it holds no more from this moment.

    Whatever hangs on it is settled as a change of circumstances. By the prison that holds the
    person now, or the one that took the consent. Raises `AlreadyDone`, naming who and when.
    """
    inmate = locked(consent.inmate)
    consent = (
        Consent.objects.select_for_update(no_key=True, of=["self"])
        .select_related("withdrawn_by")
        .get(pk=consent.pk)
    )
    if not (inmate.prison_id and may(by, "record_consent", inmate.prison_id)):
        require(by, "record_consent", consent.facility_id)
    if consent.withdrawn_on:
        if (consent.withdrawn_by_id, consent.withdrawn_on, consent.withdrawn_why) == (
            by.pk,
            on,
            why.strip(),
        ):
            return consent
        raise AlreadyDone(_already_withdrawn(consent))
    _check_withdrawal(consent, on, why)
    consent.withdrawn_on, consent.withdrawn_why, consent.withdrawn_by = on, why.strip(), by
    consent.save(update_fields=["withdrawn_on", "withdrawn_why", "withdrawn_by"])
    circumstances.note(
        inmate=inmate,
        facility_id=inmate.prison_id or consent.facility_id,
        kind=CircumstanceKind.CONSENT,
        new=consent.purpose,
        effective=on,
        source="consent",
        by=by,
    )
    return consent


def prison_left(inmate):
    """The id of the prison that set somebody free who is in custody nowhere now, or None."""
    stays = Custody.objects.filter(inmate__in=Inmate.objects.records_of(inmate))
    last = stays.order_by("until", "pk").last()
    return last.facility_id if last and last.ended_how == CustodyEnd.RELEASED else None


def _giving(inmate, purpose, by):
    """The person, locked, and the prison where the consent is given."""
    if purpose != ConsentPurpose.FOLLOW_UP:
        inmate = held(inmate, by, "record_consent")
        return inmate, inmate.prison_id
    inmate = locked(inmate)
    prison = inmate.prison_id or prison_left(inmate)
    if prison is None:
        raise NotAllowed(_("Orang ini belum pernah ditempatkan di lapas mana pun."))
    require(by, "record_consent", prison)
    return inmate, prison


def _check(signed_on, until, scan):
    problems = {}
    if signed_on > timezone.localdate():
        problems["signed_on"] = ValidationError(_("Tanggal tanda tangan belum lewat."))
    if until and until < signed_on:
        problems["until"] = ValidationError(_("Persetujuan tidak bisa berakhir sebelum diberikan."))
    try:
        if not scan:
            raise ValidationError(_("Lampirkan pindaian persetujuan yang ditandatangani."))
        checked_scan(scan)
    except ValidationError as error:
        problems["scan"] = error
    if problems:
        raise NotAllowed(problems)


def _check_withdrawal(consent, on, why):
    problems = {}
    if not consent.signed_on <= on <= timezone.localdate():
        problems["on"] = ValidationError(
            _("Tanggal penarikan antara tanggal tanda tangan dan hari ini.")
        )
    if not why.strip():
        problems["why"] = ValidationError(_("Sebutkan alasannya."))
    if problems:
        raise NotAllowed(problems)
    if consent.until and consent.until < timezone.localdate():
        raise NotAllowed(
            _("Persetujuan ini sudah berakhir pada %(day)s.")
            % {"day": formats.date_format(consent.until)}
        )


def _already_given(consent):
    return _("Persetujuan untuk tujuan ini masih berlaku: dicatat oleh %(who)s pada %(when)s.") % {
        "who": consent.created_by or _("sistem"),
        "when": formats.date_format(timezone.localtime(consent.created_at), "DATETIME_FORMAT"),
    }


def _already_withdrawn(consent):
    return _("Persetujuan ini sudah ditarik pada %(day)s, dicatat oleh %(who)s.") % {
        "day": formats.date_format(consent.withdrawn_on),
        "who": consent.withdrawn_by or _("sistem"),
    }
