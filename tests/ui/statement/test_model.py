"""What needs a person, as rows that can be found, each with what to do."""

from decimal import Decimal

import pytest

from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome
from pos_app.ui.statement.model import NUMBERED, StatementModel, lines_of
from tests.domain.test_statement_match import REVERSAL, ROW
from tests.support.model_rules import watched


def lines(*compared: Compared, recorded: bool = False) -> list[tuple[str, str]]:
    """What to do about each line, short and in full."""
    found = Comparison(compared, (), None)
    return [(line.cells[-1], line.step) for line in lines_of(found, "A-{:04}".format, recorded=recorded)]


@pytest.mark.parametrize(
    ("line", "short", "step"),
    [
        (Compared(outcome=RowOutcome.UNPROMPTED, row=ROW), "Bind or name it", "Nobody here was asked"),
        (
            Compared(outcome=RowOutcome.UNPROMPTED, row=ROW, candidates=(3, 7)),
            "Compare payments",
            "Perhaps it is A-0003 or A-0007",
        ),
        (Compared(outcome=RowOutcome.DIFFERS, row=ROW, payment_id=3), "Compare", "Under this code payment A-0003"),
        (Compared(outcome=RowOutcome.DIFFERS, payment_id=3), "Look in the portal", "M-PESA has nothing of payment A-0"),
        (Compared(outcome=RowOutcome.REVERSAL, row=REVERSAL), "Look in the portal", "It undoes a payment that is not"),
        (
            Compared(outcome=RowOutcome.REVERSAL, row=REVERSAL, payment_id=3),
            "Decide about access",
            "Money of payment A-0003 went back, and no refund",
        ),
        (
            Compared(outcome=RowOutcome.UNREADABLE, fault="no amount", line=1_234),
            "Look in the portal",
            "Line 1,234: no amount.",
        ),
    ],
)
def test_each_line_has_its_next_step(line: Compared, short: str, step: str) -> None:
    [(told, full)] = lines(Compared(**{name: getattr(line, name) for name in line.__slots__} | {"asks": True}))
    assert told == short
    assert full.startswith(step)


def test_what_needs_nobody_has_no_line_and_a_recorded_reversal_is_decided_about() -> None:
    assert lines(Compared(outcome=RowOutcome.FEE, row=ROW)) == []
    back = Compared(outcome=RowOutcome.REVERSAL, row=REVERSAL, payment_id=3, asks=True)
    assert lines(back, recorded=True)[0][1] == "Money of payment A-0003 went back: decide about its access."


def test_lines_are_found_by_all_that_stands_there() -> None:
    model = watched(StatementModel())
    stray = Compared(
        outcome=RowOutcome.UNPROMPTED, receipt="UKN7H7OI90", at=ROW.at, amount=Decimal("90.50"), asks=True, row=ROW
    )
    far = Compared(outcome=RowOutcome.DIFFERS, payment_id=9, asks=True)
    found = Comparison((*[stray] * NUMBERED, far), (), None)
    made = lines_of(found, "A-{:04}".format, recorded=False)
    assert made[0].cells[1:4] == ("UKN7H7OI90", "90.50", "No prompt")
    assert made[-1].cells[:3] == ("?", "-", "?")
    assert made[-1].numbers == ()  # so many are not looked up
    model.show_lines(made)
    assert model.rowCount() == NUMBERED + 1
    model.look_for("  differs ")
    assert model.rowCount() == 1
    model.look_for("ukn7h")
    assert model.rowCount() == NUMBERED
    model.look_for("")
    assert model.rowCount() == NUMBERED + 1
