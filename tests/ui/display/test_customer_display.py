"""The display beside a till that sells: who sees what, on which screen, and that no key ever falls there."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from pos_app.domain.payment_event import Result
from pos_app.messages.customer_display import MARKS
from pos_app.ui.charge.served import ServedCustomer
from pos_app.ui.display.customer_display import SHOWN, CustomerDisplay
from pos_app.ui.display.monitors import Monitor, Monitors
from pos_app.ui.preferences import CUSTOMER_DISPLAY, CUSTOMER_SCREEN
from tests.ui.counter import Counter
from tests.ui.layout import faults_of
from tests.ui.parts import part

ALICE, BRIAN = "0712345678", "0722000903"
TILL = Monitor("till", QRect(0, 0, 800, 800))
SECOND = Monitor("second", QRect(800, 0, 1024, 600))
IDLE = ["Mama Njeri Shop", "14:00"]
WAITING = [
    "KES 250",
    "Weka PIN yako ya M-PESA kwenye simu inayoishia ..678",
    "Enter your M-PESA PIN on the phone ending ..678",
]
ASK = ["Tafadhali uliza kaunta", "Please ask at the counter"]


class Cables(Monitors):
    """Screens that a test plugs in and out. The till is on the first one, unless somebody moves it."""

    def __init__(self, *connected: Monitor) -> None:
        super().__init__()
        self.connected = list(connected)
        self.till = [TILL.geometry]

    def all(self) -> list[Monitor]:
        return self.connected

    def taken_by(self, window: QWidget) -> list[QRect]:
        return self.till

    def plug(self, *connected: Monitor) -> None:
        self.connected = list(connected)
        self.changed.emit()


@pytest.fixture
def cables() -> Cables:
    return Cables(TILL, SECOND)


@pytest.fixture
def display(counter: Counter, cables: Cables) -> Iterator[CustomerDisplay]:
    served = ServedCustomer(counter.page)
    made = CustomerDisplay(counter.harness.till.shop, counter.harness.clock, counter.window, cables)
    served.changed.connect(made.show_view)
    yield made
    made.close()


def read(display: CustomerDisplay) -> list[str]:
    """What a customer reads below the mark that the money is played with."""
    mark, *words = display.window.words
    assert mark == MARKS[display.window.shop.mark]
    return words


def until_read(counter: Counter, display: CustomerDisplay, words: list[str]) -> None:
    counter.qtbot.waitUntil(lambda: read(display)[-len(words) :] == words)


def test_a_customer_sees_the_sum_what_to_do_and_paid_and_then_nobody_does(
    counter: Counter, display: CustomerDisplay
) -> None:
    assert read(display) == IDLE
    counter.choose("2")
    assert read(display) == ["KES 250", "Jumla", "Total"]
    counter.choose("4")
    counter.choose("4")
    assert read(display) == ["KES 310", "Jumla", "Total"]
    counter.next_customer()
    assert read(display) == IDLE
    payment = counter.ask("2", ALICE)
    until_read(counter, display, WAITING)
    counter.hear(payment, Result.SUCCESS)
    until_read(counter, display, ["KES 250", "Imelipwa", "Paid"])
    over = part(display, QTimer, "displayOver")
    assert over.isActive()
    assert over.interval() < 10_000
    over.timeout.emit()
    assert read(display) == IDLE


def test_another_customers_payment_is_never_shown(counter: Counter, display: CustomerDisplay) -> None:
    first = counter.ask("2", ALICE)
    until_read(counter, display, WAITING)
    counter.function(Qt.Key.Key_Escape)  # serve the next one
    assert read(display) == IDLE
    second = counter.ask("4", BRIAN)
    counter.qtbot.waitUntil(lambda: "..903" in read(display)[1])
    counter.page.show_active(first.id)  # the operator looks at the first one
    assert read(display) == IDLE
    counter.hear(first, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    assert read(display) == IDLE
    counter.page.show_active(second.id)
    assert read(display) == IDLE


def test_what_comes_while_the_next_one_is_served_stays_at_the_counter(
    counter: Counter, display: CustomerDisplay
) -> None:
    first = counter.ask("2", ALICE)
    counter.function(Qt.Key.Key_Escape)
    counter.choose("4")
    counter.hear(first, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.page.active.payment(first.id) != first)
    assert read(display) == ["KES 30", "Jumla", "Total"]


@pytest.mark.parametrize(
    ("result", "code"), [(Result.CANCELLED, "1032"), (Result.DECLINED, "2001"), (Result.DECLINED, "1")]
)
def test_what_is_not_paid_shames_nobody_and_leaves_by_itself(
    counter: Counter, display: CustomerDisplay, result: Result, code: str
) -> None:
    counter.hear(counter.ask("2", ALICE), result, code)
    until_read(counter, display, ["KES 250", *ASK])
    assert "678" not in " ".join(read(display))
    over = part(display, QTimer, "displayOver")
    assert over.interval() <= max(SHOWN.values())
    over.timeout.emit()
    assert read(display) == IDLE
    counter.page.check_now()  # nothing about this customer is new
    assert read(display) == IDLE


def test_it_stands_full_on_the_second_screen_and_takes_neither_focus_nor_keys(
    counter: Counter, display: CustomerDisplay, qtbot: QtBot
) -> None:
    window = display.window
    assert window.isVisible()
    assert window.geometry() == SECOND.geometry
    assert QApplication.activeWindow() is counter.window
    flags = window.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.FramelessWindowHint
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    counter.qtbot.waitUntil(lambda: QApplication.activeWindow() is other)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))  # by a system that heeds no flag
    counter.qtbot.waitUntil(lambda: QApplication.activeWindow() is counter.window)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    counter.qtbot.waitUntil(lambda: counter.chosen() == "Week pass")


def test_a_screen_that_goes_takes_it_along_and_one_that_comes_brings_it_back(
    counter: Counter, display: CustomerDisplay, cables: Cables
) -> None:
    counter.choose("2")
    counter.write("0712")
    for _ in range(3):
        cables.plug(TILL)
        assert not display.window.isVisible()
        cables.plug(TILL, SECOND)
        assert display.window.isVisible()
        assert display.window.geometry() == SECOND.geometry
        assert read(display) == ["KES 250", "Jumla", "Total"]
    assert QApplication.activeWindow() is counter.window
    assert counter.page.form.phone.edit.hasFocus()
    counter.write("345678")
    assert counter.page.form.phone.text() == "0712 345 678"


def test_a_screen_of_the_systems_own_is_filled_and_nothing_asks_for_the_focus(
    counter: Counter, display: CustomerDisplay, cables: Cables
) -> None:
    """Any line of Qt's that the display asks to be the active window fails a test."""
    cables.plug(TILL, Monitor("own", QRect(900, 0, 800, 800), QApplication.primaryScreen()))
    assert display.window.isFullScreen()
    assert QApplication.activeWindow() is counter.window


