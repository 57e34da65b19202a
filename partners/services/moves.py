"""What every act on an agreement shares: the lock, one move of its state, who is told."""

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.files import checked_scan
from accounts.permissions import require
from accounts.refusals import AlreadyDone, NotAllowed
from correspondence.services import notices
from partners import rules
from partners.models import Agreement
from partners.services import liaisons
from partners.states import TRANSITIONS

ENDING = ("agreement_end", "agreement_notice")  # deadlines that a new end or a successor settles


def locked(agreement):
    # Joins only rows that never change: after waiting for the lock PostgreSQL reads this row anew,
    # but not what was joined to it, so `state_by` would be missing.
    return (
        Agreement.objects.select_for_update(no_key=True, of=["self"])
        .select_related("agency__parent", "facility")
        .get(pk=agreement.pk)
    )


def locked_with_predecessor(agreement):
    """The agreement and what it continues (None if nothing), locked in the order of their keys."""
    renews = Agreement.objects.values_list("renews", flat=True).get(pk=agreement.pk)
    keys = sorted({agreement.pk, renews} - {None})
    rows = {pk: locked(Agreement(pk=pk)) for pk in keys}
    return rows[agreement.pk], rows.get(rows[agreement.pk].renews_id)


def check_terms(agreement):
    """Raise `NotAllowed` with field errors unless the terms of the (unsaved) row make sense."""
    problems = rules.problems_of_terms(
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        notice_months=agreement.notice_months,
        review_months=agreement.review_months,
        termination_days=agreement.termination_days,
    )
    if agreement.parent_id and (wrong := rules.problem_of_parent(agreement, agreement.parent)):
        problems["parent"] = wrong
    if problems:
        raise NotAllowed(problems)


def check_signing(**facts):
    problems = rules.problems_of_signing(**facts)
    if "signed_scan" not in problems and (wrong := problem_of_scan(facts["signed_scan"])):
        problems["signed_scan"] = wrong
    if problems:
        raise NotAllowed(problems)


def problem_of_scan(file):
    """What is wrong with an uploaded scan, as a `ValidationError`, else None."""
    try:
        checked_scan(file)
    except ValidationError as error:
        return error
    return None


def moved(agreement, name, by, facts=None, **more):
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
        raise impossible_for(agreement)
    written = {"state": state, "state_at": timezone.now(), "state_by": by, **facts, **more}
    for field, value in written.items():
        setattr(agreement, field, value)
    agreement.save(update_fields=list(written))
    notices.close_for(agreement)
    return agreement, False


def undone(agreement, name, reason, by, **more):
    """A wrong click goes back, by whoever may correct, with a reason: as `moved` answers."""
    require(by, "correct_state", agreement.facility_id)
    require_reason(reason, _("Sebutkan alasan pembetulan."))
    return moved(locked(agreement), name, by, {"reason": reason}, **more)


def require_reason(reason, sentence, field="reason"):
    """Raise `NotAllowed` with the sentence beside the field when nothing but blanks was said."""
    if not reason.strip():
        raise NotAllowed({field: sentence})


def impossible_for(agreement):
    return NotAllowed(
        _("Tidak bisa: keadaan perjanjian ini %(state)s.")
        % {"state": agreement.get_state_display().lower()}
    )


def already_by(sentence, who, when):
    """`AlreadyDone` with a sentence that has places for who and when (a day or a moment)."""
    if hasattr(when, "hour"):
        when = formats.date_format(timezone.localtime(when), "SHORT_DATETIME_FORMAT")
    else:
        when = formats.date_format(when)
    return AlreadyDone(sentence % {"who": who or _("sistem"), "when": when})


def _already(agreement):
    sentence = _("Perjanjian ini sudah %(state)s: dicatat oleh %%(who)s pada %%(when)s.") % {
        "state": agreement.get_state_display().lower()
    }
    return already_by(sentence, agreement.state_by, agreement.state_at)


def tell_both_sides(kind, agreement, by, **data):
    people = [
        *notices.holders(agreement.facility_id, roles.OFFICER, roles.HEAD),
        *liaisons.of(agreement.agency_id),
    ]
    tell(kind, agreement, [person for person in people if person != by], **data)


def tell(kind, agreement, recipients, *, about=None, **data):
    """A notice about the agreement, or something under it (`about`).

    `data` are further places of the kind's sentence (dates).
    """
    notices.tell(
        kind=kind,
        obj=about or agreement,
        recipients=recipients,
        facility_id=agreement.facility_id,
        link=agreement.get_absolute_url(),
        data={
            "agreement": agreement.title,
            "agency": agreement.agency.name,
            "facility": agreement.facility.name,
            **{name: day and day.isoformat() for name, day in data.items()},
        },
    )
