"""Who may do what: the acts, and which role starts out with which.

Acts are Django permissions `accounts.<act>`, roles are groups: after the first migrate the
admin may change them, and a new role is a new group. Source: design section 4.
"""

from django.utils.translation import gettext_lazy as _

OFFICER, HEAD, WARDEN, REGISTRAR = "officer", "head", "warden", "registrar"
SECRETARIAT, SECURITY, CLINIC, OBSERVER = "secretariat", "security", "clinic", "observer"
LIAISON = "liaison"

ROLE_LABELS = {
    OFFICER: _("Petugas Bimbingan Kerja"),
    HEAD: _("Kepala Seksi Kegiatan Kerja"),
    WARDEN: _("Kepala Lapas"),
    REGISTRAR: _("Petugas Registrasi"),
    SECRETARIAT: _("Tata Usaha"),
    SECURITY: _("Kesatuan Pengamanan"),
    CLINIC: _("Klinik"),
    OBSERVER: _("Kantor Wilayah"),
    LIAISON: _("Narahubung instansi"),
}

ACTS = {
    "see_people": _("Melihat warga binaan"),
    "import_register": _("Mengimpor dan mengubah data register"),
    "answer_transfer": _("Menjawab permintaan mutasi"),
    "record_skills": _("Mencatat keterampilan, asesmen dan dokumen"),
    "record_consent": _("Mencatat persetujuan data"),
    "decide_circumstance": _("Memutuskan akibat perubahan keadaan"),
    "export_person": _("Mengunduh seluruh berkas seseorang"),
    "limit_data": _("Membatasi pemrosesan data seseorang"),
    "manage_courses": _("Menetapkan syarat program"),
    "record_engagement": _("Mencatat kunjungan"),
    "draft_agreement": _("Menyusun perjanjian"),
    "sign_agreement": _("Mencatat penandatanganan dan penghentian perjanjian"),
    "keep_obligations": _("Mencatat kewajiban dan monev perjanjian"),
    "correct_state": _("Membetulkan keadaan yang salah klik"),
    "plan_batch": _("Merencanakan angkatan"),
    "open_slots": _("Mengusulkan dan menjawab kuota"),
    "record_for_agency": _("Mencatat jawaban instansi"),
    "answer_slots": _("Menjawab kuota bagi instansi"),
    "propose_candidates": _("Mengusulkan calon peserta"),
    "override_eligibility": _("Memberi pengecualian syarat"),
    "record_hearing": _("Mencatat sidang TPP"),
    "prepare_decree": _("Menyiapkan SK peserta"),
    "issue_decree": _("Menetapkan SK peserta"),
    "number_letters": _("Memberi nomor surat"),
    "write_letters": _("Menyusun surat"),
    "initial_letters": _("Memaraf surat untuk diberi nomor"),
    "sign_letters": _("Menandatangani surat"),
    "edit_texts": _("Mengubah naskah baku perjanjian"),
    "manage_agencies": _("Mendaftarkan dan mengubah instansi mitra"),
    "manage_liaisons": _("Mengundang dan menangguhkan narahubung"),
    "set_policies": _("Mengatur pengingat lapas"),
    "see_health": _("Melihat kesehatan sistem"),
    "end_posting": _("Mengakhiri penugasan dan serah terima"),
    "see_access": _("Melihat siapa membuka data siapa"),
    "plan_year": _("Menyusun rencana tahunan"),
    "keep_attendance": _("Mencatat kehadiran"),
    "check_tools": _("Mencatat alat keluar dan kembali"),
    "release_gate": _("Membuka pintu meski alat kurang"),
    "record_results": _("Mencatat hasil penilaian"),
    "certify": _("Menerbitkan, mengunggah dan mencabut sertifikat"),
    "grant_extra_seats": _("Menambah kursi dengan alasan"),
    "keep_vacancies": _("Mencatat pemberi kerja dan lowongan"),
    "record_readiness": _("Mencatat AK-1 dan kesiapan kerja"),
    "refer": _("Merujuk orang ke pemberi kerja"),
    "approve_referral": _("Menyetujui rujukan kerja"),
    "answer_referral": _("Menjawab rujukan bagi instansi"),
    "place_people": _("Mencatat penempatan kerja"),
    "watch_gate": _("Mencatat keluar dan kembalinya asimilasi kerja"),
    "follow_up": _("Mencatat pemantauan sesudah bebas"),
    "set_restriction": _("Mencatat catatan keamanan"),
    "set_fitness": _("Mencatat kelaikan kesehatan"),
}

DEFAULT_GRANTS = {
    OFFICER: {
        "see_people",
        "record_engagement",
        "draft_agreement",
        "keep_obligations",
        "plan_batch",
        "open_slots",
        "record_for_agency",
        "propose_candidates",
        "record_skills",
        "record_consent",
        "decide_circumstance",
        "write_letters",
        "plan_year",
        "keep_attendance",
        "check_tools",
        "keep_vacancies",
        "record_readiness",
        "refer",
        "place_people",
        "follow_up",
    },
    HEAD: {
        "see_people",
        "record_engagement",
        "draft_agreement",
        "keep_obligations",
        "sign_agreement",
        "correct_state",
        "plan_batch",
        "open_slots",
        "record_for_agency",
        "propose_candidates",
        "override_eligibility",
        "record_hearing",
        "prepare_decree",
        "record_skills",
        "record_consent",
        "decide_circumstance",
        "export_person",
        "limit_data",
        "manage_courses",
        "write_letters",
        "initial_letters",
        "sign_letters",
        "edit_texts",
        "manage_agencies",
        "manage_liaisons",
        "set_policies",
        "see_health",
        "end_posting",
        "see_access",
        "answer_transfer",
        "plan_year",
        "keep_attendance",
        "check_tools",
        "record_results",
        "certify",
        "grant_extra_seats",
        "keep_vacancies",
        "record_readiness",
        "refer",
        "place_people",
        "follow_up",
    },
    WARDEN: {
        "see_people",
        "see_health",
        "approve_referral",
        "sign_agreement",
        "override_eligibility",
        "grant_extra_seats",
        "issue_decree",
        "sign_letters",
        "end_posting",
        "see_access",
    },
    REGISTRAR: {
        "see_people",
        "import_register",
        "answer_transfer",
        "record_hearing",
        "record_consent",
        "export_person",
        "limit_data",
    },
    SECRETARIAT: {"number_letters"},
    SECURITY: {"see_people", "set_restriction", "check_tools", "release_gate", "watch_gate"},
    CLINIC: {"see_people", "set_fitness"},
    OBSERVER: set(),
    LIAISON: {
        "answer_slots",
        "keep_attendance",
        "record_results",
        "certify",
        "keep_vacancies",
        "answer_referral",
        "follow_up",
    },
}


def create_missing_groups(using, **kwargs):
    """After migrate: the acts as permissions, and each role that is not there yet.

    A role that exists gets, of its first grants, only the acts that are new: what an admin took
    away stays away.
    """
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType

    if using != "owner":
        return
    kind, _made = ContentType.objects.using(using).get_or_create(app_label="accounts", model="act")
    permissions, new = {}, set()
    for act, label in ACTS.items():
        permissions[act], is_new = Permission.objects.using(using).get_or_create(
            content_type=kind, codename=act, defaults={"name": str(label)[:255]}
        )
        if is_new:
            new.add(act)
    for role, acts in DEFAULT_GRANTS.items():
        group, made = Group.objects.using(using).get_or_create(name=role)
        group.permissions.add(*[permissions[act] for act in (acts if made else acts & new)])
