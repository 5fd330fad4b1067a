"""The figures below the payments: of everything that was found, however many rows are loaded."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from pos_app.domain.cancelling import Cancel
from pos_app.domain.payment import Payment, State
from pos_app.domain.search import Search, Totals
from pos_app.errors import PosError
from pos_app.sales.till import Till
from pos_app.ui.payments.footer import PaymentsFooter
from pos_app.ui.payments.model import PaymentsModel
from pos_app.ui.tasks import Tasks
from pos_app.ui.visits import Visits

COUNT_AFTER = 300  # ms: several changes in a row are one look at the figures


class FoundFigures(QObject):
    """Adds up here where all of it is loaded; otherwise the store counts, after the rows. A newer look-up ends that."""

    def __init__(self, till: Till, tasks: Tasks, model: PaymentsModel, footer: PaymentsFooter) -> None:
        super().__init__(footer)
        self._till = till
        self._tasks = tasks
        self._model = model
        self._footer = footer
        self._search = Search()
        self._looks = Visits()  # at whether the sums are for who stands here
        self._counted: Search | None = None  # what the figures are of that the store has counted
        self._running: Cancel | None = None
        self._counting = QTimer(self, singleShot=True, interval=COUNT_AFTER)
        self._counting.timeout.connect(self._count)

    def start_afresh(self, search: Search) -> None:
        """Something is looked for: nobody waits for figures of anything else."""
        self.stop()
        self._search = search
        self._ask_for_sums()

    def clear(self) -> None:
        """Nothing is looked for."""
        self.stop()
        self._counted = None
        self._footer.show_nothing()

    def stop(self) -> None:
        """Nobody waits for figures."""
        self._counting.stop()
        if self._running:
            self._running.cancel()
            self._running = None

    def leave(self) -> None:
        """Whoever comes next may be one for whom the sums are not."""
        self.stop()
        self._looks.end()
        self._footer.show_sums(False)

    def show(self) -> None:
        """The rows are here, or have changed."""
        if self._model.complete:
            self._footer.show_totals(totals_of(self._model.payments))
            return
        if self._search != self._counted:  # otherwise the figures stay until there are newer ones
            self._counted = None
            self._footer.show_counting(self._model.rowCount())
        self._counting.start()

    def count_soon(self) -> None:
        """Something has changed, perhaps beyond the rows."""
        self._counting.start()

    def _ask_for_sums(self) -> None:
        """The owner may have decided otherwise, at any till."""
        self._looks.end()
        newest = self._looks.current()

        def show(may: bool) -> None:
            if newest():
                self._footer.show_sums(may)

        self._tasks.run(self._till.figures.may_be_seen, show, lambda _: show(may=False), owner=self)

    def _count(self) -> None:
        self.stop()
        self._ask_for_sums()
        if self._model.complete:
            return
        cancel = self._running = Cancel()
        search = self._search

        def show(totals: Totals) -> None:
            if cancel is self._running and not self._model.complete:
                self._counted = search
                self._footer.show_totals(totals)

        def failed(error: PosError) -> None:
            if cancel is self._running:
                self._tasks.trouble.emit(error.user_text)

        self._tasks.run(lambda: self._till.reader.totals_found(search, cancel), show, failed, owner=self)


def totals_of(payments: Sequence[Payment]) -> Totals:
    """The figures of a list of payments."""
    paid = [payment for payment in payments if payment.state is State.PAID]
    return Totals(
        payments=len(payments),
        paid=len(paid),
        paid_amount=sum(payment.received - payment.refunded for payment in paid),
        refunded=sum(payment.refunded for payment in paid),
        unsure=sum(payment.state is State.UNKNOWN for payment in payments),
        review=sum(payment.state is State.REVIEW for payment in payments),
    )
