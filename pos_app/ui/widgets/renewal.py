"""What the customer has of a post already, said in the charge form before anybody is asked (rule 15)."""

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, Signal

from pos_app.domain.access import Held
from pos_app.sales.till import Till
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.fitting_label import FittingLabel


class Renewal(FittingLabel):
    """What a customer has of one post, and what the charge makes of it."""

    def __init__(self, name: str = "renewal") -> None:
        super().__init__(name, "What the customer has of it already")


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
