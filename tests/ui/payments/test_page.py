"""Looking payments up, on a real store."""

import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import NewPayment, Payment, State
from pos_app.domain.payment_event import Answer, Callback, Result, Unanswered
from pos_app.errors import PosError
from pos_app.messages.payments import NO_NUMBER
from pos_app.sales.ports import Reader
from pos_app.ui.payments.delegate import cell_width
from pos_app.ui.payments.exporting import ChosenFile
from pos_app.ui.payments.model import PaymentColumn
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.payments.settle_form import NOT_PAID
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.support.builders import a_line, charge
from tests.support.fakes import FakeGateway
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import PHONES, Seen, fill
from tests.ui.selling import add_posts, now, pay, sell, tell


def test_the_newest_is_on_top_and_chosen(seen: Seen) -> None:
    assert seen.column(PaymentColumn.STATE) == ["Waiting for PIN", "Cancelled", "Paid"]
    assert seen.column(PaymentColumn.PHONE) == ["0733 ••• 120", "0722 ••• 903", "0712 ••• 678"]
    assert seen.table.currentIndex().row() == 0
    assert seen.who() == "Day pass · 0733 ••• 120"
    assert seen.text("footerCount") == "3 payments"
    assert seen.text("footerPaid") == "KES 50 paid"


def test_typing_finds_without_enter(seen: Seen) -> None:
    seen.type("tea")
    seen.until_rows(1)

    assert seen.column(PaymentColumn.POST) == ["Tea"]
    assert seen.who() == "Tea · 0722 ••• 903"


def test_a_code_is_found(seen: Seen) -> None:
    seen.type("UKN4X7Q2ZT")
    seen.until_rows(1)

    assert seen.text("detailCode") == "UKN4X7Q2ZT"


def test_nothing_found_says_so_and_enter_looks_in_all_days(seen: Seen, harness: TillHarness) -> None:
    harness.clock.advance(86_400)
    seen.type("tea")
    empty = seen.part(QLabel, "paymentsEmpty")
    seen.qtbot.waitUntil(empty.isVisible)
    assert empty.text() == 'Nothing matches "tea" today. Press Enter to look in all days.'

    seen.press(Qt.Key.Key_Return)
    seen.until_rows(1)
    assert seen.part(ChoiceButton, "paymentsDays").choice == "All days"
    assert seen.column(PaymentColumn.TIME) == ["23 Nov 14:01"]


def test_states_are_chosen(seen: Seen) -> None:
    seen.part(ChoiceButton, "paymentsStates").choose("Not paid")
    seen.until_rows(1)

    assert seen.column(PaymentColumn.STATE) == ["Cancelled"]


