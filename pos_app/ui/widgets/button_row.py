"""Buttons beside each other, or below each other where their words would not fit."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.buttons import Button

_SPACING = 4  # px; each button keeps its own ring free besides
_ALONE = 400  # px at the normal text size that a button has alone: a panel's whole width, and not a page's
_BESIDE = 4  # a quarter of it must be free beside it, or it fills the row: a little less looked like a mistake


class ButtonRow(QWidget):
    """Never cuts a button's words: the row becomes a column first. One that is alone in it is no wider than a button
    is: it stands at the right, where a page has its main one.

    Args:
        column: be a column from the start, and a row only where there is little room below each other.
        among: other rows stand above and below it: a button that is alone is as wide as they are.
    """

    def __init__(self, *buttons: Button, column: bool = False, among: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_SPACING)
        self._buttons = buttons
        self._column, self._among = column, among
        self._low = False
        for button in buttons:
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._row.addWidget(button, 1)

    def set_low(self, low: bool) -> None:
        """Stay one row as long as the words fit: the caps of the keys go before it becomes a column."""
        self._low = low
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest button."""
        hint = super().minimumSizeHint()
        widths = [button.minimumSizeHint().width() for button in self._shown()]
        return QSize(max(widths, default=0), hint.height())

    def event(self, event: QEvent) -> bool:
        """A button came, went, or has other words."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _shown(self) -> list[Button]:
        return [button for button in self._buttons if not button.isHidden()]

    def _arrange(self) -> None:
        shown = self._shown()
        room = self.width() - _SPACING * (len(shown) - 1)
        keys = sum(button.key_width for button in shown)
        words = sum(button.minimumSizeHint().width() - (button.key_width if button.key else 0) for button in shown)
        wanted = words + keys
        without_keys = self._low and words <= room < wanted
        for button in self._buttons:
            button.show_key(not without_keys)
        row = without_keys or (wanted <= room and (self._low or not self._column))
        alone = len(shown) == 1 and not self._among
        widest = max(scaled(_ALONE), *(button.minimumSizeHint().width() for button in shown)) if alone else 0
        left = self.width() - widest if alone else 0
        self._row.setContentsMargins(left if left > widest // _BESIDE else 0, 0, 0, 0)
        direction = QBoxLayout.Direction.LeftToRight if row else QBoxLayout.Direction.TopToBottom
        if direction is not self._row.direction():
            self._row.setDirection(direction)
            self.updateGeometry()
