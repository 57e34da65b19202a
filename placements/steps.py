"""The way of a referral: how far it is, who acts next and by when, and what the reader may do."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import may
from partners.rules import is_liaison_of
from placements.employment import REFERRAL_TRANSITIONS, WITH_AGENCY, ReferralState

WAY = (
    ReferralState.DRAFT,
    ReferralState.SUBMITTED,
    ReferralState.APPROVED,
    ReferralState.SENT,
    ReferralState.RECEIVED,
    ReferralState.FORWARDED,
    ReferralState.INTERVIEW,
    ReferralState.ACCEPTED,
)
FOR_AGENCY = WAY[WAY.index(ReferralState.SENT) :]
BY_AGENCY = "answer_referral"
BY_SYSTEM = "system"
RECORD, OBJECT = "record", "object"
# Acts that change no state: their name, who may, and in which states.
BESIDE = (
    ("change", "refer", (ReferralState.DRAFT,)),
    ("extend", "refer", WITH_AGENCY),
    ("interview", BY_AGENCY, (ReferralState.INTERVIEW,)),
    (
        "introduce",
        BY_AGENCY,
        (ReferralState.FORWARDED, ReferralState.INTERVIEW, ReferralState.ACCEPTED),
    ),
)
ANSWERS = {"receive", "forward", "interview", "accept", "decline", "fall_through"}


@dataclass(frozen=True)
class Step:
    """One step of the way; `end` is the stored state in which a referral stopped short of it."""

    label: str
    is_done: bool = False
    is_current: bool = False
    end: str = ""


@dataclass(frozen=True)
class Next:
    """Who acts next: one of `officer`, `warden`, `secretariat`, `agency`; until when, if a day."""

    who: str
    what: str
    by: date | None = None

    @property
    def is_late(self):
        return self.by is not None and self.by < timezone.localdate()


def steps_of(referral, *, reader_is_agency=False):
    """The way as `Step`s; an agency reads it from where it reached them."""
    way = list(FOR_AGENCY if reader_is_agency else WAY)
    if referral.state == ReferralState.ACCEPTED and not referral.interview_at:
        way.remove(ReferralState.INTERVIEW)
    if referral.state in WAY:
        reached = WAY.index(referral.state)
        return [
            Step(
                state.label,
                is_done=WAY.index(state) < reached,
                is_current=state == referral.state,
            )
            for state in way
        ]
    passed = WAY.index(_furthest(referral))
    before = [Step(state.label, is_done=True) for state in way if WAY.index(state) <= passed]
    return [*before, Step(referral.get_state_display(), is_current=True, end=referral.state)]


def _furthest(referral):
    """The last step that a referral which is over has surely passed."""
    if referral.interview_at:
        return ReferralState.INTERVIEW
    if referral.introduced_on or referral.introduction_number:
        return ReferralState.FORWARDED
    if referral.sent_at:
        return ReferralState.SENT
    return ReferralState.APPROVED if referral.approved_at else ReferralState.DRAFT


def next_of(referral):
    """The `Next` of a referral (with its letter), None for one that nobody has to act on."""
    state, letter = referral.state, referral.letter
    if state == ReferralState.APPROVED and letter and not letter.number:
        return Next("secretariat", _("beri nomor surat rekomendasi"))
    if state in WITH_AGENCY:
        what = {
            ReferralState.SENT: _("nyatakan rujukan diterima"),
            ReferralState.RECEIVED: _("rujuk ke pemberi kerja, atau tolak"),
            ReferralState.FORWARDED: _("catat wawancara atau jawaban pemberi kerja"),
            ReferralState.INTERVIEW: _("catat jawaban pemberi kerja"),
        }
        return Next("agency", what[state], referral.answer_by)
    if state == ReferralState.ACCEPTED:
        return None if referral.is_placed else Next("officer", _("catat hari mulai bekerja"))
    return {
        ReferralState.DRAFT: Next("officer", _("ajukan kepada Kalapas")),
        ReferralState.SUBMITTED: Next("warden", _("setujui, atau kembalikan dengan alasan")),
        ReferralState.APPROVED: Next("officer", _("kirim ke Disnaker")),
    }.get(state)


def acts_for(user, referral):
    """Names of the acts that the reader may do with the referral as it is.

    Staff who write down what the agency answered have the act `record` instead of its answers.
    """
    speaks = is_liaison_of(user, referral.agency_id)
    acts = {OBJECT} if speaks and referral.recorded_channel and not referral.objected_at else set()
    if referral.is_placed:
        return acts
    moves = [(move.act, move.who) for move in REFERRAL_TRANSITIONS if move.start == referral.state]
    moves += [(name, who) for name, who, states in BESIDE if referral.state in states]
    acts |= {
        name
        for name, who in moves
        if who not in (BY_AGENCY, BY_SYSTEM) and may(user, who, referral.facility_id)
    }
    if speaks:
        acts |= {name for name, who in moves if who == BY_AGENCY}
    elif answers_to(referral) and may(user, "record_for_agency", referral.facility_id):
        acts.add(RECORD)
    return acts


def answers_to(referral):
    """Names of the agency's acts that the state lets it do."""
    acts = {move.act for move in REFERRAL_TRANSITIONS if move.start == referral.state}
    acts |= {name for name, who, states in BESIDE if referral.state in states}
    return acts & ANSWERS
