"""The parts that pages are made of."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent, QPixmap, QTextDocument
from PySide6.QtGui import Qt as RichText
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.field_row import FieldRow
from pos_app.ui.widgets.fields import Field, SearchField
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.key_hint import KeyHint
from pos_app.ui.widgets.labels import ElidedLabel, Label, plain_tip
from pos_app.ui.widgets.pill import DOT, Pill
from pos_app.ui.widgets.progress import ThinProgress
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.state_square import StateSquare
from pos_app.ui.widgets.steps import Steps
from pos_app.ui.widgets.toast import Toast
from tests.ui.layout import texts_of
from tests.ui.parts import part
from tests.ui.taps import tap


def seen(widget: QWidget) -> bytes:
    """What it looks like."""
    picture: QPixmap = widget.grab()
    image = picture.toImage()
    return bytes(image.constBits())


def test_a_pill_shows_where_a_payment_stands(
    theme: ThemeManager, make_payment: Callable[..., Payment], qtbot: QtBot
) -> None:
    pill = Pill("state")
    qtbot.addWidget(pill)
    pill.show_payment(make_payment())
    assert (pill.text, pill.colour, pill.accessibleName()) == ("Waiting for PIN", ColourRole.WAITING, "Waiting for PIN")
    narrow = pill.sizeHint().width()
    pill.show_payment(make_payment(state=State.PAID))
    assert pill.sizeHint().width() < narrow
    with_icon = seen(pill)
    pill.show_words("Paid", ColourRole.PAID, DOT)
    assert seen(pill) != with_icon


def test_a_button_tells_its_words_to_screen_readers(theme: ThemeManager, qtbot: QtBot) -> None:
    button = Button("Ask for KES 50", name="ask", kind=Kind.PRIMARY, key="Enter", height=64)
    qtbot.addWidget(button)
    button.set_text("Ask for KES 250")
    assert button.accessibleName() == "Ask for KES 250"
    assert button.sizeHint().height() >= 64
    silent = Button("", name="back", icon="delete", spoken="Delete the last digit")
    qtbot.addWidget(silent)
    assert silent.accessibleName() == "Delete the last digit"


@pytest.mark.parametrize("kind", Kind)
def test_everything_touchable_shows_its_focus(theme: ThemeManager, qtbot: QtBot, kind: Kind) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = Button("Press", name="press", kind=kind, parent=window)
    button.resize(button.sizeHint())
    other = SearchField(name="find", spoken="Find", placeholder="Find", key="F2")
    other.setParent(window)
    window.show()
    window.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.edit.hasFocus)
    before = seen(button)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert seen(button) != before


def test_a_double_click_presses_nothing_that_its_first_half_brought(theme: ThemeManager, qtbot: QtBot) -> None:
    pressed: list[str] = []
    first, second = Button("Ask", name="first"), Button("Stop waiting...", name="second")
    for button in (first, second):
        qtbot.addWidget(button)
        button.show()
        button.clicked.connect(lambda _=False, name=button.objectName(): pressed.append(name))
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(first, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton)
    assert pressed == ["first", "first"]  # the same key twice, as 1 and 1 of a phone
    pressed.clear()
    double = QMouseEvent(
        QMouseEvent.Type.MouseButtonDblClick,
        QPointF(5, 5),
        second.mapToGlobal(QPointF(5, 5)),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(second, double)
    QTest.mouseRelease(second, Qt.MouseButton.LeftButton)
    assert pressed == []
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert pressed == ["second"]


def test_a_third_tap_presses_nothing_that_the_first_brought_either(theme: ThemeManager, qtbot: QtBot) -> None:
    pressed: list[str] = []
    again, key = Button("Ask again", name="again"), Button("", name="keyEnter", icon="delete", kind=Kind.KEYPAD)
    for button in (again, key):
        qtbot.addWidget(button)
        button.clicked.connect(lambda _=False, name=button.objectName(): pressed.append(name))
    tap(again, 100_000)
    for at in (100_300, 100_600, 100_900):  # each follows the one before at once, the last one long after the first
        tap(key, at)
    assert pressed == ["again"]
    tap(key, 101_000, QPointF(400, 360))  # aimed at it: elsewhere
    tap(again, 101_600, QPointF(400, 360))  # after a look
    assert pressed == ["again", "keyEnter", "again"]


def test_what_leads_on_takes_one_tap_of_a_series_and_a_digit_takes_each(theme: ThemeManager, qtbot: QtBot) -> None:
    pressed: list[str] = []
    ask, digit = Button("Ask", name="ask", kind=Kind.PRIMARY), Button("3", name="key3", kind=Kind.KEYPAD)
    for button in (ask, digit):
        qtbot.addWidget(button)
        button.clicked.connect(lambda _=False, name=button.objectName(): pressed.append(name))
    for at in (200_000, 200_200, 200_400):
        tap(ask, at)
    for at in (210_000, 210_200, 210_400):
        tap(digit, at)
    assert pressed.count("ask") == 1
    assert pressed.count("key3") == 3


def test_data_cannot_draw_markup(theme: ThemeManager, qtbot: QtBot) -> None:
    label = Label("<b>Tea</b>")
    qtbot.addWidget(label)
    assert label.text() == "<b>Tea</b>"
    assert seen(label) != seen_of("Tea", qtbot)


def seen_of(text: str, qtbot: QtBot) -> bytes:
    label = Label(text, "strong")
    qtbot.addWidget(label)
    return seen(label)


def test_a_text_that_does_not_fit_is_in_its_tip(theme: ThemeManager, qtbot: QtBot) -> None:
    label = ElidedLabel("A post with a name as long as a name may be")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.grab()
    assert label.toolTip() == label.text()
    label.resize(800, 20)
    label.grab()
    assert label.toolTip() == ""


def test_what_is_painted_follows_the_scheme(
    theme: ThemeManager, make_payment: Callable[..., Payment], qtbot: QtBot
) -> None:
    steps, square, progress = Steps(("Saved", "Sent")), StateSquare(), ThinProgress()
    square.show_payment(make_payment())
    steps.show_step(1, "0:14")
    progress.set_part(0.5)
    parts: list[QWidget] = [steps, square, progress, Card(), KeyHint("F2")]
    for widget in parts:
        qtbot.addWidget(widget)
    light = [seen(widget) for widget in parts]
    theme.choose(colours=Scheme.DARK)
    try:
        assert all(seen(part) != before for part, before in zip(parts, light, strict=True))
    finally:
        theme.choose(colours=Scheme.LIGHT)


def test_the_cap_of_a_key_grows_with_the_text(theme: ThemeManager, qtbot: QtBot) -> None:
    cap = KeyHint("Ctrl F")
    qtbot.addWidget(cap)
    cap.show()
    before = cap.width()
    theme.choose(text_size="larger")
    try:
        qtbot.waitUntil(lambda: cap.width() == cap.sizeHint().width() > before)
    finally:
        theme.choose(text_size="normal")


def test_steps_say_the_one_under_way(theme: ThemeManager, qtbot: QtBot) -> None:
    steps = Steps(("Saved", "Sent to M-PESA", "On the phone", "Paid"))
    qtbot.addWidget(steps)
    steps.show_step(2, "0:14 of about 1:30")
    assert steps.accessibleName() == "On the phone. 0:14 of about 1:30"
    tall = steps.sizeHint().height()
    steps.set_compact(True)
    assert steps.sizeHint().height() < tall
    steps.grab()


def test_what_is_held_back_is_said_later(theme: ThemeManager, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1_024, 600)
    window.show()
    toast = Toast(window, window)
    toast.show_info("Last receipt")
    toast.hold_back()
    assert not toast.isVisible()
    toast.show_info("One receipt was not printed.")
    toast.show_error("Another one, too.")
    assert not toast.isVisible()
    toast.let_go()
    assert toast.isVisible()
    assert toast.words == "Another one, too."
    toast.hold_back()
    toast.let_go()
    assert not toast.isVisible()


def test_a_touch_on_a_toast_puts_it_away(theme: ThemeManager, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    toast = Toast(window, window)
    window.show()
    toast.show_error("The list could not be read.")
    QTest.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert not toast.isVisible()


def test_a_toast_goes_by_itself(theme: ThemeManager, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    toast = Toast(window, window)
    window.show()
    toast.show_error("The list could not be read.")
    assert toast.isVisible()
    assert window.rect().contains(toast.geometry())
    part(toast, QTimer, "toastTimer").start(1)
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_a_name_without_spaces_wraps_instead_of_being_cut(theme: ThemeManager, qtbot: QtBot) -> None:
    name = "Mwezi" * 12
    label = Label(f"KES 250 ({name}) was asked", wrap=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 100
    assert label.text() == f"KES 250 ({name}) was asked"


def test_what_is_copied_has_nothing_in_it_that_nobody_sees(
    theme: ThemeManager, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMenu, "popup", lambda _menu, _at: None)  # no keyboard to grab here
    path = "/home/mama-njeri/.local/share/kaunta/backups/practice-20261123.db"
    label = Label(path, wrap=True)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSelection(0, len(QLabel.text(label)))
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == path
    QGuiApplication.clipboard().clear()
    QApplication.sendEvent(label, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(1, 1), QPoint(1, 1)))
    menu = label.findChild(QMenu)
    assert menu is not None
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == path


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Enter your M-PESA PIN", "M-", "PESA"),
        ("That code is of 0712 345 678, of today", "0712", "678"),
        ("That code is of 0712 ••• 678, of today", "0712", "678"),
        ("Of the whole payment KES 1,250 are due", "KES", "1,250"),
    ],
)
def test_no_line_ends_in_the_middle_of_what_is_read_as_one(
    theme: ThemeManager, qtbot: QtBot, text: str, first: str, last: str
) -> None:
    label = Label(text, wrap=True)
    qtbot.addWidget(label)
    label.show()
    assert label.text() == text
    for width in range(110, 240, 5):
        label.resize(width, 160)
        lines = {seen.rect.top() for seen in texts_of(label) if first in seen.words or last in seen.words}
        assert len(lines) == 1


@pytest.mark.parametrize("name", ["<h1>PAID</h1>", '<img src="//server/x">', "Tea & <b>cake", "Week pass"])
def test_the_tip_of_a_name_shows_it_as_it_is(name: str) -> None:
    document = QTextDocument()
    tip = plain_tip(name)
    document.setHtml(tip) if RichText.mightBeRichText(tip) else document.setPlainText(tip)
    assert document.toPlainText() == name
    assert plain_tip("") == ""


def test_buttons_stand_below_each_other_before_their_words_are_cut(theme: ThemeManager, qtbot: QtBot) -> None:
    first, second, third = (Button(f"Button number {place}", name=f"b{place}") for place in range(3))
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(600, 300)
    row = ButtonRow(first, second, third)
    row.setParent(holder)
    third.hide()
    row.resize(400, 60)
    holder.show()
    assert first.y() == second.y()
    row.resize(first.sizeHint().width() + 10, 120)
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert row.sizeHint().height() > 100
    second.hide()
    qtbot.waitUntil(lambda: row.sizeHint().height() < 60)
    assert row.minimumSizeHint().width() == first.minimumSizeHint().width()


def test_where_a_row_must_stay_low_the_caps_of_the_keys_go_first(theme: ThemeManager, qtbot: QtBot) -> None:
    first, second = Button("Check now", name="first", key="F5"), Button("Next customer", name="second", key="Esc")
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(600, 300)
    row = ButtonRow(first, second)
    row.setParent(holder)
    with_keys = first.minimumSizeHint().width() + second.minimumSizeHint().width()
    row.resize(with_keys - 10, 120)
    holder.show()
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert (first.key, second.key) == ("F5", "Esc")
    row.set_low(True)
    qtbot.waitUntil(lambda: second.y() == first.y())
    assert (first.key, second.key, first.toolTip()) == (None, None, "F5")
    row.resize(with_keys + 20, 120)
    qtbot.waitUntil(lambda: first.key == "F5")
    assert (second.y(), first.toolTip()) == (first.y(), "")


def test_a_column_is_a_row_only_where_it_must_be_low(theme: ThemeManager, qtbot: QtBot) -> None:
    first, second = Button("Receipt", name="first"), Button("New charge", name="second")
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(600, 300)
    row = ButtonRow(first, second, column=True)
    row.setParent(holder)
    row.resize(500, 120)
    holder.show()
    qtbot.waitUntil(lambda: second.y() > first.y())
    row.set_low(True)
    qtbot.waitUntil(lambda: second.y() == first.y())


def test_parts_flow_to_as_many_rows_as_they_need(theme: ThemeManager, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    first, second, third = (Label(f"KES 99,999,99{place} paid") for place in range(3))
    layout = FlowLayout(first, second, third, last_right=True)
    holder.setLayout(layout)
    holder.resize(900, 60)
    holder.show()
    assert first.y() == second.y() == third.y()
    assert third.geometry().right() == 899
    wide = first.sizeHint().width()
    holder.resize(2 * wide + 20, 90)
    assert first.y() == second.y() < third.y()
    second.hide()
    qtbot.waitUntil(lambda: third.y() == first.y())
    assert layout.minimumSize().width() == wide
    assert layout.heightForWidth(wide) > layout.heightForWidth(900)
    assert layout.takeAt(0) is not None
    assert (layout.count(), layout.itemAt(9), layout.takeAt(9)) == (2, None, None)


def test_buttons_go_below_a_field_before_it_is_too_narrow_to_type_in(theme: ThemeManager, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(900, 300)
    field = SearchField(name="find", spoken="Find", placeholder="Find")
    button = Button("All states", name="states")
    row = FieldRow(field, button)
    row.setParent(holder)
    row.resize(600, 60)
    holder.show()
    assert button.x() > field.x()
    row.resize(300, 120)
    qtbot.waitUntil(lambda: button.mapTo(row, QPoint()).y() > field.y())
    assert row.minimumSizeHint().width() == button.sizeHint().width()


def test_a_field_that_gets_the_focus_is_seen_whole_with_its_frame(theme: ThemeManager, qtbot: QtBot) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    fields = [Field(name=f"field{number}", spoken="Field") for number in range(6)]
    for field in fields:
        column.addWidget(field)
    scrolled = Scrolled(content, "area", "Area")
    qtbot.addWidget(scrolled)
    scrolled.resize(300, 150)
    scrolled.show()
    scrolled.activateWindow()
    for field in [*fields, *reversed(fields)]:
        field.setFocus()
        qtbot.waitUntil(field.edit.hasFocus)
        place = QRect(field.mapTo(scrolled.viewport(), QPoint()), field.size())
        assert scrolled.viewport().rect().contains(place)
