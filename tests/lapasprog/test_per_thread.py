"""The language, the time zone and the addresses of whoever is answered are a thread's own."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse, set_script_prefix
from django.utils import timezone, translation

from lapasprog.per_thread import KEPT


@pytest.mark.parametrize(("module", "name"), KEPT)
def test_each_is_a_threads_own(module, name):
    assert type(getattr(module, name)) is local


def test_threads_answer_in_their_own_language_zone_and_place():
    meeting = Barrier(2)

    def told(language, zone, prefix):
        set_script_prefix(prefix)
        try:
            with translation.override(language), timezone.override(zone):
                meeting.wait(5)
                found = translation.gettext("Tahun"), timezone.get_current_timezone_name()
                return *found, reverse("inmates:inmate-list")
        finally:
            set_script_prefix("/")

    with ThreadPoolExecutor(2) as pool:
        asked = [("id", "Asia/Jakarta", "/"), ("en", "Asia/Jayapura", "/below/")]
        one, other = [done.result() for done in [pool.submit(told, *each) for each in asked]]
    assert one == ("Tahun", "Asia/Jakarta", "/inmates/")
    assert other == ("Year", "Asia/Jayapura", "/below/inmates/")


def test_a_new_thread_begins_as_the_site_does():
    with (
        translation.override("en"),
        timezone.override("Asia/Jayapura"),
        ThreadPoolExecutor(1) as pool,
    ):
        language = pool.submit(translation.get_language).result()
        zone = pool.submit(timezone.get_current_timezone_name).result()
    assert (language, zone) == (settings.LANGUAGE_CODE, settings.TIME_ZONE)


def test_nothing_is_answered_by_an_event_loop():
    views = [pattern.callback for pattern in _patterns(get_resolver().url_patterns)]
    assert views
    assert not any(map(inspect.iscoroutinefunction, views))
    assert not getattr(settings, "ASGI_APPLICATION", None)


def _patterns(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
