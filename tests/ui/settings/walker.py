"""A person before the set-up."""

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.ui.recovery.code_dialog import RecoveryCodeDialog
from pos_app.ui.settings.section import Section
from pos_app.ui.settings.wizard import SetupWizard
from tests.ui.parts import part


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

    def settles(self, section: Section) -> None:
        """Wait until nothing is under way on a section."""
        self.until(lambda: not section.working)

    def writes_down(self) -> str:
        """The recovery code, which is shown this once; gives it."""
        self.until(lambda: bool(self.window.findChildren(RecoveryCodeDialog)))
        dialog = self.window.findChildren(RecoveryCodeDialog)[0]
        code = str(dialog._code)
        part(dialog, QAbstractButton, "recoveryWritten").click()
        self.until(lambda: not self.window.findChildren(RecoveryCodeDialog))
        return code

    def keeps_and_writes_down(self, section: Section) -> None:
        """Keep a section that shows a recovery code before one goes on."""
        with self._qtbot.waitSignal(section.kept):
            section.keep()
            self.writes_down()

    def keeps(self, section: Section) -> None:
        """Keep a section; it must let one go on."""
        with self._qtbot.waitSignal(section.kept):
            section.keep()

    def is_refused(self, section: Section) -> str:
        """Keep a section; gives the words with which that is refused."""
        with self._qtbot.assertNotEmitted(section.kept):
            section.keep()
            self.until(lambda: bool(section.trouble))
        return section.trouble


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
        return self.wizard.section.objectName()

    def arrives(self, page: str = "") -> None:
        self.until(lambda: not self.wizard.starting and not self.wizard.section.working and page in ("", self.page))

    def goes_on(self, page: str) -> None:
        self.click("setupNext")
        self.arrives(page)

    def goes_back(self, page: str) -> None:
        self.click("setupBack")
        self.arrives(page)
