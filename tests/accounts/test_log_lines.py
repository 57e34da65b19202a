"""No log line carries personal data: planted values, through every way on which lines come about.

Whatever is logged at any level is formatted as in production and searched: by pages (also those
that fail, refuse or are not found), by tasks that fail with arguments, by mails that cannot be
sent, by the libraries under all of it. What PostgreSQL itself writes is no different.
"""

import io
import json
import logging
import smtplib

import pytest
from django.conf import settings
from django.core import signing
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client, override_settings
from django.urls import path, reverse

from accounts.logs import JsonFormatter, RequestId, kind_of
from correspondence.models import Mail
from correspondence.services import mail as mails
from inmates.models import Inmate
from lapasprog import urls
from lapasprog.celery import app
from tests.factories.accounts import PASSWORD
from tests.factories.correspondence import NoticeFactory
from tests.factories.inmates import InmateFactory, inmate_at
from tests.factories.planted_words import KEY, NAME, NIK

pytestmark = pytest.mark.django_db

OFFENCE, BLOCK, PHONE = "Pasal 363 KUHP", "Blok Melati 12", "0812-4471-9902"
EMAIL, TOKEN = "zulaikhah4471@surat.test", "tOkEn-4471-geheim"
PLANTED = {NAME, KEY, NIK, OFFENCE, BLOCK, PHONE, EMAIL, TOKEN}
WORDS = " ".join(sorted(PLANTED))


