"""Pure functions about register data: what a cell of an SDP export means.

`parse_date` and the others take whatever a CSV or XLSX cell may hold (text, number, date) and
know no model. What cannot be read raises `Unreadable`, never anything else.
"""

import math
import re
import unicodedata
from datetime import date, datetime, timedelta

from inmates.states import RegisterClass, Sex


class Unreadable(ValueError):
    """The cell is not empty and its value cannot be read."""


# --- Text ------------------------------------------------------------------------------------
EMPTY_TEXTS = {"", "-", "--", "0", "0.0"}
APOSTROPHES = "'’‘`´"


def tidy(value):
    """A cell as one line of text: no control characters, single blanks, whole numbers bare."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float):
        value = f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    kinds = ((char, unicodedata.category(char)) for char in str(value))
    text = "".join(" " if kind == "Cc" else char for char, kind in kinds if kind not in DROPPED)
    return " ".join(text.split())


DROPPED = {"Cf", "Cs", "Co", "Cn"}


def text_of(value):
    """`tidy`, with the register's ways of saying "nothing" (`-`, `0`) made empty."""
    text = tidy(value)
    return "" if text in EMPTY_TEXTS else text


def person_key_of(value):
    """SDP's person key without the apostrophe that keeps Excel from eating its zeros."""
    return text_of(text_of(value).lstrip(APOSTROPHES + " "))


TITLES = {
    *("prof", "dr", "drs", "dra", "drg", "ir", "h", "hj", "kh", "tgk", "dt"),
    *("r", "rm", "rr", "ra", "tb", "ust"),
}


def search_name(name):
    """The name as it is searched and compared: small letters, no titles, marks or degrees.

    `"R.M. ELVIN  ANDRIANI, S.Kom"` and `"elvin andriani"` give the same.
    """
    plain = unicodedata.normalize("NFKD", tidy(name)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    front = plain.split(",")[0]
    words = _words(front) or _words(plain)
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return " ".join(words)


def _words(text):
    """Words of a name; a dot inside initials joins (`r.m.` is `rm`), other marks part."""
    text = re.sub(rf"[{APOSTROPHES}\"]", "", text)
    text = re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)
    return re.findall(r"\w+", text.replace("_", " "))


def sex_of(value):
    """`Sex`, or an empty string for an empty cell; `Unreadable` for any other word."""
    word = text_of(value).casefold().replace(" ", "").replace("-", "")
    if not word:
        return ""
    if word in {"l", "lk", "laki", "lakilaki", "pria"}:
        return Sex.MALE
    if word in {"p", "pr", "perempuan", "wanita"}:
        return Sex.FEMALE
    raise Unreadable(word)


def count_of(value):
    """A small whole number (years, months, days), None for an empty cell."""
    text = text_of(value)
    if not text:
        return 0 if tidy(value) in {"0", "0.0"} else None
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    raise Unreadable(text)


# --- Register classes ------------------------------------------------------------------------
_CLASS = re.compile(
    r"""^\W*(?P<book>[AB])[\W_]*
        (?P<roman>III|IV|II|I|V)(?![IVX])
        (?:[\W_]*(?P<part>[AB])(?![A-Z]))?""",
    re.VERBOSE,
)


def register_class(text):
    """The `RegisterClass` of a register number or class in any spelling, UNKNOWN if unclear.

    `B.I  39/2025`, `BI.N. 121/2025`, `B-I- 24/2026` are B.I; `BIIa. 349/2023` is B.IIa.
    """
    found = _CLASS.match(tidy(text).upper())
    if not found:
        return RegisterClass.UNKNOWN
    code = f"{found['book']}.{found['roman']}"
    if code == "B.II":
        code += (found["part"] or "").lower()
    return RegisterClass(code) if code in RegisterClass.values else RegisterClass.UNKNOWN


# --- Dates -----------------------------------------------------------------------------------
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari pebruari feb peb",
            "maret mar",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "agustus agu agt ags",
            "september sept sep",
            "oktober okt",
            "november nopember nov nop",
            "desember des",
        ),
        1,
    )
    for name in names.split()
}
YEARS = range(1900, 2151)
# Serials of 1919 to 2119: a bare year such as 1990 is no serial.
SERIALS = range(7_000, 80_000)
EXCEL_DAY_ZERO = date(1899, 12, 30)
_CLOCK = r"(?:[ t]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}){_CLOCK}", re.ASCII)
_ZEROS = re.compile(rf"0+(?P<mark>[/-])0+(?P=mark)0+{_CLOCK}")
_WRITTEN = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})", re.ASCII)
_SERIAL = re.compile(r"\d{4,5}(?:\.\d+)?", re.ASCII)


