"""Playing the customer, in practice."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.sales.till import PhonePrompt
from pos_app.ui.main_window import MainWindow
from pos_app.ui.practice.phone_button import PhoneButton
from pos_app.ui.practice.phone_window import SHORT_WIDTH, SIZE, PhoneWindow
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.buttons import Button
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter
from tests.ui.parts import part


class Handset:
    """Notes what the customer does. Fits `sales.till.PracticePhone`."""

    def __init__(self) -> None:
        self.did: list[tuple[str, str]] = []
        self.shown: Callable[[PhonePrompt], None] | None = None

    def watch(self, shown: Callable[[PhonePrompt], None], gone: Callable[[str], None]) -> None:
        self.shown = shown

    def enter_pin(self, prompt_id: str) -> None:
        self.did.append(("pin", prompt_id))

    def enter_wrong_pin(self, prompt_id: str) -> None:
        self.did.append(("wrong pin", prompt_id))

    def cancel(self, prompt_id: str) -> None:
        self.did.append(("cancel", prompt_id))

    def no_money(self, prompt_id: str) -> None:
        self.did.append(("no money", prompt_id))

    def pay_by_hand(self) -> tuple[int, str]:
        self.did.append(("by hand", ""))
        return 250, "UKN4X7Q2ZT"


@pytest.fixture
def handset() -> Handset:
    return Handset()


@pytest.fixture
def phone(handset: Handset, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot) -> PhoneWindow:
    till = QWidget()
    qtbot.addWidget(till)
    return PhoneWindow(handset, tasks, events, till)


@pytest.fixture
def beside(phone: PhoneWindow) -> QWidget:
    """A till that leaves the phone room beside it."""
    till = phone.parentWidget()
    assert till is not None
    room = till.screen().availableGeometry()
    till.setGeometry(room.left(), room.top(), room.width() - 330, room.height())
    till.show()
    phone.offer()
    assert phone.isVisible()
    assert not phone.frameGeometry().intersects(till.frameGeometry())
    return till


def prompt(number: int) -> PhonePrompt:
    return PhonePrompt(id=f"ws_CO_{number}", phone="254712345678", amount=250, shop="MAMA NJERI SHOP")


def press(phone: PhoneWindow, *names: str) -> None:
    for name in names:
        button = phone.findChild(Button, name)
        assert button is not None
        button.click()


def texts(phone: PhoneWindow) -> str:
    return "\n".join(label.text() for label in phone.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(("digits", "outcome"), [("1234", "pin"), ("0000", "wrong pin")])
def test_a_pin_pays_or_is_wrong(
    phone: PhoneWindow, handset: Handset, events: TillEvents, qtbot: QtBot, digits: str, outcome: str
) -> None:
    events.prompt_shown.emit(prompt(1))
    assert "Pay KES 250 to MAMA NJERI SHOP?" in texts(phone)
    press(phone, *(f"phone{digit}" for digit in digits), "phoneOk")
    qtbot.waitUntil(lambda: handset.did == [(outcome, "ws_CO_1")])
    assert "Pay" not in texts(phone)


def test_a_pin_has_four_digits(phone: PhoneWindow, events: TillEvents) -> None:
    events.prompt_shown.emit(prompt(1))
    ok = phone.findChild(Button, "phoneOk")
    assert ok is not None
    press(phone, "phone1", "phone2", "phone3")
    assert not ok.isEnabled()
    press(phone, "phone4")
    assert ok.isEnabled()
    press(phone, "phoneBack")
    assert not ok.isEnabled()


@pytest.mark.parametrize(("button", "outcome"), [("phoneCancel", "cancel"), ("phoneNoMoney", "no money")])
def test_the_customer_may_refuse_or_be_broke(
    phone: PhoneWindow, handset: Handset, events: TillEvents, qtbot: QtBot, button: str, outcome: str
) -> None:
    events.prompt_shown.emit(prompt(1))
    press(phone, button)
    qtbot.waitUntil(lambda: handset.did == [(outcome, "ws_CO_1")])


def test_prompts_wait_for_their_turn_and_may_go_by_themselves(phone: PhoneWindow, events: TillEvents) -> None:
    events.prompt_shown.emit(prompt(1))
    events.prompt_shown.emit(prompt(2))
    assert "1 more waiting" in texts(phone)
    press(phone, "phone1")
    events.prompt_gone.emit("ws_CO_1")
    assert "more waiting" not in texts(phone)
    assert part(phone, QLabel, "phonePin").accessibleName().startswith("0 of ")
    events.prompt_gone.emit("ws_CO_2")
    assert "Pay" not in texts(phone)


def test_the_keyboard_works_too(phone: PhoneWindow, handset: Handset, events: TillEvents, qtbot: QtBot) -> None:
    events.prompt_shown.emit(prompt(1))
    QTest.keyClicks(phone, "12345")
    QTest.keyClick(phone, Qt.Key.Key_Backspace)
    QTest.keyClicks(phone, "9")
    QTest.keyClick(phone, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: handset.did == [("pin", "ws_CO_1")])
    events.prompt_shown.emit(prompt(2))
    QTest.keyClick(phone, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: handset.did[1:] == [("cancel", "ws_CO_2")])


def test_enter_presses_what_tab_has_chosen_and_enters_a_pin_that_is_typed(
    phone: PhoneWindow, handset: Handset, events: TillEvents, qtbot: QtBot
) -> None:
    phone.show()
    part(phone, Button, "phonePayByHand").setFocus()
    QTest.keyClick(phone, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: handset.did == [("by hand", "")])
    events.prompt_shown.emit(prompt(1))
    part(phone, Button, "phoneCancel").setFocus()
    QTest.keyClicks(phone, "1234")
    QTest.keyClick(phone, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: handset.did[1:] == [("pin", "ws_CO_1")])
    events.prompt_shown.emit(prompt(2))
    part(phone, Button, "phoneCancel").setFocus()
    QTest.keyClick(phone, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: handset.did[2:] == [("cancel", "ws_CO_2")])


def test_where_there_is_no_room_it_comes_only_with_a_prompt(phone: PhoneWindow, events: TillEvents) -> None:
    till = phone.parentWidget()
    assert till is not None
    till.setGeometry(till.screen().availableGeometry())
    phone.offer()
    assert not phone.isVisible()
    events.prompt_shown.emit(prompt(1))
    assert phone.isVisible()
    events.prompt_gone.emit("ws_CO_1")
    assert not phone.isVisible()


@pytest.mark.parametrize(("button", "outcome"), [("phoneOk", "pin"), ("phoneWrongPin", "wrong pin")])
def test_where_there_is_no_room_it_is_short_and_lies_at_the_tills_foot(
    phone: PhoneWindow, handset: Handset, events: TillEvents, qtbot: QtBot, button: str, outcome: str
) -> None:
    till = phone.parentWidget()
    assert till is not None
    till.setGeometry(till.screen().availableGeometry())
    till.show()
    events.prompt_shown.emit(prompt(1))
    assert phone.width() == SHORT_WIDTH
    assert phone.height() < SIZE[1] / 2
    assert phone.frameGeometry().bottomLeft() == till.screen().availableGeometry().bottomLeft()
    assert not any(key.isVisible() for key in phone.findChildren(Button) if key.objectName() == "phone1")
    press(phone, button)
    qtbot.waitUntil(lambda: handset.did == [(outcome, "ws_CO_1")])


def test_the_short_form_takes_a_typed_pin_whole(phone: PhoneWindow, events: TillEvents) -> None:
    till = phone.parentWidget()
    assert till is not None
    till.setGeometry(till.screen().availableGeometry())
    events.prompt_shown.emit(prompt(1))
    ok = phone.findChild(Button, "phoneOk")
    assert ok is not None
    QTest.keyClicks(phone, "12")
    assert not ok.isEnabled()
    QTest.keyClicks(phone, "34")
    assert ok.isEnabled()


def test_where_there_is_room_it_stands_beside_the_till(phone: PhoneWindow, events: TillEvents) -> None:
    till = phone.parentWidget()
    assert till is not None
    room = till.screen().availableGeometry()
    till.setGeometry(room.left(), room.top(), room.width() - 330, room.height())
    phone.offer()
    assert phone.isVisible()
    assert not phone.frameGeometry().intersects(till.frameGeometry())


def test_it_comes_again_where_somebody_left_it(phone: PhoneWindow, beside: QWidget, events: TillEvents) -> None:
    left = QPoint(120, 90)
    phone.move(left)
    phone.hide()
    events.prompt_shown.emit(prompt(1))
    assert phone.isVisible()
    assert phone.pos() == left
    events.prompt_gone.emit("ws_CO_1")
    phone.come_to_front()
    assert phone.pos() == left


def test_a_place_on_a_screen_that_is_gone_is_forgotten(phone: PhoneWindow, beside: QWidget, events: TillEvents) -> None:
    was = phone.pos()
    phone.move(9_000, 9_000)
    phone.hide()
    events.prompt_shown.emit(prompt(1))
    assert phone.pos() == was


def test_it_never_takes_the_keyboard_by_itself(phone: PhoneWindow, events: TillEvents) -> None:
    events.prompt_shown.emit(prompt(1))
    assert phone.isVisible()
    assert phone.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)


def test_every_button_is_named(phone: PhoneWindow) -> None:
    assert all(button.objectName() and button.accessibleName() for button in phone.findChildren(Button))


# --- it can always be found


def test_a_prompt_that_is_told_twice_waits_once(phone: PhoneWindow, events: TillEvents) -> None:
    events.prompt_shown.emit(prompt(1))
    events.prompt_shown.emit(prompt(1))
    assert "more waiting" not in texts(phone)


@pytest.fixture
def practice(
    handset: Handset, harness: TillHarness, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[MainWindow]:
    """A till in practice, as large as the screen."""
    window = MainWindow(harness.till.shop, "A")
    window.setGeometry(window.screen().availableGeometry())
    window.show()
    window.open_till(harness.till, tasks, events, handset)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window and window.findChild(PhoneWindow) is not None)
    yield window
    window.let_go()
    delete(window)


def handset_of(window: MainWindow) -> PhoneWindow:
    found = window.findChild(PhoneWindow)
    assert found is not None
    return found


def test_one_key_leads_to_the_phone_and_back(practice: MainWindow, qtbot: QtBot) -> None:
    phone = handset_of(practice)
    assert not phone.isVisible()  # there is no room for it beside the till
    QTest.keyClick(practice, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is phone)
    assert "The customer's phone" in texts(phone)
    QTest.keyClick(phone, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is practice)
    assert not phone.isVisible()


def test_a_closed_till_takes_the_phone_away(practice: MainWindow, events: TillEvents, qtbot: QtBot) -> None:
    phone = practice.findChild(PhoneWindow)
    assert phone is not None
    events.prompt_shown.emit(prompt(1))
    qtbot.waitUntil(phone.isVisible)
    practice.show_closing()
    practice.show_closed(["1 payment waits for M-PESA's answer; the till checks when it opens next."])
    assert not phone.isVisible()


def test_its_button_finds_it_and_says_who_waits(practice: MainWindow, events: TillEvents, qtbot: QtBot) -> None:
    phone = handset_of(practice)
    button = practice.findChild(PhoneButton)
    assert button is not None
    assert button.text() == "Phone"
    events.prompt_shown.emit(prompt(1))
    assert button.text() == "Phone (1)"
    phone.close()  # by the window's own button
    button.click()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is phone)
    events.prompt_gone.emit("ws_CO_1")
    assert button.text() == "Phone"


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_in_full_screen_it_lies_on_the_till_while_somebody_waits(
    phone: PhoneWindow, beside: QWidget, events: TillEvents, qtbot: QtBot
) -> None:
    events.prompt_shown.emit(prompt(1))
    beside.showFullScreen()
    qtbot.waitUntil(lambda: phone.width() == SHORT_WIDTH)
    assert phone.isVisible()
    events.prompt_gone.emit("ws_CO_1")
    assert not phone.isVisible()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_till_that_grows_over_a_phone_that_nobody_needs_puts_it_away(
    phone: PhoneWindow, beside: QWidget, qtbot: QtBot
) -> None:
    beside.showFullScreen()
    qtbot.waitUntil(lambda: not phone.isVisible())
    phone.come_to_front()
    assert phone.isVisible()


def test_prompts_of_the_last_run_are_counted_from_the_start(
    phone: PhoneWindow, events: TillEvents, qtbot: QtBot
) -> None:
    events.prompt_shown.emit(prompt(1))
    button = PhoneButton(phone)
    qtbot.addWidget(button)
    assert button.text() == "Phone (1)"


def test_without_practice_there_is_no_phone_to_find(counter: Counter) -> None:
    assert counter.window.findChild(PhoneButton) is None


def test_a_long_name_makes_the_phone_taller_and_nothing_is_cut(phone: PhoneWindow, events: TillEvents) -> None:
    till = phone.parentWidget()
    assert till is not None
    till.setGeometry(till.screen().availableGeometry())
    events.prompt_shown.emit(prompt(1))
    height = phone.height()
    events.prompt_gone.emit("ws_CO_1")
    long = PhonePrompt(id="ws_CO_1", phone="254712345678", amount=250_000, shop="NJERI WANJIRU ENTERPRISES " * 3)
    events.prompt_shown.emit(long)
    assert phone.height() > height
    for label in phone.findChildren(QLabel):
        if label.isVisible():
            assert label.height() >= label.heightForWidth(label.width())


def test_somebody_pays_without_a_prompt(phone: PhoneWindow, handset: Handset, qtbot: QtBot) -> None:
    phone.show()
    part(phone, Button, "phonePayByHand").click()
    said = part(phone, QLabel, "phonePaidByHand")
    qtbot.waitUntil(lambda: said.text() == "KES 250 paid by hand: UKN4X7Q2ZT. Only M-PESA's statement tells of it.")
    assert handset.did == [("by hand", "")]
