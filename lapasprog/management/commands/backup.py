import signal
import sys
import time

from django.core.management import BaseCommand, CommandError
from django.db import connections

from lapasprog.backups import BackupFailed, archive, keeping

LOOKS = 300  # seconds


class Command(BaseCommand):
    help = "Archive database and uploaded files, while people work (docs/backup.md)."

    def add_arguments(self, parser):
        parser.add_argument(
            "target",
            nargs="?",
            help="a folder, or the name of a new file; default: BACKUP_DIR, else backups/ in the "
            "data folder",
        )
        parser.add_argument(
            "--new-key", action="store_true", help="print a new pair of keys and do nothing else"
        )
        parser.add_argument(
            "--each-night", action="store_true", help="go on running: one after each BACKUP_AT"
        )

    def handle(self, *, target, new_key, each_night, **options):
        if new_key:
            self._print_key()
            return
        if each_night:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # one that is begun is taken away
        while each_night:
            keeping.keep()
            connections.close_all()
            time.sleep(LOOKS)
        try:
            taken = keeping.run(target)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        sealed = "sealed" if taken.is_sealed else "NOT sealed: set BACKUP_KEY"
        self.stdout.write(
            f"{taken.path}: database and {taken.files} files, {taken.size / 1e6:.1f} MB, "
            f"{taken.seconds:.1f} s, {sealed}"
        )
        for name in taken.missing:
            self.stderr.write(f"missing: a row names {name}, the upload folder has no such file")
        for name in taken.changed:
            self.stderr.write(f"changed: {name} is not the letter that was printed")

    def _print_key(self):
        public, secret = archive.new_key()
        self.stdout.write(
            f"BACKUP_KEY={public}\n\n{secret}\n\n"
            "The first line goes into the settings of this machine. The second opens the backups:\n"
            "keep it away from this machine, at two places; without it they are worth nothing."
        )
