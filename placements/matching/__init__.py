"""Which people suit a vacancy, and which vacancies suit a person.

`ranking` finds and orders them in one statement; `points` and `exclusions` say of each match in
words what it rests on. `gathered` is the SQL of what is known, `homes` and `schooling` make
regions and education comparable.
"""

from placements.matching.exclusions import sentences
from placements.matching.points import Part, parts
from placements.matching.ranking import (
    FITS,
    KEPT_OUT,
    Match,
    Ranking,
    Tally,
    Wanted,
    is_among,
    jobs_of,
    people_for,
    standing,
    tallies,
    vacancies_for,
)

__all__ = [
    "FITS",
    "KEPT_OUT",
    "Match",
    "Part",
    "Ranking",
    "Tally",
    "Wanted",
    "is_among",
    "jobs_of",
    "parts",
    "people_for",
    "sentences",
    "standing",
    "tallies",
    "vacancies_for",
]
