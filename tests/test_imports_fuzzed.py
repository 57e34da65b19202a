"""Every sheet that can be brought in, as broken as a sheet can be: told in words, nothing written.

`HYPOTHESIS_PROFILE=explore FUZZ=50` sends more.
"""

import csv
import io
import os
import zipfile
from contextlib import suppress
from datetime import datetime

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts.refusals import NotAllowed
from inmates.models import Inmate
from inmates.states import ImportState
from tests.forms_on_pages import forms_of
from tests.inmates.importing import preview
from tests.inmates.register_files import HEADERS
from tests.test_access_matrix import (  # noqa: F401 - fixtures
    address_of,
    objects,
    partner,
    prison,
    users,
)
from tests.test_access_records import signed_in, text_of
from tests.test_forms_fuzzed import asked, every_post, fingerprint  # noqa: F401
from tests.training.certificate_sheets import named_batch

pytestmark = pytest.mark.django_db

FUZZ = int(os.environ.get("FUZZ", "6"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = {
    "partners:agreement-sheet": "partners:agreement-sheet-template",
    "placements:vacancy-sheet": "placements:vacancy-template",
    "training:batch-existing-sheet": "training:batch-existing-template",
    "training:batch-certificates": "training:batch-certificates-template",
    "training:old-certificate-sheet": "training:old-certificate-template",
}
REFUSES = ("alert-danger", "alert-warning", "invalid-feedback", "is-invalid", "text-bg-danger")
MAGICS = (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"%PDF-")
ODD = (
    *("", " ", "-", "0", "=1+1", '=HYPERLINK("http://evil.test")', "@SUM(A1)", "a" * 32_000),
    *("\x07\x1b[31m", "\u202eabc", "\ufffe", "𝕏" * 300, "31/02/2026", "1/1/1", "99/99/9999"),
    *("31 Desember 9999", "1900-01-00", "0000-00-00", "1e308", "NaN", "-1", "9" * 40, "#REF!"),
    *("'; DROP TABLE x--", "<script>alert(1)</script>", "%s{0}", "3.672015508900002E15", "TRUE"),
    *("null", "Rp 1.000.000,-", datetime(9999, 12, 31), 1e308, -1, True),
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + ']><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&h;</t></si></sst>'
)
OUTSIDE = (
    LAUGHS.partition("<!ENTITY")[0]
    + '<!ENTITY h SYSTEM "file:///etc/passwd">]>'
    + (LAUGHS.partition("]>")[2])
)


def workbook(headers, rows):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1)})  # the same file each time
    sheet = book.add_worksheet()
    for place, row in enumerate([headers, *rows]):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(place, column, value)
            elif isinstance(value, str) and not value.startswith("=1"):
                sheet.write_string(place, column, value)
            else:
                sheet.write(place, column, value)
    book.close()
    return stream.getvalue()


def with_part(whole, name, content):
    """The archive with one part replaced."""
    stream = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(whole))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted({*old.namelist(), name}):
            archive.writestr(part, content if part == name else old.read(part))
    return stream.getvalue()


@st.composite
def files(draw, headers):
    """`(name, content, content type)`: nonsense, or a sheet with odd cells, whole or damaged."""
    rows = draw(
        st.lists(
            st.lists(st.sampled_from(ODD), min_size=1, max_size=len(headers) + 2),
            min_size=1,
            max_size=4,
        )
    )
    kind = draw(st.sampled_from(["bytes", "whole", "cut", "flipped", "laughs", "outside", "csv"]))
    name = draw(st.sampled_from(["lembar.xlsx", "lembar.csv", "lembar.ods", "lembar.pdf", "x"]))
    given_type = draw(st.sampled_from([XLSX, "text/csv", "application/pdf", "text/html", ""]))
    if kind == "bytes":
        magic = draw(
            st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"%PDF-"])
        )
        return name, magic + draw(st.binary(max_size=300)), given_type
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=draw(st.sampled_from(",;\t"))).writerows([headers, *rows])
        odd = draw(st.sampled_from([b"", b"\0", b"\xed\xa0\x80", b"\xff", b'"']))
        return name, text.getvalue().encode("utf-8", "surrogatepass") + odd, given_type
    whole = workbook(headers, rows)
    if kind == "cut":
        whole = whole[: draw(st.integers(1, len(whole)))]
    elif kind == "flipped":
        place = draw(st.integers(0, len(whole) - 1))
        whole = (
            whole[:place] + bytes([whole[place] ^ draw(st.integers(1, 255))]) + whole[place + 1 :]
        )
    elif kind in ("laughs", "outside"):
        part = draw(st.sampled_from(["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]))
        whole = with_part(whole, part, LAUGHS if kind == "laughs" else OUTSIDE)
    return name, whole, given_type


def few(test):
    """Some examples of `test`, each independent of what the database holds."""
    return settings(
        max_examples=FUZZ,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )(test)


def headings(template):
    book = CalamineWorkbook.from_filelike(io.BytesIO(template))
    rows = book.get_sheet_by_index(0).to_python()
    return [str(cell) for cell in max(rows[:12], key=lambda row: sum(bool(cell) for cell in row))]


@pytest.fixture(scope="module")
def ended(prison, partner):  # noqa: F811
    """A batch whose certificates may be brought in."""
    return named_batch(prison, partner)[0]


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_broken_sheet_is_refused_in_words(name, objects, ended, every_post, fingerprint):  # noqa: F811
    client, things = signed_in(every_post), objects | {"batch": ended}
    address = address_of(name, things)
    template = b"".join(client.get(address_of(SHEETS[name], things)))
    (form,) = (
        form
        for form in forms_of(text_of(client.get(address)))
        if any(field.kind == "file" and field.name == "sheet" for field in form.fields)
    )
    headers = headings(template)
    bomb = with_part(template, "xl/worksheets/sheet1.xml", b"<" + b" " * 8_000_000)

    @few
    @example(("bom.xlsx", bomb, XLSX))
    @given(files(headers))
    def send(file):
        sent = form.as_it_stands() | {
            "sheet": SimpleUploadedFile(file[0], file[1], file[2]),
            "record": "record",
        }
        before = asked(fingerprint)
        with transaction.atomic():
            answer = client.post(form.action or address, sent)
            assert answer.status_code in (200, 302, 422), file[0]
            if answer.status_code != 302:
                assert asked(fingerprint) == before
                assert any(word in answer.text for word in REFUSES)
                assert "root:" not in answer.text
            transaction.set_rollback(True)

    with override_settings(IMPORT_MAX_BYTES=1_000_000):
        send()


def test_a_broken_register_brings_nobody_in(prison, users, objects):  # noqa: F811
    there = Inmate.objects.count()
    bomb = with_part(workbook(HEADERS, []), "xl/worksheets/sheet1.xml", b"<" + b" " * 8_000_000)

    @few
    @example(("bom.xlsx", bomb, XLSX))
    @given(files(HEADERS))
    def read(file):
        with transaction.atomic():
            with suppress(NotAllowed):
                run = preview(prison, users["registrar"], io.BytesIO(file[1]))
                assert run.state == ImportState.READY or run.failure
            assert Inmate.objects.count() == there
            transaction.set_rollback(True)

    with override_settings(IMPORT_MAX_BYTES=1_000_000):
        read()
