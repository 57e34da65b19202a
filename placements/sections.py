"""What of a person's file comes from which table.

Every model that hangs on a person is a section or stands in `NOT_IN_FILE` with the reason; a
section shows every field of its model, so what is added later is in the file by itself.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from inmates import models as register
from placements import models as work
from placements.employment import CVPart, Weekday
from training import models as training

NOT_IN_FILE = {
    register.Distinct: "says that two records are two people: the other one is none of theirs",
}


@dataclass(frozen=True)
class Section:
    """One model in the file. `here`: look-ups to the prison that wrote the row.

    `more` adds columns of related rows: (key, label, look-up). `told` are fields of which the file
    says what a function of the row returns.
    """

    model: type
    title: str
    here: tuple = ("facility",)
    more: tuple = ()
    leave_out: frozenset = field(default_factory=frozenset)
    told: dict = field(default_factory=dict)


def _merged_fields(merge):
    """What the person's record took from the other, as (before, after) by field.

    Nothing of a merge that was undone: the other is somebody else.
    """
    if merge.undone_at:
        return {}
    taken = merge.before.get("fields", {})
    return {name: values for name, values in taken.items() if name != "nik"}


def _parts_shared(cv):
    """What the person agreed to share with employers, in words."""
    return [str(CVPart(part).label) for part in cv.shares]


def _days_named(placement):
    return [str(Weekday(day).label) for day in placement.weekdays]


BATCH = (("course", _("Program"), "batch__course"), ("agency", _("Instansi"), "batch__agency"))
SECTIONS = (
    Section(register.Custody, _("Masa penempatan")),
    Section(
        register.RegisterEntry, _("Nomor registrasi yang pernah dipakai"), ("custody__facility",)
    ),
    Section(register.Sentence, _("Masa pidana menurut SDP"), ()),
    Section(register.Restriction, _("Pembatasan")),
    Section(register.DataLimit, _("Pembatasan pemrosesan data")),
    Section(register.SkillProfile, _("Keterampilan dan minat"), ()),
    Section(register.AptitudeAssessment, _("Asesmen minat bakat")),
    Section(register.Consent, _("Persetujuan data")),
    Section(register.Document, _("Dokumen")),
    Section(register.Circumstance, _("Perubahan keadaan")),
    Section(register.Transfer, _("Mutasi"), ("origin", "destination")),
    Section(training.WaitingEntry, _("Daftar tunggu")),
    Section(training.Candidate, _("Pencalonan"), more=BATCH),
    Section(
        training.Recommendation,
        _("Rekomendasi sidang TPP"),
        ("hearing__facility",),
        (
            ("batch", _("Angkatan"), "hearing__batch"),
            ("held_on", _("Tanggal sidang"), "hearing__held_on"),
            ("number", _("Nomor berita acara"), "hearing__number"),
        ),
        frozenset({"hearing"}),
    ),
    Section(
        training.DecreeEntry,
        _("Tercantum dalam SK"),
        ("decree__facility",),
        (
            ("batch", _("Angkatan"), "decree__batch"),
            ("letter", _("Nomor SK"), "decree__letter"),
            ("decree_state", _("Keadaan SK"), "decree__state"),
        ),
        frozenset({"decree"}),
    ),
    Section(
        training.Enrolment,
        _("Keikutsertaan pelatihan"),
        more=(BATCH[0], ("letter", _("Nomor SK"), "decree__letter")),
        leave_out=frozenset({"decree"}),
    ),
    Section(
        training.SeatOffer,
        _("Tawaran kursi"),
        more=BATCH,
        leave_out=frozenset({"candidate"}),
    ),
    Section(
        training.Attendance,
        _("Kehadiran"),
        more=(
            ("batch", _("Angkatan"), "enrolment__batch"),
            ("during", _("Waktu"), "meeting__during"),
        ),
        leave_out=frozenset({"meeting", "enrolment"}),
    ),
    Section(
        training.Assessment,
        _("Hasil penilaian"),
        more=(("batch", _("Angkatan"), "enrolment__batch"),),
        leave_out=frozenset({"enrolment"}),
    ),
    Section(
        training.Certificate,
        _("Sertifikat"),
        leave_out=frozenset({"enrolment", "verification"}),
    ),
    Section(work.JobSeekerCard, _("Kartu AK-1")),
    Section(work.ReadinessItem, _("Kesiapan kerja")),
    Section(work.CurriculumVitae, _("Daftar riwayat hidup"), told={"shares": _parts_shared}),
    Section(work.Referral, _("Rujukan kerja")),
    Section(work.Placement, _("Penempatan kerja"), told={"weekdays": _days_named}),
    Section(
        work.WorkDay,
        _("Keluar bekerja (asimilasi kerja)"),
        leave_out=frozenset({"placement"}),
    ),
    Section(work.FollowUp, _("Pemantauan")),
    Section(
        work.FollowUpAttempt,
        _("Percobaan menghubungi"),
        ("follow_up__facility",),
        leave_out=frozenset({"follow_up"}),
    ),
    Section(
        work.FollowUpLink,
        _("Tautan pemantauan untuk PK Bapas"),
        ("follow_up__facility",),
        leave_out=frozenset({"token_hash", "follow_up", "mail"}),
    ),
    Section(
        register.Absence, _("Tidak tercantum dalam register lengkap"), leave_out=frozenset({"run"})
    ),
    Section(register.Merge, _("Penggabungan data"), told={"before": _merged_fields}),
)
