"""Monitors and load balancers ask a web by its address and in the clear, not by the site's name."""

from django.conf import settings

ASKED = {"/healthz", "/readyz", "/metrics"}


class MachineMiddleware:
    """First of all: those pages answer under any `Host`, and none of what came is believed."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.host = settings.ALLOWED_HOSTS[0].lstrip(".*") if settings.ALLOWED_HOSTS else ""

    def __call__(self, request):
        if self.host and request.path_info in ASKED:
            request.META["HTTP_HOST"] = self.host
        return self.get_response(request)
