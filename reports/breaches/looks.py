"""Access records of a time, by user, person and page, in plain SQL: few statements for any number.

A record names many people: `LOOKS` has a row for each record and person within reach. People stand
there under the record that they were merged into.
"""

import ipaddress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.urls import Resolver404, resolve

from placements.documents import PAGES, act_in_words, page_in_words

CHUNK = 500
NAMED_MOST = 5  # names that a row of the list tells; a file tells all
LOOKS = """
  SELECT r.id, r.at, r.user_email, r.act, r.path, host(r.address) AS address, p.id AS person
    FROM accounts_accessrecord r
   CROSS JOIN LATERAL unnest(r.subjects) AS subject(public_id)
    JOIN inmates_inmate i ON i.public_id = subject.public_id
    JOIN inmates_inmate p ON p.id = coalesce(i.merged_into_id, i.id)
   WHERE {conditions}
"""
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
    people: tuple = ()  # records, canonical or not, with `pk` and `public_id`
    address: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    act: str = ""
    is_about_people: bool = False

    @property
    def conditions(self):
        found = ["r.at >= %(since)s AND r.at < %(until)s"]
        if self.prisons is not None:
            found.append(HERE)
        if self.who:
            found.append(WHO)
        if self.is_about_people:
            found.append("p.id = ANY (%(people)s::bigint[])")
        if self.address:
            found.append("r.address <<= %(network)s::inet")
        if self.act:
            found.append("r.act = %(act)s")
        return " AND ".join(found)

    @property
    def values(self):
        return {
            "since": self.since,
            "until": self.until,
            "prisons": sorted(self.prisons or ()),
            "who": self.who,
            "part": f"%{_literally(self.who)}%",
            "people": [person.merged_into_id or person.pk for person in self.people],
            "network": str(self.address),
            "act": self.act,
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
    people: int
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
        looks = LOOKS.format(conditions=self.asked.conditions)
        if not self.names:
            statement = statement.replace("p.name", UNNAMED).replace("p.person_key", "''")
        return f"WITH look AS ({looks}) {statement}"

    def totals(self):
        return Totals(
            *self._ask(
                "SELECT count(DISTINCT person), count(DISTINCT user_email), count(DISTINCT id),"
                " count(DISTINCT id) FILTER (WHERE act = 'export'), min(at), max(at) FROM look"
            )[0]
        )

    def users(self):
        """`ByUser`, whoever saw most people first."""
        rows = self._ask("""
            SELECT l.user_email, coalesce(u.name, ''), u.public_id, l.people, l.responses,
                   l.exports, l.addresses, l.first, l.last
              FROM (SELECT user_email, count(DISTINCT person) AS people,
                           count(DISTINCT id) AS responses,
                           count(DISTINCT id) FILTER (WHERE act = 'export') AS exports,
                           array_agg(DISTINCT address) FILTER (WHERE address <> '') AS addresses,
                           min(at) AS first, max(at) AS last
                      FROM look GROUP BY user_email) l
              LEFT JOIN accounts_user u ON u.email = l.user_email
             ORDER BY l.people DESC, l.user_email""")
        return [ByUser(*row) for row in rows]

    def people(self, *, offset=0, limit=None):
        """`ByPerson` in order of their names."""
        rows = self._ask(
            """
            SELECT p.public_id, p.name AS name, p.person_key, l.users, l.responses, l.exports,
                   l.first, l.last
              FROM (SELECT person, count(DISTINCT user_email) AS users,
                           count(DISTINCT id) AS responses,
                           count(DISTINCT id) FILTER (WHERE act = 'export') AS exports,
                           min(at) AS first, max(at) AS last
                      FROM look GROUP BY person) l
              JOIN inmates_inmate p ON p.id = l.person
             ORDER BY p.name, p.id OFFSET %(offset)s LIMIT %(limit)s""",
            offset=offset,
            limit=limit,
        )
        return [ByPerson(*row) for row in rows]

    def pages(self):
        """`(noun, words, responses)` of the pages that were seen, the most seen first."""
        rows = self._ask(
            "SELECT min(path), count(DISTINCT id) FROM look"
            " GROUP BY regexp_replace(path, %(any_id)s, '#', 'g')",
            any_id=ANY_ID,
        )
        found = {}
        for path, responses in rows:
            page = _noun_of(path), str(page_in_words(path))
            found[page] = found.get(page, 0) + responses
        pages = [(*page, responses) for page, responses in found.items()]
        return sorted(pages, key=lambda page: (-page[2], page[1]))

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
        rows = self._ask(
            "SELECT DISTINCT p.public_id FROM look JOIN inmates_inmate p ON p.id = look.person"
        )
        return [Subject(*row) for row in rows]

    def people_elsewhere(self, prisons):
        """How many people besides were seen by whoever holds or held a post at these prisons."""
        return self.only(prisons=None)._ask(
            """
            SELECT count(DISTINCT look.person) FROM look
              JOIN inmates_inmate p ON p.id = look.person
             WHERE NOT p.prisons && %(here)s::bigint[] AND look.user_email IN (
               SELECT u.email FROM accounts_user u JOIN accounts_posting o ON o.user_id = u.id
                WHERE o.facility_id = ANY (%(here)s::bigint[]))""",
            here=sorted(prisons),
        )[0][0]


ROWS = """
, one AS (
  SELECT look.id, at, user_email, act, path, address, count(DISTINCT person) AS people,
         array_agg(DISTINCT person) AS ids
    FROM look GROUP BY look.id, at, user_email, act, path, address
   ORDER BY at DESC, look.id DESC OFFSET %(offset)s LIMIT %(limit)s)
SELECT one.id, at, user_email, coalesce(u.name, ''), act, path, coalesce(address, ''), people,
       named.names, named.ids
  FROM one LEFT JOIN accounts_user u ON u.email = user_email
 CROSS JOIN LATERAL (
   SELECT array_agg(first.name) AS names, array_agg(first.public_id) AS ids FROM (
     SELECT p.name AS name, p.public_id::text FROM inmates_inmate p
      WHERE p.id = ANY (one.ids) ORDER BY p.name, p.id LIMIT %(most)s) first) named
 ORDER BY at DESC, one.id DESC"""

EACH = """
SELECT at, user_email, coalesce(u.name, ''), coalesce(look.address, ''), act, path, p.name,
       p.person_key
  FROM (SELECT DISTINCT * FROM look) look JOIN inmates_inmate p ON p.id = look.person
  LEFT JOIN accounts_user u ON u.email = user_email
 ORDER BY at, look.id, p.name, p.id"""


def _noun_of(path):
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    noun = "admin" if match.app_name == "admin" else match.view_name.split("-")[0]
    return noun if noun in PAGES else ""
