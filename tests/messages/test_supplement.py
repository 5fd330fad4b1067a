"""A supplement to a close in words and on paper."""

from dataclasses import replace

import pytest

from pos_app.domain.day import RecordSeen
from pos_app.domain.receipt import Mark, receipt_text
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import CountsIn, Supplement, ToldRow, ToldSum
from pos_app.messages import supplement as words
from tests.domain.test_supplement import ROW, SUPPLEMENT
from tests.messages.test_day import CLOSE, REPORT, SHOP
from tests.support.fakes import START


def paper(supplement: Supplement = SUPPLEMENT, mark: Mark = Mark.PRACTICE) -> list[str]:
    return receipt_text(words.supplement_paper(replace(SHOP, mark=mark), supplement)).splitlines()


def test_on_the_narrowest_roll_with_each_row_and_where_the_money_counts() -> None:
    lines = paper()
    assert max(map(len, lines)) <= 32
    assert lines[0].strip() == "PRACTICE · not real money" == lines[-1].strip()
    text = " ".join(" ".join(lines).split())
    for told in (
        "SUPPLEMENT Z 0117/2", "DAY CLOSE Z 0117", "changes none of its totals", "UKN4X7Q2ZT KES 450.50",
        "By it KES 250 settled (1 payment): counted in Z 0118, not in this one.", "and 1 more",
        "A-20261123-0042 nothing", "Not there", "the till has KES 250", "Fees (2) KES 1.10",
    ):  # fmt: skip
        assert told in text
    assert "PRACTICE" not in " ".join(paper(mark=Mark.NONE))


def test_what_agrees_says_so_and_of_which_time_it_has_everything() -> None:
    agreeing = replace(SUPPLEMENT, told={RowOutcome.AGREES: ToldSum(1, 100)}, rows=(), counts_in=())
    text = " ".join(" ".join(paper(agreeing)).split())
    assert "All of it agrees with what the till has." in text
    assert "everything from 23 Nov 2026 13:00 to 23 Nov 2026 14:00" in text
    assert "does not say of which time" in " ".join(words.notes(replace(agreeing, since=None)))


def test_a_row_of_a_payment_names_it_with_what_the_till_has() -> None:
    row = replace(ROW, outcome=RowOutcome.SETTLES, payment="A-20261123-0042", ours=450)
    text = " ".join(" ".join(paper(replace(SUPPLEMENT, rows=(row,)))).split())
    assert "Settled 23 Nov 2026 14:00 A-20261123-0042 KES 450" in text
    assert words.ours_words(ROW) == "nothing"
    unread = ToldRow(outcome=RowOutcome.UNREADABLE, receipt="", at=START, cents=None)
    assert (words.outcome_words(unread), words.theirs_words(unread)) == ("Cannot be read", "nothing")
    assert "-" in paper(replace(SUPPLEMENT, rows=(unread,)))[-8]


def test_long_ones_are_cut_on_paper_and_counted() -> None:
    rows = tuple(replace(ROW, receipt=f"UKN{number:07}") for number in range(60))
    text = " ".join(
        " ".join(paper(replace(SUPPLEMENT, told={RowOutcome.UNPROMPTED: ToldSum(75, 1)}, rows=rows))).split()
    )
    assert "UKN0000039" in text
    assert "UKN0000040" not in text
    assert "and 35 more" in text


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        (CountsIn(118, 2, 500, 20), "By it KES 500 settled and KES 20 gone back (2 payments): counted in Z 0118"),
        (CountsIn(118, 1, 0, 20), "By it KES 20 gone back (1 payment)"),
        (CountsIn(118, 1, 0, 0), "By it nothing (1 payment)"),
    ],
)
def test_where_money_counts(counts: CountsIn, told: str) -> None:
    assert told in " ".join(words.notes(replace(SUPPLEMENT, counts_in=(counts,))))


def test_beside_a_close_stands_where_to_look() -> None:
    assert words.later_words(CLOSE, []) == ""
    assert words.later_words(CLOSE, [SUPPLEMENT]) == "M-PESA's record of this day came later: see Z 0117/2."
    more = [replace(SUPPLEMENT, part=part) for part in (1, 2, 3)]
    seen = replace(CLOSE, report=replace(REPORT, record=RecordSeen(until=START)))
    assert words.later_words(seen, more) == (
        "More of M-PESA's record of this day came later: see Z 0117/1, Z 0117/2 and Z 0117/3."
    )


def test_in_one_line() -> None:
    assert words.supplement_line(SUPPLEMENT) == (
        "Z 0117/2  23 Nov 2026 14:00, from statement 1f0c22aa  "
        "agrees with the till 12, no prompt asked for it 3, fees 2"
    )
