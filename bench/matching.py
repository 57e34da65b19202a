"""Matching at the size of a country: pages of a small and of the largest prison, and all at once.

`python -m bench.matching PEOPLE [--vacancies 1000] [--times 20] [--all CERTIFIED]` prints JSON.
Nearly all of the people hold a certificate. `--all` also scores every vacancy against so many
people in one statement, beside plain SQL that was written for just that. Each size has a database
of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.run import BARE_PORT, PORT, Statements, _plain, gunicorn, measure, prepare
from lapasprog import embedded

ROLES = ("officer", "largest")
# Of whom the ranking looks at, by prison: those inside, those released who may be called.
COUNTED = """
    SELECT coalesce(i.prison_id, i.prisons[1]) AS prison, count(*) FROM inmates_inmate i
     WHERE EXISTS (SELECT 1 FROM training_enrolment e
                    WHERE e.inmate_id = i.id AND e.state = 'completed')
       AND (i.prison_id IS NOT NULL OR EXISTS (
            SELECT 1 FROM inmates_consent k WHERE k.inmate_id = i.id AND k.purpose = 'follow_up'))
     GROUP BY 1 ORDER BY 1"""


def all_pages():
    """(name, role, path, text that the page must show)."""
    from django.urls import reverse

    from accounts.models import Posting
    from inmates.models import Inmate
    from placements import matching
    from placements.models import Vacancy

    vacancy = Vacancy.objects.order_by("pk")[40]
    people = reverse("placements:vacancy-people", args=[vacancy.public_id])
    pages = []
    for role, words in (("officer", "prison of 500"), ("largest", "largest prison")):
        prison = Posting.objects.get(user__email=f"{role}@bench.test").facility_id
        best = matching.people_for(vacancy, [prison], size=1).rows[0].person
        theirs = reverse(
            "placements:person-vacancies", args=[Inmate.objects.get(pk=best).public_id]
        )
        pages += [
            (f"people for a vacancy, {words}", role, people, "data-person"),
            (f"... those kept out, {words}", role, f"{people}?show=kept_out", "Cocok"),
            (f"vacancies for a person, {words}", role, theirs, "data-vacancy"),
        ]
    return pages


def followed(name, role, path, visitors):
    """The page after the first one, as its link says, or None."""
    import re

    page = visitors[role].get(path)[2].decode()
    found = re.search(r'rel="next" href="([^"]+)"', page)
    return found and (f"{name}, second page", role, path + found[1].replace("&amp;", "&"), "data-")


def pages_measured(times, server, statements):
    from bench import seed
    from bench.browser import Visitor

    bare_env = {"BARE_HOST": str(server.socket), "BENCH_PASSWORD": seed.PASSWORD}
    with (
        gunicorn("lapasprog.wsgi", PORT),
        gunicorn("bench.bare:application", BARE_PORT, **bare_env, DJANGO_SETTINGS_MODULE=""),
    ):
        ours = {
            role: Visitor(
                PORT, "/login/", {"login": f"{role}@bench.test", "password": seed.PASSWORD}
            )
            for role in ROLES
        }
        bare = Visitor(BARE_PORT, "/login/", {"username": "bare", "password": seed.PASSWORD})
        pages = all_pages()
        pages += [more for page in pages if (more := followed(*page[:3], ours))]
        return [
            measure(name, path, expected, ours[role], bare, statements, times)
            for name, role, path, expected in pages
        ]


def prisons_with(people):
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


def all_at_once(people):
    """Seconds of our statement and of the plain one, and whether both say the same."""
    from django.db import connection

    from bench.matching_plain import PLAIN
    from placements import matching
    from placements.models import Vacancy

    prisons, found = prisons_with(people)
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
    return {
        "vacancies": len(ours),
        "certified_people": found,
        "pairs": sum(tally.fit + tally.silent for tally in ours.values()),
        "seconds": round(between - began, 1),
        "plain_seconds": round(ended - between, 1),
        "same": ours == plain,
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("people", type=int)
    options.add_argument("--vacancies", type=int, default=1_000)
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--all", type=int, default=0, metavar="CERTIFIED")
    asked = options.parse_args()
    folder = Path(__file__).resolve().parent.parent / "var" / "bench" / f"matching-{asked.people}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("LAPASPROG_VAR", str(folder))
    embedded.Postgres.further = (
        "shared_preload_libraries=pg_stat_statements",
        "shared_buffers=1GB",
        "work_mem=16MB",
    )
    with embedded.running():
        server = embedded.Postgres()
        import django

        django.setup()
        prepare(asked.people)
        from bench import matching_seed, seed

        matching_seed.fill(asked.vacancies, say=lambda line: print(line, file=sys.stderr))
        if not server.psql("SELECT 1 FROM pg_database WHERE datname = 'bare'"):
            server.psql("CREATE DATABASE bare")
        bare_env = {"BARE_HOST": str(server.socket), "BENCH_PASSWORD": seed.PASSWORD}
        subprocess.run(
            [sys.executable, "-m", "bench.bare"], env={**_plain(), **bare_env}, check=True
        )
        told = {"people": asked.people, "vacancies": asked.vacancies}
        told["pages"] = pages_measured(asked.times, server, Statements(server))
        if asked.all:
            told["all_at_once"] = all_at_once(asked.all)
    json.dump(told, sys.stdout, indent=1)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
