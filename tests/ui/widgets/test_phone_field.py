"""A phone number is grouped while it is typed, and checked without standing in the way."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_app.messages.counter import TOO_LONG
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.phone_field import PhoneField
from pos_app.ui.widgets.pill import Pill
from tests.ui.parts import part


@pytest.fixture
def field(theme: ThemeManager, qtbot: QtBot) -> PhoneField:
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


def test_undo_brings_no_earlier_customer_back(field: PhoneField) -> None:
    QTest.keyClicks(field.edit, "0712345678")
    field.clear()
    QTest.keyClick(field.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""


@pytest.mark.parametrize(
    ("phone", "hint", "colour"),
    [
        ("0712345678", "Safaricom", ColourRole.PAID),
        ("0733345678", "Airtel?", ColourRole.WAITING),
        ("0747345678", "New prefix?", ColourRole.WAITING),
    ],
)
def test_the_network_is_a_hint_and_never_a_refusal(
    field: PhoneField, phone: str, hint: str, colour: ColourRole
) -> None:
    assert not part(field, Pill, "phoneHint").isVisible()
    QTest.keyClicks(field.edit, phone)
    assert part(field, Pill, "phoneHint").isVisible()
    assert (part(field, Pill, "phoneHint").text, part(field, Pill, "phoneHint").colour) == (hint, colour)
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
    assert part(field, Pill, "phoneHint").isVisible()
    field.resize(220, field.height())
    assert not part(field, Pill, "phoneHint").isVisible()
    field.resize(338, field.height())
    assert part(field, Pill, "phoneHint").isVisible()


@pytest.mark.parametrize(
    ("pasted", "shown", "msisdn"),
    [
        ("0712345678", "0712 345 678", "254712345678"),
        ("\u202a+254 712\u2011345\u2011678\u202c\r\n", "+254 712 345 678", "254712345678"),
        ("0712\t345\n678", "0712 345 678", "254712345678"),
        ("0712345678\n0722333444", "0712 345 678 072 233 344 4", None),
        ("0712345678 Njeri", "0712345678 Njeri", None),
        ("\u0660\u0667\u0661\u0662", "\u0660\u0667\u0661\u0662", None),
    ],
)
def test_a_paste_is_shown_whole(field: PhoneField, pasted: str, shown: str, msisdn: str | None) -> None:
    QGuiApplication.clipboard().setText(pasted)
    QTest.keyClick(field.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (field.text(), field.msisdn()) == (shown, msisdn)
    assert field.wrong() == (msisdn is None)


@pytest.mark.parametrize("length", [121, 32_767, 40_000])
@pytest.mark.parametrize("way", ["paste", "drop", "method"])
def test_what_is_far_too_long_is_refused_whole(field: PhoneField, qtbot: QtBot, length: int, way: str) -> None:
    QTest.keyClicks(field.edit, "0712")
    text = "0712345678" * (length // 10 + 1)
    with qtbot.waitSignal(field.refused) as refused:
        _bring(field.edit, text, way)
    assert refused.args == [TOO_LONG]
    assert field.text() == "0712"
    QTest.keyClicks(field.edit, "345678")
    assert field.msisdn() == "254712345678"


def _bring(edit: QLineEdit, text: str, way: str) -> None:
    data = QMimeData()
    data.setText(text)
    if way == "paste":
        QGuiApplication.clipboard().setText(text)
        edit.paste()
    elif way == "method":
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(edit, event)
    else:
        place = QPointF(edit.rect().center())
        keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(edit, QDragEnterEvent(place.toPoint(), *keys))
        QApplication.sendEvent(edit, QDropEvent(place, *keys))


def test_an_input_method_brings_all_digits(field: PhoneField) -> None:
    _bring(field.edit, "07123456789", "method")
    assert field.text() == "0712 345 678 9"
    assert field.msisdn() is None


def test_undo_brings_back_no_other_number(field: PhoneField) -> None:
    QTest.keyClicks(field.edit, "0712345678")
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_Z):
        QTest.keyClick(field.edit, key, Qt.KeyboardModifier.ControlModifier)
        shown = field.edit.displayText().replace(" ", "")
        assert shown == "" or "0712345678".startswith(shown)


def test_the_keypad_cuts_nothing_either(field: PhoneField) -> None:
    for digit in "07123456789":
        field.press(digit)
    assert field.text() == "0712 345 678 9"
    field.press("back")
    assert field.msisdn() == "254712345678"


def test_a_field_with_a_limit_takes_all_or_nothing(qtbot: QtBot) -> None:
    field = Field(name="some", spoken="Some")
    qtbot.addWidget(field)
    field.show()
    field.edit.setMaxLength(20)
    QTest.keyClicks(field.edit, "UKN4")
    with qtbot.waitSignal(field.refused) as refused:
        field.edit.insert("X" * 17)
    assert field.edit.text() == "UKN4"
    assert refused.args == ["That is too long: 20 characters fit here. Nothing was changed."]
    field.edit.insert("X" * 16)
    with qtbot.waitSignal(field.refused):
        QTest.keyClicks(field.edit, "Y")
    assert field.edit.text() == "UKN4" + "X" * 16
