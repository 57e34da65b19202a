"""Each request has an id, one log line and its times; what was asked is told by the view's name.

Neither path nor query string is written down: they may hold keys, names and ids.
"""

import logging
import re
import sys
import time
import uuid

from django.conf import settings
from django.core.signals import got_request_exception
from django.dispatch import receiver

from accounts.logs import request_id
from lapasprog.watching import metrics
from lapasprog.watching.statements import Tally, count_lost, tally

logger = logging.getLogger(__name__)
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
UNKNOWN = "-"  # no view was reached: a static file, an unknown address, a refusal on the way
QUIET = {"healthz", "readyz", "metrics"}  # asked every few seconds by machines


class RequestMiddleware:
    """Outermost of ours: whatever is logged or written within shares the request's id."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = id_of(request)
        named, counted = request_id.set(request.id), tally.set(Tally())
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            self._tell(request, response, time.perf_counter() - begun)
        finally:
            tally.reset(counted)
            request_id.reset(named)
        response["X-Request-Id"] = request.id
        return response

    def _tell(self, request, response, took):
        view = getattr(request.resolver_match, "view_name", "") or UNKNOWN
        metrics.REQUESTS.labels(view, response.status_code).observe(took)
        is_slow = took * 1000 >= settings.SLOW_REQUEST_MS
        if is_slow:
            metrics.SLOW.labels("request").inc()
        if not is_slow and (view in QUIET or not logger.isEnabledFor(logging.INFO)):
            return
        asked = tally.get()
        fields = {
            "method": request.method,
            "view": view,
            "status": response.status_code,
            "ms": round(took * 1000),
            "statements": asked.statements,
            "sql_ms": round(asked.seconds * 1000),
        }
        level, words = (logging.WARNING, "slow request") if is_slow else (logging.INFO, "request")
        logger.log(level, words, extra={"fields": fields})


def id_of(request):
    """The id that our own proxy gave, so that its log names the same one; else a new one."""
    given = request.headers.get("X-Request-Id", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and WELL_FORMED.fullmatch(given):
        return given
    return uuid.uuid4().hex


@receiver(got_request_exception)
def _count_lost(sender, **kwargs):
    count_lost(sys.exc_info()[1])
