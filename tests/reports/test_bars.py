import pytest

from reports.bars import Bar


@pytest.mark.parametrize(
    ("number", "whole", "percent"),
    [
        (1, 27, 4),
        (2, 27, 7),
        (1, 2, 50),
        (0, 9, 0),
        (9, 9, 100),
        (1, 1000, 1),
        (999, 1000, 99),
        (3, 0, None),
        (3, None, None),
    ],
)
def test_percents_are_rounded_but_never_to_none_or_all(number, whole, percent):
    assert Bar("", number, whole).percent == percent
