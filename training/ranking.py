"""A whole prison judged and ordered in one statement: the rules and the priority as SQL.

`training.eligibility` says the same of one person, with sentences; property tests keep the two
equal. People of one prison are read by its index, and what is known of them is gathered in one
pass a table, so that the country's other rows cost nothing.
"""

from dataclasses import dataclass, field
from functools import lru_cache, partial

from django.conf import settings
from django.db import connection
from django.db.models import DateField, F
from django.db.models.functions import Coalesce

from accounts.prepared import Prepared, fetch_planned
from inmates.models import Inmate
from training.eligibility.rules import NOT_ASKED, ONLY_WARNS, RULES, severity_of
from training.states import BLOCKS_OTHERS, CANDIDATE_OPEN, REFUSED

PRIORITY, RELEASE, NAME = "priority", "release", "name"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which people of the prison, and in which order. Empty asks for all."""

    search: str = ""
    outcome: str = ""
    resident: str = ""  # yes, no
    register_class: str = ""
    is_waiting: bool = False
    is_interested: bool = False
    sort: str = PRIORITY


@dataclass(frozen=True)
class Ranked:
    """One person's place: the outcome of all rules, what each said, and the points."""

    pk: int
    outcome: str
    outcomes: tuple[str, ...]
    points: int


@dataclass(frozen=True)
class Ranking:
    """One page of the order; `counts` are by outcome, of all that are wanted apart from it."""

    rows: list[Ranked] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def rank(batch, terms, wanted, *, page=1, size=25):
    """A page of the people here who are no candidates of the batch; the last one if too far."""
    order = ORDERS.get(wanted.sort, ORDERS[PRIORITY])
    statement = f"""{_ranked(terms)},
        shown AS MATERIALIZED (SELECT * FROM ranked WHERE {_conditions(wanted)}),
        counts AS MATERIALIZED (SELECT outcome, count(*) AS n FROM shown GROUP BY 1),
        total AS (SELECT coalesce(sum(n), 0) AS n FROM counts, t WHERE t.wanted IN ('', outcome)),
        place AS (SELECT size, size * (least(page, greatest(1, ceil(n / size::numeric))) - 1)
                         AS skipped FROM total, t)
        SELECT (SELECT json_object_agg(outcome, n) FROM counts),
               p.id, p.outcome, p.outcomes, p.points
          FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
               SELECT * FROM shown WHERE (SELECT wanted FROM t) IN ('', outcome) ORDER BY {order}
               LIMIT (SELECT size FROM place) OFFSET (SELECT skipped FROM place)) p ON true
         ORDER BY {order}"""
    found = fetch_planned(*_bound(statement, batch, terms, wanted, page, size))
    return Ranking([Ranked(*_row(row[1:])) for row in found if row[1]], found[0][0] or {})


def first(batch, terms, wanted, count):
    """The first so many in order of priority who fail nothing, also when all these are proposed.

    Of people from elsewhere there are no more than the seats that are open to them.
    """
    order = ORDERS[PRIORITY]
    holds = terms.open_seats is not None and severity_of("residency", terms) is None
    within = "resident IS DISTINCT FROM false OR nth <= t.open_seats" if holds else "true"
    statement = f"""{_ranked(terms)},
        shown AS (SELECT *, row_number() OVER (
                             PARTITION BY resident IS TRUE ORDER BY {order}) AS nth
                    FROM ranked WHERE {_conditions(wanted)} AND outcome <> 'fail')
        SELECT shown.id, shown.outcome, shown.outcomes, shown.points FROM shown, t
         WHERE t.wanted IN ('', shown.outcome) AND ({within})
         ORDER BY {order} LIMIT (SELECT size FROM t)"""
    found = fetch_planned(*_bound(statement, batch, terms, wanted, 1, count))
    return [Ranked(*_row(row)) for row in found]


def count_many(pairs):
    """Triples (course, outcome, how many people) of several (batch, terms), in one statement."""
    counted = " SELECT t.course, outcome, count(*) FROM ranked, t GROUP BY 1, 2"
    parts = [_bound(_ranked(terms) + counted, batch, terms, Wanted()) for batch, terms in pairs]
    statement = " UNION ALL ".join(f"({part})" for part, _values in parts)
    values = [value for _part, of_it in parts for value in of_it]
    if not parts:
        return []
    with connection.cursor() as cursor:  # as many parts as courses: no plan to keep
        cursor.execute(statement, values)
        return cursor.fetchall()


def _row(row):
    pk, outcome, outcomes, points = row
    return pk, outcome, tuple(outcomes), points


ORDERS = {
    PRIORITY: "array_position(ARRAY['pass', 'warn', 'fail'], outcome), points DESC,"
    " expected NULLS LAST, name, id",
    RELEASE: "expected NULLS LAST, name, id",
    NAME: "name, id",
}


