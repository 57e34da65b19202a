"""The single-use form for a probation officer: made by the prison, answered by who holds it."""

import pghistory
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import may
from accounts.views.limits import asks_too_often
from accounts.views.pages import done, perform, show, unseen
from placements.forms import follow_up as forms
from placements.services import follow_up_links
from placements.views.follow_ups import found, page

GONE, TOO_MANY = 410, 429
PAGE, OVER = "placements/reply.html", "placements/reply_over.html"


@require_POST
def create(request, public_id):
    """By mail, or shown this once to be copied."""
    row = found(request, public_id)
    _need(request, row)
    form = forms.LinkForm(request.POST)
    if form.is_valid():
        url = perform(
            form, follow_up_links.create, follow_up=row, by=request.user, **form.cleaned_data
        )
        if url and form.cleaned_data["address"]:
            return done(request, _("Tautan dikirim lewat e-mail."), row)
        if url:
            return _shown_once(request, row, url, form.cleaned_data["sent_to"])
    return page(request, row, "link", form)


@require_POST
def revoke(request, public_id):
    row = found(request, public_id)
    _need(request, row)
    follow_up_links.revoke(follow_up=row, by=request.user)
    return done(request, _("Tautan dicabut."), row)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request, token):
    """Only the POST answers and uses the link up: mail scanners open it too."""
    if asks_too_often(request, "reply"):
        return unseen(render(request, OVER, {"end": "too_often"}, status=TOO_MANY))
    linked = follow_up_links.look(token)
    if linked is None or linked.end:
        return unseen(_over(request, linked))
    form = forms.ReplyForm(request.POST or None)
    if form.is_valid():
        told = dict(form.cleaned_data)
        with pghistory.context(user=None, name=told["name"]):
            written = perform(form, follow_up_links.answer, token=token, **told)
        if written or follow_up_links.look(token).end:
            return unseen(redirect("placements:reply", token=token))
    return unseen(show(request, PAGE, {"asked": linked.asked}, form=form))


def _over(request, linked):
    """Thanks for whoever answered by this link; else that it leads nowhere any more."""
    end = linked.end if linked else "unknown"
    return render(request, OVER, {"end": end}, status=200 if end == "used" else GONE)


def _shown_once(request, row, url, sent_to):
    """Not after a redirect: the address is nowhere kept, so this answer is all there is of it."""
    asked = follow_up_links.asked_of(row)
    context = {"row": row, "url": url, "sent_to": sent_to, "asked": asked}
    return unseen(show(request, "placements/follow_up_link.html", context))


def _need(request, row):
    if not may(request.user, "follow_up", row.facility_id):
        raise PermissionDenied
