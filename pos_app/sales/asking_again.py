"""Whether a customer who has not paid may be asked again: it waits, and M-PESA must have said so just now (rule 13)."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from pos_app.domain.kenya_time import duration
from pos_app.domain.late_answers import could_be_answered
from pos_app.domain.payment import NOT_PAID_STATES, Payment, State
from pos_app.domain.payment_event import Answer, Result
from pos_app.domain.phone import is_erased
from pos_app.errors import BadInput
from pos_app.sales.ledger import Ledger
from pos_app.sales.patience import answer_of
from pos_app.sales.ports import Clock, Gateway, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

FRESH = 60.0  # seconds for which M-PESA's "not paid" is good
ERASED = "This customer was erased, so there is no number to ask. Nothing was sent. Begin a new charge."
NOT_UNPAID = "This payment is not known to be unpaid: do not ask again. Nothing was sent."


class AskingAgain:
    """Looks when the operator chooses to ask again, and once more where the charge follows much later.

    Args:
        wait_left: seconds until the last prompt of a payment can be answered no more.
        alone: keeps everybody else from asking M-PESA about a payment (its id) meanwhile; gives whether nobody did.
    """

    def __init__(
        self,
        *,
        writer: GroupWriter,
        ledger: Ledger,
        reader: Reader,
        gateway: Gateway,
        clock: Clock,
        wait_left: Callable[[Payment], float],
        alone: Callable[[int], AbstractContextManager[bool]],
    ) -> None:
        self._writer = writer
        self._ledger = ledger
        self._reader = reader
        self._gateway = gateway
        self._clock = clock
        self._wait_left = wait_left
        self._alone = alone
        self._confirmed: dict[int, float] = {}  # when M-PESA said of a payment that it is not paid, since boot

    def check(self, payment: Payment) -> None:
        """Check that a not-paid payment may be asked for again; asks M-PESA where the rule says so.

        Raises:
            BadInput: with the reason, and how long to wait.
            CannotSave: what M-PESA answers could not be recorded.
        """
        if is_erased(payment.phone):
            raise BadInput(ERASED)
        if payment.state not in NOT_PAID_STATES:
            raise BadInput(NOT_UNPAID)
        refuse_paid_chain(self._reader.paid_of_chain(payment.id))
        left = self._wait_left(payment)
        if left > 0:
            raise BadInput(f"The last prompt could still be answered. Wait {duration(left)}.")
        if could_be_answered(payment):
            self._confirm_unpaid(payment)
            self._confirmed[payment.id] = self._clock.since_boot()

    def check_at_charge(self, retry_of: int | None) -> None:
        """The same for a charge that asks again, where M-PESA's word is not fresh any more; what the transaction and
        its guard see is theirs to refuse.

        Raises:
            BadInput, CannotSave: as `check`.
        """
        payment = None if retry_of is None else self._reader.payment(retry_of)
        if payment is None or payment.state not in NOT_PAID_STATES or not could_be_answered(payment):
            return
        confirmed = self._confirmed.get(payment.id, float("-inf"))
        if self._wait_left(payment) == 0 and self._clock.since_boot() - confirmed > FRESH:
            self.check(payment)

    def _confirm_unpaid(self, payment: Payment) -> None:
        if payment.query_id is None:
            raise BadInput("M-PESA gave us no number to check by: look at the statement before you ask again.")
        self._writer.check_saving()  # or the answer could not be recorded
        with self._alone(payment.id) as free:
            if not free:
                raise BadInput("M-PESA is just being asked about this payment. Nothing was sent. Try again soon.")
            answer = self._gateway.query(payment.query_id)
        change = answer_of(self._ledger.record(answer, payment))
        if change and change.after.state is State.PAID:
            raise BadInput("The customer has paid after all. Nothing was sent.")
        if change and change.after.state not in NOT_PAID_STATES:
            raise BadInput(NOT_UNPAID)
        if not isinstance(answer, Answer) or answer.checkout_request_id != payment.query_id:
            raise BadInput("M-PESA does not answer just now, so we cannot know whether it was paid. Nothing was sent.")
        if answer.result is Result.PENDING:
            raise BadInput("M-PESA is still working on the last prompt. Wait a minute. Nothing was sent.")


def refuse_at_charge(transaction: Transaction, retry_of: int) -> None:
    """Refuse to save what asks again, where that is not to be any more since the operator chose it.

    Raises:
        BadInput: what is asked for again may have been paid, or its customer was erased.
    """
    asked = transaction.payment(retry_of)
    if asked is None or asked.state not in NOT_PAID_STATES:
        raise BadInput(NOT_UNPAID)
    if is_erased(asked.phone):  # the new payment, which has the number, would say whose the old one was
        raise BadInput(ERASED)
    refuse_paid_chain(transaction.paid_of_chain(asked.id))


def refuse_paid_chain(paid: Payment | None) -> None:
    """Refuse to ask again where another payment of the chain is paid.

    Raises:
        BadInput: it names that payment.
    """
    if paid:
        raise BadInput(
            f"Payment {paid.number} asked this customer for the same again, and is paid. Nothing was sent. Look at it; "
            "if the customer buys once more, begin a new charge."
        )
