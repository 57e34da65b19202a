"""Many rows of one model in one statement, with less ado than `bulk_create`.

Django prepares anew for each row what the database fills in by itself: for a few hundred rows that
takes longer than the statement.
"""

from django.db import connection
from django.db.models.expressions import DatabaseDefault


def insert(rows):
    """Insert unsaved rows of one model. Each gets its key, but nothing else that the database
    fills in. Values are not validated, as in `bulk_create`; no signals are sent."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [
        field
        for field in meta.concrete_fields
        if not (field.primary_key or field.generated)
        and any(not isinstance(getattr(row, field.attname), DatabaseDefault) for row in rows)
    ]
    places = [_place(field) for field in fields]
    whole, params, values = f"({', '.join(places)})", [], []
    for row in rows:
        given = [field.pre_save(row, add=True) for field in fields]
        if any(isinstance(value, DatabaseDefault) for value in given):
            is_given = [not isinstance(value, DatabaseDefault) for value in given]
            marks = zip(places, is_given, strict=True)
            values.append(f"({', '.join(place if is_ else 'DEFAULT' for place, is_ in marks)})")
        else:
            values.append(whole)
        params += [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, given, strict=True)
            if not isinstance(value, DatabaseDefault)
        ]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {", ".join(values)}'
            f' RETURNING "{meta.pk.column}"',
            params,
        )
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, connection.alias


def _place(field):
    placed = getattr(field, "get_placeholder", None)
    return placed(None, None, connection) if placed else "%s"
