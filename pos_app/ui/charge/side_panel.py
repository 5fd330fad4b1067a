"""The card on the right of the charge page, as wide as the text size asks and the page allows."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from pos_app.ui.style.theme import scaled
from pos_app.ui.widgets.card import Card

_WIDTH = 378  # px at the normal text size
_SHARE = 0.46  # of the page at most: the posts need their room too
_EDGE = 20  # px; the boxes inside bring three pixels of their own


class SidePanel(Card):
    """Keeps its width by itself.

    Args:
        page: what it stands on.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.body.setContentsMargins(_EDGE, _EDGE + 3, _EDGE, _EDGE)
        self._page = page
        page.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The page has another size, or the text."""
        if watched is self._page and event.type() in (QEvent.Type.Resize, QEvent.Type.StyleChange):
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.setFixedWidth(min(scaled(_WIDTH), round(self._page.width() * _SHARE)))
