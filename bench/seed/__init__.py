"""Fills an empty database with a country's worth of synthetic people, as its owner.

Rows are made by SQL and go in by COPY while user triggers are off; of a large load, foreign keys
and indexes come back at the end, over the whole tables. What triggers would have kept is written
here; `check_integrity` says whether that was done right.

The first prison has 500 people and as many papers, batches and referrals whatever the size: it is
where pages are measured. The others share the rest by a skewed share, so that the largest is many
times the median. All is in proportion to people; attendance is that of the last year.
"""

import sys
import time

from django.core.management import call_command
from django.db import connections

from accounts.models import Facility
from bench.seed import agreements, history, lots, offices, papers, people, teaching, training, work
from bench.seed.load import Load

PEOPLE_PER_PRISON = 1_887  # 1,000,000 people make 530 prisons
LEAST = 200
LARGE = 20_000
NOUNS = (people, agreements, papers, training, teaching, work)


def fill(inmates, *, say=print):
    """Seed the database that settings name; it must hold no prison yet.

    A load that fails leaves the database without indexes: drop it.
    """
    if Facility.objects.exists():
        raise ValueError("this database holds a prison already; seeding needs an empty one")
    began = time.monotonic()
    prisons = min(530, max(2, inmates // PEOPLE_PER_PRISON))
    offices.open_all(prisons)
    with Load(say, is_large=inmates > LARGE) as load:
        lots.draw(load, inmates, prisons)
        rows = [each for noun in NOUNS for each in noun.rows(inmates)]
        load.run(rows)
        load.run(history.rows([each.model for each in rows]))
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"  filled in {time.monotonic() - began:.0f} s")
    call_command("check_integrity", stdout=sys.stderr)
