"""What letters about partners say to begin with, as `correspondence` wants it typed.

Each function gives the fields of a letter's form from the facts of its object; whoever writes
changes the words. Papers are always in Indonesian.
"""

from datetime import timedelta

from django.utils import formats, timezone, translation

from partners import rules
from partners.states import AgreementKind

TO_FILL = "……………"
# How an agreement is called within a sentence.
CALLED = {
    AgreementKind.MOU: "Nota Kesepahaman",
    AgreementKind.ACCORD: "Nota Kesepakatan",
    AgreementKind.PKS: "Perjanjian Kerja Sama",
}
OPENING = "Dengan hormat,"
THANKS = "Atas perhatian dan kerja sama yang baik, kami ucapkan terima kasih."


def of_agency(kind, agency, facility):
    """The fields of a letter of that kind to an agency."""
    write = {"audience": audience}.get(kind, general)
    return write(agency, facility)


def of_engagement(kind, engagement):
    if kind == "visit_report":
        return visit_report(engagement)
    return of_agency(kind, engagement.agency, engagement.facility)


def of_agreement(kind, agreement):
    write = {"extension": extension, "addendum": addendum, "termination": termination}.get(kind)
    return write(agreement) if write else general(agreement.agency, agreement.facility)


def general(agency, facility):
    return {**_to(agency), "subject": "", "text": f"{OPENING}\n\n{TO_FILL}\n\n{THANKS}"}


def audience(agency, facility):
    return {
        **_to(agency),
        "subject": "Permohonan Audiensi",
        "text": _paragraphs(
            OPENING,
            f"Dalam rangka pembinaan kemandirian Warga Binaan, {facility.name} bermaksud menjajaki "
            f"kerja sama penyelenggaraan pelatihan kerja dan penempatan dengan {agency.name}. "
            "Untuk itu kami mohon kesediaan Bapak/Ibu menerima audiensi kami pada:",
            "Hari, tanggal : ……………\n"
            "Waktu : ………… WIB\n"
            f"Tempat : {agency.address or agency.name}\n"
            "Acara : Penjajakan kerja sama pelatihan kerja Warga Binaan",
            "Apabila waktu tersebut belum sesuai, kami menyesuaikan dengan waktu yang Bapak/Ibu "
            "tentukan.",
            "Atas perkenan Bapak/Ibu, kami ucapkan terima kasih.",
        ),
    }


def visit_report(engagement):
    """Delegation, hosts, purpose, result and what was promised."""
    day = weekday(engagement.held_on)
    items = [
        f"{number}. {item.what} ({item.owner_label}, paling lambat {long_day(item.due)}"
        f"{'; sudah selesai' if item.done_at else ''})"
        for number, item in enumerate(engagement.action_items.all(), start=1)
    ]
    with translation.override("id"):
        how = str(engagement.get_kind_display()).lower()
    return {
        "addressed_to": f"Kepala {engagement.facility.name}",
        "place": "",
        "subject": f"Laporan {how} dengan {engagement.agency.name}"[:200],
        "text": _paragraphs(
            "# Pelaksanaan",
            f"Hari, tanggal : {day}\n"
            f"Instansi : {engagement.agency.name}\n"
            f"Maksud : {_one_line(engagement.purpose)}",
            "# Rombongan lapas",
            _numbered(engagement.delegation),
            "# Pihak instansi",
            _numbered(engagement.hosts) or TO_FILL,
            "# Hasil",
            engagement.result.strip() or TO_FILL,
            "# Tindak lanjut",
            "\n".join(items) or "Tidak ada.",
            "Demikian laporan ini kami sampaikan. Mohon arahan Bapak/Ibu lebih lanjut.",
        ),
    }