def test_a_change_shows_in_place_and_the_choice_stays(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    seen.table.go_to_row(1)
    pay(harness.till, sold[2], "UKN0000001")
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Paid")

    assert seen.table.currentIndex().row() == 1
    assert seen.text("footerPaid") == "KES 100 paid"


def test_the_detail_follows_the_payment_it_shows(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    pay(harness.till, sold[2], "UKN0000001")

    seen.qtbot.waitUntil(lambda: seen.text("detailCode") == "UKN0000001")
    seen.qtbot.waitUntil(lambda: any(step.startswith("Access given") for step in seen.steps()))


def test_a_new_payment_comes_on_top_and_the_choice_stays(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    charge(harness.till, sold[0].lines[0].post_id, "0745345918")
    seen.until_rows(4)

    assert seen.column(PaymentColumn.PHONE)[0] == "0745 ••• 918"
    assert seen.table.currentIndex().row() == 1
    assert seen.who() == "Day pass · 0733 ••• 120"


def test_home_and_end_move_through_the_list(seen: Seen) -> None:
    seen.press(Qt.Key.Key_Down)
    assert seen.table.hasFocus()
    seen.press(Qt.Key.Key_End)
    assert seen.table.currentIndex().row() == 2
    seen.press(Qt.Key.Key_Home)
    assert seen.table.currentIndex().row() == 0


def test_enter_goes_into_the_detail_and_escape_back(seen: Seen) -> None:
    seen.table.setFocus()
    seen.press(Qt.Key.Key_Return)
    assert seen.part(QAbstractButton, "detailCheck").hasFocus()

    seen.press(Qt.Key.Key_Escape)
    assert seen.table.hasFocus()


@pytest.mark.parametrize("where", ["find", "list"])
def test_enter_opens_nothing_of_what_was_typed_before(seen: Seen, where: str) -> None:
    field, back = seen.part(QLineEdit, "paymentsFind"), seen.part(QAbstractButton, "detailBack")
    field.setFocus()
    seen.type("tea")
    if where == "list":
        seen.press(Qt.Key.Key_Down)
    else:
        seen.press(Qt.Key.Key_Return)  # looks at once
    seen.press(Qt.Key.Key_Return)  # its answer is on its way: the rows are those of before
    assert seen.table.model().rowCount() == 3
    assert not back.isVisible()
    assert (field if where == "find" else seen.table).hasFocus()

    seen.until_rows(1)
    seen.table.setFocus()
    seen.press(Qt.Key.Key_Return)
    assert back.isVisible()
    assert seen.who() == "Tea · 0722 ••• 903"


def test_the_find_keys(seen: Seen) -> None:
    field = seen.part(QLineEdit, "paymentsFind")
    seen.table.setFocus()
    QTest.keyClick(seen.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert field.hasFocus()

    seen.table.setFocus()
    QTest.keyClicks(seen.table, "/")
    assert field.hasFocus()
    assert field.text() == ""


def test_the_number_shows_only_on_demand(seen: Seen, caplog: pytest.LogCaptureFixture) -> None:
    button = seen.part(QAbstractButton, "detailShowNumber")
    with caplog.at_level("INFO"):
        button.click()
        seen.qtbot.waitUntil(lambda: seen.who() == "Day pass · 0733 345 120")  # it is recorded first
    assert "was shown" in caplog.text
    assert "345" not in caplog.text

    seen.table.go_to_row(1)
    seen.table.go_to_row(0)
    assert seen.who() == "Day pass · 0733 ••• 120"


def test_copied_details_are_masked(seen: Seen) -> None:
    seen.table.go_to_row(2)
    seen.qtbot.waitUntil(lambda: len(seen.steps()) > 3)
    seen.table.setFocus()
    seen.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()

    assert "0712 ••• 678" in copied
    assert "0712345678" not in copied.replace(" ", "")
    assert "Access given" in copied


def test_f5_asks_about_the_chosen_payment(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    harness.gateway.query_answers.append(lambda checkout: Answer(Result.SUCCESS, "0", checkout))
    seen.press(Qt.Key.Key_F5)
    seen.qtbot.waitUntil(lambda: seen.text("detailWords") == "Checking with M-PESA...")
    seen.qtbot.waitUntil(lambda: (harness.till.reconciler.step(), bool(harness.gateway.queries))[1])
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Paid")

    assert harness.gateway.queries == [sold[2].checkout_request_id]
    assert seen.part(QAbstractButton, "detailReceipt").isVisible()
    assert not seen.part(QAbstractButton, "detailCheck").isVisible()


def test_f5_on_a_payment_with_an_answer_says_so(seen: Seen) -> None:
    seen.table.go_to_row(2)
    seen.press(Qt.Key.Key_F5)

    assert seen.text("detailWords") == "This payment has its answer."


def test_ctrl_p_wants_the_receipt(seen: Seen, sold: list[Payment]) -> None:
    seen.table.go_to_row(2)
    seen.table.setFocus()
    with seen.qtbot.waitSignal(seen.page.receipt_wanted) as wanted:
        seen.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args == [sold[0].id]


def test_after_a_print_the_button_says_copy(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    seen.table.go_to_row(2)
    receipt = seen.part(QAbstractButton, "detailReceipt")
    seen.qtbot.waitUntil(lambda: receipt.text() == "Receipt")
    harness.till.receipts.printed(sold[0].id)
    seen.qtbot.waitUntil(lambda: receipt.text() == "Print copy")


def test_every_control_has_both_names(seen: Seen) -> None:
    controls = [*seen.page.findChildren(QAbstractButton), *seen.page.findChildren(QLineEdit), seen.table]
    nameless = [control for control in controls if not (control.objectName() and control.accessibleName())]
    shown = [control for control in nameless if control.isVisibleTo(seen.page)]

    assert shown == []


def test_what_can_be_touched_is_large_enough(seen: Seen) -> None:
    buttons = [button for button in seen.page.findChildren(QAbstractButton) if button.isVisibleTo(seen.page)]

    assert [button.objectName() for button in buttons if button.objectName() and button.height() < 44] == []
    assert seen.table.rowHeight(0) >= 44


@pytest.mark.parametrize("size", [(940, 540), (1196, 740)])
def test_it_fits_the_window(seen: Seen, size: tuple[int, int], qtbot: QtBot) -> None:
    seen.page.resize(*size)

    qtbot.waitUntil(lambda: seen.page.minimumSizeHint().height() <= size[1])  # once it is laid out anew
    assert seen.page.minimumSizeHint().width() <= size[0]
    assert not seen.table.isColumnHidden(PaymentColumn.STATE)


def test_a_payment_that_cannot_be_asked_about_says_so(
    harness: TillHarness, gateway: FakeGateway, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    gateway.push_answers.append(Unanswered(detail="timeout"))
    payment = sell(harness.till, add_posts(harness.till)[0], PHONES[0])
    assert payment.state is State.UNKNOWN
    page = PaymentsPage(harness.till, tasks, events)
    qtbot.addWidget(page)
    page.show()
    seen = Seen(page, qtbot)
    seen.until_rows(1)
    assert not seen.part(QAbstractButton, "detailCheck").isEnabled()
    QTest.keyClick(page, Qt.Key.Key_F5)

    qtbot.waitUntil(lambda: seen.text("detailWords") == NO_NUMBER)
    page.hide()


@pytest.fixture
def held(seen: Seen, harness: TillHarness, sold: list[Payment]) -> Payment:
    """The customer of the newest payment paid 20 of 50; the owner's form is open on it."""
    waiting = sold[2]
    event = Callback(
        Result.SUCCESS, "0", waiting.merchant_request_id, waiting.checkout_request_id, Decimal(20), "UKN7X7Q2ZB"
    )
    held = tell(harness.till, waiting, event)
    assert held.state is State.REVIEW
    button = seen.part(QAbstractButton, "detailSettle")
    seen.qtbot.waitUntil(button.isVisible)
    assert "The customer paid KES 20, we asked KES 50." in seen.text("detailWhy")
    button.click()
    assert not seen.part(QWidget, "detailAmount").isVisible()
    return held


def trouble(seen: Seen) -> str:
    return seen.part(QWidget, "settleTrouble").accessibleName()


def test_the_owner_chooses_a_passphrase_and_settles_as_paid(seen: Seen, harness: TillHarness, held: Payment) -> None:
    again = seen.part(QLineEdit, "settleAgain")
    seen.qtbot.waitUntil(again.isVisible)
    fill(seen, settleWhy="rest in cash", settleCode="ukn9x7q2za", settleAmount="20")
    fill(seen, settlePassphrase="a long one", settleAgain="another")
    QTest.keyClick(again, Qt.Key.Key_Return)
    assert "not the same" in trouble(seen)
    assert not harness.till.owner.passphrase.chosen()
    fill(seen, settleAgain="a long one")
    QTest.keyClick(again, Qt.Key.Key_Return)
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Paid")
    assert seen.text("detailCode") == "UKN9X7Q2ZA"
    assert "Settled by the owner, by hand." in seen.text("detailWhy")
    seen.qtbot.waitUntil(lambda: any("The owner settled it: paid" in step for step in seen.steps()))
    assert seen.part(QLineEdit, "settlePassphrase").text() == ""
    seen.part(QAbstractButton, "detailSettle").click()  # rule 30: it is the owner's to take back
    assert seen.part(QWidget, "settleRuling").accessibleName() == "Decision: It counts as not paid"
    fill(seen, settleWhy="another's code", settlePassphrase="a long one")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Not paid")


def test_both_figures_stand_there_where_another_amount_was_paid(
    seen: Seen, harness: TillHarness, held: Payment
) -> None:
    """Asked 50, M-PESA says 20, settled as paid: nothing says that 50 came in."""
    assert seen.column(PaymentColumn.AMOUNT)[0] == "20 of 50"
    seen.qtbot.waitUntil(seen.part(QLineEdit, "settleAgain").isVisible)
    assert not seen.part(QLineEdit, "settleAmount").isVisible(), "M-PESA has said it"
    fill(seen, settleWhy="gift", settleCode="UKN9X7Q2ZA", settleAmount="20")
    fill(seen, settlePassphrase="a long one", settleAgain="a long one")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Paid")
    assert seen.column(PaymentColumn.AMOUNT)[0] == "20 of 50"
    column = seen.table.columnWidth(PaymentColumn.AMOUNT)
    assert column > seen.table.fontMetrics().horizontalAdvance("20 of 50")
    assert seen.text("detailAmount") == "KES 20"
    assert "The customer paid KES 20, we asked KES 50." in seen.text("detailWhy")
    assert seen.text("detailCodeFrom") == "M-PESA code, as the owner typed it"
    seen.qtbot.waitUntil(lambda: seen.text("footerPaid") == "KES 70 paid")


def test_the_amount_of_another_code_than_m_pesas_is_the_owners_to_name(
    seen: Seen, harness: TillHarness, held: Payment
) -> None:
    assert held.receipt
    seen.qtbot.waitUntil(seen.part(QLineEdit, "settleAgain").isVisible)
    for code, asked in (("UKN9X7Q2Z", False), ("UKN9X7Q2ZA", True), (held.receipt, False), ("UKN9X7Q2ZA", True)):
        fill(seen, settleCode=code)
        assert seen.part(QLineEdit, "settleAmount").isVisible() is asked, code
    fill(seen, settleWhy="x", settleAmount="50", settlePassphrase="a long one", settleAgain="a long one")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, held).state is State.PAID)
    assert now(harness.till, held).amount_paid == 50


def test_an_amount_typed_before_m_pesas_own_code_is_in_nobodys_way(
    seen: Seen, harness: TillHarness, held: Payment
) -> None:
    assert held.receipt
    seen.qtbot.waitUntil(seen.part(QLineEdit, "settleAgain").isVisible)
    fill(seen, settleCode="UKN9X7Q2ZA", settleAmount="49")
    form = seen.part(QWidget, "settleForm")
    assert any("KES 49 are kept as paid." in label.text() for label in form.findChildren(QLabel))
    fill(seen, settleCode=held.receipt, settleAmount="forty")
    assert not any("are kept as paid" in label.text() for label in form.findChildren(QLabel))
    fill(seen, settleWhy="x", settlePassphrase="a long one", settleAgain="a long one")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, held).state is State.PAID)
    assert now(harness.till, held).amount_paid == 20


@pytest.fixture
def unanswered(seen: Seen, harness: TillHarness) -> Payment:
    """Nobody knows what became of its push, ten minutes ago; the owner's form is open on it."""
    harness.till.owner.passphrase.choose("mama njeri 1987")
    harness.gateway.push_answers.append(Unanswered(detail="ReadTimeout"))
    payment = sell(harness.till, harness.till.catalogue.posts()[0], "0744345678")
    seen.until_rows(4)
    assert not seen.part(QAbstractButton, "detailSettle").isVisible()
    harness.clock.advance(600)
    seen.table.go_to_row(1)
    seen.table.go_to_row(0)
    seen.part(QAbstractButton, "detailSettle").click()
    return payment


def test_what_cannot_be_asked_about_is_settled_from_the_statement(
    seen: Seen, harness: TillHarness, unanswered: Payment
) -> None:
    assert not seen.part(ChoiceButton, "settleRuling").isVisible()
    fill(seen, settleAmount="49")
    form = seen.part(QWidget, "settleForm")
    assert any("Asked were KES 50: KES 49 are kept as paid." in label.text() for label in form.findChildren(QLabel))
    fill(seen, settleWhy="on the statement", settleCode="UKN9X7Q2ZA", settlePassphrase="mama njeri 1987")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: "Type day and time" in trouble(seen))
    assert now(harness.till, unanswered).state is State.UNKNOWN
    there = unanswered.created_at.astimezone(NAIROBI)
    fill(seen, settleCompleted=f"{there:%d-%m-%Y %H:%M:%S}")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, unanswered).state is State.PAID)
    seen.qtbot.waitUntil(lambda: seen.text("detailAmount") == "KES 49")
    assert seen.text("detailAccess").startswith("Access until ")


