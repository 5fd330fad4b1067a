"""Posts in words."""

import pytest

from pos_app.domain.post_import import read_csv
from pos_app.messages.catalogue import for_ever_words, posts_words

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
