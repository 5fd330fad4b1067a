"""Looking payments up."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.payment import Payment
from pos_app.domain.search import Meaning, PageEnd, Search, Sort, Totals, meaning, shown


def test_an_empty_search_asks_for_the_newest_of_everything() -> None:
    search = Search()
    assert (search.text, search.states, search.limit) == ("", frozenset(), 100)
    assert (search.since, search.until, search.operator, search.till) == (None, None, None, "")
    assert (search.sort, search.after) == (Sort.NEWEST, None)


def test_totals_tell_people_from_money() -> None:
    totals = Totals(payments=3, paid=1, paid_amount=250, unsure=1, review=1)
    assert (totals.payments, totals.paid, totals.paid_amount, totals.unsure, totals.review) == (3, 1, 250, 1, 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Meaning()),
        ("maji  20% maji", Meaning(titles=(("maji", "20%"),))),
        ("ukn4", Meaning(code_start="UKN4", titles=(("ukn4",),))),
        ("Sent: UKN4X7Q2ZT.", Meaning(codes=("UKN4X7Q2ZT",), titles=(("Sent:", "UKN4X7Q2ZT."),))),
        ("a-20261123-0042", Meaning(numbers=("A-20261123-0042",), titles=(("a-20261123-0042",),))),
        ("B7-42", Meaning(short_number=("B7", 42), titles=(("B7-42",),))),
        ("0712-345-678", Meaning(code_start="0712345678", phones=("254712345678",), titles=(("0712-345-678",),))),
        ("+5678", Meaning(phone_end="5678", titles=(("+5678",),))),
        ("Ksh. 1,250.00", Meaning(amount=1_250, titles=(("Ksh.", "1,250.00"),))),
        ("1250/=", Meaning(amount=1_250, titles=(("1250/=",),))),
        ("KES 0", Meaning(titles=(("KES", "0"),))),
        ("KES 1,25", Meaning(titles=(("KES", "1,25"),))),
        ("x" * 61, Meaning()),
        ("\uff34\uff25\uff21", Meaning(code_start="TEA", titles=(("\uff34\uff25\uff21",), ("TEA",)))),
        ("tea\u2212\u2014", Meaning(code_start="TEA", titles=(("tea--",),))),
    ],
)
def test_what_a_text_can_mean(text: str, meant: Meaning) -> None:
    assert meaning(text) == meant


@given(st.text())
def test_whatever_is_pasted_means_something_a_database_can_be_asked(text: str) -> None:
    meant = meaning(text)
    for word in (*meant.codes, meant.code_start, *meant.phones, *(word for words in meant.titles for word in words)):
        assert "\0" not in word
        word.encode()
    assert len(shown(text)) <= 41


@pytest.mark.parametrize("piece", ["maji ", "0", "A", "(", "UKN4X7Q2ZT ", "07 ", "+254", "A-20261123-", "KES ", "1,"])
def test_a_very_long_text_is_read_at_once(piece: str) -> None:
    started = time.process_time()
    meant = meaning(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 1
    assert len(meant.codes) <= 20


def test_what_is_repeated_to_people_is_short_and_can_be_seen() -> None:
    assert shown(" \u202ano\u00a0such\nthing\u202c ") == "no such thing"
    assert shown("maji " * 20_000) == "maji maji maji maji maji maji maji maji\u2026"


def test_the_next_page_begins_after_the_last_payment(make_payment: Callable[..., Payment]) -> None:
    search = Search(text="maji", sort=Sort.HIGHEST)
    following = search.following(make_payment(id=7, amount=90))
    assert following == Search(text="maji", sort=Sort.HIGHEST, after=PageEnd(7, 90))


def test_an_order_says_by_what_and_which_way() -> None:
    assert [sort for sort in Sort if sort.by_amount] == [Sort.HIGHEST, Sort.LOWEST]
    assert [sort for sort in Sort if sort.descending] == [Sort.NEWEST, Sort.HIGHEST]
