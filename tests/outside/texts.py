"""Whatever leaves, as text to be searched: pages, PDFs, archives, workbooks, calendars, mails.

Nothing is passed over: bytes that nobody here can read raise `Unread`.
"""

import html
import io
import zipfile
from datetime import date
from email import message_from_bytes, policy

import icalendar
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from python_calamine import CalamineWorkbook

PDF, ZIP, CALENDAR = b"%PDF-", (b"PK\x03\x04", b"PK\x05\x06"), b"BEGIN:VCALENDAR"
WORKBOOK = "xl/workbook.xml"


class Unread(Exception):
    """Here are bytes in which a mark would not be found."""


def text_of(answer):
    """The body of a response."""
    return text_in(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def text_in(body):
    if body.startswith(PDF):
        return _pdf(body)
    if body.startswith(ZIP):
        return " ".join(_archive(body))
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Unread(body[:40]) from error
    if body.startswith(CALENDAR):
        return " ".join([text, *_calendar(text)])
    return html.unescape(text)


def text_of_mail(message):
    """Headers and parts of an `EmailMessage`, also those that travel encoded."""
    mail = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    said = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        if not part.is_multipart():
            said += [part.get_filename() or "", text_in(part.get_payload(decode=True))]
    return "\n".join(said)


def _pdf(body):
    """Pages, what the file says of itself, and files inside; a torn scan as it stands."""
    try:
        file = PdfReader(io.BytesIO(body))
        said = [page.extract_text() for page in file.pages]
        said += map(str, (file.metadata or {}).values())
        for name, contents in file.attachments.items():
            said += [name, *map(text_in, contents)]
    except (PyPdfError, ValueError, KeyError):
        return body.decode("latin-1")
    return " ".join(said)


def _archive(body):
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        names = parts.namelist()
        yield parts.comment.decode("latin-1")
        for name in names:
            yield name
            yield text_in(parts.read(name))
    if WORKBOOK in names:
        yield from _cells(body)


def _cells(body):
    """A day stands in a workbook as a number: here as a day."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    for name in book.sheet_names:
        for line in book.get_sheet_by_name(name).to_python():
            yield from (cell.isoformat() if isinstance(cell, date) else str(cell) for cell in line)


def _calendar(text):
    """Values as a calendar shows them: long lines put together again, signs no longer escaped."""
    for part in icalendar.Calendar.from_ical(text).walk():
        for name, value in part.property_items(recursive=False):
            yield f"{name}: {getattr(value, 'dt', value)}"
