"""T21: what fingers and scanners do: slips ask nobody, and a customer is asked once, for what was chosen."""

from collections.abc import Callable
from random import Random

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_app.domain.payment import State
from tests.faults.simulation.window import Patience, at_the_counter
from tests.ui.counter import Counter

_TEA = "4006381333931"  # on the shelf
_CODES = (_TEA, _TEA, "5012345678900", "0712345678901", "2000000000008", "1234567890128")
_FOCUS = ("phone", "findPost", "ask")
_LEFT = Qt.MouseButton.LeftButton
_CONTROL = Qt.KeyboardModifier.ControlModifier


class Operator:
    """Somebody in a hurry. All chance comes from `random`."""

    def __init__(self, counter: Counter, random: Random) -> None:
        self._counter = counter
        self._random = random
        self._habits: tuple[Callable[[], None], ...] = (
            self._click, self._double_click, self._enter, self._double_enter, self._held_enter, self._control_enter,
            self._keypad, self._scan, self._look_elsewhere,
        )  # fmt: skip
        self._slips: tuple[Callable[[], None], ...] = (self._scan, self._scan_with_two_enters, self._still_held)

    def choose(self, phone: str) -> None:
        """A post and a phone, typed or scanned, with a scan into the middle of it now and then."""
        if self._random.random() < 0.3:
            self._counter.scan(_TEA)
        else:
            self._counter.choose(self._random.choice("124"))
        middle = self._random.randrange(1, len(phone))
        self._counter.write(phone[:middle])
        if self._random.random() < 0.5:
            self._counter.part(QWidget, "phone").setFocus()
            self._scan()
            self._counter.part(QWidget, "phone").setFocus()
        self._counter.write(phone[middle:])

    def slip(self) -> None:
        """Up to three things that are no press of the button, wherever the cursor is."""
        for _ in range(self._random.randrange(4)):
            self._counter.part(QWidget, self._random.choice(_FOCUS)).setFocus()
            self._random.choice(self._slips)()

    def hurry(self) -> None:
        """Two to nine presses of all kinds, as fast as it goes, or a moment apart."""
        for _ in range(self._random.randint(2, 9)):
            if self._random.random() < 0.3:
                self._counter.part(QWidget, self._random.choice(_FOCUS)).setFocus()
            self._random.choice(self._habits)()
            if self._random.random() < 0.3:
                self._counter.harness.clock.advance(self._random.uniform(0.05, 1.5))
            if self._random.random() < 0.3:
                QApplication.processEvents()

    def _click(self) -> None:
        QTest.mouseClick(self._counter.button("ask"), _LEFT)

    def _double_click(self) -> None:
        self._click()
        QTest.mouseDClick(self._counter.button("ask"), _LEFT)

    def _enter(self) -> None:
        self._counter.press(Qt.Key.Key_Return, "\r", gap=self._random.choice((10, 120, 900)))

    def _double_enter(self) -> None:
        self._counter.press(Qt.Key.Key_Return, "\r")
        self._counter.press(Qt.Key.Key_Enter, "\r", gap=60)

    def _held_enter(self) -> None:
        """The keyboard repeats it until it is let go."""
        self._counter.press(Qt.Key.Key_Return, "\r")
        for _ in range(self._random.randint(3, 30)):
            self._counter.press(Qt.Key.Key_Return, "\r", gap=33, repeat=True)
        self._release(Qt.Key.Key_Return)

    def _control_enter(self) -> None:
        self._counter.press(Qt.Key.Key_Return, "\r", modifiers=_CONTROL, repeat=self._random.random() < 0.3)

    def _keypad(self) -> None:
        QTest.mouseClick(self._counter.button("keyEnter"), _LEFT)

    def _scan(self) -> None:
        self._counter.scan(self._random.choice(_CODES))

    def _scan_with_two_enters(self) -> None:
        """As some scanners are set."""
        self._scan()
        self._counter.press(Qt.Key.Key_Return, "\r", gap=8)

    def _still_held(self) -> None:
        """An Enter that was pressed before, elsewhere."""
        for _ in range(self._random.randint(1, 5)):
            self._counter.press(Qt.Key.Key_Return, "\r", gap=33, repeat=True)

    def _look_elsewhere(self) -> None:
        self._counter.press(Qt.Key.Key_Tab, "\t")

    def _release(self, key: Qt.Key) -> None:
        target = self._counter.window.focusWidget() or self._counter.window
        QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier, "\r"))


def hasty(seed: int, runs: int) -> None:
    """So many customers, each served in a hurry."""
    random, asked = Random(seed), list[str]()
    with at_the_counter() as (counter, patience, _):
        counter.page.form.send.connect(lambda _: asked.append(counter.button("ask").text()))
        for number in range(runs):
            asked.clear()
            _serve(counter, patience, random, f"07{number:08}", asked)


def _serve(counter: Counter, patience: Patience, random: Random, phone: str, asked: list[str]) -> None:
    """One customer. `asked`: what stood on the button, each time that the form asks for the prompt."""
    operator, harness, form = Operator(counter, random), counter.harness, counter.page.form
    pushes = len(harness.gateway.pushes)
    counter.next_customer()
    operator.choose(phone)
    operator.slip()
    assert form.phone.text().replace(" ", "") == phone, f"typed {phone}, and {form.phone.text()} stands there"
    assert form.basket
    assert counter.shown() == "form"
    assert not asked, "a slip asked the customer"
    operator.hurry()
    QTest.mouseClick(counter.button("ask"), _LEFT)  # where nothing of all this was a press; else it is one too many
    patience.waitUntil(lambda: len(harness.gateway.pushes) > pushes)
    patience.waitUntil(lambda: [payment.state for payment in counter.page.active.payments()[:1]] == [State.PROMPTED])
    _nothing_more_comes(counter, patience)
    [push] = harness.gateway.pushes[pushes:]
    assert push.phone == f"254{phone[1:]}", "somebody else was asked"
    assert asked == [f"Ask for KES {push.amount:,}"], f"asked {asked} times, and not once for what stood there"
    assert len(harness.till.reader.open_payments("A")) == pushes + 1, "another payment beside it"


def _nothing_more_comes(counter: Counter, patience: Patience) -> None:
    """What was set going has come to its end: whatever is started now comes after it."""
    ended: list[object] = []
    for _ in range(2):  # one charge after the other could be waiting
        counter.tasks.run(lambda: None, ended.append)
    patience.waitUntil(lambda: len(ended) == 2)
