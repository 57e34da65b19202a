"""Is this paper genuine? The only page that strangers may read about a certificate.

It stands at `settings.PUBLIC_VERIFY_URL`, which names no prison, and has a frame of its own. An
unknown code, a wrong one and an empty one get the same answer.
"""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.views.limits import asks_too_often
from correspondence import letter_kinds
from correspondence.services import verifications

TEMPLATE = "correspondence/verify.html"


@login_not_required
@require_safe
@never_cache
def ask(request):
    """A box for the code; what was typed leads to the page of that code."""
    typed = request.GET.get("code", "").replace("/", " ").strip()[:80]
    if typed:
        return redirect("correspondence:verify", typed)
    return _answer(request, {})


@login_not_required
@require_safe
@never_cache
def show(request, code):
    if asks_too_often(request, "verify"):
        return _answer(request, {"is_too_often": True}, HTTPStatus.TOO_MANY_REQUESTS)
    found = verifications.find(code)
    if found is None:
        return _answer(request, {"is_unknown": True}, HTTPStatus.NOT_FOUND)
    return _answer(
        request,
        {
            "paper": found,
            "kind": letter_kinds.label_of(found.kind),
            "facts": verifications.facts_of(found),
            "code": verifications.grouped(found.code),
            "qr": verifications.qr_of(found.code),
        },
    )


def _answer(request, context, status=HTTPStatus.OK):
    response = render(request, TEMPLATE, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
