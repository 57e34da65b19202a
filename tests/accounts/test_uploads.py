"""Files beyond what any form takes: counted, not kept, and never more than the server bears."""

import pytest
from django.test import RequestFactory

from tests.factories.partners import scan_file

PDF = b"%PDF-1.7 naskah"


def received(*contents):
    files = [scan_file(content, f"{number}.pdf") for number, content in enumerate(contents)]
    return RequestFactory().post("/", {"files": files}).FILES.getlist("files")


@pytest.mark.parametrize("threshold", [0, 2_500_000], ids=["on disk", "in memory"])
def test_the_first_keep_their_content_and_the_others_are_only_counted(settings, threshold):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = threshold
    settings.UPLOAD_MOST_FILES = 2

    files = received(*[PDF + bytes([number]) for number in range(70, 76)])

    assert [file.name for file in files] == [f"{number}.pdf" for number in range(6)]
    kept, surplus = files[:3], files[3:]
    assert [file.read() for file in kept] == [PDF + b"F", PDF + b"G", PDF + b"H"]
    assert [(file.size, file.read()) for file in surplus] == [(0, b"")] * 3


def test_what_is_beyond_all_reason_meets_a_page_in_words(db, client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3

    answer = client.post("/login/", {"files": [scan_file(PDF) for _each in range(4)]})

    assert answer.status_code == 400
    assert "lebih sedikit berkas" in answer.content.decode()
