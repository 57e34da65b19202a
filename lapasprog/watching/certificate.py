"""Until when the web's own certificate lasts, as its visitors are shown it."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from celery import shared_task
from django.conf import settings

from accounts.services import pulses
from accounts.states import PulseKind

WITHIN = 5  # seconds for the handshake


@shared_task(name="lapasprog.ask_for_certificate")
def ask_for_certificate():
    """Note the day for `/health/`; and forget parts of the installation that are gone for long."""
    pulses.forget_old()
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https":
        return
    try:
        until = _until(address.hostname, address.port or 443)
    except (OSError, ValueError) as error:
        until = type(error).__name__
    pulses.note(PulseKind.HTTPS, address.hostname, until)


def _until(host, port):
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=WITHIN) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        seconds = ssl.cert_time_to_seconds(secure.getpeercert()["notAfter"])
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
