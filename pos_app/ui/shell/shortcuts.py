"""The keys of the window, which mean the same on each page."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pos_app.ui.shell.pages import CHARGE, PAGES, ShowsPayment

if TYPE_CHECKING:
    from pos_app.ui.charge.page import ChargePage


class GoesToPages(Protocol):
    """The window, as its keys move in it."""

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        ...

    def go(self, name: str) -> None:
        """Go to a page by its name, where that can be."""
        ...


def bind(key: str, act: Callable[[], object], within: QWidget) -> QShortcut:
    """Have a key do something in the whole of a window; a key that is held does it once."""
    shortcut = QShortcut(QKeySequence(key), within)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(act)
    return shortcut


def toggle_full_screen(window: QWidget) -> None:
    """The whole screen for a window, or its own size again."""
    window.showNormal() if window.isFullScreen() else window.showFullScreen()


def bind_pages(window: QWidget, host: GoesToPages) -> None:
    """The keys that lead to pages."""
    for page in PAGES:
        if page.name != CHARGE:  # its key does more than to go there
            bind(page.key, partial(host.go, page.name), window)


def bind_charge(window: QWidget, host: GoesToPages, charge: "ChargePage") -> None:
    """The keys that are about customers, once the till is open."""

    def on_page(act: Callable[[], object]) -> None:
        host.go(CHARGE)
        act()

    for key, act in (
        ("F2", charge.new_charge),
        ("F3", charge.to_phone),
        ("F4", charge.to_price),
        ("Alt+Left", charge.previous_payment),
    ):
        bind(key, partial(on_page, act), window)
    bind("F9", lambda: _shows_payment(host, charge).show_receipt(), window)
    bind("F5", lambda: _shows_payment(host, charge).check_now(), window)
    escape = bind("Esc", charge.escape, charge)  # on other pages it means something else
    escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)


def _shows_payment(host: GoesToPages, charge: "ChargePage") -> ShowsPayment:
    """Whose payment a key means: that of the page in sight, else the charge page's, which says which one it is."""
    return host.page if isinstance(host.page, ShowsPayment) else charge
