"""Where the window's files lie."""

from pathlib import Path

_RESOURCES = Path(__file__).resolve().parents[3] / "resources"


def asset(*parts: str) -> Path:
    """A file of `resources/`, for example `asset("icons", "plus.svg")`."""
    return _RESOURCES.joinpath(*parts)
