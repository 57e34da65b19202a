"""`/metrics`: what each process counted and the figures of the installation, for Prometheus.

The figures are the same on every node: take their maximum over nodes, not their sum.
"""

import ipaddress
import os
import secrets
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseForbidden
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from lapasprog.watching import figures, sharing


@login_not_required
@require_safe
def show(request):
    if not may_read(request):
        return HttpResponseForbidden("no metrics for you\n", content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(Counted())
    registry.register(Installation())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_read(request):
    """By the token, or from one of our networks; never by the network through a proxy.

    Behind a proxy everybody's address is the proxy's, which is why its header forbids that way.
    """
    given = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN:
        return secrets.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(each) for each in settings.METRICS_NETWORKS)


class Counted:
    """What this web's processes and this machine's workers counted."""

    def collect(self):
        if sharing.FOLDER in os.environ:
            yield from MultiProcessCollector.merge(sharing.files_of_here())
        else:
            yield from REGISTRY.collect()


class Installation:
    def collect(self):
        read = figures.read()
        yield _gauge("database_up", "The database answers", float(not read.database))
        yield _gauge("broker_up", "The broker answers", float(not read.broker))
        if read.queue is not None:
            yield _gauge("queue_length", "Tasks that wait for a worker", read.queue)
            yield _gauge("queue_oldest_seconds", "Age of the oldest of them", read.queue_age)
        if not read.database:
            yield from _of_database(read)


def _of_database(read):
    yield _gauge("mails_unsent", "Mails that wait", read.unsent)
    yield _gauge("mails_unsent_oldest_seconds", "Age of the oldest of them", read.unsent_age)
    yield _gauge("mails_failed", "Mails that could not be sent", read.failed_mails)
    yield _gauge("slot_proposals_lapsing", "Open, to be answered within days", read.lapsing)
    yield _gauge("reminders_due", "Deadlines of today that nobody noted", read.due)
    yield _gauge("reminders_late", "Deadlines of the last 30 days that nobody noted", read.late)
    yield _gauge("database_connections", "Of all processes", read.connections)
    yield _gauge("database_connections_most", "max_connections", read.connections_most)
    yield _gauge("database_bytes", "Size of the database", read.database_bytes)
    now = time.time()
    for name, at in (("sweep", read.swept_at), ("backup", read.backed_up_at)):
        if at:
            yield _gauge(f"{name}_age_seconds", f"Since the last {name}", now - at.timestamp())
    ages = GaugeMetricFamily(
        "lapasprog_pulse_age_seconds", "Since the last sign of life", labels=["kind", "name"]
    )
    for pulse in read.pulses:
        ages.add_metric([pulse.kind, pulse.name], now - pulse.at.timestamp())
    yield ages


def _gauge(name, words, value):
    return GaugeMetricFamily(f"lapasprog_{name}", words, value=value)
