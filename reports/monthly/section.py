from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Section:
    """A table: `rows` begin with what tells them apart; cells are texts and whole numbers."""

    key: str
    title: str
    columns: list
    rows: list
    total: list = field(default_factory=list)

    def frozen(self):
        return asdict(self)


def total_of(rows, columns):
    """A last row with the sums of the columns that hold numbers only."""
    if not rows:
        return []
    cells = [[row[place] for row in rows] for place in range(1, len(columns))]
    sums = [sum(each) if all(isinstance(cell, int) for cell in each) else "" for each in cells]
    return ["Jumlah", *sums]


def differences(before, after):
    """What two countings of the same sections say differently: (title, row, column, then, now).

    A row that only one of them has differs in every number; its missing cells are empty.
    """
    found = []
    later = {section["key"]: section for section in after}
    for section in before:
        other = later.get(section["key"], {"rows": []})
        then = {row[0]: row for row in section["rows"]}
        now = {row[0]: row for row in other["rows"]}
        for name in dict.fromkeys([*then, *now]):
            for place, column in enumerate(section["columns"][1:], start=1):
                old, new = (rows[name][place] if name in rows else "" for rows in (then, now))
                if old != new:
                    found.append((section["title"], name, column, old, new))
    return found
