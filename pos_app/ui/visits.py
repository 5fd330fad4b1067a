"""Which stay at a form or a page an answer belongs to: what comes after it is not for whoever stands there now."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget


class Visits:
    """Counts the stays at one form or page, on the GUI thread."""

    def __init__(self) -> None:
        self._number = 0

    def end(self) -> None:
        """This stay is over, or another one begins."""
        self._number += 1

    def current(self) -> Callable[[], bool]:
        """Gives what says, whenever it is called, whether the stay of now still lasts."""
        number = self._number
        return lambda: number == self._number


def take_focus(widget: QWidget) -> None:
    """Give it the focus, unless nobody sees it: Qt would take the keys from the page that is looked at."""
    if widget.isVisible():
        widget.setFocus()
