"""Putting a backup into an empty machine, and proving that it is whole."""

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from correspondence.models import LetterFile, Mail
from correspondence.states import MailState
from inmates import nik
from inmates.models import Inmate
from lapasprog.backups import BackupFailed, archive, database, files, taking
from reports import integrity

NIK_SAMPLE = 20
CHUNK = 1 << 20


@dataclass
class Restored:
    """What was put back; the lists name what is not as it should be."""

    manifest: dict
    files: int = 0
    migrated: list[str] = field(default_factory=list)
    letters: int = 0
    mails_waiting: int = 0
    wrong: list[str] = field(default_factory=list)
    put_aside: Path | None = None


def check(path, *, identities=()):
    """Unpack an archive into a passing folder and compare every byte; returns its manifest."""
    with _unpacked(path, identities) as (_folder, manifest, _members):
        return manifest


def restore(path, *, identities=(), replace=False, tell=lambda sentence: None):
    """Fill the empty database and upload folder from the archive at `path`.

    With `replace` what is there goes: the database is emptied, the upload folder put aside. Nothing
    is touched before the whole archive has been read and compared with its checksums.
    """
    database.refuse_without_roles()
    _refuse_unless_empty(replace)
    tell(f"reading and comparing {path} ...")
    with _unpacked(path, identities) as (folder, manifest, members):
        restored = Restored(manifest, files=members - 2)  # without manifest and dump
        if not database.is_empty():
            tell("emptying the database ...")
            database.wipe()
        tell("filling the database ...")
        database.load(folder / archive.DUMP)
        _compare_rows(restored)
        tell("putting the files in their place ...")
        restored.put_aside = _put_files(folder / archive.FILES)
    restored.migrated = _migrate(manifest)
    tell("learning how the rows lie ...")
    database.analyze()
    tell("looking whether all is as it was ...")
    _compare_letters(restored)
    _open_niks(restored)
    restored.wrong += [
        f"check_integrity: {sentence}: {len(rows)} rows"
        for sentence, rows in integrity.differences()
        if rows
    ]
    restored.mails_waiting = Mail.objects.filter(state=MailState.QUEUED).count()
    return restored


def _refuse_unless_empty(replace):
    if others := database.others_connected():
        raise BackupFailed(
            f"{others} other connections work on this database: stop web, worker and beat first."
        )
    if replace:
        return
    if not database.is_empty():
        raise BackupFailed(
            "The database is not empty. Restore into an empty one, or say --replace: "
            "then all that it holds is lost."
        )
    if files.present():
        raise BackupFailed(
            f"{settings.MEDIA_ROOT} holds files. Move them away, or say --replace: "
            "then the folder is put aside."
        )


class _unpacked(TemporaryDirectory):
    """A folder with the archive's content, its manifest, and how many members it has."""

    def __init__(self, path, identities):
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        super().__init__(dir=settings.VAR_DIR, prefix="restore-")
        self.path, self.identities = Path(path), identities

    def __enter__(self):
        folder = Path(super().__enter__())
        try:
            manifest, members, _size = archive.unpacked(
                self.path, self.identities, folder, _refuse_what_is_newer
            )
        except OSError as error:
            self.cleanup()
            raise BackupFailed(f"The archive could not be unpacked: {error}") from error
        except BaseException:
            self.cleanup()
            raise
        return folder, manifest, members


def _refuse_what_is_newer(manifest):
    if manifest.get("product") != "lapasprog" or manifest.get("format", 0) > taking.FORMAT:
        raise BackupFailed("This archive is of another product, or of a newer lapasprog.")
    unknown = [
        f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in _known()
    ]
    if unknown:
        raise BackupFailed(
            "This archive is of a newer lapasprog than the one that runs here; install at least "
            f"that version. Unknown here: {', '.join(unknown[:5])}."
        )


def _known():
    """Migrations of this code, also those that stand in another one's place."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {*disk, *(old for migration in disk.values() for old in migration.replaces)}


def _compare_rows(restored):
    found, expected = database.rows(), restored.manifest["rows"]
    restored.wrong += [
        f"{table}: {found.get(table, 'no')} rows instead of {number}"
        for table, number in expected.items()
        if found.get(table) != number
    ]


def _put_files(source):
    """The unpacked files become the upload folder; returns where an older one was put aside."""
    target, aside = Path(settings.MEDIA_ROOT), None
    if files.present():
        aside = target.with_name(f"{target.name}-before-{timezone.now():%Y%m%dT%H%M%SZ}")
        target.rename(aside)
    target.mkdir(parents=True, exist_ok=True)
    if source.exists():
        for entry in sorted(source.iterdir()):
            shutil.move(entry, target / entry.name)
    return aside


def _migrate(manifest):
    """Bring tables, rights and row policies to what this code needs; returns what was applied."""
    before = {tuple(migration) for migration in manifest["migrations"]}
    call_command("migrate", database=database.OWNER, verbosity=0, interactive=False)
    with connections[database.OWNER].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return sorted(f"{app}.{name}" for app, name in set(cursor.fetchall()) - before)


def _compare_letters(restored):
    missing = set(restored.manifest["missing"])
    for printed in LetterFile.objects.order_by("pk").iterator(1000):
        restored.letters += 1
        try:
            with printed.pdf.open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
        except FileNotFoundError:
            if printed.pdf.name not in missing:
                restored.wrong.append(f"letter file {printed.pdf.name} is missing")
            continue
        if found != printed.sha256:
            restored.wrong.append(f"letter file {printed.pdf.name} is not the one printed")


def _open_niks(restored):
    """Whether the keys of this machine open what the backup holds; a few of each key."""
    for key in restored.manifest["nik_keys"]:
        sealed = Inmate._base_manager.filter(nik_key=key, nik_cipher__isnull=False)
        for cipher in sealed.values_list("nik_cipher", flat=True)[:NIK_SAMPLE]:
            try:
                nik.reveal(cipher)
            except nik.UnknownKey:
                restored.wrong.append(f"no key in NIK_KEYS opens the NIKs sealed with key {key!r}")
                break