def test_the_owner_decides_about_what_stands_in_the_form_or_looks_again(
    seen: Seen, harness: TillHarness, unanswered: Payment
) -> None:
    """M-PESA says KES 1 while the owner types the statement's line of KES 50."""
    fill(seen, settleWhy="on the statement", settleCode="UKN9X7Q2ZA", settlePassphrase="mama njeri 1987")
    there = unanswered.created_at.astimezone(NAIROBI)
    fill(seen, settleAmount="50", settleCompleted=f"{there:%d-%m-%Y %H:%M:%S}")
    event = Callback(Result.SUCCESS, "0", "m", "c", Decimal(1), "UKN1111111")
    review = tell(harness.till, unanswered, event)
    seen.qtbot.waitUntil(lambda: "Something new has come about this payment." in trouble(seen))
    settle = seen.part(QAbstractButton, "settleNow")
    settle.click()
    seen.qtbot.waitUntil(settle.isEnabled)  # answered
    assert "Something new has come about this payment." in trouble(seen)
    assert now(harness.till, unanswered) == review
    QTest.keyClick(seen.part(QLineEdit, "settleWhy"), Qt.Key.Key_Escape)
    assert "The customer paid KES 1, we asked KES 50." in seen.text("detailWhy")


def test_when_mpesa_is_asked_next_is_nothing_that_the_owner_has_to_look_at_again(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    harness.till.owner.passphrase.choose("mama njeri 1987")
    harness.clock.advance(86_400)
    seen.table.go_to_row(1)
    seen.table.go_to_row(0)
    seen.part(QAbstractButton, "detailSettle").click()
    fill(seen, settleWhy="not on the statement", settlePassphrase="mama njeri 1987")
    before = now(harness.till, sold[2])
    pending = Answer(Result.PENDING, "4999", sold[2].checkout_request_id)
    after = tell(harness.till, sold[2], pending)
    assert after.version > before.version
    QApplication.processEvents()
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, sold[2]).state is State.EXPIRED)


