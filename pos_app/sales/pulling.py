"""What M-PESA's Pull Transactions has of the shop's money, as a statement like any other (rule 22)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_app.domain.payment import Source
from pos_app.domain.pulled import (
    MARGIN,
    NOTHING_CONCLUDED,
    OLDEST,
    NotPulled,
    PulledSet,
    PullRegistration,
    PullTrouble,
    TellsTooLittle,
    to_statement,
)
from pos_app.domain.statement_row import Statement
from pos_app.errors import BadInput
from pos_app.sales.ports import Clock, PullGateway, Reader

_SECOND = timedelta(seconds=1)
_STATEMENT = "The statement of M-PESA's portal has all of it."
_TROUBLES = {
    PullTrouble.FAILED: f"M-PESA could not say what came in. {NOTHING_CONCLUDED} Try again in a few minutes.",
    PullTrouble.INCOMPLETE: (
        f"M-PESA told only a part of what came in. {NOTHING_CONCLUDED} Try again in a few minutes."
    ),
    PullTrouble.UNREADABLE: (
        f"M-PESA's Pull Transactions answered with something that cannot be read. {NOTHING_CONCLUDED} {_STATEMENT}"
    ),
    PullTrouble.UNREACHABLE: f"M-PESA was not reached. {NOTHING_CONCLUDED} Try again when there is a connection.",
    PullTrouble.CREDENTIALS: (
        f"M-PESA did not accept the shop's keys for Pull Transactions. {NOTHING_CONCLUDED} Look at the keys (F10), and "
        "whether the app on the Daraja portal has this product."
    ),
}
_NO_RECORDS = {
    None: "M-PESA says that it has no records. It says the same to a shop that may not use Pull Transactions.",
    PullRegistration.NEW: (
        "Pull Transactions was registered just now, and M-PESA has no records yet. It may tell only of what comes from "
        "now on."
    ),
    PullRegistration.ALREADY: (
        "M-PESA says that it has no records. Pull Transactions is registered, but M-PESA says the same where Safaricom "
        "has not enabled it for this short code."
    ),
    PullRegistration.REFUSED: (
        "M-PESA has not let this shop register Pull Transactions: ask Safaricom to enable it for the short code."
    ),
    PullRegistration.UNKNOWN: "M-PESA says that it has no records, and did not answer whether the shop may ask.",
}


@dataclass(frozen=True, slots=True)
class PullAccount:
    """Who asks.

    Attributes:
        short_code: whose money it is; of a till the till number.
        nominated: the MSISDN that M-PESA knows of the shop, for registering; empty where nobody has named it.
    """

    short_code: str
    nominated: str = ""


class Pulling:
    """Asks M-PESA. Any thread; one asker at a time is enough for a shop."""

    def __init__(self, gateway: PullGateway, reader: Reader, clock: Clock, account: PullAccount) -> None:
        self._gateway = gateway
        self._reader = reader
        self._clock = clock
        self._account = account
        self._registered: PullRegistration | None = None

    def fetch(self, since: datetime | None = None) -> Statement:
        """All that came since a moment (UTC), or in the last 48 hours: M-PESA tells of no more. Takes four minutes at
        most.

        Raises:
            BadInput: with words: nothing can be concluded. TellsTooLittle: of a longer time perhaps.
        """
        now = self._clock.corrected()
        first = max(since or now - OLDEST, now - OLDEST + MARGIN)
        pulled = self._pull(first, now + _SECOND)  # it is told in whole seconds, and the present one is not over
        books = self._reader.books(now, now, {row.receipt for row in pulled.rows})
        held = {
            payment.receipt: payment.pushed_at
            for payment in books.payments
            if payment.receipt and payment.receipt_by is Source.MPESA
        }
        return to_statement(pulled, self._account.short_code, held)

    def register(self) -> PullRegistration:
        """Ask M-PESA to tell of the shop's money from now on; it may be asked again."""
        self._registered = self._gateway.register_pull(self._account.nominated)
        return self._registered

    def _registers_anew(self) -> bool:
        """Whether M-PESA said that it had not been registered before."""
        if not self._account.nominated or self._registered is PullRegistration.ALREADY:
            return False
        return self.register() is PullRegistration.NEW

    def _pull(self, first: datetime, last: datetime) -> PulledSet:
        found = self._gateway.pull(first, last)
        if _is_quiet(found) and self._registers_anew():
            found = self._gateway.pull(first, last)
        if isinstance(found, PulledSet):
            return found
        if found.trouble is PullTrouble.NO_RECORDS:
            raise TellsTooLittle(f"{_NO_RECORDS[self._registered]} {NOTHING_CONCLUDED} {_STATEMENT}")
        raise BadInput(_TROUBLES[found.trouble])


def _is_quiet(found: PulledSet | NotPulled) -> bool:
    return isinstance(found, NotPulled) and found.trouble is PullTrouble.NO_RECORDS
