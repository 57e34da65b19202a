from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import may
from accounts.views.pages import done, find, perform, show
from partners import rules
from partners.forms.agreement_acts import ReviewForm, UndoForm
from partners.models import Review
from partners.services import reviews
from partners.views.agreement_page import found


def record(request, public_id):
    agreement = found(request, public_id)
    if not may(request.user, "keep_obligations", agreement.facility_id):
        raise PermissionDenied
    due = rules.next_review(agreement)
    if request.method != "POST" and due is None:
        messages.error(request, _("Tidak ada monev yang ditunggu untuk perjanjian ini."))
        return redirect(agreement)
    form = ReviewForm(request.POST or None, initial={"due": due})
    if form.is_valid() and perform(
        form, reviews.record, agreement=agreement, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Monev dicatat."), agreement)
    context = {"agreement": agreement, "due": due}
    return show(request, "partners/review_record.html", context, form=form)


def remove(request, public_id):
    review = find(Review.objects.select_related("agreement", "created_by"), request.user, public_id)
    if not may(request.user, "correct_state", review.agreement.facility_id):
        raise PermissionDenied
    form = UndoForm(request.POST or None)
    if form.is_valid() and perform(
        form, reviews.remove, review=review, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Catatan monev ditarik."), review.agreement)
    return show(request, "partners/review_remove.html", {"review": review}, form=form)
