"""A code that a customer reads out is looked up in the books, and nothing is paid by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.receipt_code import CodeStanding
from pos_app.domain.statement_row import Period, RowKind, Statement
from pos_app.domain.unprompted import RowWord
from pos_app.sales.code_look import CodeLook
from pos_app.sales.owner import MoneyBack
from tests.support.builders import prompt, sell, success, tell
from tests.support.fakes import START
from tests.support.staff import PASSPHRASE
from tests.support.statement_rows import a_payment_row
from tests.support.till_harness import TillHarness

CODE, OTHER, BACK = "UKN7H7OI90", "UKN1AAAA22", "UKN9BBBB33"


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


def standing(harness: TillHarness, text: str) -> CodeStanding | None:
    found = CodeLook(harness.till.reader, harness.till.clock).look(text)
    return found.standing if found else None


def paid(harness: TillHarness, post: Post) -> Payment:
    sold = prompt(harness, sell(harness, post))
    return tell(harness, sold, success(sold, receipt=OTHER))


def test_a_code_before_and_after_m_pesa_s_record_was_read(harness: TillHarness, post: Post) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    asked = prompt(harness, sell(harness, post))
    assert standing(harness, CODE) is CodeStanding.UNKNOWN
    assert standing(harness, "UKN7H7OI9") is CodeStanding.NO_CODE
    assert standing(harness, "0712345678") is None
    day = Period(START - timedelta(hours=1), START + timedelta(hours=1))
    stray = replace(a_payment_row(START + timedelta(minutes=40), amount=77), receipt=CODE)
    statement = Statement(short_code="512345", period=day, covered=day, rows=(stray,))
    harness.till.recording.record(statement, "ab" * 32, PASSPHRASE)
    assert standing(harness, CODE) is CodeStanding.UNPROMPTED
    assert standing(harness, OTHER) is CodeStanding.NOT_THERE
    harness.clock.advance(3 * 86_400)
    assert standing(harness, OTHER) is CodeStanding.UNKNOWN, "what was read days ago says nothing about today"
    stored = harness.till.reader.payment(asked.id)
    assert stored
    assert stored.state is not State.PAID


def test_money_that_went_back_is_not_said_to_be_here(harness: TillHarness, post: Post) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    row = replace(a_payment_row(START, amount=77), receipt=CODE)
    back = replace(row, receipt=BACK, kind=RowKind.REVERSAL, incoming=False, linked=CODE)
    for digest, rows, word in (("ab", (row,), RowWord.NONE), ("cd", (row, back), RowWord.REVERSED)):
        statement = Statement(short_code="512345", period=None, covered=None, rows=rows)
        harness.till.recording.record(statement, digest * 32, PASSPHRASE)
        found = CodeLook(harness.till.reader, harness.till.clock).look(CODE)
        assert found
        assert (found.standing, found.word) == (CodeStanding.UNPROMPTED, word)


def test_the_code_of_another_sale_and_of_its_refund(harness: TillHarness, post: Post) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    sold = paid(harness, post)
    assert standing(harness, OTHER) is CodeStanding.SALE
    harness.till.owner.refund(sold, PASSPHRASE, MoneyBack(amount="10", code=BACK, why="too much"))
    assert standing(harness, BACK) is CodeStanding.REFUND
