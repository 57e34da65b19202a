"""What a page of matches shows of its people."""

from django.db import DEFAULT_DB_ALIAS

from accounts.prepared import fetch_planned
from inmates.models import Inmate

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
