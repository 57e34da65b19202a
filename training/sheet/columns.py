"""The columns of the two sheets: certificates of one batch, and old papers of a whole prison."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sheets.cells import text_of
from partners.sheet.columns import Column, Misread, bare, day, number, text
from training.teaching import CertificateKind, Verdict

KIND_WORDS = {
    CertificateKind.TRAINING: {"pelatihan", "training", "sertpelatihan"},
    CertificateKind.COMPETENCY: {"kompetensi", "bnsp", "ujikompetensi", "competency", "lsp"},
    CertificateKind.PARTICIPATION: {"suratketerangan", "keterangan", "suket", "participation"},
}
VERDICT_WORDS = {
    Verdict.COMPETENT: {"k", "kompeten", "competent", "lulus"},
    Verdict.NOT_YET: {"bk", "belumkompeten", "belum", "notyetcompetent"},
}
UNIT = "unit:"  # begins the field of a column that holds a unit's result
JP_MOST = 2_000


def kind(cell):
    """A kind by its label or a usual short word; an empty cell is a training certificate."""
    said = bare(text_of(cell))
    if not said:
        return CertificateKind.TRAINING
    for each in CertificateKind:
        if said in {each.value, bare(str(each.label)), *KIND_WORDS[each]}:
            return each
    raise Misread(
        _("“%(said)s” bukan jenis sertifikat. Pilih: %(kinds)s.")
        % {
            "said": text_of(cell)[:40],
            "kinds": "; ".join(str(each.label) for each in CertificateKind),
        }
    )


def verdict(cell):
    """K or BK, None for an empty cell."""
    said = bare(text_of(cell))
    if not said:
        return None
    for each in Verdict:
        if said in VERDICT_WORDS[each]:
            return each
    raise Misread(_("“%(said)s” bukan hasil: tulis K atau BK.") % {"said": text_of(cell)[:40]})


def hours(cell):
    found = number("jp", "jam")(cell)
    if found is not None and not 1 <= found <= JP_MOST:
        raise Misread(_("JP harus antara 1 dan %(most)s.") % {"most": JP_MOST})
    return found


KIND = Column(
    field="kind",
    heading=gettext_lazy("Jenis"),
    read=kind,
    width=24,
    hint=gettext_lazy("Kosong berarti sertifikat pelatihan."),
    aliases=("jenis sertifikat",),
)
NUMBER = Column(
    field="number",
    heading=gettext_lazy("Nomor sertifikat"),
    read=text(80),
    width=28,
    is_required=True,
    hint=gettext_lazy("Seperti tercetak. Format sel: teks."),
    aliases=("nomor", "no sertifikat", "no. sertifikat", "no"),
)
REGISTRATION = Column(
    field="registration_number",
    heading=gettext_lazy("Nomor registrasi sertifikat"),
    read=text(80),
    width=24,
    hint=gettext_lazy("Untuk sertifikat kompetensi; boleh kosong."),
    aliases=("no registrasi sertifikat", "nomor registrasi bnsp", "no reg"),
)
SCHEME = Column(
    field="scheme",
    heading=gettext_lazy("Skema"),
    read=text(150),
    width=30,
    hint=gettext_lazy("Wajib untuk sertifikat kompetensi."),
    aliases=("skema sertifikasi", "skema kompetensi"),
)
ISSUED = Column(
    field="issued_on",
    heading=gettext_lazy("Tanggal terbit"),
    read=day,
    is_required=True,
    hint=gettext_lazy("Tanggal: 26/02/2021 atau 26 Februari 2021."),
    aliases=("terbit", "diterbitkan", "tanggal sertifikat", "tgl terbit", "tanggal"),
)
UNTIL = Column(
    field="valid_until",
    heading=gettext_lazy("Berlaku sampai"),
    read=day,
    hint=gettext_lazy("Kosong bila tanpa batas."),
    aliases=("masa berlaku", "sampai", "berlaku s.d.", "kedaluwarsa"),
)
SCAN = Column(
    field="scan",
    heading=gettext_lazy("Berkas pindaian"),
    read=text(200),
    width=26,
    hint=gettext_lazy(
        "Nama berkas yang dikirim bersama lembar ini. Boleh kosong bila nama berkas memuat kode "
        "peserta, nomor sertifikat atau nama orangnya."
    ),
    aliases=("berkas", "nama berkas", "pindaian", "file", "scan"),
)
OF_BATCH = (
    Column(
        field="code",
        heading=gettext_lazy("Kode peserta"),
        read=text(12),
        hint=gettext_lazy("Kode atau nama, salah satu cukup; dengan kode tidak bisa tertukar."),
        aliases=("kode", "no peserta", "nomor peserta"),
    ),
    Column(
        field="name",
        heading=gettext_lazy("Nama"),
        read=text(150),
        width=30,
        aliases=("nama peserta", "nama lengkap"),
    ),
    KIND,
    NUMBER,
    REGISTRATION,
    SCHEME,
    Column(
        field="issuer",
        heading=gettext_lazy("Penerbit"),
        read=text(150),
        width=26,
        hint=gettext_lazy("Seperti tercetak; kosong berarti instansi pelaksana."),
        aliases=("diterbitkan oleh", "lembaga", "lsp"),
    ),
    ISSUED,
    UNTIL,
    SCAN,
    Column(
        field="override_reason",
        heading=gettext_lazy("Alasan pengecualian"),
        read=text(250),
        width=30,
        hint=gettext_lazy("Hanya diisi Kepala Seksi, bila kehadirannya di bawah syarat."),
    ),
)
OF_PRISON = (
    Column(
        field="key",
        heading=gettext_lazy("Nomor Induk SDP"),
        read=text(40),
        hint=gettext_lazy("Nomor induk atau nomor registrasi, salah satu cukup."),
        aliases=("nomor induk", "no induk", "nib", "nomor induk wbp"),
    ),
    Column(
        field="register_number",
        heading=gettext_lazy("Nomor registrasi"),
        read=text(60),
        aliases=("no registrasi", "nomor register", "no register", "register"),
    ),
    Column(
        field="name",
        heading=gettext_lazy("Nama"),
        read=text(150),
        width=30,
        is_required=True,
        hint=gettext_lazy("Dicocokkan dengan nama di register."),
        aliases=("nama wbp", "nama lengkap", "nama warga binaan"),
    ),
    KIND,
    Column(
        field="title",
        heading=gettext_lazy("Judul"),
        read=text(200),
        width=36,
        is_required=True,
        hint=gettext_lazy("Nama pelatihan, seperti tercetak."),
        aliases=("program", "pelatihan", "nama pelatihan", "program pelatihan", "judul pelatihan"),
    ),
    Column(
        field="issuer",
        heading=gettext_lazy("Penerbit"),
        read=text(150),
        width=26,
        is_required=True,
        aliases=("diterbitkan oleh", "lembaga", "instansi"),
    ),
    NUMBER,
    REGISTRATION,
    SCHEME,
    ISSUED,
    UNTIL,
    Column(field="jp", heading=gettext_lazy("JP"), read=hours, width=8, aliases=("jumlah jp",)),
    SCAN,
)


OF_RESULTS = (
    Column(
        field="assessor",
        heading=gettext_lazy("Asesor"),
        read=text(120),
        width=24,
        hint=gettext_lazy("Siapa yang menguji; wajib bila ada hasil unit."),
        aliases=("nama asesor", "penguji"),
    ),
    Column(
        field="assessed_on",
        heading=gettext_lazy("Tanggal uji"),
        read=day,
        hint=gettext_lazy("Kosong berarti tanggal terbit."),
        aliases=("tanggal penilaian", "tgl uji"),
    ),
)


def of_batch(units):
    """The columns of a batch's sheet: the fixed ones, and one per unit (pairs of code, title)."""
    if not units:
        return OF_BATCH
    return (
        *OF_BATCH,
        *OF_RESULTS,
        *(
            Column(field=f"{UNIT}{code}", heading=code, read=verdict, width=16, hint=title)
            for code, title in units
        ),
    )


def verdicts_in(values):
    """`{unit code: verdict}` of the units whose result a row tells."""
    return {
        name.removeprefix(UNIT): found
        for name, found in values.items()
        if name.startswith(UNIT) and found
    }
