"""The columns of the sheet of batches that exist already, and its rows. Pure.

One row a participant. What describes the batch stands in its first row and may be left empty in
the rows below.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.sheets.cells import text_of
from accounts.sheets.files import sheets_in
from accounts.sheets.refusals import NotASheet
from partners.sheet.columns import Column, Misread, bare, day, number, text
from training.sheet.outcomes import cause, outcome
from training.sheet.reading import Row
from training.states import BatchState

WITHIN = 30  # rows from the top in which the headings are looked for
FAMILIAR = 4  # so many known headings make a row look like one
ROWS_MOST = 1_000
EXAMPLE_MARK = "CONTOH"  # begins the batch's name in the template's worked rows, which are not read
STATE_WORDS = {
    BatchState.RUNNING: {"jalan", "sedangberjalan"},
    BatchState.FINISHED: {"selesaipelatihan", "tamat"},
    BatchState.CLOSED: {"tutup", "sudahditutup"},
}


def state(cell):
    said = bare(text_of(cell))
    if not said:
        return ""
    for each, words in STATE_WORDS.items():
        if said in {each.value, bare(str(each.label)), *words}:
            return each.value
    raise Misread(
        _("“%(said)s” bukan keadaan. Pilih: %(choices)s.")
        % {
            "said": text_of(cell)[:40],
            "choices": "; ".join(str(each.label) for each in STATE_WORDS),
        }
    )


OF_BATCH = (
    Column(
        field="course",
        heading=gettext_lazy("Program"),
        read=text(150),
        width=26,
        is_required=True,
        hint=gettext_lazy("Kode atau nama program, seperti di Katalog."),
        example="LAS-SMAW",
        aliases=("kode program", "pelatihan", "nama pelatihan"),
    ),
    Column(
        field="name",
        heading=gettext_lazy("Angkatan"),
        read=text(120),
        width=20,
        is_required=True,
        example="Las I 2024",
        aliases=("nama angkatan", "batch"),
    ),
    Column(
        field="agency",
        heading=gettext_lazy("Instansi"),
        read=text(150),
        width=26,
        is_required=True,
        hint=gettext_lazy("Nama instansi mitra, seperti pada halaman Instansi."),
        aliases=("instansi pelatih", "penyelenggara", "mitra"),
    ),
    Column(
        field="agreement",
        heading=gettext_lazy("Nomor perjanjian"),
        read=text(80),
        width=26,
        hint=gettext_lazy("Nomor lapas pada perjanjian yang berlaku waktu itu."),
        aliases=("nomor pks", "perjanjian"),
    ),
    Column(
        field="exception",
        heading=gettext_lazy("Dasar tanpa perjanjian"),
        read=text(250),
        width=26,
        hint=gettext_lazy("Hanya bila tidak ada perjanjian: kontrak DIPA, surat tugas."),
        aliases=("dasar lain", "dasar"),
    ),
    Column(
        field="starts_on",
        heading=gettext_lazy("Mulai"),
        read=day,
        is_required=True,
        example="5 Februari 2024",
        aliases=("tanggal mulai", "tgl mulai"),
    ),
    Column(
        field="ends_on",
        heading=gettext_lazy("Selesai"),
        read=day,
        is_required=True,
        example="22 Maret 2024",
        aliases=("tanggal selesai", "tgl selesai", "berakhir"),
    ),
    Column(field="place", heading=gettext_lazy("Tempat"), read=text(150)),
    Column(
        field="state",
        heading=gettext_lazy("Keadaan angkatan"),
        read=state,
        is_required=True,
        hint=gettext_lazy("Berjalan, Selesai atau Ditutup."),
        example="Ditutup",
        aliases=("keadaan", "status angkatan"),
    ),
    Column(
        field="seats",
        heading=gettext_lazy("Kursi"),
        read=number("kursi", "orang"),
        hint=gettext_lazy("Kosong berarti sebanyak peserta."),
        aliases=("kuota", "jumlah kursi"),
    ),
    Column(
        field="hearing_number",
        heading=gettext_lazy("Nomor berita acara TPP"),
        read=text(80),
        width=22,
        is_required=True,
        example="BA-3/TPP/2024",
        aliases=("nomor berita acara", "nomor sidang", "berita acara"),
    ),
    Column(
        field="heard_on",
        heading=gettext_lazy("Tanggal sidang"),
        read=day,
        is_required=True,
        example="22/01/2024",
        aliases=("sidang tpp", "tanggal sidang tpp"),
    ),
    Column(
        field="number",
        heading=gettext_lazy("Nomor SK"),
        read=text(80),
        width=26,
        is_required=True,
        hint=gettext_lazy("Seperti di buku agenda. Format sel: teks."),
        example="W12.PAS-21.PK.05.09 TAHUN 2024",
        aliases=("sk", "no sk"),
    ),
    Column(
        field="dated",
        heading=gettext_lazy("Tanggal SK"),
        read=day,
        is_required=True,
        example="29/01/2024",
        aliases=("tgl sk",),
    ),
    Column(
        field="signed_by",
        heading=gettext_lazy("Ditetapkan oleh"),
        read=text(120),
        width=22,
        is_required=True,
        example="Kepala Lapas waktu itu",
        aliases=("penanda tangan", "pejabat", "kalapas"),
    ),
    Column(
        field="scan",
        heading=gettext_lazy("Berkas pindaian SK"),
        read=text(200),
        width=22,
        is_required=True,
        hint=gettext_lazy("Nama berkas PDF, JPEG atau PNG yang dikirim bersama lembar ini."),
        example="sk-las-1-2024.pdf",
        aliases=("pindaian", "berkas", "berkas sk", "file", "scan"),
    ),
)
OF_PERSON = (
    Column(
        field="who",
        heading=gettext_lazy("Nomor registrasi"),
        read=text(40),
        width=20,
        is_required=True,
        hint=gettext_lazy("Nomor registrasi di lapas ini, atau Nomor Induk SDP."),
        example="B.I 12/2023",
        aliases=("nomor induk", "no registrasi", "nomor register", "no reg", "nomor induk sdp"),
    ),
    Column(
        field="person",
        heading=gettext_lazy("Nama"),
        read=text(150),
        width=26,
        hint=gettext_lazy("Untuk mencocokkan; boleh kosong."),
        aliases=("nama peserta", "nama wbp"),
    ),
    Column(
        field="outcome",
        heading=gettext_lazy("Hasil"),
        read=outcome,
        hint=gettext_lazy("Peserta, Ditangguhkan, Selesai, Tidak selesai atau Berhenti."),
        example="Selesai",
        aliases=("keadaan peserta", "hasil pelatihan", "status peserta"),
    ),
    Column(
        field="left_on",
        heading=gettext_lazy("Keluar pada"),
        read=day,
        hint=gettext_lazy("Hanya untuk yang berhenti."),
        aliases=("tanggal keluar", "tgl keluar"),
    ),
    Column(
        field="cause",
        heading=gettext_lazy("Sebab keluar"),
        read=cause,
        aliases=("sebab",),
    ),
    Column(
        field="reason",
        heading=gettext_lazy("Keterangan"),
        read=text(250),
        width=26,
        aliases=("alasan", "catatan"),
    ),
)
COLUMNS = OF_BATCH + OF_PERSON
NEEDED = ("course", "name", "starts_on", "who")  # headings without which it is another sheet


def read(stream):
    """The `Row`s of a CSV, XLSX or ODS file, numbered as in the sheet; `NotASheet` if it is none.

    `values` holds what stands in the row itself; cells are not yet carried down.
    """
    closest = {}
    for sheet in sheets_in(stream):
        for line, cells in sheet.top(WITHIN):
            places = _named(cells)
            if len(places) > len(closest):
                closest = places
            if all(name in places for name in NEEDED):
                return _rows(sheet, line, places)
    if len(closest) < FAMILIAR:
        raise NotASheet(
            _("Lembar ini tanpa judul kolom yang dikenal. Pakai templat dari halaman ini.")
        )
    headings = {column.field: str(column.heading) for column in COLUMNS}
    missing = ", ".join(f"“{headings[name]}”" for name in NEEDED if name not in closest)
    raise NotASheet(_("Kolom ini tidak ada: %(columns)s.") % {"columns": missing})


def _named(headings):
    words = {}
    for column in COLUMNS:
        for each in (column.field, str(column.heading), *column.aliases):
            words.setdefault(bare(each), column.field)
    found = {}
    for place, heading in enumerate(headings):
        name = words.get(bare(text_of(heading).rstrip("* ")))
        if name:
            found.setdefault(name, place)
    return found


def _rows(sheet, header, places):
    found = []
    example = False
    for line, cells in sheet.numbered():
        if line <= header or not any(text_of(cell) for cell in cells):
            continue
        raw = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if text_of(raw["name"]):
            example = text_of(raw["name"]).startswith(EXAMPLE_MARK)
        if example:
            continue
        if len(found) == ROWS_MOST:
            raise NotASheet(
                _("Lebih dari %(most)s baris. Bagi menjadi beberapa lembar.") % {"most": ROWS_MOST}
            )
        found.append(_row(line, raw))
    if not found:
        raise NotASheet(_("Lembar ini belum berisi peserta di bawah judul kolomnya."))
    return found


def _row(line, raw):
    row = Row(line, {}, COLUMNS)
    for column in COLUMNS:
        try:
            row.values[column.field] = column.read(raw.get(column.field))
        except Misread as misread:
            row.values[column.field] = None
            row.problems[column.field] = str(misread)
    if not row.values["who"] and "who" not in row.problems:
        row.problems["who"] = _("Wajib diisi.")
    return row
