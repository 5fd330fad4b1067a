"""The axis of money."""

import pytest

from pos_app.ui.takings.chart import scale_of


@pytest.mark.parametrize(
    ("least", "most", "scale"),
    [
        (0, 0, (0, 1, 1)),
        (1, 4, (0, 4, 1)),
        (80, 80, (0, 80, 20)),
        (0, 101, (0, 150, 50)),
        (12, 249_999, (0, 250_000, 50_000)),
        (-30, 60, (-40, 60, 20)),
        (-5, -1, (-5, 1, 1)),
        (0, 999_999_999, (0, 1_000_000_000, 200_000_000)),
    ],
)
def test_it_has_few_round_steps_around_all_sums(least: int, most: int, scale: tuple[int, int, int]) -> None:
    assert scale_of(least, most) == scale
