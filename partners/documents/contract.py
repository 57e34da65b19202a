"""The text of an agreement as plain data: both parties, the day in words, articles, work plan."""

from datetime import timedelta

from django.conf import settings
from django.utils import formats, translation
from lokal.terbilang import terbilang

from correspondence import paragraphs
from correspondence.documents import office
from partners import rules
from partners.documents.articles import filled
from partners.documents.letters import TO_FILL, called, long_day

PLAN_COLUMNS = 4  # activity, aim, time, who


def places(agreement, our_liaison="", their_liaison=""):
    """What fills the places of an agreement's articles; dots for what is not known yet."""
    return {
        "title": agreement.title,
        "facility": agreement.facility.name,
        "agency": agreement.agency.name,
        "scope": agreement.scope.strip() or TO_FILL,
        "starts": long_day(agreement.starts_on),
        "ends": long_day(agreement.ends_on),
        "years": _length(agreement),
        "seats": counted(agreement.seats_per_year),
        "notice_months": counted(agreement.notice_months),
        "review_months": counted(agreement.review_months),
        "termination_days": counted(agreement.termination_days),
        "our_liaison": our_liaison or TO_FILL,
        "their_liaison": their_liaison or TO_FILL,
    }


def text_of(agreement, *, articles, values, terms):
    """Data of `templates/letters/agreement_v1.typ`.

    `terms` are what is known of the signing: `signed_on`, `place`, for each side `name`, `title`
    and `decree` (`our_name`, `their_name`, ...), `legal_bases` and `plan` as typed lines.
    """
    party = called(agreement).upper()
    ours = office(agreement.facility)
    return {
        "office": ours["office"],
        "kind": party,
        "title": agreement.title,
        "parties": [
            _party("KESATU", ours["office"], agreement.our_number, "our", terms, ours["address"]),
            _party(
                "KEDUA",
                agreement.agency.name.upper(),
                agreement.their_number,
                "their",
                terms,
                agreement.agency.address or agreement.agency.city,
            ),
        ],
        "day": day_in_words(terms["signed_on"]),
        "place": terms["place"] or TO_FILL,
        "legal_bases": paragraphs.lines(terms["legal_bases"]),
        "articles": [
            {
                "title": filled(article["title"], values).upper(),
                "blocks": paragraphs.blocks(filled(article["body"], values)),
            }
            for article in articles
        ],
        "plan": plan_rows(terms["plan"]),
    }


def suggested_plan(agreement):
    """The work plan to begin with, one activity a line, its columns parted by `|`."""
    seats = f"{agreement.seats_per_year} orang" if agreement.seats_per_year else "……"
    rows = [
        f"Pelatihan kerja bagi Warga Binaan | {seats} per tahun | Sesuai kalender pelatihan | "
        "PARA PIHAK",
        "Seleksi dan penetapan peserta | Warga Binaan yang memenuhi syarat | Sebelum tiap "
        "pelatihan | PIHAK KESATU",
        "Penerbitan sertifikat | Peserta yang lulus | Sesudah tiap pelatihan | PIHAK KEDUA",
        f"Monitoring dan evaluasi | Laporan bersama | Setiap {agreement.review_months} bulan | "
        "PARA PIHAK",
    ]
    return "\n".join(rows)


def plan_rows(text):
    """Rows of exactly four cells; what a line has too many goes into its last."""
    rows = []
    for line in paragraphs.lines(text):
        cells = [cell.strip() for cell in line.split("|", PLAN_COLUMNS - 1)]
        rows.append(cells + [""] * (PLAN_COLUMNS - len(cells)))
    return rows


def day_in_words(day):
    """Jumat tanggal dua puluh enam bulan Februari tahun dua ribu dua puluh satu (26-02-2021)."""
    if day is None:
        return f"{TO_FILL} tanggal {TO_FILL} bulan {TO_FILL} tahun {TO_FILL} (……-……-…………)"
    with translation.override("id"):
        weekday, month = formats.date_format(day, "l"), formats.date_format(day, "F")
    return (
        f"{weekday} tanggal {terbilang(day.day)} bulan {month} tahun {terbilang(day.year)} "
        f"({day:%d-%m-%Y})"
    )


def counted(number):
    """3 (tiga); dots when there is none."""
    return TO_FILL if number is None else f"{number} ({terbilang(number)})"


def legal_bases():
    return "\n".join(settings.AGREEMENT_LEGAL_BASES)


def _length(agreement):
    if not (agreement.starts_on and agreement.ends_on):
        return TO_FILL
    after = agreement.ends_on + timedelta(days=1)
    months = rules.whole_months(agreement.starts_on, after)
    if months is None:
        return f"{counted((after - agreement.starts_on).days)} hari"
    if months % 12:
        return f"{counted(months)} bulan"
    return f"{counted(months // 12)} tahun"


def _party(ordinal, name, number, side, terms, seat):
    return {
        "ordinal": ordinal,
        "office": name,
        "number": number or TO_FILL,
        "name": terms[f"{side}_name"] or TO_FILL,
        "title": terms[f"{side}_title"] or TO_FILL,
        "decree": terms[f"{side}_decree"],
        "seat": seat or TO_FILL,
    }
