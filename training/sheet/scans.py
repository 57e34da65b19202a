"""Which of the files that came along belongs to which row."""

import re
from pathlib import PurePath

from inmates.rules import search_name
from partners.sheet.columns import bare

NAMED, NUMBER, CODE, PERSON, ORDER = "named", "number", "code", "person", "order"
SHORTEST = 4  # letters of a number or code that may be found inside a file's name
WEIGHTS = {NUMBER: 4, CODE: 2, PERSON: 1}


def key_of(name):
    """A file's name as it is compared: without folders, in any case."""
    return PurePath(name.replace("\\", "/")).name.casefold()


def pair(wanted, names):
    """`{place of a row: (name of a file, how)}`, by what the files are called.

    `wanted` are triples (number, code, name of the person) of the rows that name no file, None
    for a row that needs none; `names` the files that no row names. A file that may belong to two
    rows, or a row to which two may belong, is left to whoever sends them; when no name says
    anything and there are as many files as rows, they are paired in their order.
    """
    told = [facts and _telling(*facts) for facts in wanted]
    scored = {}
    for name in names:
        stem = PurePath(key_of(name)).stem
        letters, words = bare(stem), set(search_name(re.sub(r"[\W_]+", " ", stem)).split())
        for place, facts in enumerate(told):
            reasons = facts and _reasons(facts, letters, words)
            if reasons:
                scored[name, place] = sum(WEIGHTS[each] for each in reasons), reasons[0]
    of_file, of_row = _by(scored, 0), _by(scored, 1)
    found = {
        place: (name, how)
        for (name, place), (score, how) in scored.items()
        if _leads(score, of_file[name]) and _leads(score, of_row[place])
    }
    open_rows = [place for place, facts in enumerate(wanted) if facts]
    if not scored and len(open_rows) == len(names):
        return {place: (name, ORDER) for place, name in zip(open_rows, names, strict=True)}
    return found


def _telling(number, code, person):
    """What may be found in a file's name: number and code without marks, words of the name."""
    marks = (bare(number or ""), bare(code or ""))
    number, code = (each if len(each) >= SHORTEST else "" for each in marks)
    return number, code, set(search_name(person or "").split())


def _reasons(facts, letters, words):
    number, code, spoken = facts
    found = []
    if number and number in letters:
        found.append(NUMBER)
    if code and code in letters:
        found.append(CODE)
    if spoken and spoken <= words:
        found.append(PERSON)
    return found


def _by(scored, part):
    """Scores by file (part 0) or by row (part 1)."""
    found = {}
    for key, (score, _how) in scored.items():
        found.setdefault(key[part], []).append(score)
    return found


def _leads(score, scores):
    return score == max(scores) and scores.count(score) == 1
