"""What is told to everybody names no small group, neither by itself nor by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from reports import publishing
from reports.paths import OF, Step
from reports.publishing import LEAST, Group

STEPS = list(Step)


@st.composite
def numbers(draw):
    """How many came to each step, no more than came to the one before."""
    found = {}
    for step in STEPS:
        most = found[OF[step]] if step in OF else 60
        found[step] = draw(st.integers(0, most))
    return found


@st.composite
def groups(draw):
    rows = draw(st.lists(numbers(), min_size=1, max_size=7))
    return [Group((label,), row) for label, row in enumerate(rows)]


def sums(found):
    return {step: sum(group.numbers[step] for group in found) for step in STEPS}


def is_safe(found, steps):
    """Every number, and what each leaves of the nearest shown number above it."""
    for step in steps:
        whole = OF.get(step)
        while whole and whole not in steps:
            whole = OF.get(whole)
        rest = found[whole] - found[step] if whole else 0
        if found[step] < LEAST or 0 < rest < LEAST:
            return False
    return True


@given(numbers())
def test_what_all_together_show_is_safe(found):
    shown = publishing.showable(found, OF, STEPS)
    assert is_safe(found, shown)


@given(groups())
def test_tables_hide_nothing_and_show_no_small_group(found):
    total = sums(found)
    shown = publishing.showable(total, OF, STEPS)
    for merge in (publishing.in_order, publishing.by_size):
        steps, rows = publishing.finest(merge, found, OF, shown)
        assert set(steps) <= set(shown)
        for row in rows:
            assert is_safe(row.numbers, steps)
        if rows:
            # Nobody is left out whom one could find by subtracting the rows from the total.
            assert sums(rows) == total
            labels = [label for row in rows for label in row.labels]
            assert sorted(labels) == list(range(len(found)))
            assert len(rows) > 1


@given(groups())
def test_years_stay_in_their_order(found):
    shown = publishing.showable(sums(found), OF, STEPS)
    _steps, rows = publishing.finest(publishing.in_order, found, OF, shown)
    labels = [label for row in rows for label in row.labels]
    assert labels == sorted(labels)


def test_a_small_year_joins_its_neighbour():
    rows = [Group((year,), {Step.ENROLLED: n}) for year, n in ((2026, 12), (2025, 3), (2024, 20))]
    merged = publishing.in_order(rows, OF, [Step.ENROLLED])
    assert [(row.labels, row.numbers[Step.ENROLLED]) for row in merged] == [
        ((2026,), 12),
        ((2025, 2024), 23),
    ]


def test_a_few_who_are_missing_are_no_way_to_find_them():
    found = dict.fromkeys(STEPS, 0) | {Step.ENROLLED: 20, Step.FINISHED: 18}
    assert publishing.showable(found, OF, STEPS) == [Step.ENROLLED]
    found[Step.FINISHED] = 20
    assert publishing.showable(found, OF, STEPS) == [Step.ENROLLED, Step.FINISHED]


def test_two_editions_do_not_tell_of_a_few():
    before = {("total", "enrolled"): 20, ("2025", "years enrolled"): 20}
    assert publishing.moves_enough(before, before)
    assert publishing.moves_enough(before, dict.fromkeys(before, 25))
    assert not publishing.moves_enough(before, dict.fromkeys(before, 22))
    split = {
        ("total", "enrolled"): 20,
        ("2025", "years enrolled"): 14,
        ("2026", "years enrolled"): 6,
    }
    assert publishing.moves_enough(before, split)
    renamed = {("total", "enrolled"): 20, ("2025, 2024", "years enrolled"): 22}
    assert not publishing.moves_enough(before, renamed)
