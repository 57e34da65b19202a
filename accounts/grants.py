"""The rights of the database roles, set again after every migrate (docs/decisions/0002).

`lapas_app` (web, worker, commands) may read and write rows; on a model marked
`append_only = True` and on every history table it may only read and add.
"""

from django.apps import apps
from django.db import connections
from pghistory.models import Event

OWNER = "owner"
APP_ROLE = "lapas_app"


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
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        for table in [*append_only_tables(), "django_migrations"]:
            if table in existing:
                cursor.execute(f"REVOKE UPDATE, DELETE ON {quote(table)} FROM {APP_ROLE}")


def after_migrate(using, **kwargs):
    if using == OWNER:
        apply(using)
