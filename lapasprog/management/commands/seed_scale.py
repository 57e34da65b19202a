from django.conf import settings
from django.core.management import BaseCommand, CommandError

from bench import seed


class Command(BaseCommand):
    help = "Fill an empty database with synthetic people of a whole country, for measuring."

    def add_arguments(self, parser):
        parser.add_argument("--inmates", type=int, default=1_000)

    def handle(self, *args, inmates, **options):
        if settings.PRODUCTION:
            raise CommandError("Only for measuring: refused in production.")
        if inmates < seed.LEAST:
            raise CommandError(f"At least {seed.LEAST} people are needed.")
        try:
            seed.fill(inmates, say=self.stdout.write)
        except ValueError as error:
            raise CommandError(str(error)) from error
