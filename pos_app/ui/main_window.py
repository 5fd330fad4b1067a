"""The window: it shows at once, fills when the till is open, and goes when the till is closed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from pos_app.messages import window as words
from pos_app.ui.preferences import Preferences
from pos_app.ui.shell.appearance_button import AppearanceButton
from pos_app.ui.shell.attention_count import watch_attention
from pos_app.ui.shell.environment_frame import EnvironmentFrame
from pos_app.ui.shell.header import Header
from pos_app.ui.shell.help import Help
from pos_app.ui.shell.lazy_checks_page import LazyChecksPage
from pos_app.ui.shell.lazy_settings_page import LazySettingsPage
from pos_app.ui.shell.lock import Lock
from pos_app.ui.shell.navigation import Navigation
from pos_app.ui.shell.page_stack import PageStack
from pos_app.ui.shell.pages import CHARGE, CHECKS, PAGES, PAYMENTS, POSTS, SETTINGS, NarrowsPayments, OpenedTill
from pos_app.ui.shell.papers import show_paper
from pos_app.ui.shell.phases import Phase
from pos_app.ui.shell.shortcuts import bind, bind_charge, bind_pages, toggle_full_screen
from pos_app.ui.shell.waiting_pages import ClosedPage, ClosingPage
from pos_app.ui.shell.who_button import WhoButton
from pos_app.ui.shell.window_keys import TakesScans, WindowKeys
from pos_app.ui.style.theme import current_theme
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.screen_room import ScreenRoom
from pos_app.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from pos_app.domain.payment import Payment
    from pos_app.domain.receipt import Mark, Shop
    from pos_app.domain.search import Search
    from pos_app.sales.till import PracticePhone, Till
    from pos_app.ui.attention.watch import AttentionWatch
    from pos_app.ui.charge.page import ChargePage
    from pos_app.ui.diagnostics.page import DiagnosticsService
    from pos_app.ui.next_action import NextAction
    from pos_app.ui.practice.phone_window import PhoneWindow
    from pos_app.ui.settings.service import SettingsServices
    from pos_app.ui.shell.heard_and_seen import HeardAndSeen, MakeSounds
    from pos_app.ui.shell.unlock_page import UnlockPage
    from pos_app.ui.tasks import Tasks
    from pos_app.ui.till_events import TillEvents

SIZE = (1280, 800)
SMALLEST = (1024, 600)


class MainWindow(QMainWindow):
    """Header, navigation, and one page at a time; over them the lock.

    Attributes:
        close_wanted: the person closes the window. It stays until `let_go`.
        action_chosen: a `NextAction`, for when this window has closed.
    """

    close_wanted = Signal()
    action_chosen = Signal(str)

    def __init__(self, shop: "Shop", till_name: str, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        parts = (shop.name, till_name and f"Till {till_name}", "Kaunta", shop.mark and words.MARKS[shop.mark])
        self.setWindowTitle(" · ".join(filter(None, parts)))
        ScreenRoom(self, QSize(*SIZE), QSize(*SMALLEST))
        self._may_go = False
        self.preferences = preferences or Preferences(parent=self)
        self._unlock_page: UnlockPage | None = None
        self._phone: PhoneWindow | None = None
        self.opened: OpenedTill | None = None
        self.outside: HeardAndSeen | None = None
        self._make_sounds: MakeSounds | None = None
        self.charge: ChargePage | None = None
        self.attention: AttentionWatch | None = None
        self.checks: LazyChecksPage | None = None
        self.settings: LazySettingsPage | None = None
        self._header = Header(shop, till_name)
        self._header.add_tool(AppearanceButton(self.preferences))
        self._navigation = Navigation(PAGES)
        self._pages = self.ways = PageStack(self, self._navigation, self._header)
        self.opening = self._pages.opening
        self._toast = Toast(self, self._pages)
        self._help = Help(self, self._header, self._toast, self.preferences, lambda: self.go(CHECKS))
        self._lay_out(shop.mark)
        self.keys = WindowKeys(self, self._go_to_charge, self._scan_taker, self.preferences, self.show_trouble)
        self._navigation.wanted.connect(self.go)
        self._header.keys_wanted.connect(self.show_keys)
        bind("F1", self.show_keys, self)
        bind("F11", partial(toggle_full_screen, self), self)
        bind_pages(self, self)
        self._pages.setFocus()  # not the first button

    def _lay_out(self, mark: "Mark") -> None:
        inside = QWidget()  # in its place before it is filled: what moves is styled again, down to its last part
        inside.setObjectName("page")
        self.lock = Lock(self, inside, mark, always=frozenset({"F11"}))
        self.lock.cover(self._toast)
        self.setCentralWidget(EnvironmentFrame(self.lock.stack, mark))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._header)
        right.addWidget(self._pages, 1)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addLayout(right, 1)
        self._header.add_tool(WhoButton(self.lock))

    # --- opening and closing -------------------------------------------------------------------------

    def open_till(self, till: "Till", tasks: "Tasks", events: "TillEvents", phone: "PracticePhone | None") -> None:
        """Fill the window with an open till, in several events: one alone would hold the window up.

        Args:
            phone: the customer's phone of practice, which gets a window of its own.
        """
        self.opened = OpenedTill(till, tasks, events)
        tasks.belonging = till.authority.of_this_shift
        till.ledger.subscribe(events.payment_changed.emit)
        from pos_app.ui.shell.heard_and_seen import HeardAndSeen  # once the window is on the screen

        self.outside = HeardAndSeen(self, till, events, self.preferences, self._make_sounds, lambda: self.lock.locked)
        self._help.hear(till, events)
        tasks.trouble.connect(self.show_trouble)
        events.not_printed.connect(self.show_trouble)
        QTimer.singleShot(0, self, partial(self._make_charge, self.opened, phone))

    def _make_charge(self, opened: OpenedTill, phone: "PracticePhone | None") -> None:
        if self.closing:
            return
        from pos_app.ui.charge.page import ChargePage  # once the window is on the screen, as the next
        from pos_app.ui.shell.shop_view import ShopView

        charge = ChargePage(*opened, self._pages)
        charge.receipt_wanted.connect(self.show_receipt)
        charge.posts_wanted.connect(lambda: self.go(POSTS))
        charge.said.connect(self._toast.show_info)
        ShopView(self, opened, charge)
        QTimer.singleShot(0, self, partial(self._use_till, charge, opened))
        if phone:
            QTimer.singleShot(0, self, partial(self._add_phone, phone, opened))

    def _use_till(self, charge: "ChargePage", opened: OpenedTill) -> None:
        if self.closing:
            return
        till, _tasks, events = opened
        events.route_changed.connect(self._help.show_route)
        till.route.subscribe(events.route_changed.emit)
        self._help.watch(till)
        self.lock.changed.connect(charge.flow.change_hands)
        self.lock.watch(*opened, charge.active, partial(self._show_charge, charge))
        charge.load()
        self.attention = watch_attention(self, opened, self._pages, self._navigation, lambda: self.lock.locked)
        if self.outside:
            QTimer.singleShot(0, self.outside, partial(self.outside.serve, charge))

    def _show_charge(self, charge: "ChargePage") -> None:
        """It is known whether somebody signs in first: until then no key and no touch means anything."""
        if self.closing:
            return
        self.charge = self.keys.charge = charge
        self._pages.enter(Phase.OPEN)
        bind_charge(self, self, charge)
        self._fit()
        self.go(CHARGE)

    def _add_phone(self, phone: "PracticePhone", opened: OpenedTill) -> None:
        from pos_app.ui.practice.phone_button import offer_phone  # in practice only

        self._phone = offer_phone(phone, opened.tasks, opened.events, self, self._navigation.add)

    def offer_checks(self, make_diagnostics: "Callable[[], DiagnosticsService]", tasks: "Tasks") -> None:
        """Have a page of checks, also while the till is not open: then it is needed most.

        Args:
            make_diagnostics: makes what the page asks; called on a thread, when it is first wanted.
        """
        self.checks = LazyChecksPage(make_diagnostics, tasks, self)
        self.checks.left.connect(self._pages.go_back)
        self._navigation.offer(CHECKS)

    def offer_settings(self, make_services: "Callable[[], SettingsServices]", tasks: "Tasks") -> None:
        """Have a page of settings; see `LazySettingsPage`."""
        self.settings = LazySettingsPage(make_services, tasks, self, self.preferences)
        self.settings.action_chosen.connect(self.action_chosen)
        self._navigation.offer(SETTINGS)

    def offer_sounds(self, make_sounds: "MakeSounds") -> None:
        """Have what becomes of payments heard, from when the till is open."""
        self._make_sounds = make_sounds

    def show_error(self, title: str, lines: list[str], actions: Sequence["NextAction"] = ()) -> None:
        """Say why the till cannot open, in its place."""
        from pos_app.ui.shell.error_page import ErrorPage  # rarely needed, so not loaded with the window

        page = ErrorPage(title, lines, actions)
        page.action_chosen.connect(self.action_chosen)
        self._pages.enter(Phase.FAILED, page)
        (page.findChild(Button) or page).setFocus()  # Enter presses its button

    def show_unlock(self, *, offer_others: bool) -> "UnlockPage":
        """Ask for the passphrase of the keys, in the till's place; gives the page that asks."""
        from pos_app.ui.shell.unlock_page import UnlockPage  # rarely needed, as above

        page = self._unlock_page = UnlockPage(offer_others=offer_others)
        page.action_chosen.connect(self.action_chosen)
        self._pages.enter(Phase.LOCKED, page)
        page.setFocus()
        return page

    def show_opening(self) -> None:
        """The till opens, once more; the page that asked goes, with what was typed into it."""
        self._pages.show_opening()
        if self._unlock_page:
            self._unlock_page.deleteLater()
            self._unlock_page = None

    def show_closing(self) -> None:
        """The till closes; nothing can be done any more."""
        self._pages.enter(Phase.CLOSING, ClosingPage())
        self.lock.end()

    def show_closed(self, lines: Sequence[str]) -> ClosedPage:
        """The till is closed: say what is left; gives the page, whose button lets the window go."""
        if self._phone:
            self._phone.hide()  # it would lie over the words, and nobody listens to its keys any more
        self._go_quiet()
        page = ClosedPage(lines)
        self._pages.enter(Phase.CLOSED, page)
        self.lock.end()
        page.setFocus()
        return page

    @Slot()
    def come_to_front(self) -> None:
        """Somebody looked for this window by starting the till again."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def let_go(self) -> None:
        """The till is closed: the window may go too."""
        self._may_go = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_go:
            if self._phone:
                self._phone.close()
            self._help.close_panel()
            self._go_quiet()
            event.accept()
        else:
            event.ignore()
            self.close_wanted.emit()

    def _go_quiet(self) -> None:
        outside, self.outside = self.outside, None
        if outside:
            outside.close()

    # --- pages ---------------------------------------------------------------------------------------

    @Slot(str)
    def go(self, name: str) -> None:
        """Go to a page by its name, where the till's phase allows it."""
        self._pages.go(name)

    @property
    def closing(self) -> bool:
        """Whether the till is on its way down."""
        return self._pages.closing

    @property
    def page(self) -> QWidget:
        """The page that is shown; before the till is open, what stands in its place."""
        return self._pages.page

    @Slot(object)
    def ask_again(self, payment: "Payment") -> None:
        """Go to the charge, and fill it with a payment that is asked for once more."""
        assert self.charge is not None
        self.go(CHARGE)
        self.charge.ask_again(payment)

    @Slot(int)
    def show_receipt(self, payment_id: int) -> None:
        """The receipt of a payment, beside the till, in the place of another one."""
        show_paper(self, self.opened, payment_id, self.preferences)

    @Slot(int)
    def show_refund_slip(self, payment_id: int) -> None:
        """The slip of what went back of a payment, in the same way."""
        show_paper(self, self.opened, payment_id, self.preferences, refund=True)

    @Slot(object, str)
    def show_payments(self, search: "Search", words: str, *, whole: bool = False) -> None:
        """Go to the payments, and show those that a search finds; `words` says which they are."""
        self._pages.lead(PAYMENTS)
        if isinstance(self.page, NarrowsPayments):
            self.page.narrow(search, words, back=self._pages.led_from, whole=whole)

    @Slot()
    def show_keys(self) -> None:
        """The keys, and what to do while the computer cannot save."""
        self._help.show_panel(self.checks)

    @Slot(str)
    def show_trouble(self, text: str) -> None:
        """Something does not work that concerns no field and no payment."""
        self._toast.show_error(text)

    @Slot(str)
    def show_damage(self, text: str) -> None:
        """The database file is damaged; `text` says what to do."""
        self._help.show_damage(text)

    # --- keys ----------------------------------------------------------------------------------------

    def _scan_taker(self) -> TakesScans | None:
        open_here = not (self.closing or self.lock.locked)
        return self.page if open_here and isinstance(self.page, TakesScans) else None

    def _go_to_charge(self) -> bool:
        may_go = not (self.closing or self.lock.locked)
        if may_go:
            self.go(CHARGE)
        return may_go

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another text size needs other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self._toast.place()
        if self.charge:
            self.charge.fit(self.size() / current_theme().scale)  # larger text has less room in the same window
