"""The window as a whole: shows at once, fills, moves between pages, and closes only when let go."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.callback_route import RouteState
from pos_app.domain.payment import State
from pos_app.domain.payment_event import Result
from pos_app.domain.receipt import Mark, Shop
from pos_app.messages import contact as contact_words
from pos_app.messages import window as words
from pos_app.sales.owner import MoneyBack
from pos_app.ui.main_window import SMALLEST, MainWindow
from pos_app.ui.next_action import NextAction
from pos_app.ui.preferences import PAPER_WIDTH
from pos_app.ui.receipt.dialog import ReceiptDialog
from pos_app.ui.settings.page import SettingsPage
from pos_app.ui.settings.service import SettingsServices
from pos_app.ui.shell.contact_light import ContactLight
from pos_app.ui.shell.help_panel import HelpPanel
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import SIZES, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.pill import Pill
from pos_app.ui.widgets.toast import Toast
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter
from tests.ui.layout import settle
from tests.ui.parts import part
from tests.ui.settings.service import MemorySettings

CONTROLS = (QAbstractButton, QLineEdit, QComboBox)


@pytest.fixture
def closed_window(theme: ThemeManager, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window whose till is not open yet."""
    window = MainWindow(Shop("Mama Njeri Shop"), "A")
    window.show()
    yield window
    window.let_go()
    delete(window)


def controls(root: QWidget) -> list[QWidget]:
    return [found for kind in CONTROLS for found in root.findChildren(kind) if not found.objectName().startswith("qt_")]


def test_before_the_till_is_open_nothing_can_be_pressed_but_help_and_the_look(closed_window: MainWindow) -> None:
    pressable = [part.objectName() for part in controls(closed_window) if part.isEnabled() and part.isVisible()]
    assert sorted(pressable) == ["appearance", "keys"]
    closed_window.go("payments")
    assert not closed_window.findChildren(QLineEdit)


def test_practice_is_said_in_the_window_and_its_title(counter: Counter, closed_window: MainWindow) -> None:
    assert counter.part(Pill, "mark").text == words.PRACTICE
    assert "PRACTICE" in counter.window.windowTitle()
    assert "Till A" in counter.window.windowTitle(), "two tills may stand side by side on one screen"
    assert closed_window.findChild(Pill, "practice") is None
    assert "PRACTICE" not in closed_window.windowTitle()


def test_every_control_has_a_name_for_tests_and_for_screen_readers(counter: Counter) -> None:
    payment = counter.ask("2", "0712345678")
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    counter.window.go("payments")
    counter.window.go("posts")
    counter.window.show_keys()
    nameless = [
        (type(part).__name__, part.objectName(), part.accessibleName())
        for part in controls(counter.window)
        if not part.objectName() or not part.accessibleName()
    ]
    assert nameless == []


