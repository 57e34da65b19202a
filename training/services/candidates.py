"""Proposing people for a batch, with the reason why somebody cannot join."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, DateField, F, Max, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.permissions import may, require
from accounts.refusals import AlreadyDone, NotAllowed, act
from accounts.states import allows
from inmates.models import Custody, Inmate, Restriction, Sentence
from training import eligibility
from training.eligibility import Facts, Span, Terms
from training.models import Batch, Candidate, Enrolment
from training.states import (
    CANDIDATE_TRANSITIONS,
    BatchState,
    CandidateState,
    EnrolmentState,
)

SELECTING = (BatchState.CONFIRMED, BatchState.RUNNING)
PAGE_SIZE = 25


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
    batch = _locked(batch)
    check_selecting(batch)
    reason = override_reason.strip()
    if reason:
        require(by, "override_eligibility", batch.facility_id)
    inmates = list(dict.fromkeys(inmates))
    known = {
        candidate.inmate_id: candidate
        for candidate in batch.candidates.open()
        .filter(inmate__in=inmates)
        .select_related("state_by", "created_by")
    }
    facts = facts_for(batch, inmates)
    terms = terms_of(batch)
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
        results = eligibility.check(facts[inmate.pk], terms)
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
    _move(candidate, CandidateState.WITHDRAWN, by, note=reason)
    return candidate


def check_selecting(batch):
    """Raise `NotAllowed` unless the batch's seats are confirmed and it has not ended."""
    if batch.state not in SELECTING:
        raise NotAllowed(
            _("Peserta baru bisa dipilih setelah kursi dikonfirmasi; angkatan ini %(state)s.")
            % {"state": batch.get_state_display().lower()}
        )


def terms_of(batch):
    """The `eligibility.Terms` of a batch (its course should be loaded)."""
    return Terms(
        facility_id=batch.facility_id,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        buffer_days=settings.REMAINING_TERM_BUFFER_DAYS,
        minimum_age=batch.course.minimum_age,
        maximum_age=batch.course.maximum_age,
    )


def facts_for(batch, inmates):
    """`{inmate id: eligibility.Facts}` for any number of people in five queries."""
    people = {inmate.pk: inmate for inmate in inmates}
    gathered = {pk: {"birth_date": inmate.birth_date} for pk, inmate in people.items()}
    for custody in Custody.objects.open().filter(inmate__in=people):
        gathered[custody.inmate_id] |= {
            "register_class": custody.register_class,
            "facility_id": custody.facility_id,
        }
    for restriction in Restriction.objects.in_force().filter(inmate__in=people):
        own = gathered[restriction.inmate_id].setdefault("restrictions", {})
        own[restriction.kind] = min(
            own.get(restriction.kind, restriction.starts), restriction.starts
        )
    for sentence in Sentence.objects.filter(inmate__in=people):
        gathered[sentence.inmate_id] |= {
            "as_of": sentence.as_of,
            "one_third": sentence.one_third,
            "two_thirds": sentence.two_thirds,
            "release": sentence.released_on or sentence.expires,
        }
    enrolments = Enrolment.objects.filter(
        Q(pk__in=Enrolment.objects.blocking().values("pk"), batch__starts_on__lte=batch.ends_on)
        & Q(batch__ends_on__gte=batch.starts_on)
        | Q(state=EnrolmentState.COMPLETED, batch__course_id=batch.course_id),
        inmate__in=people,
    )
    for enrolment in enrolments.exclude(batch=batch).select_related("batch"):
        kind = "completed" if enrolment.state == EnrolmentState.COMPLETED else "enrolled_in"
        _add_span(gathered, kind, enrolment, batch)
    candidates = Candidate.objects.open().filter(
        inmate__in=people,
        enrolment__isnull=True,
        batch__starts_on__lte=batch.ends_on,
        batch__ends_on__gte=batch.starts_on,
    )
    for candidate in candidates.exclude(batch=batch).select_related("batch"):
        _add_span(gathered, "proposed_for", candidate, batch)
    return {pk: Facts(**facts) for pk, facts in gathered.items()}


def eligible_page(batch, user, *, search="", page=1):
    """Who could join? A page of people in custody here who are no candidates yet.

    Register B comes first, then who has served a third and stays long enough, then the nearest
    release. Each person has `.register_number`, `.register_class`, `.results` (every rule),
    `.fails`, `.remarks` (warnings and missing data) and `.selectable` by this user.
    """
    terms = terms_of(batch)
    needed = batch.ends_on + timedelta(days=terms.buffer_days)
    release = Coalesce("sentence__released_on", "sentence__expires", output_field=DateField())
    people = (
        Inmate.objects.visible_to(user)
        .filter(
            custodies__facility_id=batch.facility_id,
            custodies__until__isnull=True,
            merged_into__isnull=True,
        )
        .exclude(pk__in=batch.candidates.open().values("inmate_id"))
        .annotate(
            release=release,
            register_class=F("custodies__register_class"),
            register_number=F("custodies__register_number"),
            is_sentenced=_flag(Q(custodies__register_class__startswith="B")),
            is_in_window=_flag(Q(sentence__one_third__lte=batch.starts_on, release__gte=needed)),
        )
        .order_by("-is_sentenced", "-is_in_window", F("release").asc(nulls_last=True), "name", "id")
    )
    if search.strip():
        people = people.search(search)
    page = Paginator(people, PAGE_SIZE).get_page(page)
    page.object_list = list(page.object_list)
    facts = facts_for(batch, page.object_list)
    overrides = may(user, "override_eligibility", batch.facility_id)
    for person in page.object_list:
        person.results = eligibility.check(facts[person.pk], terms)
        person.fails = eligibility.failures(person.results)
        person.remarks = eligibility.remarks(person.results)
        person.selectable = not person.fails or (
            overrides and eligibility.may_be_overridden(person.results)
        )
    return page


def with_register_numbers(rows):
    """Give each row with an `inmate_id` the number of the person's open custody, in one query."""
    numbers = dict(
        Custody.objects.open()
        .filter(inmate__in=[row.inmate_id for row in rows])
        .values_list("inmate_id", "register_number")
    )
    for row in rows:
        row.register_number = numbers.get(row.inmate_id, "")
    return rows


def _flag(condition):
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _locked(batch):
    return (
        Batch.objects.select_for_update(no_key=True, of=["self"])
        .select_related("course", "facility")
        .get(pk=batch.pk)
    )


def _add_span(gathered, kind, row, batch):
    other = row.batch
    name = other.name if other.facility_id == batch.facility_id else _("angkatan di lapas lain")
    own = gathered[row.inmate_id]
    own[kind] = (*own.get(kind, ()), Span(name, other.starts_on, other.ends_on))


def _proposer(candidate):
    return candidate.state_by or candidate.created_by


def _propose_again(candidate, judged, by):
    for name, value in judged.items():
        setattr(candidate, name, value)
    _move(candidate, CandidateState.PROPOSED, by, note="", also=judged)
    return candidate


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
