"""Seeing it run: log lines that share a request's id, metrics, and the page in words."""

import json
import logging
from datetime import timedelta

import pghistory
import pytest
from django.core.signals import got_request_exception
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from accounts.logs import JsonFormatter, RequestId, request_id
from accounts.models import Pulse
from accounts.services import pulses
from accounts.states import PulseKind
from correspondence.models import SweepRun
from lapasprog.celery import app
from lapasprog.watching import figures, statements, tasks, vitals
from lapasprog.watching.requests import id_of
from partners.models import Agency
from tests.factories.accounts import UserFactory
from tests.factories.correspondence import NoticeFactory
from tests.factories.partners import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    """What was logged, as the JSON objects that would be written."""
    caplog.handler.addFilter(RequestId())
    caplog.set_level(logging.INFO, logger="lapasprog.watching")
    return lambda: [json.loads(JsonFormatter().format(record)) for record in caplog.records]


def test_the_proxys_id_is_taken_if_it_is_ours_and_well_formed(settings):
    def asked(given):
        return id_of(RequestFactory().get("/", headers={"X-Request-Id": given}))

    proxied = "4bf92f3577b34da6a3ce929d0e0e4736"
    assert asked(proxied) != proxied, "nobody stands before us: a stranger's word"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert asked(proxied) == proxied
    for bad in ("", "short", "x" * 65, 'a"b\\nc{"level":1}', "spaced out id"):
        assert asked(bad) != bad
        assert len(asked(bad)) == 32


def test_one_line_tells_of_a_request_by_its_view_and_of_nothing_that_was_typed(
    client, officer, lines, settings
):
    settings.SLOW_REQUEST_MS = 600_000
    client.force_login(officer)
    answer = client.get("/agencies/?q=Rahasia+Sekali")
    line = next(line for line in lines() if line["message"] == "request")
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["view"], line["method"], line["status"]) == ("partners:agency-list", "GET", 200)
    assert line["statements"] > 0
    assert "Rahasia" not in json.dumps(lines())


def test_a_slow_statement_is_told_without_its_values(lines, settings):
    settings.SLOW_STATEMENT_MS = 0
    statements.measure(None, connection)
    list(Agency.objects.filter(name="Rahasia Sekali"))
    told = [line for line in lines() if line["message"] == "slow statement"]
    assert "partners_agency" in told[-1]["sql"]
    assert "Rahasia" not in json.dumps(told)


def test_a_connection_made_within_an_act_is_measured_and_the_act_ends_as_it_should():
    connection.execute_wrappers.clear()
    with pghistory.context(request="x"):
        statements.measure(None, connection)
    assert connection.execute_wrappers == [statements.measured]


def test_a_task_runs_under_the_id_of_the_request_that_asked_for_it(facility):
    seen = []

    @app.task(name="test.rename", base=tasks.NamedTask)
    def rename():
        seen.append(request_id.get())
        agency = Agency.objects.create(name="BLK Baru")
        return agency.events.get().pgh_context

    headers = {}
    token = request_id.set("a-request-of-somebody")
    tasks._name_the_message(headers=headers)
    request_id.reset(token)
    context = rename.apply(headers=headers).get()
    assert seen == ["a-request-of-somebody"]
    assert context == {"request": "a-request-of-somebody", "task": "test.rename"}
    assert rename.apply().get()["request"], "what a clock sends has an id of its own"
    assert request_id.get() == ""


def test_a_failed_task_is_remembered_by_its_name_and_the_kind_of_error():
    tasks._noted.clear()

    @app.task(name="test.fails", base=tasks.NamedTask)
    def fails():
        raise ValueError("Budi bin Anu")

    fails.apply()
    pulse = Pulse.objects.get(kind=PulseKind.FAILURE)
    assert (pulse.name, pulse.detail) == ("test.fails", "ValueError")


def test_a_sign_of_life_is_one_row_that_is_renewed():
    pulses.note(PulseKind.WORKER, "celery@lapas")
    Pulse.objects.update(at=timezone.now() - timedelta(hours=1))
    pulses.note(PulseKind.WORKER, "celery@lapas")
    pulse = Pulse.objects.get()
    assert pulse.count == 2
    assert timezone.now() - pulse.at < timedelta(minutes=1)


