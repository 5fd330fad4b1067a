"""A button that shows one of a few choices and opens a menu of them."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QFontMetricsF, QPainter
from PySide6.QtWidgets import QMenu, QWidget

from pos_app.ui.style import icons
from pos_app.ui.style.theme import RING, Theme, scaled
from pos_app.ui.widgets.buttons import Button, Kind

_CHEVRON = 16.0


class ChoiceButton(Button):
    """As wide as its longest choice, so that nothing beside it moves.

    Args:
        spoken: what is chosen, for screen readers: "Days" is heard as "Days: Today".
        height, kind: of the button.
        most: px at the normal text size that the words take at most; longer ones are shortened in the middle.

    Signals:
        chosen: the text of another choice than before.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[str],
        *,
        name: str,
        spoken: str,
        height: int = 52,
        kind: Kind = Kind.SECONDARY,
        most: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(choices[0], name=name, height=height, kind=kind, parent=parent)
        self._most = most
        self._title = spoken
        self._choices = tuple(choices)
        self._menu = QMenu(self)
        self._menu.setObjectName(f"{name}Menu")
        self._menu.setAccessibleName(spoken)
        self._group = QActionGroup(self)
        for choice in choices:
            self._add(choice)
        self.setAccessibleName(f"{spoken}: {choices[0]}")
        self.clicked.connect(self._open)

    @property
    def choice(self) -> str:
        """What is chosen."""
        return self.text()

    def offer(self, choices: Sequence[str]) -> None:
        """Offer other choices; the first of them is chosen, and nobody is told."""
        for action in self._menu.actions():
            self._group.removeAction(action)
            self._menu.removeAction(action)
            action.deleteLater()
        self._choices = tuple(choices)
        self.setText(choices[0])
        self.setAccessibleName(f"{self._title}: {choices[0]}")
        for choice in choices:
            self._add(choice)
        self.updateGeometry()
        self.update()

    def choose(self, choice: str) -> None:
        """Choose, as if in the menu."""
        if choice == self.choice:
            return
        self.setText(choice)
        self.setAccessibleName(f"{self._title}: {choice}")
        for action in self._menu.actions():
            action.setChecked(action.data() == choice)
        self.update()
        self.chosen.emit(choice)

    def _add(self, choice: str) -> None:
        action = QAction(choice.replace("&", "&&"), self, checkable=True, checked=choice == self._choices[0])  # no key
        action.setData(choice)
        action.triggered.connect(lambda: self.choose(choice))
        self._group.addAction(action)
        self._menu.addAction(action)

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(RING, self.height())))

    def _content_width(self) -> float:
        longest = max(self._width_of(choice) for choice in self._choices)
        return (min(longest, scaled(self._most)) if self._most else longest) + 6 + _CHEVRON

    def _words(self) -> str:
        if not self._most:
            return self.text()
        metrics = QFontMetricsF(self._font())
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, scaled(self._most))

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: str, theme: Theme) -> None:
        width = self._width_of(self._words()) + 6 + _CHEVRON
        super()._paint_content(painter, rect.translated((self._content_width() - width) / 2, 0), ink, theme)
        x = rect.center().x() + width / 2 - _CHEVRON
        icons.draw(painter, "chevron-down", ink, QRectF(x, rect.center().y() - _CHEVRON / 2, _CHEVRON, _CHEVRON))
