from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Mitra")

    def ready(self):
        from partners import (  # noqa: F401 - register themselves
            chapters,
            kinds,
            letter_kinds,
            reminders,
            sight,
        )
        from partners.services.agreement_texts import create_missing

        post_migrate.connect(create_missing, sender=self)
