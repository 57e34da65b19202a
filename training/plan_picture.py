"""A year's plan as a picture: seats planned, granted and run of each course. Pure."""

from dataclasses import dataclass, field
from math import ceil

WIDTH = 720
LABEL, BAR, GAP = 20, 12, 14
NUMBER = 44  # room for the number behind a bar
SHORTEST = 2
TOPS = (1, 2, 3, 4, 5, 6, 8)  # times a power of ten
STEPS = (1, 2, 5)


@dataclass
class Bar:
    look: str
    number: int
    y: int
    width: int

    @property
    def text_x(self):
        return self.width + 6

    @property
    def text_y(self):
        return self.y + BAR - 2


@dataclass
class Group:
    """A course with its bars."""

    label: str
    anchor: str
    said: dict
    y: int
    bars: list = field(default_factory=list)

    @property
    def text_y(self):
        return self.y + LABEL - 6

    @property
    def height(self):
        return LABEL + BAR * len(self.bars) + GAP


@dataclass
class Picture:
    groups: list
    ticks: list
    height: int
    width: int = WIDTH
    bar: int = BAR


def draw(numbers):
    """The picture of `(label, anchor, {look: number})`; None when there is nothing to draw."""
    most = max((n for _label, _anchor, of_it in numbers for n in of_it.values()), default=0)
    if not most:
        return None
    top = _round_up(most, TOPS)
    scale = (WIDTH - NUMBER) / top
    y, groups = 0, []
    for label, anchor, said in numbers:
        group = Group(label, anchor, said, y)
        for place, (look, number) in enumerate(said.items()):
            width = max(round(number * scale), SHORTEST if number else 0)
            group.bars.append(Bar(look, number, y + LABEL + place * BAR, width))
        groups.append(group)
        y += group.height
    step = _round_up(ceil(top / 4), STEPS)
    ticks = [(n, round(n * scale)) for n in range(0, top + 1, step)]
    return Picture(groups, ticks, y + LABEL)


def _round_up(number, steps):
    """The next number that reads well: one of the steps times a power of ten."""
    power = 1
    while True:
        for step in steps:
            if step * power >= number:
                return step * power
        power *= 10
