from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Pelatihan")

    def ready(self):
        from training import kinds, letter_kinds, panels, reminders, story  # noqa: F401 - each registers itself
