"""The day since the last close, its close, and the closes there were."""

from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.cancelling import Cancel
from pos_app.domain.day import DayClose, DayReport
from pos_app.domain.kenya_time import day_words, shop_day
from pos_app.domain.operators import Act
from pos_app.domain.supplement import Supplement
from pos_app.errors import PosError
from pos_app.messages import day as words
from pos_app.messages.supplement import AGREES
from pos_app.messages.takings import ADDING_UP, NOT_FOR_YOU
from pos_app.sales.till import Till
from pos_app.ui.day.close_form import CloseForm
from pos_app.ui.day.head import DayHead
from pos_app.ui.day.model import BY, CARRIED, CarriedModel, DayModel, LaterModel
from pos_app.ui.day.papers import DayPapers, Setting, Shown
from pos_app.ui.day.tables import CarriedTable, DayTable, LaterTable
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.visits import take_focus
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.flow import FlowLayout
from pos_app.ui.widgets.labels import EmptyLabel, Label
from pos_app.ui.widgets.list_table import ListTable

AGAIN_AFTER = 2_000  # ms: payments that change in a row are one look at the figures
_OPEN = "Not closed yet"
_CLOSES = 60  # that are offered: two months


class _Found(NamedTuple):
    """What was read: the day, None where sums are not for who stands here; the closes, newest first; and their
    supplements.
    """

    report: DayReport | None
    closes: list[DayClose]
    supplements: list[Supplement]


