from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InmatesConfig(AppConfig):
    name = "inmates"
    verbose_name = _("Warga binaan")

    def ready(self):
        from inmates import kinds  # noqa: F401 - registers what prisons are told of transfers
