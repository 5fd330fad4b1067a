"""What the options of commands may be: read, or refused in words."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pos_app.domain.strict import plain, whole
from pos_app.errors import PosError

N = TypeVar("N", int, float)


def _number(kind: Callable[[str], N | None], low: int, high: int) -> Callable[[str], N]:
    """Reads an option's number, and refuses in words what is none or out of bounds."""

    def read(text: str) -> N:
        value = kind(text)
        if value is None or not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number from {low:,} to {high:,}")
        return value

    return read


def _parts(text: str) -> float | None:
    value = plain(text)
    return None if value is None else float(value)


def path(text: str) -> Path:
    """A file or folder. An empty name comes from a script's unset variable, and would mean the present folder."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("an empty name names no file or folder")
    return Path(text)


def wanted(text: str) -> object:
    """A post and how many of it; see `cli.basket`, which is loaded only where somebody is charged."""
    from pos_app.cli.basket import read_wanted

    try:
        return read_wanted(text)
    except PosError as error:
        raise argparse.ArgumentTypeError(error.user_text) from None


seconds = _number(_parts, 0, 86_400)
count = _number(whole, 1, 1_000_000_000)
port = _number(whole, 0, 65_535)
seed = _number(whole, 0, 1_000_000_000)


def add_who(command: argparse.ArgumentParser) -> None:
    """The option of who does something."""
    command.add_argument(
        "--operator", metavar="NAME", help="who does it, where the shop has operators; the PIN is POS_OPERATOR_PIN"
    )
