"""What is to become of each row of a sheet of certificates, and of the files that came along."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.files import checked_scan
from accounts.refusals import NotAllowed
from partners.sheet.columns import bare
from training.models import Certificate, Enrolment
from training.sheet import matching, scans
from training.teaching import OF_THE_COURSE

NEW, EXISTING, ASK, SKIPPED, ERROR = "new", "existing", "ask", "skipped", "error"
OUTCOMES = (NEW, ASK, ERROR, EXISTING, SKIPPED)
SKIP, NO_SCAN = "skip", "none"  # answers to "whose is it?" and "which file?"
SHOWN = ("number", "registration_number", "scheme", "issued_on", "valid_until")


@dataclass
class Line:
    """One row: `person` is whom it means and how sure that is, `near` are those to choose from.

    `answer` is what the sender chose; `scan_how` says by what the file was found; `verdicts` are
    the results of units that are new.
    """

    row: object
    key: str
    person: object = None
    enrolment: Enrolment | None = None
    sureness: str = matching.NOBODY
    near: list = field(default_factory=list)
    answer: str = ""
    verdicts: dict = field(default_factory=dict)
    scan: object = None
    scan_name: str = ""
    scan_how: str = ""
    is_scan_chosen: bool = False
    found: Certificate | None = None
    is_written: bool = False

    @classmethod
    def of(cls, row):
        """A line with a copy of the row, so that a sheet can be looked at again."""
        copy = replace(row, problems=dict(row.problems), remarks=list(row.remarks))
        return cls(copy, key_of(row))

    @property
    def outcome(self):
        if self.answer == SKIP:
            return SKIPPED
        if self.row.problems:
            return ERROR
        if self.found:
            return EXISTING
        return ASK if self.asks_who or self.asks_scan else NEW

    @property
    def written_as(self):
        """Whom the row itself names."""
        said = (self.row.values.get(name) for name in ("name", "code", "key"))
        return next(filter(None, said), "")

    @property
    def who(self):
        """Whose paper it is, in words: code or key, and the name if it may be said."""
        return self.name_of(self.person) if self.person else ""

    @staticmethod
    def name_of(person):
        said = getattr(person, "code", None) or getattr(person, "person_key", "")
        return f"{said} {person.name}".strip()

    @property
    def choices(self):
        """(person, what a form sends for them, label) of those to choose from."""
        shown = [*self.near]
        if self.person and self.person not in shown:
            shown.insert(0, self.person)
        return [
            (each, str(getattr(each, "code", each.public_id)), self.name_of(each)) for each in shown
        ]

    @property
    def may_choose_scan(self):
        return self.outcome in (NEW, ASK) and not self.row.values["scan"]

    @property
    def asks_who(self):
        """Whether the sender has to say, or to confirm, whose paper it is."""
        return not self.answer and self.sureness != matching.SURE

    @property
    def asks_scan(self):
        """Whether the file was only guessed from the order."""
        return self.scan_how == scans.ORDER and not self.is_scan_chosen

    @property
    def may_choose_who(self):
        """Not where the person is certain, or where the row itself cannot stand."""
        return bool(self.near) and (self.answer or self.sureness != matching.SURE)


@dataclass
class Report:
    """`unused` are names of files that belong to no row."""

    lines: list
    unused: list = field(default_factory=list)

    def of(self, *outcomes):
        return [line for line in self.lines if line.outcome in outcomes]

    @property
    def numbers(self):
        return {outcome: len(self.of(outcome)) for outcome in OUTCOMES}

    @property
    def written(self):
        return [line for line in self.lines if line.is_written]

    @property
    def is_ready(self):
        """Nothing has to be mended or answered first."""
        return not self.of(ERROR, ASK)

    @property
    def changes_nothing(self):
        return self.is_ready and not self.of(NEW) and not self.written

    @property
    def people(self):
        """Whom the report names: those meant, and those to choose from."""
        named = [line.person for line in self.lines if line.person]
        near = [person for line in self.lines if line.may_choose_who for person in line.near]
        return [person for person in (*named, *near) if person.public_id]


def key_of(row):
    """A row's name in a form: the same as long as the row says the same at the same place."""
    said = [row.number, *(row.values.get(name) for name in ("code", "key", "name", "number"))]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def find_scans(lines, sent, chosen):
    """Give each line its file; returns the names of those left over. `chosen`: key to name."""
    files, used = {scans.key_of(file.name): file for file in sent}, set()
    for line in lines:
        if line.outcome in (SKIPPED, EXISTING):
            if line.row.values["scan"]:
                used.add(scans.key_of(line.row.values["scan"]))
            continue
        _named_scan(line, files, used, chosen.get(line.key, ""))
    free = [name for name in files if name not in used]
    wanted = [_facts(line) for line in lines]
    for place, (name, how) in scans.pair(wanted, free).items():
        lines[place].scan, lines[place].scan_how = files[name], how
        used.add(name)
    for line in lines:
        line.scan_name = line.scan.name if line.scan else ""
        _judge(line)
    return [file.name for name, file in files.items() if name not in used]


