"""A participant's way after the decree: kept from class for a while, back, or out.

`suspend`, `resume` and `drop` are the officer's acts. `pause`, `unpause` and `let_go` do the same
for a service that has asked for a permission of its own, or acts by a prison's policy.
"""

from dataclasses import dataclass
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from inmates.models import Consent, DataLimit, Inmate, Restriction
from inmates.states import ConsentPurpose, RestrictionKind
from training.models import Batch, Candidate, Enrolment
from training.services import participant_news as tell
from training.services import seat_offers
from training.states import (
    BLOCKS_OTHERS,
    ENROLMENT_TRANSITIONS,
    CandidateState,
    EnrolmentState,
    LeaveCause,
)
from training.teaching import OF_THE_COURSE
from training.timetable import local_day


@dataclass(frozen=True)
class Participant:
    """All that an agency learns of a person: no offence, sentence, register number or block.

    Of whoever took the consent back, only the code (`is_named` is false).
    """

    code: str
    name: str = ""
    sex: str = ""
    age: int | None = None
    education: str = ""
    fit: bool | None = None
    state: str = ""
    public_id: UUID | None = None

    @property
    def is_named(self):
        return self.public_id is not None


def roster(batch, user):
    """The batch's participants as `Participant`s, in order of their codes."""
    rows = list(
        Enrolment.objects.visible_to(user)
        .filter(batch=batch)
        .exclude(state=EnrolmentState.DROPPED)
        .select_related("inmate")
        .order_by("participant_code")
    )
    unfit = set(
        Restriction.objects.in_force()
        .filter(inmate__in=[row.inmate_id for row in rows], kind=RestrictionKind.UNFIT)
        .values_list("inmate_id", flat=True)
    )
    unnamed = _without_consent(rows)
    return [
        Participant(code=row.participant_code)
        if row.inmate_id in unnamed
        else Participant(
            code=row.participant_code,
            name=row.inmate.name,
            sex=row.inmate.get_sex_display(),
            age=_age(row.inmate.birth_date),
            education=row.inmate.education,
            fit=row.inmate_id not in unfit,
            state=row.get_state_display(),
            public_id=row.inmate.public_id,
        )
        for row in rows
    ]


def _without_consent(rows):
    """Ids of the people among the rows who took the consent to training back, and gave no other,
    or asked that their data be used no further."""
    roots, consents, root = _consents_of(rows)
    limits = DataLimit.objects.standing().filter(inmate__in=set(roots.values()))
    withdrawn = consents.filter(withdrawn_on__isnull=False).values_list(root, flat=True)
    refusing = set(withdrawn.union(limits.values_list("inmate", flat=True)))
    holding = set(consents.in_force().values_list(root, flat=True))
    return {pk for pk, root in roots.items() if root in refusing - holding}


def with_consent(rows):
    """Ids of the people among the rows whose consent to training is in force."""
    roots, consents, root = _consents_of(rows)
    holding = set(consents.in_force().values_list(root, flat=True))
    return {pk for pk, root in roots.items() if root in holding}


def _consents_of(rows):
    """Roots of the rows' people, their consents to training, and the root of each in SQL.

    Whatever was signed on any record of a person that was merged counts.
    """
    roots = {row.inmate_id: row.inmate.merged_into_id or row.inmate_id for row in rows}
    records = Inmate.objects.records_of_all(set(roots.values()))
    consents = Consent.objects.filter(inmate__in=records, purpose=ConsentPurpose.TRAINING)
    return roots, consents, Coalesce("inmate__merged_into", "inmate")


