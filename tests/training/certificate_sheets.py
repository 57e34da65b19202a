"""Sheets of certificates as an agency or an office may send them."""

import csv
import io
from datetime import date

import xlsxwriter
from django.utils import timezone

from tests.factories.inmates import inmate_at
from tests.factories.partners import scan_file, today
from tests.factories.training import confirmed_batch, enrolled
from training.sheet import reading
from training.sheet.columns import OF_PRISON, of_batch
from training.states import BatchState, ProposalState, Side

NAMES = ("MUHAMMAD RIZKI PRATAMA", "SITI NURHALIZA", "BUDI SANTOSO", "BUDI SETIAWAN")


def named_batch(facility, agency, names=NAMES, **fields):
    """A finished batch with these participants, and their enrolments in that order."""
    fields = {
        "state": BatchState.FINISHED,
        "starts_on": today(-60),
        "ends_on": today(-20),
        "seats_confirmed": 60,
        **fields,
    }
    batch = asked(confirmed_batch(facility, agency, **fields))
    people = [inmate_at(facility, name=name, search_name=name.lower()) for name in names]
    return batch, [enrolled(batch, person) for person in people]


def asked(batch):
    """The batch, with the round by which its agency confirmed it: its liaisons see it."""
    batch.proposals.create(
        facility=batch.facility,
        agency=batch.agency,
        round=1,
        side=Side.PRISON,
        seats=batch.seats_confirmed,
        starts_on=batch.starts_on,
        ends_on=batch.ends_on,
        respond_by=batch.starts_on,
        state=ProposalState.ACCEPTED,
        answered_at=timezone.now(),
        entered_afterwards=True,
    )
    return batch


def paper(**more):
    facts = {"name": "BUDI SANTOSO", "number": "560/1/BLK", "issued_on": today(-10)}
    return facts | more


def xlsx(rows, columns=None):
    """A workbook with the headings of the template."""
    headings = {column.field: str(column.heading) for column in columns or of_batch([])}
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    for place, heading in enumerate(headings.values()):
        sheet.write_string(0, place, heading)
    for number, row in enumerate(rows, 1):
        for place, field in enumerate(headings):
            cell = row.get(field)
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, days)
            elif isinstance(cell, int | float):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, cell)
    book.close()
    stream.seek(0)
    return stream


def comma_separated(rows, columns=None):
    headings = {column.field: str(column.heading) for column in columns or of_batch([])}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings.values())
    for row in rows:
        cells = [row.get(field, "") for field in headings]
        writer.writerow([f"{c:%d/%m/%Y}" if isinstance(c, date) else c for c in cells])
    return io.BytesIO(text.getvalue().encode())


def of_batch_rows(*rows, columns=None):
    columns = columns or of_batch([])
    return reading.read(xlsx(rows, columns), columns, most=300, one_of=("code", "name"))


def of_prison_rows(*rows):
    return reading.read(
        xlsx(rows, OF_PRISON), OF_PRISON, most=1000, one_of=("key", "register_number")
    )


def scan(name, content=b"%PDF-1.7 sertifikat"):
    return scan_file(content, name)
