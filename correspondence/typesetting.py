"""Papers on A4 by Typst: a template of `templates/letters/` and plain data in, a PDF out."""

import json
from functools import cache

import typst
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates" / "letters"
# Archives ask for PDF/A; tagged, so that a screen reader can follow it.
STANDARD = "a-2a"


def pdf(template, data, *, made_at):
    """The PDF (bytes) of `<template>.typ` filled with JSON-able `data`.

    The same template, data and `made_at` (an aware time, written into the file) give the same
    bytes on any machine: only the fonts inside the typst package are used.
    """
    return typst.compile(
        FOLDER / f"{template}.typ",
        root=FOLDER,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=[STANDARD],
        timestamp=int(made_at.timestamp()),
    )


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
