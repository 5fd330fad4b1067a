"""Is told of each event of the application, without a Python object being made for what gets it.

PySide makes one for each receiver that an overridden `notify` is handed, also for a widget whose constructor has not
yet come to its end; now and then that broke the process, in another test each time. So a copy of the application's
table of virtual functions gets another `notify`, which is handed bare addresses. What an event sends in turn goes past.
"""

import ctypes
import sys
from collections.abc import Callable
from threading import get_ident
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent
from shiboken6 import getCppPointer

# By the Itanium C++ ABI, which Linux and macOS have: twelve functions of QObject come first, and two entries, the place
# in the whole object and its type, before them all.
_NOTIFY = 12
_BEFORE, _ALL = 2, 48
_KIND = 8  # bytes into an event: its type
_WORD = ctypes.sizeof(ctypes.c_void_p)
_Notify = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class SeenEvent(NamedTuple):
    """An event that is dealt with, in plain numbers, which stay true when it has gone.

    Attributes:
        kind: its type's number.
        table: the address of the functions of what gets it, which says of which class that is.
    """

    kind: int
    table: int

    def __str__(self) -> str:
        """The class of what gets it, and its type: `QPushButton: KeyRelease`."""
        about = ctypes.c_void_p.from_address(self.table - _WORD).value or 0
        name = ctypes.c_char_p.from_address(about + _WORD).value or b""
        return f"{name.decode().lstrip('0123456789').removesuffix('Wrapper')}: {QEvent.Type(self.kind).name}"


class EventHook:
    """Calls back for each event that the GUI thread deals with by itself, while it is put in.

    Args:
        begins: called before it.
        ends: called after it.
    """

    def __init__(
        self, application: QCoreApplication, begins: Callable[[SeenEvent], object], ends: Callable[[], object]
    ) -> None:
        self._thread = get_ident()
        self._begins = begins
        self._ends = ends
        self._table = ctypes.c_void_p.from_address(getCppPointer(application)[0])
        self._theirs = self._table.value or 0
        self._copy = (ctypes.c_void_p * _ALL).from_buffer_copy(
            (ctypes.c_void_p * _ALL).from_address(self._theirs - _BEFORE * _WORD)
        )
        self._original = _Notify(self._copy[_BEFORE + _NOTIFY] or 0)
        self._ours = _Notify(self._notify)
        self._copy[_BEFORE + _NOTIFY] = ctypes.cast(self._ours, ctypes.c_void_p).value
        self._mine = ctypes.addressof(self._copy) + _BEFORE * _WORD
        self._next = self._theirs  # the table that counts after this event

    def put_in(self) -> None:
        """From now on, where this is known to work."""
        self._next = self._theirs if sys.platform == "win32" else self._mine
        self._table.value = self._next

    def take_out(self) -> None:
        """No longer."""
        self._next = self._table.value = self._theirs

    def _notify(self, application: int, receiver: int, event: int) -> bool:
        if get_ident() != self._thread:  # each thread has events of its own
            return bool(self._original(application, receiver, event))
        self._table.value = self._theirs
        self._begins(SeenEvent(_kind_at(event + _KIND).value, _table_at(receiver).value or 0))
        try:
            return bool(self._original(application, receiver, event))
        finally:
            self._ends()
            self._table.value = self._next


# Looked up once: there are a thousand events in each test of the window.
_kind_at = ctypes.c_uint16.from_address
_table_at = ctypes.c_void_p.from_address
