"""What a match rests on, as HTML. A page tells some two hundred parts: too many for templates."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def match_told(row, who):
    """Points of a `services.matching.Suited`, why it cannot be referred, and each of its parts;
    `who` names it for screen readers."""
    problems = "".join(
        f"<li>{icon('circle-x', 16)} {conditional_escape(sentence)}</li>"
        for sentence in row.sentences
    )
    if problems:
        problems = f'<ul class="list-unstyled small mb-0 mt-1">{problems}</ul>'
    parts = "".join(
        f"<li><strong>{conditional_escape(part.label)}</strong>: {conditional_escape(part.text)} · "
        f'<span class="nowrap">{_points(part.points)}</span></li>'
        for part in row.parts
    )
    return format_html(
        '<div><strong class="nowrap">{}</strong> <span class="small muted">{}</span></div>{}'
        '<details class="small"><summary>{}<span class="visually-hidden">: {}</span></summary>'
        '<ul class="list-unstyled mb-0">{}</ul></details>',
        _points(row.match.points),
        row.brings,
        mark_safe(problems),
        _("Rincian poin"),
        who,
        mark_safe(parts),
    )


def _points(points):
    return ngettext("%(points)s poin", "%(points)s poin", points) % {"points": points}
