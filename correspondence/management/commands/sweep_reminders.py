import json
from datetime import date

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from correspondence.services import mail, sweep


class Command(BaseCommand):
    help = "Write the notices that are due and queue their digests; the worker sends them."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        counts = sweep.sweep(options["today"])
        mail.queue_digests()
        words = _("%(created)s pemberitahuan baru, %(cancelled)s ditutup, %(queries)s kueri.")
        self.stdout.write(json.dumps(counts) if options["json"] else words % counts)
