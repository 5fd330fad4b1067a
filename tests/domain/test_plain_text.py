"""What a receipt printer is given of any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.plain_text import plain_ascii, plain_lines


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Week pass 0712 xxx 678 ~ KES 1,250!", "Week pass 0712 xxx 678 ~ KES 1,250!"),
        ("0712 ••• 678", "0712 xxx 678"),
        ("Mon – Fri — all ‑ day − night", "Mon - Fri - all - day - night"),
        ("Café Njũgũna, Mũrang'a, Ñandú", "Cafe Njuguna, Murang'a, Nandu"),
        ("Straße Æther Ørsted Łódź ŋ", "Strasse AEther Orsted Lodz ng"),
        ("“Best” ‘tea’… £5 €3 2×3 5½", "\"Best\" 'tea'... GBP5 EUR3 2x3 51/2"),
        ("a\u00a0b\u2009c\u2028d", "a b c d"),
        ("one\u200btwo\u202ethree\ufeff", "onetwothree"),
        ("茶 ☕ شاي \ud800", "? ? ??? ?"),
        ("\x1b@\x1dV\x00\x10\x14\x01\n\r\t\x7f\x9b", "?@?V?????????"),
    ],
)
def test_what_becomes_of_a_text(text: str, plain: str) -> None:
    assert plain_ascii(text) == plain


@given(st.text(st.characters(codec=None)))
def test_nothing_of_any_text_is_a_command(text: str) -> None:
    assert all(" " <= one <= "~" for one in plain_ascii(text))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain_ascii(text) == text


def test_the_lines_of_a_text_stay() -> None:
    assert plain_lines("Café\n0712 ••• 678\n") == "Cafe\n0712 xxx 678\n"
