"""The life of an agreement, from a draft to its end (field notes 3.3).

Each function is one act: permission, lock, the same state already there? return it, not possible?
say so in a sentence, write, tell people; all in one transaction. Ended, expiring and past the
notice deadline need no act: they follow from the dates. What comes later has files of its own:
`extensions`, `renewals`, `obligations`, `reviews`, `agreement_documents`.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import Agreement
from partners.services import agencies, agreement_documents, liaisons
from partners.services.moves import (
    ENDING,
    already_by,
    check_signing,
    check_terms,
    locked,
    locked_with_predecessor,
    moved,
    require_reason,
    tell,
    tell_both_sides,
    undone,
)
from partners.states import UNSIGNED, AgreementKind, AgreementState, TerminationGround

TERMS = {
    "title",
    "kind",
    "parent",
    "scope",
    "our_number",
    "their_number",
    "starts_on",
    "ends_on",
    "notice_months",
    "review_months",
    "termination_days",
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
    parent=None,
    scope="",
    our_number="",
    their_number="",
    starts_on=None,
    ends_on=None,
    notice_months=3,
    review_months=12,
    termination_days=30,
    seats_per_year=None,
    engagement=None,
    exploring=False,
):
    """Write down a new agreement as a draft, or as `exploring` while there is no text yet.

    `engagement` is the visit that it grew from, `parent` the umbrella that it stands under. Raises
    `NotAllowed` with field errors.
    """
    require(by, "draft_agreement", facility.pk)
    agencies.require_partner(facility, agency)
    if engagement and (engagement.facility_id, engagement.agency_id) != (facility.pk, agency.pk):
        raise NotAllowed({"agency": _("Kunjungan itu dengan instansi lain.")})
    agreement = Agreement(
        facility=facility,
        agency=agency,
        title=title,
        kind=kind,
        parent=parent,
        scope=scope,
        our_number=our_number.strip(),
        their_number=their_number.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        notice_months=notice_months,
        review_months=review_months,
        termination_days=termination_days,
        seats_per_year=seats_per_year,
        engagement=engagement,
        state=AgreementState.EXPLORING if exploring else AgreementState.DRAFT,
        state_by=by,
        created_by=by,
    )
    check_terms(agreement)
    agreement.save(force_insert=True)
    return agreement


def _known(facility, our_number, their_number):
    """The prison's agreement with both numbers; whoever enters the same one waits for us."""
    Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
    rows = Agreement.objects.filter(
        facility=facility, our_number=our_number, their_number=their_number
    ).exclude(our_number="")
    return rows.exclude(state=AgreementState.CANCELLED).select_related("created_by").first()


@act
def edit(*, agreement, by, **terms):
    """Change terms (any of `TERMS`) before the agreement is signed."""
    unknown = set(terms) - TERMS
    if unknown:
        raise TypeError(f"not a term of an agreement: {', '.join(sorted(unknown))}")
    require(by, "draft_agreement", agreement.facility_id)
    agreement = locked(agreement)
    if agreement.state not in UNSIGNED:
        raise NotAllowed(
            _("Perjanjian ini %(state)s; isinya tidak bisa diubah lagi.")
            % {"state": agreement.get_state_display().lower()}
        )
    for name, value in terms.items():
        setattr(agreement, name, value)
    check_terms(agreement)
    agreement.save(update_fields=list(terms))
    return agreement


@act
def begin_draft(*, agreement, by):
    """The exploring is over: a text is being written."""
    require(by, "draft_agreement", agreement.facility_id)
    return moved(locked(agreement), "begin_draft", by)[0]


@act
def send_for_review(*, agreement, by, answer_by=None):
    """The text goes to the agency, whose liaisons can read it from now on and are told.

    An answer is awaited until `answer_by` (default: `AGREEMENT_ANSWER_DAYS` from today). The
    newest version of the text is remembered as the one that was sent.
    """
    agreement, repeated = _on_the_table(agreement, "send_for_review", by, answer_by)
    if not repeated:
        agreement_documents.mark_sent(agreement)
        tell(
            "agreement_in_review",
            agreement,
            liaisons.of(agreement.agency_id),
            answer_by=agreement.answer_by,
        )
    return agreement


@act
def revise(*, agreement, by):
    """The review asks for changes: back to a draft."""
    require(by, "draft_agreement", agreement.facility_id)
    return moved(locked(agreement), "revise", by, answer_by=None)[0]


@act
def mark_ready(*, agreement, by):
    """Both sides agree on the text: it waits for signatures."""
    require(by, "draft_agreement", agreement.facility_id)
    return moved(locked(agreement), "mark_ready", by, answer_by=None)[0]


@act
def reopen(*, agreement, by, answer_by=None):
    """A text that was ready is reviewed again; `answer_by` as in `send_for_review`."""
    return _on_the_table(agreement, "reopen", by, answer_by)[0]


def _on_the_table(agreement, name, by, answer_by):
    require(by, "draft_agreement", agreement.facility_id)
    today = timezone.localdate()
    answer_by = answer_by or today + timedelta(days=settings.AGREEMENT_ANSWER_DAYS)
    if not today <= answer_by <= rules.LATEST:
        raise NotAllowed({"answer_by": _("Batas tanggapan harus hari ini atau sesudahnya.")})
    return moved(locked(agreement), name, by, {"answer_by": answer_by})


