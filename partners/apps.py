from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Mitra")

    def ready(self):
        from partners import kinds, reminders  # noqa: F401 - register kinds and deadlines
