"""What training tells people: slots and batches first, then hearings and decrees."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register
from correspondence.letter_kinds import name_paper

name_paper("decree", _("SK peserta"))
name_paper("certificate_training", _("Sertifikat pelatihan"))
name_paper("certificate_competency", _("Sertifikat kompetensi"))
name_paper("certificate_participation", _("Surat keterangan mengikuti pelatihan"))

register(
    Kind(
        "slots_proposed",
        _("Usulan kuota"),
        _("%(facility)s mengusulkan %(seats)s kursi %(batch)s; jawab paling lambat %(due)s."),
        urgent=True,
    ),
    Kind(
        "slots_offered",
        _("Tawaran kuota"),
        _("%(by)s menawarkan %(seats)s kursi %(batch)s; jawab paling lambat %(due)s."),
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
        "seats_extra",
        _("Kursi tambahan"),
        _("%(facility)s menetapkan %(seats)s kursi tambahan untuk %(batch)s."),
    ),
    Kind(
        "batch_postponed",
        _("Angkatan ditunda"),
        _("%(batch)s ditunda; tanggal barunya menyusul."),
        urgent=True,
    ),
    Kind(
        "batch_resumed",
        _("Angkatan dijadwalkan lagi"),
        _("%(batch)s dijadwalkan lagi mulai %(starts)s."),
        urgent=True,
    ),
    Kind(
        "batch_closed",
        _("Angkatan ditutup"),
        _("%(batch)s ditutup; konsep laporannya sudah dibuat."),
    ),
    Kind(
        "batch_reopened",
        _("Penutupan dibatalkan"),
        _("Penutupan %(batch)s dibatalkan; hasil dan kehadiran dapat dibetulkan lagi."),
    ),
    Kind(
        "batch_cancelled",
        _("Angkatan dibatalkan"),
        _("%(batch)s dibatalkan."),
        urgent=True,
    ),
)

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
        _("SK peserta angkatan %(batch)s dikembalikan oleh Kalapas; alasannya ada di halaman SK."),
    ),
    Kind(
        "decree_withdrawn",
        _("SK perlu disiapkan lagi"),
        _(
            "Keadaan seorang calon pada SK peserta angkatan %(batch)s berubah; SK dikembalikan "
            "untuk disiapkan lagi."
        ),
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

register(
    Kind(
        "tools_short",
        _("Alat kurang"),
        _(
            "Alat kurang sesudah pertemuan ke-%(number)s %(batch)s: %(tools)s. Pintu tertutup "
            "sampai dibuka Kesatuan Pengamanan."
        ),
        urgent=True,
    ),
    Kind(
        "tools_found",
        _("Alat lengkap kembali"),
        _("Hitungan alat pertemuan ke-%(number)s %(batch)s dibetulkan: %(tools)s lengkap."),
        urgent=True,
    ),
    Kind(
        "gate_released",
        _("Pintu dibuka"),
        _(
            "Pintu pertemuan ke-%(number)s %(batch)s dibuka Kesatuan Pengamanan; "
            "masih kurang: %(tools)s."
        ),
        urgent=True,
    ),
)

register(
    Kind(
        "hearing_moved",
        _("Sidang TPP dipindah"),
        _("Sidang TPP untuk angkatan %(batch)s dipindah ke %(due)s."),
        urgent=True,
    ),
    Kind(
        "hearing_cancelled",
        _("Sidang TPP dibatalkan"),
        _("Sidang TPP untuk angkatan %(batch)s dibatalkan; alasannya ada di halaman angkatan."),
        urgent=True,
    ),
    Kind(
        "seat_offered",
        _("Kursi kosong ditawarkan"),
        _(
            "Satu kursi %(batch)s kosong dan ditawarkan kepada cadangan berikutnya; catat "
            "jawabannya paling lambat %(due)s."
        ),
        urgent=True,
    ),
    Kind(
        "seat_taken",
        _("Cadangan menerima kursi"),
        _("Seorang cadangan menerima kursi %(batch)s; siapkan SK tambahan."),
    ),
    Kind(
        "seat_expired",
        _("Tawaran kursi lewat batas"),
        _("Tawaran satu kursi %(batch)s tidak dijawab; kursinya tidak ditawarkan lagi."),
    ),
    Kind(
        "seat_without_reserve",
        _("Kursi kosong tanpa cadangan"),
        _("Satu kursi %(batch)s kosong dan tidak ada cadangan yang masih memenuhi syarat."),
    ),
    Kind(
        "participant_left",
        _("Peserta berhenti"),
        _("Peserta %(code)s angkatan %(batch)s tidak melanjutkan pelatihan."),
        urgent=True,
    ),
    Kind(
        "participant_paused",
        _("Peserta ditangguhkan"),
        _("Peserta %(code)s angkatan %(batch)s sementara tidak mengikuti pelatihan."),
        urgent=True,
    ),
    Kind(
        "participant_back",
        _("Peserta kembali"),
        _("Peserta %(code)s angkatan %(batch)s mengikuti pelatihan lagi."),
        urgent=True,
    ),
)

register(
    Kind(
        "schedule_set",
        _("Jadwal pelatihan"),
        _("Jadwal %(batch)s disusun: %(meetings)s pertemuan, mulai %(first)s."),
        urgent=True,
    ),
    Kind(
        "meeting_added",
        _("Pertemuan ditambahkan"),
        _("Pertemuan %(batch)s ditambahkan pada %(when)s."),
        urgent=True,
    ),
    Kind(
        "meeting_moved",
        _("Pertemuan diubah"),
        _("Pertemuan %(batch)s diubah; kini %(when)s."),
        urgent=True,
    ),
    Kind(
        "meeting_cancelled",
        _("Pertemuan dibatalkan"),
        _("Pertemuan %(batch)s pada %(when)s dibatalkan."),
        urgent=True,
    ),
)

register(
    Kind(
        "results_recorded",
        _("Hasil penilaian"),
        _("%(by)s mencatat hasil penilaian peserta %(batch)s."),
    ),
    Kind(
        "certificates_recorded",
        _("Sertifikat diunggah"),
        _("%(by)s mencatat sertifikat peserta %(batch)s."),
    ),
    Kind(
        "certificate_revoked",
        _("Sertifikat dicabut"),
        _("Sertifikat nomor %(number)s (%(course)s) dicabut; alasannya ada di halamannya."),
    ),
    Kind(
        "paper_of_who_left",
        _("Sertifikat peserta yang keluar"),
        _("%(code)s keluar dari pelatihan; sertifikat nomor %(number)s masih berlaku. Periksa."),
    ),
)
