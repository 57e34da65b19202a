"""The figures of many participations at once: what `reports.paths` says of each, counted by sets.

A list asks the days of each row that it shows. For figures the database would ask them of a million
rows one after the other; here it reads once what happened to all of the people.
"""

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, DateField, F, Q, When
from django.db.models.functions import TruncDate

from accounts.statements import Written
from placements.models import FollowUp, Placement, Referral
from placements.querysets import IS_REACHED, IS_WORKING
from reports.paths import MONTHS, Step, Time, Took, whether
from training.models import Candidate, Certificate, WaitingEntry
from training.states import EnrolmentState

_OWN = {
    "way_inmate": F("inmate_id"),
    "way_finished": whether(Q(state=EnrolmentState.COMPLETED)),
    "way_began": F("batch__starts_on"),
    "way_ended": F("batch__ends_on"),
    "way_course": F("batch__course_id"),
    "way_decree": F("decree_id"),
    "way_candidate": F("candidate_id"),
}
_COLUMNS = ("id", "inmate", "finished", "began", "ended", "course", "decree", "candidate")
_AFTERWARDS = [step.value for step in list(Step)[3:]]  # what happens to people, not to papers
# Each table is read once, for all keys in order: an index gives many neighbours at a time. What is
# found belongs to some participation, so FULL JOIN tells what LEFT JOIN would. But it never
# compares each row with each, as is planned for ten expected rows, of which ten thousand may come.
_WAYS = """
WITH own ({columns}) AS MATERIALIZED ({rows}),
decreed (decree, decreed) AS MATERIALIZED (
    SELECT decree.id, letter.dated
      FROM training_decree AS decree
      JOIN correspondence_letter AS letter ON letter.id = decree.letter_id
     WHERE decree.id = ANY (ARRAY(SELECT DISTINCT decree FROM own))),
proposed (candidate, proposed) AS MATERIALIZED (
    SELECT id, day FROM ({candidates}) AS each (id, day)
     WHERE id = ANY (ARRAY(SELECT candidate FROM own))),
paper (id, certified) AS MATERIALIZED (
    SELECT id, min(day) FROM ({papers}) AS each (id, day)
     WHERE id = ANY (ARRAY(SELECT id FROM own WHERE finished)) GROUP BY id),
merged (inmate, person) AS MATERIALIZED (
    SELECT id, merged_into_id FROM inmates_inmate
     WHERE merged_into_id IS NOT NULL AND id = ANY (ARRAY(SELECT inmate FROM own))),
person (ids) AS MATERIALIZED (
    SELECT ARRAY(SELECT inmate FROM own UNION ALL SELECT person FROM merged)),
other (inmate, person) AS MATERIALIZED (
    SELECT id, merged_into_id FROM inmates_inmate
     WHERE merged_into_id = ANY ((SELECT ids FROM person)::bigint[])),
record (ids) AS MATERIALIZED (
    SELECT (SELECT ids FROM person) || ARRAY(SELECT inmate FROM other)),
happened AS MATERIALIZED (
    SELECT coalesce(other.person, event.inmate) AS person, {gathered}
      FROM ({events}) AS event (inmate, {happening}) LEFT JOIN other USING (inmate) GROUP BY 1),
known AS MATERIALIZED (
    SELECT {groups} finished, began, ended, decreed, proposed, certified, {told}
      FROM own
      FULL JOIN decreed USING (decree)
      FULL JOIN proposed USING (candidate)
      FULL JOIN paper USING (id)
      FULL JOIN merged USING (inmate)
      FULL JOIN happened ON happened.person = coalesce(merged.person, own.inmate))"""
_EVENT = """
SELECT inmate, {told} FROM ({sql}) AS each (inmate, {columns})
 WHERE inmate = ANY ((SELECT ids FROM record)::bigint[])"""
_SINCE = """
CASE WHEN finished AND happened.{name} IS NOT NULL THEN (
     SELECT min(day) FROM unnest(happened.{name}) AS day WHERE day >= began) END AS {name}"""
