"""Jobs and people matched and ordered in one statement: for a vacancy the people of one's
prisons, for a person the open vacancies that one may see, or many of both.

Somebody is matched who finished a course or holds a valid certificate, and whose papers or
interests have something to do with what the vacancy asks; a vacancy that asks neither a trade nor
units takes anybody of them. Whoever has consented to no referral is counted and never comes out
of the database. Nothing is read of people elsewhere, and of those who do not match only their
papers, so that the country's other rows cost nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from accounts.prepared import fetch_planned
from inmates.models import Inmate
from inmates.states import ConsentPurpose, CustodyEnd
from placements.matching import exclusions, gathered, homes, points

FITS, KEPT_OUT = "fits", "kept_out"
JOB = (
    *("id", "trade_id", "trade", "units", "region_code", "starts", "closes_on", "sex"),
    *("age_from", "age_to", "education", "employer"),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which matches, empty asks for all. `near` is a level of `homes`, `trade` a trade's key."""

    show: str = FITS
    minimum: int = 0
    near: int = 0
    trade: int | None = None
    in_time: bool = False
    search: str = ""


@dataclass(frozen=True)
class Match:
    """What the points and the exclusions of one person at one vacancy rest on.

    `competent` and `learnt` count units that the vacancy asks, `level` is what the papers of its
    trade come to (`gathered`), `nearness` a level of `homes`, `percent` the attendance, `ready`
    kinds of documents; None where nothing is known.
    """

    job: int
    person: int
    points: int
    exclusions: tuple[str, ...] = ()
    competent: int = 0
    learnt: int = 0
    level: int = 0
    interested: bool = False
    nearness: int | None = None
    available: date | None = None
    is_free: bool = False
    percent: int | None = None
    has_card: bool = False
    ready: frozenset[str] = frozenset()
    referred: str = ""
    has_consented: bool = True


@dataclass(frozen=True)
class Ranking:
    """One page of the order. `counts` are by `FITS` and `KEPT_OUT`, of all that are wanted apart
    from it; `silent` counts whom nothing but the missing consent keeps out. `following` is the key
    of the next page, None on the last.
    """

    rows: list[Match] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    silent: int = 0
    following: UUID | None = None


def people_for(vacancy, prisons, wanted=None, *, after=None, size=25, today=None):
    """A page of the people of the prisons, the best first; the first one for an unknown `after`.

    `prisons` are keys; `after` is the public id of the last person of the page before. Without a
    `size` all of them come.
    """
    jobs = type(vacancy).objects.filter(pk=vacancy.pk)
    start, values = _start(jobs, _people_of(prisons), today)
    return _page(start, values, wanted or Wanted(), PEOPLE, after, size)


def vacancies_for(inmate, vacancies, prisons, wanted=None, *, after=None, size=25, today=None):
    """A page of the open ones among vacancies (a queryset, or its `jobs_of`) for somebody of the
    prisons, the best first.

    Nothing for somebody who is not there. Without a consent the matches come all the same, with
    `has_consented` False: the vacancies name nobody.
    """
    them = _people_of(prisons, [inmate.pk])
    start, values = _start(vacancies, them, today, among=gathered.COULD_MATCH)
    return _page(start, values, wanted or Wanted(), VACANCIES, after, size)


def standing(vacancy, inmates, prisons, today=None):
    """`{inmate's key: Match}` of those among these people who match the vacancy.

    Also of those who have not consented: for the service that refers them, not for a page.
    """
    jobs = type(vacancy).objects.filter(pk=vacancy.pk)
    them = _people_of(prisons, [inmate.pk for inmate in inmates])
    start, values = _start(jobs, them, today)
    rows = fetch_planned(f"{start} SELECT {COLUMNS} FROM judged", values)
    return {match.person: match for match in map(_match, rows)}


