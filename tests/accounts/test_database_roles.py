"""The first test of the project: what the web's database role can never do."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.grants import append_only_tables
from tests.factories.accounts import FacilityFactory

pytestmark = pytest.mark.django_db


def current_user():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def test_tests_and_the_web_are_lapas_app():
    assert current_user() == "lapas_app"


def rows(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


# Every table with a history row's key, whatever the models say, and those of records.
HISTORIES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
   AND a.attname = 'pgh_obj_id' AND NOT a.attisdropped ORDER BY 1"""
RECORDS = {"accounts_accessrecord", "accounts_signin", "correspondence_letterfile"}
KEPT = """
SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')
   AND c.relnamespace = 'public'::regnamespace
   AND NOT has_table_privilege('lapas_app', c.oid, 'UPDATE, DELETE')"""
FURTHER = """
SELECT c.relname, privilege FROM pg_class c
 CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
 WHERE c.relname = ANY (%s) AND c.relnamespace = 'public'::regnamespace
   AND (has_table_privilege(%s, c.oid, privilege)
        OR privilege = 'UPDATE' AND has_any_column_privilege(%s, c.oid, privilege))"""


def histories():
    return {name for (name,) in rows(HISTORIES)}


def test_what_the_database_keeps_is_what_the_models_mark():
    """From the catalogue: each history, each record; and nothing else but Django's own list."""
    kept = {name for (name,) in rows(KEPT)}
    assert len(histories()) > 50
    assert histories() | RECORDS <= kept
    assert kept == {*append_only_tables(), "django_migrations"}


@pytest.mark.parametrize("role", ["lapas_app", "lapas_liaison", "public"])
def test_no_role_of_web_and_worker_may_change_or_empty_them(role):
    assert rows(FURTHER, append_only_tables(), role, role) == []


def test_no_way_around():
    """No other role, no function that runs as somebody else, no triggers switched off."""
    may_become = rows(
        "SELECT rolname FROM pg_roles WHERE rolname <> current_user"
        " AND (pg_has_role(current_user, oid, 'SET') OR pg_has_role(current_user, oid, 'USAGE'))"
    )
    assert may_become == [("lapas_liaison",)]
    assert rows("SELECT rolsuper, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles"
                " WHERE rolname = current_user") == [(False,) * 4]  # fmt: skip
    assert rows(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ) == []  # fmt: skip
    assert rows("SELECT has_schema_privilege('lapas_app', 'public', 'CREATE')") == [(False,)]
    for statement in (
        "SET session_replication_role = replica",
        "ALTER TABLE training_batch DISABLE TRIGGER ALL",
        "DROP TABLE accounts_accessrecord",
        "ALTER TABLE accounts_accessrecord OWNER TO lapas_app",
    ):
        assert refused(statement), statement


STATEMENTS = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "SELECT 1 FROM {table} FOR UPDATE",
    "INSERT INTO {table} SELECT * FROM {table}"
    " ON CONFLICT ({column}) DO UPDATE SET {column} = excluded.{column}",
    "MERGE INTO {table} t USING {table} s ON t.{column} = s.{column} WHEN MATCHED THEN DELETE",
)


def test_every_statement_that_changes_them_is_refused_in_raw_sql():
    """As the role that web and worker share, of each table that the catalogue knows."""
    for table in histories() | set(append_only_tables()):
        column = "pgh_id" if table in histories() else "id"
        for statement in STATEMENTS:
            assert refused(statement.format(table=table, column=column)), (table, statement)


def refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def test_a_change_leaves_history_that_reads_back():
    facility = FacilityFactory(name="Lapas Lama")
    facility.name = "Lapas Baru"
    facility.save()
    labels = list(facility.events.order_by("pgh_id").values_list("pgh_label", "name"))
    assert labels == [("insert", "Lapas Lama"), ("update", "Lapas Baru")]
