"""Who saw or exported which named people: one record per response (UU 27/2022)."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import EmptyResultSet, ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.db.models import QuerySet

from accounts import wall
from accounts.inserts import insert
from accounts.models import AccessRecord

VIEW, EXPORT = "view", "export"


def record(request, act, people):
    """Write down that this response names `people` (anything with a `public_id`).

    Call it before the response leaves; no people, no record. The path is kept without its query.
    The people of an export, who may be a country's, are written down by the database itself.
    """
    if act == EXPORT and isinstance(people, QuerySet) and not wall.stands():
        _record_all(people, _told_of(request, act))
    elif subjects := list(dict.fromkeys(_ids(act, people))):
        with wall.outside():
            insert([AccessRecord(subjects=subjects, **_told_of(request, act))])


def _told_of(request, act):
    return {
        "user_email": request.user.email,
        "act": act,
        "path": request.path[:200],
        "address": address_of(request),
        "request": getattr(request, "id", "")[:64],
    }


def _record_all(people, told):
    """The record of a queryset, each once and in its order, without its people being here."""
    try:
        listed, of_listed = people.values("public_id").query.sql_with_params()
    except EmptyResultSet:
        return
    own = AccessRecord._meta
    values = ", ".join(f"%s::{own.get_field(name).db_type(connection)}" for name in told)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {own.db_table} ({', '.join(told)}, subjects)"
            f" SELECT {values}, array_agg(public_id ORDER BY place) FROM (SELECT public_id,"
            " min(place) AS place FROM (SELECT public_id, row_number() OVER () AS place"
            f" FROM ({listed}) AS listed) AS placed GROUP BY public_id) AS named"
            " HAVING count(*) > 0",
            [*told.values(), *of_listed],
        )


def _ids(act, people):
    if act == EXPORT and isinstance(people, QuerySet):  # it may be long, and is only asked here
        return people.values_list("public_id", flat=True).iterator(chunk_size=2_000)
    return [person.public_id for person in people]


def address_of(request):
    """The network address that asked, None where it is not known (a socket, a wrong proxy)."""
    try:
        return get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        return None
