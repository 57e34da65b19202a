"""When the house itself fails, the page says calmly what to do, and nothing is half done."""

import errno
import resource
import socket
import sys
from contextlib import contextmanager

import psycopg2
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from accounts.files import FileMissing, StorageFull
from accounts.models import AccessRecord
from correspondence.services import letter_papers, letters
from lapasprog import trouble
from tests.factories.correspondence import general_series, letter_draft


def answer_to(error, method="get"):
    request = getattr(RequestFactory(), method)("/agreements/?page=2")
    try:
        raise error
    except type(error):
        return trouble.page(request)


def test_without_its_database_a_page_asks_for_patience():
    page = answer_to(OperationalError("gone"))
    assert page.status_code == 503
    assert page["Retry-After"] == trouble.RETRY_AFTER
    assert "basis data sedang tidak menjawab" in page.content.decode()
    assert 'href="/agreements/?page=2"' in page.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (psycopg2.DatabaseError("server closed the connection"), 503),
        (psycopg2.ProgrammingError("can't adapt type 'object'"), 500),
        (psycopg2.DataError("value out of range"), 500),
    ],
)
def test_a_connection_that_breaks_in_the_middle_of_an_answer_is_no_error_of_the_page(error, status):
    """The driver gives it no kind and no code; Django wraps it in a kind that says no more."""
    wrapped = DatabaseError("wrapped")
    wrapped.__cause__ = error
    assert answer_to(wrapped).status_code == status


def test_who_was_sending_something_is_told_that_it_is_not_lost():
    page = answer_to(OperationalError("gone"), "post")
    assert "Yang Anda isi tidak hilang" in page.content.decode()
    assert 'href="/agreements/' not in page.content.decode()


def test_the_page_says_in_which_language_it_speaks():
    assert '<html lang="id">' in answer_to(OperationalError("gone")).text
    with translation.override("en"):
        page = answer_to(OperationalError("gone")).text
    assert '<html lang="en">' in page
    assert "Try again" in page


def test_what_fails_before_any_view_has_the_policies_of_every_page():
    """No database is to be had in this test: the reader's session cannot be read."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    answer = client.get("/")
    assert answer.status_code == 500
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("alias", ["default", "owner"])
def test_a_machine_of_the_database_that_vanishes_is_given_up(alias):
    asked = DatabaseWrapper(connections[alias].settings_dict).get_connection_params()
    assert asked["tcp_user_timeout"] == 15_000


def test_a_database_that_takes_a_connection_and_is_silent_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        elsewhere = {"HOST": "127.0.0.1", "PORT": mute.getsockname()[1]}
        silent = DatabaseWrapper(connections["default"].settings_dict | elsewhere)
        with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
            silent.connect()


@pytest.mark.django_db
def test_a_database_whose_disk_is_full_asks_for_room_and_not_for_patience():
    """It answers, and goes on reading."""
    with pytest.raises(OperationalError) as full, transaction.atomic():
        connections["default"].cursor().execute(
            "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
        )
    assert answer_to(full.value).status_code == 507


def test_an_ordinary_error_stays_one():
    assert answer_to(ValueError("x")).status_code == 500


def test_an_error_below_another_one_counts():
    try:
        try:
            raise OSError(errno.ENOSPC, "no space")
        except OSError as error:
            raise ValueError("x") from error
    except ValueError:
        assert trouble.page(RequestFactory().get("/")).status_code == 507


@contextmanager
def little_room(most=1000):
    """Simulated: files may grow to so many bytes; the system refuses more like a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE), sys.dont_write_bytecode
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[0][1]))
    sys.dont_write_bytecode = True  # half a file of it would be left for every later run
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before[0])
        sys.dont_write_bytecode = before[1]


def test_a_full_upload_folder_refuses_in_words_and_leaves_no_half_of_a_file():
    with little_room(), pytest.raises(StorageFull, match="Tempat penyimpanan berkas penuh"):
        default_storage.save("scans/a.pdf", ContentFile(b"%PDF-" + bytes(5000)))
    assert default_storage.listdir("scans") == ([], [])


@pytest.mark.django_db
def test_a_letter_that_finds_no_room_for_its_paper_is_not_called_unknown(
    login, facility, officer, head, warden, secretariat
):
    general_series(facility)
    letter = letter_draft(facility, officer)
    letters.initial(letter=letter, by=officer)
    letters.initial(letter=letter, by=head)
    letters.request_number(letter=letter, by=officer)
    letters.give_number(letter=letter, dated=timezone.localdate(), by=secretariat)
    client = login(officer)
    client.raise_request_exception = False
    with little_room():
        answer = client.get(reverse("correspondence:letter-pdf", args=[letter.public_id]))
    assert answer.status_code == 507
    assert "Tempat penyimpanan penuh" in answer.text
    assert client.get(answer.request["PATH_INFO"])["Content-Type"] == "application/pdf"


@pytest.mark.django_db
def test_an_upload_that_finds_no_room_on_its_way_is_not_lost(login, officer):
    """Large files wait beside the house until they have come whole."""
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-" + bytes(settings.FILE_UPLOAD_MAX_MEMORY_SIZE))
    client = login(officer)
    client.raise_request_exception = False
    with little_room():
        answer = client.post("/engagements/new/", {"purpose": "Kuota", "files": scan})
    assert answer.status_code == 507
    assert "Yang Anda isi tidak hilang" in answer.text


@pytest.mark.django_db
def test_a_letter_whose_stored_paper_is_gone_says_so_and_is_no_error_of_the_page(
    login, facility, officer, head, warden, secretariat, caplog
):
    general_series(facility)
    letter = letter_draft(facility, officer)
    letters.initial(letter=letter, by=officer)
    letters.initial(letter=letter, by=head)
    letters.request_number(letter=letter, by=officer)
    letter = letters.give_number(letter=letter, dated=timezone.localdate(), by=secretariat)
    stored = letter_papers.file_of(letter).pdf
    stored.storage.delete(stored.name)
    address = reverse("correspondence:letter-pdf", args=[letter.public_id])
    answer = login(officer).get(address)
    assert answer.status_code == 404
    assert "perlu dipulihkan dari cadangan" in answer.text
    assert "Retry-After" not in answer
    assert f"stored file is missing: {stored.name}" in caplog.messages
    assert not AccessRecord.objects.filter(path=address).exists()


def test_a_missing_file_that_no_page_reckoned_with_gets_the_same_page():
    with pytest.raises(FileMissing) as missing:
        default_storage.open("scans/tiada.pdf")
    answer = answer_to(missing.value)
    assert answer.status_code == 404
    assert "perlu dipulihkan dari cadangan" in answer.content.decode()
