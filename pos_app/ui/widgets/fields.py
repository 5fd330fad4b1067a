"""Fields to type in, framed like every other control."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QToolTip, QWidget

from pos_app.ui.style import icons
from pos_app.ui.style.theme import RING, current_theme, font
from pos_app.ui.widgets import painting
from pos_app.ui.widgets.key_hint import KeyHint
from pos_app.ui.widgets.labels import plain_tip

_ICON = 20.0
_PADDING = 16


class LineEdit(QLineEdit):
    """A line that cuts nothing: what does not fit, typed, pasted or dropped, is refused whole, and it stays as it was.

    Attributes:
        refused: something did not fit; in words.
    """

    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = self.maxLength()
        self._whole = ""
        self._was_cut = False
        self.inputRejected.connect(self._rejected)
        self.textEdited.connect(self._edited)
        self.textChanged.connect(self._keep)

    def setMaxLength(self, characters: int) -> None:
        """How many fit. Qt's own limit cuts what is longer, without a word, so it stays where it is."""
        self._limit = characters

    @Slot()
    def _rejected(self) -> None:
        """Comes before `textEdited`, with what Qt left of it already in place."""
        self._was_cut = True
        if self.text() == self._whole:  # nothing of it fitted, and no `textEdited` comes
            self._put_back()

    @Slot()
    def _edited(self) -> None:
        if self._was_cut or len(self.text()) > self._limit:
            self._put_back()

    def _put_back(self) -> None:
        self._was_cut = False
        self.setText(self._whole)
        self.refused.emit(f"That is too long: {self._limit:,} characters fit here. Nothing was changed.")

    @Slot()
    def _keep(self) -> None:
        if not self._was_cut:
            self._whole = self.text()


class Field(QWidget):
    """A line to type in, in a frame with the focus ring; `edit` is the line itself.

    Args:
        name: objectName of the line.
        spoken: what screen readers call it.
        icon: a name for `icons`, on the left.
        key: the key that leads here, shown on the right.
        height: of the visible box.
        size: of the text, in px.

    Attributes:
        refused: what was typed or pasted does not fit, in words; nothing changed.
    """

    refused = Signal(str)

    def __init__(
        self,
        *,
        name: str,
        spoken: str,
        placeholder: str = "",
        icon: str | None = None,
        key: str | None = None,
        height: int = 52,
        size: float = 15,
        weight: QFont.Weight = QFont.Weight.Normal,
    ) -> None:
        super().__init__()
        self._icon = icon
        self._height = height
        self.edit = LineEdit(self)
        self.edit.refused.connect(self.say_refused)
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(spoken)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setFrame(False)
        self.edit.setProperty("bare", True)
        self._size, self._weight = size, weight
        self.edit.setFont(font(size, weight))
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.row = QHBoxLayout(self)
        left = _PADDING + RING + (int(_ICON) + 8 if icon else 0)
        self.row.setContentsMargins(left, RING, _PADDING + RING, RING)
        self.row.setSpacing(8)
        self.row.addWidget(self.edit, 1)
        if key:
            self.row.addWidget(KeyHint(key))

    def sizeHint(self) -> QSize:
        return QSize(240, self._height + 2 * RING)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        elif event.type() == QEvent.Type.StyleChange:  # another text size counts at once
            self.edit.setFont(font(self._size, self._weight))
        return super().eventFilter(watched, event)

    @Slot(str)
    def say_refused(self, text: str) -> None:
        """Beside the field, for it has no words of its own; the page may say it too."""
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), plain_tip(text), self)
        self.refused.emit(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        focused = self.edit.hasFocus()
        if focused:
            painting.ring(painter, rect, theme)
        painting.box(painter, rect, fill=theme.card, border=theme.primary if focused else theme.line)
        if self._icon:
            top = rect.center().y() - _ICON / 2
            icons.draw(painter, self._icon, theme.ink, QRectF(rect.left() + _PADDING, top, _ICON, _ICON))


class SearchField(Field):
    """A field with a magnifier."""

    def __init__(self, *, name: str, spoken: str, placeholder: str, key: str | None = None) -> None:
        super().__init__(name=name, spoken=spoken, placeholder=placeholder, icon="search", key=key)
        self.edit.setClearButtonEnabled(False)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText)
