"""One size: `python -m bench.run SIZE [SECTION ...]`, sections `pages`, `visitors`, `csv`,
or `matching` by itself (it takes its time); or `python -m bench.run races`. Prints JSON; each
database is filled once and kept.
"""

import json
import sys
import time

from bench import site

SECTIONS = ("pages", "visitors", "csv")


def say(line):
    print(line, file=sys.stderr, flush=True)


def country(people, sections):
    from bench import crowd, exports, looking, matching, pages

    site.settle(f"country-{people}")
    found = {"people": people}
    with site.services() as server:
        if took := filled(people):
            found["filled_s"] = took
        keep()
        if {"pages", "visitors"} & sections:
            with site.webs(server, pages.ROLES) as webs:
                if "pages" in sections:
                    found["pages"] = looking.measured(webs, say)
                if "visitors" in sections:
                    found["visitors"] = crowd.measured(webs, say)
        if "csv" in sections:
            with site.webs(server, exports.ROLES, workers=1) as webs:
                found["csv"] = exports.measured(webs, say)
        if sections == {"matching"}:
            found["matching"] = matching.all_at_once(say)
    return found


def filled(people):
    """Seconds that it took, None where an earlier run has left the people in the folder."""
    from bench import seed
    from inmates.models import Inmate

    if Inmate.objects.count() == people:
        return None
    began = time.monotonic()
    seed.fill(people, say=say)
    return round(time.monotonic() - began)


def keep():
    """What a beat counts now and then for who reads many prisons."""
    from reports.services import kept_figures

    kept_figures.keep_all()


def races():
    from bench import races

    site.settle("races")
    with site.services() as server:
        return races.measured(server, say)


def main(what, *sections):
    found = races() if what == "races" else country(int(what), set(sections or SECTIONS))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
