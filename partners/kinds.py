"""What partners tell people when it happens; deadlines stand in `reminders.py`."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "liaison_joined",
        _("Undangan diterima"),
        _("Narahubung yang Anda undang dari %(agency)s sudah bergabung."),
    ),
    Kind(
        "agreement_in_review",
        _("Naskah perjanjian untuk ditelaah"),
        _(
            "%(facility)s mengirim naskah perjanjian “%(agreement)s” untuk ditelaah; tanggapan "
            "ditunggu sampai %(answer_by)s."
        ),
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
        "agreement_extended",
        _("Perjanjian diperpanjang"),
        _(
            "Perjanjian “%(agreement)s” dengan %(agency)s diperpanjang dari %(old_end)s menjadi "
            "%(new_end)s."
        ),
    ),
    Kind(
        "agreement_extension_voided",
        _("Perpanjangan dibatalkan"),
        _(
            "Perpanjangan perjanjian “%(agreement)s” dengan %(agency)s sampai %(old_end)s "
            "dibatalkan; perjanjian berlaku sampai %(new_end)s."
        ),
        urgent=True,
    ),
    Kind(
        "obligation_reported",
        _("Kewajiban dilaporkan selesai"),
        _("%(agency)s melaporkan satu kewajibannya menurut perjanjian “%(agreement)s” selesai."),
    ),
    Kind(
        "obligation_reopened",
        _("Kewajiban dibuka lagi"),
        _(
            "Kewajiban menurut perjanjian “%(agreement)s” yang jatuh tempo %(obligation_due)s "
            "dibuka lagi oleh %(facility)s."
        ),
    ),
    Kind(
        "agreement_termination_undone",
        _("Penghentian ditarik"),
        _(
            "Penghentian perjanjian “%(agreement)s” dengan %(agency)s ditarik; perjanjian berlaku "
            "sampai %(ends_on)s."
        ),
        urgent=True,
    ),
    Kind(
        "agreement_terminated",
        _("Perjanjian dihentikan"),
        _("Perjanjian “%(agreement)s” dengan %(agency)s dihentikan per %(terminated_on)s."),
        urgent=True,
    ),
)