_WAITED = """
CASE WHEN own.course = ANY (happened.course) THEN (
     SELECT max(day) FROM unnest(happened.course, happened.waited) AS each (course, day)
      WHERE each.course = own.course AND day <= proposed) END AS waited"""
_NOTHING = {False: "NULL::date", True: "NULL::bigint"}
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
    written = by_groups(rows, *by)
    if not by and written.made is None:
        return [((), dict.fromkeys(Step, 0))]
    return groups(written.fetched(), len(by))


def by_groups(rows, *by):
    """What `counted` asks, as SQL that may be made once: `groups` says what its rows say."""
    names = _groups(by)
    grouped = f"GROUP BY {', '.join(names)}" if names else ""
    return _written(rows, by, [*names, *_counts()], grouped)


def groups(found, width):
    """As `counted`, of the rows that `by_groups` gives for so many columns."""
    return [(row[:width], _steps(row[width:])) for row in found]


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
    groups, happening = _groups(by), [*_AFTERWARDS, *(["course", "waited"] if waited else [])]
    own, params = _made(rows.annotate(**_OWN).values_list("pk", *_OWN, *by))
    # When somebody was proposed whose candidature was entered afterwards, nobody knows.
    proposed = Case(
        When(entered_afterwards=False, then=TruncDate("created_at")), output_field=DateField()
    )
    candidates, more = _made(Candidate.objects.annotate(day=proposed).values_list("pk", "day"))
    papers, further = _made(Certificate.objects.certified().values_list("enrolment", "issued_on"))
    params += more + further
    events = []
    for asked, columns, days in _events(waited):
        sql, more = _made(asked.values_list("inmate", *columns))
        told = [days.get(name) or _NOTHING[name == "course"] for name in happening]
        events.append(_EVENT.format(told=", ".join(told), sql=sql, columns=", ".join(columns)))
        params += more
    gathered = "array_agg({0}) FILTER (WHERE {0} IS NOT NULL) AS {0}"
    told = [_SINCE.format(name=name) for name in _AFTERWARDS] + ([_WAITED] if waited else [])
    text = _WAYS.format(
        columns=", ".join([*_COLUMNS, *groups]),
        rows=own,
        candidates=candidates,
        papers=papers,
        gathered=", ".join(gathered.format(name) for name in happening),
        events=" UNION ALL ".join(events),
        happening=", ".join(happening),
        groups="".join(f"{name}, " for name in groups),
        told=", ".join(told),
    )
    return text, params


def _groups(by):
    return [f"by_{place}" for place in range(len(by))]


def _events(waited):
    """What is known of people: rows of a table, their columns, and what these tell."""
    sent = Referral.objects.exclude(sent_at=None).annotate(day=TruncDate("sent_at"))
    work = Placement.objects.counted().annotate(day=F("starts_on"))
    asked = FollowUp.objects.counted().filter(months=MONTHS).annotate(day=F("counted_from"))
    asked = asked.annotate(was_reached=whether(IS_REACHED), was_working=whether(IS_WORKING))
    yield sent, ["day"], {Step.REFERRED: "day"}
    yield work, ["day"], {Step.PLACED: "day"}
    followed = {
        Step.DUE: "day",
        Step.REACHED: "CASE WHEN was_reached THEN day END",
        Step.WORKING: "CASE WHEN was_working THEN day END",
    }
    yield asked, ["day", "was_reached", "was_working"], followed
    if waited:
        entries = WaitingEntry.objects.order_by()
        yield entries, ["course", "asked_on"], {"course": "course", "waited": "asked_on"}


def _made(queryset):
    return queryset.order_by().query.sql_with_params()


def _counts():
    return [f"count(*) FILTER (WHERE {condition})" for condition in _STEPS.values()]


def _steps(numbers):
    return dict(zip(_STEPS, numbers, strict=True))