@act
def suspend(*, enrolment, reason, by, cause=LeaveCause.OTHER):
    """Keep somebody from class for now. The seat stays theirs; the agency learns the code."""
    require(by, "propose_candidates", enrolment.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    enrolment = _locked(enrolment)
    if enrolment.state == EnrolmentState.SUSPENDED:
        if (enrolment.cause, enrolment.reason) == (cause, reason):
            return enrolment
        raise AlreadyDone(_("Peserta ini sudah ditangguhkan."))
    enrolment = pause(enrolment=enrolment, reason=reason, cause=cause)
    tell.paused(enrolment)
    return enrolment


@act
def resume(*, enrolment, by):
    """Back to class."""
    require(by, "propose_candidates", enrolment.facility_id)
    enrolment = _locked(enrolment)
    if enrolment.state == EnrolmentState.ENROLLED:
        return enrolment
    enrolment = unpause(enrolment=enrolment)
    tell.back(enrolment)
    return enrolment


@act
def drop(*, enrolment, dropped_on, reason, by, cause=LeaveCause.OTHER):
    """Out of the batch from a day on; see `let_go`. The agency learns the code.

    Not before the person joined or was last seen in class, and not while a paper of the course
    stands.
    """
    require(by, "propose_candidates", enrolment.facility_id)
    problems = {}
    if not reason.strip():
        problems["reason"] = _("Sebutkan alasannya.")
    if dropped_on > timezone.localdate():
        problems["dropped_on"] = _("Tanggal keluar tidak boleh di masa depan.")
    if problems:
        raise NotAllowed({name: ValidationError(text) for name, text in problems.items()})
    enrolment = _locked(enrolment)
    was = enrolment.state
    if was in BLOCKS_OTHERS:
        _check_day(enrolment, dropped_on)
        if paper := _paper_of(enrolment):
            raise NotAllowed(
                _("Sertifikat nomor %(number)s sudah terbit; cabut dulu.")
                % {"number": paper.number}
            )
    enrolment = let_go(
        enrolment=enrolment, dropped_on=dropped_on, reason=reason, by=by, cause=cause
    )
    if was != EnrolmentState.DROPPED:
        tell.left(enrolment)
    return enrolment


@act
def pause(*, enrolment, reason, cause=LeaveCause.OTHER):
    """Keep somebody from class for a reason in words."""
    enrolment = _locked(enrolment)
    if (enrolment.state, enrolment.reason) == (EnrolmentState.SUSPENDED, reason):
        return enrolment
    return _move(enrolment, EnrolmentState.SUSPENDED, reason=reason, cause=cause)


@act
def unpause(*, enrolment):
    """Whatever kept somebody from class is over."""
    enrolment = _locked(enrolment)
    if enrolment.state == EnrolmentState.ENROLLED:
        return enrolment
    return _move(enrolment, EnrolmentState.ENROLLED, reason="", cause="")


@act
def let_go(*, enrolment, dropped_on, reason, by=None, cause=LeaveCause.OTHER):
    """Out of the batch: the period ends on that day, and the seat is offered to the next reserve.

    The candidature lapses, so that the person may be proposed again, here or elsewhere. A paper
    of the course that stands keeps nobody in: the head is told.
    """
    Batch.objects.select_for_update(no_key=True).get(pk=enrolment.batch_id)
    candidate = Candidate.objects.select_for_update(no_key=True).get(pk=enrolment.candidate_id)
    enrolment = _locked(enrolment)
    if enrolment.state == EnrolmentState.DROPPED:
        if (enrolment.dropped_on, enrolment.reason) == (dropped_on, reason):
            return enrolment
        raise AlreadyDone(_("Peserta ini sudah tercatat keluar."))
    _move(enrolment, EnrolmentState.DROPPED, reason=reason, dropped_on=dropped_on, cause=cause)
    candidate.state, candidate.state_at, candidate.state_by = (
        CandidateState.LAPSED,
        timezone.now(),
        by,
    )
    candidate.save(update_fields=["state", "state_at", "state_by"])
    if paper := _paper_of(enrolment):
        tell.paper_stands(enrolment, paper)
    seat_offers.offer_next(batch=enrolment.batch, by=by)
    enrolment.batch.refresh_from_db(fields=["seats_taken"])
    return enrolment


def _check_day(enrolment, day):
    row = Enrolment.objects.with_joined_on().select_related("decree__letter").get(pk=enrolment.pk)
    named = row.decree.letter and row.decree.letter.dated
    first = min(row.joined_on, named or row.joined_on)
    if day < first:
        told = _("Keluar sebelum menjadi peserta (%(day)s).") % {"day": formats.date_format(first)}
        raise NotAllowed({"dropped_on": ValidationError(told)})
    seen = row.attendances.attended().order_by("-meeting__during").values("meeting__during")[:1]
    if seen and day < (last := local_day(seen[0]["meeting__during"])):
        told = _("Masih hadir pada %(day)s.") % {"day": formats.date_format(last)}
        raise NotAllowed({"dropped_on": ValidationError(told)})


def _paper_of(enrolment):
    return enrolment.certificates.issued().filter(kind__in=OF_THE_COURSE).first()


def _age(birth_date):
    return relativedelta(timezone.localdate(), birth_date).years if birth_date else None


def _locked(enrolment):
    """The enrolment, with its batch locked first: a seat may come free."""
    Batch.objects.select_for_update(no_key=True).get(pk=enrolment.batch_id)
    return (
        Enrolment.objects.select_for_update(no_key=True, of=["self"])
        .select_related("batch")
        .get(pk=enrolment.pk)
    )


def _move(enrolment, state, **fields):
    if not allows(ENROLMENT_TRANSITIONS, enrolment.state, state):
        raise NotAllowed(
            _("Tidak bisa: peserta ini %(state)s.")
            % {"state": enrolment.get_state_display().lower()}
        )
    fields |= {"state": state, "state_at": timezone.now()}
    for name, value in fields.items():
        setattr(enrolment, name, value)
    enrolment.save(update_fields=list(fields))
    return enrolment
