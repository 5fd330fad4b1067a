"""`statement`: M-PESA's statement beside the shop's payments."""

import argparse
import sys
from decimal import Decimal

from pos_app.bootstrap.account import money_account
from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import owner_for, read_who, sign_in
from pos_app.domain.operators import Act
from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome
from pos_app.domain.statement_row import RowKind, Statement
from pos_app.errors import PosError
from pos_app.exports.payment_json import iso
from pos_app.messages.statements import ENDED, NOTHING_CHANGED, RECORDED, statement_words
from pos_app.messages.window import MARKS
from pos_app.sales.build import build_recording
from pos_app.sales.statements import Statements
from pos_app.settings.settings import load
from pos_app.statements.reader import digest_of, read_statement
from pos_app.system_clock import SystemClock

_TOLD = 20_000  # rows between two words about how far it is
_COUNTS = {
    "agrees": RowOutcome.AGREES,
    "fills": RowOutcome.FILLS,
    "settles": RowOutcome.SETTLES,
    "differs": RowOutcome.DIFFERS,
    "unprompted": RowOutcome.UNPROMPTED,
    "fees": RowOutcome.FEE,
    "sweeps": RowOutcome.SWEEP,
    "reversals": RowOutcome.REVERSAL,
    "unreadable": RowOutcome.UNREADABLE,
}


def run(options: argparse.Namespace) -> int:
    """Say what a statement says about the shop's payments, and record it: 0 where all is explained, 5 where something
    needs a person. Works beside an open till.
    """
    who, settings, console = read_who(options.operator), load(options.data_dir, options.practice), Console()
    act = Act.TOTALS if options.dry_run else Act.STATEMENT
    with open_shop(settings) as shop:
        authority, account = shop.staff.authority, money_account(settings)
        sign_in(shop.staff.operators, who)
        passphrase = owner_for(authority, act)
        statement = read_statement(options.file, SystemClock().corrected(), told=_Telling(console, "read"))
        if options.dry_run:
            found = Statements(shop.books.reader, authority, account).look(statement, passphrase)
        else:
            recording, telling = build_recording(shop.books, authority, account), _Telling(console, "recorded")
            digest = digest_of(options.file)
            try:
                found = recording.record(statement, digest, passphrase, told=lambda done, _: telling(done))
            except KeyboardInterrupt:
                raise PosError(ENDED) from None
    if options.json:
        console.result(comparison_json(statement, found))
    else:
        mark = MARKS.get(settings.shop.mark)
        words = statement_words(statement, found, recorded=not options.dry_run)
        ends = NOTHING_CHANGED if options.dry_run else RECORDED
        console.say("\n".join([*([mark] if mark else []), *words, ends]))
    return 5 if found.asks else 0


class _Telling:
    """Says now and then on a terminal how many rows were read, or recorded."""

    def __init__(self, console: Console, what: str) -> None:
        self._console = console
        self._what = what
        self._next = _TOLD

    def __call__(self, read: int) -> None:
        if read >= self._next and sys.stderr and sys.stderr.isatty():
            self._console.warn(f"{read:,} rows {self._what} so far...")
            self._next = read + _TOLD


def comparison_json(statement: Statement, found: Comparison) -> dict[str, object]:
    """What a statement says about the payments, for programs."""
    period, counts = statement.period, found.counts
    return {
        "short_code": statement.short_code,
        "from": iso(period.first) if period else None,
        "to": iso(period.last) if period else None,
        "rows": len(statement.rows) + len(statement.unreadable),
        "payments": len({row.receipt for row in statement.rows if row.kind is RowKind.PAYMENT}),
        **{name: counts[outcome] for name, outcome in _COUNTS.items()},
        "amount_unprompted": _number(found.unprompted),
        "items": [_item(line) for line in found.lines],
    }


def _item(line: Compared) -> dict[str, object]:
    return {
        "receipt": line.receipt or None,
        "at": iso(line.at) if line.at else None,
        "amount": None if line.amount is None else _number(line.amount),
        "outcome": line.outcome.value,
        "payment_id": line.payment_id,
    }


def _number(amount: Decimal) -> int | float:
    """KES; with cents only where there are some."""
    return int(amount) if amount == int(amount) else float(amount)
