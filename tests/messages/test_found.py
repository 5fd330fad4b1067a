"""What a command says below what it has found."""

import pytest

from pos_app.domain.search import Totals
from pos_app.messages.found import found_words


@pytest.mark.parametrize(
    ("totals", "listed", "sums", "words"),
    [
        (Totals(1, 1, 30, 0, 0), 1, True, "1 payment, KES 30 paid."),
        (
            Totals(2_000, 1_500, 40_000, 3, 4, 250),
            50,
            True,
            "2,000 payments, KES 40,000 paid after KES 250 refunded, the newest 50 are listed, --limit lists more.",
        ),
        (Totals(2_000, 1_500, 40_000, 3, 4, 250), 2_000, False, "2,000 payments."),
    ],
)
def test_how_many_and_for_whom_it_is_how_much(totals: Totals, listed: int, sums: bool, words: str) -> None:
    assert found_words(totals, listed, sums=sums) == words
