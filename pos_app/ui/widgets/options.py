"""A few choices of which one counts, each with a line that explains it."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from pos_app.ui.style.theme import RING, current_theme, font
from pos_app.ui.widgets import painting

_WIDTH = 260  # px at least
_EDGE = 14
_DOT = 9.0  # radius of the round mark
_TEXT = _EDGE + 2 * _DOT + 10
_LINE = 1.35  # of the font's size


class Option(NamedTuple):
    """What can be chosen, and what it means."""

    title: str
    words: str


class _Card(QAbstractButton):
    """One option. Checked ones have the primary border and a filled mark."""

    def __init__(self, name: str, option: Option) -> None:
        super().__init__()
        self._option = option
        self.setObjectName(name)
        self.setText(option.title)
        self.setAccessibleName(option.title)
        self.setAccessibleDescription(option.words)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def explain(self, words: str) -> None:
        """Say more exactly what it means."""
        self._option = self._option._replace(words=words)
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._title_height() + self._words_height(width) + 2 * (_EDGE - 2) + 2 * RING)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, self.heightForWidth(max(self.width(), _WIDTH)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        if self.hasFocus():
            painting.ring(painter, rect, theme)
        chosen = self.isChecked()
        fill = theme.soft if chosen else theme.sunken if self.underMouse() else theme.card
        painting.box(painter, rect, fill=fill, border=theme.primary if chosen or self.hasFocus() else theme.line)
        self._paint_mark(
            painter, QPointF(rect.left() + _EDGE + _DOT, rect.top() + _EDGE - 2 + self._title_height() / 2)
        )
        area = rect.adjusted(_TEXT, _EDGE - 2, -_EDGE, 0)
        painter.setPen(QColor(theme.ink))
        painter.setFont(self._title_font())
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, self._option.title)
        painter.setPen(QColor(theme.ink if chosen else theme.muted))
        painter.setFont(self._words_font())
        painter.drawText(area.adjusted(0, self._title_height(), 0, 0), Qt.TextFlag.TextWordWrap, self._option.words)

    def _paint_mark(self, painter: QPainter, centre: QPointF) -> None:
        theme = current_theme()
        painter.setBrush(QColor(theme.card))
        painter.setPen(QPen(QColor(theme.primary if self.isChecked() else theme.muted), 1.6))
        painter.drawEllipse(centre, _DOT - 1, _DOT - 1)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.primary))
            painter.drawEllipse(centre, _DOT - 4.5, _DOT - 4.5)

    @staticmethod
    def _title_font() -> QFont:
        return font(15, QFont.Weight.DemiBold, figures=False)

    @staticmethod
    def _words_font() -> QFont:
        return font(13, figures=False)

    def _title_height(self) -> float:
        return self._title_font().pixelSize() * _LINE + 2

    def _words_height(self, width: int) -> float:
        room = QRectF(0, 0, max(80.0, width - 2 * RING - _TEXT - _EDGE), 1_000)
        metrics = QFontMetricsF(self._words_font())
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self._option.words).height()


def is_chosen_option(widget: QWidget | None) -> bool:
    """Whether it is an option that counts already, so that Enter has nothing to choose there."""
    return isinstance(widget, _Card) and widget.isChecked()


class Options(QWidget):
    """Exclusive options; arrow keys move between them.

    Args:
        name: objectName; each option's is `name-key`.
        spoken: what is chosen, for screen readers.
        columns: how many stand beside each other.

    Signals:
        chosen: the key of another option than before.
    """

    chosen = Signal(str)

    def __init__(self, options: Mapping[str, Option], *, name: str, spoken: str, columns: int = 1) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self._group = QButtonGroup(self)
        self._cards: dict[str, _Card] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for place, (key, option) in enumerate(options.items()):
            card = _Card(f"{name}-{key}", option)
            self._group.addButton(card)
            self._cards[key] = card
            grid.addWidget(card, place // columns, place % columns)
        next(iter(self._cards.values())).setChecked(True)
        self._group.buttonToggled.connect(self._toggled)

    @property
    def choice(self) -> str:
        """The key of the option that counts."""
        return next(key for key, card in self._cards.items() if card.isChecked())

    @property
    def chosen_card(self) -> QWidget:
        """The option that counts, to put the focus on."""
        return self._cards[self.choice]

    def choose(self, key: str) -> None:
        """Choose, as if clicked."""
        self._cards[key].setChecked(True)

    def offer(self, keys: frozenset[str]) -> None:
        """Show only these; where the chosen one goes, the first that stays is chosen."""
        for key, card in self._cards.items():
            card.setVisible(key in keys)
        if self.choice not in keys:
            self.choose(next(key for key in self._cards if key in keys))

    def explain(self, words: Mapping[str, str]) -> None:
        """Say more exactly what these options mean."""
        for key, text in words.items():
            self._cards[key].explain(text)

    def _toggled(self, card: QAbstractButton, checked: bool) -> None:
        if checked:
            self.chosen.emit(next(key for key, known in self._cards.items() if known is card))
