"""A post to choose: name, price, access, and its favourite key."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from pos_app.domain.catalogue import Post, access_words
from pos_app.messages import counter as words
from pos_app.ui.style.theme import RING, Theme, current_theme, font, scaled
from pos_app.ui.widgets import names, painting
from pos_app.ui.widgets.labels import plain_tip
from pos_app.ui.widgets.taps import Taps

HEIGHT = 104  # px at the normal text size
_EDGE = 16.0


class PostTile(QAbstractButton):
    """A tile that stays marked while its post is chosen, and says how many of it."""

    def __init__(self, post: Post, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.show_post(post)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_post(self, post: Post) -> None:
        """Be the tile of this post, of which none is chosen; a finger that is on it meant the one before."""
        self.post = post
        self.setDown(False)
        self.setObjectName(f"post{post.id}")
        self.setToolTip(plain_tip(post.title))
        self.show_chosen(None)
        self.show()

    def rest(self) -> None:
        """Be no post's for now."""
        self.setObjectName("")
        self.hide()

    def show_chosen(self, quantity: str | None) -> None:
        """How many of it lie in the basket, as it stands there; None for none of it."""
        post = self.post
        told = words.in_basket(quantity) if quantity is not None else ""
        spoken = (post.title, post.price_words, access_words(post.days), told)
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.setChecked(quantity is not None)
        self._foot = told or access_words(post.days)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, scaled(HEIGHT) + 2 * RING)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Quick taps are one of the post, not half of them: a double click is a slip, and + counts each."""
        if Taps.counts(self, event, each=False):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click is one more tap."""
        self.mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painting.begin(painter)
        rect = painting.inner(self.rect())
        marked = self.isChecked() or self.hasFocus()
        if marked:
            painting.ring(painter, rect, theme, painting.CARD_RADIUS)
        else:
            painting.shadow(painter, rect, theme)
        border = theme.primary if marked else (theme.muted if self.underMouse() else theme.line)
        painting.box(painter, rect, fill=theme.card, border=border, radius=painting.CARD_RADIUS)
        text = rect.adjusted(_EDGE, _EDGE - 1, -_EDGE, -_EDGE + 1)
        self._paint_title(painter, text, theme.ink)
        self._paint_foot(painter, text, theme)
        if self.post.favourite:
            at = QPointF(text.right() - self._key_width() + 1, text.top() - 1)
            painting.key(painter, at, self._key(), fill=theme.sunken, line=theme.line, ink=theme.muted)

    def _key(self) -> str:
        return f"Ctrl {self.post.favourite}"

    def _key_width(self) -> float:
        return painting.key_size(self._key()).width()

    def _paint_title(self, painter: QPainter, text: QRectF, ink: str) -> None:
        face = font(16, QFont.Weight.DemiBold)
        painter.setPen(QColor(ink))
        names.draw(painter, text, self.post.title, face, beside=self._key_width() + 8 if self.post.favourite else 0)

    def _paint_foot(self, painter: QPainter, text: QRectF, theme: Theme) -> None:
        bottom = Qt.AlignmentFlag.AlignBottom
        painter.setFont(font(19, QFont.Weight.DemiBold))
        painter.setPen(QColor(theme.ink))
        painter.drawText(
            text.adjusted(0, 0, 0, 3),
            bottom | Qt.AlignmentFlag.AlignRight,
            f"from {self.post.price:,}" if self.post.open_price else f"{self.post.price:,}",
        )
        painter.setFont(font(12.5, QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(QColor(theme.primary if self.isChecked() else theme.muted))
        painter.drawText(text, bottom | Qt.AlignmentFlag.AlignLeft, self._foot)
