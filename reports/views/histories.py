"""What was ever written about one thing: who, when, what, and why."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.services import access
from accounts.views.pages import find
from reports import histories
from reports.views.reading import need_staff


@require_safe
def history(request, kind, public_id):
    need_staff(request.user)
    model = histories.KINDS.get(kind)
    if model is None:
        raise Http404
    thing = find(model._default_manager, request.user, public_id)
    if not histories.may_read(thing, request.user):
        raise PermissionDenied
    found = histories.history_of(thing, request.user)
    access.record(request, access.VIEW, found.people)
    context = {"thing": thing, "kind": model._meta.verbose_name, "entries": found.entries}
    return render(request, "reports/history.html", context)
