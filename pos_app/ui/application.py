"""Starting and ending the window: show first, then load; close only when the till is closed."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from pos_app.errors import AlreadyOpen, Locked, PosError, SettingsError, StoreError
from pos_app.messages import window as words
from pos_app.sales.closing import Left
from pos_app.ui.garbage import GarbageCollector
from pos_app.ui.main_window import MainWindow
from pos_app.ui.next_action import NextAction
from pos_app.ui.preferences import Chosen, Preferences
from pos_app.ui.shell.phases import Phase
from pos_app.ui.style.theme import Scheme, ThemeManager
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.unix_signals import UnixSignals

if TYPE_CHECKING:
    from pos_app.domain.receipt import Shop
    from pos_app.sales.till import PracticePhone, Till
    from pos_app.ui.diagnostics.page import DiagnosticsService
    from pos_app.ui.settings.service import SettingsServices
    from pos_app.ui.shell.heard_and_seen import MakeSounds

NAME = "Kaunta"
ENDING = 5.0  # seconds for what still runs when the till closes and when the window has gone, such as a print
CLOSING_SHOWN = 250  # ms: what closes sooner needs no page that says so
LEFT_SHOWN = 6_000  # ms that the window stays to say which payments wait, where nobody closes it sooner
_log = logging.getLogger(__name__)

TellSaving: TypeAlias = Callable[[bool], None]
TellDamage: TypeAlias = Callable[[str], None]
TellLongUpgrade: TypeAlias = Callable[[], None]
Open: TypeAlias = "Callable[[TellSaving, TellDamage, TellLongUpgrade], tuple[Till, PracticePhone | None]]"
Close: TypeAlias = Callable[[], Left]


def run_window(
    *,
    shop: "Shop",
    till_name: str,
    open_till: Open,
    close_till: Close,
    instance: str,
    unlock: Callable[[str], None] | None = None,
    diagnostics: "Callable[[], DiagnosticsService] | None" = None,
    settings_services: "Callable[[], SettingsServices] | None" = None,
    practice: bool = False,
    on_server: bool = False,
    chosen: Chosen | None = None,
    keep_choice: Callable[[Mapping[str, str]], None] = lambda _: None,
    make_sounds: "MakeSounds | None" = None,
    offered_actions: Sequence[NextAction] = (),
    lock_after: float = 0,
    watch_faults: Callable[[Callable[[], object]], AbstractContextManager[object]] = nullcontext,
) -> NextAction:
    """Show the till until the person closes it.

    Args:
        open_till: builds and starts the till, on a thread, after the window is on the screen. It is handed what to
            call when the computer cannot save, and when it can again; with what words when the database file is found
            damaged; and when older records take long to be brought up to date.
        close_till: takes it down, on a thread; called once, if the till was opened. It gives what is left to say.
        instance: names the one window of a data folder: a till that is started again brings it to the front.
        unlock: opens the keys with a passphrase, on a thread. Where `open_till` finds them locked, the window asks for
            it and then opens the till again.
        diagnostics: makes what the page of checks asks, on a thread; without it there is no such page.
        settings_services: makes what the settings ask, on a thread; without it there are none.
        practice: whether the money is played, so that M-PESA can be set up, but the till needs nothing of it.
        on_server: whether the payments are on a server, whose address and this till's letter can be changed.
        chosen: what the operator has chosen for this till.
        keep_choice: keeps what the operator chooses next, on a thread.
        make_sounds: makes what plays sounds, once the till can be used; without it there are none.
        offered_actions: what the page of trouble offers, where it is not the usual.
        lock_after: seconds without a key or a touch after which a till with operators locks; 0: never.
        watch_faults: while the window lives, has what nobody catches logged, and calls what it was given, which says
            it in the window; from any thread.

    Returns:
        What the person wants next.

    Raises:
        AlreadyOpen: `open_till` did, and this window has gone again.
    """
    chosen = chosen or Chosen()
    app, theme = themed_application(chosen)
    preferences = Preferences(chosen)
    preferences.changed.connect(lambda name, value: theme.choose(**{name: value}))
    window = MainWindow(shop, till_name, preferences)
    session = Session(
        window,
        open_till,
        close_till,
        instance,
        unlock,
        real=settings_services is not None and not practice,
        on_server=on_server,
        offered_actions=offered_actions,
    )
    if diagnostics:
        window.offer_checks(diagnostics, session.tasks)
    if settings_services:
        window.offer_settings(settings_services, session.tasks)
    window.lock.lock_after(lock_after)
    if make_sounds:
        window.offer_sounds(make_sounds)
    preferences.changed.connect(
        lambda name, value: session.tasks.run(lambda: keep_choice({name: value}), lane=Lane.SETTINGS)
    )
    signals = UnixSignals(session)
    signals.end_wanted.connect(session.end)
    window.show()
    QTimer.singleShot(0, session.open)
    with watch_faults(session.faulted.emit):
        app.exec()
    signals.stop()
    session.tasks.close(wait=ENDING)
    action, refused = session.next_action, session.refused
    # Now, and on this thread: left to the garbage collector, the window could be taken down by a worker, which
    # crashes PySide.
    delete(window)
    if refused:
        raise refused
    return action


def themed_application(chosen: Chosen) -> tuple[QApplication, ThemeManager]:
    """The application with its theme, made where there is none yet: one window may follow another."""
    app = QApplication.instance() or QApplication([NAME])
    assert isinstance(app, QApplication)
    QGuiApplication.setApplicationDisplayName(NAME)
    app.setApplicationName(NAME)
    app.setQuitOnLastWindowClosed(False)
    known = app.findChild(ThemeManager)
    if isinstance(known, ThemeManager):
        known.choose(text_size=chosen.text_size, colours=chosen.colours)
        return app, known
    GarbageCollector(app)
    theme = ThemeManager(app, Scheme(chosen.colours), chosen.text_size)
    theme.apply()
    return app, theme


class Session(QObject):
    """One opening and one closing of the till behind a window, which owns it.

    What closing means depends on the phase (`ON_CLOSE`): a till that is just opening is closed as soon as it is open.

    Args:
        real: whether it is about real money or test money, so that it may be set up, and practice may follow it.
        on_server: whether where the payments are, and the till's letter, can be changed where it does not open.

    Attributes:
        faulted: a fault of ours that nobody caught; may be emitted from any thread.
    """

    faulted = Signal()

    def __init__(
        self,
        window: MainWindow,
        open_till: Open,
        close_till: Close,
        instance: str,
        unlock: Callable[[str], None] | None = None,
        *,
        real: bool = False,
        on_server: bool = False,
        offered_actions: Sequence[NextAction] = (),
    ) -> None:
        super().__init__(window)
        self.next_action = NextAction.NOTHING
        self.refused: AlreadyOpen | None = None
        self.tasks = Tasks(parent=self)
        self.events = TillEvents(self)
        self._window = window
        self._open_till = open_till
        self._close_till = close_till
        self._instance = instance
        self._unlock = unlock
        self._real = real
        self._on_server = on_server
        self._ways = tuple(offered_actions)
        self._phase = Phase.FAILED  # nothing to be closed yet
        self._close_when_open = False
        self._hurried = False
        window.close_wanted.connect(self.close)
        window.action_chosen.connect(self._choose)
        self.faulted.connect(self._say_fault)
        self.events.damage_found.connect(window.show_damage)
        self.events.upgrade_is_long.connect(self._say_upgrading)

    @Slot()
    def open(self) -> None:
        """Open the till on a thread."""
        self._phase = Phase.OPENING
        events = self.events
        tell = (events.saving_changed.emit, events.damage_found.emit, events.upgrade_is_long.emit)
        self.tasks.run(lambda: self._open_till(*tell), self._show_till, self._show_error, lane=Lane.TILL)

    @Slot()
    def close(self) -> None:
        """Close the till, as far as it is open, then let the window go."""
        ON_CLOSE[self._phase](self)

    def _close_once_open(self) -> None:
        self._close_when_open = True

    def _close_open_till(self) -> None:
        self._phase = Phase.CLOSING
        QTimer.singleShot(CLOSING_SHOWN, self._say_closing)
        begun = [self.tasks.begun(lane) for lane in (Lane.PRINTER, Lane.RECEIPTS, Lane.KEEP)]
        self.tasks.run(lambda: self._close_after(begun), self._say_left, self._leave, lane=Lane.TILL)

    def _close_after(self, begun: Sequence[threading.Event]) -> Left:
        """What was printed is still remembered, and what the owner decided still recorded; on a thread."""
        until = time.monotonic() + ENDING
        for done in begun:
            done.wait(max(0.0, until - time.monotonic()))
        return self._close_till()

    def _wait_for_close(self) -> None:
        """It closes already."""

    @Slot()
    def end(self) -> None:
        """The computer or the terminal ends the program: the same close, and nobody reads what is left."""
        self._hurried = True
        self.close()

    def _say_left(self, left: Left) -> None:
        """Never a question. What waits needs nobody: it goes by itself, and is not said where the till opens again.
        What could not be saved stays to be read, whatever comes next.
        """
        to_say = left.unsaved or (left.waiting and self.next_action is NextAction.NOTHING)
        if not to_say or self._hurried or not self._window.isVisible():
            self._leave()
            return
        self._phase = Phase.CLOSED
        self._window.show_closed(left.lines).button.clicked.connect(self.close)
        if not left.unsaved:
            QTimer.singleShot(LEFT_SHOWN, self, self.close)

    def _show_till(self, opened: "tuple[Till, PracticePhone | None]") -> None:
        self._phase = Phase.OPEN
        till, phone = opened
        if self._close_when_open:
            self.close()
        else:
            self._window.open_till(till, self.tasks, self.events, phone)
            QTimer.singleShot(0, self, self._claim_instance)  # in an event of its own, as the window fills itself

    @Slot()
    def _claim_instance(self) -> None:
        from pos_app.ui.single_instance import SingleInstance  # QtNetwork, once the till can be used

        SingleInstance(self._instance, self).started_again.connect(self._window.come_to_front)

    def _show_error(self, error: PosError) -> None:
        self._phase = Phase.FAILED
        if isinstance(error, AlreadyOpen):
            self.refused = error
            self._leave()
        elif self._close_when_open:
            self.close()
        elif isinstance(error, Locked) and self._unlock:
            self._ask_passphrase(self._unlock)
        else:
            self._window.show_error(words.CANNOT_OPEN, [error.user_text], self._offered_actions(error))

    def _offered_actions(self, error: PosError) -> tuple[NextAction, ...]:
        if isinstance(error, StoreError) and error.copy_helps and not self._ways:
            return (NextAction.AGAIN, NextAction.PUT_BACK)
        if isinstance(error, StoreError) and error.here_helps and not self._ways:
            return (NextAction.AGAIN, NextAction.HERE)
        if self._ways or not isinstance(error, SettingsError):
            helps = self._on_server or (isinstance(error, StoreError) and error.server_helps)
            of_server = (NextAction.SEVERAL_TILLS,) if helps else ()
            return self._ways or (NextAction.AGAIN, *of_server)
        return (NextAction.SET_UP, NextAction.PRACTICE) if self._real else ()

    def _ask_passphrase(self, unlock: Callable[[str], None]) -> None:
        self._phase = Phase.LOCKED
        page = self._window.show_unlock(offer_others=self._real)

        def refused(error: PosError) -> None:
            self._phase = Phase.LOCKED
            self.close() if self._close_when_open else page.refuse(error.user_text)

        def submit(passphrase: str) -> None:
            self._phase = Phase.OPENING
            self.tasks.run(lambda: unlock(passphrase), self._unlocked, refused, owner=page, lane=Lane.TILL)

        page.submitted.connect(submit)

    def _unlocked(self, _: None) -> None:
        if self._close_when_open:
            self._leave()
        else:
            self._window.show_opening()
            self.open()

    @Slot()
    def _say_upgrading(self) -> None:
        self._window.opening.say_upgrading()

    @Slot()
    def _say_fault(self) -> None:
        self._window.show_trouble(words.FAULT)

    @Slot()
    def _say_closing(self) -> None:
        if self._phase is Phase.CLOSING and self._window.isVisible():
            self._window.show_closing()

    def _leave(self, _: object = None) -> None:
        self._phase = Phase.CLOSED
        QTimer.singleShot(0, self._let_go)  # not from within the window's own attempt to close

    @Slot()
    def _let_go(self) -> None:
        self._window.let_go()
        app = QApplication.instance()
        if app:
            app.quit()

    @Slot(str)
    def _choose(self, action: str) -> None:
        self.next_action = NextAction(action)
        self.close()


ON_CLOSE: dict[Phase, Callable[[Session], None]] = {
    Phase.OPENING: Session._close_once_open,
    Phase.LOCKED: Session._leave,
    Phase.FAILED: Session._leave,
    Phase.OPEN: Session._close_open_till,
    Phase.CLOSING: Session._wait_for_close,
    Phase.CLOSED: Session._leave,
}
