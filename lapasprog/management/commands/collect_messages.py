from django.core.management import BaseCommand

from lapasprog import messages


class Command(BaseCommand):
    help = "Bring the English catalogue up to the sentences in code and templates."
    requires_system_checks = []

    def handle(self, *args, **options):
        missing = messages.update()
        self.stdout.write(f"{missing} sentences have no English yet" if missing else "complete")