def test_a_double_is_worked_off_at_the_window(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    harness.till.owner.passphrase.choose("mama njeri 1987")
    waiting = sold[2]
    again = harness.till.writer.submit(
        lambda transaction: transaction.add_payment(
            NewPayment(
                till="A",
                lines=(a_line(harness.till.catalogue.posts()[0]),),
                phone=waiting.phone,
                address="again",
                retry_of=waiting.id,
                created_at=harness.clock.now(),
            )
        )
    ).result(10)
    ids = waiting.merchant_request_id, waiting.checkout_request_id
    tell(harness.till, waiting, Callback(Result.SUCCESS, "0", *ids, Decimal(50), "UKN7X7Q2ZD"))
    double = tell(harness.till, again, Callback(Result.SUCCESS, "0", "m", "c", Decimal(50), "UKN7X7Q2ZC"))
    assert harness.till.reader.attention(9) == [double]
    seen.until_rows(4)
    seen.table.go_to_row(0)
    seen.qtbot.waitUntil(lambda: "Paid twice: the customer asked once. Refund due." in seen.text("detailWhy"))
    seen.part(QAbstractButton, "detailSettle").click()
    seen.part(ChoiceButton, "settleRuling").choose("Both were meant")
    fill(seen, settleWhy="two passes", settlePassphrase="mama njeri 1987")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: harness.till.reader.attention(9) == [])
    seen.qtbot.waitUntil(lambda: "both were meant: the owner added its access" in seen.text("detailWhy"))
    assert "Refund due" not in seen.text("detailWhy")
    assert not seen.part(QAbstractButton, "detailSettle").isVisible()


