"""Copies in words: what is in one, and what goes when it is put back."""

from pathlib import Path

import pytest

from pos_app.domain.database_copy import Gone, Loss, PutBack, Whose
from pos_app.messages.copies import NOBODY_KNOWS, copy_words, done_words, gone_words, loss_words
from tests.support.copies import a_copy

GAP = "\N{NO-BREAK SPACE}"


def test_a_copy_says_from_when_how_much_and_how_large() -> None:
    assert copy_words(a_copy()) == f"23 Nov 2026 14:00: 1,204 payments, the newest from 23 Nov 2026 13:58; 2.1{GAP}GB"
    assert copy_words(a_copy(payments=0, size=131_072)) == f"23 Nov 2026 14:00: 0 payments; 0.1{GAP}MB"


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (31, "31 payments that are not in it will be missing here; M-PESA still has their money"),
        (1, "1 payment that is not in it will be missing here; M-PESA still has its money, and the statement names it"),
        (0, "No payment will be missing."),
        (None, "nobody can say how many payments were made after that"),
    ],
)
def test_what_goes_is_said_before(missing: int | None, words: str) -> None:
    said = loss_words(a_copy(), Loss(payments=missing))
    assert said.startswith("The till goes back to 23 Nov 2026 14:00, with 1,204 payments.")
    assert words in said
    assert said.endswith("The present file is kept aside.")


def test_whose_copy_it_is_and_who_may_yet_pay_is_said_before() -> None:
    said = loss_words(a_copy(), Loss(payments=3, asked_about=1, whose=Whose.UNKNOWN))
    assert said.startswith(f"{NOBODY_KNOWS} The till goes back to")
    assert "1 of them is not paid, but is still asked, for a day" in said
    assert "2 of them are not paid" in loss_words(a_copy(), Loss(payments=3, asked_about=2))


def test_afterwards_the_kept_file_is_named_where_there_is_one() -> None:
    assert len(done_words(a_copy(), PutBack(None))) == 1
    kept = PutBack(Path("shop/practice.db.replaced-1"))
    assert "kept as shop/practice.db.replaced-1. " in done_words(a_copy(), kept)[1]
    assert len(done_words(a_copy(), kept)) == 2


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (Gone(7, 7), "Z 0007 is only in the kept file, too: these numbers are not used again."),
        (Gone(7, 9), "Z 0007 to Z 0009 are only in the kept file, too"),
        (Gone(refunds=1, refunded=250), "1 refund is only in it, too (KES 250): record what went back again."),
        (Gone(7, 7, 1_200, 5_000), "again. 1,200 refunds are only in it, too (KES 5,000)"),
        (Gone(), ""),
    ],
)
def test_closes_and_refunds_that_went_are_named(gone: Gone, told: str) -> None:
    assert told in gone_words(gone)
    said = done_words(a_copy(), PutBack(Path("practice.db.replaced-1"), gone))
    assert (said[2:] == [gone_words(gone)]) is bool(told)
