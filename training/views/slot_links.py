"""The page behind the link in the mail about a round: whoever holds the link, signed in or not."""

import pghistory
from allauth.decorators import rate_limit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.views.pages import perform, show, unseen
from training.forms import slot as forms
from training.services import slot_links
from training.views.slots import terms_of

GONE = 410
SERVICES = {
    forms.ACCEPT: slot_links.accept,
    forms.COUNTER: slot_links.counter,
    forms.DECLINE: slot_links.decline,
}
FORMS = {
    forms.ACCEPT: forms.AcceptForm,
    forms.COUNTER: forms.CounterForm,
    forms.DECLINE: forms.DeclineForm,
}


@login_not_required
@never_cache
@rate_limit(action="login")
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, token):
    """Only the POST answers and uses the link up: mail scanners open it too."""
    linked = slot_links.look(token)
    if linked is None or linked.end:
        return unseen(_over(request, linked))
    asked = request.POST.get("answer") if request.method == "POST" else None
    bound = FORMS[asked](request.POST) if asked in FORMS else None
    if bound is not None and bound.is_valid():
        user = linked.link.user
        with pghistory.context(user=user.pk, name=str(user)):
            done = perform(bound, SERVICES[asked], token=token, **bound.cleaned_data)
        if done or slot_links.look(token).end:
            return unseen(redirect("training:slot-link", token=token))
    return unseen(_page(request, linked.proposal, bound))


def _page(request, proposal, bound):
    shown = {
        "accept_form": forms.AcceptForm(),
        "counter_form": forms.CounterForm(initial=terms_of(proposal)),
        "decline_form": forms.DeclineForm(),
    }
    for name, form in shown.items():
        form.auto_id = f"{name}_%s"
        if type(form) is type(bound):
            bound.auto_id = form.auto_id
            shown[name] = bound
    context = {"proposal": proposal, "batch": proposal.batch, **shown}
    return show(request, "training/slot_link.html", context, form=bound)


def _over(request, linked):
    """Thanks for whoever answered by this link; else why it is dead, and what to do."""
    response = show(request, "training/slot_link_over.html", {"linked": linked})
    if linked is None or linked.end != slot_links.USED:
        response.status_code = GONE
    return response