def _conditions(wanted):
    known = {"yes": ["resident IS TRUE"], "no": ["resident IS NOT TRUE"]}
    conditions = ["true", *known.get(wanted.resident, [])]
    if wanted.is_waiting:
        conditions.append("waiting_since IS NOT NULL")
    if wanted.is_interested:
        conditions.append("(interested OR recommended)")
    return " AND ".join(conditions)


def _here_in_sql(batch, terms, wanted):
    """SQL and values of the people in custody here, as far as `wanted` is about their own data."""
    facility_id = batch.facility_id
    made = _made_once(wanted.register_class)
    sql, values = made.statement(facility_id=facility_id, today=terms.today)
    if not wanted.search.strip():
        return sql, values
    found = _held(facility_id).search(wanted.search, at=[facility_id])
    if found.query.is_empty():
        return f"SELECT * FROM ({sql}) AS held WHERE false", values
    named, words = found.order_by().values_list("pk").query.sql_with_params()
    return f"SELECT * FROM ({sql}) AS held WHERE id IN ({named})", [*values, *words]


@lru_cache
def _made_once(register_class):
    build = partial(_people, register_class=register_class)
    return Prepared(build, ids=["facility_id"], days=["today"])


def _held(facility_id):
    return Inmate.objects.in_custody(facility_id).canonical().unlimited()


def _people(facility_id, today, register_class):
    people = (
        _held(facility_id)
        .with_expected_release(today, facility=facility_id)
        .annotate(
            book=F("open_custody__register_class"),
            one_third=F("sentence__one_third"),
            term_ends=Coalesce(
                "sentence__released_on", "sentence__expires", output_field=DateField()
            ),
        )
    )
    if register_class:
        people = people.filter(open_custody__register_class=register_class)
    return people.order_by().values_list(*PERSON)


PERSON = (
    *("id", "name", "birth_date", "domicile_code", "city", "nik_digest"),
    *("book", "one_third", "term_ends", "expected_release"),
)


_DAYS = (
    *("today", "starts_on", "ends_on", "needed_until", "latest_release", "stays_until"),
    *("disciplined_since", "fit_since", "trained_since", "born_by", "born_after"),
)
# The values of the statement, which are the columns of its first part `t`.
_TYPES = {
    **dict.fromkeys(("batch", "course"), "bigint"),
    **dict.fromkeys(_DAYS, "date"),
    "documents": "text[]",
    **dict.fromkeys(("open_seats", "page", "size"), "int"),
    **dict.fromkeys(("residence_code", "town", "trade", "wanted"), "text"),
}


# The database believes a prison to hold few people, and would look for each among all the others
# again. Rows that never come tell it that there are hundreds.
MANY = """SELECT * FROM here UNION ALL SELECT one.* FROM (SELECT * FROM here LIMIT 1) AS one,
          generate_series(1, 500) WHERE (SELECT false)"""


def _bound(statement, batch, terms, wanted, page=1, size=1):
    """The whole statement with its values."""
    sql, values = _here_in_sql(batch, terms, wanted)
    mine = {name: getattr(terms, name) for name in (*_DAYS, "open_seats", "trade")} | {
        "batch": batch.pk,
        "course": batch.course_id,
        "documents": list(terms.documents),
        "residence_code": terms.residence_code,
        "town": terms.city,
        "wanted": wanted.outcome,
        "page": min(max(page, 1), 1_000_000),
        "size": size,
    }
    columns = ", ".join(f"%s::{kind} AS {name}" for name, kind in _TYPES.items())
    start = f"""WITH t AS MATERIALIZED (SELECT {columns}),
        here ({", ".join(PERSON[:-1])}, expected) AS MATERIALIZED ({sql}),
        people AS MATERIALIZED ({MANY}),"""
    return start + statement, [*(mine[name] for name in _TYPES), *values]


def _listed(states):
    return ", ".join(f"'{state.value}'" for state in states)


