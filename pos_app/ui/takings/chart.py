"""The picture of takings. This module takes most of a second to load: it is loaded on a thread, when it is wanted."""

import math
from datetime import date, timedelta
from typing import Any

import pyqtgraph
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from pos_app.domain.kenya_time import day_words
from pos_app.domain.money import kes
from pos_app.domain.takings import By, Taking, Takings
from pos_app.messages.takings import group_words
from pos_app.ui.style.theme import current_theme, font, scaled
from pos_app.ui.widgets.labels import plain_tip

_TEXT = 12  # px, of the axes
_NAME = 150  # px at the normal text size that a name has at most
_BAR = 26  # px at the normal text size that a bar beside a name needs
_WIDEST = 110  # px, of a bar that stands beside others
_PALE = 0.55  # how much there is of the colour of bars that are not current
_EDGE = 0.06  # of the length of an axis of money: room for half of its last text
_APART = 1.6  # texts of an axis stand this many of their widths from each other
_STEPS = 5  # lines of an axis of money, at most


class TakingsChart(QWidget):
    """A bar for each group: days and hours stand side by side as time goes, all else one below the other, and of these
    the first ones, as many as there is room for.

    Its figures are those of the table, so it takes no focus.

    Signals:
        opened: the row of the bar that was clicked.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("takingsChart")
        self.setAccessibleName("Picture of the takings")
        self._takings: Takings | None = None
        self._current = -1
        self._view: Any = pyqtgraph.GraphicsView(self, background=None)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = pyqtgraph.GraphicsLayout()
        self._view.setCentralItem(layout)
        self._room: Any = pyqtgraph.ViewBox(enableMenu=False, enableMouse=False)
        self._left: Any = pyqtgraph.AxisItem("left")
        self._bottom: Any = pyqtgraph.AxisItem("bottom")
        for part, row, column in ((self._left, 0, 0), (self._room, 0, 1), (self._bottom, 1, 1)):
            layout.addItem(part, row, column)
        self._bottom.setStyle(hideOverlappingLabels=False)  # the nought at its beginning
        self._left.linkToView(self._room)
        self._bottom.linkToView(self._room)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 0)
        box.addWidget(self._view)
        self._view.scene().sigMouseClicked.connect(self._clicked)
        self._view.scene().sigMouseMoved.connect(self._hovered)

    def show_takings(self, takings: Takings | None) -> None:
        """Draw these; None: nothing."""
        self._takings, self._current = takings, -1
        self._draw()

    def mark(self, row: int) -> None:
        """Show which group is current in the table; -1 for none."""
        if row != self._current:
            self._current = row
            self._draw()

    def row_at(self, place: QPointF) -> int:
        """The row of the bar in a place of the scene, also beside a short one; -1 where there is none."""
        if not self._room.sceneBoundingRect().contains(place):
            return -1
        point = self._room.mapSceneToView(place)
        along = point.x() if self._upright else point.y()
        return next((row for row, at in self._bars() if abs(at - along) <= 0.5), -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size has room for other bars and other words."""
        super().resizeEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Colours and sizes may be others now."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    @property
    def _upright(self) -> bool:
        return self._takings is not None and self._takings.by in (By.DAY, By.HOUR)

    def _bars(self) -> list[tuple[int, int]]:
        """The row of each bar, and its place along the axis."""
        if self._takings is None:
            return []
        rows = range(len(self._takings.groups) if self._upright else min(self._room_for(), len(self._takings.groups)))
        return [(row, self._place(row, self._takings.groups[row])) for row in rows]

    def _place(self, row: int, group: Taking) -> int:
        assert self._takings is not None
        if isinstance(group.key, date):
            return (group.key - self._takings.first).days
        return group.key if self._upright and isinstance(group.key, int) else row

    def _room_for(self) -> int:
        return max(1, (self.height() - scaled(40)) // scaled(_BAR))

    def _draw(self) -> None:
        theme = current_theme()
        self._view.setBackground(QColor(theme.card))
        self._room.clear()
        for axis in (self._left, self._bottom):
            axis.setTextPen(QColor(theme.muted))
            axis.setPen(QColor(theme.line))
            axis.setTickFont(font(_TEXT))
        bars = self._bars()
        if not bars or self._takings is None:
            self._set_ticks([], [])
            return
        sums = [self._takings.groups[row].net for row, _ in bars]
        colour, pale = QColor(theme.primary), QColor(theme.primary)
        pale.setAlphaF(_PALE)
        for current in (False, True):
            these = [(at, net) for (row, at), net in zip(bars, sums, strict=True) if (row == self._current) is current]
            if these:
                self._room.addItem(self._items(these, colour if current else pale))
        low, high, step = scale_of(min(sums), max(sums))
        begin, end = self._length(bars)
        money = [(value, f"{value:,}") for value in range(low, high + 1, step)]
        self._room.invertY(not self._upright)
        if self._upright:
            self._room.setRange(xRange=(begin - 0.5, end + 0.5), yRange=(low, high), padding=0)
            self._set_ticks(money, self._times(begin, end))
        else:
            beyond = (high - low) * _EDGE
            self._room.setRange(xRange=(low, high + beyond), yRange=(begin - 0.5, end + 0.5), padding=0)
            self._set_ticks([(at, self._name(row)) for row, at in bars], self._thinned(money))

    def _length(self, bars: list[tuple[int, int]]) -> tuple[int, int]:
        assert self._takings is not None
        match self._takings.by:
            case By.DAY:
                return 0, (self._takings.last - self._takings.first).days
            case By.HOUR:
                return 0, 23
            case _:
                return 0, len(bars) - 1

    def _items(self, bars: list[tuple[int, int]], colour: QColor) -> Any:
        places, sums = [at for at, _ in bars], [net for _, net in bars]
        look = {"pen": None, "brush": colour}
        if self._upright:
            begin, end = self._length(bars)
            width = min(0.8, _WIDEST * (end - begin + 1) / max(1, self.width()))
            return pyqtgraph.BarGraphItem(x=places, height=sums, width=width, **look)
        return pyqtgraph.BarGraphItem(x0=0, y=places, width=sums, height=0.7, **look)

    def _times(self, begin: int, end: int) -> list[tuple[int, str]]:
        """Days or hours, as many as can be read beside each other."""
        assert self._takings is not None
        first = self._takings.first
        if self._takings.by is By.HOUR:
            texts = [(hour, f"{hour:02}:00") for hour in range(begin, end + 1)]
        else:
            texts = [(at, day_words(first + timedelta(days=at), year=False)) for at in range(begin, end + 1)]
        return self._thinned(texts)

    def _thinned(self, texts: list[tuple[int, str]]) -> list[tuple[int, str]]:
        widest = max(QFontMetricsF(font(_TEXT)).horizontalAdvance(text) for _, text in texts)
        most = max(1, int(self.width() * 0.85 / (widest * _APART)))
        return texts[:: math.ceil(len(texts) / most)]

    def _name(self, row: int) -> str:
        assert self._takings is not None
        name = group_words(self._takings.by, self._takings.groups[row])
        return QFontMetricsF(font(_TEXT)).elidedText(name, Qt.TextElideMode.ElideMiddle, scaled(_NAME))

    def _set_ticks(self, left: list[tuple[int, str]], bottom: list[tuple[int, str]]) -> None:
        metrics = QFontMetricsF(font(_TEXT))
        self._left.setTicks([left])
        self._bottom.setTicks([bottom])
        self._left.setWidth(max((metrics.horizontalAdvance(text) for _, text in left), default=0) + 16)
        self._bottom.setHeight(metrics.height() + 12)

    def _clicked(self, event: Any) -> None:
        row = self.row_at(event.scenePos())
        if row >= 0 and event.button() is Qt.MouseButton.LeftButton:
            event.accept()
            self.opened.emit(row)

    def _hovered(self, place: QPointF) -> None:
        row = self.row_at(place)
        if row < 0 or self._takings is None:
            QToolTip.hideText()
            self._view.unsetCursor()
            return
        group = self._takings.groups[row]
        text = f"{group_words(self._takings.by, group)}: {kes(group.net)}"
        self._view.setCursor(Qt.CursorShape.PointingHandCursor)
        QToolTip.showText(self._view.mapToGlobal(self._view.mapFromScene(place)), plain_tip(text), self._view)


def scale_of(least: int, most: int) -> tuple[int, int, int]:
    """Where an axis of money begins, where it ends, and its step: 1, 2 or 5 and noughts. In KES.

    Args:
        least: the smallest of the sums, and `most`: the largest.
    """
    least, most = min(least, 0), max(most, 0)
    wanted = max(1, math.ceil((most - least) / _STEPS))
    power = 10 ** (len(str(wanted)) - 1)
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= wanted)
    return math.floor(least / step) * step, max(1, math.ceil(most / step)) * step, step