def is_among(inmate, prisons, today=None):
    """Whether the person is one of those whom the ranking of these prisons looks at."""
    (people, of_people), (still, of_still) = _people_of(prisons, [inmate.pk])
    statement = f"""WITH t AS (SELECT %s::date AS today),
        people (id, is_free, records) AS ({people})
        SELECT EXISTS ({_put(still, {"fence": "", "whom": "true"})})"""
    values = [today or timezone.localdate(), *of_people, *of_still]
    return fetch_planned(statement, values)[0][0]


@dataclass(frozen=True)
class Tally:
    """Of one vacancy: how many fit, how many more would with a consent, and the most points."""

    fit: int = 0
    silent: int = 0
    best: int | None = None


def tallies(vacancies, prisons, today=None):
    """`{vacancy's key: Tally}` of those vacancies that suit anybody, in one statement."""
    are_few = len(prisons) <= FEW
    start, values = _start(vacancies, _people_of(prisons), today, are_few=are_few)
    rows = (fetch_planned if are_few else _fetch)(
        f"""{start} SELECT job, count(*) FILTER (WHERE has_consented),
                           count(*) FILTER (WHERE NOT has_consented),
                           max({points.points_sql()}) FILTER (WHERE has_consented)
              FROM facts WHERE NOT ({exclusions.is_excluded_sql()}) GROUP BY 1""",
        values,
    )
    return {job: Tally(*told) for job, *told in rows}


# --- The statement -----------------------------------------------------------------------------
COLUMNS = (
    "job, person, points, exclusions, competent, learnt, level, interested, nearness, available,"
    " is_free, percent, has_card, ready, referred, has_consented"
)


# Who asked that their data be used no further is looked for by nobody.
LIMITED = "SELECT inmate_id FROM inmates_datalimit WHERE lifted_on IS NULL"


def _people_of(prisons, among=None):
    """Who is in custody there; and who was released from there, is in no custody, and may be
    called afterwards by a consent in force. `among` are keys to choose from, None for all.

    Two pairs of SQL, of `id`, `is_free` and `records`, with its values: `people` and who may be
    called after any stay there, of all at once by keys gathered before, because one look into an
    index for each person costs more than the rows; and of these `{whom}` those who were released
    from there at last, which is looked up for each.
    """
    prisons = list(prisons)
    here, been = "i.prison_id = ANY (%s)", "i.prisons && %s::bigint[]"
    values = [prisons]
    if among is not None:
        among = list(among)
        here, been = f"{here} AND i.id = ANY (%s)", "i.id = ANY (%s)"
        values += [among]
    people = (
        f"""WITH here AS MATERIALIZED (
                SELECT i.id FROM inmates_inmate i WHERE {here} AND i.merged_into_id IS NULL),
            been AS MATERIALIZED (
                SELECT DISTINCT coalesce(i.merged_into_id, i.id) AS id
                  FROM inmates_inmate i WHERE {been} AND i.prison_id IS NULL),
            merged AS MATERIALIZED (
                SELECT i.merged_into_id AS id, array_agg(i.id) AS others
                  FROM inmates_inmate i
                 WHERE i.merged_into_id = ANY (
                       ARRAY(SELECT id FROM here UNION ALL SELECT id FROM been))
                 GROUP BY 1),
            of_been AS MATERIALIZED (
                SELECT id, id AS record FROM been
                UNION ALL SELECT b.id, unnest(m.others) FROM been b JOIN merged m USING (id)),
            reached AS MATERIALIZED (
                SELECT DISTINCT b.id
                  FROM of_been b JOIN inmates_consent k ON k.inmate_id = b.record CROSS JOIN t
                 WHERE k.inmate_id = ANY (ARRAY(SELECT record FROM of_been))
                   AND k.purpose = '{ConsentPurpose.FOLLOW_UP}'
                   AND k.withdrawn_on IS NULL AND k.signed_on <= t.today
                   AND (k.until IS NULL OR k.until >= t.today)),
            free AS MATERIALIZED (
                SELECT r.id, r.id || coalesce(m.others, '{{}}') AS records
                  FROM reached r LEFT JOIN merged m USING (id))
            SELECT h.id, false AS is_free, h.id || coalesce(m.others, '{{}}') AS records
              FROM here h LEFT JOIN merged m USING (id)
             WHERE h.id <> ALL (ARRAY({LIMITED}))
            UNION ALL
            SELECT id, true, records FROM free WHERE id <> ALL (ARRAY({LIMITED}))""",
        [*values, among or prisons],
    )
    still = (
        f"""SELECT id, is_free, records FROM people WHERE NOT is_free AND {{whom}}
            UNION ALL
            SELECT i.id, true, i.records
              FROM (SELECT * FROM people WHERE is_free AND {{whom}} OFFSET 0) AS i
              CROSS JOIN LATERAL (
                   SELECT c.facility_id, c.ended_how, c.until FROM inmates_custody c
                    WHERE c.inmate_id = ANY (i.records)
                    ORDER BY c.until DESC NULLS FIRST, c.starts DESC, c.id DESC LIMIT 1) AS last
              CROSS JOIN LATERAL (
                   SELECT FROM inmates_inmate p
                    WHERE p.id = i.id AND p.prison_id IS NULL AND p.anonymised_on IS NULL
                    {{fence}}) AS alive
             WHERE last.facility_id = ANY (%s) AND last.ended_how = '{CustodyEnd.RELEASED}'
               AND last.until IS NOT NULL""",
        [prisons],
    )
    return people, still


