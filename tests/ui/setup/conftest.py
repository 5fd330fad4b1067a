"""A person before the set-up."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.ui.bridge import Tasks
from pos_app.ui.setup.pane import Pane
from pos_app.ui.setup.wizard import SetupWizard
from pos_app.ui.theme import Look
from tests.conftest import Shelf
from tests.ui.setup.desk import MemoryDesk


class Owner:
    """Types, clicks and reads in one window of the set-up."""

    def __init__(self, window: QWidget, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot

    def part(self, name: str) -> QWidget:
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def sees(self, name: str) -> bool:
        return self.part(name).isVisibleTo(self.window)

    def type(self, **fields: str) -> None:
        """Type into fields, by their names."""
        for name, text in fields.items():
            edit = self.part(name)
            if isinstance(edit, QPlainTextEdit):
                edit.setPlainText(text)
            else:
                assert isinstance(edit, QLineEdit)
                assert edit.isEnabled()
                edit.setText(text)

    def reads(self, name: str) -> str:
        edit = self.part(name)
        assert isinstance(edit, QLineEdit)
        return edit.text()

    def click(self, name: str) -> None:
        button = self.part(name)
        assert isinstance(button, QAbstractButton)
        assert button.isEnabled()
        button.click()

    def until(self, happened: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(happened)

    def settles(self, pane: Pane) -> None:
        """Wait until nothing is under way on a pane."""
        self.until(lambda: not pane.working)

    def keeps(self, pane: Pane) -> None:
        """Keep a pane; it must let one go on."""
        with self._qtbot.waitSignal(pane.kept):
            pane.keep()

    def is_refused(self, pane: Pane) -> str:
        """Keep a pane; gives the words with which that is refused."""
        with self._qtbot.assertNotEmitted(pane.kept):
            pane.keep()
            self.until(lambda: bool(pane.trouble))
        return pane.trouble


@pytest.fixture
def desk(shelf: Shelf) -> MemoryDesk:
    return MemoryDesk(shelf.till)


@pytest.fixture
def show(look: Look, qtbot: QtBot) -> Iterator[Callable[[Pane], Owner]]:
    """Puts a pane on the screen, with what is set already in it."""
    shown: list[Pane] = []

    def show(pane: Pane) -> Owner:
        shown.append(pane)
        pane.resize(700, 600)
        pane.show()
        pane.load()
        owner = Owner(pane, qtbot)
        owner.settles(pane)
        return owner

    yield show
    for pane in shown:
        delete(pane)


@pytest.fixture
def wizard(desk: MemoryDesk, tasks: Tasks, look: Look) -> Iterator[SetupWizard]:
    made = SetupWizard(desk, tasks)
    yield made
    delete(made)
