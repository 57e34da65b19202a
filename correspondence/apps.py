from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CorrespondenceConfig(AppConfig):
    name = "correspondence"
    verbose_name = _("Surat dan pemberitahuan")

    def ready(self):
        from correspondence import reminders  # noqa: F401 - registers the holders of posts
        from correspondence.services.policies import create_missing

        post_migrate.connect(create_missing, sender=self)
