"""Batches of the past from a sheet with the scans of their decrees: looked at first, then all."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePath

from django.utils.translation import gettext as _

from accounts.models import Facility
from accounts.permissions import require
from accounts.refusals import NotAllowed, act
from inmates.rules import search_name
from partners.models import Agency, Agreement
from partners.sheet.columns import bare
from partners.states import SIGNED_ONCE
from training.models import Batch, Course
from training.services import existing_batches, existing_people
from training.services.existing_batches import Paper
from training.services.existing_people import Took
from training.sheet.batches import OF_BATCH
from training.states import HOLDS_SEAT

NEW, EXISTING, ERROR = "new", "existing", "error"
NEAR = 3  # names that are shown beside one that nobody has


@dataclass
class Group:
    """The rows of one batch. `facts` are what `existing_batches.record` takes, when all is well."""

    rows: list
    values: dict
    facts: dict = field(default_factory=dict)
    paper: Paper | None = None
    people: list = field(default_factory=list)
    found: Batch | None = None

    @property
    def first(self):
        return self.rows[0]

    @property
    def lines(self):
        """Pairs of a row and who took part by it, to be shown."""
        return list(zip(self.rows, self.people, strict=True))

    @property
    def is_wrong(self):
        return any(row.problems for row in self.rows)

    @property
    def outcome(self):
        if self.found:
            return EXISTING
        return ERROR if self.is_wrong else NEW


@dataclass
class Report:
    groups: list
    unused: list = field(default_factory=list)  # names of scans that no row names
    written: list = field(default_factory=list)  # the batches that were recorded

    def of(self, outcome):
        return [group for group in self.groups if group.outcome == outcome]

    @property
    def numbers(self):
        return {outcome: len(self.of(outcome)) for outcome in (NEW, EXISTING, ERROR)}

    @property
    def can_be_recorded(self):
        return bool(self.of(NEW)) and not self.of(ERROR)

    @property
    def people(self):
        """Whom the report names."""
        return [took.inmate for group in self.groups for took in group.people if took]


def check(*, facility, rows, scans, by):
    """The `Report` about rows of `training.sheet.batches` and uploaded scans. Writes nothing."""
    require(by, "correct_state", facility.pk)
    groups = _grouped(rows)
    known = _Known(facility, by)
    files, used = {_key(scan.name): scan for scan in scans}, set()
    numbers = [row.values["who"] for row in rows if row.values["who"]]
    persons = existing_people.found(facility, numbers)
    for group in groups:
        _find(group, known)
        _find_scan(group, files, used)
        _find_people(group, persons)
        if not group.found:
            _judge(group, facility)
    return Report(groups, [scan.name for name, scan in files.items() if name not in used])


@act
def record(*, facility, rows, scans, by):
    """Record every batch that is new, or none: the `Report`, with the batches in `written`."""
    require(by, "correct_state", facility.pk)
    Facility.objects.select_for_update(no_key=True, of=["self"]).get(pk=facility.pk)
    report = check(facility=facility, rows=rows, scans=scans, by=by)
    if report.of(ERROR):
        raise NotAllowed(_("Ada baris yang perlu dibetulkan; belum ada yang dicatat."))
    for group in report.of(NEW):
        try:
            batch = existing_batches.record(
                facility=facility, paper=group.paper, people=group.people, by=by, **group.facts
            )
        except NotAllowed as refusal:
            raise NotAllowed(
                _("Baris %(row)s: %(why)s")
                % {"row": group.first.number, "why": " ".join(refusal.messages)},
                people=refusal.people,
            ) from refusal
        report.written.append(batch)
    return report


def _grouped(rows):
    """Rows of one batch stand together: what describes it is carried down from its first row."""
    groups, by_key = [], {}
    for row in rows:
        values = row.values
        if not values["course"] and not values["name"] and groups:
            group = groups[-1]
        else:
            key = (bare(values["course"] or ""), bare(values["name"] or ""), values["starts_on"])
            group = by_key.get(key)
            if group is None and values["starts_on"] is None:
                group = next((g for k, g in by_key.items() if k[:2] == key[:2]), None)
            if group is None:
                group = Group([], {column.field: values[column.field] for column in OF_BATCH})
                by_key[key] = group
                groups.append(group)
        _check_same(group, row)
        group.rows.append(row)
    for group in groups:
        for column in OF_BATCH:
            if column.is_required and not group.values[column.field]:
                group.first.problems.setdefault(column.field, _("Wajib diisi."))
    return groups


def _check_same(group, row):
    """A further row may repeat what describes the batch, or add to it, not contradict it."""
    for column in OF_BATCH if group.rows else ():
        mine, value = group.values[column.field], row.values[column.field]
        if value in (None, ""):
            continue
        if mine in (None, ""):
            group.values[column.field] = value
        elif mine != value and bare(str(mine)) != bare(str(value)):
            row.problems.setdefault(
                column.field, _("Berbeda dengan baris %(row)s.") % {"row": group.first.number}
            )


class _Known:
    """What the names in the sheet may mean at this prison, each kind read once."""

    def __init__(self, facility, by):
        self.facility = facility
        self.courses = {}
        for course in Course.objects.visible_to(by):
            self.courses[bare(course.code)] = self.courses[bare(course.name)] = course
        partners = Agency.objects.filter(partnerships__facility=facility)
        self.agencies = {bare(agency.name): agency for agency in partners}
        signed = Agreement.objects.filter(facility=facility, state__in=SIGNED_ONCE)
        self.agreements = {}
        for agreement in signed.select_related("successor"):
            for number in (agreement.our_number, agreement.their_number, agreement.title):
                self.agreements.setdefault(bare(number), agreement)


def _find(group, known):
    values, problems = group.values, group.first.problems
    found = {}
    for name, rows, sentence in (
        ("course", known.courses, _("“%(said)s” tidak ada di katalog.")),
        ("agency", known.agencies, _("“%(said)s” belum menjadi mitra lapas.")),
        ("agreement", known.agreements, _("“%(said)s” bukan nomor perjanjian lapas ini.")),
    ):
        said = values[name]
        found[name] = rows.get(bare(said or "")) if said else None
        if said and found[name] is None:
            near = get_close_matches(bare(said), rows, NEAR, 0.6)
            hint = " " + _("Mungkin: %(names)s.") % {
                "names": "; ".join(dict.fromkeys(str(rows[each]) for each in near))
            }
            problems.setdefault(name, sentence % {"said": said[:60]} + (hint if near else ""))
    facts = ("name", "starts_on", "ends_on", "state", "seats", "place", "exception")
    group.facts = found | {name: values[name] for name in facts}
    group.facts["place"] = values["place"] or ""
    group.facts["exception"] = values["exception"] or ""
    if found["course"] and values["name"] and values["starts_on"]:
        group.found = existing_batches.known(
            known.facility, found["course"], values["name"], values["starts_on"]
        )


def _find_scan(group, files, used):
    values, problems = group.values, group.first.problems
    scan = files.get(_key(values["scan"] or ""))
    if values["scan"] and scan is None and not group.found:
        problems.setdefault(
            "scan", _("Berkas “%(name)s” tidak ikut dikirim.") % {"name": values["scan"]}
        )
    if scan and _key(scan.name) in used:
        problems.setdefault("scan", _("Berkas ini sudah dipakai oleh angkatan lain."))
    if scan:
        used.add(_key(scan.name))
    if all(values[name] for name in ("number", "dated", "signed_by", "hearing_number", "heard_on")):
        group.paper = Paper(
            scan=scan,
            **{
                name: values[name]
                for name in ("number", "dated", "signed_by", "hearing_number", "heard_on")
            },
        )


def _find_people(group, persons):
    for row in group.rows:
        values = row.values
        person = persons.get(values["who"]) if values["who"] else None
        if isinstance(person, str):
            row.problems.setdefault("who", person)
            person = None
        if person and values["person"] and not _is_called(person, values["person"]):
            row.remarks.append(
                _("Di register bernama %(name)s; periksa nomornya.") % {"name": person.name}
            )
        group.people.append(
            person
            and Took(
                inmate=person,
                outcome=values["outcome"] or "",
                left_on=values["left_on"],
                cause=values["cause"] or "",
                reason=values["reason"] or "",
            )
        )


def _judge(group, facility):
    """What the service would refuse, told beside its cell before anything is written."""
    facts = group.facts
    needed = ("course", "agency", "name", "starts_on", "ends_on", "state")
    if group.paper is None or not all(facts[name] for name in needed):
        return
    terms = {name: facts[name] for name in ("starts_on", "ends_on", "state")}
    people = [took for took in group.people if took]
    rows = [row for row, took in zip(group.rows, group.people, strict=True) if took]
    holding = sum(took.state_in(facts["state"]) in HOLDS_SEAT for took in people)
    facts["seats"] = facts["seats"] or holding
    problems = existing_batches.problems(
        facility=facility,
        paper=group.paper,
        people=people,
        **{name: facts[name] for name in facts if name != "place"},
    )
    for name, sentence in problems.items():
        where = "who" if name == "people" else name
        if where != "who" or not group.first.problems:
            group.first.problems.setdefault(where, str(sentence))
    for place, sentence in existing_people.problems(
        facility=facility, people=people, **terms
    ).items():
        rows[place].problems.setdefault("who", sentence)


def _is_called(person, name):
    """Whether a name in the sheet is, word for word in any order, within the person's."""
    return set(search_name(name).split()) <= set(search_name(person.name).split())


def _key(name):
    """A file's name as it is compared: without folders, in any case."""
    return PurePath(name.replace("\\", "/")).name.casefold()
