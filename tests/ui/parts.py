"""Finding what a person sees by the names that tests and screen readers use."""

from typing import TypeVar

from PySide6.QtCore import QObject

Part = TypeVar("Part", bound=QObject)


def part(root: QObject, kind: type[Part], name: str) -> Part:
    """A widget or timer below `root`, by its objectName."""
    found = root.findChild(kind, name)
    assert found is not None, name
    return found
