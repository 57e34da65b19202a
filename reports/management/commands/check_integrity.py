import sys

from django.core.checks import Tags, run_checks
from django.core.management import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS

from reports import integrity


class Command(BaseCommand):
    help = "Recount every derived figure and every invariant; exits 1 when one differs."

    def handle(self, *args, **options):
        for problem in run_checks(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS]):
            raise CommandError(problem.msg)
        done = list(integrity.differences())
        found = [(check, rows) for check, rows in done if rows]
        for check, rows in found:
            self.stdout.write(f"{check}: {len(rows)} rows, ids {', '.join(map(str, rows[:10]))}")
        if found:
            sys.exit(1)
        self.stdout.write(f"{len(done)} checks, no difference")
