"""Papers on A4 by Typst: a template of `templates/letters/` and plain data in, a PDF out."""

import json
import re
from functools import cache

import typst
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "letters"
# Archives ask for PDF/A; tagged, so that a screen reader can follow it.
STANDARD = "a-2a"
# All but Latin letters, and the signs that are written with them.
UNKNOWN = re.compile("[^\u0000-\u024f\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u2193\u2212]")


def pdf(template, data, *, made_at):
    """The PDF (bytes) of `<template>.typ` filled with JSON-able `data`.

    The same template, data and `made_at` (an aware time, written into the file) give the same
    bytes on any machine: only the fonts inside the typst package are used. For a letter that none
    of them has (an emoji), which no archive takes, stands a question mark.
    """
    written = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(template, written, made_at)
    except typst.TypstError:
        known = UNKNOWN.sub("?", written)
        if known == written:
            raise
        return _compiled(template, known, made_at)


def _compiled(template, data, made_at):
    return typst.compile(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[STANDARD],
        timestamp=int(made_at.timestamp()),
    )


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
