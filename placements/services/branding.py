"""What must not stand in anything that a person gives to employers: prison, offence, keys.

PRISON_WORDS and CONVICTION_WORDS are settings. They are found with what Indonesian puts before and
behind a word (`dipenjara`, `lapasnya`), not inside other words (`urutan`).
"""

import re
import unicodedata

from django.conf import settings
from django.utils.translation import gettext as _

from inmates.models import Custody, Inmate
from inmates.rules import nik_problem
from partners.sheet.columns import bare

LETTER = r"[^\W\d_]"
BEFORE, BEHIND = "(?:di|ter|me|mem)?", "(?:nya|ku|mu|lah|pun|kan)?"
NIK = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")
SHORTEST = 5  # letters and digits of a key that is looked for in a text


def problem_of(text, inmate=None):
    """Why a text may not go to employers, as a sentence; None if it may.

    With `inmate` also their own keys and register numbers are looked for.
    """
    plain = _plain(text)
    if word := _word_in(plain):
        return _(
            "Hapus atau ganti “%(word)s”: riwayat hidup tidak menyebut penjara atau perkara."
        ) % {"word": word}
    if _has_nik(plain):
        return _("Hapus NIK: nomor itu tidak dibagikan di sini.")
    written = bare(plain)
    if inmate and any(key in written for key in _keys_of(inmate)):
        return _("Hapus nomor registrasi atau Nomor Induk: nomor itu tidak dibagikan.")
    return None


def neutral(text):
    """The text if it says nothing of a prison or a conviction, else nothing."""
    plain = _plain(text)
    return "" if _word_in(plain) or _has_nik(plain) else text


def _word_in(plain):
    words = sorted({*settings.PRISON_WORDS, *settings.CONVICTION_WORDS}, key=len, reverse=True)
    named = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    wanted = rf"(?<!{LETTER}){BEFORE}(?:{named}){BEHIND}(?!{LETTER})"
    found = re.search(wanted, plain, re.IGNORECASE)
    return found and found.group()


def _has_nik(plain):
    """Sixteen digits in a row, or with blanks between them where they make a valid number."""
    return any(
        found.group().isdecimal() or not nik_problem(re.sub(r"\D", "", found.group()))
        for found in NIK.finditer(plain)
    )


def _plain(text):
    """Without signs that only the eye tells apart and those that are not seen at all."""
    letters = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in letters if unicodedata.category(sign) != "Cf")


def _keys_of(inmate):
    records = list(Inmate.objects.records_of(inmate))
    keys = list(Inmate.objects.filter(pk__in=records).values_list("person_key", flat=True))
    keys += Custody.objects.filter(inmate__in=records).values_list("register_number", flat=True)
    return [key for key in map(bare, keys) if len(key) >= SHORTEST]
