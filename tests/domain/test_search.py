"""Looking payments up."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.payment import Payment
from pos_app.domain.search import Meaning, PageEnd, Search, Sort, Totals, meaning, name_words, shown


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
        ("maji  20% maji", Meaning(words=("maji", "20"))),
        ("ukn4", Meaning(code_start="UKN4", words=("ukn4",))),
        ("Sent: UKN4X7Q2ZT.", Meaning(codes=("UKN4X7Q2ZT",), words=("sent", "ukn4x7q2zt"))),
        ("a-20261123-0042", Meaning(numbers=("A-20261123-0042",), words=("a", "20261123", "0042"))),
        ("B7-42", Meaning(short_number=("B7", 42), words=("b7", "42"))),
        ("42", Meaning(short_number=("", 42), amount=42, words=("42",))),
        ("250", Meaning(code_start="250", short_number=("", 250), phone_end="250", amount=250, words=("250",))),
        ("0042", Meaning(code_start="0042", short_number=("", 42), phone_end="0042", words=("0042",))),
        ("00042", Meaning(code_start="00042", phone_end="00042", words=("00042",))),
        ("0000", Meaning(code_start="0000", phone_end="0000", words=("0000",))),
        ("1,250", Meaning(amount=1_250, words=("1", "250"))),
        ("0712-345-678", Meaning(code_start="0712345678", phones=("254712345678",), words=("0712", "345", "678"))),
        ("+5678", Meaning(phone_end="5678", words=("5678",))),
        ("Ksh. 1,250.00", Meaning(amount=1_250, words=("ksh", "1", "250", "00"))),
        ("1250/=", Meaning(amount=1_250, words=("1250",))),
        ("KES 0", Meaning(words=("kes", "0"))),
        ("KES 1,25", Meaning(words=("kes", "1", "25"))),
        ("x" * 61, Meaning()),
        ("aa, bb, cc, dd, ee, ff, gg, hh, ii", Meaning()),
        ("\uff34\uff25\uff21", Meaning(code_start="TEA", words=("tea",))),
        ("tea\u2212\u2014", Meaning(code_start="TEA", words=("tea",))),
    ],
)
def test_what_a_text_can_mean(text: str, meant: Meaning) -> None:
    assert meaning(text) == meant


@given(st.text())
def test_whatever_is_pasted_means_something_a_database_can_be_asked(text: str) -> None:
    meant = meaning(text)
    for word in (*meant.codes, meant.code_start, *meant.phones, *meant.words):
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Maji 20 l", ("maji", "20", "l")),
        ("Wi-Fi 100% siku_1", ("wi", "fi", "100", "siku", "1")),
        ("Zoe\u0308 JOS\u00c9, Zo\u00eb", ("zoe", "jose")),
        ("Wanjiru wa Ng'ang\u2019a", ("wanjiru", "wa", "nganga")),
        ("\u0645\u0627\u0621 \u6c34 \U0001f600", ("\u0645\u0627\u0621", "\u6c34")),
        ("% _ *", ()),
    ],
)
def test_a_name_is_found_by_its_words_whoever_types_them(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words
