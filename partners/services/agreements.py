"""The life of an agreement, from a draft to its end (field notes 3.3).

Each function is one act: permission, lock, the same state already there? return it, not possible?
say so in a sentence, write, tell people; all in one transaction. Ended, expiring and past the
notice deadline need no act: they follow from the dates.
"""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.files import checked_scan
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import Agreement
from partners.services import agencies, liaisons
from partners.states import TRANSITIONS, UNSIGNED, AgreementKind, AgreementState

TERMS = {
    "title",
    "kind",
    "scope",
    "our_number",
    "their_number",
    "starts_on",
    "ends_on",
    "notice_months",
    "review_months",
    "seats_per_year",
}


@act
def draft(
    *,
    facility,
    agency,
    title,
    by,
    kind=AgreementKind.PKS,
    scope="",
    our_number="",
    their_number="",
    starts_on=None,
    ends_on=None,
    notice_months=3,
    review_months=12,
    seats_per_year=None,
    engagement=None,
    exploring=False,
):
    """Write down a new agreement as a draft, or as `exploring` while there is no text yet.

    `engagement` is the visit that it grew from. Raises `NotAllowed` with field errors.
    """
    require(by, "draft_agreement", facility.pk)
    agencies.require_partner(facility, agency)
    if engagement and (engagement.facility_id, engagement.agency_id) != (facility.pk, agency.pk):
        raise NotAllowed({"agency": _("Kunjungan itu dengan instansi lain.")})
    _check_terms(starts_on, ends_on, notice_months, review_months)
    return Agreement.objects.create(
        facility=facility,
        agency=agency,
        title=title,
        kind=kind,
        scope=scope,
        our_number=our_number.strip(),
        their_number=their_number.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        notice_months=notice_months,
        review_months=review_months,
        seats_per_year=seats_per_year,
        engagement=engagement,
        state=AgreementState.EXPLORING if exploring else AgreementState.DRAFT,
        state_by=by,
        created_by=by,
    )


@act
def edit(*, agreement, by, **terms):
    """Change terms (any of `TERMS`) before the agreement is signed."""
    unknown = set(terms) - TERMS
    if unknown:
        raise TypeError(f"not a term of an agreement: {', '.join(sorted(unknown))}")
    require(by, "draft_agreement", agreement.facility_id)
    agreement = _locked(agreement)
    if agreement.state not in UNSIGNED:
        raise NotAllowed(
            _("Perjanjian ini %(state)s; isinya tidak bisa diubah lagi.")
            % {"state": agreement.get_state_display().lower()}
        )
    for name, value in terms.items():
        setattr(agreement, name, value)
    _check_terms(
        agreement.starts_on, agreement.ends_on, agreement.notice_months, agreement.review_months
    )
    agreement.save(update_fields=list(terms))
    return agreement


@act
def begin_draft(*, agreement, by):
    """The exploring is over: a text is being written."""
    require(by, "draft_agreement", agreement.facility_id)
    return _moved(_locked(agreement), "begin_draft", by)[0]


@act
def send_for_review(*, agreement, by):
    """The text goes to the agency, whose liaisons can read it from now on and are told."""
    require(by, "draft_agreement", agreement.facility_id)
    agreement, repeated = _moved(_locked(agreement), "send_for_review", by)
    if not repeated:
        _tell("agreement_in_review", agreement, liaisons.of(agreement.agency_id))
    return agreement


@act
def revise(*, agreement, by):
    """The review asks for changes: back to a draft."""
    require(by, "draft_agreement", agreement.facility_id)
    return _moved(_locked(agreement), "revise", by)[0]


@act
def mark_ready(*, agreement, by):
    """Both sides agree on the text: it waits for signatures."""
    require(by, "draft_agreement", agreement.facility_id)
    return _moved(_locked(agreement), "mark_ready", by)[0]


@act
def reopen(*, agreement, by):
    """A text that was ready is reviewed again."""
    require(by, "draft_agreement", agreement.facility_id)
    return _moved(_locked(agreement), "reopen", by)[0]


@act
def sign(*, agreement, signed_on, starts_on, ends_on, our_number, their_number, signed_scan, by):
    """Record that both sides signed: dates, both numbers and the scan, all needed.

    In force from `starts_on` to `ends_on`. `signed_scan` is an uploaded PDF, JPEG or PNG. Raises
    `NotAllowed` with field errors, `AlreadyDone` to whoever comes second.
    """
    require(by, "sign_agreement", agreement.facility_id)
    facts = {
        "signed_on": signed_on,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "our_number": our_number.strip(),
        "their_number": their_number.strip(),
    }
    agreement = _locked(agreement)
    if agreement.state != AgreementState.SIGNED:
        _check_terms(starts_on, ends_on, agreement.notice_months, agreement.review_months)
        _check_signing(signed_scan=signed_scan, **facts)
    agreement, repeated = _moved(agreement, "sign", by, facts, signed_scan=signed_scan, reason="")
    if not repeated:
        _tell_both_sides("agreement_signed", agreement, by)
    return agreement


@act
def undo_signing(*, agreement, reason, by):
    """The signing was recorded by mistake: ready again, without its signing date and scan."""
    return _undone(agreement, "undo_signing", reason, by, signed_on=None, signed_scan="")


@act
def terminate(*, agreement, terminated_on, reason, by):
    """End the agreement before its time; `terminated_on` is the first day without it."""
    require(by, "sign_agreement", agreement.facility_id)
    agreement = _locked(agreement)
    if agreement.state == AgreementState.SIGNED:
        problems = rules.problems_of_termination(agreement, terminated_on, reason)
        if problems:
            raise NotAllowed(problems)
    facts = {"terminated_on": terminated_on, "reason": reason}
    agreement, repeated = _moved(agreement, "terminate", by, facts)
    if not repeated:
        _tell_both_sides("agreement_terminated", agreement, by)
    return agreement


