"""Hints to workers through a broker that dies, hangs and comes back."""

import signal
import time

import pytest

from correspondence import enqueue
from lapasprog import embedded
from lapasprog.celery import app

TASK = "tests.nothing_listens_to_it"


@pytest.fixture
def valkey(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("broker")
    with pytest.MonkeyPatch.context() as there:
        there.setenv("LAPASPROG_VAR", str(folder))
        server, url = embedded.Valkey(), embedded.broker_url()
    monkeypatch.setattr(app.conf, "broker_write_url", url)
    monkeypatch.setattr(enqueue._Broker, "away_until", 0.0)
    server.start()
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.stop()


def seconds_for(acts):
    """How long so many acts wait for their hint, those that are published being counted."""
    began = time.monotonic()
    for _ in range(acts):
        enqueue._publish(TASK, ())
    return time.monotonic() - began


def waiting():
    with app.connection_for_write() as broker:
        return broker.default_channel.client.llen("celery")


def test_a_broker_that_died_costs_nobody_time_and_is_used_again(valkey, monkeypatch, caplog):
    seconds_for(1)
    assert waiting() == 1
    valkey.process.kill()
    valkey.process.wait()
    assert seconds_for(20) < 2
    assert len(caplog.messages) == 1, "asked once, not twenty times"
    valkey.start()
    seconds_for(1)
    assert waiting() == 1, "it is left alone for a while"
    monkeypatch.setattr(enqueue, "PAUSE", 0)
    monkeypatch.setattr(enqueue._Broker, "away_until", 0.0)
    seconds_for(1)
    assert waiting() == 2


def test_a_broker_that_hangs_costs_one_act_a_second(valkey):
    seconds_for(1)
    valkey.process.send_signal(signal.SIGSTOP)
    assert seconds_for(20) < 4
