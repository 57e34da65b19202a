"""Make anonymous whose time is over; run it daily, as the owner of the tables."""

import getpass
import json
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.grants import OWNER
from placements.services import retention


class Command(BaseCommand):
    help = "Make the data of people anonymous whose time is over (needs DATABASE_OWNER_URL)."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="count only, write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, today, dry_run, **options):
        today = today or timezone.localdate()
        report = self._preview(today) if dry_run else self._apply(today)
        words = ", ".join(f"{name} {count}" for name, count in report.items())
        self.stdout.write(json.dumps(report) if options["json"] else words)

    def _preview(self, today):
        over = retention.last_left().using(OWNER).filter(due_on__lte=today)
        free = retention.due(today).using(OWNER).count()
        return {"people": free, "held": over.count() - free}

    def _apply(self, today):
        run = retention.apply(today=today, ran_by=getpass.getuser())
        for place in run.named_elsewhere:
            self.stderr.write(f"somebody who is anonymous now may be named in {place}: look there")
        return {
            "people": run.people,
            "import_rows": run.import_rows,
            "files": run.files,
            "named_elsewhere": len(run.named_elsewhere),
            "held": self._preview(today)["held"],
        }
