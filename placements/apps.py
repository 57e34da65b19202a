from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PlacementsConfig(AppConfig):
    name = "placements"
    verbose_name = _("Penempatan kerja")

    def ready(self):
        from placements import kinds, letter_kinds, reminders  # noqa: F401 - register themselves
        from placements.services.policies import create_missing

        post_migrate.connect(create_missing, sender=self)
