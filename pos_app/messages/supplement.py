"""A supplement to a close in words, and on paper. Plain text, no Qt."""

from collections.abc import Iterator, Sequence

from pos_app.domain.day import DayClose, close_name
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.money import kes
from pos_app.domain.receipt import Line, Shop, Style
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import CountsIn, Supplement, ToldRow, ToldSum
from pos_app.messages.window import MARKS

TOTALS_STAY = "It explains that close, and changes none of its totals."
AGREES = "All of it agrees with what the till has."
_NAMED = 40  # rows that paper names; the rest is counted
_OUTCOMES = {
    RowOutcome.AGREES: "Agrees with the till",
    RowOutcome.FILLS: "Code filled in",
    RowOutcome.SETTLES: "Settled by it",
    RowOutcome.UNPROMPTED: "No prompt asked for it",
    RowOutcome.DIFFERS: "Otherwise there than here",
    RowOutcome.REVERSAL: "Reversed by M-PESA",
    RowOutcome.UNREADABLE: "Cannot be read",
    RowOutcome.FEE: "Fees",
    RowOutcome.SWEEP: "Paid out",
}
_SHORT = {
    RowOutcome.FILLS: "Code filled in",
    RowOutcome.SETTLES: "Settled",
    RowOutcome.UNPROMPTED: "No prompt",
    RowOutcome.DIFFERS: "Differs",
    RowOutcome.REVERSAL: "Reversed",
    RowOutcome.UNREADABLE: "Cannot be read",
}
_MISSING = "Not there"


def later_words(close: DayClose, supplements: Sequence[Supplement]) -> str:
    """Where to look, beside a close that stays as it was printed; empty where nothing came later."""
    names = [each.name for each in supplements]
    if not names:
        return ""
    where = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    more = "More of " if close.report.record else ""
    return f"{more}M-PESA's record of this day came later: see {where}."


def about_words(supplement: Supplement) -> str:
    """When it was written, and by what: `24 Nov 2026 09:12, from statement 1f0c22aa`."""
    return f"{shop_time(supplement.at)}, from {supplement.source}"


def covers_words(supplement: Supplement) -> str:
    """Of which time the record has everything."""
    if supplement.since is None or supplement.until is None:
        return "That record does not say of which time it has everything."
    return f"That record has everything from {shop_time(supplement.since)} to {shop_time(supplement.until)}."


def told_rows(supplement: Supplement) -> list[tuple[str, ToldSum]]:
    """What it brought, each with its words, how many, and money."""
    return [(words, supplement.told[outcome]) for outcome, words in _OUTCOMES.items() if outcome in supplement.told]


def notes(supplement: Supplement) -> list[str]:
    """What to know of it beside its rows."""
    return [
        TOTALS_STAY,
        covers_words(supplement),
        *([AGREES] if supplement.agrees else []),
        *map(_counts_words, supplement.counts_in),
    ]


def outcome_words(row: ToldRow) -> str:
    """What a row turned out to be, in a word or two."""
    return _MISSING if row.cents is None and row.payment else _SHORT[row.outcome]


def theirs_words(row: ToldRow) -> str:
    """What M-PESA has of a row: `KES 250`, `KES 12.50`, `nothing`."""
    return "nothing" if row.cents is None else cents_words(row.cents)


def ours_words(row: ToldRow) -> str:
    """What the till has of it: `KES 250`, `nothing`."""
    return "nothing" if row.ours is None else kes(row.ours)


def cents_words(amount: int) -> str:
    """`KES 12`, `KES 12.50`."""
    return kes(amount // 100) + (f".{amount % 100:02}" if amount % 100 else "")


def supplement_line(supplement: Supplement) -> str:
    """In one line, for a list: `Z 0117/1  24 Nov 2026 09:12, from statement 1f0c22aa  agrees with the till 12`."""
    said = ", ".join(f"{words[0].lower()}{words[1:]} {told.rows:,}" for words, told in told_rows(supplement))
    return f"{supplement.name}  {about_words(supplement)}  {said}"


def supplement_paper(shop: Shop, supplement: Supplement) -> list[Line]:
    """A supplement as it was written; marked where the money is not real."""
    mark = [Line(Style.CENTRE, MARKS[shop.mark])] if shop.mark else []
    return [
        *mark,
        Line(Style.TITLE, shop.name),
        *(Line(Style.CENTRE, text) for text in shop.lines),
        Line(Style.RULE),
        Line(Style.CENTRE, f"SUPPLEMENT {supplement.name}"),
        Line(Style.PAIR, "To", f"DAY CLOSE {close_name(supplement.close)}"),
        Line(Style.PAIR, "Written", f"{shop_time(supplement.at)} EAT"),
        Line(Style.PAIR, "From M-PESA's", supplement.source),
        *(Line(Style.CENTRE, text) for text in notes(supplement)),
        Line(Style.RULE),
        *(_total(words, told) for words, told in told_rows(supplement)),
        *_rows(supplement),
        Line(Style.RULE),
        *mark,
    ]


def _total(words: str, told: ToldSum) -> Line:
    return Line(Style.PAIR, words, f"({told.rows:,}) {cents_words(told.cents)}")


def _rows(supplement: Supplement) -> Iterator[Line]:
    if supplement.rows:
        yield Line(Style.RULE)
    for row in supplement.rows[:_NAMED]:
        yield Line(Style.PAIR, row.receipt or row.payment or "-", theirs_words(row))
        yield Line(Style.PAIR, f"  {outcome_words(row)}", shop_time(row.at))
        if row.payment and row.receipt:
            yield Line(Style.PAIR, f"  {row.payment}", ours_words(row))
        elif row.payment:
            yield Line(Style.PAIR, "  the till has", ours_words(row))
    more = len(supplement.rows[_NAMED:]) + supplement.more
    if more:
        yield Line(Style.CENTRE, f"and {more:,} more, which `statement` and the page of the statement show")


def _counts_words(counts: CountsIn) -> str:
    """`KES 250 that it settled (1 payment) counts in Z 0118.`"""
    parts = []
    if counts.received:
        parts.append(f"{kes(counts.received)} settled")
    if counts.refunded:
        parts.append(f"{kes(counts.refunded)} gone back")
    many = "1 payment" if counts.payments == 1 else f"{counts.payments:,} payments"
    return f"By it {' and '.join(parts) or 'nothing'} ({many}): counted in {close_name(counts.close)}, not in this one."
