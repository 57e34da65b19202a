"""`/healthz`: the process is up. `/readyz`: it can do its work."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse

from lapasprog import readiness


@login_not_required
def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request):
    checks = readiness.state()
    ready = all(result is True for result in checks.values())
    answer = {"ready": ready, "checks": checks, **readiness.remarks(checks)}
    return JsonResponse(answer, status=200 if ready else 503)
