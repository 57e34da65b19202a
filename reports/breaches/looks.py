"""Access records of a time, by user, person and page, in plain SQL: few statements for any number.

Responses are counted by record, people by what the records name: each of these reads the time
once. Whoever was merged stands under the record that is in use, also where a response named both.
"""

import ipaddress
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.urls import Resolver404, resolve

from placements.documents import PAGES, act_in_words, page_in_words

CHUNK = 500
NAMED_MOST = 5  # names that a row of the list tells; a file tells all
UNNAMED = "upper(left(p.public_id::text, 8))"
# Ids in an address tell nothing of which page it is.
ANY_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|/[0-9]+/"


@dataclass(frozen=True)
class Asked:
    """A time, and what narrows it; `until` itself does not count. `prisons` None is all."""

    since: datetime
    until: datetime
    prisons: frozenset | None = None
    who: str = ""
    people: tuple = ()  # with `pk` and `merged_into_id`
    records: tuple = ()  # public ids of these people and of all that were merged into them
    address: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    act: str = ""
    is_about_people: bool = False

    @property
    def of_records(self):
        """The condition on records (`r`)."""
        found = ["r.at >= %(since)s AND r.at < %(until)s"]
        if self.who:
            found.append(WHO)
        if self.address:
            found.append("r.address <<= %(network)s::inet")
        if self.act:
            found.append("r.act = %(act)s")
        if self.is_about_people:
            found.append("r.subjects && %(records)s::uuid[]")
        return " AND ".join(found)

    @property
    def of_people(self):
        """The condition on people (`i`, and `p` that is in use) who are within reach."""
        found = [] if self.prisons is None else [HERE]
        if self.is_about_people:
            found.append("p.id = ANY (%(people)s::bigint[])")
        return " AND ".join(found) or "true"

    @property
    def values(self):
        return {
            "since": self.since,
            "until": self.until,
            "prisons": sorted(self.prisons or ()),
            "who": self.who,
            "part": f"%{_literally(self.who)}%",
            "people": [person.merged_into_id or person.pk for person in self.people],
            "records": [str(public_id) for public_id in self.records],
            "network": str(self.address),
            "act": self.act,
            "is_about_people": self.is_about_people,
        }


HERE = "(i.prisons && %(prisons)s::bigint[] OR p.prisons && %(prisons)s::bigint[])"
# An account by its address or name, now or at any time before; a whole address means only itself.
WHO = """(r.user_email = lower(%(who)s) OR position('@' IN %(who)s) = 0 AND (
  r.user_email ILIKE %(part)s
  OR r.user_email IN (SELECT email FROM accounts_user WHERE name ILIKE %(part)s)))"""


def _literally(text):
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class Subject:
    """Somebody who is named, for an access record."""

    public_id: UUID


@dataclass(frozen=True)
class Totals:
    users: int
    responses: int
    exports: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class ByUser:
    email: str
    name: str
    public_id: UUID | None
    people: int
    responses: int
    exports: int
    addresses: list
    first: datetime
    last: datetime


@dataclass(frozen=True)
class ByPerson:
    public_id: UUID
    name: str
    key: str
    users: int
    responses: int
    exports: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Row:
    """One response and the people it named, as far as they are within reach."""

    id: int
    at: datetime
    email: str
    user: str
    act: str
    path: str
    address: str
    people: int
    names: list
    ids: list

    @property
    def act_in_words(self):
        return act_in_words(self.act)

    @property
    def page(self):
        return str(page_in_words(self.path))

    @property
    def subjects(self):
        return [Subject(UUID(each)) for each in self.ids]

    @property
    def left(self):
        return self.people - len(self.names)


@dataclass(frozen=True)
class Seen:
    """People who were seen: how many, by whom, and how many of them are of other prisons.

    `by_user` is `{email: number}`; `people` are the `ByPerson`s that were asked for, by name.
    """

    total: int
    by_user: dict
    elsewhere: int
    people: list


