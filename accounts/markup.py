"""Text as HTML: what `django.utils.html` writes, for what a page does a thousand times."""

import re
from html import escape

from django.utils import formats
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_means_something = re.compile("[&<>\"']").search


def escaped(value):
    """A value as HTML, as `conditional_escape` gives it; plain text, which most is, sooner."""
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str:
        return escape(value) if _means_something(value) else value
    return conditional_escape(value)


def counted(number):
    """A whole number in the reader's language, from a thousand on in groups: `1.009.648`."""
    if -1000 < number < 1000:
        return str(number)
    return formats.number_format(number, use_l10n=True, force_grouping=True)


def link(address, content):
    """A link to an address, which is escaped, as its content is unless it is HTML."""
    return mark_safe(f'<a href="{escaped(address)}">{escaped(content)}</a>')