def test_what_was_asked_again_and_paid_is_not_offered_to_be_asked_again(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    paid, cancelled, _ = sold
    seen.table.go_to_row(1)
    seen.qtbot.waitUntil(lambda: seen.part(QAbstractButton, "detailAgain").isVisible())
    tea = harness.till.catalogue.posts()[1]
    again = pay(harness.till, sell(harness.till, tea, PHONES[1], retry_of=cancelled.id), "UKN7X7Q2ZC")
    seen.until_rows(4)
    seen.table.go_to_row(0)
    seen.table.go_to_row(2)
    seen.qtbot.waitUntil(lambda: seen.who() == "Tea · 0722 ••• 903")
    seen.qtbot.waitUntil(lambda: not seen.part(QAbstractButton, "detailAgain").isVisible())
    assert (paid.state, again.state) == (State.PAID, State.PAID)


def test_the_owner_settles_as_not_paid(seen: Seen, harness: TillHarness, held: Payment) -> None:
    harness.till.owner.passphrase.choose("mama njeri 1987")
    seen.part(ChoiceButton, "settleRuling").choose(NOT_PAID)
    assert not seen.part(QLineEdit, "settleCode").isVisible()
    fill(seen, settleWhy="too little", settlePassphrase="guess")
    seen.qtbot.waitUntil(lambda: not seen.part(QLineEdit, "settleAgain").isVisible() or trouble(seen) == "")
    seen.part(QLineEdit, "settleAgain").setText("guess")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: "not the owner's passphrase" in trouble(seen))
    fill(seen, settlePassphrase="mama njeri 1987")
    seen.part(QLineEdit, "settleAgain").setText("mama njeri 1987")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, held).state is State.DECLINED)
    seen.qtbot.waitUntil(lambda: "Settled by the owner" in seen.text("detailWhy"))
    assert "by_owner" not in seen.text("detailWhy")


