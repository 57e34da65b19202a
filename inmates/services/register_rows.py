"""Compares rows of a register with what is stored, and writes them, a batch at a time.

The preview and the import use the same comparison; the import does it again under locks, so that
what happened in between is never overwritten. Queries grow with batches, not with rows.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from accounts.inserts import insert, unsaved
from inmates import rules
from inmates.models import Custody, Inmate, Sentence
from inmates.register.findings import finding
from inmates.register.rows import INMATE_DATES, SENTENCE_DATES
from inmates.states import RowOutcome

NIK_FIELDS = ("nik_cipher", "nik_key", "nik_digest", "nik_last4")


@dataclass(frozen=True)
class Standing:
    """What may change the way into a training or a job: expected release and register book."""

    release: rules.Release | None
    register_class: str


@dataclass
class Plan:
    """What one row will do: its outcome, further findings, and which parts it touches.

    `changes` says what an update changes, field by field; `before` is where the person stood
    before it; `elsewhere` is the open custody at another prison that keeps the row out.
    """

    outcome: str
    findings: list = field(default_factory=list)
    inmate: Inmate | None = None
    changed: set = field(default_factory=set)
    changes: list = field(default_factory=list)
    before: Standing | None = None
    opens_custody: bool = False
    is_confirmed: bool = False
    elsewhere: Custody | None = None


class Stored:
    """What the database holds about the people of one batch, as one prison may use it."""

    def __init__(self, facility_id, as_of, keys, *, lock=False):
        self.facility_id, self.as_of = facility_id, as_of
        people = Inmate.objects.filter(person_key__in=keys).order_by("pk")
        if lock:
            people = people.select_for_update(no_key=True)
        self.people = {inmate.person_key: inmate for inmate in people}
        # By keys already read, never by a join: of rows that this transaction has just written
        # the planner knows nothing, and would compare each with each.
        found = [inmate.pk for inmate in self.people.values()]
        custodies = Custody.objects.filter(inmate__in=found).order_by("pk")
        if lock:
            custodies = custodies.select_for_update(no_key=True, of=("self",))
        self.custodies = {}
        for custody in custodies:
            self.custodies.setdefault(custody.inmate_id, []).append(custody)
        sentences = Sentence.objects.filter(inmate__in=found)
        self.sentences = {sentence.inmate_id: sentence for sentence in sentences}

    def open_custody(self, inmate):
        return next((c for c in self.custodies.get(inmate.pk, ()) if c.until is None), None)

    def standing(self, inmate):
        custody, sentence = self.open_custody(inmate), self.sentences.get(inmate.pk)
        release = rules.release_of(sentence, custody, timezone.localdate())
        return Standing(release, custody.register_class if custody else "")

    def plan(self, person_key, values):
        """The `Plan` of a row that is neither an error nor a duplicate."""
        inmate = self.people.get(person_key)
        remarks = self._remarks(values)
        if inmate is None:
            return Plan(RowOutcome.NEW, remarks, opens_custody=True, is_confirmed=True)
        custody = self.open_custody(inmate)
        refusal = self._refusal(inmate, custody)
        if refusal:
            elsewhere = custody if refusal == "elsewhere" else None
            return Plan(
                RowOutcome.UNCHANGED, [finding(refusal)], inmate=inmate, elsewhere=elsewhere
            )
        plan = Plan(RowOutcome.UNCHANGED, remarks, inmate=inmate, is_confirmed=True)
        if custody is None:
            plan.opens_custody = True
            plan.findings.append(finding("back"))
        else:
            plan.before = self.standing(inmate)
        parts = {
            "inmate": (inmate, values["inmate"]),
            "custody": (custody, values["custody"]),
            "sentence": (self.sentences.get(inmate.pk), values["sentence"]),
        }
        plan.changed = {name for name, (row, new) in parts.items() if _differs(row, new)}
        for name in sorted(plan.changed):
            plan.changes += _changes(*parts[name])
        if plan.changed or plan.opens_custody:
            plan.outcome = RowOutcome.UPDATED
        return plan

    def _remarks(self, values):
        released_on = values["sentence"].get("released_on")
        is_past = released_on and date.fromisoformat(released_on) <= self.as_of
        return [finding("released")] if is_past else []

    def _refusal(self, inmate, custody):
        if inmate.merged_into_id:
            return "merged"
        if custody and custody.facility_id != self.facility_id:
            return "elsewhere" if custody.starts <= self.as_of else "moved_since"
        sentence = self.sentences.get(inmate.pk)
        ended = [c.until for c in self.custodies.get(inmate.pk, ()) if c.until]
        if (sentence and sentence.as_of > self.as_of) or (
            custody is None and ended and max(ended) > self.as_of
        ):
            return "older"
        return None


def similar(facility_id, rows):
    """Numbers of the rows whose name and birth date another person of this prison has."""
    wanted = {
        (row.values["inmate"]["search_name"], row.values["inmate"].get("birth_date")): row.number
        for row in rows
        if row.values["inmate"].get("birth_date")
    }
    if not wanted:
        return set()
    found = (
        Inmate.objects.in_custody(facility_id)
        .filter(search_name__in={name for name, _birth in wanted})
        .exclude(person_key__in=[row.person_key for row in rows])
        .values_list("search_name", "birth_date")
    )
    pairs = {(name, birth and birth.isoformat()) for name, birth in found}
    return {number for pair, number in wanted.items() if pair in pairs}


def write(rows, *, facility_id, as_of, by):
    """Import a batch of `ImportRow`s inside the caller's transaction.

    The rows are neither errors nor duplicates of each other. Returns their `Plan`s by row pk, and
    what is `Stored` of them now.
    """
    stored = Stored(facility_id, as_of, [row.person_key for row in rows], lock=True)
    plans = {row.pk: stored.plan(row.person_key, row.values) for row in rows}
    _write_people(rows, plans, stored, by)
    _write_custodies(rows, plans, stored, by)
    _write_sentences(rows, plans, stored, by)
    return plans, stored


def _write_people(rows, plans, stored, by):
    new, changed, fields = [], [], set()
    for row in rows:
        plan, values = plans[row.pk], row.values["inmate"]
        if plan.outcome == RowOutcome.NEW:
            plan.inmate = unsaved(Inmate, person_key=row.person_key, created_by=by)
            _assign(plan.inmate, values)
            new.append(plan.inmate)
        elif "inmate" in plan.changed:
            fields |= _assign(plan.inmate, values)
            changed.append(plan.inmate)
    insert(new)
    _upsert(Inmate, changed, fields)


def _write_custodies(rows, plans, stored, by):
    new, changed, fields = [], [], set()
    for row in rows:
        plan, values = plans[row.pk], row.values["custody"]
        if plan.opens_custody:
            custody = unsaved(
                Custody, inmate=plan.inmate, facility_id=stored.facility_id, created_by=by
            )
            _assign(custody, values)
            custody.starts = custody.starts or stored.as_of
            new.append(custody)
        elif "custody" in plan.changed:
            custody = stored.open_custody(plan.inmate)
            fields |= _assign(custody, _stated(values))
            changed.append(custody)
    insert(new)
    _upsert(Custody, changed, fields)


def _write_sentences(rows, plans, stored, by):
    new, changed, fields, confirmed = [], [], {"as_of"}, []
    for row in rows:
        plan, values = plans[row.pk], row.values["sentence"]
        if not values or not plan.is_confirmed:
            continue
        sentence = stored.sentences.get(plan.inmate.pk)
        if sentence is None:
            sentence = unsaved(Sentence, inmate=plan.inmate, as_of=stored.as_of, created_by=by)
            _assign(sentence, values)
            stored.sentences[plan.inmate.pk] = sentence
            new.append(sentence)
        elif "sentence" in plan.changed:
            sentence.as_of = stored.as_of
            fields |= _assign(sentence, values)
            changed.append(sentence)
        elif sentence.as_of < stored.as_of:
            confirmed.append(sentence.pk)
    insert(new)
    _upsert(Sentence, changed, fields)
    if confirmed:
        Sentence.objects.filter(pk__in=confirmed).update(as_of=stored.as_of)


def _upsert(model, rows, fields):
    """Update many rows in one statement (`bulk_update` would write a CASE per row and field)."""
    if rows:
        model.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=sorted(fields)
        )


DATES = INMATE_DATES | SENTENCE_DATES | {"starts"}
DERIVED = {"search_name"}
FIELD_NAMES = {"starts": "admitted"}  # as the register calls it, where the model differs


def _python(name, value):
    return date.fromisoformat(value) if name in DATES and value else value


def _stated(values):
    """Custody values without an empty admission date: that says nothing new."""
    return {name: value for name, value in values.items() if name != "starts" or value}


def _differs(row, values):
    if row is None:
        return bool(values)
    if isinstance(row, Custody):
        values = _stated(values)
    sealed = values.get("nik")
    if sealed and sealed["digest"] != row.nik_digest:
        return True
    return any(
        getattr(row, name) != _python(name, value)
        for name, value in values.items()
        if name != "nik"
    )


def _changes(row, values):
    """`[{"field", "old", "new"}]` of what the values change; a NIK is only named."""
    values = _stated(values) if row is None or isinstance(row, Custody) else values
    changes = []
    for name, value in values.items():
        if name == "nik":
            if value and value["digest"] != row.nik_digest:
                changes.append({"field": "nik"})
        elif name not in DERIVED:
            old = getattr(row, name, None)
            if _or_none(old) != _or_none(_python(name, value)):
                old = old.isoformat() if isinstance(old, date) else old
                changes.append({"field": FIELD_NAMES.get(name, name), "old": old, "new": value})
    return changes


def _or_none(value):
    return None if value == "" else value


def _assign(row, values):
    """Set the values on the row; returns the names of the model fields set."""
    fields = set()
    for name, value in values.items():
        if name == "nik":
            row.nik_cipher = value["cipher"].encode()
            row.nik_key, row.nik_digest = value["key"], value["digest"]
            row.nik_last4 = value["last4"]
            fields |= set(NIK_FIELDS)
        else:
            setattr(row, name, _python(name, value))
            fields.add(name)
    return fields
