"""The page behind the link of an invitation mail: whoever holds the link, signed in or not."""

import pghistory
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import never_cache

from accounts.refusals import NotAllowed
from accounts.views.pages import show
from partners.forms.liaison import JoinForm
from partners.services import liaisons

GONE = 410


@login_not_required
@never_cache
@rate_limit(action="login")
def join(request, token):
    """Only the POST uses the link up: mail scanners open it too."""
    invitation = liaisons.look(token)
    if invitation is None or invitation.end:
        return _unseen(_dead(request, invitation))
    user = invitation.liaison.user
    form = JoinForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            with pghistory.context(user=user.pk, name=str(user)):
                liaison = liaisons.accept(token=token, password=form.cleaned_data["password"])
        except NotAllowed:
            return _unseen(_dead(request, liaisons.look(token)))
        return _unseen(perform_login(request, liaison.user, redirect_url="/"))
    return _unseen(
        show(request, "partners/liaison_join.html", {"invitation": invitation}, form=form)
    )


def _dead(request, invitation):
    response = show(request, "partners/liaison_link_dead.html", {"invitation": invitation})
    response.status_code = GONE
    return response


def _unseen(response):
    """The address is a key: no search engine, no referrer and no log may learn it.

    The referrer policy is not `no-referrer`, because the browser would then send the form with
    the origin `null`, which the CSRF check refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    response._has_been_logged = True  # or Django logs the path of every 4xx
    return response
