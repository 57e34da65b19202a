"""A long register with every trap of a real export, and what a right import makes of it.

What is expected is written down while a trap is planted, from the value that was meant, never by
reading the cell back. Traps are spread at random, so that they meet in the order of the file.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.inmates.register_files import FIRST_ROW, person, written

CLASSES = {
    "B.I": ["B.I  {}/2025", "BI. {}/2025", "BI.N.  {}/2025", "B-I- {}/2025"],
    "B.IIa": ["BIIa. {}/2025", "B.II.a  {}/2025", "B IIa {}/2025"],
    "B.IIb": ["BIIb {}/2026"],
    "B.III": ["B.III {}/2026"],
    "A.III": ["A.III {}/2026", "AIII/{}"],
    "": ["{}/2025"],
}
FIRST_NAMES = [
    "ANI",
    "BUDI",
    "CICI",
    "DODI",
    "EKA",
    "FARAH",
    "GITA",
    "HADI",
    "INDAH",
    "JOKO",
    "KOKO",
    "LILIS",
]
LAST_NAMES = ["ANDRIANI", "PRANOWO", "WIDODO", "SIHOTANG", "KUSWOYO", "YULIANTI", "DAMANIK"]
# how a name may stand in the file -> how it is kept, and how it is searched
DRESSES = [
    ("{}", "{}", "{}"),
    ("{}\x0b", "{}", "{}"),
    ("  {} ", "{}", "{}"),
    ("R.M. {}", "R.M. {}", "{}"),
    ("KH. {}, S.Gz", "KH. {}, S.Gz", "{}"),
    ("{}, S.I.KOM", "{}, S.I.KOM", "{}"),
]
EMPTY_DATES = ["", "-", "0", "00/00/0000", "00-00-0000"]
NO_NIK = ["", "-", "0", "'"]
BROKEN_NIK = ["3.67201E+15", "3,67E+15", "36720115089", "3672013102900001", "3672011508900000"]
UNREADABLE_DATES = ["tidak tahu", "31/02/1990", "12/2020", "45-13-2020"]


@dataclass
class Facts:
    """What must stand in the database of one person."""

    name: str
    search_name: str
    nik: str
    birth_date: date | None
    register_class: str
    detained_since: date | None
    expires: date | None
    sex: str


@dataclass
class Planted:
    rows: list = field(default_factory=list)
    people: dict = field(default_factory=dict)
    duplicate_rows: list = field(default_factory=list)
    warning_rows: list = field(default_factory=list)
    error_rows: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)

    @property
    def report(self):
        return {
            "new": len(self.people),
            "updated": 0,
            "unchanged": 0,
            "duplicate_rows": self.duplicate_rows,
            "warning_rows": self.warning_rows,
            "error_rows": self.error_rows,
        }


def planted(count, seed=3):
    """`count` rows, some three in ten of them with a trap."""
    return _Planter(seed).plant(count)


class _Planter:
    def __init__(self, seed):
        self.dice = random.Random(seed)  # noqa: S311
        self.out = Planted()
        self.seen = []
        self.traps = [
            *(self._duplicate, self._duplicate, self._no_name, self._no_key, self._eaten_key),
            *(self._unreadable_date, self._broken_nik, self._broken_nik, self._expiry_first),
            *(self._two_warnings, self._error_before_duplicate, self._error_with_broken_nik),
        ]

    def plant(self, count):
        while len(self.out.rows) < count:
            if self.seen and self.dice.random() < 0.3:
                self.dice.choice(self.traps)()
            else:
                self._good()
        return self.out

    @property
    def number(self):
        """The row in the sheet that the next one will be."""
        return FIRST_ROW + len(self.out.rows)

    def _person(self):
        """(row, facts, key) of somebody without any defect."""
        n = len(self.out.rows) + 1
        key = f"09{n:08d}"
        style = self.dice.randrange(5)
        born = date(1960, 1, 1) + timedelta(days=self.dice.randrange(16_000))
        detained = date(2021, 3, 1) + timedelta(days=self.dice.randrange(1200))
        expires = date(detained.year + 4, detained.month, min(detained.day, 28))
        code = self.dice.choice(list(CLASSES))
        bare = f"{self.dice.choice(FIRST_NAMES)} {self.dice.choice(LAST_NAMES)}"
        stands, kept, searched = self.dice.choice(DRESSES)
        is_woman = self.dice.random() < 0.1
        serial = n % 9999 + 1
        nik = f"367201{born.day + (40 if is_woman else 0):02d}{born:%m%y}{serial:04d}"
        row = person(n) | {
            "Nama": stands.format(bare),
            "Nomor Induk": self.dice.choice(["'{}", "{}", "`{}"]).format(key),
            "No Reg Instansi": self.dice.choice(CLASSES[code]).format(n),
            "Tanggal Lahir": written(born, style),
            "Tanggal Mulai Ditahan": written(detained, style),
            "Tgl Ekspirasi": written(expires, style),
            "Tgl Bebas": self.dice.choice(EMPTY_DATES),
            "Jenis Kelamin": "Perempuan" if is_woman else "Laki-laki",
            "Nomor Induk KTP": nik,
        }
        for fraction, share in (("1/3", 3), ("1/2", 2), ("2/3", 1.5)):
            at = detained + (expires - detained) / share
            row[f"{fraction} Masa Pidana"] = written(at, style)
        facts = Facts(
            name=kept.format(bare),
            search_name=searched.format(bare).lower(),
            nik=nik,
            birth_date=born,
            register_class=code,
            detained_since=detained,
            expires=expires,
            sex="P" if is_woman else "L",
        )
        if self.dice.random() < 0.1:
            row["Tanggal Lahir"], facts.birth_date = self.dice.choice(EMPTY_DATES), None
        if self.dice.random() < 0.1:
            row["Nomor Induk KTP"], facts.nik = self.dice.choice(NO_NIK), ""
        return row, facts, key

    def _import(self, row, facts, key):
        self.seen.append((key, self.number))
        self.out.people[key] = facts
        self.out.rows.append(row)

    def _say(self, code):
        self.out.codes.setdefault(code, []).append(self.number)

    def _good(self):
        self._import(*self._person())

    def _duplicate(self):
        row, _facts, _key = self._person()
        key, _first = self.dice.choice(self.seen)
        self.out.duplicate_rows.append(self.number)
        self._say("duplicate")
        self.out.rows.append(row | {"Nomor Induk": f"'{key}"})

    def _error(self, row, code):
        self.out.error_rows.append(self.number)
        self._say(code)
        self.out.rows.append(row)

    def _no_name(self):
        row, _facts, _key = self._person()
        self._error(row | {"Nama": self.dice.choice(["", "-", "  ", "\x0b", " - "])}, "no_name")

    def _no_key(self):
        row, _facts, _key = self._person()
        self._error(row | {"Nomor Induk": self.dice.choice(["", "-", "'", "0"])}, "no_key")

    def _eaten_key(self):
        row, _facts, _key = self._person()
        eaten = self.dice.choice(["9.00E+08", "9,00E+08", "9E+09", "1.23457E+11"])
        self._error(row | {"Nomor Induk": eaten}, "key_eaten")

    def _unreadable_date(self):
        row, _facts, _key = self._person()
        column = self.dice.choice(
            ["Tanggal Lahir", "Tgl Ekspirasi", "Tgl Bebas", "1/2 Masa Pidana"]
        )
        self._error(row | {column: self.dice.choice(UNREADABLE_DATES)}, "date_unreadable")

    def _broken_nik(self):
        row, facts, key = self._person()
        row["Nomor Induk KTP"], facts.nik = self.dice.choice(BROKEN_NIK), ""
        self.out.warning_rows.append(self.number)
        self._import(row, facts, key)

    def _expiry_first(self):
        row, facts, key = self._person()
        facts.expires = facts.detained_since - timedelta(days=self.dice.randrange(1, 400))
        row["Tgl Ekspirasi"] = written(facts.expires, self.dice.randrange(5))
        self.out.warning_rows.append(self.number)
        self._say("expiry_before_detention")
        self._import(row, facts, key)

    def _two_warnings(self):
        """Still one warning row."""
        row, facts, key = self._person()
        row["Nomor Induk KTP"], facts.nik = self.dice.choice(BROKEN_NIK), ""
        facts.expires = facts.detained_since - timedelta(days=30)
        row["Tgl Ekspirasi"] = written(facts.expires, 2)
        self.out.warning_rows.append(self.number)
        self._say("expiry_before_detention")
        self._import(row, facts, key)

    def _error_before_duplicate(self):
        """An error takes no key: whoever comes later with it is imported."""
        row, facts, key = self._person()
        self._error(row | {"Nama": "-"}, "no_name")
        self._import(row, facts, key)

    def _error_with_broken_nik(self):
        """An error is not a warning as well."""
        row, _facts, _key = self._person()
        self._error(row | {"Nama": "", "Nomor Induk KTP": "3.67201E+15"}, "no_name")
