"""What the database must allow and refuse, asked by `manage.py check --database default`."""

from django.core.checks import Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from accounts import reads
from accounts.grants import APP_ROLE, LIAISON_ROLE

GRANT = f"GRANT {LIAISON_ROLE} TO {APP_ROLE} WITH INHERIT FALSE, SET TRUE;"
MAKE = f"CREATE ROLE {LIAISON_ROLE} NOLOGIN; {GRANT}"
READABLE = """
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
   AND has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE')"""


def wall_in_the_way():
    """One sentence, with the SQL to run, when liaisons' pages cannot work; empty when they can."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_roles WHERE rolname = %s", [LIAISON_ROLE])
        if not cursor.fetchone():
            return _sentence("does not exist", MAKE)
        cursor.execute("SELECT pg_has_role(current_user, %s, 'SET')", [LIAISON_ROLE])
        if not cursor.fetchone()[0]:
            return _sentence("may not be taken by the web's role", GRANT)
    return ""


def _sentence(what, sql):
    return (
        f"Liaisons' pages fail, because the database role {LIAISON_ROLE} {what}:"
        f" run this as a superuser of the database: {sql}"
    )


def opened_by_mistake():
    """Names of tables that liaisons may read in the database without a model that says so."""
    said = {model._meta.db_table for model, read in reads.declared().items() if read.shows is None}
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(READABLE, [LIAISON_ROLE])
        return sorted({name for (name,) in cursor.fetchall()} - said)


@register(Tags.database)
def check_the_wall(databases=None, **kwargs):
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    if sentence := wall_in_the_way():
        return [Error(sentence, id="accounts.E001")]
    return [
        Error(
            f"Liaisons may read {table}, which no model says: run manage.py migrate"
            " --database owner, which sets all rights again.",
            id="accounts.E002",
        )
        for table in opened_by_mistake()
    ]
