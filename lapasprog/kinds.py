"""What an admin is told of the running of the house."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "backup_failed",
        _("Pencadangan data gagal"),
        _("Pencadangan data gagal. Cadangan terakhir yang baik: %(since)s."),
        urgent=True,
    ),
    Kind(
        "backup_overdue",
        _("Cadangan data terlalu lama"),
        _("Tidak ada cadangan data yang baru. Cadangan terakhir yang baik: %(since)s."),
        urgent=True,
    ),
)
