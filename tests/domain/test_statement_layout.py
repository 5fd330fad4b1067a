"""Every layout of the statement says the same; what is no statement is refused in words."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pos_app.domain import statement_layout
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.statement_layout import MONTH_FIRST, NO_STATEMENT, PERSONAL, StatementLayout
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, UnreadRow
from pos_app.errors import BadInput
from tests.support.statements import (
    AFTER,
    COLUMNS,
    DAY,
    FAILED,
    FEE,
    LAYOUTS,
    MORNING,
    NO_SECONDS,
    PAYMENT,
    REVERSAL,
    SWEEP,
    TILL,
    Cell,
    Entry,
    Layout,
    before,
)

DAY_PERIOD = Period(
    datetime(2026, 11, 23, tzinfo=NAIROBI).astimezone(UTC),
    datetime(2026, 11, 23, 23, 59, 59, tzinfo=NAIROBI).astimezone(UTC),
)


def read(
    grid: Sequence[Sequence[Cell]], *, now: datetime = AFTER, made_at: datetime = AFTER, full: bool = False
) -> Statement:
    layout = StatementLayout(now, made_at)
    found = [row for line, cells in enumerate(grid, 1) if (row := layout.feed(line, cells))]
    rows = tuple(row for row in found if isinstance(row, StatementRow))
    unreadable = tuple(row for row in found if isinstance(row, UnreadRow))
    assert layout.read == len(found)
    return replace(layout.finish(full=full), rows=rows, unreadable=unreadable)


def read_one(entry: Entry, layout: Layout = TILL) -> StatementRow | UnreadRow:
    said = read(layout.grid([entry]))
    return said.rows[0] if said.rows else said.unreadable[0]


def refused(grid: Sequence[Sequence[Cell]]) -> str:
    with pytest.raises(BadInput) as told:
        read(grid)
    return told.value.user_text


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_says_the_same(name: str) -> None:
    expected, said = read(TILL.grid(DAY)), read(LAYOUTS[name].grid(DAY))
    assert [replace(row, line=0) for row in said.rows] == [replace(row, line=0) for row in expected.rows]
    assert (said.short_code, said.period, said.covered) == ("3700001", DAY_PERIOD, said.covered)
    assert said.unreadable == ()


def test_a_row_of_each_kind() -> None:
    rows = {(row.receipt, row.kind): row for row in read(TILL.grid(DAY)).rows}
    kinds = [kind for _, kind in rows]
    assert kinds == [
        RowKind.SWEEP, RowKind.REVERSAL, RowKind.NOT_MOVED, RowKind.PAYMENT, RowKind.FEE, RowKind.PAYMENT,
    ]  # fmt: skip
    paid, fee = rows[PAYMENT.receipt, RowKind.PAYMENT], rows[PAYMENT.receipt, RowKind.FEE]
    assert (paid.at, paid.latest, paid.amount, paid.incoming) == (MORNING, MORNING, Decimal(100), True)
    assert (paid.phone, paid.name, paid.reason) == ("070****366", "AMINA **** OTIENO", "Pay Merchant")
    assert (fee.amount, fee.incoming, fee.phone) == (Decimal("0.55"), False, "")
    assert rows[SWEEP.receipt, RowKind.SWEEP].amount == Decimal("8429.45")
    assert rows[REVERSAL.receipt, RowKind.REVERSAL].linked == REVERSAL.linked
    assert rows[FAILED.receipt, RowKind.NOT_MOVED].amount == 0
    assert paid.key != fee.key
    assert paid.key == replace(paid, details="Pay Merchant from 070", line=9).key


def test_without_seconds_it_is_some_second_of_that_minute() -> None:
    row = read_one(PAYMENT, NO_SECONDS)
    assert isinstance(row, StatementRow)
    assert (row.at, row.within, row.latest - row.at) == (MORNING.replace(second=0), 59, timedelta(seconds=59))


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        # A fee has the reason of its payment, as it was met: only the details call it a fee.
        (replace(FEE, reason="Pay Utility", details="Pay Bill Charge", party="SP"), RowKind.FEE),
        # What a payer can type makes no other kind of a payment.
        (replace(PAYMENT, details="Pay Bill from 25470****366 - REVERSAL CHARGE Acc. reversal"), RowKind.PAYMENT),
        (replace(PAYMENT, details="Pay Bill from 25470****366 - A to Organization Settlement"), RowKind.PAYMENT),
        (replace(PAYMENT, reason="Some Reversal"), RowKind.REVERSAL),  # of what the shop had sent
        (replace(PAYMENT, details="Organization Settlement Account to Organization MMF Account"), RowKind.SWEEP),
        (replace(PAYMENT, reason="Utility Account to Organization Settlement Account"), RowKind.SWEEP),
        (replace(SWEEP, details="Withdraw at Agent", reason="Withdraw at Agent"), RowKind.SWEEP),
        (replace(SWEEP, details="Money back", reason="Money back", linked=PAYMENT.receipt), RowKind.REVERSAL),
        (replace(SWEEP, details="Reversal of UKN7H7OI90 by 1", reason="Business"), RowKind.REVERSAL),
    ],
)
def test_what_kind_a_row_is(entry: Entry, kind: RowKind) -> None:
    row = read_one(entry)
    assert isinstance(row, StatementRow)
    assert row.kind is kind


@pytest.mark.parametrize(
    ("change", "fault", "amount"),
    [
        ({"Receipt No.": ""}, "no receipt code", Decimal(100)),
        ({"Receipt No.": 1.5e12}, "no receipt code", Decimal(100)),
        ({"Receipt No.": "Total", "Completion Time": ""}, "no receipt code", Decimal(0)),
        ({"Completion Time": "yesterday"}, "no completion time that can be", Decimal(100)),
        ({"Completion Time": 46349.25}, "no completion time that can be", Decimal(100)),
        ({"Completion Time": "24-11-2026 23:59:59"}, "no completion time that can be", Decimal(100)),  # to come
        ({"Paid In": "a hundred"}, "an amount that is none", None),
        ({"Withdrawn": "x"}, "an amount that is none", Decimal(100)),
        ({"Paid In": "-100.0"}, "Paid In is below 0", None),
        ({"Paid In": ""}, "no amount", None),
        ({"Paid In": "", "Withdrawn": "-9.0", "Receipt No.": ""}, "no receipt code", Decimal(0)),
        ({"Withdrawn": "-1.0"}, "money that came in and went out at once", Decimal(100)),
        ({"Currency": "USD"}, "another currency", Decimal(100)),
        ({"Transaction Status": "Failed", "Receipt No.": ""}, "no receipt code", Decimal(0)),
    ],
)
def test_a_row_that_cannot_be_read_keeps_what_can_and_the_rest_goes_on(
    change: dict[str, Cell], fault: str, amount: Decimal | None
) -> None:
    grid = TILL.grid([PAYMENT, replace(PAYMENT, receipt="UKN1AAAA22")])
    for column, cell in change.items():
        grid[7][COLUMNS.index(column)] = cell
    said = read(grid)
    assert [row.receipt for row in said.rows] == ["UKN1AAAA22"]
    [row] = said.unreadable
    assert (row.line, row.fault, row.amount, row.phone) == (8, fault, amount, "070****366")
    assert (row.at is None) == ("Completion Time" in change)


def test_what_moved_nothing_needs_no_amount() -> None:
    row = read_one(replace(FAILED, amount=0))
    assert isinstance(row, StatementRow)
    assert row.kind is RowKind.NOT_MOVED


def test_blank_lines_short_lines_and_a_second_header_are_layout() -> None:
    [first, second] = TILL.grid([PAYMENT])[-1:], replace(TILL, columns=COLUMNS[::-1]).grid([SWEEP])[-2:]
    said = read([*TILL.grid([]), [], ["", ""], *first, *second, ["UKN1AAAA22"]])
    assert [row.receipt for row in said.rows] == [PAYMENT.receipt, SWEEP.receipt]
    assert [row.line for row in said.unreadable] == [13]


def test_a_party_without_a_number_is_a_name() -> None:
    row = read_one(replace(PAYMENT, party="KCB BANK"))
    assert isinstance(row, StatementRow)
    assert (row.phone, row.name) == ("", "KCB BANK")


def test_columns_in_any_order_say_the_same() -> None:
    expected = read(TILL.grid(DAY)).rows
    for seed in range(20):
        columns = random.Random(seed).sample((*COLUMNS, "Remarks", "More"), len(COLUMNS) + 2)
        assert read(replace(TILL, columns=tuple(columns)).grid(DAY)).rows == expected


def test_a_short_code_may_be_a_number_and_stand_beside_its_label() -> None:
    assert read(replace(TILL, before=(("Short Code:", 3700001.0),)).grid(DAY)).short_code == "3700001"
    assert read(replace(TILL, before=(("Short Code: 3700001",),)).grid(DAY)).short_code == "3700001"


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ([], NO_STATEMENT),
        ([["Name", "Phone"], ["Amina", "0700 000 366"]], NO_STATEMENT),
        ([["x"]] * 200, NO_STATEMENT),
        (replace(TILL, columns=COLUMNS[:8]).grid(DAY), PERSONAL),
        (replace(TILL, columns=(*COLUMNS, "Paid In")).grid(DAY), "stands there twice"),
        (replace(TILL, columns=COLUMNS[:4] + COLUMNS[5:]).grid(DAY), "no column Transaction Status"),
        (replace(TILL, before=()).grid(DAY), "does not say whose short code"),
        (replace(TILL, before=before(short_code="MINE")).grid(DAY), "does not say whose short code"),
        (replace(TILL, before=before(account="Charges Paid Account")).grid(DAY), "charges paid account"),
        (replace(TILL, time="%m/%d/%Y %H:%M").grid(DAY), MONTH_FIRST),
        (replace(TILL, before=before(day="11/23/2026")).grid(DAY), MONTH_FIRST),
        (
            replace(TILL, before=(*before(), ("Date of Report:", "11/24/2026 07:00"))).grid(DAY),
            MONTH_FIRST,
        ),
    ],
)
def test_another_file_is_refused_in_words(grid: Sequence[Sequence[Cell]], words: str) -> None:
    told = refused(grid)
    assert words in told
    assert "Nothing was compared" in told


def test_so_is_one_with_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement_layout, "MOST_ROWS", 5)
    assert "more than 5 rows" in refused(TILL.grid(DAY))


def test_a_file_covers_its_period_until_it_was_made() -> None:
    grid = TILL.grid(DAY)
    noon = MORNING + timedelta(hours=6)
    assert read(grid).covered == DAY_PERIOD
    assert read(grid, made_at=noon).covered == Period(DAY_PERIOD.first, noon)
    assert read(grid, now=noon).covered == Period(DAY_PERIOD.first, noon)
    reported = replace(TILL, before=(*before(), ("Date of Report:", "23-11-2026 15:00:00")))
    assert read(reported.grid(DAY)).covered == Period(
        DAY_PERIOD.first, datetime(2026, 11, 23, 15, tzinfo=NAIROBI).astimezone(UTC)
    )
    assert read(grid, made_at=DAY_PERIOD.first - timedelta(days=1)).covered is None


def test_a_full_sheet_covers_only_what_lies_between_its_rows() -> None:
    said = read(TILL.grid(DAY), full=True)
    assert said.covered == Period(MORNING + timedelta(seconds=60), SWEEP.at - timedelta(seconds=1))


@pytest.mark.parametrize(
    "period",
    [(), ("Time Period:", "From", "?", "To", "!"), ("Time Period:", "From", "24-11-2026", "To", "22-11-2026")],
)
def test_without_a_period_nothing_is_covered(period: tuple[Cell, ...]) -> None:
    said = read(replace(TILL, before=(before()[1], period)).grid(DAY))
    assert (said.period, said.covered) == (None, None)


def test_a_period_may_be_real_dates_and_stand_in_one_cell() -> None:
    real: tuple[Cell, ...] = ("Time Period:", "From", datetime(2026, 11, 23), "To", datetime(2026, 11, 23, 23, 59, 59))
    assert read(replace(TILL, before=(before()[1], real)).grid(DAY)).period == DAY_PERIOD
    one = ("Time Period: from 23-11-2026 00:00:00 to 23-11-2026 23:59:59",)
    assert read(replace(TILL, before=(before()[1], one)).grid(DAY)).period == DAY_PERIOD
