"""The customer's phone lies where it hides nothing that is needed, and never off the screen."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from pos_app.ui.practice.phone_place import beside, corner, inside, kept

PHONE = QSize(308, 640)
SHORT = QSize(188, 320)
SMALL, WIDE, SECOND = QRect(0, 0, 1024, 600), QRect(0, 0, 1920, 1080), QRect(1920, 0, 1280, 1024)


def test_beside_a_till_that_leaves_room_on_the_right() -> None:
    till = QRect(100, 50, 1280, 800)
    place = beside(till, WIDE, PHONE)
    assert place is not None
    assert place.x() > till.right()
    assert WIDE.contains(QRect(place, PHONE))


def test_or_on_the_left() -> None:
    till = QRect(640, 50, 1280, 800)
    place = beside(till, WIDE, PHONE)
    assert place is not None
    assert place.x() + PHONE.width() < till.left()
    assert WIDE.contains(QRect(place, PHONE))


def test_a_till_at_the_foot_of_the_screen_does_not_take_it_below() -> None:
    place = beside(QRect(100, 900, 1280, 180), WIDE, PHONE)
    assert place is not None
    assert WIDE.contains(QRect(place, PHONE))


@pytest.mark.parametrize("till", [SMALL, QRect(-2, -2, 1028, 604), QRect(0, 0, 1366, 768)])
def test_where_there_is_no_room_it_lies_at_the_tills_foot(till: QRect) -> None:
    room = till & QRect(0, 0, 1366, 768)
    assert beside(till, room, PHONE) is None
    assert QRect(corner(till, room, SHORT), SHORT).bottomLeft() == room.bottomLeft()


def test_a_till_that_is_half_outside_has_it_on_the_screen() -> None:
    assert SMALL.contains(QRect(corner(QRect(-300, 200, 1024, 600), SMALL, SHORT), SHORT))


def test_of_what_is_larger_than_the_screen_the_beginning_is_seen() -> None:
    assert inside(QPoint(400, 400), QSize(2_000, 900), SMALL) == SMALL.topLeft()


def test_it_is_kept_where_it_was_left_and_all_of_it_is_seen() -> None:
    assert kept(QPoint(700, 300), SHORT, [WIDE, SECOND]) == QPoint(700, 300)
    assert kept(QPoint(3_100, 900), SHORT, [WIDE, SECOND]) == QPoint(3_012, 704)


def test_a_screen_that_is_gone_keeps_nothing() -> None:
    assert kept(QPoint(2_500, 300), SHORT, [WIDE]) is None
