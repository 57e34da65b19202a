"""What training tells people at once."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "slots_proposed",
        _("Usulan kuota"),
        _("%(facility)s mengusulkan %(seats)s kursi %(batch)s; jawab paling lambat %(due)s."),
        urgent=True,
    ),
    Kind(
        "slots_countered",
        _("Usul balik kuota"),
        _("%(by)s mengusulkan balik %(seats)s kursi untuk %(batch)s; jawab sebelum %(due)s."),
        urgent=True,
    ),
    Kind(
        "slots_accepted",
        _("Kuota dikonfirmasi"),
        _("%(seats)s kursi %(batch)s dikonfirmasi oleh %(by)s."),
        urgent=True,
    ),
    Kind(
        "slots_declined",
        _("Kuota ditolak"),
        _("%(by)s menolak usulan kuota %(batch)s."),
        urgent=True,
    ),
    Kind(
        "slots_expired",
        _("Usulan kuota lewat batas"),
        _("Usulan kuota %(batch)s tidak dijawab sampai %(due)s."),
        urgent=True,
    ),
    Kind(
        "slots_withdrawn",
        _("Usulan kuota ditarik"),
        _("%(by)s menarik usulan kuota %(batch)s."),
        urgent=True,
    ),
    Kind(
        "slots_extended",
        _("Batas jawab diperpanjang"),
        _("Batas jawab usulan kuota %(batch)s kini %(due)s."),
        urgent=True,
    ),
    Kind(
        "slots_recorded",
        _("Jawaban dicatat oleh lapas"),
        _("%(facility)s mencatat jawaban instansi Anda tentang %(batch)s. Periksa bila keliru."),
        urgent=True,
    ),
    Kind(
        "slots_objected",
        _("Keberatan instansi"),
        _("%(by)s keberatan atas jawaban yang dicatat untuk %(batch)s."),
        urgent=True,
    ),
    Kind(
        "batch_cancelled",
        _("Angkatan dibatalkan"),
        _("%(batch)s dibatalkan."),
        urgent=True,
    ),
)
