"""What stands in for a scanned paper: a real one-page PDF that says it is an example."""

from functools import cache

import typst
from django.core.files.base import ContentFile

PAGE = """
#set page("a4", margin: 3cm)
#set text(font: "Libertinus Serif", 12pt)
#align(center)[*#sys.inputs.heading*]
#v(1em)
#sys.inputs.title

#sys.inputs.numbers
#v(2em)
Naskah contoh untuk peragaan; bukan dokumen resmi.
"""


def scan(title, *numbers, heading="PERJANJIAN KERJA SAMA"):
    """An uploaded file with a heading, a title and numbers on it."""
    content = typst.compile(
        PAGE.encode(),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"heading": heading, "title": title, "numbers": " / ".join(numbers)},
    )
    return ContentFile(content, name="naskah.pdf")


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
