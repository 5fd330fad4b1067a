"""Moving favourite keys and categories: each move is saved by itself."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pos_app.domain.post_finder import Shelf
from pos_app.errors import OwnerNeeded, PosError
from pos_app.sales.catalogue import Catalogue
from pos_app.ui.posts.files import AskOwner
from pos_app.ui.posts.order_view import OrderView
from pos_app.ui.tasks import Lane, Tasks


class Ordering(QObject):
    """Has an `OrderView`, once it is wanted.

    Args:
        page: whose posts they are.
        ask_owner: see `PostFiles`.

    Signals:
        shown: the view, which stands in the page's place now.
        closed: it is not needed any more.
        saved: a move was saved; what to say about it.
        stale: somebody else may have moved something: read again.
    """

    shown = Signal(object)
    closed = Signal()
    saved = Signal(str)
    stale = Signal()

    def __init__(self, page: QWidget, catalogue: Catalogue, tasks: Tasks, ask_owner: AskOwner) -> None:
        super().__init__(page)
        self._catalogue = catalogue
        self._tasks = tasks
        self._ask_owner = ask_owner
        self._view: OrderView | None = None

    def open(self, shelf: Shelf) -> None:
        """Show both lists."""
        if self._view is None:
            self._view = OrderView(self._catalogue, self._keep)
            self._view.left.connect(self.closed)
        self.shown.emit(self._view)
        self._view.show_shelf(shelf)
        self._view.begin()

    def show_shelf(self, shelf: Shelf) -> None:
        """As it is now, where it is shown."""
        if self._view:
            self._view.show_shelf(shelf)

    def _keep(self, what: str, work: Callable[[], object]) -> None:
        view = self._view
        assert view is not None

        def again() -> None:
            self.shown.emit(view)
            view.begin()
            self._keep(what, work)

        def refused(error: PosError) -> None:
            if isinstance(error, OwnerNeeded):
                self._ask_owner(error, what, again)
            else:
                view.say(error.user_text)
            self.stale.emit()

        def done(_: object) -> None:
            view.say("")
            self.saved.emit("The order is kept.")

        self._tasks.run(work, done, refused, owner=self, lane=Lane.KEEP)
