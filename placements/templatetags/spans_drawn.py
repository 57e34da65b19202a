"""A person's time as HTML: bars and planned batches by the dozen, too many for templates."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts import lanes
from accounts.badges import badge
from accounts.templatetags.ui import in_words

register = template.Library()


@register.simple_tag
def span_lanes(picture):
    """The lanes of a `placements.timeline.Picture`, for the SVG around them; bars of what has a
    page are links."""
    return lanes.drawn(picture, _bar)


def _bar(bar, picture):
    span = bar.span
    label, note = conditional_escape(span.label), conditional_escape(span.note)
    days = f"{in_words(span.starts, 'j F Y')} – {_until(span.ends, 'j F Y')}"
    start, end, touched = "<g>", "</g>", ""
    if span.url:
        said = f"{label}, {days}, {note}" if span.note else f"{label}, {days}"
        url = conditional_escape(span.url)
        start, end = f'<a class="span-link" href="{url}" aria-label="{said}">', "</a>"
        touched = (
            f'<rect class="span-touch" x="{bar.left}" y="{bar.y + 1}" width="{bar.extent}"'
            f' height="{picture.row - 2}"/>\n'
        )
    inside = " span-text-inside" if bar.is_inside else ""
    return (
        f"{start}\n<title>{label}: {days}{f'. {note}' if span.note else ''}</title>\n{touched}"
        f'<rect class="span-bar span-bar-{conditional_escape(span.tone)}" x="{bar.x}"'
        f' y="{bar.bar_y}" width="{bar.width}" height="{picture.bar}" rx="4"/>\n'
        f'<text class="span-text{inside}" x="{bar.text_x}" y="{bar.text_y}">'
        f"{conditional_escape(bar.text)}</text>\n{end}"
    )


@register.simple_tag
def span_rows(spans):
    """The same spans as the rows of a table."""
    return mark_safe("\n".join(map(_row, spans)))


def _row(span):
    label = conditional_escape(span.label)
    if span.url:
        label = f'<a href="{conditional_escape(span.url)}">{label}</a>'
    return (
        f'<tr><td class="wide">{conditional_escape(span.lane)}: {label}</td>'
        f'<td class="nowrap">{in_words(span.starts, "j M Y")}</td>'
        f'<td class="nowrap">{_until(span.ends, "j M Y")}</td>'
        f"<td>{conditional_escape(span.note)}</td></tr>"
    )


def _until(day, pattern):
    return in_words(day, pattern) or _("sekarang")


@register.simple_tag
def planned_rows(planned):
    """Batches that a person could still join (`placements.person.legs.Planned`), as table rows."""
    return mark_safe("\n".join(map(_planned, planned)))


def _planned(each):
    batch = each.batch
    days = f"{in_words(batch.starts_on, 'j M Y')} – {in_words(batch.ends_on, 'j M Y')}"
    state = conditional_escape(str(batch.get_state_display()).lower())
    sentence = f"<br>{conditional_escape(each.sentence)}" if each.sentence else ""
    return (
        f'<tr><td><a href="{batch.get_absolute_url()}">{conditional_escape(each.title)}</a>'
        f'<div class="muted">{days} · {state}</div></td>'
        f"<td>{badge(*each.badge)}{sentence}</td></tr>"
    )
