"""The columns of the sheet: what each is called, by which other names, and how a cell is read."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sheets.cells import Unreadable, text_of
from accounts.sheets.dates import parse_date
from partners.register import LONGEST
from partners.states import AgreementKind


class Misread(ValueError):
    """The cell is not empty and cannot be read; the text is a sentence for whoever wrote it."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """`heading` is what the template says; `aliases` are read too, in any case and punctuation."""

    field: str
    heading: str
    read: callable
    width: int = 18
    hint: str = ""
    example: object = ""
    aliases: tuple = ()
    is_required: bool = False


def text(most):
    def read(cell):
        found = text_of(cell)
        if len(found) > most:
            raise Misread(_("Paling panjang %(most)s huruf.") % {"most": most})
        return found

    return read


def paragraphs(cell):
    """A long text with its line breaks."""
    if not isinstance(cell, str):
        return text_of(cell)
    lines = [text_of(line) for line in cell.splitlines()]
    found = "\n".join(lines).strip()
    if len(found) > LONGEST:
        raise Misread(_("Paling panjang %(most)s huruf.") % {"most": LONGEST})
    return found


def day(cell):
    """A day as offices write it; never a guess which of two numbers is the month."""
    try:
        return parse_date(cell)
    except Unreadable:
        said = text_of(cell)
    found = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", said)
    if found and int(found[2]) > MONTHS and int(found[1]) <= MONTHS:
        raise Misread(
            _("“%(said)s”: tidak ada bulan %(month)s. Tulis hari lebih dulu: 26/02/2021.")
            % {"said": said, "month": found[2]}
        )
    raise Misread(
        _("“%(said)s” bukan tanggal. Tulis 26/02/2021 atau 26 Februari 2021.") % {"said": said[:40]}
    )


def number(*units):
    """A whole number, with or without one of its units: `3`, `3 bulan`."""

    def read(cell):
        said = text_of(cell)
        if not said:
            return None
        found = re.fullmatch(r"(\d{1,5})(?:[.,]0+)?\s*([a-z]*)\.?", said.lower(), re.ASCII)
        if not found or found[2] not in ("", *units):
            raise Misread(_("“%(said)s” bukan bilangan bulat.") % {"said": said[:40]})
        return int(found[1])

    return read


def kind(cell):
    """A kind by its label or a usual short word; an empty cell is a PKS."""
    said = bare(text_of(cell))
    if not said:
        return AgreementKind.PKS
    for each in AgreementKind:
        if said in {each.value, bare(str(each.label)), *KIND_WORDS[each]}:
            return each
    raise Misread(
        _("“%(said)s” bukan jenis perjanjian. Pilih: %(kinds)s.")
        % {
            "said": text_of(cell)[:40],
            "kinds": "; ".join(str(each.label) for each in AgreementKind),
        }
    )


def bare(words):
    """Words without what differs between typists: case, blanks, punctuation."""
    return re.sub(r"[\W_]+", "", str(words).casefold())


MONTHS = 12
KIND_WORDS = {
    AgreementKind.PKS: {"perjanjiankerjasama", "perjanjian"},
    AgreementKind.MOU: {"notakesepahaman", "mou", "memorandum"},
    AgreementKind.ACCORD: {"notakesepakatan", "sinergi", "notakesepakatansinergi"},
}
COLUMNS = (
    Column(
        field="agency",
        heading=gettext_lazy("Instansi"),
        read=text(150),
        width=30,
        is_required=True,
        hint=gettext_lazy("Nama instansi mitra, seperti pada halaman Instansi."),
        aliases=("mitra", "pihak kedua", "nama instansi"),
    ),
    Column(
        field="kind",
        heading=gettext_lazy("Jenis"),
        read=kind,
        hint=gettext_lazy("Kosong berarti PKS."),
        example="PKS",
        aliases=("jenis perjanjian",),
    ),
    Column(
        field="title",
        heading=gettext_lazy("Judul"),
        read=text(200),
        width=40,
        is_required=True,
        example="PKS Pelatihan Las bagi Warga Binaan",
        aliases=("judul perjanjian", "nama perjanjian", "perihal", "tentang"),
    ),
    Column(
        field="our_number",
        heading=gettext_lazy("Nomor lapas"),
        read=text(80),
        width=28,
        is_required=True,
        hint=gettext_lazy("Nomor pihak kesatu. Format sel: teks."),
        example="WP.11.PAS.1-HH.05.05-7",
        aliases=("nomor pihak kesatu", "nomor pihak pertama", "nomor pihak i", "no lapas"),
    ),
    Column(
        field="their_number",
        heading=gettext_lazy("Nomor instansi"),
        read=text(80),
        width=24,
        is_required=True,
        hint=gettext_lazy("Nomor pihak kedua. Format sel: teks."),
        example="560/7/BLK/2021",
        aliases=("nomor pihak kedua", "nomor pihak ii", "no instansi", "nomor mitra"),
    ),
    Column(
        field="signed_on",
        heading=gettext_lazy("Ditandatangani"),
        read=day,
        is_required=True,
        hint=gettext_lazy("Tanggal: 26/02/2021 atau 26 Februari 2021."),
        example="26 Februari 2021",
        aliases=("ditandatangani pada", "tanggal tanda tangan", "tanggal ttd", "tgl ttd"),
    ),
    Column(
        field="starts_on",
        heading=gettext_lazy("Berlaku mulai"),
        read=day,
        is_required=True,
        example="26/02/2021",
        aliases=("mulai", "tanggal berlaku", "tanggal mulai", "tmt"),
    ),
    Column(
        field="ends_on",
        heading=gettext_lazy("Berlaku sampai"),
        read=day,
        is_required=True,
        hint=gettext_lazy("Hari terakhir berlaku."),
        example="25/02/2024",
        aliases=("sampai", "berakhir", "tanggal berakhir", "tanggal akhir"),
    ),
    Column(
        field="scan",
        heading=gettext_lazy("Berkas pindaian"),
        read=text(200),
        width=26,
        is_required=True,
        hint=gettext_lazy("Nama berkas PDF, JPEG atau PNG yang dikirim bersama lembar ini."),
        example="pks-las-2021.pdf",
        aliases=("pindaian", "nama berkas", "berkas", "file", "scan"),
    ),
    Column(
        field="notice_months",
        heading=gettext_lazy("Batas usulan (bulan)"),
        read=number("bulan", "bln"),
        hint=gettext_lazy("Kosong berarti 3."),
        example=3,
        aliases=("batas usulan", "batas usulan perpanjangan (bulan)"),
    ),
    Column(
        field="review_months",
        heading=gettext_lazy("Monev setiap (bulan)"),
        read=number("bulan", "bln"),
        hint=gettext_lazy("Kosong berarti 12."),
        example=12,
        aliases=("monev", "monev (bulan)"),
    ),
    Column(
        field="seats_per_year",
        heading=gettext_lazy("Kursi per tahun"),
        read=number("kursi", "orang"),
        example=32,
        aliases=("kursi", "kursi dijanjikan per tahun", "kuota per tahun"),
    ),
    Column(
        field="scope",
        heading=gettext_lazy("Ruang lingkup"),
        read=paragraphs,
        width=40,
        example="Pelatihan, uji kompetensi dan sertifikasi.",
    ),
    Column(
        field="background",
        heading=gettext_lazy("Latar belakang"),
        read=paragraphs,
        width=40,
        hint=gettext_lazy("Untuk register perjanjian; boleh menyusul."),
    ),
    Column(field="implementation", heading=gettext_lazy("Pelaksanaan"), read=paragraphs, width=40),
    Column(field="benefit", heading=gettext_lazy("Manfaat"), read=paragraphs, width=40),
)
BY_FIELD = {column.field: column for column in COLUMNS}
REQUIRED = [column.field for column in COLUMNS if column.is_required]
EXAMPLE_MARK = "CONTOH"  # begins the title of the template's worked row, which is never read


def named(headings):
    """`{field: place}` of the columns that a row of headings names."""
    words = {}
    for column in COLUMNS:
        for each in (column.field, str(column.heading), *column.aliases):
            words.setdefault(bare(each), column.field)
    found = {}
    for place, heading in enumerate(headings):
        field = words.get(bare(text_of(heading).rstrip("* ")))
        if field:
            found.setdefault(field, place)
    return found
