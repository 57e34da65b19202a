"""`/healthz`: the process is up. `/readyz`: it can do its work. `/health/`: the same in words.

`/healthz/page/` is an empty page.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.permissions import may
from accounts.states import UserKind
from accounts.views.pages import show
from lapasprog import readiness
from lapasprog.watching import vitals


@login_not_required
def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def empty(request):
    """The frame of every page with nothing in it: what a page costs at least."""
    return render(request, "health_page.html")


@login_not_required
def readyz(request):
    checks = readiness.state()
    ready = all(result is True for result in checks.values())
    answer = {"ready": ready, "checks": checks, **readiness.remarks(checks)}
    return JsonResponse(answer, status=200 if ready else 503)


@require_safe
def page(request):
    if request.user.kind != UserKind.ADMIN and not may(request.user, "see_health"):
        raise PermissionDenied
    parts = vitals.all_of_them()
    words = {
        vitals.GOOD: gettext("Baik"),
        vitals.WAIT: gettext("Perlu dilihat"),
        vitals.BAD: gettext("Rusak"),
        vitals.QUIET: gettext("Tidak dipakai"),
    }
    wrong = [part for part in parts if part.tone in (vitals.WAIT, vitals.BAD)]
    context = {"parts": [(part, words[part.tone]) for part in parts], "wrong": len(wrong)}
    return show(request, "lapasprog/health.html", context)
