from django.conf import settings
from django.core.management import BaseCommand, CommandError

from accounts.models import Facility
from reports.demo import build


class Command(BaseCommand):
    help = "Load the synthetic demo prisons (CLG and SRG) into an empty database."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is a prison already"
        )

    def handle(self, *args, if_empty, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo is not loaded in production: its password is public.")
        if Facility.objects.exists():
            if if_empty:
                return
            raise CommandError(
                "There is a prison in this database already; the demo needs an empty one."
            )
        build.everything()
        self.stdout.write(
            f"demo loaded: sign in as officer@cilegon.test, password {settings.DEMO_PASSWORD}"
        )
