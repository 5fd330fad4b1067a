"""A mark says where the shop has moved, however the address of that place is written."""

import pytest

from pos_app.store.moving.mark import MoveMark
from pos_app.store.server_address import place_words, typed_address


@pytest.mark.parametrize(
    ("moved", "asked", "same"),
    [
        ("till@10.0.0.9/duka", "till@10.0.0.9:5432/duka", True),  # the command's, then the window's
        ("till@10.0.0.9:5432/duka", "till@10.0.0.9/duka", True),
        ("till@10.0.0.9:6000/duka", "till@10.0.0.9/duka", False),
        ("till@10.0.0.9/duka", "till@10.0.0.9/kiosk", False),
    ],
)
def test_the_usual_port_is_the_same_place_named_or_not(moved: str, asked: str, same: bool) -> None:
    place, other = (place_words(typed_address(f"postgresql://{where}")) for where in (moved, asked))
    assert MoveMark(id="1", place=place, at="", version="0024").is_to(other) is same


def test_a_mark_of_an_earlier_version_named_the_usual_port() -> None:
    mark = MoveMark(id="1", place="the database duka on 10.0.0.9 (port 5432)", at="", version="0024")
    assert mark.is_to("the database duka on 10.0.0.9")