@lru_cache(maxsize=2)
def _releases(today):
    """SQL and values of (person, expected release), for those of `matched` who are inside."""
    inside = "inmates_inmate.id = ANY (ARRAY(SELECT id FROM matched WHERE NOT is_free))"
    people = Inmate.objects.with_expected_release(today).extra(where=[inside])
    return people.order_by().values_list("id", "expected_release").query.sql_with_params()


FEW = 50  # prisons whose people are looked up one by one


def _start(vacancies, people, today, *, are_few=True, among="true"):
    """The statement up to `judged`, and its values. Of many people whole tables are read; `among`
    is what is asked of the vacancies before anything is made of them."""
    today = today or timezone.localdate()
    jobs, of_jobs = vacancies if isinstance(vacancies, tuple) else jobs_of(vacancies)
    releases, of_releases = _releases(today)
    (people, of_people), (still, of_still) = people
    parts = {"fence": "OFFSET 0" if are_few else ""}
    for table in "ces":
        theirs = f"{table}.inmate_id = ANY (ARRAY(SELECT record FROM records)) AND"
        parts[f"among_{table}"] = theirs if are_few else ""
    assessed = f"SELECT enrolment_id FROM papers WHERE level = {gathered.COMPETENT}"
    still = still.replace("{whom}", "id IN (SELECT person FROM pairs)")
    parts["among_a"] = f"a.enrolment_id = ANY (ARRAY({assessed})) AND" if are_few else ""
    chain = (
        *(gathered.ASKED, gathered.SKILLS, gathered.PAIRS),
        f"matched (id, is_free, records) AS MATERIALIZED ({still})",
        *(gathered.persons(releases), _facts()),
    )
    start = f"""WITH t AS MATERIALIZED (SELECT %s::date AS today),
        people (id, is_free, records) AS MATERIALIZED ({_put(people, parts)}),
        {_put(gathered.PAPERS_HELD, parts)},
        jobs_given AS MATERIALIZED (
            SELECT * FROM ({jobs}) AS j ({", ".join(JOB)}, title, public_id) WHERE {among}),
        {_put(", ".join(chain), parts)}"""
    return start, [today, *of_people, *of_jobs, *of_still, *of_releases]


def _put(statement, parts):
    for name, part in parts.items():
        statement = statement.replace(f"{{{name}}}", part)
    return statement


def jobs_of(vacancies):
    """What is asked of the vacancies of a queryset, as SQL and its values."""
    rows = vacancies.order_by().values_list(
        *("id", "trade_id", "trade__name", "units", "region_code", "starts_on", "closes_on"),
        *("sex", "age_from", "age_to", "education", "employer_id"),
        *("title", "public_id"),
    )
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that none are wanted
        return jobs_of(vacancies.model.objects.filter(pk=0))


