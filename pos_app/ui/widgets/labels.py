"""Text. Whatever comes from data is plain text: no name of a post can draw markup."""

import re
from html import escape

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from pos_app.ui.style.theme import BODY, RING, font

SOON = 400  # ms without an answer after which a place that waits for it says so
_BREAK = "\N{ZERO WIDTH SPACE}"
_JOIN = "\N{WORD JOINER}"
_FIRM = "\N{NO-BREAK SPACE}\N{WORD JOINER}"  # the second tells it from one that was in the text
_NAME = "M-PESA"  # a line never ends in the middle of it
_TOGETHER = re.compile(r"(?<=[\d•]) (?=[\d•])|(?<=KES) (?=\d)")  # within a phone, between the currency and its amount
_LONG_WORD = re.compile(r"\S{20,}")  # no word of a language one reads at a counter
_FIGURES = frozenset({"number", "amount", "figure", "code", "pin", "ticking"})  # these roles show changing numbers


def plain_tip(text: str) -> str:
    """A tool tip that shows the text as it is: Qt would draw what looks like markup."""
    return f"<span style='white-space: pre-wrap'>{escape(text)}</span>" if RichText.mightBeRichText(text) else text


class Label(QLabel):
    """A plain-text label in one of the style sheet's roles.

    Args:
        role: `body`, `strong`, `number` (strong, for phones and amounts), `note` (small), `caption` (small and bold),
            `title`, `figure`, `amount`, `huge`, `code`; in the second colour `muted`, `small`, and `ticking` (small,
            for ages and countdowns).
        wrap: whether it may take several lines.
    """

    def __init__(self, text: str = "", role: str = "body", *, wrap: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if role in _FIGURES:
            self.setFont(font(BODY))
        self.setWordWrap(wrap)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text. Where it wraps, a name without spaces wraps inside too, rather than being cut."""
        super().setText(_to_wrap(text) if self.wordWrap() else text)

    def text(self) -> str:
        """The text as it was given."""
        return _as_given(super().text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies what is selected, as the text was given."""
        if self.hasSelectedText() and event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Where what is selected can be pasted with the middle button, it is the text as given, too."""
        super().mouseReleaseEvent(event)
        if self.hasSelectedText() and QGuiApplication.clipboard().supportsSelection():
            self._copy(QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same with the right button."""
        if self.hasSelectedText():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Copy", self._copy)
            menu.popup(event.globalPos())

    def _copy(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        QGuiApplication.clipboard().setText(_as_given(self.selectedText()), mode)

    @property
    def role(self) -> str:
        """The role in the style sheet, which sets size and weight."""
        return str(self.property("role"))

    def set_role(self, role: str) -> None:
        """Give it another role in the style sheet."""
        self._restyle("role", role)

    def set_colour(self, colour: str) -> None:
        """Colour it by a role of `state_style.ColourRole`, or by nothing where empty."""
        self._restyle("colour", colour)

    def _restyle(self, name: str, value: str) -> None:
        if self.property(name) != value:
            self.setProperty(name, value)
            self.style().unpolish(self)
            self.style().polish(self)


class EmptyLabel(Label):
    """What stands in the place of a list or a picture that has nothing: why, and what to do."""

    def __init__(self, text: str = "", *, name: str):
        self._soon, self._later = QTimer(singleShot=True, interval=SOON), ""
        super().__init__(text, "muted", wrap=True)
        self.setObjectName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setContentsMargins(40, 20, 40, 20)
        self._soon.timeout.connect(self._say_now)

    def setText(self, text: str) -> None:
        """Say it now, and nothing that was to be said soon."""
        self._soon.stop()
        super().setText(text)

    def say_soon(self, text: str) -> None:
        """Say it unless something else is said before: most answers come sooner than one can read."""
        self._later = text
        self._soon.start()

    @Slot()
    def _say_now(self) -> None:
        self.setText(self._later)


def caption(text: str, left: int = RING) -> Label:
    """What stands above a field or a part of a page, so many px from the left."""
    label = Label(text, "caption", wrap=True)
    label.setContentsMargins(left, 8, 0, 2)
    return label


def _to_wrap(text: str) -> str:
    words = _LONG_WORD.sub(lambda word: _BREAK.join(word[0]), text).replace(_NAME, f"M-{_JOIN}PESA")
    return _TOGETHER.sub(_FIRM, words)


def _as_given(shown: str) -> str:
    return shown.replace(_FIRM, " ").replace(_BREAK, "").replace(_JOIN, "")


class ElidedLabel(Label):
    """One line that ends in an ellipsis where there is no room; the whole text is in its tip."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.contentsRect().width())
        self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), shown)
