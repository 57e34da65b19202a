"""One row of a register as clean values, and what is to be said about it.

`read_row` keeps only the fields that the app may hold, and the NIK only sealed, so that what is
stored between reading and applying holds nothing else.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from inmates import nik as nik_box
from inmates import rules
from inmates.register.findings import ERROR, WARNING, finding, level_of
from inmates.rules import Unreadable

TEXTS = {
    "aliases": 200,
    "birth_place": 80,
    "education": 30,
    "occupation": 60,
    "address": 250,
    "city": 80,
    "province": 60,
}
NAME_MAX, KEY_MAX, REGISTER_NUMBER_MAX = 150, 30, 40
INMATE_DATES = {"birth_date"}
SENTENCE_DATES = {
    *("detained_since", "one_third", "one_half", "two_thirds"),
    *("expires", "released_on"),
}
SENTENCE_COUNTS = {"years", "months", "days", "remission_months", "remission_days"}
NEVER_NULL = {"remission_months", "remission_days"}
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
REPLACED = "\ufffd"  # what a program writes for a letter that it could not read


@dataclass
class Row:
    """What a row says. `values` is ready for JSON: {"inmate", "custody", "sentence"}."""

    number: int
    name: str = ""
    person_key: str = ""
    values: dict = field(default_factory=dict)
    findings: list = field(default_factory=list)

    @property
    def is_error(self):
        return any(level_of(found) == ERROR for found in self.findings)

    @property
    def is_warning(self):
        return any(level_of(found) == WARNING for found in self.findings)

    def say(self, code, **places):
        self.findings.append(finding(code, **places))


def read_row(number, cells, columns):
    """The row's values and findings. An error row carries no values."""
    row = Row(number)
    if columns.repeated_by(cells):
        row.say("header_again")
        return row
    inmate, sentence = {}, {}
    _read_identity(row, cells, columns, inmate)
    dates = _read_dates(row, cells, columns)
    _read_person(row, cells, columns, inmate)
    inmate |= {name: dates[name] for name in INMATE_DATES if name in dates}
    _read_nik(row, cells, columns, inmate)
    sentence |= {name: dates[name] for name in SENTENCE_DATES if name in dates}
    sentence |= _read_counts(row, cells, columns)
    custody = _read_custody(row, cells, columns)
    if "admitted" in dates:
        custody["starts"] = dates["admitted"]
    if row.is_error:
        return row
    _compare_dates(row, sentence)
    row.values = {
        "inmate": _json(inmate),
        "custody": _json(custody),
        "sentence": _json(sentence),
    }
    return row


def _read_identity(row, cells, columns, inmate):
    raw_key = columns.cell(cells, "person_key")
    key = rules.person_key_of(raw_key)
    row.person_key = key[:KEY_MAX]
    name = rules.text_of(columns.cell(cells, "name"))
    row.name = name[:NAME_MAX]
    if not name:
        row.say("no_name")
    if not key:
        row.say("no_key")
    if len(key) > KEY_MAX:
        row.say("key_too_long")
    if key and _has_lost_digits(raw_key):
        row.say("key_eaten", value=key)
    elif key and not isinstance(raw_key, str):
        row.say("key_number")
    if len(name) > NAME_MAX:
        row.say("cut", column=columns.labels["name"])
    if REPLACED in name:
        row.say("letters")
    inmate["name"] = row.name
    inmate["search_name"] = rules.search_name(row.name)[:NAME_MAX]


def _has_lost_digits(key):
    """Whether a spreadsheet made a number of the key and kept only its first digits."""
    if isinstance(key, float):
        return not key.is_integer() or abs(key) >= EXACT_BELOW
    if isinstance(key, int):
        return abs(key) >= EXACT_BELOW
    return bool(SCIENTIFIC.fullmatch(rules.person_key_of(key)))


def _read_dates(row, cells, columns):
    found = {}
    for name in (*INMATE_DATES, *sorted(SENTENCE_DATES), "admitted"):
        if name not in columns:
            continue
        value = columns.cell(cells, name)
        try:
            found[name] = rules.parse_date(value)
        except Unreadable:
            row.say("date_unreadable", column=columns.labels[name], value=rules.tidy(value))
    return found


def _read_person(row, cells, columns, inmate):
    for name, limit in TEXTS.items():
        if name in columns:
            parts = [rules.text_of(cell) for cell in columns.cells_of(cells, name)]
            text = ", ".join(part for part in parts if part)
            if len(text) > limit:
                row.say("cut", column=columns.labels[name])
            inmate[name] = text[:limit]
    if "sex" in columns:
        inmate["sex"] = _or_remark(row, cells, columns, "sex", rules.sex_of, "")


def _read_nik(row, cells, columns, inmate):
    if "nik" not in columns:
        return
    value = columns.cell(cells, "nik")
    problem = rules.nik_problem(value)
    nik = rules.nik_of(value)
    if problem:
        row.say(f"nik_{problem}")
    elif nik:
        about = {"sex": inmate.get("sex"), "birth_date": inmate.get("birth_date")}
        for what in rules.nik_mismatches(nik, **about):
            row.say(f"nik_{what}")
        if not row.is_error:
            inmate["nik"] = nik_box.seal(nik)


def _read_counts(row, cells, columns):
    found = {}
    for name in sorted(SENTENCE_COUNTS):
        if name in columns:
            number = _or_remark(row, cells, columns, name, rules.count_of, None)
            found[name] = 0 if number is None and name in NEVER_NULL else number
    return found


def _read_custody(row, cells, columns):
    custody = {}
    if "register_number" in columns:
        number = rules.text_of(columns.cell(cells, "register_number"))
        custody["register_number"] = number[:REGISTER_NUMBER_MAX]
    texts = [rules.text_of(columns.cell(cells, n)) for n in ("register_number", "register_class")]
    stated = next((text for text in texts if text), "")
    classes = [code for code in map(rules.register_class, texts) if code]
    if "register_number" in columns or "register_class" in columns:
        custody["register_class"] = classes[0] if classes else ""
        if stated and not classes:
            row.say("class_unknown", value=stated)
    return custody


def _or_remark(row, cells, columns, name, read, default):
    value = columns.cell(cells, name)
    try:
        return read(value)
    except Unreadable:
        row.say("unreadable", column=columns.labels[name], value=rules.tidy(value))
        return default


def _compare_dates(row, sentence):
    start, expires = sentence.get("detained_since"), sentence.get("expires")
    if start and expires and expires < start:
        row.say("expiry_before_detention")
        return
    steps = [sentence.get(name) for name in ("one_third", "one_half", "two_thirds", "expires")]
    stated = [day for day in steps if day]
    if stated != sorted(stated):
        row.say("fractions_order")
    counts = {name: sentence.get(name) for name in SENTENCE_COUNTS}
    computed = rules.computed_expiry(detained_since=start, **counts)
    if computed and expires and rules.differs(expires, computed):
        row.say("expiry_computed", value=f"{computed:%d/%m/%Y}")


def _json(values):
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
