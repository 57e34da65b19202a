"""Terms of agreements as HTML: a page draws hundreds of bars, too many for templates."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import lanes
from accounts.templatetags.ui import in_words
from partners.timeline import MarkKind

register = template.Library()


@register.simple_tag
def term_lanes(picture):
    """The lanes of a `Picture`, each bar with its marks, for the SVG around them."""
    return lanes.drawn(picture, _bar)


def _bar(bar, picture):
    term = bar.term
    title, status = conditional_escape(term.title), conditional_escape(term.status)
    days = f"{in_words(term.starts, 'j F Y')} – {in_words(term.ends, 'j F Y')}"
    look, marks = conditional_escape(term.look), "\n".join(map(_point, bar.points))
    return (
        f'<a class="span-link" href="{conditional_escape(term.url)}"'
        f' aria-label="{title}, {conditional_escape(term.agency)}, {days}, {status}">\n'
        f"<title>{title}: {days}. {status}</title>\n"
        f'<rect class="span-touch" x="{bar.left}" y="{bar.y + 1}" width="{bar.extent}"'
        f' height="{picture.row - 2}"/>\n'
        f'<rect class="term-bar term-{look}" x="{bar.x}" y="{bar.bar_y}" width="{bar.width}"'
        f' height="{picture.bar}" rx="3" fill="url(#look-{look})"/>\n'
        f'<text class="span-text" x="{bar.text_x}" y="{bar.text_y}">'
        f"{conditional_escape(bar.text)}</text>\n{marks}\n</a>"
    )


def _point(point):
    """Each kind of mark has a shape of its own."""
    mark = point.mark
    css_class = "term-mark is-late" if mark.is_late else "term-mark"
    words = f"{conditional_escape(capfirst(mark.kind.label))}: {in_words(mark.day, 'j F Y')}"
    if mark.kind == MarkKind.OBLIGATION:
        words += f". {conditional_escape(mark.note)}"
    if mark.kind in (MarkKind.NOTICE, MarkKind.OBLIGATION):
        corners = point.triangle if mark.kind == MarkKind.NOTICE else point.diamond
        shape, place = "polygon", f'points="{corners}"'
    else:
        shape, place = "circle", f'cx="{point.x}" cy="{point.y}" r="6"'
    return f'<{shape} class="{css_class}" {place}><title>{words}</title></{shape}>'


@register.simple_tag
def term_rows(terms):
    """The same terms as the rows of a table."""
    late = _("terlambat")
    return mark_safe("\n".join(_row(term, late) for term in terms))


def _row(term, late):
    days = (in_words(day, "j M Y") for day in (term.starts, term.ends))
    marks = "".join(_mark(mark, late) for mark in term.marks if mark.kind != MarkKind.END)
    return (
        f'<tr><td class="wide">{conditional_escape(term.agency)}</td><td class="wide">'
        f'<a href="{conditional_escape(term.url)}">{conditional_escape(term.title)}</a></td>'
        + "".join(f'<td class="nowrap">{day}</td>' for day in days)
        + f"<td>{conditional_escape(term.status)}</td><td>{marks}</td></tr>"
    )


def _mark(mark, late):
    note = f" ({conditional_escape(mark.note)})" if mark.note else ""
    is_late = f", <strong>{late}</strong>" if mark.is_late else ""
    return (
        f'<span class="d-block"><span class="nowrap">{in_words(mark.day, "j M Y")}</span>'
        f" · {conditional_escape(mark.kind.label)}{note}{is_late}</span>"
    )
