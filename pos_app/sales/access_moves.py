"""Access that is withdrawn, and what moves behind it: written down where each stands (rules 19 and 20)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import EventKind
from pos_app.domain.withdrawal import Given, OfLine, moved, withdrawn
from pos_app.sales.journal import till_line
from pos_app.sales.ports import Transaction


def move_up(
    transaction: Transaction, customer_id: int, post_ids: list[int], now: datetime, *, behind: str
) -> list[Payment]:
    """Let what waited behind withdrawn access move forward, in the transaction that has withdrawn it.

    Args:
        post_ids: of what was withdrawn.
        now: UTC, by M-PESA's clock where that is known.
        behind: whose access was withdrawn, in the words of a journal.

    Returns:
        The payments whose access has moved, as they are saved.
    """
    lines: dict[int, dict[int, Given]] = defaultdict(dict)
    for post_id in post_ids:
        for given in moved(transaction.given(customer_id, post_id), now):
            if isinstance(given.origin, OfLine):
                lines[given.origin.payment_id][given.origin.line] = given
            else:
                transaction.move_access(given.origin.access_id, given.starts_at, given.until)
    detail = f"that of {behind} was withdrawn"
    return [_moved_lines(transaction, payment_id, of_line, now, detail) for payment_id, of_line in lines.items()]


def withdraw_line(transaction: Transaction, origin: OfLine, now: datetime, *, reason: str) -> Payment:
    """Withdraw what one line of a payment gives, and write its reason into the payment's journal.

    Returns:
        The payment as it is saved.
    """
    payment = _payment(transaction, origin.payment_id)
    lines = list(payment.lines)
    line = lines[origin.line - 1]
    lines[origin.line - 1] = replace(line, grant=withdrawn(line.grant, now))
    what = f"{line.title}: {reason}" if len(lines) > 1 else reason
    return _saved(transaction, payment, replace(payment, lines=tuple(lines)), now, EventKind.ACCESS_WITHDRAWN, what)


def _moved_lines(
    transaction: Transaction, payment_id: int, of_line: Mapping[int, Given], now: datetime, detail: str
) -> Payment:
    payment = _payment(transaction, payment_id)
    lines = list(payment.lines)
    for number, given in of_line.items():
        grant = lines[number - 1].grant
        assert grant is not None
        moved_grant = replace(grant, starts_at=given.starts_at, until=given.until)
        lines[number - 1] = replace(lines[number - 1], grant=moved_grant)
    return _saved(transaction, payment, replace(payment, lines=tuple(lines)), now, EventKind.ACCESS_MOVED, detail)


def _payment(transaction: Transaction, payment_id: int) -> Payment:
    payment = transaction.payment(payment_id)
    assert payment is not None  # its access was read in this transaction
    return payment


def _saved(
    transaction: Transaction, before: Payment, after: Payment, now: datetime, kind: EventKind, detail: str
) -> Payment:
    after = replace(after, updated_at=now)
    transaction.update(before, after)
    transaction.add_line(before.id, till_line(before, kind, now, detail=detail))
    return replace(after, version=before.version + 1)
