"""Vacancies from a sheet: looked at row by row first, then all written or none.

A row whose report number is known changes that vacancy where its cells say something else; a row
without a number is known by employer, title and closing day. Sent twice, nothing is written twice.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.refusals import NotAllowed, act
from partners.sheet.columns import bare
from placements.employment import EmployerKind, Openness, VacancyState
from placements.models import Employer, Vacancy
from placements.services import employers, vacancies
from placements.services.meanwhile import in_words
from placements.sheet.columns import OF_VACANCY
from training.models import Trade

NEW, UPDATED, UNCHANGED, LEFT, ERROR = "new", "updated", "unchanged", "left", "error"
OUTCOMES = (NEW, UPDATED, UNCHANGED, LEFT, ERROR)
NEAR = 3  # names that are shown beside one that nobody has


@dataclass
class Change:
    label: str
    old: str
    new: str


@dataclass
class Line:
    """One row: whose job it is, which vacancy it means, and what becomes of that.

    `employer` is a row of the database, or one that is still to be entered (`employer_facts`).
    """

    row: object
    facts: dict = field(default_factory=dict)
    employer: Employer | None = None
    employer_facts: dict = field(default_factory=dict)
    joins: bool = False
    found: Vacancy | None = None
    is_left: bool = False
    changes: list = field(default_factory=list)

    @property
    def outcome(self):
        if self.row.problems:
            return ERROR
        if self.is_left:
            return LEFT
        if self.found:
            return UPDATED if self.changes else UNCHANGED
        return NEW


@dataclass
class Report:
    lines: list
    written: int = 0

    @property
    def numbers(self):
        found = [line.outcome for line in self.lines]
        return {outcome: found.count(outcome) for outcome in OUTCOMES}

    @property
    def new_employers(self):
        """Names of the employers that would be entered."""
        keys = [line for line in self.lines if line.outcome == NEW and line.employer is None]
        return list(dict.fromkeys(line.employer_facts["name"] for line in keys))

    @property
    def can_be_recorded(self):
        numbers = self.numbers
        return bool(numbers[NEW] or numbers[UPDATED]) and not numbers[ERROR]


def check(*, rows, by, facility=None, agency=None):
    """The `Report` about rows of `placements.sheet.reading`. Writes nothing."""
    employers.require_side(by, facility, agency)
    known = _Known(rows, by, {"facility": facility, "agency": agency})
    lines, named, numbered = [], {}, {}
    for row in rows:
        line = Line(row, _facts(row, known))
        _find_employer(line, known)
        _find_vacancy(line, known)
        _tell_twice(line, named, numbered)
        _judge(line)
        lines.append(line)
    return Report(lines)


@act
def record(*, rows, by, facility=None, agency=None):
    """Write every row that is new or says something new, or none: the `Report`."""
    employers.require_side(by, facility, agency)
    employers.lock_side(facility, agency)
    side = {"facility": facility, "agency": agency, "by": by}
    report = check(rows=rows, **side)
    if report.numbers[ERROR]:
        raise NotAllowed(_("Ada baris yang perlu dibetulkan; belum ada yang dicatat."))
    entered = {}
    for line in report.lines:
        try:
            _write(line, side, entered)
        except NotAllowed as refusal:
            raise NotAllowed(
                _("Baris %(row)s: %(why)s")
                % {"row": line.row.number, "why": " ".join(refusal.messages)}
            ) from refusal
        report.written += line.outcome in (NEW, UPDATED)
    return report


def _write(line, side, entered):
    if line.outcome == UPDATED:
        vacancies.edit(vacancy=line.found, by=side["by"], **line.facts)
    if line.outcome != NEW:
        return
    employer = line.employer
    if employer is None:
        key = _key_of(line.employer_facts)
        if key not in entered:
            entered[key] = employers.register(**side, is_another=True, **line.employer_facts)
        employer = entered[key]
    elif line.joins:
        employers.join(identity_number=employer.identity_number, **side)
    vacancies.post(employer=employer, **side, **line.facts)


class _Known:
    """What the cells of a sheet may mean to the user, each kind read once."""

    def __init__(self, rows, by, side):
        self.side = side
        self.trades = {bare(trade.name): trade for trade in Trade.objects.all()}
        digits = {row.values["identity_number"] for row in rows} - {"", None}
        self.by_number = {
            each.identity_number: each
            for each in Employer.objects.filter(identity_number__in=digits)
        }
        self.by_name, self.seen = {}, set()
        for each in Employer.objects.visible_to(by):
            self.by_name.setdefault(bare(each.name), []).append(each)
            self.seen.add(each.pk)
        numbers = {row.values["report_number"] for row in rows} - {"", None}
        related = Vacancy.objects.select_related("employer", "trade", "facility", "agency")
        self.by_report = {
            each.report_number: each for each in related.filter(report_number__in=numbers)
        }
        days = {row.values["closes_on"] for row in rows} - {None}
        self.by_title = {
            (each.employer_id, bare(each.title), each.closes_on): each
            for each in related.filter(closes_on__in=days, **side)
        }
        self.names = list(self.by_name)

    def is_ours(self, vacancy):
        """Whether the side that sends the sheet keeps the vacancy."""
        return all(getattr(vacancy, name) == who for name, who in self.side.items())


def _facts(row, known):
    """What the cells say of the vacancy; empty ones say nothing."""
    facts = {
        column.field: row.values[column.field]
        for column in OF_VACANCY
        if row.values[column.field] not in (None, "", [])
    }
    if "trade" in facts:
        said = facts["trade"]
        facts["trade"] = known.trades.get(bare(said))
        if facts["trade"] is None:
            near = get_close_matches(bare(said), known.trades, NEAR, 0.5) or known.trades
            row.problems["trade"] = _("“%(said)s” tidak dikenal. Pilih: %(choices)s.") % {
                "said": said[:40],
                "choices": "; ".join(str(known.trades[each]) for each in near),
            }
    return facts


def _find_employer(line, known):
    values, problems = line.row.values, line.row.problems
    name, digits = values["employer"] or "", values["identity_number"] or ""
    region = values["employer_region"] or ""
    line.employer_facts = {
        "kind": values["kind"] or EmployerKind.COMPANY,
        "name": name,
        "identity_number": digits,
        "sector": values["sector"] or "",
        "region_code": region or values["region_code"] or "",
        "openness": Openness.UNKNOWN,
        "conditions": "",
    }
    if digits and digits in known.by_number:
        line.employer = known.by_number[digits]
        line.joins = line.employer.pk not in known.seen
        if bare(name) != bare(line.employer.name):
            line.row.remarks.append(
                _("Nomor ini tercatat atas nama %(name)s.") % {"name": line.employer}
            )
        return
    same = _same_place(known.by_name.get(bare(name), []), region)
    if digits:  # another number is another employer
        same = [each for each in same if not each.identity_number]
    if len(same) == 1:
        line.employer = same[0]
    elif same:
        problems.setdefault("employer", _("Ada beberapa bernama ini; tulis NIB atau wilayahnya."))
    elif name:
        near = [known.by_name[key][0] for key in get_close_matches(bare(name), known.names, 1, 0.8)]
        for each in near:
            line.row.remarks.append(
                _("Pemberi kerja baru; mirip dengan %(name)s. Samakan namanya bila itu sama.")
                % {"name": each}
            )


def _same_place(found, region):
    city = region[: employers.CITY]
    if not city:
        return found
    return [each for each in found if not each.region_code or each.region_code[:5] == city]


def _find_vacancy(line, known):
    number, values = line.facts.get("report_number"), line.row.values
    if number:
        line.found = known.by_report.get(number)
    elif line.employer and values["title"] and values["closes_on"]:
        key = (line.employer.pk, bare(values["title"]), values["closes_on"])
        line.found = known.by_title.get(key)
    found = line.found
    if found is None:
        if line.employer and not line.employer.is_active:
            line.row.problems.setdefault("employer", _("Pemberi kerja ini ditandai tidak aktif."))
        return
    if number and line.employer != found.employer:
        line.row.problems.setdefault(
            "report_number",
            _("Nomor ini milik %(title)s di %(employer)s.")
            % {"title": found.title, "employer": found.employer},
        )
    elif not known.is_ours(found):
        line.is_left = True
        line.row.remarks.append(_("Dicatat oleh pihak lain; tidak diubah."))


def _tell_twice(line, named, numbered):
    """Two rows of one sheet never mean the same vacancy."""
    number = line.facts.get("report_number")
    who = line.employer.pk if line.employer else _key_of(line.employer_facts)
    key = (who, bare(line.row.values["title"] or ""), line.row.values["closes_on"])
    places = numbered if number else named
    first = places.setdefault(number or key, line.row.number)
    if first != line.row.number:
        line.row.problems.setdefault(
            "report_number" if number else "title",
            _("Sama dengan baris %(row)s.") % {"row": first},
        )


def _key_of(facts):
    return facts["identity_number"] or (bare(facts["name"]), facts["region_code"][: employers.CITY])


def _judge(line):
    """What the services would refuse, told beside its cell, and what would change.

    What cannot be read is told already; the rest of the row is judged as if it were well.
    """
    row, found = line.row, line.found
    if line.is_left:
        return
    asked = {name: value for name, value in line.facts.items() if name not in row.problems}
    if found is None:
        today = timezone.localdate()
        whole = vacancies.EMPTY | {"title": "-", "places": 1, "closes_on": today} | asked
        standing = {"was_closing": whole["closes_on"]}
        if whole["closes_on"] < today and not row.problems:
            line.is_left = True
            row.remarks.append(_("Sudah lewat hari penutupannya; dilewati."))
            return
        if line.employer is None:
            _add(row, employers.problems_of(line.employer_facts))
    else:
        whole = {name: getattr(found, name) for name in vacancies.FACTS} | asked
        standing = {"places_filled": found.places_filled, "was_closing": found.closes_on}
        _compare(line, asked)
        if line.changes and found.state != VacancyState.OPEN:
            line.is_left, line.changes = True, []
            row.remarks.append(
                _("Lowongannya %(state)s; buka lagi dulu untuk mengubahnya.")
                % {"state": found.get_state_display().lower()}
            )
            return
    _add(row, vacancies.problems_of(whole, **standing))


def _add(row, problems):
    """Problems of a service, told at the column of the sheet: the name is the employer's."""
    for name, sentence in problems.items():
        row.problems.setdefault("employer" if name == "name" else name, str(sentence))


def _compare(line, asked):
    for column in OF_VACANCY:
        if column.field not in asked:
            continue
        old, new = getattr(line.found, column.field), asked[column.field]
        if old != new:
            line.changes.append(
                Change(
                    str(column.heading),
                    *(in_words(Vacancy, column.field, value) for value in (old, new)),
                )
            )