def test_esc_leaves_the_owners_form_and_keeps_no_passphrase(seen: Seen, held: Payment) -> None:
    fill(seen, settlePassphrase="mama njeri 1987")
    QTest.keyClick(seen.part(QLineEdit, "settleWhy"), Qt.Key.Key_Escape)
    assert seen.part(QWidget, "detailAmount").isVisible()
    assert seen.part(QLineEdit, "settlePassphrase").text() == ""


def test_who_comes_to_the_page_next_finds_no_passphrase_no_decision_and_no_number(
    seen: Seen, harness: TillHarness, held: Payment
) -> None:
    fill(seen, settleWhy="rest in cash", settleCode="UKN9X7Q2ZA", settlePassphrase="mama njeri 1987")
    seen.page.hide()
    seen.page.show()
    assert not seen.part(QWidget, "settleForm").isVisible()
    assert seen.part(QLineEdit, "settlePassphrase").text() == ""
    assert seen.part(QWidget, "detailAmount").isVisible()
    assert seen.part(QAbstractButton, "detailSettle").isVisible()
    seen.part(QAbstractButton, "detailShowNumber").click()
    seen.qtbot.waitUntil(lambda: seen.text("detailPhone") == "0733 345 120")
    seen.page.hide()
    seen.page.show()
    assert seen.text("detailPhone") == "0733 ••• 120"
    assert now(harness.till, held) == held


def test_an_answer_to_a_decision_leaves_the_next_form_alone(
    seen: Seen, harness: TillHarness, held: Payment, tasks: Tasks
) -> None:
    """The form of another payment is open by the time the passphrase turns out to be wrong."""
    harness.till.owner.passphrase.choose("mama njeri 1987")
    said: list[str] = []
    tasks.trouble.connect(said.append)
    fill(seen, settleWhy="rest in cash", settleCode="UKN9X7Q2ZA", settleAmount="20", settlePassphrase="guess")
    seen.part(QLineEdit, "settleAgain").setText("guess")
    seen.part(QAbstractButton, "settleNow").click()
    seen.page.hide()
    seen.page.show()
    seen.part(QAbstractButton, "detailSettle").click()
    fill(seen, settleWhy="typed since")
    seen.qtbot.waitUntil(lambda: bool(said))
    assert said == [f"{held.number}: That is not the owner's passphrase. Nothing was changed."]
    assert trouble(seen) == ""
    assert seen.part(QLineEdit, "settleWhy").text() == "typed since"
    tasks.trouble.disconnect(said.append)


