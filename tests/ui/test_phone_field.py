"""A phone number is grouped while it is typed, and checked without standing in the way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from pos_app.ui.phone_field import PhoneField
from pos_app.ui.signs import Tone


@pytest.fixture
def field(qtbot: QtBot) -> PhoneField:
    made = PhoneField()
    qtbot.addWidget(made)
    made.resize(338, made.sizeHint().height())  # as in the form
    made.show()
    return made


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0712345678", "0712 345 678"),
        ("0112345678", "0112 345 678"),
        ("712345678", "712 345 678"),
        ("254712345678", "254 712 345 678"),
        ("+254712345678", "+254 712 345 678"),
    ],
)
def test_grouped_while_typed(field: PhoneField, typed: str, shown: str) -> None:
    QTest.keyClicks(field.edit, typed)
    assert field.text() == shown
    assert field.msisdn() in ("254712345678", "254112345678")
    assert field.trouble() == ""


def test_digits_too_many_are_shown_and_told(field: PhoneField) -> None:
    QTest.keyClicks(field.edit, "07123456789999")
    assert field.text() == "0712 345 678 999 9"
    assert field.msisdn() is None
    assert "4 digits too many" in field.trouble()


def test_the_cursor_stays_behind_its_digit(field: PhoneField) -> None:
    QTest.keyClicks(field.edit, "071345678")
    field.edit.setCursorPosition(3)
    QTest.keyClicks(field.edit, "2")
    assert field.text() == "0712 345 678"
    assert field.edit.cursorPosition() == 4
    QTest.keyClick(field.edit, Qt.Key.Key_Backspace)
    assert field.text() == "0713 456 78"
    assert field.edit.cursorPosition() == 3


@pytest.mark.parametrize(
    ("phone", "hint", "tone"),
    [
        ("0712345678", "Safaricom", Tone.PAID),
        ("0733345678", "Airtel?", Tone.WAITING),
        ("0747345678", "New prefix?", Tone.WAITING),
    ],
)
def test_the_network_is_a_hint_and_never_a_refusal(field: PhoneField, phone: str, hint: str, tone: Tone) -> None:
    assert not field._hint.isVisible()
    QTest.keyClicks(field.edit, phone)
    assert field._hint.isVisible()
    assert (field._hint.text, field._hint.tone) == (hint, tone)
    assert field.msisdn() is not None


def test_what_is_missing_is_told(field: PhoneField) -> None:
    QTest.keyClicks(field.edit, "07123")
    assert "5 more to type" in field.trouble()
    assert field.msisdn() is None


def test_the_keypad_types_and_deletes(field: PhoneField) -> None:
    for digit in "0712345":
        field.press(digit)
    assert field.text() == "0712 345"
    for _ in range(3):
        field.press("back")
    assert field.text() == "0712"


def test_the_hint_goes_before_a_digit_does(field: PhoneField) -> None:
    QTest.keyClicks(field.edit, "0712345678")
    assert field._hint.isVisible()
    field.resize(220, field.height())
    assert not field._hint.isVisible()
    field.resize(338, field.height())
    assert field._hint.isVisible()