def parse_date(value):
    """The day a cell means, None for an empty one; `Unreadable` for anything else.

    Reads dd/mm/yyyy, dd-mm-yyyy, ISO, `5 September 2025`, Excel serials, date objects. Empty
    are blanks, `-`, `0` and dates of only zeros.
    """
    if isinstance(value, datetime):
        return _in_years(value.date())
    if isinstance(value, date):
        return _in_years(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_serial(value) if value else None
    if value is not None and not isinstance(value, str):
        raise Unreadable(str(value))
    text = tidy(value).lower().lstrip(APOSTROPHES).strip()
    if text in EMPTY_TEXTS or _ZEROS.fullmatch(text):
        return None
    if match := _ISO.fullmatch(text):
        return _day(*match.groups())
    if match := _DAY_FIRST.fullmatch(text):
        return _day(match[4], match[3], match[1])
    if (match := _WRITTEN.fullmatch(text)) and match[2] in MONTHS:
        return _day(match[3], MONTHS[match[2]], match[1])
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text))
    raise Unreadable(text)


def _from_serial(number):
    if not math.isfinite(number) or int(number) not in SERIALS:
        raise Unreadable(str(number))
    return EXCEL_DAY_ZERO + timedelta(days=int(number))


def _day(year, month, day):
    try:
        return _in_years(date(int(year), int(month), int(day)))
    except ValueError as error:
        raise Unreadable(f"{day}/{month}/{year}") from error


def _in_years(day):
    if day.year not in YEARS:
        raise Unreadable(day.isoformat())
    return day


def age_on(birth_date, day):
    """Whole years of age on a day."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


# --- NIK -------------------------------------------------------------------------------------
_NUMBER_FORM = re.compile(r"[0-9]+(?:[.,][0-9]*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)")


def nik_of(value):
    """The NIK as typed, without blanks around it or an apostrophe; empty for `-` and `0`."""
    return person_key_of(value)


def nik_problem(value):
    """Why the cell's NIK cannot be used: `"number"`, `"shape"`, or None (also when empty).

    Valid are 16 digits with a real day (plus 40 for women) and month, and a serial that is not
    0000. A number cell or scientific form has lost digits in Excel, even if it looks whole.
    """
    nik = nik_of(value)
    if not nik:
        return None
    if not isinstance(value, str) or _NUMBER_FORM.fullmatch(nik):
        return "number"
    if not re.fullmatch(r"[0-9]{16}", nik) or nik.endswith("0000") or _nik_birth(nik) is None:
        return "shape"
    return None


def _nik_birth(nik):
    """(day, month, two-digit year, sex) that a NIK of 16 digits states, None if no real date."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    sex = Sex.FEMALE if day > 40 else Sex.MALE
    day -= 40 if day > 40 else 0
    try:
        date(2000 + year, month, day)  # every two-digit leap year is one in the 2000s
    except ValueError:
        return None
    return day, month, year, sex


def nik_mismatches(nik, *, sex, birth_date):
    """Which of `"sex"`, `"birth"` a valid NIK contradicts: worth a remark, never an error."""
    stated = _nik_birth(nik)
    if stated is None:
        return []
    day, month, year, stated_sex = stated
    found = ["sex"] if sex and sex != stated_sex else []
    if birth_date and (birth_date.day, birth_date.month, birth_date.year % 100) != (
        day,
        month,
        year,
    ):
        found.append("birth")
    return found


# --- Sentences -------------------------------------------------------------------------------
EXPIRY_TOLERANCE_DAYS = 31


def computed_expiry(*, detained_since, years, months, days, remission_months, remission_days):
    """Start plus sentence less remission (a month of remission is 30 days), or None.

    The exact rounding is not known, so this is only ever compared with SDP's date as a remark.
    """
    if not detained_since or not (years or months or days):
        return None
    total = detained_since.month - 1 + (months or 0)
    year = detained_since.year + (years or 0) + total // 12
    if year not in YEARS:
        return None
    first = date(year, total % 12 + 1, 1)
    served = 30 * (remission_months or 0) + (remission_days or 0)
    return first + timedelta(days=detained_since.day - 1 + (days or 0) - served)
