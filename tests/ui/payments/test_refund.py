"""Money back at the window: only the owner records it, and every figure is less by it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_event import Callback, Result, Settlement
from pos_app.sales.owner import Decision, MoneyBack
from pos_app.ui.payments.model import PaymentColumn
from pos_app.ui.payments.refund_form import DID_NOT, ENDS, STAYS, WENT, RefundForm
from pos_app.ui.recovery.code_dialog import RecoveryCodeDialog
from pos_app.ui.recovery.forgotten import RecoverDialog
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.payments.seen import Seen, fill
from tests.ui.selling import now, tell

PASSPHRASE = "mama njeri 1987"


@pytest.fixture
def paid(seen: Seen, harness: TillHarness, sold: list[Payment]) -> Payment:
    """The owner's form is open on the paid payment of KES 50."""
    harness.till.owner.passphrase.choose(PASSPHRASE)
    assert not button(seen, "detailRefund").isVisible(), "the newest waits for its PIN"
    open_form(seen, 2)
    return sold[0]


def open_form(seen: Seen, row: int) -> None:
    seen.table.go_to_row(row)
    button(seen, "detailRefund").click()
    assert not seen.part(QWidget, "detailAmount").isVisible()
    assert seen.part(QLineEdit, "refundCode").hasFocus()


def button(seen: Seen, name: str) -> QAbstractButton:
    return seen.part(QAbstractButton, name)


def trouble(seen: Seen) -> str:
    return seen.part(QWidget, "refundTrouble").accessibleName()


def access(seen: Seen) -> ChoiceButton:
    return seen.part(ChoiceButton, "refundAccess")


def test_all_of_it_with_the_keyboard_alone(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    amount = seen.part(QLineEdit, "refundAmount")
    assert (amount.text(), access(seen).choice) == ("50", ENDS)
    for name, text in (("refundCode", "ukr0000001"), ("refundWhy", "wrong pass"), ("refundPassphrase", PASSPHRASE)):
        QTest.keyClicks(seen.part(QLineEdit, name), text)
    slips: list[int] = []
    seen.page.slip_wanted.connect(slips.append)
    QTest.keyClick(seen.part(QLineEdit, "refundPassphrase"), Qt.Key.Key_Return)
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[2] == "Refunded")
    assert now(harness.till, paid).refunded == 50
    assert "All of it went back: KES 50." in seen.text("detailWhy")
    assert seen.text("detailAccess").startswith("Access withdrawn ")
    seen.qtbot.waitUntil(lambda: any("Money went back" in step for step in seen.steps()))
    assert any("UKR0000001 · KES 50 · wrong pass · access withdrawn" in step for step in seen.steps())
    assert (seen.text("footerPaid"), seen.text("footerRefunded")) == ("KES 0 paid", "after KES 50 refunded")
    seen.qtbot.waitUntil(lambda: seen.part(QLineEdit, "refundPassphrase").text() == "")
    seen.qtbot.waitUntil(button(seen, "detailSlip").hasFocus)
    seen.press(Qt.Key.Key_Space)
    assert slips == [paid.id]


def test_rule_30_what_did_not_go_back_so_is_taken_back(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    which = seen.part(ChoiceButton, "refundWhich")
    assert not which.isVisible(), "nothing went back yet"
    fill(seen, refundAmount="20", refundCode="UKR0000001", refundWhy="a part", refundPassphrase=PASSPHRASE)
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[2] == "Part refunded")
    open_form(seen, 2)
    assert (which.isVisible(), which.choice) == (True, WENT)
    which.choose(DID_NOT)
    assert not seen.part(QLineEdit, "refundAmount").isVisible()
    assert not access(seen).isVisible()
    fill(seen, refundCode="UKR0000009", refundWhy="mistyped", refundPassphrase=PASSPHRASE)
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: "By that code nothing of this payment went back" in trouble(seen))
    fill(seen, refundCode="UKR0000001", refundPassphrase=PASSPHRASE)
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[2] == "Paid")
    assert now(harness.till, paid).refunded == 0
    seen.qtbot.waitUntil(
        lambda: any(
            "Its refund was taken back" in step and "UKR0000001 · KES 20 · mistyped" in step for step in seen.steps()
        )
    )


