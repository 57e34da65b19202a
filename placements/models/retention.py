from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.privacy import words


class RetentionRun(models.Model):
    """One run of the retention: by whom, for which day, how many people it made anonymous.

    The owner of the tables writes it together with each batch of people; the app only reads.
    `files_pending` are files whose rows are blank already: deleted after the commit, or by the
    next run if this one was ended between the two.
    """

    append_only = True

    at = models.DateTimeField(_("dimulai"), db_default=Now())
    today = models.DateField(_("untuk tanggal"))
    ran_by = models.CharField(_("dijalankan oleh"), max_length=100)
    people = models.PositiveIntegerField(_("orang dianonimkan"), default=0)
    import_rows = models.PositiveIntegerField(_("baris impor dikosongkan"), default=0)
    files = models.PositiveIntegerField(_("berkas dihapus"), default=0)
    files_pending = models.JSONField(default=list)
    finished_at = models.DateTimeField(_("selesai"), null=True)

    privacy = words(
        keep="id at today ran_by people import_rows files finished_at", drop="files_pending"
    )

    class Meta:
        verbose_name = _("penerapan masa simpan")
        verbose_name_plural = _("penerapan masa simpan")
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.today}"
