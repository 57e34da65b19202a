"""The prison's side of a referral: from the draft to the agency, and back (field notes 5.3).

Each act takes one referral or several; of several all move or none. A referral rests on a consent
in force at every step forward. While somebody is accepted elsewhere and has not begun to work,
the person's other referrals rest: they stay open, cannot go on, and do not lapse; they go on when
the acceptance falls through and end once work begins (`referral_upkeep`). The agency's answers
are in `referral_answers`.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from inmates.models import Inmate
from inmates.services import people
from placements.employment import WITH_AGENCY, ReferralState
from placements.models import Referral
from placements.services import referral_checks as checks
from placements.services import referral_letters, referral_mails
from placements.services import referral_news as tell
from placements.services import referral_rows as rows
from placements.services import referral_starts as starts

ANSWER_WITHIN = timedelta(days=366)


@act
def draft(*, inmate, agency, by, vacancy=None, employer=None, message="", despite=""):
    """Begin the referral of somebody in custody at a prison of `by`, or released from it.

    Through a Disnaker, for a vacancy, an employer, or neither: then the agency looks for one.
    `despite` says why somebody is referred to an employer that takes no former inmates. The same
    draft by the same user is returned; raises `AlreadyDone` where the person is referred there,
    `NotAllowed` with field errors.
    """
    inmate = people.locked(inmate)
    stay = starts.stay_to_refer_from(inmate)
    require(by, "refer", stay.facility_id)
    records = list(Inmate.objects.records_of(inmate))
    vacancy = vacancy and starts.seen(vacancy, by)
    employer = vacancy.employer if vacancy else employer
    known = _open_there(records, vacancy)
    if known:
        said = (known.state, known.created_by, known.agency, known.employer, known.message)
        if said == (ReferralState.DRAFT, by, agency, employer, message.strip()):
            return known
        raise AlreadyDone(
            _("Orang ini sudah dirujuk ke sana (%(code)s) oleh %(who)s pada %(when)s.")
            % {
                "code": known.person_code,
                "who": known.created_by or _("sistem"),
                "when": rows.clock(known.created_at),
            }
        )
    starts.check_place(stay.facility, agency, vacancy, employer, despite)
    consent = checks.consent_of(inmate)
    checks.refuse(checks.limited(inmate))
    if consent is None:
        raise NotAllowed(_("Orang ini belum memberi persetujuan untuk dirujuk ke Disnaker."))
    made = Referral(
        facility=stay.facility,
        agency=agency,
        inmate=inmate,
        vacancy=vacancy,
        employer=employer,
        consent=consent,
        person_code=starts.new_code(stay.facility_id),
        available_from=starts.needed_month(inmate),
        message=message.strip(),
        despite=despite.strip()[:250],
        created_by=by,
        state_by=by,
    )
    checks.not_taken(made, by)
    made.save()
    made.refresh_from_db(fields=["public_id"])
    return made


@act
def change(*, referral, by, agency, message=""):
    """Put right what a draft says and through whom it goes."""
    require(by, "refer", referral.facility_id)
    referral = rows.locked_one(referral)
    message = message.strip()
    if referral.state != ReferralState.DRAFT:
        raise rows.settled(referral, by)
    if (referral.agency, referral.message) == (agency, message):
        return referral
    starts.check_agency(referral.facility, agency)
    referral.agency, referral.message = agency, message
    referral.save(update_fields=["agency", "message"])
    return referral


@act
def submit(*, referrals, by):
    """Ask the warden to approve; returns the referrals."""
    found = _found(referrals, "refer", by)
    open_ones = _to_move(found, "submit", ReferralState.SUBMITTED, by)
    checks.all_well(
        open_ones,
        checks.needs_consent,
        checks.needs_person,
        checks.needs_vacancy,
        checks.needs_nobody_else,
    )
    for referral in open_ones:
        rows.move(referral, ReferralState.SUBMITTED, by)
        tell.prison("referral_waiting", referral, by, roles.WARDEN)
    return found


@act
def send_back(*, referral, reason, by):
    """The warden returns it to the officer, with a reason."""
    require(by, "approve_referral", referral.facility_id)
    referral = rows.locked_one(referral)
    reason = needed(reason)
    if rows.is_repeat(referral, ReferralState.DRAFT, by, reason=reason):
        return referral
    rows.need(referral, "send_back", by)
    rows.move(referral, ReferralState.DRAFT, by, reason=reason)
    tell.prison("referral_returned", referral, by)
    return referral


@act
def approve(*, referrals, by):
    """The warden approves several at once: letters are written and signed with the same act.

    Each person is looked at again: consent, custody, vacancy. Everybody gets a letter of their
    own, several to one agency a list on top. Where the secretariat's book gives the numbers, the
    letters wait there. All of one prison.
    """
    found = _found(referrals, "approve_referral", by)
    if len({referral.facility_id for referral in found}) > 1:
        raise NotAllowed(_("Setujui rujukan satu lapas saja."))
    open_ones = _to_move(found, "approve", ReferralState.APPROVED, by)
    checks.all_well(
        open_ones,
        checks.needs_consent,
        checks.needs_person,
        checks.needs_vacancy,
        checks.needs_nobody_else,
    )
    for referral in open_ones:
        rows.move(referral, ReferralState.APPROVED, by, approved_at=timezone.now(), approved_by=by)
        tell.prison("referral_approved", referral, by)
    referral_letters.write(referrals=open_ones, by=by)
    return found


@act
def send(*, referrals, by, answer_by=None):
    """Hand approved referrals to their agencies, to be answered by a day.

    The consent is read again under the person's lock: whoever takes it back at the same moment is
    either not sent, or withdrawn at once.
    """
    found = _found(referrals, "refer", by)
    open_ones = _to_move(found, "send", ReferralState.SENT, by)
    answer_by = answer_by or in_time()
    _check_ahead(answer_by)
    checks.all_well(
        open_ones,
        checks.needs_consent,
        checks.needs_person,
        checks.needs_vacancy,
        checks.needs_nobody_else,
        checks.needs_letter,
    )
    for referral in open_ones:
        rows.move(referral, ReferralState.SENT, by, sent_at=timezone.now(), answer_by=answer_by)
        tell.agency("referral_sent", referral, by, due=answer_by)
    referral_letters.went_out(referrals=open_ones, by=by)
    return found


@act
def withdraw(*, referral, reason, by):
    """The prison takes an open referral back; the agency learns it, not why."""
    require(by, "refer", referral.facility_id)
    referral = rows.locked_one(referral)
    reason = needed(reason)
    if rows.is_repeat(referral, ReferralState.WITHDRAWN, by, reason=reason):
        return referral
    rows.need(referral, "withdraw", by)
    return take_back(referral=referral, reason=reason, by=by)


@act
def take_back(*, referral, reason, by=None):
    """End a referral that cannot go on, open or accepted; letters not sent yet are void.

    The permission was asked by whoever ends it; its row is locked. The agency learns it, the
    prison too unless one of its own did it.
    """
    unsent = referral.state == ReferralState.APPROVED
    was_accepted = referral.state == ReferralState.ACCEPTED
    rows.move(referral, ReferralState.WITHDRAWN, by, reason=reason)
    if unsent:
        referral_letters.void(referral=referral, reason=reason, by=by)
    if referral.sent_at:
        tell.agency("referral_withdrawn", referral, by)
    if by is None:
        tell.prison("referral_ended", referral, None)
    if was_accepted:
        wake(referral=referral, by=by)
    return referral


@act
def extend(*, referral, answer_by, by):
    """Give the agency more time."""
    require(by, "refer", referral.facility_id)
    referral = rows.locked_one(referral)
    if referral.state not in WITH_AGENCY:
        raise rows.settled(referral, by)
    if answer_by == referral.answer_by:
        return referral
    _check_later(answer_by, referral)
    referral.answer_by = answer_by
    referral.save(update_fields=["answer_by"])
    referral_mails.keep_until(referral)
    tell.agency("referral_extended", referral, by, due=answer_by)
    return referral


@act
def resume(*, referral, by, answer_by=None):
    """Send a lapsed referral again, to be answered by a new day."""
    require(by, "refer", referral.facility_id)
    referral = rows.locked_one(referral)
    answer_by = answer_by or in_time()
    if rows.is_repeat(referral, ReferralState.SENT, by, answer_by=answer_by):
        return referral
    rows.need(referral, "resume", by)
    _check_ahead(answer_by)
    checks.all_well(
        [referral], checks.needs_consent, checks.needs_vacancy, checks.needs_nobody_else
    )
    rows.move(referral, ReferralState.SENT, by, answer_by=answer_by)
    tell.agency("referral_resumed", referral, by, due=answer_by)
    return referral


@act
def wake(*, referral, by):
    """The acceptance of somebody is gone: their other referrals go on, with time to answer."""
    records = Inmate.objects.records_of(referral.inmate)
    for other in rows.locked(Referral.objects.open().filter(inmate__in=records)):
        if other.state not in WITH_AGENCY or other.pk == referral.pk:
            continue
        if other.answer_by < in_time():
            other.answer_by = in_time()
            other.save(update_fields=["answer_by"])
            referral_mails.keep_until(other)
        tell.agency("referral_awake", other, by, due=other.answer_by)


def in_time():
    """The last day of an answer, unless another is named."""
    return timezone.localdate() + timedelta(days=settings.REFERRAL_ANSWER_DAYS)


def needed(reason):
    reason = reason.strip()
    if not reason:
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    return reason[:250]


def _found(referrals, act_name, by):
    referrals = list(dict.fromkeys(referrals))
    for prison in {referral.facility_id for referral in referrals}:
        require(by, act_name, prison)
    if not referrals:
        raise NotAllowed(_("Pilih paling sedikit satu rujukan."))
    return rows.locked(referrals)


def _to_move(found, act_name, state, by):
    """Those that are not there yet; raises for any that somebody else moved."""
    waiting = [referral for referral in found if not rows.is_repeat(referral, state, by)]
    for referral in waiting:
        rows.need(referral, act_name, by)
    return waiting


def _open_there(records, vacancy):
    """The person's open referral to that vacancy, or without any vacancy."""
    return (
        Referral.objects.open()
        .filter(inmate__in=records, vacancy=vacancy)
        .select_related("created_by", "agency", "employer")
        .first()
    )


def _check_ahead(answer_by):
    today = timezone.localdate()
    if not today <= answer_by <= today + ANSWER_WITHIN:
        raise NotAllowed(
            {"answer_by": ValidationError(_("Pilih hari ini atau sesudahnya, dalam setahun."))}
        )


def _check_later(answer_by, referral):
    _check_ahead(answer_by)
    if answer_by <= referral.answer_by:
        raise NotAllowed(
            {
                "answer_by": ValidationError(
                    _("Batas baru harus sesudah %(day)s.")
                    % {"day": formats.date_format(referral.answer_by)}
                )
            }
        )
