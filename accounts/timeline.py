"""Days in a picture: where a day stands, which months are named, how wide a label is. Pure."""

from dataclasses import dataclass
from datetime import date

from django.utils import formats

WIDTH = 1000
EDGE = 8
LETTER = 7  # the widest that a letter of a label is on average
LONGEST = 64  # letters of a label
MONTHS_BETWEEN_TICKS = (1, 3, 6, 12, 24, 60, 120, 240, 600)
TICK_WIDTH = 64


@dataclass
class Tick:
    x: int
    label: str


class Scale:
    """Days from `first` to a later `last` as places from left to right."""

    def __init__(self, first, last):
        self.first, self.last = first, last
        self.days = (last - first).days

    def x(self, day):
        return EDGE + round((day - self.first).days * (WIDTH - 2 * EDGE) / self.days)

    def ticks(self):
        """First days of months, as many as have room for their name."""
        room = self.days / 30.4 * TICK_WIDTH / (WIDTH - 2 * EDGE)
        step = next((each for each in MONTHS_BETWEEN_TICKS if each >= room), 1200)
        style = "Y" if step % 12 == 0 else "M Y"
        month = self.first.year * 12 + self.first.month - 1
        month += -month % step
        ticks = []
        while (day := date(month // 12, month % 12 + 1, 1)) <= self.last:
            if day >= self.first:
                ticks.append(Tick(self.x(day), formats.date_format(day, style)))
            month += step
        return [tick for tick in ticks if tick.x + TICK_WIDTH <= WIDTH + EDGE]


def width_of(text):
    """About how wide the text is drawn, rather too wide than too narrow."""
    return len(text) * LETTER


def short(text, letters=LONGEST):
    """The text, cut with an ellipsis where it has more letters."""
    text = str(text)
    return text if len(text) <= letters else f"{text[: letters - 1]}…"
