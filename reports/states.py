from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    QUEUED = "queued", _("Menunggu dihitung")
    COUNTING = "counting", _("Sedang dihitung")
    READY = "ready", _("Siap")
    FAILED = "failed", _("Gagal dihitung")
