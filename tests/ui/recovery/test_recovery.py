"""The recovery code before a person: shown once and not taken away by habit, typed where a passphrase is forgotten."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.recovery_code import make_code, read_code
from pos_app.errors import BadInput
from pos_app.ui.recovery.code_dialog import RecoveryCodeDialog
from pos_app.ui.recovery.forgotten import ForgottenButton, RecoverDialog
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from tests.ui.layout import faults_of
from tests.ui.parts import part

NEW = "mama njeri 1988"


@pytest.fixture
def window(theme: ThemeManager) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(700, 500)
    made.show()
    yield made
    delete(made)


@pytest.fixture
def shown(window: QWidget, tasks: Tasks) -> RecoveryCodeDialog:
    dialog = RecoveryCodeDialog(make_code(), tasks, window, look_for_printers=lambda: ["one"], choose=lambda _: None)
    dialog.open()
    return dialog


def press(dialog: QWidget, name: str) -> None:
    part(dialog, QAbstractButton, name).click()


def test_habit_does_not_take_it_away(shown: RecoveryCodeDialog) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
        QTest.keyClick(shown, key)
        QTest.keyClick(part(shown, QAbstractButton, "recoveryCopy"), key)
    assert shown.isVisible()
    press(shown, "recoveryWritten")


def test_it_is_copied_on_one_line(shown: RecoveryCodeDialog) -> None:
    press(shown, "recoveryCopy")
    assert read_code(QGuiApplication.clipboard().text()) == QGuiApplication.clipboard().text()
    assert shown.said.startswith("Copied")
    QGuiApplication.clipboard().clear()


def test_it_is_printed_with_what_it_is_for(
    window: QWidget, tasks: Tasks, qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    paper = tmp_path_factory.mktemp("paper") / "code.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(paper))
    dialog = RecoveryCodeDialog(make_code(), tasks, window, look_for_printers=lambda: ["one"], choose=lambda _: printer)
    dialog.open()
    press(dialog, "recoveryPrint")
    qtbot.waitUntil(lambda: dialog.said == "Printed.")
    assert paper.read_bytes().startswith(b"%PDF")


def test_who_chooses_no_printer_prints_nothing(shown: RecoveryCodeDialog, qtbot: QtBot) -> None:
    press(shown, "recoveryPrint")
    qtbot.waitUntil(lambda: shown.said == "")
    assert part(shown, QAbstractButton, "recoveryPrint").isEnabled()


@pytest.mark.parametrize("said", ["There is no printer on this computer. Write the code down."])
def test_without_a_printer_it_is_written_down(window: QWidget, tasks: Tasks, qtbot: QtBot, said: str) -> None:
    def none() -> None:
        raise BadInput(said)

    dialog = RecoveryCodeDialog(make_code(), tasks, window, look_for_printers=none)
    dialog.open()
    press(dialog, "recoveryPrint")
    qtbot.waitUntil(lambda: dialog.said == said)


class Forgotten:
    """An owner who presses the button, before a shop whose code is `right`."""

    def __init__(self, window: QWidget, tasks: Tasks, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.right, self.passphrase, self.next = make_code(), "", make_code()
        self.may_answer = threading.Event()
        self.may_answer.set()
        button = ForgottenButton("gate", tasks, self.recover)
        button.setParent(window)
        button.click()

    def recover(self, code: str, passphrase: str) -> str:
        assert self.may_answer.wait(10)
        if read_code(code) != self.right:
            raise BadInput("That is not the recovery code of this shop.")
        self.passphrase = passphrase
        return self.next

    @property
    def dialog(self) -> RecoverDialog:
        return self.window.findChildren(RecoverDialog)[0]

    def type(self, code: str, new: str = NEW, again: str = NEW) -> None:
        for name, text in (("recoverCode", code), ("recoverNew", new), ("recoverAgain", again)):
            part(self.dialog, QLineEdit, name).setText(text)
        QTest.keyClick(part(self.dialog, QLineEdit, "recoverAgain"), Qt.Key.Key_Return)

    def is_told(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.dialog.trouble)


@pytest.fixture
def forgotten(window: QWidget, tasks: Tasks, qtbot: QtBot) -> Forgotten:
    return Forgotten(window, tasks, qtbot)


def test_a_new_passphrase_is_chosen_and_the_next_code_is_shown(forgotten: Forgotten, qtbot: QtBot) -> None:
    forgotten.type(forgotten.right.lower())
    qtbot.waitUntil(lambda: bool(forgotten.window.findChildren(RecoveryCodeDialog)))
    assert forgotten.passphrase == NEW
    shown = part(forgotten.window, QWidget, "recoveryCode")
    assert "".join(forgotten.next.split("-")) == "".join(shown.text().split())  # type: ignore[attr-defined]


def test_what_is_wrong_is_said_and_everything_typed_stays(forgotten: Forgotten) -> None:
    forgotten.type(forgotten.right, again="mama njeri 1978")
    forgotten.is_told("not the same")
    forgotten.type(forgotten.right[:-1])
    forgotten.is_told("Here are 29")
    forgotten.type(forgotten.next)
    forgotten.is_told("not the recovery code of this shop")
    assert part(forgotten.dialog, QLineEdit, "recoverCode").text() == forgotten.next
    assert forgotten.passphrase == ""


def test_while_it_is_saved_nobody_leaves_by_habit_and_once_left_nobody_is_shown_the_code(
    forgotten: Forgotten, tasks: Tasks, qtbot: QtBot
) -> None:
    forgotten.may_answer.clear()
    forgotten.type(forgotten.right)
    QTest.keyClick(forgotten.dialog, Qt.Key.Key_Escape)
    assert forgotten.dialog.isVisible()
    forgotten.dialog.reject()  # as the lock does
    qtbot.waitUntil(lambda: not forgotten.window.findChildren(RecoverDialog))
    with qtbot.waitSignal(tasks.trouble) as said:
        forgotten.may_answer.set()
    assert "nobody has seen" in said.args[0]
    assert not forgotten.window.findChildren(RecoveryCodeDialog)


def test_esc_leaves_before(forgotten: Forgotten, qtbot: QtBot) -> None:
    QTest.keyClick(forgotten.dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not forgotten.window.findChildren(RecoverDialog))


def test_nothing_is_cut(shown: RecoveryCodeDialog, forgotten: Forgotten) -> None:
    assert faults_of(shown, []) == []
    assert faults_of(forgotten.dialog, []) == []
