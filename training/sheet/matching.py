"""Whom a row means: among a few named people, and how sure that is."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from inmates.rules import search_name

SURE, LIKELY, UNCLEAR, NOBODY = "sure", "likely", "unclear", "nobody"
ALIKE = 0.82  # from here on a single person is taken for meant, to be confirmed
NEAR = 0.6  # from here on a person is offered
MARGIN = 0.08  # by so much the best must lead
SHOWN = 5
SHORTENED = 0.88  # what a word counts for its beginning: "M." for Muhammad
VARIANTS = {"moh": "muhammad", "muh": "muhammad", "mohammad": "muhammad", "mohamad": "muhammad",
            "muhamad": "muhammad", "mochamad": "muhammad", "moch": "muhammad", "abd": "abdul",
            "achmad": "ahmad"}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """`person` when one is meant; `near` are those to choose from, the most similar first."""

    sureness: str
    person: object = None
    near: list = field(default_factory=list)
    score: float = 0.0


def by_name(name, people):
    """The `Match` of a written name among `people` (anything with a `name`, maybe empty)."""
    wanted = search_name(name or "")
    named = [(person, search_name(person.name)) for person in people if person.name]
    if not wanted or not named:
        return Match(NOBODY)
    same = [person for person, theirs in named if theirs == wanted]
    if len(same) == 1:
        return Match(SURE, same[0], score=1.0)
    if same:
        return Match(UNCLEAR, near=same, score=1.0)
    scored = sorted(
        ((likeness(wanted, theirs), person) for person, theirs in named),
        key=lambda pair: -pair[0],
    )
    near = [person for score, person in scored if score >= NEAR][:SHOWN]
    if not near:
        return Match(NOBODY)
    best = scored[0][0]
    second = scored[1][0] if len(scored) > 1 else 0.0
    if best >= ALIKE and best - second >= MARGIN:
        return Match(LIKELY, scored[0][1], near, best)
    return Match(UNCLEAR, near=near, score=best)


def are_alike(one, other):
    """Whether two written names may be of one person."""
    return likeness(search_name(one or ""), search_name(other or "")) >= ALIKE


def likeness(one, other):
    """How alike two search names are, 0 to 1: blanks, order, shortened words, mistyped letters."""
    if one == other:
        return 1.0
    joined = SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), False).ratio()
    return max(joined, _by_words(one.split(), other.split()))


def _by_words(one, other):
    """Each word of the shorter name against the best left of the longer; missing words cost."""
    few, many = sorted(([VARIANTS.get(word, word) for word in words] for words in (one, other)),
                       key=len)  # fmt: skip
    if not few:
        return 0.0
    left, total, covered = list(many), 0.0, 0
    for word in few:
        scores = [_of_words(word, each) for each in left]
        best = max(range(len(left)), key=scores.__getitem__)
        total += scores[best]
        covered += len(left.pop(best))
    return total / len(few) * (0.75 + 0.25 * covered / sum(map(len, many)))


def _of_words(one, other):
    if one == other:
        return 1.0
    if one.startswith(other) or other.startswith(one):
        return SHORTENED
    return SequenceMatcher(None, one, other, False).ratio()
