"""M-PESA's record carried into the shop's books (rule 22): a statement that somebody chose, or what the till pulled.

It goes part by part, each in a transaction of its own that reads the books anew: the till goes on charging meanwhile,
what comes meanwhile counts, and where it is ended in the middle, the same again makes it whole.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pos_app.domain.audit import audit_line
from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act, Actor
from pos_app.domain.record_file import RecordFile, RecordOrigin, RecordSource, learnt, record_row
from pos_app.domain.record_steps import ACTS, ROWS, Part, parts
from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome, compare
from pos_app.domain.statement_row import RowKind, Statement
from pos_app.errors import BadInput, Cancelled
from pos_app.sales.authority import Authority
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Clock, Reader, Transaction
from pos_app.sales.record_words import RecordWords
from pos_app.sales.statements import MoneyAccount, compared
from pos_app.sales.supplements import RecordedFile, recorded_file, write_supplements
from pos_app.sales.write_queue import GroupWriter

NO_CLOCK = "M-PESA's list and the books have no receipt code in common: its clock stays unproved. Nothing was recorded."
_RESTED = 0.5  # seconds that another till or a charge is left, at most, between two parts
_log = logging.getLogger(__name__)
Tell = Callable[[], None]
Admit = Callable[[Transaction], Actor]


class Recording:
    """Records what M-PESA has.

    Args:
        rest: waits so many seconds between two parts, so that whoever else writes comes in between.
        most: rows in one part.
    """

    def __init__(
        self,
        reader: Reader,
        writer: GroupWriter,
        ledger: Ledger,
        clock: Clock,
        authority: Authority,
        account: MoneyAccount,
        rest: Callable[[float], object] = time.sleep,
        most: int = ROWS,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._ledger = ledger
        self._clock = clock
        self._authority = authority
        self._account = account
        self._rest = rest
        self._most = most

    def record(
        self,
        statement: Statement,
        digest: str,
        passphrase: str = "",
        *,
        told: Callable[[int, int], object] = lambda _done, _of: None,
        cancel: Cancel | None = None,
    ) -> Comparison:
        """Record a statement that somebody has chosen. Takes a minute for 100,000 rows: call it on a thread.

        Args:
            digest: SHA-256 of the file, in hexadecimal.
            passphrase: the owner's; empty where it is not needed.
            told: how many of its rows are recorded, and of how many; on the calling thread, after each part.
            cancel: ends it between two parts.

        Returns:
            What the statement said about the books as they were before.

        Raises:
            OwnerNeeded, SignInNeeded: nobody who may has signed in, nor typed the passphrase.
            BadInput: wrong passphrase, another short code's, or its clock is another: nothing was recorded.
            CannotSave: not all of it is recorded; the same again makes it whole. Cancelled: as that.
        """
        shift = self._authority.shift
        owner = self._authority.let_pass(Act.STATEMENT, passphrase).owner
        admit = partial(self._authority.admit, act=Act.STATEMENT, shift=shift, owner=owner)
        found = compared(self._reader, self._account, statement, cancel)
        source = RecordSource(origin=RecordOrigin.FILE, digest=digest)
        self._carry_out(_Run(statement, found, source, admit), told, cancel or Cancel())
        return found

    def record_pulled(self, statement: Statement, digest: str, cancel: Cancel | None = None) -> Comparison:
        """Record what the till itself has asked M-PESA for, whoever is signed in. Its clock must have been checked by
        receipt codes that both have.

        Args:
            digest: SHA-256 of what was pulled, in hexadecimal.

        Raises:
            BadInput: another short code's, or its clock is another, or could not be checked: nothing was recorded.
            CannotSave, Cancelled: as `record`.
        """
        found = compared(self._reader, self._account, statement, cancel)
        if found.ahead is None:
            raise BadInput(NO_CLOCK)
        source = RecordSource(origin=RecordOrigin.PULL, digest=digest)
        self._carry_out(_Run(statement, found, source, lambda _: Actor()), lambda _done, _of: None, cancel or Cancel())
        return found

    def _carry_out(self, run: "_Run", told: Callable[[int, int], object], cancel: Cancel) -> None:
        self._writer.check_saving()
        file_id = self._writer.run(partial(self._begin, run))
        many = len(run.statement.rows) + len(run.statement.unreadable)
        done = 0
        for part in parts(run.statement, run.found, self._most):
            self._step(cancel, partial(self._record_part, run, file_id, part))
            done += len(part.keys)
            told(done, many)
        missing = [line for line in run.found.lines if line.row is None and line.outcome is RowOutcome.DIFFERS]
        for first in range(0, len(missing), ACTS):
            self._step(cancel, partial(self._record_missing, run, missing[first : first + ACTS]))
        self._writer.run(partial(self._end, run, recorded_file(file_id, run.source, run.statement, run.found)))
        told(many, many)
        _log.info("%s was recorded: %d rows", run.source.name, many)

    def _end(self, run: "_Run", recorded: RecordedFile, transaction: Transaction) -> None:
        """All of it is in the books; to closes of its time it writes what there is to explain, once."""
        actor, now = run.admit(transaction), self._clock.corrected()
        if transaction.end_record_file(recorded.file_id, now):
            write_supplements(transaction, recorded, actor, now)

    def _step(self, cancel: Cancel, work: Callable[[Transaction], Sequence[Tell]]) -> None:
        if cancel.cancelled:
            raise Cancelled
        begun = self._clock.monotonic()
        self._writer.run(work, after=_tell)
        self._rest(min(_RESTED, self._clock.monotonic() - begun))

    def _begin(self, run: "_Run", transaction: Transaction) -> int:
        """The id of the record; where it is new, it is written down, with who brought it."""
        actor = run.admit(transaction)
        known = transaction.record_file(run.source.digest)
        return self._add(run, transaction, actor) if known is None else known

    def _add(self, run: "_Run", transaction: Transaction, actor: Actor) -> int:
        statement, counts = run.statement, run.found.counts
        file = RecordFile(
            source=run.source,
            at=self._clock.corrected(),
            operator_id=actor.operator_id,
            owner=actor.owner,
            short_code=statement.short_code,
            period=statement.period,
            covered=statement.covered,
            rows=len(statement.rows) + len(statement.unreadable),
            counts=counts,
        )
        if run.source.origin is RecordOrigin.FILE:
            new = f"{counts[RowOutcome.FILLS]} codes, {counts[RowOutcome.SETTLES]} settled"
            transaction.add_audit([audit_line(actor, Act.STATEMENT, file.at, run.source.name, new)])
        return transaction.add_record_file(file)

    def _record_part(self, run: "_Run", file_id: int, part: Part, transaction: Transaction) -> list[Tell]:
        run.admit(transaction)
        books = transaction.books(part.since, part.until, part.codes)
        found = compare([part.around], books, paybill=self._account.paybill)
        lines = [line for line in (*found.lines, *found.agreeing) if line.row and line.row.key in part.keys]
        words = RecordWords(transaction, self._ledger, self._clock, run.source)
        for line in lines:
            words.carry_out(line)
        self._keep(transaction, file_id, lines, words)
        return words.tells

    def _keep(self, transaction: Transaction, file_id: int, lines: Sequence[Compared], words: RecordWords) -> None:
        """Write down the rows; a reversal that was read before its payment had its code is joined to it now."""
        rows = [record_row(line, line.row) for line in lines if line.row]
        payments = {row.receipt: row.payment_id for row in rows if row.kind is RowKind.PAYMENT and row.payment_id}
        kept = {row.identity: row for row in transaction.kept_rows({row.receipt for row in rows})}
        told = {row.identity: row for row in rows}
        for identity, row in (kept | told).items():
            joined = row.payment_id is not None or (identity in kept and kept[identity].payment_id is not None)
            waits = row.kind is RowKind.REVERSAL and not joined
            if waits and row.linked in payments:
                payment_id = payments[row.linked]
                words.join(payment_id, row)
                told[identity] = replace(row, payment_id=payment_id, phone="", name="", account="")
        new = [row for identity, row in told.items() if identity not in kept]
        again = [now for identity, row in told.items() if identity in kept and (now := learnt(kept[identity], row))]
        transaction.keep_rows(file_id, new, again)

    def _record_missing(self, run: "_Run", missing: Iterable[Compared], transaction: Transaction) -> list[Tell]:
        run.admit(transaction)
        words = RecordWords(transaction, self._ledger, self._clock, run.source)
        for line in missing:
            words.missing(line)
        return words.tells


@dataclass(frozen=True, slots=True)
class _Run:
    """What is recorded, what it said, and who may."""

    statement: Statement
    found: Comparison
    source: RecordSource
    admit: Admit


def _tell(tells: Sequence[Tell]) -> None:
    for tell in tells:
        tell()
