"""The reason that somebody types."""

import pytest

from pos_app.domain.typed_reason import MAX_WHY, read_why
from pos_app.errors import BadInput


def test_one_blank_between_its_words() -> None:
    assert read_why("  a   regular\n of  ours ") == "a regular of ours"
    assert read_why("x" * MAX_WHY) == "x" * MAX_WHY
    assert read_why("\u0639\u0645\u064a\u0644 \u2615") == "\u0639\u0645\u064a\u0644 \u2615"


@pytest.mark.parametrize("typed", ["", " \n", "x" * (MAX_WHY + 1)])
def test_there_must_be_one_and_it_says_where_it_stays(typed: str) -> None:
    with pytest.raises(BadInput, match=r"Type the reason, 200 characters at most\. It stays with the access"):
        read_why(typed, "the access")


@pytest.mark.parametrize("typed", ["a\ud800", "a\0b"])
def test_what_no_database_could_keep(typed: str) -> None:
    with pytest.raises(BadInput, match="a character in it that is none"):
        read_why(typed)


def test_no_mark_turns_it_around() -> None:
    assert read_why("paid \u202etwice\u202c") == "paid twice"