# What is known of each person; `records` are a person's own and those merged into it.
GATHERED = f"""
    records AS MATERIALIZED (
        SELECT id AS record, id AS person FROM people
        UNION ALL
        SELECT m.id, m.merged_into_id FROM inmates_inmate m JOIN people p ON p.id = m.merged_into_id
         WHERE m.merged_into_id IS NOT NULL),
    kept AS (
        SELECT r.person,
               bool_or(x.kind = 'discipline'
                       AND (x.until IS NULL OR x.until >= t.disciplined_since)) AS disciplined,
               bool_or(x.kind = 'security' AND (x.until IS NULL OR x.until >= t.today)) AS opposed,
               bool_or(x.kind = 'unfit' AND (x.until IS NULL OR x.until >= t.today)) AS unfit,
               bool_or(x.kind = 'fit' AND (x.until IS NULL OR x.until >= t.today)
                       AND x.starts >= t.fit_since) AS fit
          FROM records r, t, LATERAL (
               SELECT * FROM inmates_restriction x WHERE x.inmate_id = r.record
                  AND x.voided_at IS NULL AND x.starts <= t.today OFFSET 0) AS x GROUP BY 1),
    mine AS MATERIALIZED (
        SELECT r.person, e.candidate_id, e.batch_id, e.state
          FROM records r JOIN training_enrolment e ON e.inmate_id = r.record),
    chosen AS MATERIALIZED (
        SELECT r.person, c.id, c.batch_id, c.state, c.state IN ({_listed(CANDIDATE_OPEN)}) AS open
          FROM records r JOIN training_candidate c ON c.inmate_id = r.record),
    batches AS MATERIALIZED (
        SELECT b.id, b.starts_on <= t.ends_on AND b.ends_on >= t.starts_on AS meanwhile,
               b.course_id = t.course AND b.ends_on > t.trained_since AS same
          FROM t, (SELECT batch_id FROM mine UNION SELECT batch_id FROM chosen) AS their,
               LATERAL (SELECT * FROM training_batch b WHERE b.id = their.batch_id OFFSET 0) AS b),
    enrolled AS (
        SELECT person, bool_or(state IN ({_listed(BLOCKS_OTHERS)}) AND meanwhile) AS busy,
               bool_or(state = 'completed' AND same) AS trained
          FROM mine JOIN batches b ON b.id = batch_id, t WHERE batch_id <> t.batch GROUP BY 1),
    asked AS (
        SELECT c.person, bool_or(c.batch_id = t.batch AND open) AS here,
               bool_or(c.batch_id <> t.batch AND open AND e.state IS NULL AND meanwhile) proposed,
               count(*) FILTER (WHERE c.state IN ({_listed(REFUSED)}) AND e.state IS NULL)
                        AS refusals
          FROM chosen c JOIN batches b ON b.id = c.batch_id
               LEFT JOIN mine e ON e.candidate_id = c.id, t GROUP BY 1),
    papers AS (
        SELECT r.person, array_agg(d.kind::text) AS kinds
          FROM records r JOIN inmates_document d ON d.inmate_id = r.record GROUP BY 1),
    waiting AS (
        SELECT r.person, min(w.asked_on) AS since
          FROM records r JOIN training_waitingentry w ON w.inmate_id = r.record, t
         WHERE w.course_id = t.course AND w.state = 'waiting' GROUP BY 1),
    wishes AS (
        SELECT r.person, bool_or(lower(wish) = lower(t.trade)) AS interested
          FROM records r JOIN inmates_skillprofile s ON s.inmate_id = r.record,
               unnest(s.interests) AS wish, t GROUP BY 1),
    assessed AS (
        SELECT DISTINCT ON (r.person) r.person,
               EXISTS (SELECT 1 FROM unnest(a.recommended) AS named, t
                        WHERE lower(named) = lower(t.trade)) AS recommended
          FROM records r JOIN inmates_aptitudeassessment a ON a.inmate_id = r.record
         ORDER BY r.person, a.assessed_on DESC, a.id DESC),
    facts AS (
        SELECT p.*, t.*,
               coalesce(k.disciplined, false) AS disciplined, coalesce(k.opposed, false) AS opposed,
               coalesce(k.unfit, false) AS unfit, coalesce(k.fit, false) AS fit,
               coalesce(e.busy, false) AS busy, coalesce(e.trained, false) AS trained,
               coalesce(a.proposed, false) AS proposed, coalesce(a.refusals, 0) AS refusals,
               coalesce(d.kinds, '{{}}') || CASE WHEN p.nik_digest <> '' THEN '{{identity}}'::text[]
                                               ELSE '{{}}' END AS kinds,
               w.since AS waiting_since, coalesce(i.interested, false) AS interested,
               coalesce(s.recommended, false) AS recommended,
               CASE WHEN t.residence_code <> '' AND p.domicile_code <> ''
                    THEN starts_with(regexp_replace(p.domicile_code, '[^0-9]', '', 'g'),
                                     t.residence_code)
                    WHEN t.town <> '' AND p.city <> ''
                    THEN strpos(upper(p.city), upper(t.town)) > 0 END AS resident
          FROM people p CROSS JOIN t
          LEFT JOIN kept k ON k.person = p.id
          LEFT JOIN enrolled e ON e.person = p.id
          LEFT JOIN asked a ON a.person = p.id
          LEFT JOIN papers d ON d.person = p.id
          LEFT JOIN waiting w ON w.person = p.id
          LEFT JOIN wishes i ON i.person = p.id
          LEFT JOIN assessed s ON s.person = p.id
         WHERE NOT coalesce(a.here, false) OFFSET 0)"""