def extension(agreement):
    """Proposes the next term before the notice deadline; the dates are a suggestion."""
    notice_by = rules.notice_deadline(agreement)
    return {
        **_to(agreement.agency),
        "subject": f"Usulan Perpanjangan {called(agreement)}",
        "text": _paragraphs(
            OPENING,
            f"{named(agreement)} berlaku sampai dengan tanggal {long_day(agreement.ends_on)}"
            + (
                f", dan usulan perpanjangannya diajukan paling lambat tanggal {long_day(notice_by)}"
                if notice_by
                else ""
            )
            + ".",
            "Mengingat manfaat kerja sama tersebut bagi pembinaan Warga Binaan, kami mengusulkan "
            "agar masa berlakunya diperpanjang dengan ketentuan:",
            f"a. masa berlaku baru: {_next_term(agreement)};\n"
            "b. ruang lingkup dan hak serta kewajiban PARA PIHAK: tetap;\n"
            "c. dituangkan dalam adendum atau naskah perjanjian baru yang ditandatangani PARA "
            "PIHAK sebelum masa berlaku sekarang berakhir.",
            "Kami mohon tanggapan tertulis Bapak/Ibu. Untuk pembahasan, petugas kami siap "
            "dihubungi setiap hari kerja.",
            THANKS,
        ),
    }


def addendum(agreement):
    return {
        **_to(agreement.agency),
        "subject": f"Penyampaian Adendum {called(agreement)}",
        "attachments": "2 (dua) rangkap",
        "text": _paragraphs(
            OPENING,
            f"Menindaklanjuti {named(agreement)}, bersama ini kami sampaikan 2 (dua) "
            "rangkap naskah adendum mengenai:",
            f"1. {TO_FILL}",
            "Kami mohon naskah tersebut ditandatangani, dan 1 (satu) rangkap dikembalikan kepada "
            "kami untuk disimpan sebagai bagian yang tidak terpisahkan dari perjanjian.",
            THANKS,
        ),
    }


def termination(agreement):
    return {
        **_to(agreement.agency),
        "subject": f"Pemberitahuan Penghentian {called(agreement)}",
        "nature": "Penting",
        "text": _paragraphs(
            OPENING,
            f"Berdasarkan ketentuan mengenai pengakhiran dalam {named(agreement)}, "
            f"kami memberitahukan bahwa {called(agreement)} tersebut dihentikan terhitung mulai "
            f"tanggal {_ending_of(agreement)}, dengan alasan:",
            f"1. {agreement.reason or TO_FILL}",
            "Kegiatan yang sedang berjalan diselesaikan menurut kesepakatan PARA PIHAK. Hal-hal "
            "yang masih perlu diselesaikan kami usulkan dibahas bersama dalam waktu dekat.",
            THANKS,
        ),
    }


def long_day(day):
    """26 Februari 2021; dots when there is no date yet."""
    return _formatted(day, "j F Y")


def weekday(day):
    """Jumat, 26 Februari 2021."""
    return _formatted(day, "l, j F Y")


def _formatted(day, pattern):
    if day is None:
        return TO_FILL
    with translation.override("id"):
        return formats.date_format(day, pattern)


def _to(agency):
    return {"addressed_to": f"Kepala {agency.name}", "place": agency.city}


def called(agreement):
    return CALLED[agreement.kind]


def named(agreement):
    """What the agreement is, with its numbers and the day of its signing."""
    numbers = [f"Nomor {n}" for n in (agreement.our_number, agreement.their_number) if n]
    known = [f"{called(agreement)} “{agreement.title}”"]
    if numbers:
        known.append(" dan ".join(numbers))
    if agreement.signed_on:
        known.append(f"tanggal {long_day(agreement.signed_on)}")
    return " ".join(known)


def _next_term(agreement):
    """As long as the present one, from the day after its end."""
    if not (agreement.starts_on and agreement.ends_on):
        return TO_FILL
    starts, ends = rules.renewed_term(agreement.starts_on, agreement.ends_on)
    return f"{long_day(starts)} sampai dengan {long_day(ends)}"


def _ending_of(agreement):
    """The day it ends, else the first on which the notice period has passed."""
    noticed = timezone.localdate() + timedelta(days=agreement.termination_days)
    return long_day(agreement.terminated_on or noticed)


def _numbered(text):
    return "\n".join(
        f"{number}. {line.strip()}"
        for number, line in enumerate((x for x in text.splitlines() if x.strip()), start=1)
    )


def _one_line(text):
    return " ".join(text.split())


def _paragraphs(*parts):
    return "\n\n".join(parts)
