"""Whether a customer has a post, in one line."""

from datetime import timedelta

import pytest

from pos_app.domain.access import Held
from pos_app.messages.access import has_words
from tests.support.fakes import START

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (None, "0712 ••• 678 does not have Week pass."),
        (Held(None), "0712 ••• 678 has Week pass for ever."),
        (Held(START + DAY), "0712 ••• 678 has Week pass until 24 Nov 2026 14:00."),
        (Held(START), "0712 ••• 678 does not have Week pass: it ended 23 Nov 2026 14:00."),
    ],
)
def test_has_or_has_not(held: Held | None, words: str) -> None:
    assert has_words("254712345678", "Week pass", held, START) == words
