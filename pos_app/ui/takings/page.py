"""What came in: which days, put together by what, as a picture and as a table that lead to the payments."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.cancelling import Cancel
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.takings import By, Takings, payments_of
from pos_app.errors import BadInput, PosError
from pos_app.messages.takings import ADDING_UP, NOT_FOR_YOU, check_days, nothing_came, of_group
from pos_app.sales.till import Till
from pos_app.ui.takings.days import Span, days_of
from pos_app.ui.takings.model import TakingsModel
from pos_app.ui.takings.other_days import OtherDays
from pos_app.ui.takings.summary import TakingsSummary
from pos_app.ui.takings.table import TakingsTable
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import EmptyLabel, Label

if TYPE_CHECKING:
    from pos_app.ui.takings.chart import TakingsChart

AGAIN_AFTER = 2_000  # ms: payments that change in a row are one look at the figures
_PICTURE = 150  # px, at least
_BY = {"By hour": By.HOUR, "By day": By.DAY, "By post": By.POST, "By operator": By.OPERATOR, "By till": By.TILL}
_NO_PICTURE = "The picture cannot be drawn on this computer. The figures are the same."


def load_chart() -> Any:
    """What draws the picture; takes most of a second, so call it on a thread.

    Raises:
        PosError: it cannot be loaded here.
    """
    try:
        return import_module("pos_app.ui.takings.chart").TakingsChart
    except ImportError:  # a library of the system is missing
        raise PosError(_NO_PICTURE) from None


class TakingsPage(QWidget):
    """The page behind F8. Adds up only in tasks; sums are only for whom the owner lets see them.

    Signals:
        payments_wanted: a `Search` of the payments of one group, and what they are, in words.
    """

    payments_wanted = Signal(object, str)

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        events: TillEvents,
        parent: QWidget | None = None,
        *,
        load: Callable[[], "type[TakingsChart]"] = load_chart,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("takingsPage")
        self._till, self._tasks, self._load = till, tasks, load
        self._takings: Takings | None = None
        self._chart: TakingsChart | None = None
        self._asked: Cancel | None = None  # what the store adds up just now
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self._model = TakingsModel(self)
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._table)
        self._connect(events)

    def look_up(self) -> None:
        """Add up what is chosen, now; what was asked before is given up."""
        self._end()
        try:
            first, last = self._days()
            check_days(first, last)
        except BadInput as error:
            self._show_words(error.user_text)
            return
        cancel = self._asked = Cancel()
        if self._takings is None:
            self._empty.say_soon(ADDING_UP)
        by = _BY[self._by.choice]

        def show(takings: Takings | None) -> None:
            if self._asked is cancel:
                self._show(takings)

        def fail(error: PosError) -> None:
            if self._asked is cancel:
                self._show_words(error.user_text)

        self._tasks.run(lambda: self._till.figures.takings(first, last, by, cancel), show, fail, owner=self)

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it asks again: who may see sums, and the day, may be others."""
        super().showEvent(event)
        self.look_up()
        if self._chart is None:
            self._tasks.run(self._load, self._make_chart, self._do_without, owner=self, lane=Lane.FILES)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever comes next may be one for whom the sums are not."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._end()
            self._show_words("")

    def _make_parts(self) -> None:
        self._span = ChoiceButton([span.value for span in Span], name="takingsDays", spoken="Days")
        self._by = ChoiceButton(list(_BY), name="takingsBy", spoken="Put together")
        self._other = OtherDays()
        self._other.hide()
        self._table = TakingsTable(self._model)
        self._picture, self._figures = QWidget(), QWidget()
        self._picture.setObjectName("takingsPicture")
        self._picture.setMinimumHeight(_PICTURE)
        self._in_picture, self._stack = QVBoxLayout(), QStackedLayout()
        self._wait = Label("", "muted", wrap=True)
        self._wait.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty = EmptyLabel(name="takingsEmpty")
        self._summary = TakingsSummary(self._till.shop.mark)

    def _lay_out(self) -> None:
        choices = QWidget()
        choices.setLayout(FlowLayout(self._span, self._by, self._other, spacing=4))
        self._picture.setLayout(self._in_picture)
        self._in_picture.setContentsMargins(0, 0, 0, 0)
        self._in_picture.addWidget(self._wait)
        column = QVBoxLayout(self._figures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._picture, 1)
        column.addWidget(self._table, 1)
        card = Card(padding=1)
        card.setObjectName("takingsCard")
        card.body.addLayout(self._stack, 1)
        for part in (self._empty, self._figures):
            self._stack.addWidget(part)
        card.body.addWidget(self._summary)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 17, 21, 17)
        page.setSpacing(8)
        page.addWidget(choices)
        page.addWidget(card, 1)

    def _connect(self, events: TillEvents) -> None:
        events.payment_changed.connect(self._note_change)
        self._again.timeout.connect(self.look_up)
        self._span.chosen.connect(self._choose_span)
        self._other.chosen.connect(self.look_up)
        self._by.chosen.connect(self.look_up)
        self._table.current_changed.connect(self._mark)
        self._table.opened.connect(lambda: self._open(self._table.currentIndex().row()))
        self._table.clicked.connect(lambda index: self._open(index.row()))

    def _days(self) -> tuple[date, date]:
        today = self._today()
        return days_of(Span(self._span.choice), today) or self._other.days(today)

    def _today(self) -> date:
        return shop_day(self._till.clock.corrected())

    def _choose_span(self, choice: str) -> None:
        other = choice == Span.OTHER
        if other and self._takings:
            self._other.offer(self._takings.first, self._takings.last)
        self._other.setVisible(other)
        if other:
            self._other.setFocus()
        else:
            self.look_up()

    def _note_change(self) -> None:
        if self.isVisible() and not self._again.isActive():
            self._again.start()

    def _end(self) -> None:
        asked, self._asked = self._asked, None
        if asked:
            asked.cancel()

    def _show(self, takings: Takings | None) -> None:
        """None: they are for nobody who stands here, or nobody stands here any more."""
        if takings is None or not takings.groups:
            self._show_words(nothing_came(takings) if takings else NOT_FOR_YOU)
            return
        current = self._model.row_at(self._table.currentIndex().row())
        same = self._takings is not None and self._takings.by is takings.by
        self._takings = takings
        self._model.show_takings(takings)
        self._summary.show_whole(takings.whole)
        if self._chart:
            self._chart.show_takings(takings)
        row = self._model.row_of(current.key) if current and same else None
        self._table.go_to_row(row or 0)
        self._stack.setCurrentWidget(self._figures)

    def _show_words(self, text: str) -> None:
        self._takings = None
        self._model.show_takings(None)
        self._summary.show_whole(None)
        if self._chart:
            self._chart.show_takings(None)
        self._empty.setText(text)
        self._stack.setCurrentWidget(self._empty)

    def _make_chart(self, kind: "type[TakingsChart]") -> None:
        if self._chart is None:  # wanted twice, before it was there
            self._chart = kind()
            self._chart.opened.connect(self._open)
            self._wait.hide()
            self._in_picture.addWidget(self._chart)
            self._chart.show_takings(self._takings)
            self._mark(self._table.currentIndex().row())

    def _do_without(self, error: PosError) -> None:
        self._wait.setText(error.user_text)

    def _mark(self, row: int) -> None:
        if self._chart:
            self._chart.mark(row)

    def _open(self, row: int) -> None:
        group = self._model.row_at(row)
        if group is None or self._takings is None:
            return
        self._table.go_to_row(row)
        search = payments_of(self._takings, group)
        if search:
            self.payments_wanted.emit(search, of_group(self._takings, group))
