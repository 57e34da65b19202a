"""Proposing people for a batch, with the reason why somebody cannot join."""

from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from inmates.models import Inmate
from training import eligibility
from training.models import Batch, Candidate, Enrolment
from training.services import seat_offers
from training.services.eligible import facts_for, terms_of
from training.services.gathering import person_of
from training.states import CANDIDATE_TRANSITIONS, SELECTING, CandidateState


@dataclass
class Proposed:
    """What became of a list of people: candidates, and each refused person with the reasons."""

    proposed: list = field(default_factory=list)
    refused: list = field(default_factory=list)


@act
def propose(*, batch, inmates, by, override_reason=""):
    """Make candidates of those who may join; report each of the others with its sentences.

    Who fails a rule enters only by `override_reason` of somebody who may override, and never
    against `eligibility.NEVER_OVERRIDDEN`. A deferred candidate is proposed again. Somebody whom
    the same user has just proposed is in `.proposed` again.
    """
    require(by, "propose_candidates", batch.facility_id)
    inmates = list(dict.fromkeys(inmates))
    _lock_people(inmates)
    batch = _locked(batch)
    check_selecting(batch)
    reason = override_reason.strip()
    if reason:
        require(by, "override_eligibility", batch.facility_id)
    known = _known(batch, inmates)
    terms = terms_of(batch)
    facts = facts_for(batch, inmates, terms)
    rank = batch.candidates.aggregate(last=Max("rank"))["last"] or 0
    answer = Proposed()
    for inmate in inmates:
        candidate = known.get(inmate.pk)
        if candidate and candidate.state != CandidateState.DEFERRED:
            if candidate.state == CandidateState.PROPOSED and _proposer(candidate) == by:
                answer.proposed.append(candidate)
            else:
                answer.refused.append((inmate, [_already(candidate)]))
            continue
        own = facts[inmate.pk]
        held = 1 if candidate and not own.is_resident else 0
        results = eligibility.check(own, _opened(terms, held))
        fails = eligibility.failures(results)
        if fails and not (reason and eligibility.may_be_overridden(results)):
            answer.refused.append((inmate, [result.text for result in fails]))
            continue
        judged = {
            "eligibility": [result.as_data() for result in results],
            "override_reason": reason if fails else "",
            "override_by": by if fails else None,
        }
        if candidate:
            answer.proposed.append(_propose_again(candidate, judged, by))
            continue
        rank += 1
        terms = terms if own.is_resident else _opened(terms, -1)
        answer.proposed.append(
            Candidate.objects.create(
                facility_id=batch.facility_id,
                batch=batch,
                inmate=inmate,
                rank=rank,
                state_by=by,
                created_by=by,
                **judged,
            )
        )
    return answer


@act
def withdraw(*, candidate, reason, by):
    """Take a person off the list before a decree names them."""
    require(by, "propose_candidates", candidate.facility_id)
    _locked(candidate.batch)
    candidate = (
        Candidate.objects.select_for_update(no_key=True, of=["self"])
        .select_related("state_by")
        .get(pk=candidate.pk)
    )
    if candidate.state == CandidateState.WITHDRAWN:
        if (candidate.state_by, candidate.note) == (by, reason):
            return candidate
        raise AlreadyDone(_already(candidate))
    if not reason.strip():
        raise NotAllowed({"reason": ValidationError(_("Sebutkan alasannya."))})
    if Enrolment.objects.filter(candidate=candidate).exists():
        raise NotAllowed(_("Orang ini sudah menjadi peserta; catat sebagai keluar."))
    if not allows(CANDIDATE_TRANSITIONS, candidate.state, CandidateState.WITHDRAWN):
        raise NotAllowed(_already(candidate))
    if candidate.batch.decrees.awaiting_warden().filter(entries__candidate=candidate).exists():
        raise NotAllowed(_("Orang ini tercantum dalam SK yang menunggu Kalapas."))
    _leave(candidate, CandidateState.WITHDRAWN, by, reason)
    return candidate


