"""The pages of the window. Another page is a line in `PAGES` and what makes it.

A page is made when it is first seen: the window must be on the screen before most of the program is loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from pos_app.domain.search import Search

if TYPE_CHECKING:
    from pos_app.domain.payment import Payment
    from pos_app.sales.till import Till
    from pos_app.ui.attention.watch import AttentionWatch
    from pos_app.ui.charge.page import ChargePage
    from pos_app.ui.shell.lazy_checks_page import LazyChecksPage
    from pos_app.ui.shell.lazy_settings_page import LazySettingsPage
    from pos_app.ui.tasks import Tasks
    from pos_app.ui.till_events import TillEvents


class OpenedTill(NamedTuple):
    """An open till, and what carries its work and its changes between threads and the window."""

    till: "Till"
    tasks: "Tasks"
    events: "TillEvents"


class Ways(Protocol):
    """Ways from one page to another."""

    @property
    def page(self) -> QWidget:
        """The one that is shown."""
        ...

    @property
    def led_from(self) -> str:
        """The title of the page that has led to the one that is shown; empty where somebody came by themselves."""
        ...

    def lead(self, name: str) -> None:
        """Go to a page by its name; Esc leads back from there."""
        ...

    def leave(self) -> None:
        """Back to the page that has led to the one that is shown."""
        ...


@runtime_checkable
class TakesCursor(Protocol):
    """A page that knows best where in it the cursor stands."""

    def take_cursor(self) -> None:
        """Put it there."""
        ...


@runtime_checkable
class OpensMoney(Protocol):
    """A page that has the money that came without a prompt."""

    def open_unprompted(self, *, led_from: str = "") -> None:
        """Show what of it waits; `led_from`: the title of the page that led there, and to which Esc leads back."""
        ...


class PageHost(Protocol):
    """The window, as its pages are made in it.

    Attributes:
        opened, charge, attention: there as soon as the till is open.
        checks, settings: there where this window has such pages.
    """

    opened: OpenedTill | None
    charge: "ChargePage | None"
    attention: "AttentionWatch | None"
    checks: "LazyChecksPage | None"
    settings: "LazySettingsPage | None"

    @property
    def ways(self) -> Ways:
        """From its pages to others."""
        ...

    def ask_again(self, payment: "Payment") -> None:
        """Go to the charge, and fill it with a payment that is asked for once more."""
        ...

    def show_receipt(self, payment_id: int) -> None:
        """The receipt of a payment, beside the till, on the paper that was chosen."""
        ...

    def show_refund_slip(self, payment_id: int) -> None:
        """The slip of what went back of a payment, in the same way."""
        ...

    def show_payments(self, search: Search, words: str, *, whole: bool = False) -> None:
        """Go to the payments, and show those that a search finds; `words` says which they are.

        Args:
            whole: what happened to the first of them has all the room.
        """
        ...


@runtime_checkable
class NarrowsPayments(Protocol):
    """A page that shows payments, all or some."""

    def narrow(self, search: Search, words: str, *, back: str = "", whole: bool = False) -> None:
        """Show only those that a search finds, until somebody looks for others; `words` says which they are.

        Args:
            back: the title of the page that has led here.
            whole: what happened to the first of them has all the room.
        """
        ...


@runtime_checkable
class ClosesDay(Protocol):
    """A page on which the day is closed."""

    def offer_close(self) -> None:
        """Somebody comes to close it: Enter begins that."""
        ...


@runtime_checkable
class ShowsPayment(Protocol):
    """A page that shows a payment: the window's keys mean that one, wherever the cursor is."""

    def check_now(self) -> None:
        """Ask M-PESA about it (F5)."""
        ...

    def show_receipt(self) -> None:
        """Its receipt, or why it has none (F9)."""
        ...


