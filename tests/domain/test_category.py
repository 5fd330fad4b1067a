"""Categories of posts."""

import pytest

from pos_app.domain.category import Category, category_name, find_category
from pos_app.errors import BadInput

DRINKS = Category(id=1, name="Drinks", place=1)


def test_a_name_is_as_typed_but_for_blanks() -> None:
    assert category_name("  Hot\t dri\u200bnks ") == "Hot drinks"


@pytest.mark.parametrize(
    ("typed", "words"), [("  ", "needs a name"), ("a\x00b", "cannot be shown"), ("x" * 31, "31 characters; 30 fit")]
)
def test_what_is_no_name_is_refused(typed: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        category_name(typed)


@pytest.mark.parametrize("spelt", ["Drinks", "drinks", "ＤＲＩＮＫＳ", " drinks  "])
def test_one_is_found_however_it_is_spelt(spelt: str) -> None:
    assert find_category([DRINKS], spelt) is DRINKS


def test_another_name_is_another_category() -> None:
    assert find_category([DRINKS], "Drink") is None
