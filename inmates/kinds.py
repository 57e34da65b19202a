"""What the prisons are told about moves between them. No name travels, only which prison."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "transfer_proposed",
        _("Permintaan mutasi masuk"),
        _("%(facility)s mencatat %(count)s Warga Binaan yang masih tercatat di lapas Anda."),
    ),
    Kind(
        "transfer_answered",
        _("Jawaban mutasi"),
        _("Lapas asal sudah menjawab permintaan mutasi Anda; jawabannya ada di halaman mutasi."),
    ),
    Kind(
        "transfer_arrived",
        _("Mutasi masuk"),
        _("%(facility)s mengirim seorang Warga Binaan ke lapas Anda, berlaku %(moved)s."),
    ),
)
