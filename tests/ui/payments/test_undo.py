"""A bind is undone where its payment is looked at: it could be found under Statement only, among what is bound."""

from datetime import timedelta

from PySide6.QtWidgets import QAbstractButton, QWidget

from pos_app.domain.charge_request import ChargeLine, ChargeRequest
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import parse_phone
from pos_app.domain.statement_row import Statement
from pos_app.domain.unprompted import MoneySearch
from pos_app.ui.payments.model import PaymentColumn
from tests.support.fakes import START
from tests.support.staff import PASSPHRASE
from tests.support.statement_rows import a_payment_row
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import Seen, fill


def bound(harness: TillHarness) -> Payment:
    """A sale of a post to a customer, paid by money that came without a prompt."""
    till = harness.till
    till.owner.passphrase.choose(PASSPHRASE)
    post = till.catalogue.posts()[0]
    row = a_payment_row(START + timedelta(minutes=1), post.price, "079****009")
    statement = Statement(short_code="512345", period=None, covered=None, rows=(row,))
    till.recording.record(statement, "ab" * 32, PASSPHRASE)
    [money] = till.reader.unprompted(MoneySearch())
    return till.binding.bind(
        money, ChargeRequest(lines=(ChargeLine(post),), msisdn=parse_phone("0790000009")), PASSPHRASE
    )


def test_rule_22_a_bind_is_undone_at_its_payment(seen: Seen, harness: TillHarness) -> None:
    undo = seen.part(QAbstractButton, "detailUnbind")
    seen.table.go_to_row(2)
    assert not undo.isVisible(), "nobody has bound what was asked for"
    sale = bound(harness)
    seen.until_rows(4)
    seen.table.go_to_row(0)
    seen.qtbot.waitUntil(undo.isVisible)
    undo.click()
    assert not seen.part(QWidget, "detailAmount").isVisible()
    fill(seen, undoWhy="the wrong customer", undoPassphrase=PASSPHRASE)
    seen.part(QAbstractButton, "undoNow").click()
    seen.qtbot.waitUntil(lambda: seen.column(PaymentColumn.STATE)[0] == "Unbound")
    undone = harness.till.reader.payment(sale.id)
    assert undone is not None
    assert undone.state is State.DECLINED
    assert harness.till.reader.unprompted_waiting() == 1
    assert not undo.isVisible()
    seen.qtbot.waitUntil(lambda: any("Unbound by the owner" in step for step in seen.steps()))
