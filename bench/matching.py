"""All open vacancies against the certified people of the country, in one statement.

Beside plain SQL that was written for just that, which must say the same numbers.
"""

import resource
import time

PEOPLE = 200_000
MOST_X = 3.0
# Of whom the ranking looks at, by prison: those inside, those released who may be called.
COUNTED = """
    SELECT coalesce(i.prison_id, i.prisons[1]) AS prison, count(*) FROM inmates_inmate i
     WHERE EXISTS (SELECT 1 FROM training_enrolment e
                    WHERE e.inmate_id = i.id AND e.state = 'completed')
       AND (i.prison_id IS NOT NULL OR EXISTS (
            SELECT 1 FROM inmates_consent k WHERE k.inmate_id = i.id AND k.purpose = 'follow_up'))
     GROUP BY 1 ORDER BY 1"""


def all_at_once(say):
    """Seconds of our statement and of the plain one, and whether both say the same."""
    from django.db import connection

    from bench.matching_plain import PLAIN
    from placements import matching
    from placements.models import Vacancy

    prisons, found = _prisons_with(PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    began = time.perf_counter()
    ours = matching.tallies(Vacancy.objects.open(), prisons)
    between = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, {"prisons": prisons})
        plain = {job: matching.Tally(*told) for job, *told in cursor.fetchall()}
    ended = time.perf_counter()
    told = {
        "vacancies": len(ours),
        "certified_people": found,
        "pairs": sum(tally.fit + tally.silent for tally in ours.values()),
        "seconds": round(between - began, 1),
        "plain_s": round(ended - between, 1),
        "x_plain": round((between - began) / (ended - between), 2),
        "same": ours == plain,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    say(f"  matching: {told}")
    return told


def _prisons_with(people):
    """Prisons that have so many certified people between them, all if there are fewer."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        counts = cursor.fetchall()
    chosen, found = [], 0
    for prison, count in counts:
        if found < people:
            chosen.append(prison)
            found += count
    return chosen, found
