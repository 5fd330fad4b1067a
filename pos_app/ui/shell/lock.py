"""Locks the window, and lets whoever signs in go on where the last one stood."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget
from shiboken6 import isValid

from pos_app.domain.operators import Operator, Shift
from pos_app.domain.payment import Payment, State
from pos_app.messages import lock as words
from pos_app.ui.recovery.forgotten import ForgottenButton
from pos_app.ui.shell.lock_page import LockPage
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from pos_app.domain.receipt import Mark
    from pos_app.errors import PosError
    from pos_app.sales.till import Till
    from pos_app.ui.charge.active_payments import ActivePayments
    from pos_app.ui.till_events import TillEvents

_KEYS = ("F12", "Ctrl+L")
_LOOK = 5_000  # ms between two looks at who may sign in
_INPUTS = frozenset(
    {
        QEvent.Type.ShortcutOverride,  # comes before each key, also before one that is a shortcut
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
    }
)


class Lock(QObject):
    """Stands over everything that the window shows. A shop without operators is never locked.

    What lies below is hidden while it is locked: no key and no scan reaches it, what is open there forgets its secrets
    as when one goes to another page, and what is typed there is found again.

    Args:
        window: whose keys (the shortcuts that belong to it) mean nothing meanwhile, but for those in `always`.
        inside: everything that it shows otherwise.
        mark: what says that no real money moves here.

    Signals:
        changed: who is signed in now, as an `Operator`; None: nobody.
        refused: why it cannot be locked, in words.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, window: QWidget, inside: QWidget, mark: "Mark", *, always: frozenset[str] = frozenset()) -> None:
        super().__init__(window)
        self.stack = QStackedWidget()
        self.stack.addWidget(inside)
        self.page: LockPage | None = None
        self._window = window
        self._mark = mark
        self._always = always
        self._till: Till | None = None
        self._tasks: Tasks | None = None
        self._active: ActivePayments | None = None
        self._toast: Toast | None = None
        self._known: Callable[[], None] = lambda: None
        self._last: int | None = None  # who was signed in last
        self._focus: QWidget | None = None  # what had the keyboard when it was locked
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._idle_too_long)
        self._touched = 0.0  # when, by the clock that goes on while the computer sleeps
        self._look = QTimer(self, interval=_LOOK)
        self._look.timeout.connect(self._read_operators)
        for key in _KEYS:
            shortcut = QShortcut(QKeySequence(key), window)
            shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)  # also from a receipt, or the customer's phone
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self.lock)

    def cover(self, toast: Toast) -> None:
        """Have what floats over the window wait until nobody needs to sign in first: it names payments."""
        self._toast = toast
        self.refused.connect(toast.show_info)

    def lock_after(self, idle: float) -> None:
        """Lock by itself after so many seconds without a key or a touch; 0: never."""
        self._idle.setInterval(round(idle * 1_000))

    def _watch_windows(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._watch_input, Qt.ConnectionType.UniqueConnection)
            self._watch_input(app.focusWindow())

    @Slot(QWindow)
    def _watch_input(self, window: QWindow | None) -> None:
        """What a window of the till gets from the system. Never the whole application's events: among them are those of
        widgets that are only half made, and PySide breaks where Python is handed such a one."""
        if window is not None:
            window.installEventFilter(self)  # once, however often it comes to the front

    @property
    def locked(self) -> bool:
        """Whether it stands over everything."""
        return self.page is not None and self.stack.currentWidget() is self.page

    @property
    def taken(self) -> bool:
        """Whether somebody is signed in."""
        shift = self._till.authority.shift if self._till else Shift()
        return shift.operator_id is not None or shift.owner

    def watch(
        self, till: "Till", tasks: Tasks, events: "TillEvents", active: "ActivePayments", known: Callable[[], None]
    ) -> None:
        """The till is open: where the shop has operators, somebody signs in first.

        Args:
            known: called once it is known whether somebody does, right before it locks: shows what is locked then. What
                is typed before is often a PIN, and belongs into no form.
        """
        self._till, self._tasks, self._active, self._known = till, tasks, active, known
        events.payment_changed.connect(self._payment_changed)
        tasks.sign_in_needed.connect(self.lock)
        self._watch_windows()
        tasks.run(till.operators.all, self._begin, self._stay_shut, owner=self)

    @Slot()
    def lock(self) -> None:
        """Lock, where there is somebody to sign in again; else say why not."""
        if self._till is None or self._tasks is None or self.locked:
            return
        if self.taken:
            self._last = self._till.authority.shift.operator_id
            self._cover()
        self._tasks.run(self._till.operators.all, self._show, self._cannot_show, owner=self)

    @Slot()
    def _read_operators(self) -> None:
        """Again and again while it is locked: the owner may change them at another till."""
        if self._till and self._tasks:
            self._tasks.run(self._till.operators.all, self._refresh, self._cannot_show, owner=self)

    def _refresh(self, operators: list[Operator]) -> None:
        if self.locked:
            self._show(operators)

    def end(self) -> None:
        """The till closes: what is said about that is for whoever stands here."""
        self._till = None
        self._idle.stop()
        self._look.stop()
        self.stack.setCurrentIndex(0)
        if self._toast:
            self._toast.let_go()

    def _begin(self, operators: list[Operator]) -> None:
        self._known()
        if any(operator.active for operator in operators):
            self._show(operators)

    def _stay_shut(self, error: "PosError") -> None:
        """It is not known whether the shop has operators: nothing is shown before it is."""
        self._known()
        self._cover()
        self._cannot_show(error)

    def _show(self, operators: list[Operator]) -> None:
        active = [operator for operator in operators if operator.active]
        if not active:  # nobody is left to sign in: whoever stands here serves
            self._uncover(None) if self.locked else self.refused.emit(words.NO_OPERATORS)
            return
        if self.taken:  # faster than this was read
            return
        if not self.locked:
            self._cover()
        assert self.page is not None
        self.page.show_operators(active)

    def _cannot_show(self, error: "PosError") -> None:
        if not self.locked:
            self.refused.emit(error.user_text)
        elif self.page and not self.page.trouble:
            self.page.refuse(error.user_text)

    def _cover(self) -> None:
        assert self._till is not None
        assert self._tasks is not None
        self._till.operators.sign_out()
        self._idle.stop()
        self._look.start()
        if self.page is None:
            forgotten = ForgottenButton("lock", self._tasks, self._till.owner.passphrase.recover)
            self.page = LockPage(self._mark, forgotten)
            self.page.submitted.connect(self._sign_in)
            self.stack.addWidget(self.page)
        self._focus = self._window.focusWidget()
        self._close_what_lies_above()
        if self._toast:
            self._toast.hold_back()
        self._let_keys_mean(False)
        self.page.begin(self._last)
        self.page.show_going_on(self._in_progress())
        self.stack.setCurrentWidget(self.page)
        self.page.setFocus()
        self.changed.emit(None)

    def _uncover(self, operator: Operator | None) -> None:
        assert self.page is not None
        self.page.begin(self._last)
        self.stack.setCurrentIndex(0)
        self._look.stop()
        self._let_keys_mean(True)
        if self._toast:
            self._toast.let_go()
        self._give_focus_back()
        self._touch()
        self.changed.emit(operator)

    def _give_focus_back(self) -> None:
        """Where it was; a form that the lock has closed leaves it to what stands in its place."""
        focus = self._focus if self._focus is not None and isValid(self._focus) else None
        while focus is not None and not focus.isVisible():
            focus = focus.parentWidget()
        if focus is not None:
            take_focus(focus)

    def _close_what_lies_above(self) -> None:
        """Receipts, menus, lists of files, words at the foot: they show what the lock hides."""
        while popup := QApplication.activePopupWidget():
            if not popup.close():
                break
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()
        for toast in self._window.findChildren(Toast):
            toast.hide()

    def _let_keys_mean(self, something: bool) -> None:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for shortcut in self._window.findChildren(QShortcut, options=direct):
            if shortcut.key().toString() not in self._always:
                shortcut.setEnabled(something)

    @Slot(object, str)
    def _sign_in(self, operator: Operator | None, typed: str) -> None:
        assert self._till is not None
        assert self._tasks is not None
        operators = self._till.operators

        def work() -> Operator | None:
            if operator is None:
                operators.let_owner_stand(typed)
                return None
            return operators.sign_in(operator, typed)

        self._tasks.run(work, self._uncover, self._refused, owner=self.page, lane=Lane.KEEP)

    def _refused(self, error: "PosError") -> None:
        assert self.page is not None
        self.page.refuse(error.user_text)
        self._read_operators()

    @Slot(object)
    def _payment_changed(self, payment: Payment) -> None:
        if self._till is None:  # it closes, and answers still come
            return
        if self.locked and self.page and payment.till == self._till.name:
            self.page.show_going_on(self._in_progress())
            if not payment.state.open or payment.state is State.REVIEW:
                self.page.show_news(words.news(payment))

    def _in_progress(self) -> int:
        """How many payments wait for their customers."""
        return sum(payment.state.open for payment in self._active.payments()) if self._active else 0

    @Slot()
    def _idle_too_long(self) -> None:
        if self.taken:
            self.lock()

    def _touch(self) -> None:
        """Somebody is here."""
        if self._till and self._idle.interval():
            self._touched = self._till.clock.since_boot()
            self._idle.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Each key and touch puts the idle time off; the first one after a long sleep of the computer goes nowhere."""
        if isinstance(event, QKeyEvent) and _locks_from_dialog(event):
            self.lock()
            return True
        if not self._idle.isActive() or event.type() not in _INPUTS or self._till is None:
            return False
        if self._till.clock.since_boot() - self._touched > self._idle.interval() / 1_000:
            self._idle_too_long()
            return True
        self._touch()
        return False


def _locks_from_dialog(event: QKeyEvent) -> bool:
    """A key that locks, where a dialog stands that keeps shortcuts from the window below, such as a list of files."""
    if event.type() is not QEvent.Type.KeyPress or event.isAutoRepeat() or not QApplication.activeModalWidget():
        return False
    return QKeySequence(event.keyCombination()).toString() in _KEYS
