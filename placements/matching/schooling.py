"""How much schooling a text of the register means, so that it can be compared with a minimum."""

import re

NONE, PRIMARY, LOWER, UPPER, DIPLOMA, ASSOCIATE, BACHELOR, MASTER, DOCTOR = range(9)
WORDS = {
    **dict.fromkeys(("tidak", "belum", "buta", "tk", "tanpa"), NONE),
    **dict.fromkeys(("sd", "mi", "sr", "paketa"), PRIMARY),
    **dict.fromkeys(("smp", "mts", "sltp", "st", "paketb"), LOWER),
    **dict.fromkeys(("sma", "smk", "ma", "mak", "slta", "stm", "smea", "smu", "spg"), UPPER),
    "paketc": UPPER,
    **dict.fromkeys(("d1", "d2", "di", "dii"), DIPLOMA),
    **dict.fromkeys(("d3", "diii", "akademi"), ASSOCIATE),
    **dict.fromkeys(("d4", "div", "s1", "sarjana", "strata1"), BACHELOR),
    **dict.fromkeys(("s2", "magister", "strata2"), MASTER),
    **dict.fromkeys(("s3", "doktor", "strata3"), DOCTOR),
}


def level_of(text):
    """0 (none) to 8 (doctor), by the text as a whole or its first known word; None if unknown."""
    lowered = text.lower()
    whole = re.sub(r"[^a-z0-9]+", "", lowered)
    if whole in WORDS:
        return WORDS[whole]
    return next((WORDS[word] for word in re.split(r"[^a-z0-9]+", lowered) if word in WORDS), None)


LEVELS_SQL = (
    f"unnest('{{{','.join(WORDS)}}}'::text[], '{{{','.join(map(str, WORDS.values()))}}}'::int[])"
)
# `level_of` of the column `said`, where `levels` has the columns word and level.
LEVEL_SQL = """coalesce(
    (SELECT level FROM levels
      WHERE word = regexp_replace(lower(said), '[^a-z0-9]+', '', 'g')),
    (SELECT level FROM regexp_split_to_table(lower(said), '[^a-z0-9]+')
                       WITH ORDINALITY AS w (word, place) JOIN levels USING (word)
      ORDER BY place LIMIT 1))"""
