"""What the agency answers on a referral, by its liaison or written down for it by the prison.

Every act asks who may answer, locks the person (and, where a place is taken or given back, the
vacancy) before the referral, and gives the same answer again to whoever gave it. `recorded` is
needed when staff answer for the agency, which is then told and may object.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import AlreadyDone, Forbidden, NotAllowed, act
from inmates.models import Inmate
from partners.rules import is_liaison_of
from placements.employment import WITH_AGENCY, DeclineReason, ReferralState
from placements.models import Employer, Referral
from placements.services import referral_checks as checks
from placements.services import referral_news as tell
from placements.services import referral_rows as rows
from placements.services import referrals
from placements.services.referral_rows import Recorded

__all__ = [
    "Recorded",
    "accept",
    "decline",
    "fall_through",
    "forward",
    "interview",
    "introduce",
    "object_to",
    "receive",
]
INTERVIEW_WITHIN = timedelta(days=366)


@act
def receive(*, referral, by, recorded=None):
    """The agency has it."""
    referral, is_done = _asked(referral, "receive", ReferralState.RECEIVED, by, recorded)
    if is_done:
        return referral
    _check_goes_on(referral, by)
    rows.move(referral, ReferralState.RECEIVED, by, recorded=recorded)
    tell.answered("referral_received", referral, by, recorded)
    return referral


@act
def forward(*, referral, by, employer=None, number="", introduced_on=None, recorded=None):
    """The agency introduces the person to an employer, by a letter of its own.

    The employer is the vacancy's where there is one. Number and date of the letter may follow
    (`introduce`).
    """
    employer = _employer_of(referral, employer)
    letter = {"introduction_number": number.strip(), "introduced_on": introduced_on}
    referral, is_done = _asked(
        referral, "forward", ReferralState.FORWARDED, by, recorded, employer=employer, **letter
    )
    if is_done:
        return referral
    if employer is None:
        raise NotAllowed({"employer": ValidationError(_("Pilih pemberi kerja."))})
    _check_introduced(introduced_on)
    _check_goes_on(referral, by)
    checks.refuse(checks.last_place(referral, by))
    rows.move(referral, ReferralState.FORWARDED, by, recorded=recorded, employer=employer, **letter)
    tell.answered("referral_forwarded", referral, by, recorded)
    return referral


@act
def introduce(*, referral, number, introduced_on, by):
    """Note number and date of the agency's letter of introduction once it has them."""
    if not is_liaison_of(by, referral.agency_id):
        raise Forbidden(_("Rujukan ini bukan untuk Anda jawab."))
    referral = rows.locked_one(referral)
    if referral.state not in (*WITH_AGENCY, ReferralState.ACCEPTED):
        raise rows.settled(referral, by)
    _check_introduced(introduced_on)
    referral.introduction_number, referral.introduced_on = number.strip()[:80], introduced_on
    referral.save(update_fields=["introduction_number", "introduced_on"])
    return referral


@act
def interview(*, referral, at, by, recorded=None):
    """The employer wants to see the person; another time moves an interview that was set."""
    referral, is_done = _asked(
        referral, "interview", ReferralState.INTERVIEW, by, recorded, moves=True, interview_at=at
    )
    if is_done:
        return referral
    if not referral.sent_at <= at <= timezone.now() + INTERVIEW_WITHIN:
        raise NotAllowed(
            {"at": ValidationError(_("Waktu wawancara sesudah rujukan dikirim, dalam setahun."))}
        )
    _check_goes_on(referral, by)
    rows.move(referral, ReferralState.INTERVIEW, by, recorded=recorded, interview_at=at)
    local = timezone.localtime(at)
    when = {"day": local.date().isoformat(), "hour": f"{local:%H.%M}"}
    tell.answered("referral_interview", referral, by, recorded, **when)
    return referral


@act
def accept(*, referral, by, employer=None, recorded=None):
    """An employer takes the person: a place of the vacancy is filled.

    Raises `AlreadyDone`, naming who was first, when the person was accepted elsewhere, and
    `NotAllowed` when the last place is gone. Other referrals of the person rest, and their
    agencies are told.
    """
    employer = _employer_of(referral, employer)
    referral, is_done = _asked(
        referral, "accept", ReferralState.ACCEPTED, by, recorded, vacancy=True, employer=employer
    )
    if is_done:
        return referral
    if employer is None:
        raise NotAllowed({"employer": ValidationError(_("Sebutkan siapa yang menerima."))})
    _check_goes_on(referral, by)
    checks.refuse(checks.last_place(referral, by))
    rows.move(referral, ReferralState.ACCEPTED, by, recorded=recorded, employer=employer)
    tell.answered("referral_accepted", referral, by, recorded)
    for other in _others(referral):
        tell.agency("referral_rests", other, by)
    return referral


