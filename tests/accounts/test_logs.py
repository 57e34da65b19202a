"""Log lines are JSON, carry the request's id, and never the key of a link."""

import json
import logging

import pytest
from django.conf import settings
from django.urls import get_resolver

from accounts.logs import JsonFormatter, RequestId, request_id, without_secrets

KEY = "Zk4471-geheim_kunci"


def line_of(message, *args, **more):
    record = logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, None)
    RequestId().filter(record)
    return json.loads(JsonFormatter().format(record))


@pytest.mark.parametrize(
    "path",
    [
        f"/invitations/{KEY}/",
        f"/slots/link/{KEY}/",
        f"/slots/link/{KEY}",
        f"/calendar.ics?token={KEY}",
        f'http://lapas.test/slots/link/{KEY}/?a=1"',
    ],
)
def test_the_key_of_a_link_stands_in_no_line(path):
    line = line_of("%s: %s", "Too Many Requests", path)
    assert KEY not in line["message"]
    assert line["message"].startswith("Too Many Requests: ")


def test_nor_in_the_trace_of_an_error():
    try:
        raise ValueError(f"/invitations/{KEY}/")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "broke", (), (type(error), error, error.__traceback__)
        )
    RequestId().filter(record)
    assert KEY not in JsonFormatter().format(record)


def test_other_paths_stay_as_they_are():
    assert without_secrets("/slots/0c9e/accept/ of 3") == "/slots/0c9e/accept/ of 3"


def test_the_requests_id_is_in_the_line():
    token = request_id.set("abc123")
    try:
        assert line_of("hello")["request"] == "abc123"
    finally:
        request_id.reset(token)


def test_every_address_with_a_key_in_its_path_is_known():
    """A new address of that kind must be added to `SECRET_PATHS`."""
    routes = (route.replace("^", "") for route in _routes(get_resolver()))
    keyed = [f"/{route}" for route in routes if "token>" in route or "key>" in route]
    assert keyed
    assert [r for r in keyed if not r.startswith(tuple(settings.SECRET_PATHS))] == []


def _routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route)
        else:
            yield route