@act
def reorder(*, batch, order, by):
    """Put those who wait for the hearing in another order: who is first gets the seats first.

    `order` is all of them, and nobody else. After the hearing the order stands.
    """
    require(by, "propose_candidates", batch.facility_id)
    batch = _locked(batch)
    waiting = list(
        batch.candidates.awaiting_hearing()
        .select_for_update(no_key=True, of=["self"])
        .order_by("rank", "pk")
    )
    if {row.pk for row in waiting} != {row.pk for row in order} or len(waiting) != len(order):
        raise NotAllowed(_("Daftar calon baru saja berubah; buka lagi halamannya."))
    places = {row.pk: row for row in waiting}
    for rank, row in zip([row.rank for row in waiting], order, strict=True):
        candidate = places[row.pk]
        if candidate.rank != rank:
            candidate.rank = rank
            candidate.save(update_fields=["rank"])
    return sorted(waiting, key=lambda row: row.rank)


@act
def lapse(*, candidate, reason, by=None):
    """End a candidature without a seat: the way into the batch is closed, for a reason in words.

    For a service that has asked for a permission of its own, or acts by a prison's policy.
    """
    _locked(candidate.batch)
    candidate = Candidate.objects.select_for_update(no_key=True, of=["self"]).get(pk=candidate.pk)
    if candidate.state == CandidateState.LAPSED:
        return candidate
    if Enrolment.objects.filter(candidate=candidate).exists():
        raise NotAllowed(_("Orang ini sudah menjadi peserta; catat sebagai keluar."))
    if not allows(CANDIDATE_TRANSITIONS, candidate.state, CandidateState.LAPSED):
        raise NotAllowed(_already(candidate))
    _leave(candidate, CandidateState.LAPSED, by, reason[:250])
    return candidate


def check_selecting(batch):
    """Raise `NotAllowed` unless the batch's seats are confirmed and it has not ended."""
    if batch.state not in SELECTING:
        raise NotAllowed(
            _("Peserta baru bisa dipilih setelah kursi dikonfirmasi; angkatan ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )


def _lock_people(inmates):
    """Nobody leaves the prison between being judged and being proposed."""
    people = Inmate.objects.filter(pk__in=[inmate.pk for inmate in inmates]).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk"))


def _locked(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course__trade", "facility")
        .get(pk=batch.pk)
    )


def _known(batch, inmates):
    """`{inmate id: open candidate}`, also one that stands under a record merged into the person."""
    whose = person_of([inmate.pk for inmate in inmates])
    rows = batch.candidates.open().filter(inmate__in=whose)
    return {
        whose[row.inmate_id]: row for row in rows.select_related("state_by", "created_by", "batch")
    }


def _opened(terms, seats):
    """The terms with so many more (or fewer) seats open to people from elsewhere."""
    if terms.open_seats is None or not seats:
        return terms
    return replace(terms, open_seats=terms.open_seats + seats)


def _proposer(candidate):
    return candidate.state_by or candidate.created_by


def _propose_again(candidate, judged, by):
    for name, value in judged.items():
        setattr(candidate, name, value)
    _move(candidate, CandidateState.PROPOSED, by, note="", also=judged)
    return candidate


def _leave(candidate, state, by, reason):
    """Out of the way into the batch: a seat meant or held for the person goes to a reserve."""
    held = candidate.seat_offers.holding().exists()
    had_seat = candidate.state == CandidateState.APPROVED and (held or not candidate.is_reserve)
    _move(candidate, state, by, note=reason)
    seat_offers.withdraw_all(offers=candidate.seat_offers.all(), reason=reason)
    if had_seat:
        seat_offers.offer_next(batch=candidate.batch, by=by)


def _move(candidate, state, by, *, note, also=()):
    candidate.state, candidate.state_at, candidate.state_by = state, timezone.now(), by
    candidate.note = note
    candidate.save(update_fields=["state", "state_at", "state_by", "note", *also])


def _already(candidate):
    when = timezone.localtime(candidate.state_at)
    return _("Sudah tercatat untuk angkatan ini (%(state)s) oleh %(who)s pada %(when)s.") % {
        "state": candidate.get_state_display().lower(),
        "who": _proposer(candidate) or _("sistem"),
        "when": formats.date_format(when, "DATETIME_FORMAT"),
    }
