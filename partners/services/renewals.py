"""An agreement that continues another: written from it, or linked to it afterwards."""

import pghistory
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import Agreement
from partners.services import agreements
from partners.services.moves import ENDING, already_by, impossible_for, locked, require_reason
from partners.states import SIGNED_ONCE, AgreementState

CARRIED = (
    "title",
    "kind",
    "parent",
    "scope",
    "notice_months",
    "review_months",
    "termination_days",
    "seats_per_year",
)


def suggested_terms(agreement):
    """The terms of a successor: as the agreement's, from the day after, for as long again.

    As long as was agreed at first: extensions do not count.
    """
    terms = {name: getattr(agreement, name) for name in CARRIED}
    first = agreement.extensions.standing().first()
    agreed_until = first.old_end if first else agreement.ends_on
    starts_on, ends_on = rules.renewed_term(
        agreement.starts_on, agreed_until, after=agreement.ends_on
    )
    return {**terms, "starts_on": starts_on, "ends_on": ends_on}


@act
def renew(*, agreement, by, **terms):
    """Write the draft that continues a signed agreement, once; `terms` change what it is to say.

    Starts from `suggested_terms`. A successor that was cancelled makes room for another. Raises
    `AlreadyDone`, naming the successor, to whoever comes second.
    """
    require(by, "draft_agreement", agreement.facility_id)
    agreement = locked(agreement)
    terms = suggested_terms(agreement) | terms if agreement.ends_on else terms
    successor = _successor(agreement)
    if successor:
        unchanged = all(getattr(successor, name) == value for name, value in terms.items())
        if successor.created_by_id == by.pk and unchanged:
            return successor
        raise _already(successor)
    if agreement.state != AgreementState.SIGNED:
        raise impossible_for(agreement)
    successor = agreements.draft(
        facility=agreement.facility, agency=agreement.agency, by=by, **terms
    )
    return _linked(successor, agreement)


@act
def link_predecessor(*, agreement, predecessor, reason, by):
    """Say afterwards that an agreement continues another one, with a reason.

    Raises `NotAllowed` beside `predecessor` for another agency, dates in the wrong order, a circle,
    or one that is continued already.
    """
    require(by, rules.act_of_linking(agreement), agreement.facility_id)
    require_reason(reason, _("Sebutkan alasannya."))
    agreement, predecessor = _both_locked(agreement, predecessor)
    if agreement.renews_id == predecessor.pk:
        return agreement
    if agreement.renews_id:
        raise AlreadyDone(
            {"predecessor": _("Perjanjian ini sudah melanjutkan “%s”.") % agreement.renews.title}
        )
    if agreement.state == AgreementState.CANCELLED:
        raise impossible_for(agreement)
    problem = rules.problem_of_succession(agreement, predecessor)
    if not problem and _follows(predecessor, agreement):
        problem = _("Perjanjian itu sendiri melanjutkan perjanjian ini.")
    if not problem and (other := _successor(predecessor)):
        problem = _("Perjanjian itu sudah dilanjutkan oleh “%s”.") % other.title
    if problem:
        raise NotAllowed({"predecessor": problem})
    with pghistory.context(reason=reason):
        return _linked(agreement, predecessor)


@act
def unlink(*, agreement, reason, by):
    """The agreement does not continue the other one after all; both stand alone again."""
    require(by, rules.act_of_linking(agreement), agreement.facility_id)
    require_reason(reason, _("Sebutkan alasannya."))
    agreement = locked(agreement)
    if agreement.renews_id is None:
        return agreement
    with pghistory.context(reason=reason):
        _write_link(agreement, None)
    return agreement


def _linked(agreement, predecessor):
    _write_link(agreement, predecessor)
    if agreement.state in SIGNED_ONCE:
        notices.close_for(predecessor, *ENDING)
    return agreement


def _write_link(agreement, predecessor):
    agreement.renews = predecessor
    agreement.save(update_fields=["renews"])


def _successor(agreement):
    """What continues it now; one that was given up lets go."""
    successor = Agreement.objects.select_related("created_by").filter(renews=agreement).first()
    if successor and successor.state == AgreementState.CANCELLED:
        with pghistory.context(reason=_("Dibatalkan; tempatnya diambil penerus lain.")):
            _write_link(successor, None)
        return None
    return successor


def _both_locked(agreement, predecessor):
    rows = {row.pk: locked(row) for row in sorted((agreement, predecessor), key=lambda r: r.pk)}
    return rows[agreement.pk], rows[predecessor.pk]


def _follows(agreement, other):
    """Whether the chain of what `agreement` continues leads back to `other`."""
    seen = set()
    while agreement.renews_id and agreement.pk not in seen:
        seen.add(agreement.pk)
        agreement = agreement.renews
        if agreement.pk == other.pk:
            return True
    return False


def _already(successor):
    sentence = _(
        "Perjanjian ini sudah dilanjutkan oleh “%(title)s”: dibuat oleh %%(who)s pada %%(when)s."
    ) % {"title": successor.title.replace("%", "%%")}
    return already_by(sentence, successor.created_by, successor.created_at)