@act
def sign(*, agreement, signed_on, starts_on, ends_on, our_number, their_number, signed_scan, by):
    """Record that both sides signed: dates, both numbers and the scan, all needed.

    In force from `starts_on` to `ends_on`. `signed_scan` is an uploaded PDF, JPEG or PNG. What it
    continues needs no reminders of its end any more. Raises `NotAllowed` with field errors,
    `AlreadyDone` to whoever comes second.
    """
    require(by, "sign_agreement", agreement.facility_id)
    facts = {
        "signed_on": signed_on,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "our_number": our_number.strip(),
        "their_number": their_number.strip(),
    }
    agreement, predecessor = locked_with_predecessor(agreement)
    if agreement.state != AgreementState.SIGNED:
        agreement.starts_on, agreement.ends_on = starts_on, ends_on
        check_terms(agreement)
        check_signing(signed_scan=signed_scan, **facts)
        if predecessor and (wrong := rules.problem_of_succession(agreement, predecessor)):
            raise NotAllowed({"ends_on": wrong})
    more = {"signed_scan": signed_scan, "reason": "", "answer_by": None}
    agreement, repeated = moved(agreement, "sign", by, facts, **more)
    if not repeated:
        agreement_documents.mark_signed(agreement)
        if predecessor:
            notices.close_for(predecessor, *ENDING)
        tell_both_sides(
            "agreement_signed",
            agreement,
            by,
            starts_on=agreement.starts_on,
            ends_on=agreement.ends_on,
        )
    return agreement


@act
def undo_signing(*, agreement, reason, by):
    """The signing was recorded by mistake: ready again, without its signing date and scan.

    Refused once it was extended or continued: that is taken back first.
    """
    require(by, "correct_state", agreement.facility_id)
    agreement = locked(agreement)
    if agreement.extensions.standing().exists():
        raise NotAllowed(_("Perjanjian ini sudah diperpanjang; batalkan dulu perpanjangannya."))
    if Agreement.objects.signed_once().filter(renews=agreement).exists():
        raise NotAllowed(_("Perjanjian ini sudah dilanjutkan; lepaskan dulu penerusnya."))
    agreement, repeated = undone(
        agreement, "undo_signing", reason, by, signed_on=None, signed_scan=""
    )
    if not repeated:
        agreement.documents.update(signed_at=None)
        tell_both_sides("agreement_signing_undone", agreement, by)
    return agreement


@act
def terminate(
    *,
    agreement,
    terminated_on,
    reason,
    by,
    told_on=None,
    ground=TerminationGround.NOTICE,
):
    """End the agreement before its time; `terminated_on` is the first day without it.

    On the ground `notice` it ends at the earliest the agreement's `termination_days` after the
    other side was told (`told_on`); the other grounds need no notice period.
    """
    require(by, "sign_agreement", agreement.facility_id)
    facts = {
        "terminated_on": terminated_on,
        "termination_told_on": told_on,
        "termination_ground": ground,
        "reason": reason,
    }
    agreement = locked(agreement)
    if agreement.state == AgreementState.SIGNED:
        problems = rules.problems_of_termination(
            agreement, terminated_on=terminated_on, told_on=told_on, ground=ground, reason=reason
        )
        if problems:
            raise NotAllowed(problems)
    agreement, repeated = moved(agreement, "terminate", by, facts)
    if not repeated:
        tell_both_sides("agreement_terminated", agreement, by, terminated_on=terminated_on)
    return agreement


@act
def undo_termination(*, agreement, reason, by):
    """The termination was a mistake: signed, as before; both sides are told."""
    agreement, repeated = undone(
        agreement,
        "undo_termination",
        reason,
        by,
        terminated_on=None,
        termination_told_on=None,
        termination_ground="",
    )
    if not repeated:
        tell_both_sides("agreement_termination_undone", agreement, by, ends_on=agreement.ends_on)
    return agreement


@act
def cancel(*, agreement, reason, by):
    """Give up an agreement that was never signed."""
    require(by, "draft_agreement", agreement.facility_id)
    require_reason(reason, _("Sebutkan alasan pembatalan."))
    return moved(locked(agreement), "cancel", by, {"reason": reason}, answer_by=None)[0]


@act
def undo_cancellation(*, agreement, reason, by):
    """The cancellation was a mistake: a draft again."""
    return undone(agreement, "undo_cancellation", reason, by)[0]


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
    parent=None,
    scope="",
    notice_months=3,
    review_months=12,
    termination_days=30,
    seats_per_year=None,
):
    """Enter an agreement that was signed before the office used this program.

    It is born signed and marked `entered_afterwards`; nobody is told about the past. For the head
    only (the act `correct_state`). Raises `AlreadyDone` when one with both numbers is known.
    """
    require(by, "correct_state", facility.pk)
    agencies.require_partner(facility, agency)
    if known := _known(facility, our_number.strip(), their_number.strip()):
        if (known.created_by_id, known.title, known.ends_on) == (by.pk, title, ends_on):
            return known
        raise already_by(
            _("Perjanjian dengan kedua nomor ini sudah dicatat oleh %(who)s pada %(when)s."),
            known.created_by,
            known.created_at,
        )
    facts = {
        "signed_on": signed_on,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "our_number": our_number.strip(),
        "their_number": their_number.strip(),
        "signed_scan": signed_scan,
    }
    agreement = Agreement(
        facility=facility,
        agency=agency,
        title=title,
        kind=kind,
        parent=parent,
        scope=scope,
        notice_months=notice_months,
        review_months=review_months,
        termination_days=termination_days,
        seats_per_year=seats_per_year,
        state=AgreementState.SIGNED,
        state_by=by,
        created_by=by,
        entered_afterwards=True,
        **facts,
    )
    check_terms(agreement)
    check_signing(**facts)
    agreement.save(force_insert=True)
    return agreement
