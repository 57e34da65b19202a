"""The lanes of a picture of days as SVG: pages draw them by the hundred, too many for templates."""

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe


def drawn(picture, bar):
    """Each lane's name and its bars; `bar(one, picture)` gives the SVG of one bar, escaped."""
    parts = []
    for lane in picture.lanes:
        label = conditional_escape(lane.label)
        parts.append(f'<text class="span-lane" x="0" y="{lane.text_y}">{label}</text>')
        parts += [bar(one, picture) for one in lane.bars]
    return mark_safe("\n".join(parts))
