"""A person before the set-up."""

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.settings.section import Pane
from pos_app.ui.settings.wizard import SetupWizard


class Owner:
    """Types, clicks and reads in one window of the set-up."""

    def __init__(self, window: QWidget, qtbot: QtBot, patience: int = 5_000) -> None:
        self.window = window
        self._qtbot = qtbot
        self._patience = patience  # ms

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
        self._qtbot.waitUntil(happened, timeout=self._patience)

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


class Walker(Owner):
    """Goes from page to page."""

    def __init__(self, wizard: SetupWizard, qtbot: QtBot, patience: int = 5_000) -> None:
        super().__init__(wizard, qtbot, patience)
        self.wizard = wizard
        wizard.show()
        wizard.start()
        self.arrives()

    @property
    def page(self) -> str:
        return self.wizard.pane.objectName()

    def arrives(self, page: str = "") -> None:
        self.until(lambda: not self.wizard.starting and not self.wizard.pane.working and page in ("", self.page))

    def goes_on(self, page: str) -> None:
        self.click("setupNext")
        self.arrives(page)

    def goes_back(self, page: str) -> None:
        self.click("setupBack")
        self.arrives(page)
