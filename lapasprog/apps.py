from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LapasprogConfig(AppConfig):
    name = "lapasprog"
    verbose_name = _("Pemeliharaan")

    def ready(self):
        from lapasprog import kinds  # noqa: F401 - register what is told