def test_a_part_leaves_the_access_and_the_rest_can_follow(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    fill(seen, refundAmount="20", refundCode="UKR0000001", refundWhy="a part", refundPassphrase=PASSPHRASE)
    assert access(seen).choice == STAYS
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[2] == "Part refunded")
    assert "KES 20 went back." in seen.text("detailWhy")
    assert seen.text("detailAccess").startswith("Access until ")
    assert (seen.text("footerPaid"), seen.text("footerRefunded")) == ("KES 30 paid", "after KES 20 refunded")
    open_form(seen, 2)
    assert (seen.part(QLineEdit, "refundAmount").text(), access(seen).choice) == ("30", ENDS)
    form = seen.part(QWidget, "refundForm")
    said = " ".join(label.text() for label in form.findChildren(QLabel))
    assert "KES 20 went back before." in said
    assert "KES 30 at most" in said


def test_what_the_owner_chose_for_the_access_stays_chosen(seen: Seen, paid: Payment) -> None:
    access(seen).choose(STAYS)
    fill(seen, refundAmount="20")
    fill(seen, refundAmount="50")
    assert access(seen).choice == STAYS
    button(seen, "refundCancel").click()
    open_form(seen, 2)
    assert access(seen).choice == ENDS


WRONG = (
    ({"refundAmount": "51"}, "KES 50 can still go back"),
    ({"refundAmount": "1e1"}, "in whole shillings"),
    ({"refundCode": "UKN4X7Q2ZT"}, "the code of the payment itself"),
    ({"refundAmount": "5O"}, "in whole shillings"),
    ({"refundCode": "UKR"}, "Type the code"),
    ({"refundWhy": ""}, "Type the reason"),
    ({"refundPassphrase": "guess"}, "not the owner's passphrase"),
    ({"refundPassphrase": ""}, "Type the owner's passphrase"),
)


