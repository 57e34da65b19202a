from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class LapasprogConfig(AppConfig):
    name = "lapasprog"
    verbose_name = _("Pemeliharaan")

    def ready(self):
        from lapasprog.watching import certificate, statements, tasks  # noqa: F401 - they listen

        connection_created.connect(statements.measure)
        from lapasprog import (
            catalogues,
            kinds,  # noqa: F401 - register what is told
            per_thread,
        )

        catalogues.remember()
        per_thread.keep()
