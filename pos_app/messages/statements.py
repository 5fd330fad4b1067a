"""What a statement says about the shop's payments, in words."""

from collections.abc import Iterable, Iterator, Sequence

from pos_app.domain.kenya_time import NAIROBI, shop_time
from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome
from pos_app.domain.statement_row import Statement

NOTHING_CHANGED = "Nothing was changed: this was a dry run."
RECORDED = "All of it is recorded. Payments that differ, or that went back, wait under Payments, among those to check."
FOR_OWNER = "Recording M-PESA's statement is for a supervisor or the owner: type the owner's passphrase."
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
    RowOutcome.UNPROMPTED: "no prompt: nobody here is known to have asked for this money",
    RowOutcome.FEE: "fees",
    RowOutcome.SWEEP: "sweeps and other money out",
    RowOutcome.REVERSAL: "reversals",
    RowOutcome.UNREADABLE: "cannot be read",
}
_ONE = {
    RowOutcome.AGREES: "agrees",
    RowOutcome.DIFFERS: "differs: look at it",
    RowOutcome.FEE: "fee",
    RowOutcome.SWEEP: "sweep or other money out",
    RowOutcome.REVERSAL: "reversal",
}
_NAMES = {
    RowOutcome.AGREES: "agrees",
    RowOutcome.FILLS: "fills in the code",
    RowOutcome.SETTLES: "settles",
    RowOutcome.DIFFERS: "DIFFERS",
    RowOutcome.UNPROMPTED: "NO PROMPT",
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
    yield period_words(statement)
    yield from (line_words(line) for line in found.lines if line.outcome in _LISTED)
    yield from (f"{many:>7,}  {words}" for many, words in _counted(found, recorded=recorded))
    if found.unprompted:
        yield f"No prompt, together: KES {found.unprompted:,.2f}"
    if statement.covered is None:
        yield NOT_COVERED
    if found.ahead is None and found.counts[RowOutcome.SETTLES]:
        yield NO_CLOCK
    if not found.asks:
        yield ALL_EXPLAINED


def counted_words(found: Comparison, *, recorded: bool) -> str:
    """How many of each outcome, in one line: `1,200 agree · 2 would settle a payment that is not paid`."""
    return " · ".join(f"{many:,} {words}" for many, words in _counted(found, recorded=recorded))


def _counted(found: Comparison, *, recorded: bool) -> Iterator[tuple[int, str]]:
    for outcome, words in (_COUNTED | _DONE if recorded else _COUNTED).items():
        if many := found.counts[outcome]:
            yield many, _ONE.get(outcome, words) if many == 1 else words


def next_step(line: Compared, numbers: Sequence[str], *, recorded: bool) -> str:
    """What a person does about a line that needs one.

    Args:
        numbers: of the payments that are meant, or may be.
        recorded: the statement was carried out.
    """
    payment = f"payment {numbers[0]}" if numbers else "the payment"
    match line.outcome:
        case RowOutcome.UNREADABLE:
            return f"Line {line.line:,}: {line.fault}. Look it up in M-PESA's portal."
        case RowOutcome.DIFFERS if line.row is None:
            return f"M-PESA has nothing of {payment}, which is paid here. Look for it in M-PESA's portal."
        case RowOutcome.DIFFERS if line.fault:
            return f"M-PESA has told it otherwise before: {line.fault}. Look it up in M-PESA's portal."
        case RowOutcome.DIFFERS:
            return f"Under this code {payment} has another amount or payer. Open it and compare."
        case RowOutcome.REVERSAL if line.payment_id is None:
            return "It undoes a payment that is not known here by its code. Look it up in M-PESA's portal."
        case RowOutcome.REVERSAL:
            back = "went back: decide about its access." if recorded else "went back, and no refund is recorded yet."
            return f"Money of {payment} {back}"
        case _ if numbers:
            return f"Perhaps it is {' or '.join(numbers)}. Open that payment and compare."
        case _:
            first = "" if recorded else "Record the statement, then "
            bind = f"{first}bind it to a sale, or say what it is, under Money without a prompt."
            return f"Nobody here was asked for this money. {bind[0].upper()}{bind[1:]}"


def short_step(line: Compared, *, found: bool) -> str:
    """The same in two or three words; `found`: whether a payment is meant, or may be."""
    if line.outcome is RowOutcome.UNPROMPTED:
        return "Compare payments" if found else "Bind or name it"
    if line.outcome is RowOutcome.UNREADABLE or line.payment_id is None or line.row is None:
        return "Look in the portal"
    return "Decide about access" if line.outcome is RowOutcome.REVERSAL else "Compare"


def period_words(statement: Statement) -> str:
    """Which account and which time a statement is about."""
    period = statement.period
    if period is None:
        return f"Short code {statement.short_code}"
    return f"Short code {statement.short_code}, {shop_time(period.first)} to {shop_time(period.last)}"


def name_of(outcome: RowOutcome) -> str:
    """An outcome in a word or two."""
    return _NAMES[outcome].capitalize()


def line_words(line: Compared) -> str:
    """One line of a comparison."""
    at = f"{line.at.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}" if line.at else "?".ljust(19)
    amount = "?" if line.amount is None else f"KES {line.amount:,.2f}"
    return "  ".join([at, (line.receipt or "-").ljust(10), amount.rjust(14), _NAMES[line.outcome], _why(line)]).rstrip()


def _why(line: Compared) -> str:
    if line.outcome is RowOutcome.UNREADABLE:
        return f"line {line.line:,}: {line.fault}"
    if line.outcome is RowOutcome.DIFFERS and line.fault:
        return line.fault
    if line.outcome is RowOutcome.DIFFERS and line.row is None:
        return f"payment {line.payment_id} is paid here, and M-PESA has nothing of it"
    if line.outcome is RowOutcome.REVERSAL and line.asks:
        return f"{_of(line)}: no refund is recorded for it".removeprefix(": ")
    if line.candidates:
        return f"perhaps payment {', '.join(map(str, line.candidates))}"
    return _of(line)


def _of(line: Compared) -> str:
    return f"payment {line.payment_id}" if line.payment_id else ""
