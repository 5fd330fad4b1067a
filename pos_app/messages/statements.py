"""What a statement says about the shop's payments, in words."""

from collections.abc import Iterable

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome
from pos_app.domain.statement_row import Statement

NOT_YET = (
    "Recording what was pulled is not there yet. Nothing was changed. With --dry-run it is compared in full, and what "
    "differs is told."
)
NOTHING_CHANGED = "Nothing was changed: this was a dry run."
RECORDED = "All of it is recorded. What needs a person is on the list of those to check, under Payments."
ENDED = "Stopped. What is recorded so far stays; the same file again records the rest, and nothing twice."
ALL_EXPLAINED = "Every shilling of it is explained."
NO_CLOCK = "No receipt code is in both, so that its clock could not be checked: look twice at what would be settled."
NOT_COVERED = "It does not say of which time it has everything, so that nothing can be said for sure."
_DONE = {
    RowOutcome.FILLS: "filled in the code of a paid payment",
    RowOutcome.SETTLES: "settled a payment that was not paid",
}
_COUNTED = {
    RowOutcome.AGREES: "agree",
    RowOutcome.FILLS: "would fill in the code of a paid payment",
    RowOutcome.SETTLES: "would settle a payment that is not paid",
    RowOutcome.DIFFERS: "differ: look at them",
    RowOutcome.UNPROMPTED: "unprompted: no prompt surely asked for this money",
    RowOutcome.FEE: "fees",
    RowOutcome.SWEEP: "sweeps and other money out",
    RowOutcome.REVERSAL: "reversals",
    RowOutcome.UNREADABLE: "cannot be read",
}
_NAMES = {
    RowOutcome.AGREES: "agrees",
    RowOutcome.FILLS: "fills in the code",
    RowOutcome.SETTLES: "settles",
    RowOutcome.DIFFERS: "DIFFERS",
    RowOutcome.UNPROMPTED: "UNPROMPTED",
    RowOutcome.FEE: "fee",
    RowOutcome.SWEEP: "money out",
    RowOutcome.REVERSAL: "reversal",
    RowOutcome.UNREADABLE: "CANNOT BE READ",
}
_LISTED = frozenset(RowOutcome) - {RowOutcome.AGREES, RowOutcome.FEE, RowOutcome.SWEEP}


def statement_words(statement: Statement, found: Comparison, *, recorded: bool = False) -> Iterable[str]:
    """The lines that a person reads: what it is about, what is listed, how many of each.

    Args:
        recorded: it was carried out.
    """
    counted = _COUNTED | _DONE if recorded else _COUNTED
    period = statement.period
    if period:
        first, last = (moment.astimezone(NAIROBI) for moment in (period.first, period.last))
        yield f"Short code {statement.short_code}, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
    else:
        yield f"Short code {statement.short_code}"
    yield from (line_words(line) for line in found.lines if line.outcome in _LISTED)
    yield from (f"{found.counts[outcome]:>7,}  {words}" for outcome, words in counted.items() if found.counts[outcome])
    if found.unprompted:
        yield f"Unprompted together: KES {found.unprompted:,.2f}"
    if statement.covered is None:
        yield NOT_COVERED
    if found.ahead is None and found.counts[RowOutcome.SETTLES]:
        yield NO_CLOCK
    if not found.asks:
        yield ALL_EXPLAINED


def line_words(line: Compared) -> str:
    """One line of a comparison."""
    at = f"{line.at.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}" if line.at else "?".ljust(19)
    amount = "?" if line.amount is None else f"KES {line.amount:,.2f}"
    return "  ".join([at, (line.receipt or "-").ljust(10), amount.rjust(14), _NAMES[line.outcome], _why(line)]).rstrip()


def _why(line: Compared) -> str:
    if line.outcome is RowOutcome.UNREADABLE:
        return f"line {line.line:,}: {line.fault}"
    if line.outcome is RowOutcome.DIFFERS and line.row is None:
        return f"payment {line.payment_id} is paid here, and M-PESA has nothing of it"
    if line.outcome is RowOutcome.REVERSAL and line.asks:
        return f"{_of(line)}: no refund is recorded for it".removeprefix(": ")
    if line.candidates:
        return f"perhaps payment {', '.join(map(str, line.candidates))}"
    return _of(line)


def _of(line: Compared) -> str:
    return f"payment {line.payment_id}" if line.payment_id else ""
