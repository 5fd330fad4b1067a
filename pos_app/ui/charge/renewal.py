"""The line of the charge form that says what the customer has of the post already."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from pos_app.domain.access import Held
from pos_app.domain.catalogue import Post
from pos_app.messages.renewals import renewal_words
from pos_app.sales.till import Till
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.labels import Label, plain_tip


class Renewal(Label):
    """One line. It keeps its room, so that nothing moves when an answer comes."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(role="small")
        self.setObjectName("renewal")
        self.setAccessibleName("What the customer has of it already")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._till = till
        self._tasks = tasks
        self._asked: tuple[Post | None, str | None] = (None, None)
        self._words: tuple[str, ...] = ()

    def show_for(self, post: Post | None, msisdn: str | None) -> None:
        """Say it for this post and customer; nothing while one of them is missing. Reads on a thread."""
        asked = (post, msisdn)
        if asked == self._asked:
            return
        self._asked = asked
        self.show_words(())
        if post is None or msisdn is None:
            return

        def done(held: Held | None) -> None:
            if asked == self._asked:
                self.show_words(renewal_words(post, held, self._till.clock.corrected()))

        self._tasks.run(lambda: self._till.reader.held(msisdn, post.id), done, owner=self)

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
        self._words = told
        self.setAccessibleDescription(told[0] if told else "")
        self._fit()

    def _fit(self) -> None:
        metrics, room = QFontMetrics(self.font()), self.contentsRect().width()
        fitting = (text for text in self._words if metrics.horizontalAdvance(text) <= room)
        self.setText(next(fitting, self._words[-1] if self._words else ""))
        self.setToolTip(plain_tip(self._words[0]) if self._words else "")