def test_what_is_wrong_is_said_and_everything_typed_stays(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    right = {"refundAmount": "50", "refundCode": "UKR0000001", "refundWhy": "x", "refundPassphrase": PASSPHRASE}
    for typed, words in WRONG:
        fill(seen, **right | typed)
        assert words not in trouble(seen)
        button(seen, "refundNow").click()
        seen.qtbot.waitUntil(lambda words=words: words in trouble(seen))  # type: ignore[misc]
        assert "Nothing was changed" in trouble(seen)
        assert {name: seen.part(QLineEdit, name).text() for name in right} == right | typed
        assert now(harness.till, paid) == paid


def test_the_first_passphrase_is_typed_twice(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    open_form(seen, 2)
    again = seen.part(QLineEdit, "refundAgain")
    seen.qtbot.waitUntil(again.isVisible)
    fill(seen, refundCode="UKR0000001", refundWhy="x", refundPassphrase="a long one", refundAgain="another")
    button(seen, "refundNow").click()
    assert "not the same" in trouble(seen)
    fill(seen, refundAgain="a long one")
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: now(harness.till, sold[0]).refunded == 50)
    seen.qtbot.waitUntil(lambda: bool(seen.page.window().findChildren(RecoveryCodeDialog)))
    code = "-".join(part(seen.page.window(), QLabel, "recoveryCode").text().split())
    harness.till.owner.passphrase.recover(code, "mama njeri 1988")


def test_who_has_forgotten_the_passphrase_finds_a_way_out_here(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    code = harness.till.owner.passphrase.choose(PASSPHRASE)
    open_form(seen, 2)
    seen.qtbot.waitUntil(button(seen, "refundForgotten").isVisible)
    button(seen, "refundForgotten").click()
    dialog = seen.page.window().findChildren(RecoverDialog)[0]
    for name, text in (("recoverCode", code), ("recoverNew", "a long one"), ("recoverAgain", "a long one")):
        part(dialog, QLineEdit, name).setText(text)
    part(dialog, QAbstractButton, "recoverSet").click()
    seen.qtbot.waitUntil(lambda: bool(seen.page.window().findChildren(RecoveryCodeDialog)))
    harness.till.owner.passphrase.confirm("a long one")


def test_who_comes_next_finds_no_passphrase_and_no_form(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    fill(seen, refundCode="UKR0000001", refundWhy="x", refundPassphrase=PASSPHRASE)
    seen.page.hide()
    seen.page.show()
    assert not seen.part(QWidget, "refundForm").isVisible()
    assert seen.part(QLineEdit, "refundPassphrase").text() == ""
    assert button(seen, "detailRefund").isVisible()
    button(seen, "detailRefund").click()
    assert seen.part(QLineEdit, "refundCode").text() == ""
    QTest.keyClick(seen.part(QLineEdit, "refundCode"), Qt.Key.Key_Escape)
    assert seen.part(QWidget, "detailAmount").isVisible()
    assert now(harness.till, paid) == paid


def test_another_till_was_faster(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    fill(seen, refundCode="UKR0000001", refundWhy="x", refundPassphrase=PASSPHRASE)
    harness.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="50", code="UKR0000002", why="the same"))
    seen.qtbot.waitUntil(lambda: "Something new has come about this payment." in trouble(seen))
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(button(seen, "refundNow").isEnabled)
    assert [each.code for each in harness.till.reader.refunds(paid.id)] == ["UKR0000002"]


def test_of_money_that_was_bound_what_is_due_stands_there(seen: Seen, paid: Payment) -> None:
    remarks = paid.remarks | {Remark.BOUND, Remark.REST_DUE}
    seen.part(RefundForm, "refundForm").start(replace(paid, amount_paid=130, remarks=remarks))
    assert (seen.part(QLineEdit, "refundAmount").text(), access(seen).choice) == ("80", STAYS)


def test_what_the_owner_refused_can_go_back_too(seen: Seen, harness: TillHarness, sold: list[Payment]) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    ids = sold[2].merchant_request_id, sold[2].checkout_request_id
    held = tell(harness.till, sold[2], Callback(Result.SUCCESS, "0", *ids, Decimal(20), "UKN7X7Q2ZB"))
    assert not button(seen, "detailRefund").isVisible()
    harness.till.owner.settle(held, PASSPHRASE, Decision(settlement=Settlement.DECLINED, why="too little"))
    seen.qtbot.waitUntil(button(seen, "detailRefund").isVisible)
    open_form(seen, 0)
    assert seen.part(QLineEdit, "refundAmount").text() == "20"
    assert not access(seen).isVisible()
    fill(seen, refundCode="UKR0000001", refundWhy="too little", refundPassphrase=PASSPHRASE)
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Refunded")
    assert (now(harness.till, held).state, now(harness.till, held).refunded) == (State.DECLINED, 20)
    assert seen.text("footerPaid") == "KES 50 paid", "it was never counted"
    assert not seen.part(QLabel, "footerRefunded").isVisible()


def test_what_another_till_has_given_back_is_seen_where_somebody_looks_again(
    seen: Seen, harness: TillHarness, events: TillEvents, paid: Payment
) -> None:
    fill(seen, refundCode="UKR0000001", refundWhy="wrong pass", refundPassphrase=PASSPHRASE)
    events.blockSignals(True)  # another till tells this window nothing
    harness.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="50", code="UKR0000002", why="the same"))
    events.blockSignals(False)
    button(seen, "refundNow").click()
    seen.qtbot.waitUntil(lambda: "Something new has come" in trouble(seen))
    assert seen.column(PaymentColumn.STATE)[2] == "Paid"
    button(seen, "refundCancel").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[2] == "Refunded")
    assert "All of it went back: KES 50." in seen.text("detailWhy")


def test_a_row_that_another_till_has_changed_is_read_anew_when_it_is_chosen(
    seen: Seen, harness: TillHarness, events: TillEvents, paid: Payment
) -> None:
    button(seen, "refundCancel").click()
    seen.table.go_to_row(1)
    events.blockSignals(True)
    harness.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="20", code="UKR0000002", why="the same"))
    events.blockSignals(False)
    seen.table.go_to_row(2)
    seen.qtbot.waitUntil(lambda: "KES 20" in seen.text("detailWhy"))
