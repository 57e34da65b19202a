"""Steps of tests that take a register from a file to people."""

from inmates.services import (
    register_import,
)
from tests.inmates.register_files import as_csv


def upload(facility, by, stream, *, as_of=None):
    return register_import.upload(
        facility=facility, file=stream, file_name="register.csv", as_of=as_of, by=by
    )


def preview(facility, by, rows, **arguments):
    return register_import.read(run=upload(facility, by, as_csv(rows), **arguments))


def imported(facility, by, rows, **arguments):
    run = preview(facility, by, rows, **arguments)
    return register_import.apply(run=run, by=by)


def findings(run, number):
    return [found["code"] for found in run.rows.get(number=number).messages]
