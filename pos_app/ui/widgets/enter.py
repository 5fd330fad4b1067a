"""What Enter does where nothing else means something by it: it presses the button that has the focus (rule 14)."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def focused_button(window: QWidget) -> QAbstractButton | None:
    """The button that has the focus in a window."""
    focus = window.focusWidget()
    return focus if isinstance(focus, QAbstractButton) else None


def press_focused(window: QWidget, event: QKeyEvent) -> bool:
    """Press the button that has the focus, by an Enter that nobody else took; gives whether there is one.

    A key that is held down presses it once.
    """
    button = focused_button(window)
    if button and not event.isAutoRepeat() and event.modifiers() in _PLAIN:
        button.click()
    return button is not None


class Dialog(QDialog):
    """A dialog in which Enter presses the button that has the focus, and nothing where another part has it.

    Qt's own presses the default button, also for an Enter that was meant for a field, or that a scanner sent.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it, as in every dialog of Qt's."""
        if event.key() in ENTER:
            press_focused(self, event)
        else:
            super().keyPressEvent(event)
