"""The page behind the link of an invitation mail: whoever holds the link, signed in or not."""

import pghistory
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import never_cache

from accounts.refusals import NotAllowed
from accounts.views.pages import show, unseen
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
        return unseen(_dead(request, invitation))
    user = invitation.liaison.user
    form = JoinForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            with pghistory.context(user=user.pk, name=str(user)):
                liaison = liaisons.accept(token=token, password=form.cleaned_data["password"])
        except NotAllowed:
            return unseen(_dead(request, liaisons.look(token)))
        return unseen(perform_login(request, liaison.user, redirect_url="/"))
    return unseen(
        show(request, "partners/liaison_join.html", {"invitation": invitation}, form=form)
    )


def _dead(request, invitation):
    response = show(request, "partners/liaison_link_dead.html", {"invitation": invitation})
    response.status_code = GONE
    return response
