"""A record in parts says of each row what it says as a whole."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.booked import Booked, ShopBooks
from pos_app.domain.record_steps import ACTS, Part, parts
from pos_app.domain.statement_comparison import Compared, Comparison, compare
from pos_app.domain.statement_row import Statement, StatementRow
from tests.domain.test_statement_match import PAYMENT, ROW, _unread, _worlds, look, statement


def by_row(found: Comparison) -> dict[object, Compared]:
    lines = (line for line in (*found.lines, *found.agreeing) if line.row)
    return {line.row.key: replace(line, candidates=()) for line in lines if line.row}


def in_parts(whole: Statement, payments: list[Booked], found: Comparison, most: int) -> dict[object, Compared]:
    """Each part with the books that it asks for."""
    told: dict[object, Compared] = {}
    for part in parts(whole, found, most):
        there = [each for each in payments if part.since <= each.pushed_at <= part.until or each.receipt in part.codes]
        lines = by_row(compare([part.around], ShopBooks(there), paybill=False))
        told |= {key: line for key, line in lines.items() if key in part.keys}
    return told


@given(_worlds, st.lists(_unread, max_size=1), st.integers(1, 3), st.integers(1, 90))
def test_a_part_says_what_the_whole_says(
    world: tuple[list[StatementRow], list[StatementRow], list[Booked]], unread: list[object], most: int, apart: int
) -> None:
    """Rows and payments lie minutes apart, so that a part has rivals on both sides and does not see all."""
    rows, reversals, payments = world

    def spread(seconds: timedelta) -> timedelta:
        return seconds * apart / 10

    rows = [replace(row, at=PAYMENT.pushed_at + spread(row.at - PAYMENT.pushed_at)) for row in rows]
    payments = [
        replace(each, pushed_at=PAYMENT.pushed_at + spread(each.pushed_at - PAYMENT.pushed_at)) for each in payments
    ]
    whole = statement(*rows, *reversals, *unread)  # type: ignore[arg-type]
    found = compare([whole], ShopBooks(payments), paybill=False)
    assert in_parts(whole, payments, found, most) == by_row(found)


def test_parts_are_short_and_shorter_where_much_changes() -> None:
    many = range(3 * ACTS)
    rows = [replace(ROW, receipt=f"UKN{n:07}", at=ROW.at + timedelta(minutes=n), phone=f"070****{n:03}") for n in many]
    payments = [
        replace(PAYMENT, id=n, phone=f"254708374{n:03}", pushed_at=PAYMENT.pushed_at + timedelta(minutes=n))
        for n in many
    ]
    whole = statement(*rows)

    def sizes(found: Comparison) -> list[int]:
        made: list[Part] = list(parts(whole, found))
        return [len(part.keys) for part in made]

    assert sizes(look(rows, payments)) == [ACTS, ACTS, ACTS]
    assert sizes(look(rows, [])) == [3 * ACTS]
    assert list(parts(statement(), look([], []))) == []
