"""What the rules need to know of some people: read for all of them at once, in two statements."""

from datetime import date

from django.db.models import BigIntegerField, CharField, DateField, F, JSONField, Q, Value
from django.db.models.functions import Cast, JSONObject

from accounts.by_key import asked_by_key
from accounts.prepared import among, asked_often
from inmates.models import (
    AptitudeAssessment,
    DataLimit,
    Document,
    Inmate,
    Restriction,
    SkillProfile,
)
from inmates.states import DocumentKind, RestrictionKind
from training.eligibility import Facts, Span
from training.models import Candidate, Enrolment, WaitingEntry
from training.states import BLOCKS_OTHERS, CANDIDATE_OPEN, REFUSED, EnrolmentState

TOLD = ("fact", "record", "told", "fact_on", "fact_pk")


def person_of(people):
    """`{record id: id of the one among people}` whose it is: their own and those merged into it."""
    return {pk: pk for pk in people} | dict(_merged_records(list(people)))


def _merged_into(people):
    rows = Inmate.objects.filter(among("merged_into", people)).order_by()
    return rows.values_list("pk", "merged_into_id")


_merged_records = asked_often(_merged_into)


class Gathering:
    """Facts about some people, given by key, and about the records merged into them.

    `people` are the persons themselves, each with `register_number` and `register_class` of the
    open custody (empty without one).
    """

    def __init__(self, batch, keys, terms):
        self.batch, self.terms = batch, terms
        people, merged = self._read(keys)
        self.people = {person.pk: person for person in people}
        self.known = {pk: {} for pk in self.people}
        self.person_of = {pk: pk for pk in self.people} | dict(merged)

    def _read(self, keys):
        """People, and pairs of a record that was merged and the person among them whose it is."""
        return _people(keys, self.terms.today.isoformat())

    def facts(self):
        """`{person's key: eligibility.Facts}`"""
        for pk, inmate in self.people.items():
            self._register(self.known[pk], inmate)
        tell = {
            "limit": self._limit,
            "restriction": self._restriction,
            "document": self._document,
            "enrolment": self._enrolment,
            "candidate": self._candidate,
            "waiting": self._waiting,
            "skills": self._skills,
            "aptitude": self._aptitude,
        }
        for kind, record, told, *_order in self._rows():
            tell[kind](self.known[self.person_of[record]], told)
        return {pk: Facts(**known) for pk, known in self.known.items()}

    def _register(self, known, inmate):
        self._stay(known, inmate)
        known |= {
            "birth_date": inmate.birth_date,
            "is_resident": self.terms.is_home_of(
                domicile_code=inmate.domicile_code, city=inmate.city
            ),
            "documents": frozenset({DocumentKind.IDENTITY.value} if inmate.nik_digest else ()),
        }
        sentence = getattr(inmate, "sentence", None)
        if sentence:
            known |= {
                "as_of": sentence.as_of,
                "one_third": sentence.one_third,
                "term_ends": sentence.released_on or sentence.expires,
                "expected": inmate.expected_release,
                "expected_basis": inmate.release_basis,
            }

    def _stay(self, known, inmate):
        known["is_merged"] = inmate.merged_into_id is not None
        if inmate.stays_at is not None:
            known |= {"register_class": inmate.register_class, "facility_id": inmate.stays_at}

    def _rows(self):
        """(kind, record's key, what it says, day, key) of what happened, the oldest first."""
        batch, records = self.batch, list(self.person_of)
        days = batch.starts_on, batch.ends_on, self.terms.today
        return _happened(records, batch.pk, batch.course_id, *days)

    def _limit(self, known, row):
        known["limited_since"] = _day(row["since"])

    def _restriction(self, known, row):
        starts, until, today = _day(row["starts"]), _day(row["until"]), self.terms.today
        kinds = known.setdefault("restrictions", {})
        if until is None or until >= today:
            which = max if row["kind"] == RestrictionKind.FIT else min
            kinds[row["kind"]] = which(kinds.get(row["kind"], starts), starts)
        elif row["kind"] == RestrictionKind.DISCIPLINE:
            known["disciplined_until"] = max(known.get("disciplined_until", until), until)

    def _document(self, known, row):
        known["documents"] |= {row["kind"]}

    def _enrolment(self, known, row):
        done = row["state"] == EnrolmentState.COMPLETED
        self._add_span(known, "completed" if done else "enrolled_in", row)

    def _candidate(self, known, row):
        if row["state"] in REFUSED:
            known["refusals"] = known.get("refusals", 0) + 1
        is_elsewhere = row["state"] in CANDIDATE_OPEN and row["batch"] != self.batch.pk
        if is_elsewhere and self._is_during(row):
            self._add_span(known, "proposed_for", row)

    def _is_during(self, row):
        starts_on, ends_on = _day(row["starts_on"]), _day(row["ends_on"])
        return starts_on <= self.batch.ends_on and ends_on >= self.batch.starts_on

    def _add_span(self, known, kind, row):
        name = row["name"] if row["facility"] == self.batch.facility_id else ""
        span = Span(name, _day(row["starts_on"]), _day(row["ends_on"]))
        known[kind] = (*known.get(kind, ()), span)

    def _waiting(self, known, row):
        asked_on = _day(row["asked_on"])
        known["waiting_since"] = min(known.get("waiting_since", asked_on), asked_on)

    def _skills(self, known, row):
        wishes = {wish.lower() for wish in row["wishes"]}
        known["is_interested"] = (
            known.get("is_interested", False) or self.terms.trade.lower() in wishes
        )

    def _aptitude(self, known, row):
        """The last one stands."""
        recommended = {name.lower() for name in row["recommended"]}
        known["is_recommended"] = self.terms.trade.lower() in recommended


