"""What the customer has of a post already, said in the charge form before anybody is asked (rule 15)."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from pos_app.domain.access import Held
from pos_app.sales.till import Till
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.labels import Label, plain_tip


class Renewal(Label):
    """One line. It keeps its room, so that nothing moves when an answer comes."""

    def __init__(self, name: str = "renewal") -> None:
        super().__init__(role="small")
        self.setObjectName(name)
        self.setAccessibleName("What the customer has of it already")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._words: tuple[str, ...] = ()

    def sizeHint(self) -> QSize:
        """One line, also while it says nothing."""
        margins = self.contentsMargins()
        return QSize(0, QFontMetrics(self.font()).lineSpacing() + margins.top() + margins.bottom())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other words."""
        super().resizeEvent(event)
        self._fit()

    def show_words(self, told: tuple[str, ...]) -> None:
        """Say the first of these that has room, the longest first; nothing where there are none."""
        if told != self._words:
            self._words = told
            self.setAccessibleDescription(told[0] if told else "")
            self._fit()

    def _fit(self) -> None:
        metrics, room = QFontMetrics(self.font()), self.contentsRect().width()
        fitting = (text for text in self._words if metrics.horizontalAdvance(text) <= room)
        self.setText(next(fitting, self._words[-1] if self._words else ""))
        self.setToolTip(plain_tip(self._words[0]) if self._words else "")


class Holdings(QObject):
    """Finds out what a customer has of some posts; the latest question's answer counts, whichever comes last.

    Attributes:
        told: something is known now, or is not any more.
    """

    told = Signal()

    def __init__(self, till: Till, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._asked: tuple[frozenset[int], str | None] = (frozenset(), None)
        self._held: Mapping[int, Held] = {}

    def of(self, post_id: int) -> Held | None:
        """What the customer who was last asked about has of a post, as far as it is known by now."""
        return self._held.get(post_id)

    def ask(self, post_ids: Collection[int], msisdn: str | None) -> None:
        """Find it out for these posts and this customer; nothing while one of them is missing. Reads on a thread."""
        asked = (frozenset(post_ids), msisdn)
        if asked == self._asked:
            return
        if msisdn != self._asked[1] or not asked[0] >= self._asked[0]:
            self._held = {}
        self._asked = asked
        if not post_ids or msisdn is None:
            self._held = {}
            return

        def done(held: Mapping[int, Held]) -> None:
            if asked == self._asked:
                self._held = held
                self.told.emit()

        self._tasks.run(lambda: self._till.reader.held(msisdn, asked[0]), done, owner=self)
