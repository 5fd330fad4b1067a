"""M-PESA's statement: a file is dropped or chosen, looked at, and recorded while the till goes on charging."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QVBoxLayout, QWidget

from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act, Need
from pos_app.domain.record_file import StatementFile
from pos_app.domain.search import Search
from pos_app.domain.statement_comparison import Comparison
from pos_app.errors import Cancelled, PosError
from pos_app.messages.statements import ENDED, FOR_OWNER, RECORDED, counted_words, period_words
from pos_app.messages.window import MARKS
from pos_app.sales.till import Till
from pos_app.ui.statement.model import StatementLine, lines_of
from pos_app.ui.statement.money_part import MoneyPart
from pos_app.ui.statement.views import START, ResultView, StartView, WorkView
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.till_events import TillEvents

CHANGED_HANDS = "Somebody else is signed in now. " + START


class Looked(NamedTuple):
    """A file that was read and compared, and the lines of it that need a person."""

    file: StatementFile
    found: Comparison
    lines: list[StatementLine]


def ask_for_statement(parent: QWidget) -> str:
    """Which file to look at; empty where nobody chose."""
    kinds = "M-PESA statements (*.xls *.xlsx *.csv);;All files (*)"
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    folder = folder if Path(folder).is_dir() else ""  # where browsers put it; one that is not there would be a name
    path, _kind = QFileDialog.getOpenFileName(parent, "M-PESA's statement", folder, kinds)
    return path


class StatementPage(QWidget):
    """The page behind Shift+F8. What is begun here goes on while somebody charges.

    Args:
        ask: which file to look at; empty where nobody chose.

    Signals:
        payments_wanted: a `Search` of the payment that a line may be, and what it is, in words.
        left: whoever was led to the money without a prompt is done with it.
        changed: a statement was recorded, or something was said of money: something else needs a person now.
    """

    payments_wanted = Signal(object, str)
    left = Signal()
    changed = Signal()

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        _events: TillEvents,
        parent: QWidget | None = None,
        *,
        ask: Callable[[QWidget], str] = ask_for_statement,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("statementPage")
        self.setAcceptDrops(True)
        self._till, self._tasks, self._ask = till, tasks, ask
        self._looked: Looked | None = None
        self._work: Cancel | None = None  # what goes on just now
        self._shift = till.authority.shift
        self._start, self._working, self._result = StartView(), WorkView(), ResultView()
        self._money: MoneyPart | None = None  # made when somebody wants to see it
        self._led_from = ""  # the title of the page that has led to the money
        self._behind: QWidget = self._start  # what is shown of the statement, also where the money stands before it
        self._stack = QStackedLayout()
        for view in (self._start, self._working, self._result):
            self._stack.addWidget(view)
        page = QVBoxLayout(self)
        page.setContentsMargins(21, 17, 21, 17)
        page.addLayout(self._stack)
        QShortcut(QKeySequence("Ctrl+O"), self, self.choose)
        self._start.wanted.connect(self.choose)
        self._result.left.connect(self.choose)
        self._result.accepted.connect(self._record)
        self._result.opened.connect(self._open)
        self._working.cancelled.connect(self._cancel)
        for view in (self._start, self._result):
            view.money_wanted.connect(lambda: self.open_unprompted())

    def open_unprompted(self, *, led_from: str = "") -> None:
        """The money that came without a prompt and waits. What goes on with a statement goes on behind it.

        Args:
            led_from: the title of the page that has led here, and to which Esc leads back.
        """
        money = self._money
        if money is None:
            money = self._money = MoneyPart(self._till, self._tasks)
            money.left.connect(self._leave_money)
            money.changed.connect(self._count_money)
            money.changed.connect(self.changed)
            money.payment_wanted.connect(self._open_payment)
            self._stack.addWidget(money)
        self._come_from(led_from)
        self._stack.setCurrentWidget(money)
        money.open_waiting()
        if not money.form_open:
            money.setFocus()

    def choose(self) -> None:
        """Somebody chooses a file; not while another one is at work."""
        if self._work is None and not self._typing and (chosen := self._ask(self)):
            self.look(Path(chosen))

    def look(self, path: Path) -> None:
        """Read a file and say what it would do; nothing is changed."""
        self._show_behind()
        cancel, till = self._begin(f"{path.name} is read..."), self._till
        tell = self._teller(cancel, lambda read, _of: (f"{path.name}: {read:,} rows read...", 0.0))

        def work() -> Looked:
            file = till.statement_files.read(path, till.clock.corrected(), lambda read: tell(read, 0), cancel)
            found = till.statements.look(file.statement, cancel=cancel)
            return Looked(file, found, lines_of(found, self._number_of, recorded=False))

        def fail(error: PosError) -> None:
            if self._ends(cancel):
                ended = isinstance(error, Cancelled)
                self._show_start(START if ended else error.user_text, None if ended else ColourRole.FAILED)

        self._tasks.run(work, lambda looked: self._show(cancel, looked), fail, owner=self, lane=Lane.FILES)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file, and nothing at work."""
        if (
            self._work is None
            and not self._typing
            and len(event.mimeData().urls()) == 1
            and event.mimeData().urls()[0].isLocalFile()
        ):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """It is looked at."""
        event.acceptProposedAction()
        self.look(Path(event.mimeData().urls()[0].toLocalFile()))

    def showEvent(self, event: QShowEvent) -> None:
        """What one person has looked at is not shown to whoever is signed in next."""
        super().showEvent(event)
        self._count_money()
        if not event.spontaneous():
            self._come_from("")
        if self._money:
            self._money.renew()
        if self._looked and self._work is None and self._till.authority.shift != self._shift:
            self._show_start(CHANGED_HANDS)

    def _record(self, passphrase: str) -> None:
        looked = self._looked
        if looked is None or self._work is not None:
            return
        till, file = self._till, looked.file
        cancel = self._begin("The statement is recorded. The till goes on charging meanwhile.")
        tell = self._teller(cancel, _recorded_so_far)

        def work() -> Looked | None:
            if not passphrase and till.authority.need(Act.STATEMENT) is Need.PASSPHRASE:
                return None
            found = till.recording.record(file.statement, file.digest, passphrase, told=tell, cancel=cancel)
            return Looked(file, found, lines_of(found, self._number_of, recorded=True))

        def fail(error: PosError) -> None:
            if self._ends(cancel):
                self._show_view(self._result)
                self._result.say_failed(ENDED if isinstance(error, Cancelled) else error.user_text)

        def done(recorded: Looked | None) -> None:
            if recorded:
                self._show(cancel, recorded, recorded=True)
            elif self._ends(cancel):
                self._show_view(self._result)
                self._result.ask_owner(FOR_OWNER)

        self._tasks.run(work, done, fail, owner=self, lane=Lane.FILES)

    def _begin(self, words: str) -> Cancel:
        cancel = self._work = Cancel()
        self._shift = self._till.authority.shift
        self._working.say(words, 0.0)
        self._show_view(self._working)
        return cancel

    def _ends(self, cancel: Cancel) -> bool:
        """Whether it is what goes on just now, which ends by this."""
        if self._work is not cancel:
            return False
        self._work = None
        return True

    def _cancel(self) -> None:
        if self._work:
            self._work.cancel()

    def _teller(self, cancel: Cancel, words: Callable[[int, int], tuple[str, float]]) -> Callable[[int, int], None]:
        """Says how far it is, from the thread of the work; ends that where the window closes."""

        def show(said: tuple[str, float]) -> None:
            if self._work is cancel:
                self._working.say(*said)

        def tell(done: int, of: int) -> None:
            if self._tasks.closed:
                cancel.cancel()
            self._tasks.deliver(show, words(done, of), self)

        return tell

    def _number_of(self, payment_id: int) -> str:
        payment = self._till.reader.payment(payment_id)
        return payment.number if payment else ""

    def _show(self, cancel: Cancel, looked: Looked, *, recorded: bool = False) -> None:
        if not self._ends(cancel):
            return
        self._looked = looked
        mark = MARKS.get(self._till.shop.mark)
        heading = " · ".join(part for part in (mark, period_words(looked.file.statement)) if part)
        counts = counted_words(looked.found, recorded=recorded)
        self._result.show_result(heading, counts, looked.lines, RECORDED if recorded else "", recorded=recorded)
        self._show_view(self._result)
        self._count_money()
        if recorded:
            self.changed.emit()

    def _show_start(self, words: str, colour: ColourRole | None = None) -> None:
        self._looked = None
        self._start.say(words, colour)
        self._show_view(self._start)

    def _leave_money(self) -> None:
        led_from = self._led_from
        self._come_from("")
        self._show_behind()
        if led_from:
            self.left.emit()

    def _come_from(self, title: str) -> None:
        self._led_from = title
        if self._money:
            self._money.name_way_back(title)

    def _show_view(self, view: QWidget) -> None:
        """What is shown of the statement; behind the money, where somebody looks at that."""
        self._behind = view
        if self._stack.currentWidget() is not self._money:
            self._show_behind()

    def _show_behind(self) -> None:
        self._stack.setCurrentWidget(self._behind)
        self._behind.setFocus()

    @property
    def _typing(self) -> bool:
        """Whether somebody types about money: nothing takes them away from that."""
        return self._money is not None and self._stack.currentWidget() is self._money and self._money.form_open

    def _count_money(self) -> None:
        self._tasks.run(self._till.reader.unprompted_waiting, self._start.count_money, owner=self)

    def _open_payment(self, number: str) -> None:
        self.payments_wanted.emit(Search(text=number), f"payment {number}")

    def _open(self, line: StatementLine) -> None:
        if line.numbers:
            self._open_payment(line.numbers[0])


def _recorded_so_far(done: int, of: int) -> tuple[str, float]:
    return f"{done:,} of {of:,} rows are recorded. The till goes on charging.", done / of if of else 1.0
