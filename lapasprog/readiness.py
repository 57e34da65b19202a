"""Whether this process may serve, and in what it fails: used at start and by `/readyz`."""

import os
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

SWEEP_MAX_AGE = timedelta(hours=3)
BROKER_TIMEOUT = 1  # seconds


def refuse_or_go():
    """For the start of web and worker: end this process with the reasons, if there are any."""
    refused = refusals_to_start()
    if settings.PRODUCTION and "DATABASE_OWNER_URL" in os.environ:
        refused.append("DATABASE_OWNER_URL is set: web and worker must not know it.")
    if refused:
        raise SystemExit("lapasprog does not start in production:\n" + "\n".join(refused))


def refusals_to_start():
    """In production: sentences that say why web and worker must not start. Empty: they may."""
    if not settings.PRODUCTION:
        return []
    refused = []
    if settings.DEBUG:
        refused.append("DEBUG is on.")
    if settings.SECRET_KEY == settings.DEMO_SECRET_KEY:
        refused.append("SECRET_KEY is the demo's.")
    if any(key.startswith("demo:") for key in settings.NIK_KEYS):
        refused.append("NIK_KEYS holds the demo key.")
    if settings.NIK_DIGEST_KEY.startswith("demo-only"):
        refused.append("NIK_DIGEST_KEY is the demo's.")
    if "DATABASE_URL" not in os.environ:
        refused.append("DATABASE_URL is not set.")
    elif _demo_accounts_present():
        refused.append("The demo accounts (@cilegon.test) are in this database.")
    elif sentence := _wall_in_the_way():
        refused.append(sentence)
    return refused


def _wall_in_the_way():
    from accounts import checks

    return checks.wall_in_the_way()


def _demo_accounts_present():
    from accounts.models import User

    return User.objects.filter(email__endswith="@cilegon.test", is_active=True).exists()


def state():
    """What `/readyz` shows: a dict of check to True or a sentence; ready when all are True."""
    checks = {"database": _checked(_database)}
    if checks["database"] is True:
        checks["migrations"] = _checked(_migrations)
        checks["sweep"] = _checked(_sweep)
    checks["broker"] = _checked(_broker)
    return checks


def remarks(checks):
    """What `/readyz` tells besides, and what is no reason not to serve.

    `vacant_posts`: by the code of the prison, the roles that nobody holds today. `failed_mails`:
    how many could not be sent and wait for an admin. `backup`: True unless the last one is too old.
    """
    if not all(checks.get(name) is True for name in ("database", "migrations")):
        return {}
    from correspondence.services import mail
    from lapasprog.backups import keeping
    from reports import posts

    return {
        "vacant_posts": _checked(posts.vacant_by_code),
        "failed_mails": _checked(mail.failed_count),
        "backup": _checked(keeping.state),
    }


def _checked(check):
    try:
        return check()
    except Exception as error:  # whatever fails is what we report
        return type(error).__name__


def _database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations():
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return True if not missing else f"{len(missing)} migrations to apply"


def _broker():
    from lapasprog.celery import app

    with app.connection_for_write(connect_timeout=BROKER_TIMEOUT) as broker:
        broker.ensure_connection(max_retries=0, timeout=BROKER_TIMEOUT)
    return True


def _sweep():
    from correspondence.models import SweepRun

    newest = SweepRun.objects.first()
    if newest and timezone.now() - newest.at > SWEEP_MAX_AGE:
        return f"last sweep at {newest.at:%Y-%m-%d %H:%M} UTC"
    return True
