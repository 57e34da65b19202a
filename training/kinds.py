"""What training tells people: hearings and decrees."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register

register(
    Kind(
        "hearing_scheduled",
        _("Sidang TPP dijadwalkan"),
        _("Sidang TPP untuk angkatan %(batch)s dijadwalkan pada %(held_on)s."),
    ),
    Kind(
        "hearing_recorded",
        _("Hasil sidang TPP"),
        _(
            "Hasil sidang TPP untuk angkatan %(batch)s sudah dicatat: %(approved)s disetujui, "
            "%(rejected)s ditolak, %(deferred)s ditunda."
        ),
    ),
    Kind(
        "decree_waiting",
        _("SK menunggu penetapan"),
        _("SK peserta angkatan %(batch)s (%(people)s orang) menunggu penetapan Kalapas."),
        urgent=True,
    ),
    Kind(
        "decree_returned",
        _("SK dikembalikan"),
        _("SK peserta angkatan %(batch)s dikembalikan oleh Kalapas: %(reason)s"),
    ),
    Kind(
        "decree_issued",
        _("SK ditetapkan"),
        _("SK peserta angkatan %(batch)s ditetapkan dengan nomor %(number)s: %(people)s peserta."),
    ),
    Kind(
        "participants_listed",
        _("Peserta ditetapkan"),
        _("%(people)s peserta angkatan %(batch)s sudah ditetapkan. Daftarnya ada di aplikasi."),
        urgent=True,
    ),
)
