"""Posts in words."""

import pytest

from pos_app.domain.post_import import read_csv
from pos_app.messages.catalogue import change_words, for_ever_words, posts_words
from pos_app.messages.post_import import imported_words

MEANT = "where that is not meant, give it days, or no access."


@pytest.mark.parametrize(("count", "words"), [(0, "0 posts"), (1, "1 post"), (1_200, "1,200 posts")])
def test_how_many(count: int, words: str) -> None:
    assert posts_words(count) == words


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("title,price\nTea,30\nSoda,60\n", f"2 of them give access for ever: {MEANT}"),
        ("title,price,days\nTea,30,0\nYear pass,60,\n", f"1 of them gives access for ever: {MEANT}"),
        ("title,price,days\nTea,30,0\nWeek pass,60,7\n", ""),
    ],
)
def test_a_price_list_without_days_gives_access_for_ever_and_says_so(file: str, words: str) -> None:
    assert for_ever_words(read_csv(file)) == words


@pytest.mark.parametrize(
    ("added", "changed", "words"),
    [
        (0, 0, "Every post of the file is as it is here. Nothing was changed."),
        (1, 0, "1 post was imported."),
        (0, 1, "1 post was changed."),
        (2, 1_200, "2 posts were imported, 1,200 posts were changed."),
    ],
)
def test_what_an_import_has_done(added: int, changed: int, words: str) -> None:
    assert imported_words(added, changed) == words


def test_a_change_says_what_a_person_reads() -> None:
    assert change_words("price", "30", "1250") == "Price KES 30 \u2192 KES 1,250"
    assert change_words("category", None, "Drinks") == "Category Drinks"
