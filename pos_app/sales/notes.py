"""Case notes: what people write about a payment or a customer, for whoever looks at it next."""

from pos_app.domain.audit import audit_line
from pos_app.domain.note import read_note
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment
from pos_app.domain.phone import is_erased
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Clock, Transaction
from pos_app.sales.write_queue import GroupWriter


class Notes:
    """Adds notes; the `Reader` has them. Any thread; each call waits for the store.

    The audit says who wrote one and about what, not the text, which somebody may want erased.
    """

    def __init__(self, writer: GroupWriter, clock: Clock, authority: Authority) -> None:
        self._writer = writer
        self._clock = clock
        self._authority = authority

    def about_payment(self, payment: Payment, typed: str) -> None:
        """Write a note about a payment, as somebody typed it. It moves nothing.

        Raises:
            BadInput: it cannot be kept as it is, in words; its customer was erased; or nobody is signed in.
            CannotSave: nothing was saved.
        """
        text, shift = read_note(typed), self._authority.shift

        def work(transaction: Transaction) -> None:
            actor = self._authority.admit(transaction, Act.NOTE, shift)
            now, there = self._clock.corrected(), transaction.payment(payment.id)
            if there is None or is_erased(there.phone):  # nothing would take it away again
                raise BadInput("This customer was erased: nothing is written about them any more. Nothing was saved.")
            transaction.add_payment_note(payment.id, actor.operator_id, now, text)
            transaction.add_audit([audit_line(actor, Act.NOTE, now, payment.number, None)])

        self._writer.run(work)

    def about_customer(self, msisdn: str, typed: str) -> None:
        """Write a note about the customer with this phone, as somebody typed it.

        Raises:
            BadInput: it cannot be kept as it is, in words; nobody was ever asked there; or nobody is signed in.
            CannotSave: nothing was saved.
        """
        text, shift = read_note(typed), self._authority.shift

        def work(transaction: Transaction) -> None:
            actor = self._authority.admit(transaction, Act.NOTE, shift)
            now = self._clock.corrected()
            customer_id = transaction.add_customer_note(msisdn, actor.operator_id, now, text)
            if customer_id is None:
                raise BadInput("Nobody was ever asked for money at that phone. Nothing was saved.")
            transaction.add_audit([audit_line(actor, Act.NOTE, now, f"customer {customer_id}", None)])

        self._writer.run(work)
