"""A new end of an agreement by addendum, and taking such an end back."""

import pghistory
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import Agreement, Extension
from partners.services.moves import (
    ENDING,
    already_by,
    impossible_for,
    locked,
    problem_of_scan,
    require_reason,
    tell_both_sides,
)
from partners.states import AgreementState


@act
def extend(*, agreement, old_end, new_end, signed_on, reason, scan, by, number=""):
    """Record a signed addendum: from `old_end` (the end that the writer saw) to `new_end`.

    Only an addendum signed on or before the old end extends; it may be recorded later. What has
    ended is continued by a new agreement instead (`renewals.renew`). Reminders of the old end
    stop. Raises `AlreadyDone` when somebody else moved the end meanwhile.
    """
    require(by, "sign_agreement", agreement.facility_id)
    agreement = locked(agreement)
    facts = {
        "new_end": new_end,
        "signed_on": signed_on,
        "reason": reason,
        "number": number.strip(),
    }
    if agreement.state != AgreementState.SIGNED:
        raise impossible_for(agreement)
    if agreement.ends_on != old_end:
        return _was_extended(agreement, old_end, by, facts)
    _check(agreement, scan, facts)
    extension = Extension.objects.create(
        agreement=agreement, old_end=old_end, scan=scan, created_by=by, **facts
    )
    _end_on(agreement, new_end)
    tell_both_sides("agreement_extended", agreement, by, old_end=old_end, new_end=new_end)
    return extension


@act
def void(*, extension, reason, by):
    """The newest addendum does not hold: the old end is the end again.

    Batches that lose their cover are shown at once on the agreement and on the home page. Raises
    `NotAllowed` when a later addendum stands or the agreement was terminated.
    """
    require(by, "correct_state", extension.agreement.facility_id)
    require_reason(reason, _("Sebutkan alasan pembatalan."))
    agreement = locked(extension.agreement)
    extension = Extension.objects.select_related("voided_by").get(pk=extension.pk)
    if extension.voided_at:
        if (extension.voided_by_id, extension.voided_why) == (by.pk, reason):
            return extension
        raise already_by(
            _("Perpanjangan ini sudah dibatalkan oleh %(who)s pada %(when)s."),
            extension.voided_by,
            extension.voided_at,
        )
    if agreement.state != AgreementState.SIGNED:
        raise impossible_for(agreement)
    if agreement.ends_on != extension.new_end:
        raise NotAllowed(_("Ada perpanjangan yang lebih baru; batalkan itu dulu."))
    extension.voided_at, extension.voided_by = timezone.now(), by
    extension.voided_why = reason
    extension.save(update_fields=["voided_at", "voided_by", "voided_why"])
    with pghistory.context(reason=reason):
        _end_on(agreement, extension.old_end)
    tell_both_sides(
        "agreement_extension_voided",
        agreement,
        by,
        old_end=extension.new_end,
        new_end=extension.old_end,
    )
    return extension


def _end_on(agreement, day):
    agreement.ends_on = day
    agreement.save(update_fields=["ends_on"])
    notices.close_for(agreement, *ENDING, "agreement_extended", "agreement_extension_voided")


def _check(agreement, scan, facts):
    problems = rules.problems_of_extension(
        agreement,
        new_end=facts["new_end"],
        signed_on=facts["signed_on"],
        reason=facts["reason"],
    )
    if not scan:
        problems["scan"] = _("Lampirkan pindaian adendum yang ditandatangani.")
    elif wrong := problem_of_scan(scan):
        problems["scan"] = wrong
    successor = Agreement.objects.signed_once().filter(renews=agreement).first()
    if successor:
        problems["new_end"] = _("Perjanjian ini sudah dilanjutkan oleh “%(title)s”.") % {
            "title": successor.title
        }
    if problems:
        raise NotAllowed(problems)


def _was_extended(agreement, old_end, by, facts):
    """The end is not what the writer saw: the same act again, or somebody was faster."""
    newest = agreement.extensions.standing().select_related("created_by").last()
    if newest is None or newest.old_end != old_end:
        raise NotAllowed(_("Tanggal akhirnya sudah berubah. Muat ulang halaman ini."))
    if newest.created_by_id == by.pk and all(getattr(newest, f) == v for f, v in facts.items()):
        return newest
    raise already_by(
        _("Perjanjian ini sudah diperpanjang: dicatat oleh %(who)s pada %(when)s."),
        newest.created_by,
        newest.created_at,
    )
