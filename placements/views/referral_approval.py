"""The warden's queue: approved together, or sent back one by one with a reason."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, perform, show
from placements import referred
from placements.employment import ReferralState
from placements.forms.referral import ApprovalForm
from placements.models import Referral
from placements.services import referral_checks, referrals

QUEUE = "placements:referral-approval"
MOST = 100  # on one page; the rest comes when these are decided


def queue(request):
    """What waits, the oldest first. What came after the page was opened stays for the next time."""
    if not may(request.user, "approve_referral"):
        raise PermissionDenied
    waiting = _waiting(request.user)
    if request.method != "POST":
        return _page(request, ApprovalForm(waiting=waiting[:MOST]))
    shown = set(request.POST.getlist("shown"))
    form = ApprovalForm(
        request.POST, waiting=[row for row in waiting if str(row.public_id) in shown]
    )
    if shown and not form.waiting:
        messages.info(request, _("Rujukan itu sudah diputuskan sebelumnya."))
        return redirect(QUEUE)
    if form.is_valid() and _decide(form, request.user):
        return done(request, _told(form), QUEUE)
    return _page(request, form)


def _decide(form, user):
    """Approve who is ticked in one act, then send back the others; False with what was refused."""
    approved = form.approved()
    if approved and not perform(form, referrals.approve, referrals=approved, by=user):
        return False
    for referral, reason in form.returned():
        perform(form, referrals.send_back, referral=referral, reason=reason, by=user)
    return not form.errors


def _waiting(user):
    prisons = [pk for pk in user.facility_ids if may(user, "approve_referral", pk)]
    return list(
        Referral.objects.visible_to(user)
        .filter(facility__in=prisons, state=ReferralState.SUBMITTED)
        .select_related("inmate", "agency", "employer", "vacancy__employer", "consent", "facility")
        .order_by("state_at", "pk")
    )


def _page(request, form):
    seen = referred.of(form.waiting)
    access.record(request, access.VIEW, [row.inmate for row in form.waiting])
    lines = [
        (row, seen[row.pk], referral_checks.warning_of(row.employer), box, reason)
        for row, box, reason in form.lines()
    ]
    return show(request, "placements/referral_approval.html", {"lines": lines}, form=form)


def _told(form):
    approved, returned = len(form.approved()), len(form.returned())
    told = []
    if approved:
        told.append(
            ngettext("%(n)d rujukan disetujui.", "%(n)d rujukan disetujui.", approved)
            % {"n": approved}
        )
    if returned:
        told.append(
            ngettext("%(n)d dikembalikan.", "%(n)d dikembalikan.", returned) % {"n": returned}
        )
    return " ".join(told)
