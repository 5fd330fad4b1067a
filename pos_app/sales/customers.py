"""What is known of a customer before anything is asked: what they have, what they bought, what is still open."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pos_app.domain.customer import Customer, KnownPhone
from pos_app.sales.checkout import Caution
from pos_app.sales.ports import Clock, Reader

SALES = 3  # the last ones are told
MOST = 100  # customers that are looked at for four digits


class Customers:
    """Looks customers up; nothing here writes. Any thread; each call reads the store.

    Args:
        cautions: what the guard sees for an MSISDN.
    """

    def __init__(self, reader: Reader, clock: Clock, cautions: Callable[[str], Sequence[Caution]]) -> None:
        self._reader = reader
        self._clock = clock
        self._cautions = cautions

    def about(self, msisdn: str) -> Customer | None:
        """What is known of the customer with this phone; None where nobody was ever asked for money at it."""
        customer = self._reader.customer(msisdn, self._clock.corrected(), SALES)
        if customer is None:
            return None
        return replace(customer, pending=tuple(caution.payment for caution in self._cautions(msisdn)))

    def ending(self, digits: str) -> list[KnownPhone]:
        """The customers whose phone ends in these four digits and who have paid before, the last one first.

        A number that was only ever typed may be a slip of the hand, and a stranger's: it is none of these. Not more
        than `MOST`.
        """
        return self._reader.customers_ending(digits, MOST)
