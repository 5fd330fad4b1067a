"""Access that a payment gave is withdrawn at its detail: by a supervisor or the owner, with a reason."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import Seen, fill
from tests.ui.selling import now

PASSPHRASE = "mama njeri 1987"


@pytest.fixture
def paid(seen: Seen, harness: TillHarness, sold: list[Payment]) -> Payment:
    """The owner has a passphrase, and the paid payment is shown."""
    harness.till.owner.passphrase.choose(PASSPHRASE)
    seen.table.go_to_row(2)
    return sold[0]


def button(seen: Seen, name: str) -> QAbstractButton:
    return seen.part(QAbstractButton, name)


def test_it_ends_and_the_button_goes(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    button(seen, "detailWithdraw").click()
    fill(seen, withdrawWhy="left the club", withdrawPassphrase=PASSPHRASE)
    button(seen, "withdrawNow").click()
    seen.qtbot.waitUntil(lambda: not now(harness.till, paid).gives_access)
    seen.qtbot.waitUntil(lambda: seen.text("detailAccess").startswith("Access withdrawn "))
    assert not button(seen, "detailWithdraw").isVisible()
    seen.qtbot.waitUntil(lambda: any("left the club" in step for step in seen.steps()))
    line = harness.till.reader.audit(1)[0]
    assert (line.act, line.new, line.owner) == (Act.ACCESS, "nothing", True)
    seen.qtbot.waitUntil(button(seen, "detailNote").hasFocus)


def test_only_where_the_customer_has_it_now(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    assert button(seen, "detailWithdraw").isVisible()
    for row in (0, 1):
        seen.table.go_to_row(row)
        assert not button(seen, "detailWithdraw").isVisible(), "nothing was paid there"
    harness.clock.advance(400 * 86_400)
    seen.table.go_to_row(2)
    assert not button(seen, "detailWithdraw").isVisible(), "it is over by itself"


def test_what_is_refused_stands_beside_what_was_typed(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    button(seen, "detailWithdraw").click()
    fill(seen, withdrawPassphrase=PASSPHRASE)
    button(seen, "withdrawNow").click()
    trouble = seen.part(QWidget, "withdrawTrouble")
    seen.qtbot.waitUntil(lambda: "Type the reason" in trouble.accessibleName())
    assert seen.part(QLineEdit, "withdrawPassphrase").text() == PASSPHRASE
    button(seen, "withdrawCancel").click()
    assert button(seen, "detailWithdraw").hasFocus()
    assert now(harness.till, paid) == paid
    assert seen.part(QLineEdit, "withdrawPassphrase").text() == ""
