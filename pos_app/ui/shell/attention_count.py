"""How much needs a person: beside the page's place in the navigation, and said aloud as it becomes more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from pos_app.messages.attention import total_words
from pos_app.messages.counter import attention_count
from pos_app.ui.attention.watch import AttentionWatch
from pos_app.ui.shell.pages import ATTENTION, OpenedTill

if TYPE_CHECKING:
    from pos_app.domain.attention import Attention
    from pos_app.ui.shell.navigation import Navigation
    from pos_app.ui.shell.page_stack import PageStack


def watch_attention(
    window: QObject, opened: OpenedTill, pages: "PageStack", navigation: "Navigation", is_locked: Callable[[], bool]
) -> AttentionWatch:
    """Begin to look, now and whenever somebody goes to another page: what is done on one, the next one tells."""
    watch = AttentionWatch(*opened, window)
    AttentionCount(window, watch, navigation, is_locked)
    pages.currentChanged.connect(watch.look_soon)
    QTimer.singleShot(0, watch, watch.look)
    return watch


class AttentionCount(QObject):
    """Follows what is found.

    Args:
        window: on whose behalf it speaks.
        is_locked: whether nobody is signed in, so that nobody is told.
    """

    def __init__(
        self, window: QObject, watch: AttentionWatch, navigation: "Navigation", is_locked: Callable[[], bool]
    ) -> None:
        super().__init__(watch)
        self._window, self._navigation, self._is_locked = window, navigation, is_locked
        self._count = 0
        watch.told.connect(self._show)

    @Slot(object)
    def _show(self, found: "Attention") -> None:
        before, self._count = self._count, found.total
        spoken = total_words(found.total) if found.total else ""
        self._navigation.show_count(ATTENTION, attention_count(found.total) if found.total else "", spoken)
        if found.total > before and not self._is_locked():
            event = QAccessibleAnnouncementEvent(self._window, f"{spoken}.")
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)
