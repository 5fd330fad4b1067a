"""A code that a customer reads out, typed where payments are looked up: the till says what to answer, never Paid."""

from PySide6.QtWidgets import QLabel

from pos_app.domain.payment import Payment
from pos_app.ui.payments.model import PaymentColumn
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import Seen, fill
from tests.ui.selling import now, pay


def until_said(seen: Seen, words: str) -> None:
    line = seen.part(QLabel, "paymentsCode")
    seen.qtbot.waitUntil(lambda: line.isVisible() and words in line.text())


def test_a_code_that_m_pesa_has_not_named_is_waited_for_and_said_when_it_comes(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    seen.type("UKN0000001")
    until_said(seen, "This code is not in M-PESA's word to us yet. Please wait: the till will show Paid by itself.")
    assert now(harness.till, sold[2]).state is sold[2].state
    pay(harness.till, sold[2], "UKN0000001")
    seen.until_rows(1)
    until_said(seen, "pays for this sale alone")


def test_the_code_of_another_sale_is_said_to_be_that(seen: Seen) -> None:
    seen.type("ukn4x7q2zt")
    until_said(seen, "This code belongs to another sale.")
    fill(seen, paymentsFind="tea")
    line = seen.part(QLabel, "paymentsCode")
    seen.qtbot.waitUntil(lambda: not line.isVisible() and seen.column(PaymentColumn.POST) == ["Tea"])


def test_what_has_not_the_form_of_a_code(seen: Seen) -> None:
    seen.type("UKN4X7Q2Z99")
    until_said(seen, "one has 10 letters and digits")
