"""When the house itself fails, the page says calmly what to do, and nothing is half done."""

import errno
import resource

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import RequestFactory

from accounts.files import StorageFull
from lapasprog import trouble


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


def test_who_was_sending_something_is_told_that_it_is_not_lost():
    page = answer_to(OperationalError("gone"), "post")
    assert "Yang Anda isi tidak hilang" in page.content.decode()
    assert 'href="/agreements/' not in page.content.decode()


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


def test_a_full_upload_folder_refuses_in_words_and_leaves_no_half_of_a_file():
    """Simulated: files may grow to 1,000 bytes, which the system refuses like a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(StorageFull, match="Tempat penyimpanan berkas penuh"):
            default_storage.save("scans/a.pdf", ContentFile(b"%PDF-" + bytes(5000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert default_storage.listdir("scans") == ([], [])
