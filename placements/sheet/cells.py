"""How the cells of a sheet of vacancies are read; each raises `Misread` with a sentence."""

import re

from django.utils.translation import gettext as _

from accounts.sheets.cells import text_of
from inmates import regions
from inmates.states import Sex
from partners.sheet.columns import Misread, bare
from placements.employment import SCHOOLING, EmployerKind

SEX_WORDS = {
    Sex.MALE: {"l", "lk", "pria", "lakilaki"},
    Sex.FEMALE: {"p", "pr", "wanita", "perempuan"},
}
EITHER = {"lp", "pl", "pw", "bebas", "semua", "priawanita", "lakilakiperempuan"}
KIND_WORDS = {
    EmployerKind.COMPANY: {"pt", "perseroan", "badanusaha"},
    EmployerKind.INDIVIDUAL: {"orang", "pribadi", "perseorangan"},
    EmployerKind.SMALL: {"cv", "ud", "usahakecil", "mikro"},
    EmployerKind.PUBLIC: {"pemerintah", "dinas", "lembaga"},
}
SCHOOL_WORDS = {
    "SD": {"sd", "mi", "paketa", "sederajatsd"},
    "SMP": {"smp", "mts", "sltp", "paketb"},
    "SMA": {"sma", "ma", "slta", "smu", "paketc", "smasmk", "smaatausmk"},
    "SMK": {"smk", "stm", "smea", "mak"},
    "D1": {"d1", "di", "d2", "dii"},
    "D3": {"d3", "diii", "akademi"},
    "S1": {"s1", "d4", "div", "sarjana"},
}
MILLION = 1_000_000
MONEY = re.compile(r"(?:rp\.?)?\s*(\d[\d.,\s]*?)\s*(juta|jt)?(?:,-)?", re.IGNORECASE)


def rupiah(cell):
    """Whole rupiah: `4500000`, `4.500.000`, `Rp 4.500.000,00`, `4,5 juta`; None if empty."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return int(cell) or None
    said = text_of(cell)
    if not said:
        return None
    found = MONEY.fullmatch(said)
    if found:
        figure = re.sub(r"\s", "", found[1])
        if found[2] and re.fullmatch(r"\d+([.,]\d{1,3})?", figure):
            return round(float(figure.replace(",", ".")) * MILLION)
        whole = re.sub(r",00?$", "", figure)
        if not found[2] and re.fullmatch(r"\d+|\d{1,3}([.,]\d{3})+", whole):
            return int(re.sub(r"[.,]", "", whole))
    raise Misread(_("“%(said)s” bukan jumlah rupiah. Tulis 4.500.000.") % {"said": said[:40]})


def region(cell):
    try:
        return regions.code_meant(text_of(cell))
    except regions.Unclear as unclear:
        raise Misread(str(unclear)) from unclear


def sex(cell):
    """A sex, or "" where either is welcome."""
    said = bare(text_of(cell))
    if not said or said in EITHER:
        return ""
    for each, words in SEX_WORDS.items():
        if said in {*words, bare(str(each.label))}:
            return each.value
    raise Misread(_("Tulis L, P, atau kosongkan bila boleh keduanya."))


def employer_kind(cell):
    """A kind of employer by its label or a usual word, "" for an empty cell."""
    said = bare(text_of(cell))
    if not said:
        return ""
    for each, words in KIND_WORDS.items():
        if said in {each.value, bare(str(each.label)), *words}:
            return each.value
    raise Misread(
        _("“%(said)s” bukan jenis pemberi kerja. Pilih: %(choices)s.")
        % {
            "said": text_of(cell)[:40],
            "choices": "; ".join(str(each.label) for each in EmployerKind),
        }
    )


def schooling(cell):
    """One of `SCHOOLING`, "" where none is asked for."""
    said = bare(text_of(cell))
    if not said or said in {"bebas", "semua", "tidakada", "tanpa"}:
        return ""
    for level, words in SCHOOL_WORDS.items():
        if said in words or any(said.startswith(f"{word}sederajat") for word in words):
            return level
    raise Misread(
        _("“%(said)s” tidak dikenal. Pilih: %(choices)s.")
        % {"said": text_of(cell)[:40], "choices": "; ".join(SCHOOLING)}
    )


def codes(cell):
    """Codes that stand in one cell, apart by semicolons, commas or blanks."""
    return [part for part in re.split(r"[;,\s]+", text_of(cell)) if part]


def number_text(cell):
    """A long number as text: Excel keeps at most fifteen digits of a figure."""
    if isinstance(cell, float) and not cell.is_integer():
        raise Misread(_("Tersimpan sebagai pecahan; format selnya teks."))
    if isinstance(cell, int | float) and abs(cell) >= 10**15:
        raise Misread(_("Tersimpan sebagai angka dan sudah terpotong; format selnya teks."))
    found = str(int(cell)) if isinstance(cell, int | float) else text_of(cell)
    return re.sub(r"[\s.\-']", "", found)