def test_every_text_is_plain(counter: Counter) -> None:
    counter.window.go("payments")
    counter.window.go("posts")
    rich = [label for label in counter.window.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert rich == []


def test_keys_lead_to_the_pages(counter: Counter) -> None:
    counter.function(Qt.Key.Key_F6)
    assert type(counter.window.page).__name__ == "PaymentsPage"
    counter.function(Qt.Key.Key_F7)
    assert type(counter.window.page).__name__ == "PostsPage"
    counter.function(Qt.Key.Key_F2)
    assert counter.window.page is counter.page
    assert counter.page.form.phone.edit.hasFocus()
    counter.function(Qt.Key.Key_F3)
    assert counter.page.form.phone.edit.hasFocus()


def test_a_page_that_loads_slowly_does_not_come_under_the_hands_of_who_works_elsewhere(counter: Counter) -> None:
    may_load, memory = threading.Event(), MemorySettings()

    def make_services() -> SettingsServices:
        assert may_load.wait(10)
        return memory.services

    counter.window.offer_settings(make_services, counter.tasks)
    counter.function(Qt.Key.Key_F10)
    counter.function(Qt.Key.Key_F2)
    counter.write("0712")
    may_load.set()
    counter.qtbot.waitUntil(lambda: counter.window.findChild(SettingsPage) is not None)
    assert counter.window.page is counter.page
    counter.write("345678")
    assert counter.page.form.phone.text() == "0712 345 678"
    counter.function(Qt.Key.Key_F10)
    assert isinstance(counter.window.page, SettingsPage)


def test_a_scan_on_another_page_comes_back_to_the_charge(counter: Counter) -> None:
    counter.function(Qt.Key.Key_F6)
    counter.write("4006381333931", gap=8)
    counter.enter(gap=8)
    assert counter.window.page is counter.page
    assert counter.chosen() == "Tea"


def test_status(counter: Counter, events: TillEvents) -> None:
    pill = counter.part(Pill, "status")
    assert (pill.text, pill.colour) == (words.STATUS_READY, ColourRole.PAID)
    events.saving_changed.emit(False)
    assert (pill.text, pill.colour) == (words.STATUS_CANNOT_SAVE, ColourRole.FAILED)
    assert not counter.button("ask").isEnabled()
    counter.window.show_keys()
    shown = [label.text() for label in counter.part(HelpPanel, "helpPanel").findChildren(QLabel)]
    assert f"• {words.CANNOT_SAVE_STEPS[0]}" in shown
    events.saving_changed.emit(True)
    assert pill.text == words.STATUS_READY


def test_a_damaged_database_is_said_for_good_and_stops_nobody(counter: Counter, events: TillEvents) -> None:
    pill = counter.part(Pill, "status")
    counter.window.show_damage("Damaged. `main.py restore a.db` puts it back.")
    assert (pill.text, pill.colour) == (words.STATUS_DAMAGED, ColourRole.FAILED)
    assert counter.part(Toast, "toast").words == words.DAMAGED
    events.saving_changed.emit(True)
    assert pill.text == words.STATUS_DAMAGED
    assert counter.ask("1", "0712345678").state is State.PROMPTED
    counter.window.show_keys()
    (label,) = [
        label
        for label in counter.part(HelpPanel, "helpPanel").findChildren(QLabel)
        if label.text().startswith("Damaged. `main.py")
    ]
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse


def test_help_is_beside_the_till_and_not_in_its_way(counter: Counter, qtbot: QtBot) -> None:
    counter.function(Qt.Key.Key_F1)
    panel = counter.window.findChild(HelpPanel)
    assert panel is not None
    assert not panel.isModal()
    counter.window.show_keys()
    panel = counter.help()
    with qtbot.waitSignal(panel.destroyed):
        panel.close()
    assert counter.window.findChild(HelpPanel) is None


def test_f9_opens_the_receipt_of_the_last_payment(counter: Counter) -> None:
    payment = counter.ask("2", "0712345678")
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    counter.function(Qt.Key.Key_F9)
    dialog = counter.window.findChild(ReceiptDialog)
    assert dialog is not None
    assert not dialog.isModal()
    counter.qtbot.waitUntil(lambda: f"UKN{payment.id:07}" in dialog.text)
    dialog.close()


def test_the_receipt_from_payments_is_laid_out_for_the_till_s_paper(counter: Counter) -> None:
    counter.window.preferences.choose(PAPER_WIDTH, "58")
    payment = counter.ask("2", "0712345678")
    counter.hear(payment, Result.SUCCESS)
    counter.function(Qt.Key.Key_F6)
    counter.qtbot.waitUntil(counter.button("detailReceipt").isVisible)

    def shown() -> list[ReceiptDialog]:
        return [dialog for dialog in counter.window.findChildren(ReceiptDialog) if dialog.isVisible()]

    for _ in range(2):  # one takes the place of the other
        counter.button("detailReceipt").click()
        counter.qtbot.waitUntil(lambda: bool(shown()[0].text))
        assert [max(map(len, dialog.text.splitlines())) for dialog in shown()] == [32]
    shown()[0].close()


def test_the_refund_slip_takes_the_place_of_the_receipt(counter: Counter) -> None:
    owner = counter.harness.till.owner
    owner.passphrase.choose("mama njeri 1987")
    payment = counter.ask("2", "0712345678")
    counter.hear(payment, Result.SUCCESS)
    paid = counter.harness.till.reader.payment(payment.id)
    assert paid
    owner.refund(paid, "mama njeri 1987", MoneyBack(amount="1", code="UKR0000001", why="x"))
    counter.function(Qt.Key.Key_F6)
    counter.qtbot.waitUntil(counter.button("detailSlip").isVisible)
    counter.button("detailReceipt").click()
    counter.button("detailSlip").click()

    def shown() -> list[ReceiptDialog]:
        return [dialog for dialog in counter.window.findChildren(ReceiptDialog) if dialog.isVisible()]

    counter.qtbot.waitUntil(lambda: ["UKR0000001" in dialog.text for dialog in shown()] == [True])
    shown()[0].close()


def test_small_screens_lose_the_keypad_first_then_the_cards(counter: Counter) -> None:
    window = counter.window
    window.resize(1280, 800)
    assert counter.page.form.keypad.isVisible()
    window.resize(1090, 800)
    assert not counter.page.form.keypad.isVisible()
    assert counter.part(QWidget, "activeCards").isVisible()
    window.resize(*SMALLEST)
    assert counter.part(QWidget, "activeCounts").isVisible()
    assert not counter.part(QWidget, "activeCards").isVisible()


def test_where_the_keypad_is_folded_away_a_touch_brings_it_back(counter: Counter) -> None:
    window, form = counter.window, counter.page.form
    window.resize(*SMALLEST)
    unfold = counter.button("showKeypad")
    assert unfold.isVisible()
    assert not form.keypad.isVisible()
    counter.choose("2")
    unfold.click()
    counter.qtbot.waitUntil(lambda: not counter.button("key0").visibleRegion().isEmpty())
    for digit in "0712345678":
        counter.button(f"key{digit}").click()
    assert form.phone.text() == "0712 345 678"
    assert counter.button("ask").isEnabled()
    unfold.click()
    assert not form.keypad.isVisible()
    window.resize(1280, 800)
    assert form.keypad.isVisible()
    assert not unfold.isVisible()


def test_the_window_stays_until_it_is_let_go(closed_window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(closed_window.close_wanted):
        closed_window.close()
    assert closed_window.isVisible()
    closed_window.let_go()
    assert not closed_window.isVisible()


def test_closing_is_said(counter: Counter) -> None:
    counter.window.show_closing()
    assert counter.window.closing
    counter.window.go("payments")
    assert counter.window.closing
    assert words.FINISHING in [label.text() for label in counter.window.findChildren(QLabel)]


def test_trouble_has_a_page_and_a_button(closed_window: MainWindow, qtbot: QtBot) -> None:
    closed_window.show_error("Settings are needed", ["Consumer key"], (NextAction.PRACTICE,))
    button = closed_window.findChild(QAbstractButton, "action-PRACTICE")
    assert button is not None
    closed_window.activateWindow()
    qtbot.waitUntil(button.hasFocus)
    with qtbot.waitSignal(closed_window.action_chosen):
        QTest.keyClick(button, Qt.Key.Key_Return)


def test_what_a_page_cannot_say_comes_up_at_the_foot(counter: Counter, tasks: Tasks) -> None:
    tasks.trouble.emit("The list could not be read.")
    assert counter.part(Toast, "toast").isVisible()
    assert counter.part(Toast, "toast").words == "The list could not be read."


def test_words_at_the_foot_lie_over_no_button_of_the_charge(counter: Counter, tasks: Tasks) -> None:
    counter.window.resize(1024, 600)
    settle(counter.window)
    tasks.trouble.emit("The receipt printer did not answer. Nothing was printed. F9 shows the receipt. " * 2)
    toast, ask = counter.part(Toast, "toast"), counter.button("ask")
    place = QRect(ask.mapTo(counter.window, QPoint()), ask.size())
    assert counter.window.rect().contains(toast.geometry())
    assert not toast.geometry().intersects(place)


def test_without_a_route_the_status_says_so(
    harness: TillHarness, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> None:
    window = MainWindow(harness.till.shop, "A")
    harness.route.become(RouteState.NONE)
    window.open_till(harness.till, tasks, events, None)
    qtbot.waitUntil(lambda: window.charge is not None)
    assert part(window, Pill, "status").accessibleName() == words.STATUS_ASKING_ONLY
    window.let_go()
    delete(window)


def test_the_status_follows_the_callback_route(counter: Counter) -> None:
    status = counter.part(Pill, "status")
    assert (status.text, status.colour) == (words.STATUS_READY, ColourRole.PAID)
    counter.harness.route.become(RouteState.OPENING)
    assert (status.text, status.colour) == (words.STATUS_CONNECTING, ColourRole.NEUTRAL)
    threading.Thread(target=counter.harness.route.become, args=(RouteState.DOWN, "The tunnel is gone.")).start()
    counter.qtbot.waitUntil(lambda: status.text == words.STATUS_ROUTE_DOWN)
    assert status.colour is ColourRole.WAITING
    counter.window.show_keys()
    panel = counter.part(HelpPanel, "helpPanel")
    assert "The tunnel is gone." in [label.text() for label in panel.findChildren(QLabel)]
    panel.close()
    counter.qtbot.waitUntil(lambda: counter.window.findChild(HelpPanel) is None)
    counter.harness.route.become(RouteState.UP)
    counter.window.show_keys()
    said = [label.text() for label in counter.part(HelpPanel, "helpPanel").findChildren(QLabel)]
    assert status.text == words.STATUS_READY
    assert "The tunnel is gone." not in said


def test_a_shop_without_posts_is_led_to_the_posts_page(
    harness: TillHarness, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> None:
    window = MainWindow(harness.till.shop, "A")
    window.show()
    window.open_till(harness.till, tasks, events, None)
    qtbot.waitUntil(lambda: window.charge is not None)
    button = window.findChild(QAbstractButton, "addFirstPost")
    assert button is not None
    qtbot.waitUntil(button.isVisible)
    button.click()
    assert type(window.page).__name__ == "PostsPage"
    window.let_go()
    delete(window)


def test_test_money_looks_like_neither_practice_nor_the_real_thing(theme: ThemeManager) -> None:
    words_of, edges = {}, {}
    for mark in Mark:
        window = MainWindow(Shop("Mama Njeri Shop", mark=mark), "A")
        pill = window.findChild(Pill, "mark")
        words_of[mark] = pill.text if pill else ""
        assert words_of[mark] in window.windowTitle()
        edges[mark] = window.grab().toImage().pixelColor(1, 300).name()
        window.let_go()
        delete(window)
    assert words_of[Mark.NONE] == ""
    assert "SANDBOX" in words_of[Mark.SANDBOX]
    assert len(set(edges.values())) == len(Mark)


def test_it_is_never_larger_than_the_screen_allows(theme: ThemeManager) -> None:
    window = MainWindow(Shop("Mama Njeri Shop"), "A")
    room = window.screen().availableGeometry().size()
    assert window.width() <= max(room.width(), SMALLEST[0])
    assert window.height() <= max(room.height(), SMALLEST[1])
    window.let_go()
    delete(window)


# M-PESA and its clock ------------------------------------------------------------------------------------------------


def look_again(counter: Counter) -> None:
    light = counter.window.findChild(ContactLight)
    assert light is not None
    light.look()


def test_the_light_says_when_m_pesa_is_not_reached_for_how_long_and_when_it_is_back(counter: Counter) -> None:
    status, contact, clock = counter.part(Pill, "status"), counter.harness.till.contact, counter.harness.clock
    contact.tell(True)
    for _ in range(2):
        clock.advance(10)
        contact.tell(False)
    look_again(counter)
    assert (status.text, status.colour) == ("M-PESA not reached for 0:20", ColourRole.WAITING)
    clock.advance(45)
    look_again(counter)
    assert status.text == "M-PESA not reached for 1:05"
    counter.window.show_keys()
    panel = counter.part(HelpPanel, "helpPanel")
    assert contact_words.LOST_HELP in [label.text() for label in panel.findChildren(QLabel)]
    contact.tell(True)
    look_again(counter)
    assert (status.text, status.colour) == (words.STATUS_READY, ColourRole.PAID)


def test_also_a_till_that_only_asks_says_that_mpesa_is_not_reached(counter: Counter) -> None:
    status, light = counter.part(Pill, "status"), counter.window.findChild(ContactLight)
    assert light is not None
    for route, usual in ((RouteState.NONE, words.STATUS_ASKING_ONLY), (RouteState.DOWN, words.STATUS_ROUTE_DOWN)):
        counter.harness.route.become(route)
        counter.harness.till.contact.tell(True)
        light.look()
        assert status.text == usual
        for _ in range(2):
            counter.harness.clock.advance(10)
            counter.harness.till.contact.tell(False)
        light.look()
        assert status.text == "M-PESA not reached for 0:20"


def test_the_light_ticks_by_itself(counter: Counter) -> None:
    status = counter.part(Pill, "status")
    counter.harness.clock.sleep(3_600)
    counter.qtbot.waitUntil(lambda: status.text == "M-PESA not reached for 1 h 0 min")


def test_what_cannot_be_saved_goes_before_the_light(counter: Counter, events: TillEvents) -> None:
    status = counter.part(Pill, "status")
    counter.harness.clock.sleep(3_600)
    events.saving_changed.emit(False)
    look_again(counter)
    assert status.text == words.STATUS_CANNOT_SAVE


def test_a_closing_till_says_that_it_closes_whatever_m_pesa_does(counter: Counter) -> None:
    counter.window.show_closing()
    counter.harness.clock.sleep(3_600)
    look_again(counter)
    assert counter.part(Pill, "status").text == words.CLOSING


@pytest.mark.parametrize(
    ("ahead", "light", "way"), [(200.0, "Clock 3:20 fast", "Set it back"), (-60.0, "Clock 1:00 slow", "Set it forward")]
)
def test_a_clock_that_is_a_minute_off_is_told_and_stops_nobody(
    counter: Counter, ahead: float, light: str, way: str
) -> None:
    pill = counter.part(Pill, "clockStatus")
    assert not pill.isVisible()
    counter.harness.clock.off = ahead
    look_again(counter)
    assert (pill.isVisible(), pill.text) == (True, light)
    assert way in counter.part(Toast, "toast").words
    counter.window.show_keys()
    panel = counter.part(HelpPanel, "helpPanel")
    assert any(way in label.text() for label in panel.findChildren(QLabel))
    assert counter.ask("1", "0712345678").state is State.PROMPTED
    counter.harness.clock.off = 59.0
    look_again(counter)
    assert not pill.isVisible()


@pytest.mark.parametrize("size", SIZES)
def test_in_a_small_window_the_light_keeps_its_words_whatever_else_goes(
    counter: Counter, theme: ThemeManager, size: str
) -> None:
    status, clock = counter.part(Pill, "status"), counter.part(Pill, "clockStatus")
    theme.choose(text_size=size)
    try:
        counter.window.resize(*SMALLEST)
        counter.harness.clock.off = -200.0
        counter.harness.clock.sleep(3_599)
        look_again(counter)
        counter.qtbot.waitUntil(lambda: status.width() >= status.sizeHint().width())
        assert status.text.startswith("M-PESA not reached")
        assert status.accessibleName().startswith("M-PESA not reached for")
        assert not clock.isVisible() or clock.width() >= clock.sizeHint().width()
    finally:
        theme.choose(text_size="normal")
