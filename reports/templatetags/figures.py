"""Figures as HTML: a dashboard shows them by the hundred, too many for templates."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.markup import counted, escaped

register = template.Library()
HIDDEN, SMALL = '<span class="visually-hidden">', '<span class="small muted">'


@register.simple_tag
def figure_lines(section):
    """The table rows of a section's lines, each with its denominator and the rows behind it."""
    none, has_rows = _("belum ada"), section.has_rows
    return mark_safe("\n".join(_line(line, none, has_rows) for line in section.lines))


def _line(line, none, has_rows):
    bar = line.bar
    label, percent = escaped(bar.label), bar.percent
    whole = "—"
    if bar.whole is not None:
        whole = f"{counted(bar.whole)} {SMALL}{escaped(line.of)}</span>"
    share = f"{percent}%" if percent is not None else none if bar.whole == 0 else ""
    rows = f"<td>{_behind(line.rows, label)}</td>" if has_rows else ""
    return (
        f'<tr><th scope="row">{label}</th><td class="num">{_number(bar, label)}</td>'
        f'<td>{whole}</td><td class="num">{share}</td>{rows}</tr>'
    )


def _behind(rows, label):
    if not rows:
        return ""
    url, what = escaped(rows.url), escaped(rows.label)
    number = f"{counted(rows.number)}{HIDDEN} {what}: {label}</span>"
    return f'<a href="{url}">{number}</a> {SMALL}{what}</span>'


@register.simple_tag
def figure_rows(grid):
    """The table rows of a `Grid`."""
    lines = [
        f'<tr><th scope="row">{escaped(label)}</th>{figure_cells(cells, label)}</tr>'
        for label, cells in grid.rows
    ]
    return mark_safe("\n".join(lines))


@register.simple_tag
def figure_cells(cells, label):
    """The cells of a row of that name, each number with its denominator."""
    label, of = escaped(label), _("dari")
    return mark_safe("".join(_cell(bar, label, of) for bar in cells))


def _cell(bar, label, of):
    whole = f" {SMALL}{of} {counted(bar.whole)}</span>" if bar.whole else ""
    number = _number(bar, f"{label}, {escaped(bar.label)}")
    return f'<td class="num">{number}{whole}</td>'


def _number(bar, label):
    if not bar.url:
        return counted(bar.number)
    return f'<a href="{escaped(bar.url)}">{counted(bar.number)}{HIDDEN}: {label}</span></a>'


@register.simple_tag
def bars(picture, title):
    """A `reports.bars.Picture` of that name as SVG; the table beside it says it all."""
    words = _("dari"), _("belum ada")
    drawn = "\n".join(_drawn(row, picture, *words) for row in picture.rows)
    return mark_safe(
        f'<svg class="bars" height="{picture.height}" role="group"'
        f' aria-label="{escaped(title)}" xmlns="http://www.w3.org/2000/svg">\n'
        f"{drawn}\n</svg>"
    )


def _drawn(row, picture, of, none):
    bar, label = row.bar, escaped(row.bar.label)
    whole = "" if bar.whole is None else f" {of} {counted(bar.whole)}"
    told = f"{counted(bar.number)}{whole}"
    number = none if bar.whole == 0 else told
    percent = f" ({bar.percent}%)" if bar.whole else ""
    start, end = "<g>", "</g>"
    if bar.url:
        start = f'<a class="span-link" href="{escaped(bar.url)}" aria-label="{label}: {told}">'
        end = "</a>"
    shapes = [
        f'<rect class="span-touch" x="0" y="{row.y}" width="100%" height="{picture.line}"/>',
        f'<text class="span-text" x="0" y="{row.text_y}">{label}: {number}{percent}</text>',
    ]
    for css_class, width in (("bar-whole", row.whole_width), ("plan-run", row.width)):
        if width:
            shapes.append(
                f'<rect class="{css_class}" x="0" y="{row.bar_y}" width="{width}"'
                f' height="{picture.bar}"/>'
            )
    return "\n".join([start, *shapes, end])