def _case(*branches):
    """A chain of (condition, outcome); a single text at the end is for all others."""
    *chain, other = branches
    whens = " ".join(f"WHEN {condition} THEN '{outcome}'" for condition, outcome in chain)
    return f"CASE {whens} ELSE '{other}' END"


def _stays(needed):
    return (
        ("term_ends IS NULL", "no_data"),
        (f"term_ends < {needed}", "fail"),
        (f"expected < {needed}", "warn"),
        "pass",
    )


IN_SQL = {
    "register": _case(("book LIKE 'B%%'", "pass"), "fail"),
    "custody": "'pass'",
    "discipline": _case(("disciplined", "fail"), "pass"),
    "security": _case(("opposed", "fail"), "pass"),
    "fitness": _case(("unfit", "fail"), ("fit_since IS NULL", "pass"), ("fit", "pass"), "no_data"),
    "clash": _case(("busy", "fail"), ("proposed", "warn"), "pass"),
    "remaining_term": _case(*_stays("needed_until")),
    "release_window": _case(
        ("latest_release IS NULL", "pass"),
        ("expected IS NULL", "no_data"),
        ("expected > latest_release", "fail"),
        "pass",
    ),
    "long_term": _case(("stays_until IS NULL", "pass"), *_stays("stays_until")),
    "age": _case(
        ("born_by IS NULL AND born_after IS NULL", "pass"),
        ("birth_date IS NULL", "no_data"),
        ("birth_date > born_by OR birth_date <= born_after", "fail"),
        "pass",
    ),
    "trained_before": _case(("trained", "fail"), "pass"),
    "documents": _case(("documents <@ kinds", "pass"), "fail"),
    "residency": _case(
        ("open_seats IS NULL OR resident", "pass"),
        ("resident IS NULL", "no_data"),
        ("open_seats > 0", "pass"),
        "fail",
    ),
}
ONE_THIRD = _case(("one_third IS NULL", "no_data"), ("one_third <= starts_on", "pass"), "fail")


def rules_asked(terms):
    """Names of the rules that the course asks, in the order of `Ranked.outcomes`."""
    return [rule.__name__ for rule in RULES if severity_of(rule.__name__, terms) != NOT_ASKED]


def _outcome_of(rule, terms):
    if rule == "one_third":
        said = ONE_THIRD if terms.needs_one_third else "'pass'"
    else:
        said = IN_SQL[rule]
    return f"replace({said}, 'fail', 'warn')" if severity_of(rule, terms) == ONLY_WARNS else said


def _months(start, end):
    return (
        f"(12 * (extract(year FROM {end}) - extract(year FROM {start}))"
        f" + extract(month FROM {end}) - extract(month FROM {start})"
        f" - (extract(day FROM {end}) < extract(day FROM {start}))::int)::int"
    )


def _points():
    weights = {name: int(points) for name, points in settings.PRIORITY_POINTS.items()}
    in_window = "latest_release IS NOT NULL AND expected BETWEEN needed_until AND latest_release"
    parts = (
        f"least(greatest(coalesce({_months('waiting_since', 'today')}, 0), 0)"
        f" * {weights['waiting_month']}, {weights['waiting_most']})",
        f"CASE WHEN {in_window} THEN {weights['release_most']}"
        f" - {_months('needed_until', 'expected')} * {weights['release_month']} ELSE 0 END",
        f"CASE WHEN resident THEN {weights['resident']} ELSE 0 END",
        f"least(refusals * {weights['refusal']}, {weights['refusals_most']})",
        f"CASE WHEN interested THEN {weights['interest']} ELSE 0 END",
        f"CASE WHEN recommended THEN {weights['recommended']} ELSE 0 END",
    )
    return " + ".join(f"greatest({part}, 0)" for part in parts)


def _ranked(terms):
    outcomes = ", ".join(_outcome_of(rule, terms) for rule in rules_asked(terms))
    return f"""{GATHERED},
        judged AS NOT MATERIALIZED (
            SELECT id, name, expected, resident, waiting_since, interested, recommended,
                   ARRAY[{outcomes}]::text[] AS outcomes, ({_points()})::int AS points
              FROM facts OFFSET 0),
        ranked AS NOT MATERIALIZED (
            SELECT judged.*, CASE WHEN 'fail' = ANY (outcomes) THEN 'fail'
                                  WHEN 'pass' = ALL (outcomes) THEN 'pass'
                                  ELSE 'warn' END AS outcome
              FROM judged)"""
