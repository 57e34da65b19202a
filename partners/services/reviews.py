"""Monitoring and evaluation (monev) of an agreement: what was held, and what it found."""

import pghistory
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from correspondence.services import notices
from partners import rules
from partners.models import Agreement, Review
from partners.services.moves import already_by, impossible_for, locked, require_reason
from partners.states import SIGNED_ONCE


@act
def record(*, agreement, due, held_on, result, by):
    """Write down a monev that was held; `due` is the day that the writer saw as the next one.

    The next one is counted from it. One held late settles every round that had gone by. Raises
    `AlreadyDone` when somebody else wrote it down meanwhile.
    """
    require(by, "keep_obligations", agreement.facility_id)
    agreement = locked(agreement)
    if agreement.state not in SIGNED_ONCE:
        raise impossible_for(agreement)
    _check(agreement, held_on, result)
    awaited = Agreement.objects.with_review_due().get(pk=agreement.pk).review_due
    if awaited != due:
        return _was_recorded(agreement, due, held_on, result, by)
    settled = rules.review_round(due, agreement.review_months, held_on)
    review = Review.objects.create(
        agreement=agreement, due=settled, held_on=held_on, result=result, created_by=by
    )
    notices.close_for(agreement, "agreement_review")
    return review


@act
def remove(*, review, reason, by):
    """The newest monev was written down by mistake; the history keeps it."""
    require(by, "correct_state", review.agreement.facility_id)
    require_reason(reason, _("Sebutkan alasan pembetulan."))
    agreement = locked(review.agreement)
    newest = agreement.reviews.order_by("-due").first()
    if newest is None or newest.pk != review.pk:
        raise NotAllowed(_("Hanya monev yang terakhir yang bisa ditarik."))
    with pghistory.context(reason=reason):
        newest.delete()
    return agreement


def _check(agreement, held_on, result):
    problems = {}
    if not result.strip():
        problems["result"] = _("Tuliskan hasilnya.")
    if held_on > timezone.localdate():
        problems["held_on"] = _("Tanggalnya di masa depan.")
    elif held_on < agreement.starts_on:
        problems["held_on"] = _("Perjanjian ini belum berlaku pada tanggal itu.")
    if problems:
        raise NotAllowed(problems)


def _was_recorded(agreement, due, held_on, result, by):
    rows = agreement.reviews.select_related("created_by").filter(due__gte=due)
    review = rows.order_by("due").first()
    if review is None:
        raise NotAllowed(_("Jadwal monev sudah berubah. Muat ulang halaman ini."))
    if (review.created_by_id, review.held_on, review.result) == (by.pk, held_on, result):
        return review
    raise already_by(
        _("Monev ini sudah dicatat oleh %(who)s pada %(when)s."),
        review.created_by,
        review.created_at,
    )
