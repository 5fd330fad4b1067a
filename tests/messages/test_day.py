"""The day in words and on paper."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.day import CarriedOver, DayClose, DayFigures, DayGroup, DayReport, RecordSeen
from pos_app.domain.links import HeadCode, read_heads
from pos_app.domain.payment import Remark, State
from pos_app.domain.receipt import Mark, Shop, receipt_text
from pos_app.messages import day as words
from pos_app.messages.day_paper import day_paper
from tests.support.fakes import START

ITEM = CarriedOver(id=4, number="A-20261123-0004", opened_at=START, amount=250, state=State.UNKNOWN)
REPORT = DayReport(
    since=START,
    until=START + timedelta(hours=9),
    after=116,
    figures=DayFigures(payments=3, asked=750, paid=2, received=500, refunds=1, refunded=20),
    posts=(DayGroup(key=2, name="Week pass", asked=750, paid=2, received=500), DayGroup(key=None, refunded=20)),
    operators=(DayGroup(key=None, asked=750, paid=2, received=500, refunded=20),),
    hours=(DayGroup(key=23, asked=750, paid=2, received=500, refunded=20),),
    open_count=1,
    open_amount=250,
    open=(ITEM,),
)
CLOSE = DayClose(number=117, at=REPORT.until, till="A", operator="Amina", owner=False, report=REPORT)
SHOP = Shop("Mama Njeri Shop", ("Moi Avenue",), mark=Mark.PRACTICE)


def test_what_a_report_is_called_and_since_when_it_counts() -> None:
    assert words.heading(REPORT) == "X, not closed yet"
    assert words.heading(REPORT, CLOSE) == "Z 0117"
    assert words.heading(replace(REPORT, after=None)) == "23 Nov 2026"
    assert words.since_words(REPORT) == "since Z 0116, 23 Nov 2026 14:00"
    assert words.since_words(replace(REPORT, after=0)) == "since 23 Nov 2026 14:00"
    assert words.since_words(replace(REPORT, since=None, after=0)) == "since this shop began"


@pytest.mark.parametrize(("lost", "told"), [(0, ""), (117, "Z 0117 went"), (119, "Z 0117 to Z 0119 went")])
def test_numbers_that_were_lost_are_said(lost: int, told: str) -> None:
    assert words.lost_words(replace(REPORT, lost=lost)).startswith(told)
    assert bool(words.lost_words(replace(REPORT, lost=lost))) is bool(told)


def test_what_is_carried_over() -> None:
    assert words.carried_words(replace(REPORT, open_count=0)) == "Nothing is carried over."
    assert words.carried_words(REPORT).startswith("1 payment is carried over (KES 250)")
    assert words.carried_words(replace(REPORT, open_count=2)).startswith("2 payments are carried over")
    assert words.item_words(ITEM) == "Not sure yet"
    paid = replace(ITEM, state=State.PAID)
    assert words.item_words(paid) == "Waits for a look"
    assert words.item_words(replace(paid, remarks=frozenset({Remark.DOUBLE}))) == "Paid twice: refund due"
    assert "not paid" in words.item_words(replace(paid, remarks=frozenset({Remark.CONFLICT})))
    assert [words.item_short(each) for each in (ITEM, paid, replace(paid, remarks=frozenset({Remark.DOUBLE})))] == [
        "Not sure yet",
        "Look at it",
        "Refund due",
    ]
    assert words.age_words(ITEM, REPORT) == "9 h 0 min"


def test_what_m_pesa_s_record_says() -> None:
    assert words.record_words(REPORT) == words.NO_RECORD
    seen = RecordSeen(until=START)
    assert words.record_words(replace(REPORT, record=seen)) == (
        "M-PESA's record seen until 23 Nov 2026 14:00: nothing differs."
    )
    seen = RecordSeen(until=START, fees=1_250, differs=1, unprompted=2, unprompted_amount=30_000)
    assert words.record_words(replace(REPORT, record=seen)).endswith(
        "fees KES 12.50; 1 otherwise there than here; 2 that no prompt asked for, KES 300."
    )


def test_who_closed() -> None:
    assert words.closed_words(CLOSE) == "23 Nov 2026 23:00, till A, by Amina"
    assert words.closed_words(replace(CLOSE, operator=None, owner=True)) == "23 Nov 2026 23:00, till A, owner"
    assert words.closed_words(replace(CLOSE, number=0)) == "23 Nov 2026 23:00, before days were closed"


def test_a_close_on_paper_fits_the_narrowest_roll_and_says_that_the_money_is_not_real() -> None:
    lines = receipt_text(day_paper(SHOP, REPORT, CLOSE)).splitlines()
    assert max(map(len, lines)) <= 32
    text = "\n".join(lines)
    assert lines[0].strip() == "PRACTICE · not real money" == lines[-1].strip()
    for told in ("DAY CLOSE Z 0117", "Closed by", "Week pass", "23:00 - 00:00", "Several posts at once"):
        assert told in text
    assert "Net                      KES 480" in lines
    assert "A-20261123-0004          KES 250" in lines


def test_heads_stand_at_the_end_each_whole_on_the_narrowest_roll() -> None:
    """As they are typed for `verify --against` years later."""
    heads = (HeadCode("K123", 999_999_999_999, 1), HeadCode("A", 7, 2))
    named = replace(REPORT, heads=tuple(map(str, heads)))
    text = receipt_text(day_paper(SHOP, named, replace(CLOSE, report=named)))
    assert [line.strip() for line in text.splitlines()[-4:-2]] == list(named.heads)
    assert max(map(len, text.splitlines())) <= 32
    assert tuple(read_heads(" ".join(named.heads))) == heads
    assert "verify --against" in " ".join(text.split())
    assert "verify" not in receipt_text(day_paper(SHOP, REPORT, CLOSE)), "as it was printed before heads were kept"


def test_a_report_on_paper_says_that_it_is_no_close() -> None:
    shop = replace(SHOP, mark=Mark.NONE)
    text = " ".join(receipt_text(day_paper(shop, replace(REPORT, after=None))).split())
    assert "DAY REPORT 23 Nov 2026" in text
    assert "A day of the calendar, not a close" in text
    odd = replace(REPORT, until=START - timedelta(days=1), open_count=700, lost=119, since=START)
    text = " ".join(receipt_text(day_paper(shop, odd, replace(CLOSE, owner=True, operator=None))).split())
    assert "and 699 more, which the export names" in text
    assert "clock stands before the last close" in text
    assert "Closed by the owner's passphrase" in text
    began = receipt_text(day_paper(shop, DayReport(since=None, until=START, after=0)))
    assert "the beginning" in began
    returned = replace(REPORT, figures=replace(REPORT.figures, returned=30))
    assert "never counted as paid" in " ".join(receipt_text(day_paper(shop, returned)).split())
