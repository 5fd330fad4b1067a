"""A person at the counter: types on the window as the operator does, and reads what it says."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from decimal import Decimal
from typing import Protocol

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Change, Payment, State
from pos_app.domain.payment_event import Callback, Result
from pos_app.ui.charge.page import ChargePage
from pos_app.ui.main_window import SIZE, MainWindow
from pos_app.ui.shell.help_panel import HelpPanel
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.buttons import Button
from tests.support.till_harness import TillHarness
from tests.ui.parts import Part, part

PERSON = 200  # ms between two keys
SCANNER = 8


class Bot(Protocol):
    """Who waits while the window lives: pytest-qt's bot fits."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = ...) -> None:
        """Until it is true, at most so many ms."""
        ...


class Counter:
    """Drives a window whose till is open."""

    def __init__(self, window: MainWindow, harness: TillHarness, qtbot: Bot) -> None:
        assert window.charge is not None
        self.window = window
        self.page: ChargePage = window.charge
        self.harness = harness
        self.qtbot = qtbot
        self._at = 1_000

    def press(
        self,
        key: Qt.Key,
        text: str = "",
        *,
        gap: int = PERSON,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        repeat: bool = False,
    ) -> None:
        """Press a key `gap` ms after the last one, wherever the focus is."""
        self._at += gap
        event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text, repeat)
        event.setTimestamp(self._at)
        dialog = QApplication.focusWidget() if QApplication.activeWindow() is not self.window else None
        QApplication.sendEvent(dialog or self.window.focusWidget() or self.window, event)

    def write(self, text: str, gap: int = PERSON) -> None:
        """Type characters."""
        for place, character in enumerate(text):
            pause = PERSON if place == 0 else gap
            self.press(Qt.Key(ord(character.upper())), character, gap=pause)

    def enter(self, gap: int = PERSON, *, repeat: bool = False) -> None:
        """Press Enter, more than the pause after the last one."""
        self.harness.clock.advance(1)
        self.press(Qt.Key.Key_Return, "\r", gap=gap, repeat=repeat)

    def scan(self, code: str) -> None:
        """Hold an article before the scanner: a burst of keys, then Enter."""
        self.write(code, gap=SCANNER)
        self.enter(gap=SCANNER)

    def function(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key that is bound in the window."""
        QTest.keyClick(self.window, key, modifiers)

    @property
    def tasks(self) -> Tasks:
        """What the window runs on threads."""
        assert self.window.opened is not None
        return self.window.opened.tasks

    def part(self, kind: type[Part], name: str) -> Part:
        """A part by its name."""
        return part(self.window, kind, name)

    def help(self) -> HelpPanel:
        """The panel of the keys that is shown; one that was closed may not be gone yet."""
        return next(panel for panel in self.window.findChildren(HelpPanel) if panel.isVisible())

    def button(self, name: str) -> Button:
        """A button by its name."""
        return self.part(Button, name)

    def choose(self, favourite: str, gap: int = PERSON) -> None:
        """Press Ctrl and the digit of a post."""
        self.chord(favourite, gap=gap)

    def chord(
        self, digit: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier, gap: int = PERSON
    ) -> None:
        """Press a digit or letter with Ctrl, or with what is asked."""
        self.press(Qt.Key(ord(digit.upper())), digit, gap=gap, modifiers=modifiers)

    def chosen(self) -> str:
        """What the customer pays for: `Tea`, `Day pass + Tea x2`."""
        return " + ".join(
            one.post.title if one.quantity == "1" else f"{one.post.title} x{one.quantity}"
            for one in self.page.form.basket
        )

    def ask(self, favourite: str, phone: str) -> Payment:
        """Charge a customer, and wait until M-PESA has answered the push."""
        before = self._newest_id()
        self.choose(favourite)
        self.write(phone)
        self.enter()
        self.qtbot.waitUntil(lambda: self._newest_id() > before)
        self.qtbot.waitUntil(lambda: self._answered())
        return self.page.active.payments()[0]

    def _newest_id(self) -> int:
        return max((payment.id for payment in self.page.active.payments()), default=0)

    def _answered(self) -> bool:
        """The panel shows it: until it is known that it was saved, the form takes nothing of the next customer."""
        return self.page.active.payments()[0].state is not State.REQUESTED and self.page.shown is not None

    def shown(self) -> str | None:
        """The name of the panel on the right: "form", "progress", "result"."""
        panels = {"form": self.page.form, "progress": self.page.progress, "result": self.page.result}
        return next((name for name, panel in panels.items() if panel.isVisible()), None)

    def hear(self, payment: Payment, result: Result, code: str = "0", amount: int | None = None) -> None:
        """M-PESA says what became of a payment."""
        self.tell(payment, result, code, amount).result()

    def tell(
        self, payment: Payment, result: Result, code: str = "0", amount: int | None = None
    ) -> "Future[Change | None]":
        """The same, and nobody waits until it is saved."""
        success = result is Result.SUCCESS
        return self.harness.till.ledger.record(
            Callback(
                result,
                code,
                payment.merchant_request_id,
                payment.checkout_request_id,
                Decimal(amount or payment.amount) if success else None,
                f"UKN{payment.id:07}" if success else None,
            ),
            payment,
        )

    def next_customer(self) -> None:
        """Make room for the next one, whatever is shown."""
        self.function(Qt.Key.Key_F2)


def stock(harness: TillHarness) -> list[Post]:
    """What the shop sells: three favourites, one with a barcode."""
    return harness.till.catalogue.add_all(
        [
            draft_post("Day pass", 50, 1, 1),
            draft_post("Week pass", 250, 7, 2),
            draft_post("Tea", 30, 0, 4, "4006381333931"),
        ]
    )


@contextmanager
def open_counter(
    harness: TillHarness,
    tasks: Tasks,
    events: TillEvents,
    qtbot: Bot,
    early: Callable[[MainWindow], None] | None = None,
) -> Iterator[Counter]:
    """A window with an open till, ready to type on; `early` is done while it opens."""
    window = MainWindow(harness.till.shop, "A")
    window.resize(*SIZE)  # the tests' screen is smaller
    window.show()
    window.open_till(harness.till, tasks, events, None)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    if early:
        early(window)
    qtbot.waitUntil(lambda: window.charge is not None)
    made = Counter(window, harness, qtbot)
    qtbot.waitUntil(lambda: made.page.grid.favourite(1) is not None)
    yield made
    window.let_go()
    delete(window)
