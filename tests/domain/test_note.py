"""What somebody types as a note, and what is kept of it."""

import pytest

from pos_app.domain.note import MAX_NOTE, read_note
from pos_app.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Came back,\n\tasked for   a copy ", "Came back, asked for a copy"),
        ("\u202aAnna\u202c called", "Anna called"),
        ("\U0001f469\u200d\U0001f33e paid", "\U0001f469\u200d\U0001f33e paid"),
        ("<b>100 %</b> 'sure'", "<b>100 %</b> 'sure'"),
        ("n" * MAX_NOTE, "n" * MAX_NOTE),
    ],
)
def test_a_note_is_kept_as_it_was_meant(typed: str, kept: str) -> None:
    assert read_note(typed) == kept


def test_phone_numbers_are_masked() -> None:
    note = read_note("Call 0708374149 or +254 708 374 149")
    assert "374149" not in note
    assert note.startswith("Call ")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the note first"),
        (" \n\u200e ", "Type the note first"),
        ("n" * (MAX_NOTE + 1), "501 characters; 500 fit"),
        ("a\0b", "a character in it that is none"),
        ("a\ud800b", "a character in it that is none"),
        ("a\x1b[31mb", "a character in it that is none"),
    ],
)
def test_what_is_no_note_is_refused_in_words_and_never_cut(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        read_note(typed)
    assert "Nothing was saved" in refused.value.user_text
