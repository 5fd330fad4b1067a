"""A whole shop on this machine: window, till, listener, SQLite, and M-PESA over real HTTP."""

import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import JournalLine, Payment, State
from pos_app.domain.search import Search
from pos_app.sales.till import PracticePhone, Till
from pos_app.settings.settings import Settings, load
from pos_app.simulator import Simulator, SimulatorOptions
from pos_app.ui.application import Session
from pos_app.ui.charge.keys import ENTER_PAUSE
from pos_app.ui.main_window import MainWindow
from pos_app.ui.style.theme import Scheme, ThemeManager

WAIT = 15_000  # ms
KEY_GAP = 200  # ms between two keys: a person, not a scanner
_pressed_at = count(KEY_GAP, KEY_GAP)  # ms; the keys carry their times, so that no test waits between them


class Operator:
    """Sits before an open window and uses the keyboard."""

    def __init__(self, window: MainWindow, opened: OpenTill, qtbot: QtBot) -> None:
        self.window = window
        self.till = opened.till
        self.opened = opened
        self._qtbot = qtbot
        self._enter_again = 0.0  # when the till takes another Enter

    def charge(self, favourite: str, phone: str) -> None:
        """Pick a post by Ctrl and its key, type the phone, press Enter."""
        self.until(lambda: self.window.charge is not None and self.window.charge.grid.favourite(1) is not None)
        press(self.window, Qt.Key(ord(favourite)), modifiers=Qt.KeyboardModifier.ControlModifier)
        for digit in phone:
            press(self.window, Qt.Key(ord(digit)), digit)
        self.until(lambda: self.till.clock.monotonic() >= self._enter_again)
        press(self.window, Qt.Key.Key_Return, "\r")
        self._enter_again = self.till.clock.monotonic() + ENTER_PAUSE

    def sees(self, words: str) -> None:
        """Wait until the panel on the right says this."""
        self.until(lambda: words in self.panel())

    def panel(self) -> str:
        """Everything the panel on the right says now."""
        charge = self.window.charge
        assert charge is not None
        panel = next(panel for panel in (charge.result, charge.progress, charge.form) if panel.isVisible())
        return "\n".join(_texts(panel))

    def press(self, name: str) -> None:
        """Press a button by its name."""
        button = self.window.findChild(QWidget, name)
        assert button is not None, name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for it."""
        self._qtbot.waitUntil(happened, timeout=WAIT)

    def payments(self) -> list[Payment]:
        """What the store holds, newest first."""
        return self.till.reader.search(Search())

    def journal(self) -> list[JournalLine]:
        """The newest payment's journal."""
        return self.till.reader.journal(self.payments()[0].id)

    def becomes(self, state: State) -> Payment:
        """Wait until the newest payment is there in the store, and give it."""
        self.until(lambda: bool(self.payments()) and self.payments()[0].state is state)
        return self.payments()[0]


def opened_or_said_why(window: MainWindow) -> bool:
    """Whether the till is open; fails at once where it cannot be."""
    trouble = window.findChild(QWidget, "errorPage")
    assert trouble is None, "\n".join(_texts(window))
    return window.charge is not None


def press(
    widget: QWidget,
    key: Qt.Key,
    text: str = "",
    *,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press a key where the focus is, not as quick as a scanner."""
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text)
    event.setTimestamp(next(_pressed_at))
    QApplication.sendEvent(widget.focusWidget() or widget, event)


def _texts(panel: QWidget) -> Iterator[str]:
    for widget in panel.findChildren(QWidget):
        text = getattr(widget, "text", None)
        if widget.isVisible() and callable(text):
            yield str(text())


class Shop:
    """Opens and closes the till as a person does."""

    def __init__(self, settings: Settings, qtbot: QtBot) -> None:
        self.settings = settings
        self._qtbot = qtbot

    @contextmanager
    def open(self) -> Iterator[Operator]:
        """The window with its till open; closed in order at the end."""
        opened: list[OpenTill] = []

        def build(
            tell_saving: Callable[[bool], None], tell_damage: Callable[[str], None], _: Callable[[], None]
        ) -> tuple[Till, PracticePhone | None]:
            opened.append(
                open_till(self.settings, on_saving=tell_saving, on_damage=tell_damage, customer_by_himself=False)
            )
            if not opened[0].till.catalogue.posts():
                opened[0].till.catalogue.add(draft_post("Day pass", 50, 1, 1))
                opened[0].till.catalogue.add(draft_post("Tea", 30, 0, 2))
            return opened[0].till, opened[0].phone

        window = MainWindow(self.settings.shop, self.settings.till)
        instance = f"kaunta-test-{uuid.uuid4().hex[:12]}"
        session = Session(window, build, lambda: opened[0].close(), instance)
        window.show()
        session.open()
        self._qtbot.waitUntil(lambda: opened_or_said_why(window), timeout=WAIT)
        window.activateWindow()
        self._qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=WAIT)
        try:
            yield Operator(window, opened[0], self._qtbot)
        finally:
            window.close()  # and once more, where it stays to say what is left
            self._qtbot.waitUntil(lambda: window.close() and not window.isVisible(), timeout=WAIT)
            session.tasks.close(wait=20)
            window.deleteLater()


@pytest.fixture
def mpesa(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """M-PESA, where customers do what a test scripts. Its parameter is how many seconds a prompt stays (60)."""
    with Simulator(
        SimulatorOptions(customer=None, delay=0.1, ignore_after=getattr(request, "param", 60.0))
    ) as simulator:
        yield simulator


@pytest.fixture
def settings(mpesa: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "PASSKEY"):
        monkeypatch.setenv(f"POS_{name}", f"practice-{name.lower().removeprefix('consumer_')}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return load(
        tmp_path,
        False,
        {
            "POS_ENVIRONMENT": "sandbox",
            "POS_DARAJA_URL": mpesa.url,
            "POS_SHORTCODE": "174379",
            "POS_CALLBACK": "url",
            "POS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "POS_LISTEN_PORT": str(port),
            "POS_QUERY_AFTER": "2",
        },
    )


@pytest.fixture
def shop(settings: Settings, qapp: QApplication, qtbot: QtBot) -> Shop:
    ThemeManager(qapp, Scheme.LIGHT).apply()
    return Shop(settings, qtbot)


@pytest.fixture
def operator(shop: Shop) -> Iterator[Operator]:
    with shop.open() as operator:
        yield operator