def test_a_code_that_is_kept_late_leaves_the_next_form_alone(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    other, settled = (
        tell(harness.till, payment, Answer(Result.SUCCESS, "0", payment.checkout_request_id)) for payment in sold[1:]
    )
    seen.table.go_to_row(0)
    seen.qtbot.waitUntil(seen.part(QAbstractButton, "detailTypeCode").isVisible)
    seen.part(QAbstractButton, "detailTypeCode").click()
    fill(seen, codeField="UKN9X7Q2ZA")
    QTest.keyClick(seen.part(QLineEdit, "codeField"), Qt.Key.Key_Return)
    seen.table.go_to_row(1)
    seen.part(QAbstractButton, "detailTypeCode").click()
    fill(seen, codeField="UKN")
    seen.qtbot.waitUntil(lambda: now(harness.till, settled).receipt_typed == "UKN9X7Q2ZA")
    QApplication.processEvents()
    assert seen.part(QLineEdit, "codeField").isVisible()
    assert seen.part(QLineEdit, "codeField").text() == "UKN"
    assert now(harness.till, other).receipt_typed is None


def test_what_is_open_for_a_day_is_the_owners_to_close(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    button = seen.part(QAbstractButton, "detailSettle")
    assert not button.isVisible()
    harness.clock.advance(86_400)
    seen.table.go_to_row(1)
    seen.table.go_to_row(0)
    assert button.isVisible()
    button.click()
    assert not seen.part(ChoiceButton, "settleRuling").isVisible()
    seen.qtbot.waitUntil(seen.part(QLineEdit, "settleAgain").isVisible)
    fill(seen, settleWhy="not on the statement", settlePassphrase="a long one", settleAgain="a long one")
    seen.part(QAbstractButton, "settleNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, sold[2]).state is State.EXPIRED)


def test_a_code_from_the_sms_is_kept_beside_the_payment(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    tell(harness.till, sold[2], Answer(Result.SUCCESS, "0", sold[2].checkout_request_id))
    seen.qtbot.waitUntil(lambda: seen.text("detailCode") == "coming")
    seen.part(QAbstractButton, "detailTypeCode").click()
    field = seen.part(QLineEdit, "codeField")
    QTest.keyClicks(field, "ukn")
    QTest.keyClick(field, Qt.Key.Key_Return)
    seen.qtbot.waitUntil(lambda: "10 letters and digits" in seen.text("codeTrouble"))

    QTest.keyClicks(field, "4x7q2zv")
    QTest.keyClick(field, Qt.Key.Key_Return)
    seen.qtbot.waitUntil(lambda: seen.text("detailCode") == "UKN4X7Q2ZV (typed, not checked)")
    seen.qtbot.waitUntil(lambda: not field.isVisible())
    assert not seen.part(QAbstractButton, "detailCopyCode").isVisible()


def test_escape_leaves_the_code_form_and_then_the_detail(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    tell(harness.till, sold[2], Answer(Result.SUCCESS, "0", sold[2].checkout_request_id))
    button = seen.part(QAbstractButton, "detailTypeCode")
    seen.qtbot.waitUntil(button.isVisible)
    button.click()
    seen.press(Qt.Key.Key_Escape)
    assert button.isVisible()

    seen.press(Qt.Key.Key_Escape)
    assert seen.table.hasFocus()


def test_what_is_seen_does_not_move_when_a_payment_comes_on_top(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    seen.page.resize(940, 540)
    for place in range(10):
        charge(harness.till, sold[0].lines[0].post_id, f"071234570{place}")
    seen.until_rows(13)
    bar = seen.table.verticalScrollBar()
    seen.qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    before = seen.table.visualRect(seen.table.model().index(12, PaymentColumn.POST)).top()
    charge(harness.till, sold[0].lines[0].post_id, "0745345918")
    seen.until_rows(14)

    seen.qtbot.waitUntil(
        lambda: seen.table.visualRect(seen.table.model().index(13, PaymentColumn.POST)).top() == before
    )


def test_the_store_is_read_beside_the_gui_thread(
    harness: TillHarness, sold: list[Payment], events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    readers: set[str] = set()

    class Watched:
        def __getattr__(self, name: str) -> object:
            readers.add(threading.current_thread().name)
            return getattr(harness.till.reader, name)

    page = PaymentsPage(replace(harness.till, reader=cast("Reader", Watched())), tasks, events)
    qtbot.addWidget(page)
    page.show()
    seen = Seen(page, qtbot)
    seen.until_rows(3)
    qtbot.waitUntil(lambda: len(seen.steps()) > 2)
    page.hide()

    assert readers
    assert threading.main_thread().name not in readers


def test_what_was_found_is_exported(
    harness: TillHarness,
    sold: list[Payment],
    events: TillEvents,
    tasks: Tasks,
    theme: ThemeManager,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    page = PaymentsPage(
        harness.till, tasks, events, choose_file=lambda _parent, name: ChosenFile(str(tmp_path / name), ".csv")
    )
    qtbot.addWidget(page)
    page.resize(1196, 740)
    page.show()
    seen = Seen(page, qtbot)
    seen.until_rows(3)
    seen.type("tea")
    seen.until_rows(1)
    seen.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: seen.text("footerWords") == "1 written to payments-2026-11-23.csv")
    assert "0722 xxx 903" in (tmp_path / "payments-2026-11-23.csv").read_text("utf-8-sig")
    page.hide()


def test_making_the_page_opens_no_window(
    harness: TillHarness, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    page = PaymentsPage(harness.till, tasks, events)
    qtbot.addWidget(page)

    assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == []


def test_many_payments_are_counted_but_not_all_loaded(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    for place in range(102):
        charge(harness.till, sold[1].lines[0].post_id, f"0712345{place:03}")
    seen.page.hide()
    seen.page.show()
    seen.qtbot.waitUntil(lambda: seen.text("footerCount") == "105 payments")
    assert seen.table.model().rowCount() == 100
    assert seen.text("footerPaid") == "KES 50 paid"

    seen.part(ChoiceButton, "paymentsDays").choose("All days")
    seen.qtbot.waitUntil(lambda: seen.text("footerCount") == "100 payments and more")
    seen.qtbot.waitUntil(lambda: seen.text("footerCount") == "105 payments")
    assert seen.text("footerPaid") == "KES 50 paid"
    seen.type(sold[1].post_title)
    seen.qtbot.waitUntil(lambda: seen.text("footerCount") == "103 payments")
    seen.part(QLineEdit, "paymentsFind").clear()
    seen.qtbot.waitUntil(lambda: seen.text("footerCount") == "105 payments")
    seen.table.setFocus()
    seen.press(Qt.Key.Key_End)
    seen.qtbot.waitUntil(lambda: seen.text("footerCount") == "105 payments")
    assert seen.table.currentIndex().row() == 99


def test_a_store_that_cannot_be_read_is_told_in_words(
    harness: TillHarness, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
) -> None:
    class Away:
        def search(self, _search: object) -> list[Payment]:
            raise PosError("The database is away. Money is not affected.")

    page = PaymentsPage(replace(harness.till, reader=cast("Reader", Away())), tasks, events)
    qtbot.addWidget(page)
    page.show()
    empty = Seen(page, qtbot).part(QLabel, "paymentsEmpty")

    qtbot.waitUntil(lambda: empty.text() == "The database is away. Money is not affected.")
    page.hide()


def test_an_export_that_fails_is_told_in_words(
    harness: TillHarness,
    sold: list[Payment],
    events: TillEvents,
    tasks: Tasks,
    theme: ThemeManager,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    page = PaymentsPage(
        harness.till, tasks, events, choose_file=lambda _parent, name: ChosenFile(str(tmp_path / "no" / name), ".xlsx")
    )
    qtbot.addWidget(page)
    page.show()
    seen = Seen(page, qtbot)
    seen.part(QAbstractButton, "paymentsExport").click()

    qtbot.waitUntil(lambda: "Choose another folder" in seen.text("footerWords"))
    page.hide()


def test_escape_empties_the_find_field(seen: Seen) -> None:
    seen.type("tea")
    seen.until_rows(1)
    seen.press(Qt.Key.Key_Return)
    QTest.keyClicks(seen.table, "/")
    assert seen.page.focusWidget() is seen.part(QLineEdit, "paymentsFind")
    seen.press(Qt.Key.Key_Escape)

    seen.until_rows(3)


def test_the_year_is_seen_where_it_is_another_one(seen: Seen, harness: TillHarness) -> None:
    harness.clock.advance(400 * 86_400)
    seen.part(ChoiceButton, "paymentsDays").choose("All days")
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.TIME)[:1] == ["23 Nov 2026 14:02"])

    needed = cell_width(PaymentColumn.TIME, "23 Nov 2026 14:02")
    seen.qtbot.waitUntil(lambda: seen.table.columnWidth(PaymentColumn.TIME) >= needed)
