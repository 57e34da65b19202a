"""Records that may be of one person: pairs to judge, found by the database in one statement."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from inmates.models import Custody, Inmate

MOST = 500  # pairs that a list holds; who has judged them sees the next
BIRTH, NIK, SWAPPED = "birth", "nik", "swapped"

# Everybody who is or was at the prisons, once; pairs have the same birth date or NIK, or the same
# name and a birth date with day and month exchanged. So no person is compared with all others.
STATEMENT = """
WITH seen AS MATERIALIZED (
    SELECT i.id, i.search_name, i.birth_date, i.nik_digest
      FROM inmates_inmate i
     WHERE i.id IN (SELECT inmate_id FROM inmates_custody WHERE facility_id = ANY(%(prisons)s))
       AND i.merged_into_id IS NULL AND i.anonymised_on IS NULL
), alike AS (
    SELECT a.id AS first, b.id AS second, 'birth' AS why,
           similarity(a.search_name, b.search_name) AS likeness
      FROM seen a JOIN seen b ON b.birth_date = a.birth_date AND b.id > a.id
     WHERE similarity(a.search_name, b.search_name) >= %(threshold)s
     UNION ALL
    SELECT a.id, b.id, 'nik', 1
      FROM seen a JOIN seen b ON b.nik_digest = a.nik_digest AND b.id > a.id
     WHERE a.nik_digest <> ''
     UNION ALL
    SELECT a.id, b.id, 'swapped', 1
      FROM seen a
      JOIN seen b ON b.search_name = a.search_name AND b.id > a.id
                 AND extract(year FROM b.birth_date) = extract(year FROM a.birth_date)
                 AND extract(month FROM b.birth_date) = extract(day FROM a.birth_date)
                 AND extract(day FROM b.birth_date) = extract(month FROM a.birth_date)
     WHERE a.birth_date <> b.birth_date AND a.search_name <> ''
)
SELECT first, second, array_agg(DISTINCT why)
  FROM alike
 WHERE (%(person)s::bigint IS NULL OR %(person)s IN (first, second))
   AND NOT EXISTS (SELECT FROM inmates_distinct d
                    WHERE d.first_id = alike.first AND d.second_id = alike.second)
 GROUP BY first, second
 ORDER BY bool_or(why = 'nik') DESC, max(likeness) DESC, first, second
 LIMIT %(most)s
"""


@dataclass
class Pair:
    """Two records by their keys, and why they may be of one person."""

    first_id: int
    second_id: int
    why: list
    first: Inmate | None = None
    second: Inmate | None = None

    @property
    def reasons(self):
        words = {
            NIK: _("NIK sama"),
            BIRTH: _("tanggal lahir sama, nama mirip"),
            SWAPPED: _("nama sama, hari dan bulan lahir tertukar"),
        }
        return [words[code] for code in words if code in self.why]


def pairs(facility_ids, *, person=None, most=MOST):
    """The `Pair`s among everybody who is or was at the prisons, likeliest first, in one query.

    Only those of one `person`, if one is named. Pairs that were judged different are left out.
    """
    parameters = {
        "prisons": sorted(facility_ids),
        "threshold": settings.SIMILAR_NAMES,
        "person": person and person.pk,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        return [Pair(*row) for row in cursor.fetchall()]


def with_people(found, facility_ids):
    """The pairs with their people, each with `.here`: the open stay at the prisons, or None."""
    ids = {pk for pair in found for pk in (pair.first_id, pair.second_id)}
    people = stays_of(Inmate.objects.in_bulk(ids), facility_ids)
    for pair in found:
        pair.first, pair.second = people[pair.first_id], people[pair.second_id]
    return found


def stays_of(people, facility_ids):
    """`{id: person}` with each person's `.here`, in one query."""
    stays = Custody.objects.open().filter(inmate__in=people, facility__in=facility_ids)
    here = {stay.inmate_id: stay for stay in stays}
    for pk, inmate in people.items():
        inmate.here = here.get(pk)
    return people
