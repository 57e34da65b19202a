"""Numbers as bars, each before the whole it is a part of. Pure; drawn by `templatetags.figures`."""

from dataclasses import dataclass

LINE, BAR, LABEL = 46, 16, 20
SHORTEST = 0.3  # percent of the width


@dataclass(frozen=True)
class Bar:
    """`whole` is the denominator, None of a number by itself; `url` lists exactly its rows."""

    label: str
    number: int
    whole: int | None = None
    url: str = ""

    @property
    def percent(self):
        """Whole percents of the whole, None without one.

        Rounded, but 0 and 100 are said only of none and of all.
        """
        if not self.whole:
            return None
        rounded = (200 * self.number + self.whole) // (2 * self.whole)
        return min(max(rounded, 1), 99) if 0 < self.number < self.whole else rounded


@dataclass(frozen=True)
class Drawn:
    """Widths are shares of the picture's, as an attribute takes them; heights are pixels."""

    bar: Bar
    y: int
    width: str
    whole_width: str

    @property
    def text_y(self):
        return self.y + LABEL - 6

    @property
    def bar_y(self):
        return self.y + LABEL


@dataclass(frozen=True)
class Picture:
    rows: list
    bar: int = BAR
    line: int = LINE

    @property
    def height(self):
        return len(self.rows) * LINE


def draw(bars):
    """The picture of `Bar`s on one scale; None when all are nought."""
    most = max((max(bar.number, bar.whole or 0) for bar in bars), default=0)
    if not most:
        return None

    def length(number):
        return f"{max(number * 100 / most, SHORTEST):.2f}%" if number else ""

    return Picture(
        [
            Drawn(bar, place * LINE, length(bar.number), length(bar.whole or 0))
            for place, bar in enumerate(bars)
        ]
    )
