"""A comparison as a person reads it: each line says what it is and which payments may be meant."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow
from pos_app.messages.statements import ALL_EXPLAINED, NO_CLOCK, NOT_COVERED, counted_words, line_words, statement_words

AT = datetime(2026, 11, 23, 3, 4, 11, tzinfo=UTC)
DAY = Period(AT, AT.replace(hour=20))
STATEMENT = Statement(short_code="3700001", period=DAY, covered=DAY)
LINE = Compared(outcome=RowOutcome.SETTLES, receipt="UKN7H7OI90", at=AT, amount=Decimal(250), payment_id=7)
ROW = StatementRow(
    line=1, receipt="UKN7H7OI90", at=AT, within=0, kind=RowKind.PAYMENT, amount=Decimal(1), incoming=True,
    details="", reason="",
)  # fmt: skip


def test_what_would_be_done_and_how_sure_the_clock_is() -> None:
    assert list(statement_words(STATEMENT, Comparison((LINE,), (LINE,) * 1_200, None))) == [
        "Short code 3700001, 23 Nov 2026 06:04 to 23 Nov 2026 23:04",
        "2026-11-23 06:04:11  UKN7H7OI90      KES 250.00  settles  payment 7",
        "  1,200  agree",
        "      1  would settle a payment that is not paid",
        NO_CLOCK,
        ALL_EXPLAINED,
    ]


def test_one_is_said_as_one() -> None:
    lines = tuple(replace(LINE, outcome=outcome) for outcome in (RowOutcome.DIFFERS, RowOutcome.REVERSAL))
    assert counted_words(Comparison(lines, (LINE,), None), recorded=True) == (
        "1 agrees · 1 differs: look at it · 1 reversal"
    )


def test_what_asks_for_a_person() -> None:
    line = Compared(outcome=RowOutcome.UNPROMPTED, receipt="UKN7H7OI90", at=AT, amount=Decimal("0.5"), asks=True)
    unknown = Statement(short_code="3700001", period=None, covered=None)
    assert list(statement_words(unknown, Comparison((line,), (), 20.0))) == [
        "Short code 3700001",
        "2026-11-23 06:04:11  UKN7H7OI90        KES 0.50  NO PROMPT",
        "      1  no prompt: nobody here is known to have asked for this money",
        "No prompt, together: KES 0.50",
        NOT_COVERED,
    ]


def test_why_each_line_stands_there() -> None:
    said = [
        line_words(Compared(outcome=RowOutcome.UNREADABLE, line=9, fault="no amount")),
        line_words(Compared(outcome=RowOutcome.DIFFERS, at=AT, payment_id=7)),
        line_words(Compared(outcome=RowOutcome.DIFFERS, at=AT, payment_id=7, row=ROW)),
        line_words(Compared(outcome=RowOutcome.REVERSAL, at=AT, payment_id=7, asks=True)),
        line_words(Compared(outcome=RowOutcome.REVERSAL, at=AT, asks=True)),
        line_words(Compared(outcome=RowOutcome.UNPROMPTED, at=AT, candidates=(7, 9))),
    ]
    assert [line.rpartition("  ")[2] for line in said] == [
        "line 9: no amount",
        "payment 7 is paid here, and M-PESA has nothing of it",
        "payment 7",
        "payment 7: no refund is recorded for it",
        "no refund is recorded for it",
        "perhaps payment 7, 9",
    ]
