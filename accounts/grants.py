"""The rights of the database roles, set again after every migrate (docs/decisions/0002, 0024).

`lapas_app` (web, worker, commands) may read and write rows; on a model marked
`append_only = True` and on every history table it may only read and add. `lapas_liaison` reads
what the models say (`accounts.reads`) and nothing else.
"""

import re

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models, transaction
from pghistory.models import Event

from accounts import reads

OWNER = "owner"
APP_ROLE = "lapas_app"
LIAISON_ROLE = "lapas_liaison"
APP_POLICY, LIAISON_POLICY = "app_sees_all", "liaison_sees_own"


class OwnerMigrates:
    """Database router: only the owner's alias ever changes tables."""

    def allow_migrate(self, db, app_label, **hints):
        return db == OWNER


def append_only_tables():
    """Names of the tables that the app's role may never change or empty."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False)
        or (issubclass(model, Event) and model._meta.managed and not model._meta.proxy)
    )


def apply(using=OWNER):
    """Set every right; idempotent, so a new table cannot be forgotten."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        _let_the_app_write(cursor, connection.ops.quote_name, existing)
        _build_the_wall(cursor, existing)


def _let_the_app_write(cursor, quote, existing):
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    cursor.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}"
    )
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
    for table in [*append_only_tables(), "django_migrations"]:
        if table in existing:
            cursor.execute(f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {APP_ROLE}")


def _build_the_wall(cursor, existing):
    take_down(cursor)
    cursor.execute(f"CREATE SCHEMA {reads.SCHEMA}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public, {reads.SCHEMA} TO {LIAISON_ROLE}")
    declared = reads.declared()
    if any(model._meta.db_table not in existing for model in declared):
        return  # halfway through the history of migrations: the wall has no door
    views = {model: read for model, read in declared.items() if read.shows is not None}
    for model in _in_order(views):
        _show_by_view(cursor, model, views[model])
    for model, read in declared.items():
        if read.shows is None:
            _show_by_policy(cursor, model, read)


def take_down(cursor):
    """Before tables change: policies and views would hold on to their columns."""
    cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = %s", [LIAISON_POLICY])
    for (table,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY {LIAISON_POLICY} ON public."{table}"')
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute(f"DROP SCHEMA IF EXISTS {reads.SCHEMA} CASCADE")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {LIAISON_ROLE}")


def _in_order(views):
    """Each view after those that it asks: people first, then what is theirs."""
    done = []
    while left := {model: read for model, read in views.items() if model not in done}:
        done.append(
            next(
                model for model, read in left.items() if not _asked_by(model, read, left) - {model}
            )
        )
    return done


def _asked_by(model, read, views):
    """Those of the models shown by views on which the view of a model stands."""
    asked = set(re.findall(rf"\b{reads.SCHEMA}\.(\w+)", read.condition(model, as_owner=True)))
    return {other for other in views if other._meta.db_table in asked}


def _show_by_policy(cursor, model, read):
    table = f'public."{model._meta.db_table}"'
    cursor.execute(f"GRANT SELECT ON {table} TO {LIAISON_ROLE}")
    if read.is_everybodys:
        return
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
    if not cursor.fetchone()[0]:
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(
        "SELECT FROM pg_policies WHERE tablename = %s AND policyname = %s",
        [model._meta.db_table, APP_POLICY],
    )
    if not cursor.fetchall():
        # Nothing but `true`: any other condition would take its trigram indexes from the staff.
        cursor.execute(
            f"CREATE POLICY {APP_POLICY} ON {table} TO {APP_ROLE} USING (true) WITH CHECK (true)"
        )
    cursor.execute(
        f"CREATE POLICY {LIAISON_POLICY} ON {table} FOR SELECT TO {LIAISON_ROLE}"
        f" USING ({read.condition(model)})"
    )


def _show_by_view(cursor, model, read):
    """A view of the table's own name, which the liaison's search path finds first.

    No `security_barrier`: behind it a join could not look up a row by its key, and would read all
    that the liaison may read for each row (it would stop foreign SQL alone, which can leave the
    wall anyway).
    """
    table = model._meta.db_table
    columns = ", ".join(
        f'{_expression(each, read)} AS "{each.column}"' for each in model._meta.concrete_fields
    )
    cursor.execute(
        f'CREATE VIEW {reads.SCHEMA}."{table}" AS SELECT {columns} FROM public."{table}"'
        f" WHERE {read.condition(model, as_owner=True)}"
    )
    cursor.execute(f'GRANT SELECT ON {reads.SCHEMA}."{table}" TO {LIAISON_ROLE}')


def _expression(field, read):
    if field.attname in read.instead:
        expression = read.instead[field.attname]
        if "{fully}" in expression:
            return expression.replace("{fully}", reads.fully(field.model))
        return expression
    if field.attname in read.shows or field.name in read.shows:
        return f'"{field.model._meta.db_table}"."{field.column}"'
    return f"{_nothing(field)}::{field.db_type(connections[OWNER])}"


def _nothing(field):
    """What an unknown value looks like to the code that reads it."""
    if field.null or field.is_relation or field.primary_key:
        return "NULL"
    if isinstance(field, models.CharField | models.TextField | models.FileField):
        return "''"
    if isinstance(field, models.GeneratedField):
        return "''"
    if isinstance(field, models.BooleanField):
        return "false"
    if isinstance(field, models.IntegerField):
        return "0"
    if isinstance(field, ArrayField):
        return "'{}'"
    return "NULL"


def before_migrate(using, **kwargs):
    if using == OWNER:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            take_down(cursor)


def after_migrate(using, **kwargs):
    if using == OWNER:
        apply(using)
