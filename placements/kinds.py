"""What placement tells people: changes that wait for a decision first."""

from django.utils.translation import gettext_lazy as _

from correspondence.kinds import Kind, register
from inmates.states import CircumstanceKind
from placements.employment import VacancyState

register(
    Kind(
        "circumstance_waiting",
        _("Perubahan keadaan"),
        _("Perubahan keadaan seorang peserta atau calon menunggu keputusan: %(what)s."),
        codes={"what": CircumstanceKind},
    ),
    Kind(
        "circumstance_settled",
        _("Perubahan keadaan ditangani"),
        _("%(what)s: %(count)s keikutsertaan dihentikan atau ditangguhkan menurut aturan."),
        codes={"what": CircumstanceKind},
    ),
    Kind(
        "vacancy_over",
        _("Lowongan ditutup"),
        _("Lowongan %(title)s: %(what)s; %(count)s rujukan ke sana masih terbuka."),
        codes={"what": VacancyState},
    ),
)

# Codes of referrals travel, never a name: an employer may be a private person too.
register(
    Kind(
        "referral_waiting",
        _("Rujukan menunggu persetujuan"),
        _("Rujukan kerja %(code)s ke %(agency)s menunggu persetujuan Kalapas."),
    ),
    Kind(
        "referral_returned",
        _("Rujukan dikembalikan"),
        _("Rujukan kerja %(code)s dikembalikan Kalapas; alasannya ada di halamannya."),
    ),
    Kind(
        "referral_approved",
        _("Rujukan disetujui"),
        _("Rujukan kerja %(code)s disetujui Kalapas; kirimkan ke %(agency)s."),
    ),
    Kind(
        "referral_sent",
        _("Rujukan kerja baru"),
        _("%(facility)s merujuk %(code)s; jawab paling lambat %(due)s."),
        urgent=True,
    ),
    Kind(
        "referral_resumed",
        _("Rujukan dikirim lagi"),
        _("%(facility)s mengirim lagi rujukan %(code)s; jawab paling lambat %(due)s."),
        urgent=True,
    ),
    Kind(
        "referral_extended",
        _("Batas jawab rujukan diperpanjang"),
        _("Batas jawab rujukan %(code)s kini %(due)s."),
        urgent=True,
    ),
    Kind(
        "referral_received",
        _("Rujukan diterima Disnaker"),
        _("%(agency)s menerima rujukan %(code)s."),
    ),
    Kind(
        "referral_forwarded",
        _("Dirujuk ke pemberi kerja"),
        _("%(agency)s merujuk %(code)s ke pemberi kerja."),
    ),
    Kind(
        "referral_interview",
        _("Wawancara kerja"),
        _("Wawancara kerja %(code)s: %(day)s pukul %(hour)s. Siapkan orangnya."),
        urgent=True,
    ),
    Kind(
        "referral_accepted",
        _("Diterima bekerja"),
        _("%(code)s diterima bekerja. Catat hari mulai bekerjanya."),
        urgent=True,
    ),
    Kind(
        "referral_declined",
        _("Rujukan ditolak"),
        _("Rujukan %(code)s ditolak; sebabnya ada di halamannya."),
        urgent=True,
    ),
    Kind(
        "referral_fell_through",
        _("Batal bekerja"),
        _("%(code)s batal bekerja di pemberi kerja yang sudah menerima; cari jalan lain."),
        urgent=True,
    ),
    Kind(
        "referral_withdrawn",
        _("Rujukan ditarik"),
        _("%(facility)s menarik rujukan %(code)s. Jangan diteruskan lagi."),
        urgent=True,
    ),
    Kind(
        "referral_ended",
        _("Rujukan berakhir sendiri"),
        _("Rujukan %(code)s ditarik karena keadaan berubah; sebabnya ada di halamannya."),
    ),
    Kind(
        "referral_lapsed",
        _("Rujukan kedaluwarsa"),
        _("Rujukan %(code)s ke %(agency)s tidak dijawab sampai %(due)s."),
        urgent=True,
    ),
    Kind(
        "referral_rests",
        _("Diterima di tempat lain"),
        _("%(code)s diterima bekerja di tempat lain; rujukan ini menunggu dulu."),
        urgent=True,
    ),
    Kind(
        "referral_awake",
        _("Rujukan berjalan lagi"),
        _("%(code)s dapat dirujuk lagi; jawab paling lambat %(due)s."),
        urgent=True,
    ),
    Kind(
        "referral_month",
        _("Bulan tersedia berubah"),
        _("%(code)s kini tersedia untuk bekerja mulai bulan lain; lihat rujukannya."),
        urgent=True,
    ),
    Kind(
        "referral_recorded",
        _("Jawaban dicatat oleh lapas"),
        _("%(facility)s mencatat jawaban instansi Anda tentang %(code)s. Periksa bila keliru."),
        urgent=True,
    ),
    Kind(
        "referral_objected",
        _("Keberatan instansi"),
        _("%(agency)s keberatan atas jawaban yang dicatat untuk %(code)s."),
        urgent=True,
    ),
    Kind(
        "referral_corrected",
        _("Rujukan dibetulkan"),
        _("Keadaan rujukan %(code)s dibetulkan; lihat halamannya."),
        urgent=True,
    ),
)
register(
    Kind(
        "placement_begun",
        _("Mulai bekerja"),
        _("%(code)s mulai bekerja di %(employer)s pada %(day)s."),
    ),
    Kind(
        "placement_ended",
        _("Pekerjaan berakhir"),
        _("Pekerjaan %(code)s di %(employer)s berakhir pada %(day)s."),
    ),
    Kind(
        "placement_voided",
        _("Catatan kerja dibatalkan"),
        _("%(code)s ternyata belum mulai bekerja di %(employer)s: catatannya keliru."),
    ),
    Kind(
        "work_release_begun",
        _("Asimilasi kerja baru"),
        _("Mulai %(due)s seorang warga binaan keluar bekerja di %(employer)s."),
    ),
    Kind(
        "work_release_ended",
        _("Asimilasi kerja berakhir"),
        _("Asimilasi kerja di %(employer)s berakhir pada %(day)s."),
    ),
    Kind(
        "work_release_voided",
        _("Asimilasi kerja dibatalkan"),
        _("Asimilasi kerja di %(employer)s keliru dicatat: orangnya tidak keluar bekerja."),
        urgent=True,
    ),
    Kind(
        "work_release_stopped",
        _("Asimilasi kerja dihentikan"),
        _("%(why)s: asimilasi kerja di %(employer)s berhenti, orangnya tidak boleh keluar lagi."),
        urgent=True,
        codes={"why": CircumstanceKind},
    ),
    Kind(
        "work_release_ended_outside",
        _("Masih di luar"),
        _("Asimilasi kerja di %(employer)s berakhir, sedangkan orangnya masih di luar lapas."),
        urgent=True,
    ),
    Kind(
        "work_release_overdue",
        _("Belum kembali"),
        _("Seorang peserta asimilasi kerja belum kembali; seharusnya pukul %(at)s."),
        urgent=True,
    ),
    Kind(
        "work_release_late",
        _("Terlambat kembali"),
        _("Seorang peserta asimilasi kerja kembali %(minutes)s menit sesudah pukul %(at)s."),
        urgent=True,
    ),
)

# Months and numbers of follow-ups travel, never a name and never what was learned.
register(
    Kind(
        "follow_ups_given",
        _("Pemantauan diserahkan"),
        _("%(facility)s menyerahkan %(count)s pemantauan kepada instansi Anda."),
    ),
    Kind(
        "follow_ups_back",
        _("Pemantauan kembali ke lapas"),
        _("Persetujuan berakhir: %(count)s pemantauan kembali dari instansi ke lapas."),
    ),
    Kind(
        "follow_up_answered",
        _("Pemantauan dijawab"),
        _("Pemantauan bulan ke-%(months)s dicatat oleh instansi atau PK Bapas."),
    ),
    Kind(
        "follow_up_help",
        _("Bantuan diperlukan"),
        _("Seorang lulusan pelatihan memerlukan bantuan; bacalah di halaman pemantauannya."),
    ),
)