def _facts():
    return f"""
        facts AS NOT MATERIALIZED (
            SELECT q.competent, q.learnt, q.level, q.interested, p.*, j.*, f.state AS referred,
                   {homes.NEARNESS_SQL} AS nearness
              FROM pairs q JOIN persons p ON p.person = q.person JOIN jobs j ON j.job = q.job
              LEFT JOIN referred f ON f.job = q.job AND f.person = q.person),
        judged AS NOT MATERIALIZED (
            SELECT facts.*, {exclusions.exclusions_sql()} AS exclusions,
                   ({points.points_sql()})::int AS points
              FROM facts OFFSET 0)"""


def _fetch(statement, values):
    """Of the whole country the plan must know how much it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@dataclass(frozen=True)
class _Order:
    """How a list is ordered: columns, the row that compares alike, and what a page begins after."""

    columns: str
    place: str
    key: str
    trade: str
    told: str


PEOPLE = _Order(
    columns="points DESC, available NULLS LAST, name, person",
    place="ROW(-points, available, name, person)",
    key="public_id",
    trade="EXISTS (SELECT 1 FROM trained h WHERE h.person = judged.person AND h.trade_id = %s)",
    told="has_consented",
)
VACANCIES = _Order(
    columns="points DESC, closes_on, title, job",
    place="ROW(-points, closes_on, title, job)",
    key="job_public_id",
    trade="trade_id = %s",
    told="true",
)


def _page(start, values, wanted, order, after, size):
    conditions, of_wanted = _conditions(wanted, order)
    statement = f"""{start},
        chosen AS MATERIALIZED (
            SELECT judged.*, {order.told} AS is_told, exclusions = '{{}}' AS fits
              FROM judged WHERE {conditions}),
        ordered AS MATERIALIZED (
            SELECT *, {order.place} AS place FROM chosen WHERE is_told AND fits = %s),
        shown AS (
            SELECT * FROM ordered
             WHERE coalesce(place > (SELECT place FROM ordered WHERE {order.key} = %s), true)
             ORDER BY {order.columns} LIMIT %s)
        SELECT n.fits, n.kept_out, n.silent, {order.key}, {COLUMNS}
          FROM (SELECT count(*) FILTER (WHERE is_told AND fits) AS fits,
                       count(*) FILTER (WHERE is_told AND NOT fits) AS kept_out,
                       count(*) FILTER (WHERE fits AND NOT is_told) AS silent FROM chosen) AS n
          LEFT JOIN shown ON true ORDER BY {order.columns}"""
    limit = None if size is None else size + 1
    found = fetch_planned(statement, [*values, *of_wanted, wanted.show == FITS, after, limit])
    fits, kept_out, silent = found[0][:3]
    rows = [row for row in found if row[3] is not None]
    is_last = size is None or len(rows) <= size
    return Ranking(
        rows=[_match(row[4:]) for row in rows[:size]],
        counts={FITS: fits, KEPT_OUT: kept_out},
        silent=silent,
        following=None if is_last else rows[size - 1][3],
    )


def _conditions(wanted, order):
    """What a filter asks of `judged`, and its values."""
    asked = {
        "points >= %s": wanted.minimum,
        "nearness >= %s": wanted.near,
        order.trade: wanted.trade,
        "strpos(lower(name), lower(%s)) > 0": wanted.search,
    }
    chosen = {condition: value for condition, value in asked.items() if value}
    in_time = ["available <= target"] if wanted.in_time else []
    return " AND ".join(["true", *in_time, *chosen]), list(chosen.values())


def _match(row):
    names = [name.strip() for name in COLUMNS.split(",")]
    told = dict(zip(names, row, strict=True))
    told["exclusions"] = tuple(told["exclusions"])
    told["ready"] = frozenset(told["ready"])
    told["referred"] = told["referred"] or ""
    return Match(**told)
