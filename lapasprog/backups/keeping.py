"""The nightly backup: when it is due, how many are kept, who is told that none was taken."""

import logging
from contextlib import suppress
from datetime import datetime, time, timedelta
from shutil import rmtree

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import User
from accounts.states import UserKind
from correspondence.services import notices
from lapasprog.backups import BackupFailed, taking
from lapasprog.models import BackupRun

logger = logging.getLogger(__name__)

OVERDUE, FAILED = "backup_overdue", "backup_failed"
PATTERN = f"{taking.STEM}[0-9]*.tar*"
RECORDED_DAYS = 400


def run(target=None):
    """Take a backup and write down how it went; old ones of the nightly folder go."""
    try:
        taken = taking.take(target)
    except taking.AlreadyRunning:
        raise
    except Exception as error:
        with suppress(DatabaseError):  # which may be why it failed
            _tell(FAILED, BackupRun.objects.create(ok=False, failure=str(error)[:400]))
        if isinstance(error, DatabaseError):
            raise BackupFailed(f"The database does not answer: {error}") from error
        raise
    BackupRun.objects.create(
        ok=True,
        archive=taken.path.name,
        size=taken.size,
        files=taken.files,
        is_sealed=taken.is_sealed,
        seconds=taken.seconds,
        failure=_remarks(taken)[:400],
    )
    BackupRun.objects.filter(at__lt=timezone.now() - timedelta(days=RECORDED_DAYS)).delete()
    for told in BackupRun.objects.filter(ok=False):
        notices.close_for(told, FAILED, OVERDUE)
    forget_old()
    return taken


def keep(now=None):
    """Any number of times, as the owner: the backup of today, once `BACKUP_AT` has passed.

    Returns what was taken, or None.
    """
    if not _is_due(now or timezone.now()):
        return None
    try:
        return run()
    except taking.AlreadyRunning:
        return None
    except BackupFailed as error:
        logger.error("backup failed: %s", error)
        return None


def watch(now=None):
    """For the beat, any number of times: admins are told when the last backup is too old."""
    if is_overdue(now):
        _tell(OVERDUE, BackupRun.objects.filter(ok=False).first() or BackupRun.objects.first())


def last():
    """The newest backup that was taken, or None."""
    return BackupRun.objects.filter(ok=True).first()


def is_overdue(now=None):
    """Whether the last backup is older than `BACKUP_MAX_AGE_HOURS`; a demo needs none."""
    newest = last()
    if newest is None:
        return settings.PRODUCTION or bool(settings.BACKUP_DIR)
    return (now or timezone.now()) - newest.at > timedelta(hours=settings.BACKUP_MAX_AGE_HOURS)


def state():
    """For `/readyz`: True, or a sentence; never a reason not to serve."""
    newest, now = last(), timezone.now()
    if not is_overdue(now):
        return True
    failed = BackupRun.objects.filter(ok=False).first()
    said = f"last backup at {newest.at:%Y-%m-%d %H:%M} UTC" if newest else "no backup yet"
    if failed and (newest is None or failed.at > newest.at):
        said += f"; failed at {failed.at:%Y-%m-%d %H:%M} UTC"
    return said


def forget_old():
    """Keep the newest `BACKUP_KEEP` archives of the folder, and nothing that a killed one left."""
    archives = sorted(taking.folder().glob(PATTERN))
    for old in archives[: -settings.BACKUP_KEEP]:
        old.unlink(missing_ok=True)
    yesterday = (timezone.now() - timedelta(days=1)).timestamp()
    for left in [*taking.folder().glob(f".{taking.STEM}*.part"), *taking.work().iterdir()]:
        if left.stat().st_mtime < yesterday:
            rmtree(left) if left.is_dir() else left.unlink()


def _is_due(now):
    """After `BACKUP_AT`, unless one was taken since; a missed night is made good."""
    hour, minute = map(int, settings.BACKUP_AT.split("."))
    local = timezone.localtime(now)
    since = timezone.make_aware(datetime.combine(local.date(), time(hour, minute)))
    if local < since:
        since -= timedelta(days=1)
    return not BackupRun.objects.filter(ok=True, at__gte=since).exists()


def _remarks(taken):
    said = []
    if taken.missing:
        said.append(f"{len(taken.missing)} files are missing, e.g. {taken.missing[0]}")
    if taken.changed:
        said.append(f"{len(taken.changed)} letters changed on disk, e.g. {taken.changed[0]}")
    return "; ".join(said)


def _tell(kind, about):
    if about is None:
        return
    admins = User.objects.filter(kind=UserKind.ADMIN, is_active=True)
    last_one = last()
    since = timezone.localtime(last_one.at).date().isoformat() if last_one else ""
    notices.tell(
        kind=kind,
        obj=about,
        recipients=admins,
        data={"since": since},
        link="/admin/lapasprog/backuprun/",
    )