def test_it_makes_way_for_the_till_and_for_a_screen_that_shows_the_same(
    counter: Counter, display: CustomerDisplay, cables: Cables
) -> None:
    cables.till = [SECOND.geometry]
    counter.window.move(counter.window.pos().x() + 5, 5)
    counter.qtbot.waitUntil(lambda: display.window.geometry() == TILL.geometry)
    cables.till = [TILL.geometry]
    counter.window.move(counter.window.pos().x() + 5, 6)
    counter.qtbot.waitUntil(lambda: display.window.geometry() == SECOND.geometry)
    cables.plug(TILL, Monitor("second", TILL.geometry))
    assert not display.window.isVisible()


def test_only_the_screen_that_was_chosen_is_taken(counter: Counter, display: CustomerDisplay, cables: Cables) -> None:
    third = Monitor("third", QRect(800, 600, 640, 480))
    display.use_screen("third")
    assert not display.window.isVisible()
    cables.plug(TILL, SECOND, third)
    assert display.window.geometry() == third.geometry
    display.use_screen("")
    assert display.window.geometry() == SECOND.geometry


def test_the_clock_goes_on_by_itself(counter: Counter, display: CustomerDisplay) -> None:
    counter.harness.clock.advance(60)
    part(display.window, QTimer, "displayClock").timeout.emit()
    assert read(display)[-1] == "14:01"


def put_up(counter: Counter) -> CustomerDisplay | None:
    """The display of the window, where one is chosen."""
    return counter.window.outside.display if counter.window.outside else None


def test_it_is_off_until_it_is_chosen_and_goes_with_the_till(counter: Counter) -> None:
    assert put_up(counter) is None
    counter.choose("2")
    preferences = counter.window.preferences
    preferences.choose(CUSTOMER_SCREEN, "HDMI-9")
    preferences.choose(CUSTOMER_DISPLAY, "on")
    display = put_up(counter)
    assert display is not None
    assert not display.window.isVisible()  # there is one screen, and the till needs it
    assert read(display) == ["KES 250", "Jumla", "Total"]
    preferences.choose(CUSTOMER_SCREEN, "")
    preferences.choose(CUSTOMER_DISPLAY, "off")
    assert not isValid(display.window)
    preferences.choose(CUSTOMER_DISPLAY, "on")
    again = put_up(counter)
    assert again is not None
    assert again is not display
    counter.window.show_closed([])
    assert not isValid(again.window)


def test_what_comes_right_after_it_was_switched_off_is_shown_nowhere(counter: Counter) -> None:
    """A payment's change may be on its way to the window already."""
    preferences = counter.window.preferences
    preferences.choose(CUSTOMER_DISPLAY, "on")
    display = put_up(counter)
    assert display is not None
    preferences.choose(CUSTOMER_DISPLAY, "off")
    counter.choose("2")
    assert not isValid(display)


@pytest.mark.parametrize("size", [(1024, 600), (1920, 1080), (800, 1280), (320, 200)])
def test_every_word_has_room(counter: Counter, display: CustomerDisplay, size: tuple[int, int]) -> None:
    window = display.window
    window.resize(*size)
    assert faults_of(window, ()) == []
    payment = counter.ask("2", ALICE)
    until_read(counter, display, WAITING)
    assert faults_of(window, ()) == []
    counter.hear(payment, Result.SUCCESS)
    until_read(counter, display, ["KES 250", "Imelipwa", "Paid"])
    assert faults_of(window, ()) == []