class GatheringAgain(Gathering):
    """Of these facts only what the rules of `eligibility.ASKED_AGAIN` look at, in one statement:
    for acts that many wait for."""

    def _read(self, keys):
        days = self.batch.starts_on, self.batch.ends_on, self.terms.today
        people, merged, self._happened = _asked_again(keys, self.batch.pk, *days)
        return people, merged

    def _register(self, known, inmate):
        self._stay(known, inmate)

    def _rows(self):
        return self._happened


@asked_often
def _happened(records, batch, course, starts_on, ends_on, today):
    during = _during(starts_on, ends_on)
    same = Q(state=EnrolmentState.COMPLETED, batch__course=course)
    elsewhere = Q(state__in=CANDIDATE_OPEN) & ~Q(batch=batch)
    enrolments = Enrolment.objects.exclude(batch=batch)
    candidates = Candidate.objects.filter(enrolment__isnull=True)
    branches = [
        _limits(),
        _restrictions(today),
        _branch("document", Document.objects.all(), None, kind=F("kind")),
        _of_batch("enrolment", enrolments.filter(Q(state__in=BLOCKS_OTHERS) & during | same)),
        _of_batch("candidate", candidates.filter(elsewhere & during | Q(state__in=REFUSED))),
        _branch(
            "waiting",
            WaitingEntry.objects.open().filter(course=course),
            F("asked_on"),
            asked_on=F("asked_on"),
        ),
        _branch("skills", SkillProfile.objects.all(), None, wishes=F("interests")),
        _branch(
            "aptitude",
            AptitudeAssessment.objects.all(),
            F("assessed_on"),
            recommended=F("recommended"),
        ),
    ]
    return _united(rows.filter(among("inmate", records)) for rows in branches)


@asked_by_key
def _asked_again(keys, batch, starts_on, ends_on, today):
    blocking = Enrolment.objects.exclude(batch=batch).blocking()
    blocking = blocking.filter(_during(starts_on, ends_on))
    branches = [_limits(), _restrictions(today), _of_batch("enrolment", blocking)]
    records = Inmate.objects.records_among(keys)
    people = Inmate.objects.filter(among("pk", keys)).order_by()
    return (
        _with_custody(people.with_open_custody()),
        _merged_into(keys),
        _united(rows.filter(inmate__in=records) for rows in branches),
    )


def _united(branches):
    first, *others = [rows.values_list(*TOLD) for rows in branches]
    return first.union(*others, all=True).order_by("fact_on", "fact_pk")


def _during(starts_on, ends_on):
    return Q(batch__starts_on__lte=ends_on, batch__ends_on__gte=starts_on)


def _limits():
    return _branch("limit", DataLimit.objects.standing(), F("asked_on"), since=F("asked_on"))


def _restrictions(today):
    rows = Restriction.objects.filter(starts__lte=today)
    told = {name: F(name) for name in ("kind", "starts", "until")}
    return _branch("restriction", rows, F("starts"), **told)


def _of_batch(fact, rows):
    """Enrolments or candidates, with the batch that they are of."""
    told = {name: F(f"batch__{name}") for name in ("name", "starts_on", "ends_on")}
    told |= {"state": F("state"), "batch": F("batch_id"), "facility": F("batch__facility_id")}
    return _branch(fact, rows, F("batch__starts_on"), **told)


def _branch(fact, rows, on, **told):
    return rows.order_by().annotate(
        fact=Value(fact, output_field=CharField()),
        record=F("inmate_id"),
        fact_on=Cast(Value(None) if on is None else on, DateField()),
        fact_pk=Cast("pk", BigIntegerField()),
        told=Cast(JSONObject(**told), JSONField()),
    )


@asked_often
def _people(keys, today):
    people = Inmate.objects.filter(among("pk", keys)).order_by()
    people = _with_custody(people.with_expected_release(date.fromisoformat(today)))
    return people.select_related("sentence"), _merged_into(keys)


def _with_custody(people):
    return people.annotate(
        register_number=F("open_custody__register_number"),
        register_class=F("open_custody__register_class"),
        stays_at=F("open_custody__facility_id"),
    )


def _day(text):
    return None if text is None else date.fromisoformat(text)