@pytest.fixture
def lines():
    """Everything that is logged from here on, at any level, as the program writes it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestId())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue()
    root.removeHandler(handler)
    root.setLevel(level)


def clean(text):
    found = {
        word
        for word in PLANTED
        for form in (word, word.replace(" ", "%20"), word.replace(" ", "+"))
        if form.lower() in text.lower()
    }
    assert found == set(), text[:3000]
    for line in text.splitlines():
        json.loads(line)


# --- Pages ---------------------------------------------------------------------------------------
def fails(request, **kwargs):
    name, local = NAME, {"nik": NIK}
    raise ValueError(f"{name} {local} {request.GET} {request.POST} {WORDS}")


def breaks(request):
    """An error of the database, whose words repeat the row, behind one that repeats them."""
    InmateFactory(person_key=KEY, name=NAME)
    try:
        with transaction.atomic():
            InmateFactory(person_key=KEY, name=NAME)
    except DatabaseError as error:
        raise KeyError(f"{NAME} {error}") from error


def asks_for_a_number(request):
    Inmate.objects.filter(pk=NAME).exists()


def is_not_there(request, word):
    raise Http404(WORDS)


urlpatterns = [
    path("fails/", fails),
    path("fails/<str:word>/", fails),
    path("breaks/", breaks),
    path("number/", asks_for_a_number),
    path("nowhere/<str:word>/", is_not_there),
    *urls.urlpatterns,
]
handler500 = getattr(urls, "handler500", "django.views.defaults.server_error")


@override_settings(ROOT_URLCONF=__name__, SLOW_STATEMENT_MS=0, SLOW_REQUEST_MS=0)
def test_no_page_logs_what_was_typed_or_shown(lines, officer, registrar, facility):
    person = inmate_at(facility, name=NAME, address=BLOCK)
    client = Client(raise_request_exception=False)
    client.force_login(registrar, settings.AUTHENTICATION_BACKENDS[0])
    typed = {"name": NAME, "nik": NIK, "phone": PHONE, "reason": OFFENCE, "q": WORDS}
    for address in (
        *("/fails/", "/breaks/", "/number/", f"/fails/{NAME}/", f"/nowhere/{NAME}/"),
        *(f"/{NAME}/", f"/inmates/{KEY}/", f"/search/{NIK}", f"/verify/{TOKEN}/"),
        *(f"/slots/link/{TOKEN}/", f"/invitations/{TOKEN}/", f"/reply/{TOKEN}/"),
        *("/search/", "/inmates/", "/calendar.ics", "/breach/", "/readyz"),
        reverse("placements:person-correct", args=[person.public_id]),
        person.get_absolute_url(),
    ):
        for ask in (client.get, client.post):
            with transaction.atomic():
                ask(address, {**typed, "token": TOKEN})
                transaction.set_rollback(True)
    client.get("/", headers={"Host": EMAIL, "Referer": f"https://x.test/{NAME}"})
    client.get("/static/" + NAME)
    client.post("/login/", {"login": EMAIL, "password": TOKEN})
    client.post("/login/", {"login": officer.email, "password": PASSWORD})
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.post(f"/login/?{NAME}", {"login": EMAIL})
    strict.cookies["sessionid"] = signing.dumps(NAME)
    strict.get("/", {"q": NAME})
    text = lines()
    clean(text)
    for word in ("Internal Server Error", "Not Found", "ValueError", "23505", "test_log_lines.py"):
        assert word in text  # enough to find the fault by


# --- Tasks and mails -----------------------------------------------------------------------------
@app.task(name="tests.fails_with_words")
def fails_with_words(*args, **kwargs):
    raise RuntimeError(f"{args} {kwargs} {NAME}")


def test_no_task_that_fails_logs_its_arguments(lines):
    fails_with_words.apply(args=[NAME, {"nik": NIK}], kwargs={"phone": PHONE})
    trace = logging.getLogger("celery.app.trace")
    said = {"name": "x.y", "id": "1", "exc": f"ValueError('{NAME}')", "args": f"['{NIK}']",
            "kwargs": f"{{'phone': '{PHONE}'}}", "description": "raised unexpected",
            "traceback": NAME}  # fmt: skip
    trace.error("Task %(name)s[%(id)s] %(description)s: %(exc)s %(args)s %(kwargs)s", said)
    consumer = logging.getLogger("celery.worker.consumer.consumer")
    consumer.error("Received unregistered task of type %s.\n%s", "a.b", f"body: ['{NAME}']")
    text = lines()
    clean(text)
    assert "tests.fails_with_words" in text
    assert "RuntimeError" in text


class Refuses(smtplib.SMTPRecipientsRefused):
    pass


class RefusingBackend:
    """A mail server that repeats what it was sent in its answer."""

    def __init__(self, **kwargs):
        pass

    def open(self):
        return True

    def close(self):
        pass

    def send_messages(self, messages):
        told = {message.to[0]: (550, f"{message.body} {WORDS}".encode()) for message in messages}
        raise Refuses(told)


@override_settings(EMAIL_BACKEND=f"{__name__}.RefusingBackend", DIGEST_AT="now")
def test_no_mail_that_cannot_be_sent_logs_its_text_or_address(lines, officer):
    officer.email = EMAIL
    officer.save()
    NoticeFactory(recipient=officer)
    mails.queue_digests()
    mails.deliver()
    text = lines()
    clean(text)
    assert Mail.objects.exists()
    assert "Refuses" in text


# --- What is under it ----------------------------------------------------------------------------
def test_the_server_of_the_web_repeats_no_request(lines):
    told = logging.getLogger("gunicorn.error")
    told.propagate, before = True, told.propagate
    try:
        told.warning(f"Invalid request from ip=10.1.1.1: Invalid HTTP request line: 'GET /?{NAME}'")
        told.error("Error handling request %s", f"/inmates/?q={NAME}")
        told.error("Error handling request %s", f"/{NAME}/")
        told.error(ValueError(NAME))
    finally:
        told.propagate = before
    clean(lines())


def test_an_error_is_told_by_its_kind_and_what_refused():
    person = InmateFactory(person_key=KEY)
    person.person_key = None
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        person.save()
    assert kind_of(caught.value.__cause__) == "psycopg2.errors.NotNullViolation (23502)"
    with connection.cursor() as cursor:
        cursor.execute("SHOW log_min_messages")
        assert cursor.fetchone() == ("log",)  # PostgreSQL writes no errors down: they repeat rows
