"""What somebody types or pastes in one line."""

import pytest

from pos_app.domain.typed_line import is_plain, one_line, with_our_digits


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a   regular\n of\tours ", "a regular of ours"),
        ("asked \u202ereven\u202c", "asked reven"),
        ("0708\u200b374149", "0708374149"),
        ("\U0001f469\u200d\U0001f33e", "\U0001f469\u200d\U0001f33e"),
        ("\u200e ", ""),
    ],
)
def test_words_without_what_only_directs(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_what_every_database_keeps() -> None:
    assert is_plain("\u0639\u0645\u064a\u0644 \u2615 100 %")
    assert not any(map(is_plain, ("a\0b", "a\ud800", "a\x1b[31m")))


def test_digits_of_every_script() -> None:
    assert with_our_digits("\u0660\u0667\uff11 x\u00b2") == "071 x\u00b2"
