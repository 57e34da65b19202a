"""How tests bring a register in."""

from inmates.services import register_import


def upload(facility, by, stream, *, as_of=None, is_complete=False):
    return register_import.upload(
        facility=facility,
        file=stream,
        file_name="register.csv",
        as_of=as_of,
        is_complete=is_complete,
        by=by,
    )


def preview(facility, by, stream, **arguments):
    return register_import.read(run=upload(facility, by, stream, **arguments))


def imported(facility, by, stream, **arguments):
    run = preview(facility, by, stream, **arguments)
    return register_import.apply(run=run, by=by)
