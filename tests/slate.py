"""After a test that commits, the test database is as it was when it was made.

Django's own way, TRUNCATE of every table and `post_migrate` again, takes seconds each time. Here
only tables with rows are emptied, and what `post_migrate` wrote is put back as it was, by the
server's own superuser: past triggers that forbid to change history, and past foreign keys.
"""

import io

import psycopg2
from django.db import connections
from django.test import TransactionTestCase

KEPT = "django_migrations"
TABLES = """
SELECT oid::regclass FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def keep(alias):
    """From now on every test that commits leaves the database of `alias` as it is now."""
    values = connections[alias].settings_dict
    server = psycopg2.connect(host=values["HOST"], user="postgres", dbname=values["NAME"])
    with server, server.cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall() if name != KEPT]
        rows = {name: _copied(cursor, name) for name in _filled(cursor, tables)}

    def wipe(test_case):
        with server, server.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name in _filled(cursor, tables):
                cursor.execute(f"DELETE FROM {name}")
            for name, content in rows.items():
                cursor.copy_expert(f"COPY {name} FROM STDIN", io.BytesIO(content))

    TransactionTestCase._fixture_teardown = wipe


def _filled(cursor, tables):
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)
    cursor.execute(" UNION ALL ".join(asked))
    return [name for (name,) in cursor.fetchall()]


def _copied(cursor, name):
    content = io.BytesIO()
    cursor.copy_expert(f"COPY {name} TO STDOUT", content)
    return content.getvalue()
