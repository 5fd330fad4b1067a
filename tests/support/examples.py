"""How many examples Hypothesis plays where its own hundred are too few or too many."""

from hypothesis import settings

_OWN = 100


def examples(number: int) -> settings:
    """So many, as a decorator; in the inner loop as few of them as of all others (tests/conftest.py)."""
    return settings(max_examples=number * settings().max_examples // _OWN)
