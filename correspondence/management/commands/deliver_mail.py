import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.translation import gettext as _

from correspondence.services import mail


class Command(BaseCommand):
    help = "Send the mails that wait; with --loop until stopped, beside or instead of a worker."

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--every", type=float, default=5, metavar="SECONDS")

    def handle(self, *args, loop, every, **options):
        while True:
            mail.queue_daily_digests()
            counts = mail.deliver()
            if not loop or any(counts.values()):
                self.stdout.write(
                    _("%(sent)s terkirim, %(retried)s dicoba lagi nanti, %(failed)s gagal.")
                    % counts
                )
            if not loop:
                return
            close_old_connections()
            time.sleep(every)
