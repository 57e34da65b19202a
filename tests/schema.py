"""The test database is made from the models, not by replaying every migration.

`tests/test_migrations.py` proves that the migrations end in exactly the same database, so that
nothing is tested that an office would not get.
"""

from contextlib import contextmanager

import pgtrigger
from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate
from django.test.utils import setup_databases

EXTENSIONS = ("btree_gist", "btree_gin", "pg_trgm")
OWNER = "owner"

CATALOGUE = """
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || ' ' || a.attidentity::text
       || a.attgenerated::text || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
       || ' collation ' || a.attcollation::regcollation::text
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v', 'm', 'p')
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass::text || ' ' || conname || ' '
       || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || proname || ' ' || pg_get_functiondef(oid)
  FROM pg_proc p
 WHERE pronamespace = 'public'::regnamespace AND prolang = (
       SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
UNION ALL
SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || coalesce(qual, '')
       || coalesce(with_check, '') || roles::text
  FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT 'guarded ' || relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
UNION ALL
SELECT 'view ' || relname || ' ' || coalesce(reloptions::text, '') || pg_get_viewdef(oid)
  FROM pg_class WHERE relkind = 'v' AND relnamespace = 'liaison'::regnamespace
UNION ALL
SELECT 'right ' || relname || ' ' || acl.grantee::regrole::text || ' ' || acl.privilege_type
  FROM pg_class, LATERAL aclexplode(relacl) acl
 WHERE relnamespace IN ('public'::regnamespace, 'liaison'::regnamespace)
UNION ALL
SELECT 'extension ' || extname FROM pg_extension
"""


def build():
    """Make the test databases of this process, with all that the migrations leave behind."""
    with _models_only():
        setup_databases(verbosity=0, interactive=False, serialized_aliases=())
    loader = MigrationLoader(None, ignore_no_migrations=True)
    with connections[OWNER].cursor() as cursor:
        pgtrigger.install(database=OWNER)
        for statement in statements_of(loader):
            cursor.execute(statement)
    recorder = MigrationRecorder(connections[OWNER])
    recorder.ensure_schema()
    recorder.migration_qs.bulk_create(
        recorder.Migration(app=app, name=name) for app, name in loader.disk_migrations
    )


def catalogue(connection):
    """Everything that makes up a database's schema, as a set of sentences."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def _models_only():
    connections[OWNER].settings_dict["TEST"]["MIGRATE"] = False
    pre_migrate.connect(_create_extensions, sender=apps.get_app_config("accounts"))
    try:
        yield
    finally:
        pre_migrate.disconnect(_create_extensions, sender=apps.get_app_config("accounts"))


def _create_extensions(using, **kwargs):
    with connections[using].cursor() as cursor:
        for name in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


def statements_of(loader):
    """SQL that stands in migrations only, because no model can say it."""
    leaves = leaves_of(loader)
    for node in dict.fromkeys(node for leaf in leaves for node in loader.graph.forwards_plan(leaf)):
        for operation in loader.graph.nodes[node].operations:
            if isinstance(operation, RunSQL) and operation.hints.get("schema"):
                yield operation.sql


def leaves_of(loader):
    """The last migrations of each app, without those that stand for several which are there too."""
    graph = loader.graph
    return [
        node
        for node in graph.leaf_nodes()
        if not any((node[0], name) in graph.nodes for _app, name in graph.nodes[node].replaces)
    ]