def _named_scan(line, files, used, choice):
    said = choice if choice and choice != NO_SCAN else line.row.values["scan"]
    line.is_scan_chosen = bool(choice)
    if choice == NO_SCAN or not said:
        return
    name = scans.key_of(said)
    line.scan, line.scan_how = files.get(name), scans.NAMED
    if line.scan is None:
        line.row.problems["scan"] = _("Berkas “%(name)s” tidak ikut dikirim.") % {"name": said}
    elif name in used:
        line.row.problems["scan"] = _("Berkas ini sudah dipakai oleh baris lain.")
    used.add(name)


def _facts(line):
    """What a file's name may say of a line that still needs one, else None."""
    if line.scan or line.is_scan_chosen or line.outcome in (SKIPPED, EXISTING):
        return None
    if "scan" in line.row.problems:
        return None
    values = line.row.values
    name = line.person.name if line.person else values["name"]
    return values["number"], values.get("code") or getattr(line.person, "code", ""), name


def _judge(line):
    """As `checked_scan`, which also renames: the name is still needed."""
    if line.scan is None or line.outcome in (SKIPPED, EXISTING):
        return
    name = line.scan.name
    try:
        checked_scan(line.scan)
    except ValidationError as error:
        line.row.problems.setdefault("scan", " ".join(error.messages))
    finally:
        line.scan.name = name


@contextmanager
def all_or_nothing(written):
    """Rows go by themselves when an act fails, their files do not."""
    try:
        yield
    except BaseException:
        for certificate in written:
            if certificate.scan:
                certificate.scan.delete(save=False)
        raise


def in_row(line, refusal):
    """The refusal of a single paper, with the row it is about."""
    return NotAllowed(
        _("Baris %(row)s: %(why)s") % {"row": line.row.number, "why": " ".join(refusal.messages)},
        people=refusal.people,
    )


class Known:
    """Certificates that are there already, to tell a repeated row from a clash."""

    def __init__(self, of_people, numbers):
        """`of_people` is a queryset of those of the people in question."""
        rows = [
            *of_people.issued().select_related("enrolment", "inmate"),
            *Certificate.objects.issued()
            .filter(number__in=numbers)
            .select_related("enrolment", "inmate"),
        ]
        self.by_number = {paper(row.kind, row.issuer, row.number): row for row in rows}
        self.rows = list({row.pk: row for row in rows}.values())
        self.earlier = {}
        self.given = {}

    def same(self, kind, issuer, number):
        return self.by_number.get(paper(kind, issuer, number))

    def repeats(self, line, kind, issuer, number):
        """Tell a row that an earlier one says the same."""
        this = paper(kind, issuer, number)
        if this in self.earlier:
            line.row.problems["number"] = _("Nomor yang sama dengan baris %(row)s.") % {
                "row": self.earlier[this]
            }
        self.earlier.setdefault(this, line.row.number)


def paper(kind, issuer, number):
    """What makes a paper one: compared without blanks, case and punctuation."""
    return str(kind), bare(issuer), bare(number)


def slot_of(kind, scheme):
    """Of which papers a participant has one: those of the course, and one per scheme."""
    return "" if kind in OF_THE_COURSE else f"scheme:{bare(scheme or '')}"


def differences(certificate, values):
    """A remark when what is recorded says otherwise than the row; nothing is changed then."""
    told = []
    for name in SHOWN:
        before, now = getattr(certificate, name), values.get(name)
        if now and before != now and bare(before or "") != bare(now):
            label = str(Certificate._meta.get_field(name).verbose_name)
            told.append(f"{label}: {_shown(before)}")
    if not told:
        return []
    return [
        _("Yang tercatat berbeda (%(facts)s) dan tidak diubah; bila keliru, cabut dulu.")
        % {"facts": "; ".join(told)}
    ]


def _shown(value):
    if value in (None, ""):
        return "—"
    return formats.date_format(value) if hasattr(value, "year") else str(value)
