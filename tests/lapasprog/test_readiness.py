"""Whether the product may start, and whether it says the truth about itself."""

import pytest
from django.test import Client

from correspondence.models import ReminderPolicy
from lapasprog import readiness
from tests.factories.accounts import UserFactory, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def production(settings, monkeypatch):
    settings.PRODUCTION = True
    settings.SECRET_KEY = "a-long-secret-of-this-office"
    settings.NIK_KEYS = ["2026:" + "k" * 43 + "="]
    settings.NIK_DIGEST_KEY = "a-key-of-this-office"
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/lapasprog")
    return settings


def test_a_demo_always_starts():
    assert readiness.refusals_to_start() == []


def test_production_with_its_own_secrets_starts(production):
    assert readiness.refusals_to_start() == []
    readiness.refuse_or_go()


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("DEBUG", True, "DEBUG"),
        ("NIK_KEYS", ["demo:x"], "NIK_KEYS"),
        ("NIK_DIGEST_KEY", "demo-only-digest-key", "NIK_DIGEST_KEY"),
    ],
)
def test_production_refuses_what_is_only_good_for_a_demo(production, setting, value, word):
    setattr(production, setting, value)
    with pytest.raises(SystemExit, match=word):
        readiness.refuse_or_go()


def test_production_refuses_the_demo_secret(production):
    production.SECRET_KEY = production.DEMO_SECRET_KEY
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        readiness.refuse_or_go()


def test_production_refuses_a_missing_database(production, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        readiness.refuse_or_go()


def test_web_and_worker_must_not_know_the_owner_of_the_tables(production, monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://somewhere/lapasprog")
    assert readiness.refusals_to_start() == [], "`up` may, it hands it to backups only"
    with pytest.raises(SystemExit, match="DATABASE_OWNER_URL"):
        readiness.refuse_or_go()


def test_production_refuses_a_database_with_demo_accounts(production):
    UserFactory(email="officer@cilegon.test")
    with pytest.raises(SystemExit, match="demo accounts"):
        readiness.refuse_or_go()


def test_healthz_and_readyz_answer_without_signing_in():
    assert Client().get("/healthz").content == b"ok\n"
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["broker"] is True


def test_readyz_names_vacant_posts_and_stays_ready(facility, officer, head, warden, registrar):
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["vacant_posts"] == {facility.code: ["secretariat"]}
    staff(facility, "secretariat")
    assert Client().get("/readyz").json()["vacant_posts"] == {}


def test_a_role_that_a_reminder_names_must_be_held_too(facility, officer, head):
    ReminderPolicy.objects.create(
        facility=facility, kind="agreement_end", offsets=[7], audience=["clinic", "agency"]
    )
    vacant = Client().get("/readyz").json()["vacant_posts"][facility.code]
    assert "clinic" in vacant
    assert not {"officer", "head", "agency", "liaison", "observer"} & set(vacant)


def test_readyz_tells_when_the_broker_is_gone(settings):
    from lapasprog.celery import app

    before = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        answer = Client().get("/readyz")
    finally:
        app.conf.broker_url = before
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] is not True
