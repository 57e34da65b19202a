"""Where somebody is named in texts that are about nobody in particular: a batch's note, a visit's.

Retention blanks what hangs on a person. Such a text hangs on none, and may mean somebody else of
the same name: so it is told to whoever runs the retention, while the names are still known, and a
person looks. Nothing of it is kept.
"""

from functools import cache

from django.apps import apps
from django.db import connections
from django.db.models import CharField, JSONField, TextField
from pghistory.models import Event

from accounts import privacy
from accounts.grants import OWNER
from accounts.services import blanking
from inmates.models import ImportRow, ImportRun, Inmate

OURS = ("accounts", "correspondence", "inmates", "partners", "training", "placements", "reports")
# Records of who did what, archives, and what retention blanks by another way.
NOT_SEARCHED = {
    *("accounts.AccessRecord", "accounts.SignIn", "accounts.User", "accounts.Facility"),
    *("correspondence.Letter", "correspondence.LetterFile"),
}
SHORTEST = 20  # a column for fewer letters holds a code
KEY_SHORTEST = 6
MOST = 20  # rows of one column that are told


def places(records):
    """`["table.column id"]` of texts that hold a full name, or the key, of one of the records."""
    rows = blanking.tables_of(Inmate, records).values()
    names = {name for each in rows for name in each.values_list("name", flat=True)}
    keys = {key for each in rows for key in each.values_list("person_key", flat=True)}
    words = {name for name in names if " " in name.strip()}
    words |= {key for key in keys if len(key) >= KEY_SHORTEST}
    if not words:
        return []
    patterns = [f"%{_literally(word)}%" for word in sorted(words)]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_statement(), {"patterns": patterns})
        return [f"{place} {pk}" for place, pk in cursor.fetchall()]


def _literally(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@cache
def _statement():
    return " UNION ALL ".join(
        f"(SELECT '{model._meta.db_table}.{column.column}', \"{model._meta.pk.column}\"::text"
        f' FROM "{model._meta.db_table}" WHERE "{column.column}"::text ILIKE ANY (%(patterns)s)'
        f" LIMIT {MOST})"
        for model in apps.get_models()
        if _is_searched(model)
        for column in model._meta.concrete_fields
        if _holds_text(column)
    )


def _is_searched(model):
    about_people = {Inmate, ImportRow, ImportRun, *privacy.hanging_on(Inmate)}
    return (
        model._meta.app_label in OURS
        and model._meta.managed
        and not issubclass(model, Event)
        and model not in about_people
        and model._meta.label not in NOT_SEARCHED
    )


def _holds_text(column):
    if isinstance(column, JSONField):
        return True
    is_text = isinstance(column, CharField | TextField) and not column.choices
    return is_text and (column.max_length or SHORTEST) >= SHORTEST
