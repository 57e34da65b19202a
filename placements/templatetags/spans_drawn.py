"""A person's time as HTML: bars and planned batches by the dozen, too many for templates."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts import lanes
from accounts.badges import badge
from accounts.days import day_in_words
from accounts.markup import escaped, link

register = template.Library()
register.simple_tag(lanes.axis)


@register.simple_tag
def span_lanes(picture):
    """The lanes of a `placements.timeline.Picture`, for the SVG around them; bars of what has a
    page are links."""
    return lanes.drawn(picture, _bar)


def _bar(bar, picture):
    span = bar.span
    label, note = escaped(span.label), escaped(span.note)
    days = f"{day_in_words(span.starts, 'j F Y')} – {_until(span.ends, 'j F Y')}"
    start, end, touched = "<g>", "</g>", ""
    if span.url:
        said = f"{label}, {days}, {note}" if span.note else f"{label}, {days}"
        url = escaped(span.url)
        start, end = f'<a class="span-link" href="{url}" aria-label="{said}">', "</a>"
        touched = (
            f'<rect class="span-touch" x="{bar.left}" y="{bar.y + 1}" width="{bar.extent}"'
            f' height="{picture.row - 2}"/>\n'
        )
    inside = " span-text-inside" if bar.is_inside else ""
    return (
        f"{start}\n<title>{label}: {days}{f'. {note}' if span.note else ''}</title>\n{touched}"
        f'<rect class="span-bar span-bar-{escaped(span.tone)}" x="{bar.x}"'
        f' y="{bar.bar_y}" width="{bar.width}" height="{picture.bar}" rx="4"/>\n'
        f'<text class="span-text{inside}" x="{bar.text_x}" y="{bar.text_y}">'
        f"{escaped(bar.text)}</text>\n{end}"
    )


@register.simple_tag
def span_flags(picture):
    """The marks of a picture: first their lines, then their labels above them."""
    lines = [
        f'<line class="span-line span-line-{escaped(flag.mark.tone)}" x1="{flag.x}"'
        f' y1="{flag.line_y}" x2="{flag.x}" y2="{picture.bottom}"/>'
        for flag in picture.flags
    ]
    labels = [
        f'<text class="span-flag span-flag-{escaped(flag.mark.tone)}" x="{flag.left}"'
        f' y="{flag.y}"><title>{escaped(flag.mark.label)}:'
        f" {day_in_words(flag.mark.day, 'j F Y')}</title>{escaped(flag.text)}</text>"
        for flag in picture.flags
    ]
    return mark_safe("\n".join([*lines, *labels]))


@register.simple_tag
def mark_rows(marks):
    """The same marks as rows of the table of spans."""
    rows = [
        f'<tr><td>{escaped(mark.label)}</td><td class="nowrap">'
        f"{day_in_words(mark.day, 'j M Y')}</td><td></td><td>{escaped(mark.note)}</td></tr>"
        for mark in marks
    ]
    return mark_safe("\n".join(rows))


@register.simple_tag
def span_rows(spans):
    """The same spans as the rows of a table."""
    return mark_safe("\n".join(map(_row, spans)))


def _row(span):
    label = escaped(span.label)
    if span.url:
        label = f'<a href="{escaped(span.url)}">{label}</a>'
    return (
        f'<tr><td class="wide">{escaped(span.lane)}: {label}</td>'
        f'<td class="nowrap">{day_in_words(span.starts, "j M Y")}</td>'
        f'<td class="nowrap">{_until(span.ends, "j M Y")}</td>'
        f"<td>{escaped(span.note)}</td></tr>"
    )


def _until(day, pattern):
    return day_in_words(day, pattern) if day else _("sekarang")


@register.simple_tag
def planned_rows(planned):
    """Batches that a person could still join (`placements.person.legs.Planned`), as table rows."""
    states = {each.batch.state: each.batch.get_state_display() for each in planned}
    states = {state: escaped(str(words).lower()) for state, words in states.items()}
    return mark_safe("\n".join(_planned(each, states[each.batch.state]) for each in planned))


def _planned(each, state):
    batch, sentence = each.batch, each.sentence
    days = f"{day_in_words(batch.starts_on, 'j M Y')} – {day_in_words(batch.ends_on, 'j M Y')}"
    sentence = f"<br>{escaped(sentence)}" if sentence else ""
    return (
        f"<tr><td>{link(batch.get_absolute_url(), each.title)}"
        f'<div class="muted">{days} · {state}</div></td>'
        f"<td>{badge(*each.badge)}{sentence}</td></tr>"
    )
