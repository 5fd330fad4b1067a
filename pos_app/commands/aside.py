"""What a command says beside its result."""

import sys
from collections.abc import Iterable


def say_aside(lines: Iterable[str]) -> None:
    """Print on the standard error output; where nobody can read that, nothing comes of it."""
    try:
        for line in lines:
            print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError):  # the terminal is gone, or cannot show a character
        pass