class DayPage(QWidget):
    """The page behind Ctrl+F8. Adds up only in tasks; sums are only for whom the owner lets see them.

    Signals:
        payment_wanted: the number of a payment that is carried over, or that M-PESA's record is about.
        statement_wanted: M-PESA's statement, which the day is held against.

    Attributes:
        papers: prints and saves what is shown.
    """

    payment_wanted = Signal(str)
    statement_wanted = Signal()

    def __init__(
        self, till: Till, tasks: Tasks, events: TillEvents, parent: QWidget | None = None, *, setting: Setting
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dayPage")
        self._till, self._tasks = till, tasks
        self._asked: Cancel | None = None
        self._shown: Shown | None = None
        self._report: DayReport | None = None
        self._closes: dict[str, Shown] = {}  # what can be chosen beside the open day, as it is called
        self._later: dict[int, list[Supplement]] = {}
        self._offers = False  # somebody came to close it: the keyboard goes to that button, once it can be pressed
        self._again = QTimer(self, singleShot=True, interval=AGAIN_AFTER)
        self._groups, self._carried, self._told = DayModel(self), CarriedModel(self), LaterModel(self)
        self.papers = DayPapers(till, tasks, self, setting)
        self._make_parts()
        self._lay_out()
        self.setFocusProxy(self._table)
        self._connect(events)

    def look_up(self, then: str = "") -> None:
        """Read the day and the closes anew; `then`: which is shown afterwards, the same as now where it is empty."""
        self._end()
        cancel = self._asked = Cancel()
        days, wanted = self._till.days, then or self._which.choice
        if self._shown is None:
            self._empty.say_soon(ADDING_UP)

        def show(found: _Found) -> None:
            if self._asked is cancel:
                self._take(found, wanted)

        def fail(error: PosError) -> None:
            if self._asked is cancel:
                self._show_words(error.user_text)

        def read() -> _Found:
            report, closes = days.open(cancel), days.closes(_CLOSES)
            later = days.supplements(closes[-1].number, closes[0].number) if closes else []
            return _Found(report, closes, later)

        self._tasks.run(read, show, fail, owner=self)

    def offer_close(self) -> None:
        """Somebody comes to close the day: Enter presses its button as soon as the figures are here."""
        self._offers = True
        self._choose_offered()

    def showEvent(self, event: QShowEvent) -> None:
        """Every time it comes up it asks again: who may see sums, and the day, may be others; M-PESA's record, too."""
        super().showEvent(event)
        self.look_up()
        if self._till.pull_rounds:
            self._till.pull_rounds.hurry()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever comes next may be one for whom the sums are not."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._end()
            self._form.leave()
            self._offers = False
            self._say("", None)
            self._report, self._closes, self._later = None, {}, {}
            self._which.offer([_OPEN])  # whoever comes next comes for the day that is not closed
            self._show_words("")

    def _make_parts(self) -> None:
        self._which = ChoiceButton([_OPEN], name="dayWhich", spoken="Day")
        self._by = ChoiceButton([*BY, CARRIED], name="dayBy", spoken="Put together")
        self._print = Button("Print", name="dayPrint", icon="printer", height=52)
        self._print.setToolTip("Ctrl+P")
        self._save = Button("Save", name="daySave", icon="download", height=52)
        self._save.setToolTip("Ctrl+S")
        self._statement = Button("Statement", name="dayStatement", icon="search-check", height=52)
        self._statement.setToolTip("M-PESA's statement (Shift+F8)")
        self._close = Button("Close the day", name="dayClose", kind=Kind.PRIMARY, height=52)
        self._let_use(False)  # until the day is read, as after it has gone
        self._head = DayHead(self._till.shop.mark)
        self._table, self._items = DayTable(self._groups), CarriedTable(self._carried)
        self._rows = LaterTable(self._told)
        self._form = CloseForm(self._till, self._tasks)
        self._empty = EmptyLabel(name="dayEmpty")
        self._words = Label("", "body", wrap=True)
        self._words.setObjectName("dayWords")
        self._words.setContentsMargins(17, 2, 17, 3)
        self._words.hide()
        self._stack = QStackedLayout()

    def _lay_out(self) -> None:
        choices, self._asks = QWidget(), QWidget()
        buttons = self._print, self._save, self._statement, self._close
        choices.setLayout(FlowLayout(self._which, self._by, *buttons, spacing=4))
        around = QVBoxLayout(self._asks)
        around.setContentsMargins(17, 12, 17, 12)
        around.addWidget(self._form)
        card = Card(padding=1)
        card.setObjectName("dayCard")
        card.body.addWidget(self._head)
        card.body.addLayout(self._stack, 1)
        for part in (self._empty, self._table, self._items, self._rows, self._asks):
            self._stack.addWidget(part)
        card.body.addWidget(self._words)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 17, 21, 17)
        page.setSpacing(8)
        page.addWidget(choices)
        page.addWidget(card, 1)

    def _connect(self, events: TillEvents) -> None:
        events.payment_changed.connect(self._note_change)
        events.shop_changed.connect(self._note_acts)
        self._again.timeout.connect(self.look_up)
        self._which.chosen.connect(lambda _: self._choose_another())
        self._by.chosen.connect(lambda _: self._show_part())
        for table in (self._items, self._rows):
            table.opened.connect(self._open)
            table.doubleClicked.connect(lambda _: self._open())
        self._print.clicked.connect(self._print_it)
        self._save.clicked.connect(self._save_it)
        self._statement.clicked.connect(self.statement_wanted)
        self._close.clicked.connect(self._ask_to_close)
        self._form.done.connect(self._closed)
        self._form.closed.connect(self._come_back)
        self.papers.said.connect(self._say)
        for key, act in (("Ctrl+P", self._print_it), ("Ctrl+S", self._save_it)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _note_change(self) -> None:
        if self.isVisible() and self._form.isHidden() and not self._again.isActive():
            self._again.start()

    def _note_acts(self, acts: frozenset[str]) -> None:
        """Another till may have closed the day."""
        if acts & {Act.CLOSE, Act.REFUND, Act.STATEMENT}:
            self._note_change()

    def _end(self) -> None:
        asked, self._asked = self._asked, None
        if asked:
            asked.cancel()

    def _take(self, found: _Found, wanted: str) -> None:
        self._report = found.report
        self._later = {}
        for each in found.supplements:
            self._later.setdefault(each.close, []).append(each)
        self._closes = {}
        for close in found.closes:
            self._closes[_called(close)] = Shown(close.report, close)
            for each in self._later.get(close.number, ()):
                self._closes[_later_called(each)] = Shown(close.report, close, each)
        self._which.offer([_OPEN, *self._closes])
        if wanted in self._closes:
            with QSignalBlocker(self._which):
                self._which.choose(wanted)
        if self._form.isHidden():
            self._choose()

    def _choose(self) -> None:
        """Show what is chosen: the day that is not closed, or a close as it was written."""
        self._form.leave()
        shown = self._closes.get(self._which.choice) or (Shown(self._report, None) if self._report else None)
        if shown is None:
            self._show_words(NOT_FOR_YOU)
            return
        self._shown = shown
        report, close, supplement = shown
        if supplement:
            self._head.show_supplement(supplement)
        else:
            self._head.show_report(report, close, self._later.get(close.number, ()) if close else ())
        self._let_use(True)
        self._by.setVisible(supplement is None)
        self._close.setEnabled(close is None and not report.figures.nothing)
        for button in (self._statement, self._close):
            button.setVisible(close is None)
        self._show_part()
        self._choose_offered()

    def _choose_offered(self) -> None:
        if self._offers and self._close.isEnabled() and self._shown:
            self._offers = False
            take_focus(self._close)

    def _choose_another(self) -> None:
        """What was said is of another one."""
        self._say("", None)
        self._choose()

    def _come_back(self) -> None:
        """From the form to the figures; the focus goes nowhere else."""
        self._choose()
        places: list[QWidget] = [table for table in (self._table, self._items, self._rows) if not table.isHidden()]
        (places or [self._which])[0].setFocus()

    def _show_part(self) -> None:
        if self._shown is None or not self._form.isHidden():
            return
        report, by = self._shown.report, self._by.choice
        self._groups.show_report(report, BY.get(by, "posts"))
        self._carried.show_report(report)
        self._told.show_supplement(self._shown.supplement)
        table, empty = self._table_of(self._shown, by)
        if table.model().rowCount():
            table.go_to_row(0)
            self._stack.setCurrentWidget(table)
            return
        self._empty.setText(empty)
        self._stack.setCurrentWidget(self._empty)

    def _table_of(self, shown: Shown, by: str) -> tuple[ListTable, str]:
        """What is shown of it, and what is said where there is nothing to show."""
        if shown.supplement:
            return self._rows, AGREES
        if by == CARRIED:
            return self._items, "Nothing is carried over."
        return self._table, "Nothing was asked for, paid or given back" + (" yet." if shown.close is None else ".")

    def _show_words(self, text: str) -> None:
        self._shown = None
        self._head.show_report(None, None)
        self._groups.show_report(None, "posts")
        self._carried.show_report(None)
        self._told.show_supplement(None)
        self._let_use(False)
        self._empty.setText(text)
        self._stack.setCurrentWidget(self._empty)

    def _let_use(self, may: bool) -> None:
        for button in (self._print, self._save, self._close):
            button.setEnabled(may)

    def _print_it(self) -> None:
        if self._shown:
            self.papers.print_it(self._shown)

    def _save_it(self) -> None:
        if self._shown:
            self.papers.save(self._shown)

    def _ask_to_close(self) -> None:
        if self._shown and self._shown.close is None:
            self._say("", None)
            self._let_use(False)
            self._head.hide()  # the form says it, and needs the room
            self._stack.setCurrentWidget(self._asks)
            self._form.start(self._shown.report)

    def _closed(self, close: DayClose) -> None:
        """It is closed, and then printed where the till has a printer of its own: that cannot undo it."""
        self._say(f"{close.name} is closed. {words.carried_words(close.report)}", None)
        if self._till.printing.printer:
            self.papers.print_it(Shown(close.report, close))
        if self.isVisible():
            self.look_up(_called(close))

    def _open(self) -> None:
        if self._shown and self._shown.supplement:
            row = self._told.row_at(self._rows.currentIndex().row())
            number = row.payment if row else None
        else:
            item = self._carried.row_at(self._items.currentIndex().row())
            number = item.number if item else None
        if number:
            self.payment_wanted.emit(number)

    def _say(self, text: str, colour: ColourRole | None) -> None:
        self._words.setText(text)
        self._words.set_colour(colour or "")
        self._words.setVisible(bool(text))


def _called(close: DayClose) -> str:
    """A close among the others, whose numbers alone nobody remembers: `Z 0117, 23 Nov 2026`."""
    return f"{close.name}, {day_words(shop_day(close.at))}"


def _later_called(supplement: Supplement) -> str:
    """`Z 0117/1, 24 Nov 2026`: the day on which it was written."""
    return f"{supplement.name}, {day_words(shop_day(supplement.at))}"
