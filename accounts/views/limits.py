"""How often one network address may ask for a page that strangers may read."""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache

WINDOW_SECONDS = 60


def asks_too_often(request, what):
    """Counts the questions of one address within a minute, for all web processes together."""
    address = get_adapter(request).get_client_ip(request)
    key = f"{what}:{address}:{int(time.time()) // WINDOW_SECONDS}"
    try:
        asked = cache.incr(key)
    except ValueError:  # the first of this minute
        asked = 1
        cache.add(key, asked, timeout=2 * WINDOW_SECONDS)
    return asked > settings.VERIFY_PER_MINUTE
