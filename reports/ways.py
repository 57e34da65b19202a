"""The figures of many participations at once: what `reports.paths` says of each, counted by sets.

A list asks the days of each row that it shows. For figures the database would ask them of a million
rows one after the other; here it reads once what happened to all of the people.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Case, DateField, F, Q, When
from django.db.models.functions import Coalesce, TruncDate

from accounts.statements import Written
from placements.models import FollowUp, Placement, Referral
from placements.querysets import IS_REACHED, IS_WORKING
from reports.paths import MONTHS, Step, Time, Took
from training.models import Certificate, WaitingEntry
from training.states import EnrolmentState


def _whether(condition):
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


_OWN = {
    "way_person": Coalesce("inmate__merged_into_id", "inmate_id"),
    "way_finished": _whether(Q(state=EnrolmentState.COMPLETED)),
    "way_began": F("batch__starts_on"),
    "way_ended": F("batch__ends_on"),
    "way_decreed": F("decree__letter__dated"),
    # When somebody was proposed whose candidature was entered afterwards, nobody knows.
    "way_proposed": Case(
        When(candidate__entered_afterwards=False, then=TruncDate("candidate__created_at")),
        output_field=DateField(),
    ),
    "way_course": F("batch__course_id"),
}
_COLUMNS = ("id", "person", "finished", "began", "ended", "decreed", "proposed", "course")
_KEPT = ("finished", "began", "ended", "decreed", "proposed")
_DAYS = {step.value: "min" for step in list(Step)[2:]} | {"waited": "max"}
# What came of them is not joined to their rows but grouped with them: a join is planned for as many
# rows as the database expects, and it may expect ten of a prison of ten thousand.
_WAYS = """
WITH way ({columns}) AS MATERIALIZED ({rows}),
record AS MATERIALIZED (
    SELECT way.id, way.finished, way.began, way.proposed, way.course, way.person AS inmate
      FROM way
    UNION ALL
    SELECT way.id, way.finished, way.began, way.proposed, way.course, other.id
      FROM way JOIN inmates_inmate AS other ON other.merged_into_id = way.person),
