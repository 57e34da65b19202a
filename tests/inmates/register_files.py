"""Synthetic register files as SDP would export them, with the traps that real ones hold.

`people(n)` makes plain rows, `TRAPS` are rows that go wrong in one known way each; `as_csv` and
`as_xlsx` write them with title rows on top.
"""

import csv
import io
import random
from datetime import date, timedelta

import xlsxwriter

HEADERS = [
    *("No", "No Reg Instansi", "Nama", "Alamat", "Provinsi", "Kota", "Tempat Lahir"),
    *("Tanggal Lahir", "Usia", "Jenis Kelamin", "Agama", "Status Perkawinan"),
    *("Tingkat Pendidikan", "Nomor Induk", "Undang-undang", "Lama Pidana Tahun"),
    *("Lama Pidana Bulan", "Lama Pidana Hari", "Jenis Kejahatan", "Tanggal Mulai Ditahan"),
    *("Tgl Ekspirasi", "1/3 Masa Pidana", "1/2 Masa Pidana", "2/3 Masa Pidana", "Residivis"),
    *("Pekerjaan", "Total Bulan Remisi", "Total Hari Remisi", "Nama Alias", "Nama Ayah"),
    *("Nama Ibu", "Nomor Induk KTP", "Tgl Bebas", "Foto"),
]
DATES = [
    *("Tanggal Lahir", "Tanggal Mulai Ditahan", "Tgl Ekspirasi", "1/3 Masa Pidana"),
    *("1/2 Masa Pidana", "2/3 Masa Pidana"),
]
TITLE = [["KEMENTERIAN UJI"], ["LAPAS UJI"], ["Pencarian Kompleks per 3/11/2025"], []]
HEADER_ROW = len(TITLE) + 1
FIRST_ROW = HEADER_ROW + 1
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SPELLINGS = ["B.I  {}/2024", "BI.N. {}/2024", "B-I- {}/2024", "BIIa. {}/2024", "A.III {}/2024"]


def written(day, style):
    """The day as one of the ways in which offices write it; style 4 is an Excel serial."""
    return (
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day:%Y-%m-%d}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        (day - date(1899, 12, 30)).days,
    )[style % 5]


def person(n, *, style=0, **cells):
    """Row `n` as {header: cell}; keyword names are headers with `_` for a blank."""
    born = date(1985, 3, 1) + timedelta(days=n * 11 % 5000)
    start = date(2023, 1, 10) + timedelta(days=n % 300)
    row = dict.fromkeys(HEADERS, "-") | {
        "No": str(n),
        "No Reg Instansi": SPELLINGS[n % 4].format(n),
        "Nama": f"WARGA BINAAN {n:05d}",
        "Alamat": f"Jl. Uji No. {n}",
        "Provinsi": "Banten",
        "Kota": "Kota Cilegon" if n % 4 == 0 else "Kab. Serang",
        "Tempat Lahir": "Serang",
        "Tanggal Lahir": written(born, style),
        "Jenis Kelamin": "Laki-laki",
        "Agama": "AGAMA-RAHASIA",
        "Tingkat Pendidikan": ("SD", "SMP", "SMA")[n % 3],
        "Nomor Induk": f"'09{n:08d}",
        "Undang-undang": "UU-RAHASIA",
        "Lama Pidana Tahun": "4",
        "Lama Pidana Bulan": "0",
        "Lama Pidana Hari": "0",
        "Jenis Kejahatan": "PERKARA-RAHASIA",
        "Tanggal Mulai Ditahan": written(start, style),
        "Tgl Ekspirasi": written(date(start.year + 4, start.month, min(start.day, 28)), style),
        "1/3 Masa Pidana": written(start + timedelta(days=487), style),
        "1/2 Masa Pidana": written(start + timedelta(days=730), style),
        "2/3 Masa Pidana": written(start + timedelta(days=974), style),
        "Residivis": "Tidak",
        "Total Bulan Remisi": "0",
        "Total Hari Remisi": "0",
        "Nama Ayah": "AYAH-RAHASIA",
        "Nama Ibu": "IBU-RAHASIA",
        "Nomor Induk KTP": f"367201{born:%d%m%y}{n % 9999 + 1:04d}",
        "Tgl Bebas": ("00/00/0000", "-", "")[n % 3],
        "Foto": "",
    }
    return row | {name.replace("_", " "): value for name, value in cells.items()}


def people(count, start=1):
    return [person(n, style=n) for n in range(start, start + count)]


def trapped():
    """Rows and what a right import reports of them, by the contract."""
    rows, report = [], {"new": 0, "duplicate_rows": [], "warning_rows": [], "error_rows": []}

    def add(row, outcome="new"):
        rows.append(row)
        number = HEADER_ROW + len(rows)
        if outcome in ("new", "warning"):
            report["new"] += 1
        if outcome != "new":
            report[f"{outcome}_rows"].append(number)

    for n in range(1, 9):
        add(person(n, style=n))
    add(person(9, Nama='SITI "UCOK"\nAMINAH, S.Kom'))
    add(person(10, Nama="KARMAN\x0b  PRANOWO "))
    add(person(11, Nomor_Induk="'0900000001"), "duplicate")
    add(person(12, Nomor_Induk_KTP="3.17306E+15"), "warning")
    add(person(13, Nomor_Induk_KTP="3672019999999999"), "warning")
    add(person(14, Nomor_Induk_KTP="3672010101900000"), "warning")
    add(person(15, Nomor_Induk_KTP="0"))
    add(person(16, Tgl_Ekspirasi="01/01/2020"), "warning")
    add(person(17, Tanggal_Lahir="tidak tahu"), "error")
    add(person(18, Tanggal_Lahir="31/02/1990"), "error")
    add(person(19, Nama=" - "), "error")
    add(person(20, Nomor_Induk="'"), "error")
    add(person(21, Tanggal_Lahir="00/00/0000"))
    add(person(19))  # not a duplicate: its first row was an error
    add(person(22, Tgl_Bebas="kapan-kapan", Nomor_Induk_KTP="ABC"), "error")
    add(person(11, Nama="-"), "error")  # before it can be a duplicate
    add(person(23, No_Reg_Instansi="A.III 8/2024"))
    add(person(24, Nomor_Induk_KTP="-", Jenis_Kelamin="Perempuan"))
    return rows, report


def as_csv(rows, *, delimiter=",", encoding="utf-8-sig", headers=HEADERS, title=TITLE):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows(title)
    writer.writerow(headers)
    writer.writerows([row[name] for name in headers] for row in rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def as_xlsx(rows, *, without=("Foto", "Tgl Bebas"), seed=1, title=TITLE):
    """Columns shuffled (`No` stays first), some missing, numbers as numbers."""
    headers = [name for name in HEADERS if name not in without]
    rest = headers[1:]
    random.Random(seed).shuffle(rest)  # noqa: S311
    headers = [headers[0], *rest]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("Data WBP")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    lines = [*title, headers, *([row[name] for name in headers] for row in rows)]
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, int) or (isinstance(cell, str) and cell in {"0", "4"}):
                sheet.write_number(number, column, int(cell))
            else:
                sheet.write_string(number, column, cell)
    book.close()
    stream.seek(0)
    return stream
