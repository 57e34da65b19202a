from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Mitra")

    def ready(self):
        from partners import chapters, kinds, letter_kinds, reminders  # noqa: F401 - register themselves