@act
def decline(*, referral, decline_reason, by, reason="", recorded=None):
    """Employer or agency say no, with a coded reason; `reason` adds words to it."""
    reason = reason.strip()[:250]
    referral, is_done = _asked(
        referral,
        "decline",
        ReferralState.DECLINED,
        by,
        recorded,
        decline_reason=decline_reason,
        reason=reason,
    )
    if is_done:
        return referral
    if decline_reason not in DeclineReason.values:
        raise NotAllowed({"decline_reason": ValidationError(_("Pilih sebab ditolak."))})
    rows.move(
        referral,
        ReferralState.DECLINED,
        by,
        recorded=recorded,
        reason=reason,
        decline_reason=decline_reason,
    )
    tell.answered("referral_declined", referral, by, recorded)
    return referral


@act
def fall_through(*, referral, reason, by, recorded=None):
    """It came to nothing after the acceptance, before work began: the place is free again."""
    reason = referrals.needed(reason)
    referral, is_done = _asked(
        referral, "fall_through", ReferralState.WITHDRAWN, by, recorded, vacancy=True, reason=reason
    )
    if is_done:
        return referral
    need_unplaced(referral)
    rows.move(referral, ReferralState.WITHDRAWN, by, recorded=recorded, reason=reason)
    tell.answered("referral_fell_through", referral, by, recorded)
    referrals.wake(referral=referral, by=by)
    return referral


@act
def object_to(*, referral, objection, by):
    """The agency's liaison objects, once, to the answer that the prison wrote down for it."""
    if not is_liaison_of(by, referral.agency_id):
        raise Forbidden(_("Rujukan ini bukan untuk Anda jawab."))
    objection = objection.strip()[:250]
    referral = rows.locked_one(referral)
    if not referral.recorded_channel:
        raise NotAllowed(_("Jawaban ini tidak dicatat oleh lapas."))
    if referral.objected_at:
        if referral.objection == objection:
            return referral
        raise AlreadyDone(_("Keberatan atas jawaban ini sudah dicatat."))
    if not objection:
        raise NotAllowed({"objection": ValidationError(_("Sebutkan apa yang keliru."))})
    referral.objected_at, referral.objection = timezone.now(), objection
    referral.save(update_fields=["objected_at", "objection"])
    tell.prison("referral_objected", referral, by)
    return referral


def need_unplaced(referral):
    if referral.is_placed:
        raise NotAllowed(_("Orang ini sudah tercatat bekerja lewat rujukan ini."))


def _asked(referral, act_name, state, by, recorded, *, vacancy=False, moves=False, **content):
    """The referral, locked, and whether the very same was answered already by the same person."""
    rows.authorise(by, referral, recorded)
    referral = rows.locked_with_vacancy(referral) if vacancy else rows.locked_one(referral)
    if not Referral.objects.visible_to(by).filter(pk=referral.pk).exists():
        raise Forbidden(_("Rujukan ini bukan untuk Anda jawab."))
    if rows.is_repeat(referral, state, by, recorded, **content):
        return referral, True
    if not (moves and referral.state == state):
        rows.need(referral, act_name, by)
    return referral, False


def _check_goes_on(referral, by):
    """No step forward without consent, nor beside an acceptance by somebody else."""
    checks.refuse(checks.needs_consent(referral))
    checks.not_taken(referral, by)


def _check_introduced(introduced_on):
    if introduced_on and introduced_on > timezone.localdate():
        raise NotAllowed(
            {"introduced_on": ValidationError(_("Tanggal surat tidak boleh di masa depan."))}
        )


def _employer_of(referral, employer):
    if referral.vacancy_id:
        return Employer.objects.get(vacancies=referral.vacancy_id)
    return employer or referral.employer


def _others(referral):
    """Other referrals of the person that lie with an agency."""
    records = Inmate.objects.records_of(referral.inmate)
    others = Referral.objects.with_agency().filter(inmate__in=records).exclude(pk=referral.pk)
    return others.select_related("facility", "agency").order_by("pk")
