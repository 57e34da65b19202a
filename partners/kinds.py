"""What partners tell people when it happens; deadlines stand in `reminders.py`."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "agreement_in_review",
        _("Naskah perjanjian untuk ditelaah"),
        _("%(facility)s mengirim naskah perjanjian “%(agreement)s” untuk ditelaah."),
    ),
    Kind(
        "agreement_signed",
        _("Perjanjian ditandatangani"),
        _(
            "Perjanjian “%(agreement)s” dengan %(agency)s ditandatangani; berlaku dari "
            "%(starts_on)s sampai %(ends_on)s."
        ),
    ),
    Kind(
        "agreement_signing_undone",
        _("Penandatanganan dibetulkan"),
        _("Catatan penandatanganan perjanjian “%(agreement)s” ditarik; perjanjian belum berlaku."),
    ),
    Kind(
        "agreement_terminated",
        _("Perjanjian dihentikan"),
        _("Perjanjian “%(agreement)s” dengan %(agency)s dihentikan per %(terminated_on)s."),
        urgent=True,
    ),
)
