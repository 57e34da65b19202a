"""Taking a backup while people work."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from inmates.models import Inmate
from lapasprog.backups import BackupFailed, archive, database, files
from lapasprog.backups.database import OWNER

LOCK = 7_301_009  # advisory lock: one backup at a time, however many ask
ATTEMPTS = 5
FORMAT = 1
STEM = "lapasprog-"
NAME = f"{STEM}{{at:%Y%m%dT%H%M%SZ}}.tar"


class AlreadyRunning(BackupFailed):
    """Another process takes one at this moment."""


@dataclass(frozen=True)
class Taken:
    """A backup: `missing` are files that rows name and nobody has, `changed` letters whose file is
    not the one that was printed."""

    path: Path
    files: int
    size: int
    seconds: float
    is_sealed: bool
    missing: list[str]
    changed: list[str]


def take(target=None, *, keys=None):
    """Make an archive of database and files; `target` is a folder or the name of a new file.

    `keys` are the public keys that seal it, by default those of `BACKUP_KEY`.
    """
    began, now = time.monotonic(), timezone.now()
    keys = settings.BACKUP_KEY if keys is None else keys
    path = _place(target, now, is_sealed=bool(keys))
    try:
        with TemporaryDirectory(dir=work()) as scratch, _snapshot() as (snapshot, held):
            return _write(path, keys, Path(scratch), snapshot, held, now, began)
    except OSError as error:
        raise BackupFailed(f"The backup could not be written: {error}") from error


def _place(target, now, *, is_sealed):
    target = Path(target or folder())
    if target.is_dir() or not target.suffix:
        return target / (NAME.format(at=now) + (".age" if is_sealed else ""))
    if target.exists():
        raise BackupFailed(f"{target} is there already.")
    return target


def work():
    """Where dumps lie until they are in an archive."""
    place = settings.VAR_DIR / "backup-work"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def folder():
    return Path(settings.BACKUP_DIR or settings.VAR_DIR / "backups")


@contextmanager
def _snapshot():
    """The state of one moment, as PostgreSQL's name of it and the files that it names.

    Files that vanished between the moment and the links were deleted by somebody's act; then the
    state after that act is taken. What is gone in several states is missing for good.
    """
    for attempt in range(1, ATTEMPTS + 1):
        with transaction.atomic(using=OWNER):
            name = _exported()
            with files.pinned() as held:
                if not held.gone or attempt == ATTEMPTS:
                    yield name, held
                    return
        time.sleep(0.1)


def _exported():
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning("A backup is being taken already.")
        cursor.execute("SELECT pg_export_snapshot()")
        return cursor.fetchone()[0]


def _write(path, keys, scratch, snapshot, held, now, began):
    changed = []
    dump = scratch / archive.DUMP
    manifest = _manifest(now, held)
    database.dump(dump, snapshot)
    with archive.written(path, keys, scratch) as out:
        out.add_json(archive.MANIFEST, manifest)
        out.add(archive.DUMP, dump)
        dump.unlink()
        for file in held:
            found = out.add(archive.FILES + file.name, held.folder / file.name)
            if file.sha256 and file.sha256 != found:
                changed.append(file.name)
    size, seconds = path.stat().st_size, time.monotonic() - began
    return Taken(path, held.number, size, seconds, bool(keys), held.gone, changed)


def _manifest(now, held):
    recorder = MigrationRecorder(connections[OWNER])
    return {
        "format": FORMAT,
        "product": "lapasprog",
        "taken_at": now.isoformat(),
        "postgresql": connections[OWNER].pg_version,
        "migrations": sorted(map(list, recorder.applied_migrations())),
        "rows": database.rows(),
        "without_rows": list(database.PASSING),
        "files": held.number,
        "letters": held.letters,
        "missing": held.gone,
        "nik_keys": sorted(
            Inmate._base_manager.using(OWNER)
            .exclude(nik_key="")
            .order_by()
            .values_list("nik_key", flat=True)
            .distinct()
        ),
    }
