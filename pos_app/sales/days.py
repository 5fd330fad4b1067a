"""The shop's days: the report of what no close has yet, and the close, which is one transaction and stops no sale."""

import logging
from dataclasses import replace
from datetime import date

from pos_app.domain.audit import audit_line
from pos_app.domain.cancelling import Cancel
from pos_app.domain.day import DayClose, DayReport, close_name
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.links import heads_text
from pos_app.domain.money import kes
from pos_app.domain.operators import Act, Need
from pos_app.domain.supplement import Supplement
from pos_app.errors import BadInput
from pos_app.sales.authority import Authority
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

_log = logging.getLogger(__name__)


class ShopDays:
    """Reads and closes the days of a shop. Any thread; each call waits for the store."""

    def __init__(self, till: str, reader: Reader, writer: GroupWriter, clock: Clock, authority: Authority) -> None:
        self._till = till
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._authority = authority

    def may_be_seen(self) -> bool:
        """Whether who stands here may see sums, by the database as it is now."""
        return self._authority.need(Act.TOTALS) is Need.NOTHING

    def open(self, cancel: Cancel | None = None) -> DayReport | None:
        """What no close has yet (X); None where sums are not for who stands here. Raises Cancelled."""
        return self._reader.open_day(self._clock.corrected(), cancel) if self.may_be_seen() else None

    def calendar(self, day: date, cancel: Cancel | None = None) -> DayReport | None:
        """A day in the shop, whatever was closed; None where sums are not for who stands here. Raises Cancelled."""
        return self._reader.calendar_day(day, self._clock.corrected(), cancel) if self.may_be_seen() else None

    def closes(self, limit: int, before: int | None = None) -> list[DayClose]:
        """The newest closes, newest first, below a number where one is named; none where sums are not for who stands
        here.
        """
        return self._reader.day_closes(limit, before) if self.may_be_seen() else []

    def supplements(self, first: int, last: int) -> list[Supplement]:
        """What M-PESA's record said later of the closes of some numbers, in their order; none where sums are not for
        who stands here.
        """
        return self._reader.supplements(first, last) if self.may_be_seen() else []

    def named(self, number: int) -> DayClose:
        """The close of a number.

        Raises:
            BadInput: there is none, or sums are not for who stands here.
        """
        self._authority.admit(self._reader, Act.TOTALS, self._authority.shift)
        found = self._reader.day_close(number)
        if found is None:
            raise BadInput(f"There is no close {close_name(number)}. Nothing was changed.")
        return found

    def need(self) -> Need:
        """What is missing before who stands here may close the day."""
        return self._authority.need(Act.CLOSE)

    def close(self, number: int, passphrase: str = "") -> DayClose:
        """Close the day (Z): what no close has yet gets this number, for ever. Slow where a passphrase is given.

        Args:
            number: the one that whoever closes has seen, of `DayReport.number`: closing twice does nothing twice.

        Raises:
            BadInput: it was closed meanwhile; there is nothing to close; or it is not for whoever is signed in.
            CannotSave: nothing was closed.
        """
        shift, owner = self._authority.shift, self._authority.prove(Act.CLOSE, passphrase)

        def work(transaction: Transaction) -> DayClose:
            actor = self._authority.admit(transaction, Act.CLOSE, shift, owner=owner)
            transaction.take_long()
            report = transaction.open_day(self._clock.corrected())
            last = transaction.last_close()
            if report.number != number:
                raise BadInput(_closed_meanwhile(last))
            if report.figures.nothing:
                raise BadInput(_nothing_since(last))
            heads = heads_text(transaction.heads())  # by which a line that is cut off later is missed (rule 24)
            report = replace(report, heads=tuple(heads.split()))
            transaction.close_day(report, self._till, actor.operator_id, owner=actor.owner)
            bound = transaction.close_sum(number)
            net = f"{kes(report.figures.net)}, {report.open_count} carried over"
            if heads:
                net += f", {heads}"
            line = audit_line(actor, Act.CLOSE, report.until, close_name(number), f"{net}, {bound}")
            transaction.add_audit([line])
            closed = transaction.last_close()
            assert closed is not None
            return closed

        closed = self._writer.run(work)
        _log.info("the day was closed: %s", closed.name)
        return closed


def _closed_meanwhile(last: DayClose | None) -> str:
    if last is None:
        return "The day is another one than was shown. Nothing was closed. Look at it anew."
    return f"The day was closed already: {_when(last)}. Nothing was closed again. Look at the day anew."


def _nothing_since(last: DayClose | None) -> str:
    since = f"since {_when(last)}" if last and last.number else "since this shop's days are closed"
    return f"Nothing was asked for, paid or given back {since}. There is nothing to close."


def _when(close: DayClose) -> str:
    by = f" by {close.operator}" if close.operator else ""
    return f"{close.name}, {shop_time(close.at)}, at till {close.till}{by}"
