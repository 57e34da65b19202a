"""What the yearly plan says outside: the letter that asks an agency for packages, and the sheet.

The letter's words are those of its form; whoever writes changes them. Always in Indonesian.
"""

from dataclasses import dataclass

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

OPENING = "Dengan hormat,"
THANKS = "Atas perhatian dan kerja sama yang baik, kami ucapkan terima kasih."
TO_FILL = "……………"


@dataclass(frozen=True)
class Column:
    heading: str
    width: int
    value: object


COLUMNS = (
    Column(gettext_lazy("Tahun"), 7, lambda line: line.year),
    Column(gettext_lazy("Kode"), 12, lambda line: line.course.code),
    Column(gettext_lazy("Program"), 36, lambda line: line.course.name),
    Column(gettext_lazy("Instansi"), 26, lambda line: line.agency.name if line.agency else ""),
    Column(gettext_lazy("Sumber dana"), 20, lambda line: str(line.get_fund_display())),
    Column(gettext_lazy("Paket direncanakan"), 12, lambda line: line.packages_planned),
    Column(gettext_lazy("Kursi direncanakan"), 12, lambda line: line.seats_planned),
    Column(gettext_lazy("Paket diminta"), 12, lambda line: line.packages_requested),
    Column(gettext_lazy("Kursi diminta"), 12, lambda line: line.seats_requested),
    Column(gettext_lazy("Paket diberikan"), 12, lambda line: line.packages_granted),
    Column(gettext_lazy("Kursi diberikan"), 12, lambda line: line.seats_granted),
    Column(gettext_lazy("Paket terlaksana"), 12, lambda line: line.packages_run),
    Column(gettext_lazy("Peserta"), 10, lambda line: line.people_run),
    Column(gettext_lazy("Bersertifikat"), 12, lambda line: line.people_certified),
    Column(gettext_lazy("Catatan"), 36, lambda line: line.note),
)


def package_request(facility, agency, year, lines, demands, before):
    """The fields of the letter: `lines` asked of the agency, `demands` by course, `before` (seats
    granted and people trained with the agency in the year before) or None."""
    wanted = [(line, *_asked(line)) for line in lines]
    with translation.override("id"):
        items = "\n".join(
            f"{number}. {line.course.name}, {packages} paket untuk {seats} orang, "
            f"sumber dana {line.get_fund_display()}{_need(demands.get(line.course_id))};"
            for number, (line, packages, seats) in enumerate(wanted, 1)
        )
        today = formats.date_format(timezone.localdate(), "j F Y")
    packages = sum(count for _line, count, _seats in wanted)
    seats = sum(count for _line, _packages, count in wanted)
    return {
        "addressed_to": f"Kepala {agency.name}",
        "place": agency.city,
        "subject": f"Permohonan Paket Pelatihan Tahun {year}",
        "text": "\n\n".join(
            part
            for part in (
                OPENING,
                f"Dalam rangka pembinaan kemandirian Warga Binaan, {facility.name} merencanakan "
                f"pelatihan kerja tahun {year} bersama {agency.name}. Untuk itu kami mohon "
                "dialokasikan paket pelatihan sebagai berikut:",
                items or f"1. {TO_FILL}",
                f"Jumlah seluruhnya {packages} paket untuk {seats} orang." if wanted else "",
                f"Angka kebutuhan menurut daftar tunggu dan data lapas per {today}."
                if demands and wanted
                else "",
                _record(before, year - 1),
                "Pelatihan dapat diselenggarakan di dalam lapas. Waktu, tempat dan rincian lain "
                "kami bicarakan lebih lanjut menurut ketentuan Bapak/Ibu.",
                THANKS,
            )
            if part
        ),
    }


def _asked(line):
    """Packages and seats that are asked for; what is planned where nobody has typed a request."""
    if line.packages_requested or line.seats_requested:
        return line.packages_requested, line.seats_requested
    return line.packages_planned, line.seats_planned


def _need(demand):
    """Why, in figures: who waits for the course, and who could join if it began in a month."""
    if demand is None:
        return ""
    return f" ({demand.waiting} orang menunggu, {demand.fit} orang memenuhi syarat)"


def _record(before, year):
    if not before or not before["run"]:
        return ""
    return (
        f"Pada tahun {year}, dari {before['granted']} kursi yang diberikan, "
        f"{before['run']} orang mengikuti pelatihan dan {before['certified']} orang memperoleh "
        "sertifikat atau surat keterangan."
    )


def sheet_name():
    return _("Rencana tahunan")
