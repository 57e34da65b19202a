"""The lanes of a picture of days as SVG: pages draw them by the hundred, too many for templates."""

from django.utils.safestring import mark_safe

from accounts.markup import escaped


def drawn(picture, bar):
    """Each lane's name and its bars; `bar(one, picture)` gives the SVG of one bar, escaped."""
    parts = []
    for lane in picture.lanes:
        label = escaped(lane.label)
        parts.append(f'<text class="span-lane" x="0" y="{lane.text_y}">{label}</text>')
        parts += [bar(one, picture) for one in lane.bars]
    return mark_safe("\n".join(parts))


def axis(picture):
    """The days below the lanes: a line and a name for each tick."""
    top, bottom, y = picture.top, picture.bottom, picture.axis_y
    ticks = [
        f'<line class="span-tick" x1="{tick.x}" y1="{top}" x2="{tick.x}" y2="{bottom}"/>\n'
        f'<text class="span-axis" x="{tick.x + 4}" y="{y}">{escaped(tick.label)}</text>'
        for tick in picture.ticks
    ]
    line = f'<line class="span-axis-line" x1="0" y1="{bottom}" x2="{picture.width}" y2="{bottom}"/>'
    return mark_safe("\n".join([*ticks, line]))
