"""What the letter of a monthly report says: its tables as plain data, and words to edit."""

from django.utils import formats, translation

from correspondence.documents import office
from reports.monthly.section import total_of

REGIONAL = "KANTOR WILAYAH"
SHORT = 3  # letters of a word that stays in capitals: DKI
ACTIVITIES = [
    *("Kegiatan", "Laki-laki", "Perempuan", "Hasil produksi", "Penjualan (Rp)", "Premi (Rp)"),
    "PNBP (Rp)",
]


def subject(month):
    with translation.override("id"):
        return f"Laporan kegiatan kerja bulan {formats.date_format(month, 'F Y')}"


def addressee(facility, on):
    """The regional office that the letterhead of a day names, else the prison's own warden."""
    lines = office(facility, on)["letterhead"]
    above = next((line for line in lines if line.upper().startswith(REGIONAL)), "")
    words = [word if len(word) <= SHORT else word.capitalize() for word in above.split()]
    return f"Kepala {' '.join(words) or facility.name}"


def text(typed):
    """The words below the tables, as a letter's text is typed; whoever writes changes them."""
    return (
        f"# Kendala\n\n{_listed(typed.get('obstacles', '')) or 'Tidak ada kendala yang berarti.'}"
        f"\n\n# Rencana bulan depan\n\n{_listed(typed.get('plan', '')) or 'Melanjutkan kegiatan.'}"
        "\n\nDemikian laporan ini kami sampaikan. Mohon arahan Bapak/Ibu lebih lanjut."
    )


def tables(report):
    """The sections as they were counted, and what was typed of the activities, with numbers set."""
    with translation.override("id"):
        found = [_table(each) for each in report.figures]
        typed = activities(report)
        if typed["rows"]:
            found.insert(1, _table(typed))
        return found


def activities(report):
    """What was typed of the work that is no training, as a section."""
    rows = report.typed.get("activities", [])
    return {
        "title": "Warga binaan bekerja",
        "columns": ACTIVITIES,
        "rows": rows,
        "total": total_of(rows, ACTIVITIES),
    }


def _table(section):
    return {
        "title": section["title"],
        "columns": section["columns"],
        "numeric": _numeric(section["rows"], len(section["columns"])),
        "rows": [[_cell(cell) for cell in row] for row in section["rows"]],
        "total": [_cell(cell) for cell in section["total"]],
    }


def _numeric(rows, columns):
    """Which columns hold numbers only, for their alignment."""
    return [
        bool(rows) and all(isinstance(row[place], int) for row in rows) for place in range(columns)
    ]


def _cell(cell):
    return formats.number_format(cell, force_grouping=True) if isinstance(cell, int) else cell


def _listed(said):
    lines = [line.strip(" -") for line in said.splitlines() if line.strip(" -")]
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
