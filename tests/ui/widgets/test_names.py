"""Names in little room."""

import pytest

from pos_app.ui.style.theme import ThemeManager, font
from pos_app.ui.widgets.names import fold

FACE = 16


@pytest.mark.parametrize("name", ["Tea", "Week pass", ""])
def test_a_short_name_stays_as_it_is(theme: ThemeManager, name: str) -> None:
    assert " ".join(fold(name, font(FACE), 200)) == name


def test_two_lines_are_used_before_anything_is_left_out(theme: ThemeManager) -> None:
    assert fold("Week pass with tea and cake", font(FACE), 140) == ["Week pass with", "tea and cake"]


@pytest.mark.parametrize(
    "start", ["Mwezi mmoja wa intaneti na chai ya asubuhi, kiti ", "MweziMmojaWaIntanetiNaChaiYaAsubuhi"]
)
def test_names_with_the_same_beginning_differ(theme: ThemeManager, start: str) -> None:
    one, other = (fold(f"{start}{number}", font(FACE), 140) for number in (1, 2))
    assert one != other
    assert len(one) == len(other) == 2


def test_only_the_first_line_makes_room_for_what_stands_beside_it(theme: ThemeManager) -> None:
    name = "Week pass with tea and cake"
    assert fold(name, font(FACE), 140, beside=50) == ["Week pass", "with tea and cake"]
