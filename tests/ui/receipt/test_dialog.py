"""The receipt dialog: it shows, prints, copies and keeps, and its troubles are words."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.domain.payment import Payment, State
from pos_app.errors import BadInput
from pos_app.sales.owner import MoneyBack
from pos_app.sales.till import Till
from pos_app.ui.preferences import Chosen, Preferences
from pos_app.ui.receipt.dialog import ReceiptDialog
from pos_app.ui.receipt.slip_view import SlipView
from pos_app.ui.receipt.system_printers import NO_PRINTER
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.ui.selling import add_posts, now, pay, sell

Open = Callable[..., ReceiptDialog]


@pytest.fixture
def paid(till: Till) -> Payment:
    return pay(till, sell(till, add_posts(till)[0], "0712345678"))


@pytest.fixture
def open_dialog(till: Till, tasks: Tasks, theme: ThemeManager, paid: Payment, qtbot: QtBot) -> Open:
    """A dialog for the paid payment, its receipt loaded."""

    def open_it(**choosers: object) -> ReceiptDialog:
        choosers.setdefault("look_for_printers", lambda: ["Counter"])
        dialog = ReceiptDialog(till, tasks, paid.id, **choosers)  # type: ignore[arg-type]
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        qtbot.waitUntil(lambda: bool(dialog.text))
        come_forward(dialog, qtbot)
        return dialog

    return open_it


def come_forward(dialog: ReceiptDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def words(dialog: ReceiptDialog) -> str:
    found = dialog.findChild(QLabel, "receiptWords")
    assert found is not None
    return found.text()


def printer_to(path: Path) -> QPrinter:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def prints(till: Till, payment: Payment) -> int:
    return sum(line.kind == "printed" for line in till.reader.journal(payment.id))


def test_it_shows_the_receipt_as_it_will_be_printed(open_dialog: Open) -> None:
    dialog = open_dialog()
    slip = dialog.findChild(SlipView)
    assert slip is not None

    assert "UKN4X7Q2ZT" in dialog.text
    assert "MAZOEZI" in dialog.text
    assert "COPY" not in dialog.text
    assert slip.accessibleDescription() == dialog.text
    assert slip.width() > 300


def test_ctrl_c_copies_plain_text(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    QTest.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text() == dialog.text
    assert words(dialog) == "Copied as plain text."


def test_a_print_is_remembered_and_the_next_says_copy(
    open_dialog: Open, till: Till, paid: Payment, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog(choose_printer=lambda _parent: printer_to(tmp_path / "paper.pdf"))
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: words(dialog) == "Printed. The next print says COPY 2.")
    qtbot.waitUntil(lambda: prints(till, paid) == 1)
    assert (tmp_path / "paper.pdf").stat().st_size > 1_000
    assert "COPY 2" in dialog.text
    again = open_dialog()
    assert "COPY 2" in again.text


def print_and_close(till: Till, tasks: Tasks, payment: Payment, path: Path, qtbot: QtBot) -> None:
    """Ctrl+P, a printer that is not ready yet, then Esc."""
    ready = threading.Event()

    def choose(_parent: QWidget) -> QPrinter:
        tasks.run(lambda: ready.wait(20), lane=Lane.PRINTER)
        return printer_to(path)

    dialog = ReceiptDialog(till, tasks, payment.id, choose_printer=choose, look_for_printers=lambda: ["Counter"])
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.text))
    come_forward(dialog, qtbot)
    dialog.print_it()
    qtbot.waitUntil(lambda: words(dialog) == "Printing...")
    delete(dialog)
    ready.set()


def test_a_print_is_remembered_also_where_its_window_is_closed_before_it_ends(
    open_dialog: Open, till: Till, tasks: Tasks, paid: Payment, qtbot: QtBot, tmp_path: Path
) -> None:
    print_and_close(till, tasks, paid, tmp_path / "paper.pdf", qtbot)
    qtbot.waitUntil(lambda: prints(till, paid) == 1)
    assert "COPY 2" in open_dialog().text


def test_what_another_window_has_printed_meanwhile_makes_this_one_a_copy(
    open_dialog: Open, till: Till, paid: Payment, qtbot: QtBot, tmp_path: Path
) -> None:
    first, second = (
        open_dialog(choose_printer=lambda _parent, name=name: printer_to(tmp_path / name))
        for name in ("first.pdf", "second.pdf")
    )
    come_forward(first, qtbot)
    first.print_it()
    qtbot.waitUntil(lambda: prints(till, paid) == 1)
    come_forward(second, qtbot)
    second.print_it()
    qtbot.waitUntil(lambda: words(second) == "Printed. The next print says COPY 3.")


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_print_that_fails_is_told_also_where_its_window_is_closed(
    till: Till, tasks: Tasks, theme: ThemeManager, paid: Payment, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(tasks.trouble) as told:
        print_and_close(till, tasks, paid, tmp_path / "nowhere" / "paper.pdf", qtbot)
    assert "The printer did not answer. The payment is safe." in told.args[0]


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_print_that_fails_is_told_and_not_remembered(
    open_dialog: Open, till: Till, paid: Payment, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = open_dialog(choose_printer=lambda _parent: printer_to(tmp_path / "nowhere" / "paper.pdf"))
    dialog.print_it()

    qtbot.waitUntil(lambda: "The printer did not answer" in words(dialog))
    assert prints(till, paid) == 0
    assert now(till, paid).state is State.PAID
    button = dialog.findChild(QAbstractButton, "receiptPrint")
    assert button is not None
    assert button.isEnabled()


def test_without_a_printer_it_offers_a_pdf(open_dialog: Open, qtbot: QtBot) -> None:
    def none_here() -> object:
        raise BadInput(NO_PRINTER)

    dialog = open_dialog(look_for_printers=none_here)
    dialog.print_it()

    qtbot.waitUntil(lambda: words(dialog) == NO_PRINTER)
    assert "Ctrl+S" in words(dialog)


def test_a_print_service_that_hangs_holds_up_neither_the_window_nor_the_pdf(
    open_dialog: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    answers, asked = threading.Event(), threading.Event()

    def hang() -> object:
        asked.set()
        assert threading.current_thread() is not threading.main_thread()
        return answers.wait(20)

    dialog = open_dialog(
        look_for_printers=hang,
        choose_file=lambda _parent, _name: str(tmp_path / "receipt.pdf"),
        choose_printer=lambda _parent: None,
    )
    dialog.print_it()
    assert asked.wait(10)
    dialog.save_pdf()
    qtbot.waitUntil(lambda: words(dialog) == "Saved: receipt.pdf")
    answers.set()
    button = dialog.findChild(QAbstractButton, "receiptPrint")
    assert button is not None
    qtbot.waitUntil(button.isEnabled)


def test_the_printers_dialog_does_not_come_up_over_another_window(
    open_dialog: Open, theme: ThemeManager, qtbot: QtBot
) -> None:
    asked: list[QWidget] = []
    dialog = open_dialog(choose_printer=asked.append)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    dialog.print_it()
    qtbot.waitUntil(lambda: words(dialog) == "The printers are found. Print again.")
    assert asked == []


def test_no_printer_chosen_does_nothing(open_dialog: Open, till: Till, paid: Payment, qtbot: QtBot) -> None:
    asked: list[QWidget] = []
    dialog = open_dialog(choose_printer=asked.append)
    dialog.print_it()

    qtbot.waitUntil(lambda: asked == [dialog])
    assert words(dialog) == ""
    assert prints(till, paid) == 0


def test_ctrl_s_saves_a_pdf_of_the_chosen_width(open_dialog: Open, qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[str] = []

    def choose(_parent: QWidget, name: str) -> str:
        asked.append(name)
        return str(tmp_path / "receipt")

    dialog = open_dialog(choose_file=choose)
    paper = dialog.findChild(ChoiceButton, "receiptPaper")
    assert paper is not None
    paper.choose("58 mm paper")
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: words(dialog) == "Saved: receipt.pdf")
    assert (tmp_path / "receipt.pdf").read_bytes().startswith(b"%PDF")
    assert asked == ["receipt-A-20261123-0001.pdf"]


def test_a_pdf_that_cannot_be_written_is_told(open_dialog: Open, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = open_dialog(choose_file=lambda _parent, _name: str(tmp_path / "nowhere" / "receipt.pdf"))
    dialog.save_pdf()

    qtbot.waitUntil(lambda: "could not be written" in words(dialog))


def test_a_payment_without_a_receipt_says_why(till: Till, tasks: Tasks, theme: ThemeManager, qtbot: QtBot) -> None:
    waiting = sell(till, add_posts(till)[0], "0712345678")
    dialog = ReceiptDialog(till, tasks, waiting.id)
    qtbot.addWidget(dialog)
    dialog.show()

    qtbot.waitUntil(lambda: words(dialog) == "This payment is not paid, so it has no receipt.")
    dialog.print_it()
    dialog.copy()
    dialog.save_pdf()
    assert words(dialog) == "This payment is not paid, so it has no receipt."


def test_escape_closes(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()


def test_a_closed_dialog_takes_late_answers_calmly(
    till: Till, tasks: Tasks, theme: ThemeManager, paid: Payment, qtbot: QtBot
) -> None:
    dialog = ReceiptDialog(till, tasks, paid.id)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    done: list[bool] = []
    tasks.run(lambda: True, done.append)

    qtbot.waitUntil(lambda: bool(done))


def test_the_paper_is_the_till_s_and_is_remembered_after_each_receipt(open_dialog: Open, qtbot: QtBot) -> None:
    preferences = Preferences(Chosen(paper_width=58))
    dialog = open_dialog(preferences=preferences)
    paper = dialog.findChild(ChoiceButton, "receiptPaper")
    assert paper is not None
    assert paper.choice == "58 mm paper"
    assert max(map(len, dialog.text.splitlines())) == 32

    with qtbot.waitSignal(preferences.changed) as told:
        paper.choose("80 mm paper")
    assert told.args == ["paper_width", "80"]
    assert max(map(len, dialog.text.splitlines())) == 48
    again = open_dialog(preferences=preferences)
    assert max(map(len, again.text.splitlines())) == 48


def test_the_slip_of_what_went_back_prints_by_the_same_way(
    till: Till, open_dialog: Open, paid: Payment, qtbot: QtBot, tmp_path: Path
) -> None:
    till.owner.passphrase.choose("mama njeri 1987")
    back = MoneyBack(amount="20", code="UKR0000001", why="a part")
    till.owner.refund(paid, "mama njeri 1987", back)
    names: list[str] = []

    def choose(_parent: QWidget, name: str) -> str:
        names.append(name)
        return str(tmp_path / name)

    dialog = open_dialog(refund=True, choose_file=choose, choose_printer=lambda _: printer_to(tmp_path / "slip.pdf"))
    assert dialog.windowTitle() == "Refund slip"
    assert "REFUND / PESA IMERUDISHWA" in dialog.text
    assert paid.number in dialog.text
    dialog.save_pdf()
    qtbot.waitUntil(lambda: words(dialog).startswith("Saved"))
    assert names == [f"refund-slip-{paid.number}.pdf"]
    dialog.print_it()
    qtbot.waitUntil(lambda: words(dialog) == "Printed. The next print says COPY 2.")
    assert "COPY 2" in dialog.text
    assert prints(till, paid) == 0, "a slip is no receipt"