@dataclass(frozen=True)
class Looks:
    """What was looked at, as `asked`; people under their id alone where `names` is False."""

    asked: Asked
    names: bool = True

    def only(self, **asked):
        """The same looks, narrowed further (or wider, where `asked` says so)."""
        return replace(self, asked=replace(self.asked, **asked))

    def _ask(self, statement, **more):
        with connection.cursor() as cursor:
            cursor.execute(self._full(statement), self.asked.values | more)
            return cursor.fetchall()

    def _full(self, statement):
        if not self.names:
            statement = statement.replace("p.name", UNNAMED).replace("p.person_key", "''")
        people = self.asked.of_people
        return statement.format(
            records=self.asked.of_records,
            people=people,
            here="true" if self.asked.prisons is None else HERE,
            named=NAMED,
            within=WITHIN.format(people=people),
        )

    @cached_property
    def _responses(self):
        """`(email, name, public id, path, responses, exports, addresses, first, last)`.

        A row for each user and page.
        """
        return self._ask(RESPONSES, any_id=ANY_ID)

    def totals(self):
        """Of responses; how many people they named says `seen`."""
        rows = self._responses
        return Totals(
            len({row[0] for row in rows}),
            sum(row[4] for row in rows),
            sum(row[5] for row in rows),
            min((row[7] for row in rows), default=None),
            max((row[8] for row in rows), default=None),
        )

    def users(self, seen):
        """`ByUser`, whoever saw most people first; `seen` is the `Seen` of the same looks."""
        by_user = defaultdict(list)
        for row in self._responses:
            by_user[row[:3]].append(row)
        users = [
            ByUser(
                *user,
                seen.by_user.get(user[0], 0),
                sum(row[4] for row in rows),
                sum(row[5] for row in rows),
                sorted({each for row in rows for each in row[6] or ()}),
                min(row[7] for row in rows),
                max(row[8] for row in rows),
            )
            for user, rows in by_user.items()
        ]
        return sorted(users, key=lambda user: (-user.people, user.email))

    def pages(self):
        """`(noun, words, responses)` of the pages that were seen, the most seen first."""
        found = defaultdict(int)
        for row in self._responses:
            found[_noun_of(row[3]), str(page_in_words(row[3]))] += row[4]
        pages = [(*page, responses) for page, responses in found.items()]
        return sorted(pages, key=lambda page: (-page[2], page[1]))

    def seen(self, *, offset=0, limit=0):
        """The `Seen`, with so many people in order of their names."""
        part = {"offset": offset, "limit": limit}
        total, by_user, elsewhere, people = self._ask(SEEN, **part)[0]
        return Seen(
            total, dict(by_user or ()), elsewhere, [_by_person(row) for row in people or ()]
        )

    def rows(self, *, offset=0, limit=None):
        """`Row`s, newest first."""
        return [Row(*row) for row in self._ask(ROWS, offset=offset, limit=limit, most=NAMED_MOST)]

    def each(self):
        """Every response and person, oldest first, as they come from the database.

        `(at, email, user, address, act, page, path, name, key)`.
        """
        with connection.chunked_cursor() as cursor:
            cursor.execute(self._full(EACH), self.asked.values)
            while lines := cursor.fetchmany(CHUNK):
                for at, email, user, address, act, path, name, key in lines:
                    page = str(page_in_words(path))
                    yield at, email, user, address, act_in_words(act), page, path, name, key

    def subjects(self):
        """Everybody who is named, as `Subject`."""
        return [Subject(*row) for row in self._ask(SUBJECTS)]


def _by_person(row):
    public_id, name, key, users, responses, exports, first, last = row
    moments = (datetime.fromisoformat(each) for each in (first, last))
    return ByPerson(UUID(public_id), name, key, users, responses, exports, *moments)


# --- Statements -----------------------------------------------------------------------------------
# Once for each person of a response, though it may name several of their records.
NAMED = """
  FROM accounts_accessrecord r
 CROSS JOIN LATERAL unnest(r.subjects) AS subject(public_id)
  JOIN inmates_inmate i ON i.public_id = subject.public_id
  JOIN inmates_inmate p ON p.id = coalesce(i.merged_into_id, i.id)
   AND (i.merged_into_id IS NULL OR NOT p.public_id = ANY (r.subjects))"""
WITHIN = """
  EXISTS (SELECT FROM inmates_inmate i
            JOIN inmates_inmate p ON p.id = coalesce(i.merged_into_id, i.id)
           WHERE i.public_id = ANY (r.subjects) AND {people})"""

