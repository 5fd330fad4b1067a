"""A statement is compared for whoever may see sums, and changes nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act, Role
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import Period, RowKind, Statement, UnreadRow
from pos_app.errors import BadInput
from pos_app.sales.statements import Statements
from tests.support.fakes import PHONE, START
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.statement_rows import a_payment_row
from tests.support.till_harness import TillHarness

ROW = a_payment_row(START + timedelta(seconds=20), 250, f"0{PHONE[3:5]}****{PHONE[-3:]}")
DAY = Period(START - timedelta(hours=9), START + timedelta(hours=9))
STATEMENT = Statement(short_code="512345", period=DAY, covered=DAY, rows=(ROW,))


def statements(harness: TillHarness) -> Statements:
    return harness.till.statements


def test_money_that_nobody_asked_for(harness: TillHarness) -> None:
    found = statements(harness).look(STATEMENT)
    assert found.counts == {RowOutcome.UNPROMPTED: 1}


def test_of_an_empty_file_nothing_is_looked_up(harness: TillHarness) -> None:
    empty = replace(STATEMENT, rows=(), covered=None)
    assert statements(harness).look(empty).lines == ()
    assert statements(harness).look(replace(empty, covered=DAY)).lines == ()
    unread = replace(empty, unreadable=(UnreadRow(line=1, fault="?", at=START), UnreadRow(line=2, fault="?")))
    linked = replace(unread, rows=(replace(ROW, kind=RowKind.REVERSAL, linked="UKN1AAAA22", incoming=False),))
    assert statements(harness).look(linked).counts == {RowOutcome.UNREADABLE: 2, RowOutcome.REVERSAL: 1}


def test_another_short_code_is_refused(harness: TillHarness) -> None:
    with pytest.raises(BadInput, match="short code 999999, and this till charges for 512345 and 600123"):
        statements(harness).look(replace(STATEMENT, short_code="999999"))


def test_rule_16_it_is_for_whoever_may_see_sums(harness: TillHarness) -> None:
    till = harness.till
    hire(till)
    till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
    stand(till, Role.OPERATOR)
    with pytest.raises(BadInput):
        statements(harness).look(STATEMENT)
    stand(till, Role.SUPERVISOR)
    assert statements(harness).look(STATEMENT).asks


def test_a_till_that_was_given_no_reader_reads_no_file(harness: TillHarness) -> None:
    with pytest.raises(BadInput, match="cannot be read here"):
        harness.till.statement_files.read(Path("day.csv"), START, lambda _: None, Cancel())
