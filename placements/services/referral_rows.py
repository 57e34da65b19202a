"""The rows behind referrals: how they are locked and moved, and why a move is refused.

Locked are the people first, then the vacancy, then the referrals, each in the order of their keys.
"""

from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.refusals import AlreadyDone, Forbidden, NotAllowed
from correspondence.services import notices
from inmates.models import Inmate
from partners.rules import is_liaison_of
from placements.employment import REFERRAL_TRANSITIONS, WITH_AGENCY, ReferralState
from placements.models import Referral, Vacancy
from placements.services import referral_mails

ENDS = (
    ReferralState.ACCEPTED,
    ReferralState.DECLINED,
    ReferralState.WITHDRAWN,
    ReferralState.LAPSED,
)
ORDER = {state: number for number, state in enumerate(ReferralState)}
# What is told of a step is over with the next one; deadlines are told anew only for a new date.
TOLD = tuple(
    f"referral_{word}"
    for word in (
        *("waiting", "returned", "approved", "sent", "resumed", "extended"),
        *("received", "forwarded", "interview", "accepted", "declined", "fell_through"),
        *("withdrawn", "ended", "lapsed", "rests", "awake", "month"),
        *("recorded", "objected", "corrected"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An agency's answer that reached the prison outside the app.

    `channel` is one of `training.states.Channel`, `said_by` the name of whoever said it.
    """

    channel: str
    said_by: str


def locked(referrals):
    """These referrals, locked after their people, in the order of their keys."""
    wanted = [referral.pk for referral in referrals]
    lock_people({referral.inmate_id for referral in referrals})
    return list(
        Referral.objects.filter(pk__in=wanted)
        .select_for_update(no_key=True, of=["self"])
        .select_related("inmate", "facility", "agency", "employer", "vacancy__employer", "consent")
        .select_related("state_by", "letter", "cover_letter")
        .order_by("pk")
    )


def locked_one(referral):
    (row,) = locked([referral])
    return row


def locked_with_vacancy(referral):
    """As `locked_one`, with the vacancy locked in between: a place of it is taken or given back."""
    lock_people({referral.inmate_id})
    if referral.vacancy_id:
        Vacancy.objects.select_for_update(no_key=True).get(pk=referral.vacancy_id)
    return locked_one(referral)


def lock_people(ids):
    """The records of these ids and those that they were merged into."""
    known = Inmate.objects.filter(pk__in=ids).values_list("pk", "merged_into")
    keys = {key for pair in known for key in pair if key}
    list(
        Inmate.objects.filter(pk__in=keys)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )


def authorise(by, referral, recorded):
    """Who may answer: a liaison of exactly the agency, or staff who write down what it said."""
    if is_liaison_of(by, referral.agency_id):
        if recorded is not None:
            raise Forbidden(_("Jawaban instansi Anda tidak perlu dicatat lewat lapas."))
        return
    if not may(by, "record_for_agency", referral.facility_id):
        raise Forbidden(_("Rujukan ini bukan untuk Anda jawab."))
    if recorded is None or not recorded.channel or not recorded.said_by.strip():
        raise NotAllowed(
            _("Jawaban instansi hanya bisa dicatat dengan cara dan nama penyampainya.")
        )


def is_repeat(referral, state, by, recorded=None, **content):
    """Whether the same person did exactly this already."""
    said = (recorded.channel, recorded.said_by.strip()) if recorded else ("", "")
    return (
        (referral.state, referral.state_by) == (state, by)
        and (referral.recorded_channel, referral.recorded_from) == said
        and all(getattr(referral, name) == value for name, value in content.items())
    )


def need(referral, act, by):
    """Raise unless the act of `REFERRAL_TRANSITIONS` is possible now; names who was first."""
    moves = [move for move in REFERRAL_TRANSITIONS if move.act == act]
    if referral.state in {move.start for move in moves}:
        return
    is_past = referral.state in ENDS or ORDER[referral.state] >= ORDER[moves[0].end]
    raise settled(referral, by) if is_past else impossible(referral)


def move(referral, state, by, *, reason="", recorded=None, **fields):
    """Write the state with what belongs to it; what was told for the former one is over."""
    values = {
        "state": state,
        "state_at": timezone.now(),
        "state_by": by,
        "reason": reason[:250],
        "recorded_channel": recorded.channel if recorded else "",
        "recorded_from": recorded.said_by.strip()[:120] if recorded else "",
        "objected_at": None,
        "objection": "",
        **fields,
    }
    for name, value in values.items():
        setattr(referral, name, value)
    referral.save(update_fields=list(values))
    referral_mails.end_links(referral)
    if state in WITH_AGENCY:
        notices.close_for(referral, *TOLD)
    else:
        notices.close_for(referral)


def settled(referral, by):
    """Somebody was faster; an agency reads of the prison, not of who works there."""
    who = referral.state_by
    if who and by and by.is_liaison and not who.is_liaison:
        who = referral.facility
    return AlreadyDone(
        _("Rujukan ini sudah dicatat “%(state)s” oleh %(who)s pada %(when)s.")
        % {
            "state": referral.get_state_display(),
            "who": who or _("sistem"),
            "when": clock(referral.state_at),
        }
    )


def impossible(referral):
    return NotAllowed(
        _("Tidak bisa: keadaan rujukan ini “%(state)s”.") % {"state": referral.get_state_display()}
    )


def clock(moment):
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")
