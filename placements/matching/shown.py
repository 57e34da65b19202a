"""What a page of matches shows of its people, and of its vacancies."""

from django.db import DEFAULT_DB_ALIAS

from accounts.prepared import among, asked_often, fetch_planned
from inmates.models import Inmate
from placements.models import Vacancy

SHOWN = {"id", "public_id", "name", "person_key", "birth_date", "education"}
# In the order of the model, as `from_db` takes them.
FIELDS = [one.attname for one in Inmate._meta.concrete_fields if one.attname in SHOWN]
STATEMENT = f"""
    SELECT {", ".join(f"i.{name}" for name in FIELDS)}, coalesce((
           SELECT c.register_number FROM inmates_custody c
            WHERE c.inmate_id = i.id AND c.facility_id = ANY (%s)
            ORDER BY c.starts DESC LIMIT 1), '')
      FROM inmates_inmate i WHERE i.id = ANY (%s)"""


def people(keys, prisons):
    """`{key: Inmate}` of `FIELDS` only, and the `register_number` of the newest stay there."""
    found = {}
    for *values, number in fetch_planned(STATEMENT, [prisons, keys]) if keys else ():
        person = Inmate.from_db(DEFAULT_DB_ALIAS, FIELDS, values)
        person.register_number = number
        found[person.pk] = person
    return found


def vacancies(keys):
    """`{key: Vacancy}`, each with its employer and trade, as far as points and rows ask."""
    return {vacancy.pk: vacancy for vacancy in _vacancies(keys)} if keys else {}


@asked_often
def _vacancies(keys):
    rows = Vacancy.objects.filter(among("pk", keys)).select_related("employer", "trade")
    return rows.only(
        *("public_id", "title", "units", "region_code", "starts_on", "closes_on", "sex"),
        *("age_from", "age_to", "education", "places", "places_filled"),
        *("employer__name", "employer__openness", "trade__name"),
    )
