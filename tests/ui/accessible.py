"""What a screen reader is told, taken where Qt hands it to the computer's accessibility.

`QAccessible::installUpdateHandler` is Qt's own hook for that; PySide has no name for it: it is called in the library.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import PySide6
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from shiboken6 import wrapInstance

_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_INSTALL = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
ASSERTIVE = QAccessible.AnnouncementPoliteness.Assertive
POLITE = QAccessible.AnnouncementPoliteness.Polite


class Announced(NamedTuple):
    """One announcement."""

    words: str
    politeness: QAccessible.AnnouncementPoliteness
    speaker: QObject


class ScreenReader:
    """`heard`: the announcements, in their order."""

    def __init__(self) -> None:
        self.heard: list[Announced] = []

    @property
    def words(self) -> list[str]:
        """What was said."""
        return [announced.words for announced in self.heard]

    def take(self, pointer: int) -> None:
        """An update, as Qt hands it out; only announcements count."""
        event: Any = wrapInstance(pointer, QAccessibleEvent)
        if event.type() == QAccessible.Event.Announcement:
            said: Any = wrapInstance(pointer, QAccessibleAnnouncementEvent)
            self.heard.append(Announced(said.message(), said.politeness(), said.object()))


@contextmanager
def screen_reader() -> Iterator[ScreenReader]:
    """Listen in place of the computer's accessibility."""
    if not sys.platform.startswith("linux"):
        pytest.skip("the hook's name in the library is that of Linux")
    reader = ScreenReader()
    handler = _HANDLER(reader.take)
    library = ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt" / "lib" / "libQt6Gui.so.6"))
    install = library[_INSTALL]
    install.restype, install.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    before = install(ctypes.cast(handler, ctypes.c_void_p))
    QAccessible.setActive(True)
    try:
        yield reader
    finally:
        QAccessible.setActive(False)
        install(before)
