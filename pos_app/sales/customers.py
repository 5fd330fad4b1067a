"""What is known of a customer before anything is asked: what they have, what they bought, what is still open."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.customer import Customer, KnownPhone, read_name
from pos_app.domain.operators import Act
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.checkout import Caution
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

SALES = 3  # the last ones are told
NOBODY = "Nobody is known at that phone, or not any more. Nothing was saved."
MOST = 100  # customers that are looked at for four digits


class Customers:
    """Looks customers up, and writes what they are called. Any thread; each call waits for the store.

    Args:
        cautions: what the guard sees for an MSISDN.
    """

    def __init__(
        self,
        reader: Reader,
        writer: GroupWriter,
        clock: Clock,
        authority: Authority,
        cautions: Callable[[str], Sequence[Caution]],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._authority = authority
        self._clock = clock
        self._cautions = cautions

    def about(self, msisdn: str) -> Customer | None:
        """What is known of the customer with this phone; None where nobody was ever asked for money at it."""
        customer = self._reader.customer(msisdn, self._clock.corrected(), SALES)
        if customer is None:
            return None
        return replace(customer, pending=tuple(caution.payment for caution in self._cautions(msisdn)))

    def give_name(self, msisdn: str, text: str) -> None:
        """Write down what the customer with this phone is called, as somebody typed it; nothing takes the name away.

        The audit says who did it and for which customer, not the name, which somebody may want erased.

        Raises:
            BadInput: that is no name; nobody is known there, or not any more; or nobody is signed in.
            CannotSave: nothing was saved.
        """
        name, shift = read_name(text), self._authority.shift

        def work(transaction: Transaction) -> None:
            actor = self._authority.admit(transaction, Act.NAME, shift)
            customer_id = transaction.name_customer(msisdn, name)
            if customer_id is None:
                raise BadInput(NOBODY)
            now, subject = self._clock.corrected(), f"customer {customer_id}"
            transaction.add_audit([audit_line(actor, Act.NAME, now, subject, CHANGED if name else None)])

        self._writer.run(work)

    def ending(self, digits: str) -> list[KnownPhone]:
        """The customers whose phone ends in these four digits and who have paid before, the last one first.

        A number that was only ever typed may be a slip of the hand, and a stranger's: it is none of these. Not more
        than `MOST`.
        """
        return self._reader.customers_ending(digits, MOST)