Ready = Callable[[QWidget], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A place that one can go to.

    Attributes:
        key: leads there from everywhere.
        make: makes it in its window and hands it over, at once or when its parts have been loaded on a thread.
        needs_till: whether it is there only while the till is open.
        at_foot: whether it stands at the foot of the navigation: needed now and then, not while customers wait.
        offered: whether it is there only where the window says so.
        under: the page whose place in the navigation stands for it; empty where it has one of its own.
    """

    name: str
    title: str
    icon: str
    key: str
    make: Callable[[PageHost, Ready], None]
    needs_till: bool = True
    at_foot: bool = False
    offered: bool = False
    under: str = ""


def _show_payment(host: PageHost, number: str) -> None:
    host.show_payments(Search(text=number), f"payment {number}", whole=True)


def _offer_close(host: PageHost) -> None:
    host.ways.lead(DAY)
    if isinstance(page := host.ways.page, ClosesDay):
        page.offer_close()


def _make_charge(host: PageHost, ready: Ready) -> None:
    if host.charge:
        ready(host.charge)


def _make_payments(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.payments.page import PaymentsPage

    assert host.opened is not None
    page = PaymentsPage(*host.opened)
    page.again_wanted.connect(host.ask_again)
    page.receipt_wanted.connect(host.show_receipt)
    page.slip_wanted.connect(host.show_refund_slip)
    page.left.connect(host.ways.leave)
    ready(page)


def _make_customers(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.customers.page import CustomersPage

    assert host.opened is not None
    page = CustomersPage(*host.opened)
    page.payment_wanted.connect(partial(_show_payment, host))
    ready(page)


def _make_posts(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.posts.page import PostsPage

    assert host.opened is not None
    assert host.charge is not None
    page = PostsPage(*host.opened)
    page.posts_changed.connect(host.charge.flow.read_posts)
    ready(page)


def _make_takings(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.takings.page import TakingsPage

    assert host.opened is not None
    page = TakingsPage(*host.opened)
    page.payments_wanted.connect(host.show_payments)
    ready(page)


def _make_statement(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.statement.page import StatementPage

    assert host.opened is not None
    page = StatementPage(*host.opened)
    if host.attention:
        page.changed.connect(host.attention.look_soon)
    page.payments_wanted.connect(host.show_payments)
    page.left.connect(lambda: host.ways.leave())
    ready(page)


def _make_day(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.day.page import DayPage
    from pos_app.ui.day.papers import Setting
    from pos_app.ui.receipt.printing import Slip, save_pdf

    assert host.opened is not None
    setting = Setting(lambda lines, paper, printer: Slip(lines, paper).print_on(printer), save_pdf)
    page = DayPage(*host.opened, setting=setting)
    page.payment_wanted.connect(partial(_show_payment, host))
    page.statement_wanted.connect(lambda: host.ways.lead(STATEMENT))
    ready(page)


def _make_attention(host: PageHost, ready: Ready) -> None:
    from pos_app.ui.attention.page import AttentionPage

    assert host.opened is not None
    assert host.attention is not None
    page = AttentionPage(host.opened.till, host.opened.tasks, host.attention)
    page.payment_wanted.connect(partial(_show_payment, host))
    page.receipt_wanted.connect(host.show_receipt)
    page.day_wanted.connect(partial(_offer_close, host))
    page.money_wanted.connect(partial(_show_money, host))
    page.statement_wanted.connect(lambda: host.ways.lead(STATEMENT))
    ready(page)


def _show_money(host: PageHost) -> None:
    host.ways.lead(STATEMENT)
    if isinstance(page := host.ways.page, OpensMoney):
        page.open_unprompted(led_from=host.ways.led_from)


def _make_checks(host: PageHost, ready: Ready) -> None:
    if host.checks:
        host.checks.load(ready)


def _make_settings(host: PageHost, ready: Ready) -> None:
    if host.settings:
        host.settings.load(ready)


CHARGE, PAYMENTS, CUSTOMERS, POSTS = "charge", "payments", "customers", "posts"
TAKINGS, DAY, STATEMENT, ATTENTION = "takings", "day", "statement", "attention"
CHECKS, SETTINGS = "checks", "settings"
PAGES = (
    Page(CHARGE, "Charge", "plus", "F2", _make_charge),
    Page(PAYMENTS, "Payments", "list", "F6", _make_payments),
    Page(CUSTOMERS, "Customers", "users", "Shift+F6", _make_customers),
    Page(POSTS, "Posts", "tag", "F7", _make_posts),
    Page(TAKINGS, "Takings", "chart-column", "F8", _make_takings),
    Page(DAY, "Day", "clock-check", "Ctrl+F8", _make_day),
    Page(STATEMENT, "Statement", "search-check", "Shift+F8", _make_statement, under=DAY),
    Page(ATTENTION, "Attention", "circle-alert", "Ctrl+F6", _make_attention),
    Page(CHECKS, "Checks", "activity", "Ctrl+Shift+D", _make_checks, needs_till=False, at_foot=True, offered=True),
    Page(SETTINGS, "Settings", "settings", "F10", _make_settings, at_foot=True, offered=True),
)
