"""The page behind the link in the mail about a referral: whoever holds it, signed in or not."""

import pghistory
from allauth.decorators import rate_limit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.views.pages import perform, show, unseen
from placements.services import referral_links

GONE = 410


@login_not_required
@never_cache
@rate_limit(action="login")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Only the POST receives and uses the link up: mail scanners open it too. It names nobody."""
    linked = referral_links.look(token)
    if linked is None or linked.end:
        return unseen(_over(request, linked))
    form = forms.Form(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        user = linked.link.user
        with pghistory.context(user=user.pk, name=str(user)):
            done = perform(form, referral_links.receive, token=token)
        if done or referral_links.look(token).end:
            return unseen(redirect("placements:referral-link", token=token))
    context = {"referral": linked.referral}
    return unseen(show(request, "placements/referral_link.html", context, form=form))


def _over(request, linked):
    """Thanks for whoever received by this link; else why it is dead, and what to do."""
    response = show(request, "placements/referral_link_over.html", {"linked": linked})
    if linked is None or linked.end != referral_links.USED:
        response.status_code = GONE
    return response
