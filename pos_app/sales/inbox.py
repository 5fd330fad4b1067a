"""From the listener to the ledger: callbacks are recorded at the address they came to."""

from collections.abc import Collection
from concurrent.futures import Future

from pos_app.domain.payment import Change
from pos_app.domain.payment_event import Callback, UnreadableCallback
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.ports import Reader


class LedgerInbox:
    """Takes callbacks for the payments of one database. Fits `callbacks.listener.Inbox`."""

    def __init__(self, ledger: Ledger, reader: Reader) -> None:
        self._ledger = ledger
        self._reader = reader

    def expects(self, address_token: str) -> bool:
        """Whether a payment just saved has this address, as far as can be told without asking the store."""
        return self._ledger.expects(address_of(address_token))

    def knows(self, address_tokens: Collection[str]) -> set[str]:
        """Those of the address tokens that are a payment's; one look into the store for all."""
        addresses = {token: address_of(token) for token in address_tokens}
        known = self._reader.known_addresses(addresses.values())
        return {token for token, address in addresses.items() if address in known}

    def receive(self, address_token: str, event: Callback | UnreadableCallback, body: str) -> "Future[Change | None]":
        """Record what came to an address; the future is done when it is saved."""
        return self._ledger.record_at(address_of(address_token), event, body)
