"""What each side has to do under an agreement: written down, done, dropped, reopened."""

import pghistory
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.permissions import require
from accounts.refusals import Forbidden, NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import Obligation
from partners.services import liaisons
from partners.services.moves import (
    already_by,
    impossible_for,
    locked,
    problem_of_scan,
    require_reason,
    tell,
)
from partners.states import AgreementState


@act
def add(*, agreement, duties, by):
    """Write down one duty or several; the other side reads them once it sees the agreement.

    `duties` are dicts with `party`, `what` and `due`. One that stands there already, word for word,
    is not written twice. Returns the rows.
    """
    require(by, "keep_obligations", agreement.facility_id)
    agreement = locked(agreement)
    if agreement.state == AgreementState.CANCELLED:
        raise impossible_for(agreement)
    if not duties:
        raise NotAllowed(_("Isi sedikitnya satu kewajiban."))
    if any(not rules.EARLIEST <= duty["due"] <= rules.LATEST for duty in duties):
        raise NotAllowed(_("Tahun salah satu tanggal tidak masuk akal."))
    standing = {(row.party, row.what, row.due): row for row in agreement.obligations.standing()}
    return [
        standing.get((duty["party"], duty["what"], duty["due"]))
        or Obligation.objects.create(agreement=agreement, created_by=by, **duty)
        for duty in duties
    ]


@act
def finish(*, obligation, done_on, by, note="", evidence=None):
    """The duty is done, with a file that shows it if there is one.

    The prison records it for either side; the agency's liaison reports the agency's own, and the
    prison is told. Raises `AlreadyDone` to whoever comes second.
    """
    if not rules.can_report(by, obligation):
        raise Forbidden(_("Kewajiban ini bukan untuk Anda laporkan."))
    obligation = _locked(obligation)
    _require_standing(obligation)
    if obligation.done_on:
        if (obligation.done_by_id, obligation.done_on, obligation.note) == (by.pk, done_on, note):
            return obligation
        raise already_by(
            _("Kewajiban ini sudah dicatat selesai oleh %(who)s: dipenuhi pada %(when)s."),
            obligation.done_by,
            obligation.done_on,
        )
    problems = {}
    if done_on > timezone.localdate():
        problems["done_on"] = _("Tanggalnya di masa depan.")
    elif done_on < rules.EARLIEST:
        problems["done_on"] = _("Tahunnya tidak masuk akal.")
    if evidence and (wrong := problem_of_scan(evidence)):
        problems["evidence"] = wrong
    if problems:
        raise NotAllowed(problems)
    obligation.done_on, obligation.done_by, obligation.note = done_on, by, note
    obligation.evidence = evidence or ""
    obligation.save(update_fields=["done_on", "done_by", "note", "evidence"])
    notices.close_for(obligation)
    if by.is_liaison:
        prison = notices.holders(obligation.agreement.facility_id, roles.OFFICER, roles.HEAD)
        tell("obligation_reported", obligation.agreement, prison, about=obligation)
    return obligation


@act
def reopen(*, obligation, reason, by):
    """It was not done after all: open again, without its evidence; the history keeps both."""
    require(by, "keep_obligations", obligation.agreement.facility_id)
    require_reason(reason, _("Sebutkan alasannya."))
    obligation = _locked(obligation)
    _require_standing(obligation)
    if obligation.done_on is None:
        return obligation
    reported = obligation.done_by and obligation.done_by.is_liaison
    obligation.done_on, obligation.done_by, obligation.note = None, None, ""
    obligation.evidence = ""
    with pghistory.context(reason=reason):
        obligation.save(update_fields=["done_on", "done_by", "note", "evidence"])
    notices.close_for(obligation)
    if reported:
        tell(
            "obligation_reopened",
            obligation.agreement,
            liaisons.of(obligation.agreement.agency_id),
            about=obligation,
            obligation_due=obligation.due,
        )
    return obligation


@act
def drop(*, obligation, reason, by):
    """The duty does not stand: written down by mistake, or both sides let it go."""
    require(by, "keep_obligations", obligation.agreement.facility_id)
    require_reason(reason, _("Sebutkan alasannya."))
    obligation = _locked(obligation)
    if obligation.dropped_at:
        if (obligation.dropped_by_id, obligation.dropped_why) == (by.pk, reason):
            return obligation
        raise _already_dropped(obligation)
    if obligation.done_on:
        raise NotAllowed(_("Kewajiban ini sudah dipenuhi; buka lagi dulu bila itu keliru."))
    obligation.dropped_at, obligation.dropped_by = timezone.now(), by
    obligation.dropped_why = reason
    obligation.save(update_fields=["dropped_at", "dropped_by", "dropped_why"])
    notices.close_for(obligation)
    return obligation


def _locked(obligation):
    locked(obligation.agreement)
    return (
        Obligation.objects.select_for_update(no_key=True, of=["self"])
        .select_related("agreement__agency", "agreement__facility")
        .get(pk=obligation.pk)
    )


def _require_standing(obligation):
    if obligation.dropped_at:
        raise _already_dropped(obligation)


def _already_dropped(obligation):
    return already_by(
        _("Kewajiban ini sudah dihapus oleh %(who)s pada %(when)s."),
        obligation.dropped_by,
        obligation.dropped_at,
    )
