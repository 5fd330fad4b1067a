"""The pages of the window, one of which is shown: going from one to another, as far as the phase allows it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from pos_app.ui.shell.pages import CHARGE, PAGES, Page, PageHost, TakesCursor
from pos_app.ui.shell.phases import PHASES, Phase
from pos_app.ui.shell.waiting_pages import OpeningPage

if TYPE_CHECKING:
    from pos_app.ui.shell.header import Header
    from pos_app.ui.shell.navigation import Navigation


class PageStack(QStackedWidget):
    """Knows the till's phase, and has each page once it was wanted.

    Args:
        host: the window, in which pages are made.

    Attributes:
        opening: what stands there until the till is open.
    """

    def __init__(self, host: PageHost, navigation: "Navigation", header: "Header") -> None:
        super().__init__()
        self._host = host
        self._navigation = navigation
        self._header = header
        self._phase = Phase.OPENING
        self._made: dict[str, QWidget] = {}
        self._wanted = ""  # the name of the page that was wanted last; one that loads longer does not come any more
        self._led_from = ""  # the name of the page that has led to the one that is shown
        self._before: QWidget | None = None  # what stood in the till's place before a page that needs no till
        self.opening = OpeningPage()
        self.addWidget(self.opening)

    @property
    def page(self) -> QWidget:
        """The one that is shown; before the till is open, what stands in its place."""
        shown = self.currentWidget()
        assert shown is not None
        return shown

    @property
    def closing(self) -> bool:
        """Whether the till is on its way down."""
        return PHASES[self._phase].leaving

    def enter(self, phase: Phase, page: QWidget | None = None) -> None:
        """The till is in another phase; `page` stands in its place."""
        self._phase = phase
        self._wanted = ""
        status = PHASES[phase].status
        if status is not None:
            self._header.show_closed(status)
        self._navigation.setEnabled(PHASES[phase].selling)
        if page:
            self.setCurrentIndex(self.addWidget(page))

    def show_opening(self) -> None:
        """The till opens, once more."""
        self.enter(Phase.OPENING)
        self.setCurrentWidget(self.opening)

    @property
    def led_from(self) -> str:
        """The title of the page that has led to the one that is shown; empty where somebody came by themselves."""
        return next((page.title for page in PAGES if page.name == self._led_from), "")

    def lead(self, name: str) -> None:
        """Go to a page by its name; Esc leads back to the one that is shown now, where the page does not need it."""
        shown = next((known for known, made in self._made.items() if made is self.currentWidget()), "")
        self.go(name)
        self._led_from = shown if shown != name else ""

    def leave(self) -> None:
        """Back to the page that has led to the one that is shown."""
        if self._led_from:
            self.go(self._led_from)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An Esc that the page did not need leads back."""
        if event.key() == Qt.Key.Key_Escape and self._led_from:
            self.leave()
        else:
            super().keyPressEvent(event)

    def go(self, name: str) -> None:
        """Go to a page by its name, where the phase allows it; it is made when it is first seen."""
        self._led_from = ""
        page = next(page for page in PAGES if page.name == name)
        if not self._may_show(page):
            return
        self._wanted = name
        if name in self._made:
            self._show(page, self._made[name])
        else:
            page.make(self._host, lambda made: self._show(page, made))

    def go_back(self) -> None:
        """To the charge; while the till is not open, to what says why."""
        if PHASES[self._phase].selling:
            self.go(CHARGE)
        elif self._before:
            self._wanted = ""
            self.setCurrentWidget(self._before)

    def _may_show(self, page: Page) -> bool:
        rules = PHASES[self._phase]
        return not rules.leaving and (rules.selling or not page.needs_till)

    def _show(self, page: Page, widget: QWidget) -> None:
        if not self._may_show(page):  # the phase is another one by the time the page is loaded
            return
        if page.name not in self._made:
            self._made[page.name] = widget
            self.addWidget(widget)
        if self._wanted != page.name:  # somebody works elsewhere by now
            return
        if self.page is not widget:
            self._before = self.page
        self.setCurrentWidget(widget)
        self._navigation.show_place(page.name)
        if isinstance(widget, TakesCursor):  # which knows best where that is
            widget.take_cursor()
        else:
            widget.setFocus()
