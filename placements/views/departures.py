"""Somebody leaves, the ending was wrong, or they are back: one page of the person's last stay."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, find, perform, show
from inmates.models import Custody, Inmate
from placements.forms.departure import LeaveForm, ReopenForm, ReturnForm
from placements.rules import outcome_in_words
from placements.services import departures


def leave(request, public_id):
    """Before: how and when. Afterwards: what was ended because of it, and the way back."""
    inmate, custody = _found(request, public_id)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    is_here = custody.until is None
    if not may(request.user, "import_register", custody.facility_id) and (
        is_here or form.is_bound or not may(request.user, "correct_state", custody.facility_id)
    ):
        raise PermissionDenied
    if form.is_valid() and perform(
        form,
        departures.leave,
        inmate=inmate,
        facility=custody.facility,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(
            request, _("Dicatat: tidak lagi di lapas ini."), "placements:departure", public_id
        )
    if is_here:
        access.record(request, access.VIEW, [inmate])
        return show(
            request,
            "placements/departure.html",
            {"inmate": inmate, "custody": custody},
            form=form,
        )
    return _left(request, inmate, custody, form if form.is_bound else None)


@require_POST
def reopen(request, public_id):
    inmate, custody = _found(request, public_id)
    acts = ("import_register", "correct_state")
    if not any(may(request.user, act, custody.facility_id) for act in acts):
        raise PermissionDenied
    form = ReopenForm(request.POST)
    if form.is_valid() and perform(
        form, departures.reopen, custody=custody, by=request.user, **form.cleaned_data
    ):
        return done(request, _("Masa penempatan dibuka kembali."), inmate)
    return _left(request, inmate, custody, form)


@require_POST
def come_back(request, public_id):
    inmate, custody = _found(request, public_id)
    if not may(request.user, "import_register", custody.facility_id):
        raise PermissionDenied
    form = ReturnForm(request.POST)
    if form.is_valid() and perform(
        form,
        departures.come_back,
        inmate=inmate,
        facility=custody.facility,
        by=request.user,
        **form.cleaned_data,
    ):
        return done(request, _("Masa penempatan baru dicatat."), inmate)
    return _left(request, inmate, custody, form)


def _found(request, public_id):
    """The person, and their last stay at a prison of the reader's."""
    inmate = find(Inmate.objects, request.user, public_id)
    custody = Custody.objects.visible_to(request.user).last_of(inmate)
    if custody is None:
        raise Http404
    return inmate, custody


def _left(request, inmate, custody, form=None):
    access.record(request, access.VIEW, [inmate])
    circumstance = departures.latest(inmate, custody.facility_id)
    return show(
        request,
        "placements/departure_done.html",
        {
            "inmate": inmate,
            "custody": custody,
            "circumstance": circumstance,
            "outcome": outcome_in_words(circumstance.outcome) if circumstance else [],
            "reopen_form": form if isinstance(form, ReopenForm) else ReopenForm(),
            "return_form": form if isinstance(form, ReturnForm) else ReturnForm(),
            "all": isinstance(form, LeaveForm),  # its own errors have no field on this page
            "may_return": may(request.user, "import_register", custody.facility_id),
        },
        form=form,
    )
