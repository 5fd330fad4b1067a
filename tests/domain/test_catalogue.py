"""Posts: what somebody types, imports and looks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.catalogue import MAX_DAYS, Post, access_words, barcode_key, draft_post, same_barcode
from pos_app.domain.post_finder import PostFinder
from pos_app.errors import BadInput


def test_a_post_as_typed() -> None:
    draft = draft_post("  Wi-Fi   month ", "1,250", "30", "1", " 6161 1000 ", active=False)
    assert (draft.title, draft.price, draft.days) == ("Wi-Fi month", 1_250, 30)
    assert (draft.favourite, draft.barcode, draft.active) == (1, "61611000", False)


def test_empty_fields_mean_for_ever_no_key_and_no_barcode() -> None:
    draft = draft_post("Wi-Fi", 100, "", " ", "")
    assert (draft.days, draft.favourite, draft.barcode, draft.active) == (None, None, None, True)


@pytest.mark.parametrize("title", ["", "   ", "\u200b"])
def test_a_post_needs_a_name(title: str) -> None:
    with pytest.raises(BadInput, match=r"^A post needs a name\. Nothing was saved\.$"):
        draft_post(title, 100)


def test_what_directs_or_joins_is_no_part_of_a_name_and_what_cannot_be_shown_is_refused() -> None:
    assert (
        draft_post("Soda \u200e300ml \U0001f468\u200d\U0001f469\ufeff", 100).title == "Soda 300ml \U0001f468\U0001f469"
    )
    with pytest.raises(BadInput, match=r"^The name has a character that cannot be shown\. Nothing was saved\."):
        draft_post("a\x00b", 100)


def test_the_name_has_an_end() -> None:
    assert draft_post("x" * 60, 100).title == "x" * 60
    with pytest.raises(BadInput, match=r"^The name has 61 characters; 60 fit\. Nothing was saved\.$"):
        draft_post("x" * 61, 100)


@pytest.mark.parametrize("days", ["-1", "3651", "1.5", "two", "٣", "9" * 5_000])
def test_days_of_access_are_whole_and_bounded(days: str) -> None:
    assert [draft_post("Wi-Fi", 100, edge).days for edge in ("0", "3650")] == [0, MAX_DAYS]
    with pytest.raises(BadInput) as refused:
        draft_post("Wi-Fi", 100, days)
    assert refused.value.user_text == (
        "Access: a whole number from 0 to 3,650 days (0 for none, empty for ever). Nothing was saved."
    )


@pytest.mark.parametrize("key", [0, 10, "a"])
def test_favourite_keys_are_1_to_9(key: int | str) -> None:
    assert [draft_post("Wi-Fi", 100, favourite=edge).favourite for edge in (1, "9")] == [1, 9]
    with pytest.raises(BadInput) as refused:
        draft_post("Wi-Fi", 100, favourite=key)
    assert refused.value.user_text == "Favourite key: a whole number from 1 to 9 or empty. Nothing was saved."


@pytest.mark.parametrize("code", ["é", "x" * 65, "a\x00b", "a\x1bb"])
def test_barcodes_are_what_a_scanner_types(code: str) -> None:
    assert draft_post("Wi-Fi", 100, barcode="x" * 64).barcode == "x" * 64
    with pytest.raises(BadInput, match=r"^A barcode has letters and digits only, 64 at most\. Nothing was saved\.$"):
        draft_post("Wi-Fi", 100, barcode=code)


@given(st.text(), st.text() | st.integers(), st.none() | st.text() | st.integers(), st.text())
def test_whatever_is_typed_gives_a_sound_post_or_words(
    title: str, price: str | int, days: str | int | None, barcode: str
) -> None:
    try:
        draft = draft_post(title, price, days, barcode=barcode)
    except BadInput:
        return
    assert draft.title.isprintable()
    assert 1 <= draft.price <= 250_000
    assert draft.days is None or 0 <= draft.days <= MAX_DAYS


@pytest.mark.parametrize(
    ("days", "words"), [(None, "for ever"), (0, "no access"), (1, "24 hours"), (2, "2 days"), (30, "30 days")]
)
def test_access_in_words(days: int | None, words: str) -> None:
    assert access_words(days) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("012345678905", "0012345678905"),  # UPC-A, and the same as an EAN-13
        ("616111000001", "0616111000001"),
        ("0012345678905", "00012345678905"),  # GTIN-14
        ("12345678905", "012345678905"),  # as a spreadsheet leaves it
        ("abc-12", "ABC-12"),
        ("6161 1100 0001", "616111000001"),
    ],
)
def test_two_spellings_of_one_barcode(one: str, other: str) -> None:
    assert same_barcode(one, other)
    assert same_barcode(other, one)
    post = Post(id=7, title="Tea", price=50, barcode=one)
    assert PostFinder([post]).find(other) == [post]


@pytest.mark.parametrize(
    ("one", "other"),
    [("616111000001", "616111000002"), ("12345", "012345"), ("12345678901", "012345678901"), (None, None), ("", "")],
)
def test_other_barcodes_stay_apart(one: str | None, other: str | None) -> None:
    """Short numbers are the shop's own: their zeros count. So do those of eleven digits that are no cut UPC-A."""
    assert not same_barcode(one, other)


@given(st.text())
def test_a_barcode_is_like_itself(text: str) -> None:
    assert barcode_key(barcode_key(text)) == barcode_key(text)


def test_a_price_that_is_asked_has_two_bounds() -> None:
    asked = draft_post("Posting", "50", 0, highest="1,500")
    assert (asked.price, asked.highest, asked.open_price, asked.price_words) == (50, 1_500, True, "KES 50 to 1,500")
    fixed = draft_post("Posting", "50", 0, highest=" ")
    assert (fixed.highest, fixed.open_price, fixed.price_words) == (None, False, "KES 50")


@pytest.mark.parametrize("highest", ["50", "49", "0", "x", "250001"])
def test_the_highest_price_is_above_the_lowest_and_within_m_pesas_limit(highest: str) -> None:
    with pytest.raises(BadInput):
        draft_post("Posting", "50", 0, highest=highest)
