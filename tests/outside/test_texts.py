"""A mark is found in whatever it hides; what nobody can read is not passed over."""

import io
import zipfile
from datetime import date

import icalendar
import pytest
from django.core.mail import EmailMessage
from pypdf import PdfWriter
from xlsxwriter import Workbook

from tests.outside.marks import BORN, NUMBERED, found_in
from tests.outside.texts import Unread, text_in, text_of_mail

MARK = "QZ100X7"
FIELD = NUMBERED[100]
DAY = date.fromisoformat(BORN)


def archive(members, comment=""):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in members.items():
            parts.writestr(name, content)
        parts.comment = comment.encode()
    return stream.getvalue()


def workbook(value, **format_of_cell):
    stream = io.BytesIO()
    with Workbook(stream) as book:
        book.add_worksheet().write(3, 2, value, book.add_format(format_of_cell))
    return stream.getvalue()


def pdf_about(said=None, **attached):
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": said or "Surat"})
    for name, content in attached.items():
        writer.add_attachment(f"{name}.txt", content)
    writer.write(stream)
    return stream.getvalue()


def calendar(text):
    feed, event = icalendar.Calendar(), icalendar.Event()
    event.add("summary", text)
    feed.add_component(event)
    return feed.to_ical()


HIDDEN = {
    "a file of an archive": archive({"a.csv": f"nama;{MARK}"}),
    "the name of a file of an archive": archive({f"surat-{MARK}.txt": "kosong"}),
    "what an archive says of itself": archive({}, comment=MARK),
    "an archive of an archive": archive({"a.zip": archive({"b.txt": MARK})}),
    "a PDF of an archive": archive({"a.pdf": pdf_about(MARK)}),
    "a calendar of an archive": archive({"a.ics": calendar(MARK)}),
    "a cell": workbook(MARK),
    "what a PDF says of itself": pdf_about(MARK),
    "the name of a file in a PDF": pdf_about(**{MARK: b"kosong"}),
    "a file in a PDF": pdf_about(a=MARK.encode()),
    "a torn PDF": b"%PDF-1.7 " + MARK.encode(),
    "a calendar": calendar(MARK),
    "a page that escapes": f"&quot;{MARK.replace('Q', '&#81;')}".encode(),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_a_mark_is_found_in(where):
    assert found_in(text_in(HIDDEN[where])) == {FIELD: "QZ100X"}


def test_a_mark_is_found_wherever_a_calendar_folds_its_line():
    for length in range(80):
        folded = calendar(f"{'a' * length} {MARK}")
        assert found_in(text_in(folded)) == {FIELD: "QZ100X"}, folded


def test_a_day_is_found_that_a_workbook_holds_as_a_number():
    assert found_in(text_in(workbook(DAY, num_format="dd/mm/yyyy")))


@pytest.mark.parametrize(
    "given",
    [
        {"subject": f"Tenggat – {MARK}"},
        {"body": f"Yth. Ibu – {MARK}"},
        {"to": [f'"Ibu – {MARK}" <ibu@uji.test>']},
        {"headers": {"X-Tentang": MARK}},
        {"attachments": [("surat.zip", archive({"a.txt": MARK}), "application/zip")]},
        {"attachments": [(f"{MARK}.csv", "nama", "text/csv")]},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_mark_is_found_in_a_mail(given):
    message = EmailMessage(**{"subject": "Tenggat", "body": "Ada", "to": ["a@uji.test"], **given})
    assert found_in(text_of_mail(message)) == {FIELD: "QZ100X"}


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08\0", b"\xff\xfe\0"])
def test_what_nobody_can_read_is_not_passed_over(body):
    with pytest.raises(Unread):
        text_in(body)
    with pytest.raises(Unread):
        text_in(archive({"foto.png": body}))
