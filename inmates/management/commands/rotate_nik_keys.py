"""Put every stored NIK under the newest key of NIK_KEYS; `inmates.nik` tells what to do around."""

import time

from django.core.management.base import BaseCommand, CommandError

from inmates.services import nik_keys

ROUNDS, PAUSE_SECONDS = 10, 1


class Command(BaseCommand):
    help = (
        "Re-encrypt NIKs that are not under the newest key, in batches, while people work. "
        "May be stopped and run again at any time."
    )

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=nik_keys.BATCH, help="rows at a time")
        parser.add_argument(
            "--digests", action="store_true", help="also make all digests anew (NIK_DIGEST_KEY)"
        )

    def handle(self, *, batch, digests, **options):
        renewed = 0
        for _round in range(ROUNDS):
            found = [
                self._all(work, digests, batch)
                for work in (nik_keys.renew_people, nik_keys.renew_imports)
            ]
            renewed += sum(done for done, _unreadable in found)
            unreadable = sum(closed for _done, closed in found)
            left = nik_keys.left() - unreadable
            if left <= 0:
                break
            digests = False
            time.sleep(PAUSE_SECONDS)
        self.stdout.write(f"renewed: {renewed}, left: {max(left, 0)}, unreadable: {unreadable}")
        if left > 0:
            raise CommandError("some rows were being worked on: run it again, keep the old key")
        if unreadable:
            raise CommandError("some NIKs open with none of NIK_KEYS: find their key, keep all")

    def _all(self, work, digests, size):
        renewed = unreadable = after = 0
        while after is not None:
            batch = work(after=after, digests=digests, size=size)
            renewed, unreadable = renewed + batch.renewed, unreadable + batch.unreadable
            after = batch.last
        return renewed, unreadable
