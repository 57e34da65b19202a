"""Terms of agreements as HTML: a page draws hundreds of bars, too many for templates."""

from functools import partial

from django import template
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts import lanes
from accounts.badges import state_badge
from accounts.days import Days
from accounts.markup import escaped, link
from partners.timeline import MarkKind

register = template.Library()
register.simple_tag(lanes.axis)


@register.simple_tag
def term_lanes(picture):
    """The lanes of a `Picture`, each bar with its marks, for the SVG around them."""
    labels = {kind: capfirst(label) for kind, label in _labels().items()}
    return lanes.drawn(picture, partial(_bar, labels, Days("j F Y")))


def _labels():
    """What each kind of mark is called, as HTML."""
    return {kind: escaped(kind.label) for kind in MarkKind}


def _bar(labels, days, bar, picture):
    term = bar.term
    title, status, look = escaped(term.title), escaped(term.status), escaped(term.look)
    span = f"{days[term.starts]} – {days[term.ends]}"
    marks = "\n".join([_point(point, labels, days) for point in bar.points])
    left = bar.left
    return (
        f'<a class="span-link" href="{escaped(term.url)}"'
        f' aria-label="{title}, {escaped(term.agency)}, {span}, {status}">\n'
        f"<title>{title}: {span}. {status}</title>\n"
        f'<rect class="span-touch" x="{left}" y="{bar.y + 1}" width="{bar.right - left}"'
        f' height="{picture.row - 2}"/>\n'
        f'<rect class="term-bar term-{look}" x="{bar.x}" y="{bar.bar_y}" width="{bar.width}"'
        f' height="{picture.bar}" rx="3" fill="url(#look-{look})"/>\n'
        f'<text class="span-text" x="{bar.text_x}" y="{bar.text_y}">'
        f"{escaped(bar.text)}</text>\n{marks}\n</a>"
    )


def _point(point, labels, days):
    """Each kind of mark has a shape of its own."""
    mark = point.mark
    css_class = "term-mark is-late" if mark.is_late else "term-mark"
    words = f"{labels[mark.kind]}: {days[mark.day]}"
    if mark.kind == MarkKind.OBLIGATION:
        words += f". {escaped(mark.note)}"
        shape, place = "polygon", f'points="{point.diamond}"'
    elif mark.kind == MarkKind.NOTICE:
        shape, place = "polygon", f'points="{point.triangle}"'
    else:
        shape, place = "circle", f'cx="{point.x}" cy="{point.y}" r="6"'
    return f'<{shape} class="{css_class}" {place}><title>{words}</title></{shape}>'


@register.simple_tag
def term_rows(terms):
    """The same terms as the rows of a table."""
    late, labels, days = _("terlambat"), _labels(), Days("j M Y")
    late = f", <strong>{late}</strong>"
    return mark_safe("\n".join([_row(term, labels, days, late) for term in terms]))


def _row(term, labels, days, late):
    marks = [mark for mark in term.marks if mark.kind != MarkKind.END]
    told = "".join([_mark(mark, labels, days, late) for mark in marks])
    return (
        f'<tr><td class="wide">{escaped(term.agency)}</td><td class="wide">'
        f'<a href="{escaped(term.url)}">{escaped(term.title)}</a></td>'
        f'<td class="nowrap">{days[term.starts]}</td><td class="nowrap">{days[term.ends]}</td>'
        f"<td>{escaped(term.status)}</td><td>{told}</td></tr>"
    )


def _mark(mark, labels, days, late):
    note = f" ({escaped(mark.note)})" if mark.note else ""
    return (
        f'<span class="d-block"><span class="nowrap">{days[mark.day]}</span>'
        f" · {labels[mark.kind]}{note}{late if mark.is_late else ''}</span>"
    )


@register.simple_tag
def undated_rows(agreements):
    """Agreements without a term as items of a list."""
    return mark_safe("\n".join(map(_undated, agreements)))


def _undated(agreement):
    about = f"{escaped(agreement.agency.name)} · {escaped(agreement.get_kind_display())}"
    return (
        f"<li>{link(agreement.get_absolute_url(), agreement.title)}<p>{about}</p>"
        f'<div class="due">{state_badge(agreement)}</div></li>'
    )