RESPONSES = """
SELECT l.user_email, coalesce(u.name, ''), u.public_id, l.path, l.responses, l.exports,
       l.addresses, l.first, l.last
  FROM (SELECT r.user_email, min(r.path) AS path, count(*) AS responses,
               count(*) FILTER (WHERE r.act = 'export') AS exports,
               array_agg(DISTINCT host(r.address)) FILTER (WHERE r.address IS NOT NULL)
                 AS addresses,
               min(r.at) AS first, max(r.at) AS last
          FROM accounts_accessrecord r WHERE {records} AND {within}
         GROUP BY r.user_email, regexp_replace(r.path, %(any_id)s, '#', 'g')) l
  LEFT JOIN accounts_user u ON u.email = l.user_email"""

SEEN = """
WITH pair AS MATERIALIZED (
  SELECT r.user_email, p.id AS person, {here} AS here, count(*) AS responses,
         count(*) FILTER (WHERE r.act = 'export') AS exports, min(r.at) AS first, max(r.at) AS last
  {named} WHERE {records} GROUP BY 1, 2, 3),
own AS (
  SELECT pair.* FROM pair JOIN inmates_inmate p ON p.id = pair.person
   WHERE here AND (NOT %(is_about_people)s OR p.id = ANY (%(people)s::bigint[])))
SELECT (SELECT count(DISTINCT person) FROM own),
       (SELECT json_agg(json_build_array(user_email, number))
          FROM (SELECT user_email, count(*) AS number FROM own GROUP BY 1) by_user),
       (SELECT count(DISTINCT person) FROM pair
         WHERE NOT here AND NOT %(is_about_people)s AND user_email IN (
               SELECT u.email FROM accounts_user u JOIN accounts_posting o ON o.user_id = u.id
                WHERE o.facility_id = ANY (%(prisons)s::bigint[]))),
       (SELECT json_agg(json_build_array(public_id, name, person_key, users, responses, exports,
                                         first, last))
          FROM (SELECT p.public_id, p.name AS name, p.person_key AS person_key,
                       count(*) AS users, sum(responses) AS responses, sum(exports) AS exports,
                       min(first) AS first, max(last) AS last
                  FROM own JOIN inmates_inmate p ON p.id = own.person
                 GROUP BY p.id ORDER BY p.name, p.id OFFSET %(offset)s LIMIT %(limit)s) people)"""

ROWS = """
WITH one AS (
  SELECT r.* FROM accounts_accessrecord r WHERE {records} AND {within}
   ORDER BY r.at DESC, r.id DESC OFFSET %(offset)s LIMIT %(limit)s)
SELECT one.id, at, user_email, coalesce(u.name, ''), act, path, coalesce(host(one.address), ''),
       named.number, named.names, named.ids
  FROM one LEFT JOIN accounts_user u ON u.email = user_email
 CROSS JOIN LATERAL (
   SELECT max(number) AS number, array_agg(known.name) AS names, array_agg(known.id) AS ids FROM (
     SELECT p.name AS name, p.public_id::text AS id, count(*) OVER () AS number
       FROM inmates_inmate i JOIN inmates_inmate p ON p.id = coalesce(i.merged_into_id, i.id)
      WHERE i.public_id = ANY (one.subjects) AND {people}
      GROUP BY p.id ORDER BY p.name, p.id LIMIT %(most)s) known) named
 ORDER BY at DESC, one.id DESC"""

EACH = """
SELECT r.at, r.user_email, coalesce(u.name, ''), coalesce(host(r.address), ''), r.act, r.path,
       p.name, p.person_key
  FROM (SELECT r.id AS record, p.id AS person {named} WHERE {records} AND {people}) look
  JOIN accounts_accessrecord r ON r.id = look.record
  JOIN inmates_inmate p ON p.id = look.person
  LEFT JOIN accounts_user u ON u.email = r.user_email
 ORDER BY r.at, r.id, p.name, p.id"""

SUBJECTS = "SELECT DISTINCT p.public_id {named} WHERE {records} AND {people}"


def _noun_of(path):
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    noun = "admin" if match.app_name == "admin" else match.view_name.split("-")[0]
    return noun if noun in PAGES else ""
