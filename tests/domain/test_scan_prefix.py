"""What may mark a scan, in the settings as in the field that tries a scanner."""

import string

import pytest

from pos_app.domain.scan_prefix import may_mark_scans

MARKS = set("!\"#$%&'*,:;<=>?@[\\]^_`{|}~")


@pytest.mark.parametrize("text", [*string.printable, "", "~~", "²", "\u00e9", "\u0663", "\u20ac"])
def test_one_visible_character_that_is_in_no_word_and_no_phone(text: str) -> None:
    assert may_mark_scans(text) is (text in MARKS)
