import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import OperationalError

from lapasprog.backups import BackupFailed, restoring


class Command(BaseCommand):
    help = "Put a backup into an empty machine, and prove that it is whole (docs/backup.md)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--key-file",
            type=Path,
            help="a file with the secret key; default: the variable BACKUP_SECRET_KEY",
        )
        parser.add_argument("--replace", action="store_true", help="what is here already goes")
        parser.add_argument(
            "--check", action="store_true", help="only read the archive and compare its checksums"
        )

    def handle(self, *, archive, key_file, replace, check, **options):
        try:
            keys = _keys(key_file)
            if check:
                self._tell_manifest(restoring.check(archive, identities=keys))
                return
            restored = restoring.restore(archive, identities=keys, replace=replace, tell=self._say)
        except (BackupFailed, FileNotFoundError) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        self._tell(restored)
        if restored.wrong:
            sys.exit(1)

    def _say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()

    def _tell_manifest(self, manifest):
        rows = sum(manifest["rows"].values())
        self._say(
            f"whole: taken at {manifest['taken_at'][:16]} UTC, {rows} rows in "
            f"{len(manifest['rows'])} tables, {manifest['files']} files, "
            f"{manifest['letters']} of them letters"
        )

    def _tell(self, restored):
        self._tell_manifest(restored.manifest)
        self._say(f"files are in {settings.MEDIA_ROOT}")
        if restored.put_aside:
            self._say(f"the files that were here are in {restored.put_aside}")
        self._say(f"{restored.letters} letters are the ones that were printed, byte for byte")
        if restored.migrated:
            self._say(f"brought forward by {len(restored.migrated)} migrations")
        for name in restored.manifest["missing"]:
            self._say(f"was missing already when the backup was taken: {name}")
        if restored.mails_waiting:
            self._say(
                f"{restored.mails_waiting} mails waited at that moment and go out when the worker "
                "starts; those sent since then go out once more"
            )
        self._say("everybody has to sign in again")
        for sentence in restored.wrong:
            self._say(f"WRONG: {sentence}")
        self._say("not as it was" if restored.wrong else "all is as it was")


def _keys(key_file):
    text = key_file.read_text() if key_file else os.environ.get("BACKUP_SECRET_KEY", "")
    return [line.strip() for line in text.splitlines() if line.strip().startswith("AGE-")]