def asked(**headers):
    figures._kept[:] = 0.0, None
    return Client(headers=headers).get("/metrics")


def values(answer):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_metrics_tell_what_matters(client, officer):
    NoticeFactory.create_batch(2, recipient=officer, due=today(-1), told_on=today(-5))
    NoticeFactory(recipient=officer, due=today(), told_on=today(-5))
    SweepRun.objects.create(today=today(), created=0, cancelled=0)
    pulses.note(PulseKind.BEAT, "lapas:beat")
    client.force_login(officer)
    client.get("/agencies/")
    told = values(asked())
    assert told["lapasprog_database_up",] == told["lapasprog_broker_up",] == 1
    assert told["lapasprog_reminders_due",] == 1
    assert told["lapasprog_reminders_late",] == 2
    assert told["lapasprog_mails_unsent",] == told["lapasprog_slot_proposals_lapsing",] == 0
    assert told["lapasprog_sweep_age_seconds",] < 60
    assert told["lapasprog_pulse_age_seconds", "beat", "lapas:beat"] < 60
    assert told["lapasprog_request_seconds_count", "200", "partners:agency-list"] >= 1


def test_metrics_ask_the_database_once_in_a_while(django_assert_max_num_queries):
    asked()
    with django_assert_max_num_queries(0):
        assert Client().get("/metrics").status_code == 200


def test_metrics_are_for_ours_only(settings):
    assert asked().status_code == 200
    assert asked(X_Forwarded_For="203.0.113.9").status_code == 403, "it came through a proxy"
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 403
    settings.METRICS_TOKEN = "token-of-this-office"
    assert asked().status_code == 403
    assert asked(Authorization="Bearer token-of-this-office").status_code == 200
    assert asked(Authorization="Bearer token-of-another").status_code == 403


def test_metrics_answer_without_a_database_and_without_a_broker(monkeypatch, settings):
    def gone(figures):
        raise OperationalError("no route to host")

    monkeypatch.setattr(figures, "_ask_database", gone)
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(figures, "_ask_broker", gone)
    told = values(asked())
    assert told["lapasprog_database_up",] == told["lapasprog_broker_up",] == 0
    assert ("lapasprog_mails_unsent",) not in told


def test_a_request_without_a_database_is_counted():
    before = REGISTRY.get_sample_value("lapasprog_database_errors_total")
    try:
        raise OperationalError("gone")
    except OperationalError:
        got_request_exception.send(sender=None, request=None)
    assert REGISTRY.get_sample_value("lapasprog_database_errors_total") == before + 1


def parts():
    return {part.name: part for part in vitals.all_of_them()}


def test_the_page_says_in_words_what_is_wrong_and_what_to_do(client, facility, head, settings):
    pulses.note(PulseKind.WORKER, "celery@one")
    Pulse.objects.create(
        kind=PulseKind.WORKER, name="celery@two", at=timezone.now() - timedelta(hours=1)
    )
    Pulse.objects.create(
        kind=PulseKind.BEAT, name="lapas:beat", at=timezone.now() - timedelta(hours=1)
    )
    settings.SITE_URL = "https://lapas.test"
    pulses.note(PulseKind.HTTPS, "lapas.test", (today(5)).isoformat())
    told = parts()
    assert told["Basis data"].tone == told["Dinding kedua"].tone == vitals.GOOD
    assert told["Pekerja latar"].tone == vitals.WAIT
    assert "celery@two" in told["Pekerja latar"].sentence
    assert told["Penjadwal"].tone == vitals.BAD
    assert told["Penjadwal"].advice
    assert told["Sertifikat HTTPS"].tone == vitals.WAIT
    assert all(part.advice for part in told.values() if part.tone in (vitals.WAIT, vitals.BAD))

    client.force_login(head)
    page = client.get("/health/").content.decode()
    assert "celery@two" in page
    client.force_login(UserFactory(kind="admin"))
    assert client.get("/health/").status_code == 200


def test_a_broker_that_is_gone_is_told_calmly(monkeypatch):
    monkeypatch.setattr(figures, "_ask_broker", lambda read: 1 / 0)
    told = parts()["Perantara tugas"]
    assert told.tone == vitals.BAD
    assert "Tidak ada pekerjaan yang hilang" in told.advice
