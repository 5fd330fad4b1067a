"""A till with a receipt printer of its own: receipts by themselves, and from the dialog."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import State
from pos_app.domain.payment_event import Result
from pos_app.domain.receipt_printer import Sent
from pos_app.messages.printing import NOT_CERTAIN
from pos_app.printers.escpos_printer import NOT_THERE, EscposPrinter
from pos_app.sales.printing import ReceiptPaper, ReceiptPrinter
from pos_app.ui.receipt.dialog import ReceiptDialog
from pos_app.ui.receipt.message_view import QrCode, qr_squares
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.toast import Toast
from tests.support.fake_printer import OFF, FakePrinter
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.paper import printed
from tests.support.staff import hire, stand
from tests.support.tcp_printer import Manner, no_printer, tcp_printer
from tests.support.till_harness import TillHarness, open_harness
from tests.ui.counter import Counter, open_counter, stock

PHONE = "0712345678"


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


@pytest.fixture
def driven(printer: FakePrinter) -> ReceiptPrinter:
    """The printer that the till drives; some tests have another."""
    return printer


@pytest.fixture
def harness(tmp_path: Path, clock: FakeClock, driven: ReceiptPrinter, printer: FakePrinter) -> Iterator[TillHarness]:
    """A till that prints by itself."""
    paper = ReceiptPaper(printer=driven, by_itself=True)
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=paper) as made:
        yield made
        printer.release()


@pytest.fixture
def counter(
    harness: TillHarness, theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[Counter]:
    stock(harness)
    with open_counter(harness, tasks, events, qtbot) as made:
        yield made


def toast(counter: Counter) -> str:
    shown = counter.part(Toast, "toast")
    return shown.words if shown.isVisible() else ""


def sell(counter: Counter, phone: str = PHONE) -> None:
    """A customer pays."""
    payment = counter.ask("1", phone)
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.page.shown is not None and counter.page.shown.state is State.PAID)


def dialog_of(counter: Counter) -> ReceiptDialog:
    """F9, and the receipt has come."""
    counter.function(Qt.Key.Key_F9)
    [dialog] = [one for one in counter.window.findChildren(ReceiptDialog) if one.isVisible()]
    counter.qtbot.waitUntil(lambda: bool(dialog.text))
    return dialog


def words(dialog: ReceiptDialog) -> str:
    found = dialog.findChild(QLabel, "receiptWords")
    assert found is not None
    return found.text()


def button(dialog: ReceiptDialog, name: str) -> QAbstractButton:
    found = dialog.findChild(QAbstractButton, name)
    assert found is not None
    return found


def test_a_paid_payment_prints_itself_and_nobody_is_told(counter: Counter, printer: FakePrinter) -> None:
    sell(counter)
    printer.until(1)
    assert "Day pass" in printer.papers[0]
    assert toast(counter) == ""
    assert "COPY 2" in dialog_of(counter).text


def test_it_prints_also_while_nobody_looks(counter: Counter, printer: FakePrinter) -> None:
    payment = counter.ask("1", PHONE)
    counter.next_customer()
    counter.window.go("payments")
    counter.hear(payment, Result.SUCCESS)
    printer.until(1)
    assert payment.number in printer.papers[0]


def test_a_printer_that_is_off_is_a_line_and_f9_prints_when_it_is_on(counter: Counter, printer: FakePrinter) -> None:
    printer.off = True
    sell(counter)
    counter.qtbot.waitUntil(lambda: OFF in toast(counter))
    assert toast(counter).startswith("Paid and saved: A-20261123-0001")
    assert counter.shown() == "result"
    printer.off = False
    dialog = dialog_of(counter)
    assert "COPY" not in dialog.text
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    counter.qtbot.waitUntil(lambda: words(dialog) == "Printed. The next print says COPY 2.")
    assert ["COPY" in text for text in printer.papers] == [False]


def test_while_a_printer_hangs_the_next_customer_is_served(counter: Counter, printer: FakePrinter) -> None:
    printer.hold()
    sell(counter)
    assert printer.holding.wait(10)
    counter.next_customer()
    sell(counter, "0722345678")
    counter.next_customer()
    printer.release()
    printer.until(2)
    assert len(printer.jobs) == 2


def test_from_the_dialog_no_system_dialog_comes_up(counter: Counter, printer: FakePrinter) -> None:
    sell(counter)
    printer.until(1)
    dialog = dialog_of(counter)
    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    counter.qtbot.waitUntil(lambda: words(dialog) == "Printed. The next print says COPY 3.")
    assert "COPY 2" in printer.papers[1]


def test_a_print_that_may_have_come_out_says_so(counter: Counter, printer: FakePrinter) -> None:
    sell(counter)
    printer.until(1)
    printer.becomes = Sent.UNCLEAR
    dialog = dialog_of(counter)
    dialog.print_it()
    counter.qtbot.waitUntil(lambda: words(dialog) == NOT_CERTAIN)
    assert "COPY 3" in dialog.text


def test_a_print_that_fails_is_told_in_the_dialog_and_can_be_tried_again(
    counter: Counter, printer: FakePrinter
) -> None:
    sell(counter)
    printer.until(1)
    dialog = dialog_of(counter)
    printer.off = True
    dialog.print_it()
    counter.qtbot.waitUntil(lambda: words(dialog) == OFF)
    printer.off = False
    dialog.print_it()
    counter.qtbot.waitUntil(lambda: words(dialog) == "Printed. The next print says COPY 3.")


def test_two_presses_print_once(counter: Counter, printer: FakePrinter) -> None:
    sell(counter)
    printer.until(1)
    dialog = dialog_of(counter)
    printer.hold()
    dialog.print_it()
    dialog.print_it()
    assert not button(dialog, "receiptPrint").isEnabled()
    assert not button(dialog, "receiptElsewhere").isEnabled()
    printer.release()
    counter.qtbot.waitUntil(lambda: "COPY 3" in words(dialog))
    assert printer.tried == 2


def test_a_receipt_that_waits_for_the_printer_is_printed_by_who_wanted_it(
    counter: Counter, printer: FakePrinter
) -> None:
    """Somebody else may have signed in by the time its turn comes."""
    for phone in (PHONE, "0722345678"):
        sell(counter, phone)
        printer.until(1 if phone == PHONE else 2)
    till = counter.harness.till
    hire(till)
    stand(till, Role.OPERATOR)
    printer.hold()
    printer.holding.clear()
    for payment_id in (1, 2):
        dialog = ReceiptDialog(till, counter.tasks, payment_id, counter.window)
        counter.qtbot.waitUntil(lambda shown=dialog: bool(shown.text))  # type: ignore[misc]
        dialog.print_it()
    assert printer.holding.wait(10)
    stand(till, Role.SUPERVISOR)
    printer.release()
    printer.until(4)
    counter.qtbot.waitUntil(lambda: "COPY 3" in words(dialog))
    by_hand = [line for line in till.reader.audit(99) if line.act is Act.PRINT and line.role]
    assert [line.operator for line in by_hand] == ["Amina", "Amina"]


def test_another_printer_can_be_had_all_the_same(counter: Counter, printer: FakePrinter, qtbot: QtBot) -> None:
    sell(counter)
    printer.until(1)
    asked: list[QWidget] = []
    dialog = ReceiptDialog(
        counter.harness.till,
        counter.tasks,
        1,
        counter.window,
        look_for_printers=lambda: ["Counter"],
        choose_printer=asked.append,
    )
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.text))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    button(dialog, "receiptElsewhere").click()
    qtbot.waitUntil(lambda: asked == [dialog])
    assert printer.tried == 1


def test_the_paper_that_is_chosen_is_the_printer_s_too(counter: Counter, printer: FakePrinter) -> None:
    sell(counter)
    printer.until(1)
    dialog = dialog_of(counter)
    paper = dialog.findChild(ChoiceButton, "receiptPaper")
    assert paper is not None
    paper.choose("58 mm paper")
    dialog.print_it()
    printer.until(2)
    assert [job.paper for job in printer.jobs] == [80, 58]


def test_the_receipt_for_the_customer_s_phone(counter: Counter, printer: FakePrinter) -> None:
    sell(counter)
    printer.until(1)
    dialog = dialog_of(counter)
    code = dialog.findChild(QrCode)
    assert code is not None
    assert dialog.message == ""
    button(dialog, "receiptOnPhone").click()
    assert dialog.message.startswith("MAZOEZI - SI RISITI\nMama Njeri Shop\nDay pass\nTOTAL: KES 50\n")
    assert code.isVisible()
    counter.qtbot.waitUntil(lambda: any(dark(code, place) for place in range(300)))
    dialog.copy()
    assert QGuiApplication.clipboard().text() == dialog.message
    assert "message to the customer" in words(dialog)
    button(dialog, "receiptOnPhone").click()
    dialog.copy()
    assert QGuiApplication.clipboard().text() == dialog.text


def dark(code: QrCode, place: int) -> bool:
    return QColor(code.grab().toImage().pixel(place, 150)) == QColor(0, 0, 0)


def test_the_code_holds_the_message() -> None:
    squares = qr_squares("Mama Njeri Shop")
    assert len(squares) == len(squares[0]) == 21 + 8  # the smallest that holds it, with its white edge
    assert not any(squares[0])
    assert squares[4][4]
    assert qr_squares("Café") == qr_squares("Cafe")  # no two phones read an é alike


class TestInTheNetwork:
    """The same with real sockets."""

    @pytest.fixture(params=[Manner.RIGHT, Manner.OUT_OF_PAPER, Manner.SILENT, None])
    def manner(self, request: pytest.FixtureRequest) -> Manner | None:
        made: Manner | None = request.param
        return made

    @pytest.fixture
    def driven(self, manner: Manner | None, papers: list[bytes]) -> Iterator[ReceiptPrinter]:
        if manner is None:
            with no_printer() as address:
                yield EscposPrinter(address, limit=4)
            return
        with tcp_printer(manner) as there:
            there.jobs = papers
            yield EscposPrinter(there.address, limit=4)

    @pytest.fixture
    def papers(self) -> list[bytes]:
        return []

    def test_whatever_the_printer_does_the_payment_stands(
        self, counter: Counter, manner: Manner | None, papers: list[bytes]
    ) -> None:
        sell(counter)
        copy = "COPY 2" if manner in (Manner.RIGHT, Manner.SILENT) else ""
        if manner is Manner.RIGHT:
            counter.qtbot.waitUntil(lambda: len(papers) == 1)
            assert "Day pass" in printed(papers[0], 48).text
            assert toast(counter) == ""
        else:
            told = {Manner.OUT_OF_PAPER: "no paper", Manner.SILENT: "Look at the paper", None: NOT_THERE}[manner]
            counter.qtbot.waitUntil(lambda: told in toast(counter))
        assert ("COPY 2" in dialog_of(counter).text) == bool(copy)


def test_while_the_till_is_locked_nothing_is_said_of_a_receipt_and_afterwards_it_is(
    counter: Counter, printer: FakePrinter, events: TillEvents, qtbot: QtBot
) -> None:
    hire(counter.harness.till)
    stand(counter.harness.till, Role.OPERATOR)
    payment = counter.ask("1", PHONE)
    counter.function(Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: counter.window.lock.locked)
    printer.off = True
    with qtbot.waitSignal(events.not_printed):
        counter.hear(payment, Result.SUCCESS)
    assert toast(counter) == ""
    operator = counter.harness.till.operators.sign_in(counter.harness.till.operators.named("Amina"), "1111")
    counter.window.lock._uncover(operator)
    assert OFF in toast(counter)
    assert printer.tried == 1
