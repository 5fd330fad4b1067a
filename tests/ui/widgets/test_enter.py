"""Enter in a dialog: the button that has the focus, and nothing else."""

import importlib
import inspect
import pkgutil

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QMessageBox, QVBoxLayout
from pytestqt.qtbot import QtBot

import pos_app.ui
from pos_app.ui.settings.wizard import SetupWizard
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.enter import ENTER, Dialog


class Asking(Dialog):
    """A field, a button that does something, and one that does not; what was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.confirm, self.cancel = Button("Pay", name="confirm"), Button("Cancel", name="cancel")
        self.confirm.setDefault(True)
        self.pressed: list[str] = []
        column = QVBoxLayout(self)
        for part in (self.field, self.confirm, self.cancel):
            column.addWidget(part)
        self.confirm.clicked.connect(lambda: self.pressed.append("confirm"))
        self.cancel.clicked.connect(lambda: self.pressed.append("cancel"))


@pytest.fixture
def asking(qtbot: QtBot, theme: ThemeManager) -> Asking:
    dialog = Asking()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize("key", ENTER)
def test_a_stray_enter_confirms_nothing(asking: Asking, key: Qt.Key) -> None:
    asking.field.setFocus()
    QTest.keyClick(asking.field, key)
    QTest.keyClick(asking, key)
    assert asking.pressed == []
    assert asking.isVisible()


@pytest.mark.parametrize("key", ENTER)
def test_enter_presses_the_button_that_has_the_focus(asking: Asking, key: Qt.Key) -> None:
    asking.cancel.setFocus()
    QTest.keyClick(asking.cancel, key)
    assert asking.pressed == ["cancel"]


def test_with_another_key_held_it_presses_nothing(asking: Asking) -> None:
    asking.cancel.setFocus()
    QTest.keyClick(asking.cancel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asking.pressed == []


def test_esc_closes_it(asking: Asking) -> None:
    QTest.keyClick(asking, Qt.Key.Key_Escape)
    assert not asking.isVisible()


def test_every_dialog_of_the_window_is_one() -> None:
    """Also one that somebody writes next year; the set-up's Enter goes on, by `ui/settings/enter_key.py`."""
    found = pkgutil.walk_packages(pos_app.ui.__path__, "pos_app.ui.")
    modules = [importlib.import_module(module.name) for module in found]
    classes = {each for module in modules for _, each in inspect.getmembers(module, inspect.isclass)}
    ours = {each for each in classes if issubclass(each, QDialog) and each.__module__.startswith("pos_app")}
    assert len(ours) > 5
    assert {each for each in ours if not issubclass(each, Dialog)} == {SetupWizard}
    assert QMessageBox not in classes