known AS (SELECT id, {known} FROM ({parts}) AS part (id, {names}) GROUP BY id)"""
_OF_WAY = "SELECT way.id, {told} FROM way"
_OF_PAPER = """
SELECT way.id, {told} FROM way JOIN ({sql}) AS paper (way, day) ON paper.way = way.id
 WHERE way.finished"""
# A part for each table: over all of them in one the database would read every row of the country.
_OF_EVENT = """
SELECT record.id, {told} FROM record
  JOIN ({sql}) AS event ON event.inmate_id = record.inmate AND event.day >= record.began
 WHERE record.finished"""
_OF_WAITING = """
SELECT record.id, {told} FROM record
  JOIN ({sql}) AS entry (inmate, course, day)
    ON entry.inmate = record.inmate AND entry.course = record.course
   AND entry.day <= record.proposed"""
_STEPS = {
    Step.ENROLLED: "true",
    Step.FINISHED: "finished",
    **{step: f"{step} IS NOT NULL" for step in list(Step)[2:]},
}
_TIMES = {
    Took.WAITING: "proposed - waited",
    Took.CHOOSING: "decreed - proposed",
    Took.STARTING: "began - decreed",
    Took.TEACHING: "CASE WHEN finished THEN ended - began END",
    Took.CERTIFYING: "certified - ended",
    Took.REFERRING: "referred - certified",
    Took.PLACING: "placed - referred",
}


def counted(rows, *by):
    """`[(values, {Step: how many})]` of enrolments, a row for each group of equal values of the
    columns or annotations `by`; without any the one of them all."""
    groups = _groups(by)
    grouped = f"GROUP BY {', '.join(groups)}" if groups else ""
    written = _written(rows, by, [*groups, *_counts()], grouped)
    if not by and written.made is None:
        return [((), dict.fromkeys(Step, 0))]
    return [(row[: len(by)], _steps(row[len(by) :])) for row in written.fetched()]


def lengths(rows, *by):
    """`[(values, took, days, how many)]` of enrolments: what the times of `told` are made of, a row
    for each group of equal values of the columns or annotations `by` and each number of days."""
    each = ", ".join(f"('{took}', {days})" for took, days in _TIMES.items())
    asked = [*_groups(by), "each.took", "each.days"]
    grouped = (
        f"CROSS JOIN LATERAL (VALUES {each}) AS each (took, days)"
        f" WHERE each.days IS NOT NULL GROUP BY {', '.join(asked)}"
    )
    found = _written(rows, by, [*asked, "count(*)"], grouped, waited=True).fetched()
    return [(row[: len(by)], Took(row[-3]), *row[-2:]) for row in found]


def told(rows):
    """Of enrolments: `{Step: how many}`, and a `Time` for each `Took`; in one statement."""
    return read(whole(rows).fetched())


def whole(rows):
    """What `told` asks, as SQL that may be made once: `read` says what its row says."""
    asked = list(_counts())
    for days in _TIMES.values():
        middle = f"floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY {days}))::int"
        asked += [f"count({days})", middle, f"max({days})"]
    return _written(rows, (), asked, waited=True)


def read(found):
    """As `told`, of the row that `whole` gives; of none, everything is nought."""
    if not found:
        return dict.fromkeys(Step, 0), [Time(took, 0, None, None) for took in Took]
    ((*numbers,),) = found
    facts = iter(numbers[len(Step) :])
    times = [Time(took, next(facts), next(facts), next(facts)) for took in _TIMES]
    return _steps(numbers[: len(Step)]), times


def _written(rows, by, asked, grouped="", *, waited=False):
    """What is asked of the table `known`."""
    try:
        sql, params = _ways(rows, by, waited)
    except EmptyResultSet:
        made = None
    else:
        made = f"{sql} SELECT {', '.join(asked)} FROM known {grouped}", params
    return Written(made, width=len(asked), about="ways of participations")


def _ways(rows, by, waited):
    """SQL of the table `known` with a row for each enrolment, and its parameters."""
    names = (*_KEPT, *_groups(by))
    made, params = _made(rows.annotate(**_OWN).values_list("pk", *_OWN, *by))
    parts = [_part(_OF_WAY, names, {name: f"way.{name}" for name in names})]
    for form, asked, days in _events(waited):
        sql, more = _made(asked)
        parts.append(_part(form, names, days, sql=sql))
        params += more
    known = [f"any_value({name}) AS {name}" for name in names]
    known += [f"{which}({name}) AS {name}" for name, which in _DAYS.items()]
    text = _WAYS.format(
        columns=", ".join([*_COLUMNS, *_groups(by)]),
        rows=made,
        known=", ".join(known),
        parts=" UNION ALL ".join(parts),
        names=", ".join([*names, *_DAYS]),
    )
    return text, params


def _groups(by):
    return [f"by_{place}" for place in range(len(by))]


def _part(form, names, told, sql=""):
    """A part of all columns, of which it says those of `told`."""
    columns = [told.get(name, "NULL") for name in names]
    columns += [told.get(name, "NULL::date") for name in _DAYS]
    return form.format(told=", ".join(columns), sql=sql)


def _events(waited):
    """What is known of an enrolment and of a person, and what it says of which days."""
    sent = Referral.objects.exclude(sent_at=None).annotate(day=TruncDate("sent_at"))
    work = Placement.objects.counted().annotate(day=F("starts_on"))
    asked = FollowUp.objects.counted().filter(months=MONTHS).annotate(day=F("counted_from"))
    asked = asked.annotate(was_reached=_whether(IS_REACHED), was_working=_whether(IS_WORKING))
    papers = Certificate.objects.certified().values_list("enrolment_id", "issued_on")
    yield _OF_PAPER, papers, {Step.CERTIFIED: "paper.day"}
    yield _OF_EVENT, sent.values("inmate_id", "day"), {Step.REFERRED: "event.day"}
    yield _OF_EVENT, work.values("inmate_id", "day"), {Step.PLACED: "event.day"}
    followed = {
        Step.DUE: "event.day",
        Step.REACHED: "CASE WHEN event.was_reached THEN event.day END",
        Step.WORKING: "CASE WHEN event.was_working THEN event.day END",
    }
    yield _OF_EVENT, asked.values("inmate_id", "day", "was_reached", "was_working"), followed
    if waited:
        entries = WaitingEntry.objects.values_list("inmate_id", "course_id", "asked_on")
        yield _OF_WAITING, entries, {"waited": "entry.day"}


def _made(queryset):
    return queryset.order_by().query.sql_with_params()


def _counts():
    return [f"count(*) FILTER (WHERE {condition})" for condition in _STEPS.values()]


def _steps(numbers):
    return dict(zip(_STEPS, numbers, strict=True))
