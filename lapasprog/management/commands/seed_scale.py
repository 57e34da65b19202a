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
        if inmates < 2 * seed.MEASURED_PEOPLE:
            raise CommandError(f"At least {2 * seed.MEASURED_PEOPLE} people are needed.")
        try:
            seed.fill(inmates, say=self.stdout.write)
        except ValueError as error:
            raise CommandError(str(error)) from error
