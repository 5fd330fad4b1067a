"""What stands in the charge form, and the request that it makes."""

from typing import NamedTuple

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.payment import Payment
from pos_app.domain.phone import Msisdn
from pos_app.ui.widgets.basket import Basket, lines_of


class Typed(NamedTuple):
    """What the operator has chosen and typed for a customer."""

    basket: Basket = ()
    phone: str = ""
    retry_of: Payment | None = None

    def request(self, msisdn: Msisdn, despite: frozenset[int], entered: float) -> ChargeRequest:
        """The charge that this asks for; there are posts.

        Args:
            msisdn: the phone as it was read.
            despite: ids of the payments that the operator goes past.
            entered: when the button was pressed, by `Clock.since_boot`, in seconds.
        """
        return ChargeRequest(
            lines=lines_of(self.basket),
            msisdn=msisdn,
            retry_of=self.retry_of.id if self.retry_of else None,
            despite=despite,
            entered=entered,
        )
