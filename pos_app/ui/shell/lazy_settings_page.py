"""The page of settings, loaded when it is first wanted."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pos_app.ui.next_action import NextAction

if TYPE_CHECKING:
    from pos_app.ui.preferences import Preferences
    from pos_app.ui.settings.service import SettingsServices
    from pos_app.ui.tasks import Tasks


class LazySettingsPage(QObject):
    """Makes the page of settings of a window.

    Args:
        make_services: makes what the page asks, on a thread.
        preferences: what is chosen for this computer.

    Signals:
        action_chosen: a `NextAction`, for when the window has closed.
    """

    action_chosen = Signal(str)

    def __init__(
        self,
        make_services: "Callable[[], SettingsServices]",
        tasks: "Tasks",
        window: QWidget,
        preferences: "Preferences",
    ) -> None:
        super().__init__(window)
        self._preferences = preferences
        self._make_services = make_services
        self._tasks = tasks
        self._page: QWidget | None = None

    def load(self, ready: Callable[[QWidget], None]) -> None:
        """Hand the page over, when what it asks is there."""
        work = partial(_loaded, self._make_services)
        self._tasks.run(work, lambda services: ready(self._make_page(services)), owner=self)

    def _make_page(self, services: "SettingsServices") -> QWidget:
        from pos_app.ui.settings.page import SettingsPage

        if self._page is None:  # wanted twice, before it was there
            page = SettingsPage(services, self._tasks, self._preferences)
            page.again_wanted.connect(lambda: self.action_chosen.emit(NextAction.AGAIN))
            page.set_up_wanted.connect(lambda: self.action_chosen.emit(NextAction.SET_UP))
            page.server_wanted.connect(lambda: self.action_chosen.emit(NextAction.SEVERAL_TILLS))
            page.put_back_wanted.connect(lambda: self.action_chosen.emit(NextAction.PUT_BACK))
            self._page = page
        return self._page


def _loaded(make_services: "Callable[[], SettingsServices]") -> "SettingsServices":
    """On a thread: what the page is made of is loaded here too, or the window would stand still for it."""
    import pos_app.ui.settings.page  # noqa: F401

    return make_services()