@act
def undo_termination(*, agreement, reason, by):
    """The termination was a mistake: signed, as before."""
    return _undone(agreement, "undo_termination", reason, by, terminated_on=None)


@act
def cancel(*, agreement, reason, by):
    """Give up an agreement that was never signed."""
    require(by, "draft_agreement", agreement.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan alasan pembatalan.")})
    return _moved(_locked(agreement), "cancel", by, {"reason": reason})[0]


@act
def undo_cancellation(*, agreement, reason, by):
    """The cancellation was a mistake: a draft again."""
    return _undone(agreement, "undo_cancellation", reason, by)


@act
def record_existing(
    *,
    facility,
    agency,
    title,
    our_number,
    their_number,
    signed_on,
    starts_on,
    ends_on,
    signed_scan,
    by,
    kind=AgreementKind.PKS,
    scope="",
    notice_months=3,
    review_months=12,
    seats_per_year=None,
):
    """Enter an agreement that was signed before the office used this program.

    It is born signed and marked `entered_afterwards`; nobody is told about the past. For the head
    only (the act `correct_state`).
    """
    require(by, "correct_state", facility.pk)
    agencies.require_partner(facility, agency)
    _check_terms(starts_on, ends_on, notice_months, review_months)
    facts = {
        "signed_on": signed_on,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "our_number": our_number.strip(),
        "their_number": their_number.strip(),
        "signed_scan": signed_scan,
    }
    _check_signing(**facts)
    return Agreement.objects.create(
        facility=facility,
        agency=agency,
        title=title,
        kind=kind,
        scope=scope,
        notice_months=notice_months,
        review_months=review_months,
        seats_per_year=seats_per_year,
        state=AgreementState.SIGNED,
        state_by=by,
        created_by=by,
        entered_afterwards=True,
        **facts,
    )


def _locked(agreement):
    # Joins only rows that never change: after waiting for the lock PostgreSQL reads this row anew,
    # but not what was joined to it, so `state_by` would be missing.
    return (
        Agreement.objects.select_for_update(no_key=True, of=["self"])
        .select_related("agency", "facility")
        .get(pk=agreement.pk)
    )


def _check_terms(starts_on, ends_on, notice_months, review_months):
    problems = rules.problems_of_terms(
        starts_on=starts_on,
        ends_on=ends_on,
        notice_months=notice_months,
        review_months=review_months,
    )
    if problems:
        raise NotAllowed(problems)


def _check_signing(**facts):
    problems = rules.problems_of_signing(**facts)
    if "signed_scan" not in problems:
        try:
            checked_scan(facts["signed_scan"])
        except ValidationError as error:
            problems["signed_scan"] = error
    if problems:
        raise NotAllowed(problems)


def _moved(agreement, name, by, facts=None, **more):
    """Do the act of `TRANSITIONS` to a locked agreement: (agreement, whether it was done already).

    `facts` are the content of the act: the same person with the same facts asks again, anybody
    else learns who was faster. `more` is written with them.
    """
    facts = facts or {}
    moves = [move for move in TRANSITIONS if move.act == name]
    state = moves[0].end
    if agreement.state == state:
        same = all(getattr(agreement, field) == value for field, value in facts.items())
        if agreement.state_by_id == by.pk and same:
            return agreement, True
        raise _already(agreement)
    if agreement.state not in {move.start for move in moves}:
        raise NotAllowed(
            _("Tidak bisa: keadaan perjanjian ini %(state)s.")
            % {"state": agreement.get_state_display().lower()}
        )
    written = {"state": state, "state_at": timezone.now(), "state_by": by, **facts, **more}
    for field, value in written.items():
        setattr(agreement, field, value)
    agreement.save(update_fields=list(written))
    notices.close_for(agreement)
    return agreement, False


def _already(agreement):
    return AlreadyDone(
        _("Perjanjian ini sudah %(state)s: dicatat oleh %(who)s pada %(when)s.")
        % {
            "state": agreement.get_state_display().lower(),
            "who": agreement.state_by or _("sistem"),
            "when": formats.date_format(
                timezone.localtime(agreement.state_at), "SHORT_DATETIME_FORMAT"
            ),
        }
    )


def _undone(agreement, name, reason, by, **more):
    """A wrong click goes back: by whoever may correct, with a reason."""
    require(by, "correct_state", agreement.facility_id)
    if not reason.strip():
        raise NotAllowed({"reason": _("Sebutkan alasan pembetulan.")})
    agreement, repeated = _moved(_locked(agreement), name, by, {"reason": reason}, **more)
    if not repeated and name == "undo_signing":
        _tell_both_sides("agreement_signing_undone", agreement, by)
    return agreement


def _tell_both_sides(kind, agreement, by):
    people = [
        *notices.holders(agreement.facility_id, roles.OFFICER, roles.HEAD),
        *liaisons.of(agreement.agency_id),
    ]
    _tell(kind, agreement, [person for person in people if person != by])


def _tell(kind, agreement, recipients):
    dates = {
        name: day and day.isoformat()
        for name in ("starts_on", "ends_on", "terminated_on")
        for day in [getattr(agreement, name)]
    }
    notices.tell(
        kind=kind,
        obj=agreement,
        recipients=recipients,
        facility_id=agreement.facility_id,
        link=agreement.get_absolute_url(),
        data={
            "agreement": agreement.title,
            "agency": agreement.agency.name,
            "facility": agreement.facility.name,
            **dates,
        },
    )
