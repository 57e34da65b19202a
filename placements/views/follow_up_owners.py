"""Who asks: of one follow-up on its page, of several ticked in the list."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import may
from accounts.services import access
from accounts.views.pages import done, perform, show
from placements import followed
from placements.forms import follow_up as forms
from placements.models import FollowUp
from placements.services import follow_up_owners
from placements.views.follow_ups import back_to, found, page


@require_POST
def assign(request, public_id):
    row = found(request, public_id)
    if not may(request.user, "follow_up", row.facility_id):
        raise PermissionDenied
    form = forms.AssignForm(request.POST, user=request.user, follow_up=row)
    if form.is_valid():
        perform(form, follow_up_owners.assign, follow_up=row, by=request.user, **form.cleaned_data)
        if not form.errors:
            return done(request, _("Pelaksana dan kontak disimpan."), row)
    return page(request, row, "assign", form)


@require_POST
def assign_many(request):
    """Those ticked, each for itself: who cannot be given to the agency stays, with the reason."""
    if not may(request.user, "follow_up"):
        raise PermissionDenied
    rows = FollowUp.objects.visible_to(request.user).filter(public_id__in=_ticked(request))
    rows = list(rows.select_related(*followed.RELATED))
    form = forms.OwnerForm(request.POST, user=request.user)
    refused = []
    if not rows:
        messages.warning(request, _("Centang paling sedikit satu orang."))
        return redirect(back_to(request))
    if form.is_valid():
        answer = follow_up_owners.assign_many(follow_ups=rows, by=request.user, **form.cleaned_data)
        refused = answer.refused
        if answer.given:
            messages.success(request, _sentence(len(answer.given)))
        if not refused:
            return redirect(back_to(request))
    access.record(request, access.VIEW, map(followed.person_of, rows))
    left = [row for row, _why in refused] or rows
    return show(
        request,
        "placements/follow_up_assign.html",
        {"rows": left, "refused": refused, "back": back_to(request)},
        form=form,
    )


def _ticked(request):
    keys = request.POST.getlist("follow_ups")
    return [key for key in keys if _is_key(key)]


def _is_key(text):
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _sentence(count):
    return ngettext(
        "Pelaksana %(count)s pemantauan disimpan.",
        "Pelaksana %(count)s pemantauan disimpan.",
        count,
    ) % {"count": count}
