"""What decides about an event and is rarely needed: read apart from the hot path's one statement."""

from dataclasses import replace
from datetime import datetime

from pos_app.domain.facts import Facts
from pos_app.domain.payment import Outcome, Payment, State
from pos_app.domain.payment_event import Answer, Result
from pos_app.sales.journal import Arrived, journal_line
from pos_app.sales.ports import Transaction


def more_facts(transaction: Transaction, payment: Payment, arrived: Arrived, facts: Facts, now: datetime) -> Facts:
    """The facts, and whether the journal has this very event already; and whether the money of which M-PESA says by
    asking, without its code, that it was paid may be counted already by what somebody has bound (rule 22).
    """
    if payment.seen:  # else nothing hangs on it
        like = journal_line(payment, payment, Outcome.IGNORED, arrived, now)
        facts = replace(facts, told_before=transaction.has_line(payment.id, like))
    event = arrived.event
    codeless = isinstance(event, Answer) and event.result is Result.SUCCESS and payment.receipt is None
    if codeless and payment.state is not State.PAID and transaction.may_be_bound(payment):
        facts = replace(facts, may_be_same=True)
    return facts
