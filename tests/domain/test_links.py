"""What is bound of a line, and in which form: it must never change (rule 24)."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.links import (
    NO_LINK,
    Head,
    HeadCode,
    LinkKey,
    Mismatch,
    Texts,
    audit_text,
    bound_texts,
    erased_salts,
    event_facts,
    event_text,
    find_heads,
    heads_text,
    linked_place,
    moment_text,
    new_salts,
    old_place,
    old_texts,
    read_heads,
)
from pos_app.errors import BadInput

KEY = LinkKey(b"k" * 32)
RANDOM = bytes(range(48))
OLD = KEY.old_text(7)
HEAD = Head("A", 18_221, bytes.fromhex("3cf23413a4dd9dff") + bytes(24))
texts = st.tuples(*[st.none() | st.text()] * 3)


def test_the_form_of_a_line_is_for_ever() -> None:
    """These bytes stand in shops' databases."""
    _, texts = new_salts(("1032", None, "{}"), RANDOM, plain=True)
    facts = event_facts(42, "2026-11-23 11:03:00.000000", "callback", "result", "applied", "prompted", "paid")
    line = event_text(linked_place("A", 2), facts, texts)
    body = hashlib.sha256(RANDOM[32:48] + b"{}").hexdigest()
    assert line == (
        "event\0A\0002\00042\0002026-11-23 11:03:00.000000\0callback\0result\0applied\0prompted\0paid\0=1032\0\0" + body
    )
    acted = audit_text(
        linked_place("B", 1), "2026-11-23 11:03:00.000000", ["charge", 3, None, "A-1", None, ""], owner=True
    )
    assert acted == "audit\0B\0001\0002026-11-23 11:03:00.000000\0001\0=charge\0=3\0\0=A-1\0\0="
    assert KEY.link(NO_LINK, line) == hmac.digest(b"k" * 32, NO_LINK + line.encode(), "sha256")
    assert old_place(7) == "\0007"


def test_a_key_is_not_printed() -> None:
    assert "k" * 4 not in repr(KEY)


def test_a_time_is_the_same_text_whatever_zone_it_is_told_in() -> None:
    moment = datetime(2026, 11, 23, 11, 3, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(hours=3)))
    assert {moment_text(moment), moment_text(there), moment_text(moment.replace(tzinfo=None))} == {
        "2026-11-23 11:03:00.000000"
    }


class TestTexts:
    @given(texts, st.booleans())
    def test_what_is_bound_is_read_again(self, said: Texts, plain: bool) -> None:
        salts, bound = new_salts(said, RANDOM, plain=plain)
        assert bound_texts(said, salts) == (bound, False)

    @given(texts, st.booleans(), texts)
    def test_another_text_is_bound_as_something_else(self, said: Texts, plain: bool, other: Texts) -> None:
        salts, bound = new_salts(said, RANDOM, plain=plain)
        try:
            again, _ = bound_texts(other, salts)
        except Mismatch:
            return
        assert (again == bound) == (other == said)

    @given(texts, st.booleans(), st.sets(st.integers(0, 2)))
    def test_what_is_erased_is_bound_as_before(self, said: Texts, plain: bool, going: set[int]) -> None:
        going -= {0} if plain else set()
        salts, bound = new_salts(said, RANDOM, plain=plain)
        left = [None if place in going else text for place, text in enumerate(said)]
        gone = any(said[place] is not None for place in going)
        after = erased_salts(said, salts, going, None) if gone else salts
        assert bound_texts(left, after) == (bound, gone)
        for place in going:
            assert after is None or said[place] is None or RANDOM[place * 16 : place * 16 + 16] not in after

    @given(texts, st.sets(st.integers(0, 2)), st.sets(st.integers(0, 2)))
    def test_what_is_erased_of_an_old_line_stands_for_what_it_did(
        self, said: Texts, going: set[int], then: set[int]
    ) -> None:
        before = old_texts(said, None, OLD)
        left: Texts = [None if place in going else text for place, text in enumerate(said)]
        salts = erased_salts(said, None, going, OLD)
        assert old_texts(left, salts, OLD) == before
        last = [None if place in then else text for place, text in enumerate(left)]
        assert old_texts(last, erased_salts(left, salts, then, OLD), OLD) == before

    def test_a_code_that_never_goes_needs_no_salt(self) -> None:
        assert new_salts(("0", None, None), RANDOM, plain=True) == (None, "=0\0\0")
        assert new_salts((None, None, None), RANDOM, plain=True) == (None, "\0\0")

    @pytest.mark.parametrize(
        ("said", "salts"),
        [
            (("0", "a text", None), None),
            (("0", None, "{}"), b""),
            ((None, None, None), b"\0\0\0\0"),
            (("0", None, None), b"\0\0\0"),
            (("0", None, None), b"\3\0\0"),
            ((None, None, None), b"\0\0\0"),
            (("0", None, None), b"\4\0\0"),
            ((None, None, None), b"\4\0\0"),
            (("0", None, None), b"\2" + bytes(32) + b"\0\0"),
            (("0", None, None), b"\x09\0\0\0"),
        ],
    )
    def test_what_does_not_fit(self, said: Texts, salts: bytes | None) -> None:
        with pytest.raises(Mismatch):
            bound_texts(said, salts)

    @pytest.mark.parametrize("salts", [b"\0\0\0", b"\3\0\0", b"\x09\0\0"])
    def test_of_a_line_that_somebody_has_edited_nothing_is_kept(self, salts: bytes) -> None:
        assert erased_salts(("1", None, None), salts, {0}, None) is None

    def test_two_old_lines_with_one_text_do_not_look_alike(self) -> None:
        assert OLD(0, "x") != KEY.old_text(8)(0, "x") != OLD(1, "x")


class TestHeads:
    def test_a_head_is_short_enough_to_be_typed(self) -> None:
        assert str(HEAD.code) == "A-18221-7KS3-84X4-VPEZ"
        assert read_heads(" a-18221-7ks3-84x4-vpez\n") == [HEAD.code]

    def test_all_heads_in_one_text(self) -> None:
        other = Head("B2", 1, bytes(32))
        text = f"close 7: {heads_text([HEAD, other])}, KES 250"
        assert find_heads(text) == [HEAD.code, HeadCode("B2", 1, 0)]
        assert read_heads("A-18221-7KS3-84X4-VPEZ, B2-1-OOOO-0000-0000") == find_heads(text)
        assert find_heads("A-1-UUUU-0000-0000") == []

    @pytest.mark.parametrize(
        "text", ["", " ,", "7KS3-84X4-VPEZ", "A-0-7KS3-84X4-VPEZ", "A-1-7KS3-84X4-VPE", "A-1-7KS3-84X4-VPEU", "é"]
    )
    def test_what_is_none_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(BadInput, match="Nothing was compared"):
            read_heads(text)
