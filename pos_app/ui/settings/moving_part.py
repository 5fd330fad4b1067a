"""The move of this computer's own payments to the shop's server, as its page shows it: begun, followed, stopped."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, MoveStep, ShopMoved
from pos_app.messages import server as words
from pos_app.messages.shop_move import progress_words
from pos_app.ui.settings.server_service import ServerChoice, ServerService
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.progress import ThinProgress


class MovingPart(QWidget):
    """A button that begins it; while it goes on, how far it is, and a button that stops it.

    Attributes:
        start: the button that begins it.
    """

    _told = Signal(object)  # from the thread that moves

    def __init__(self, service: ServerService) -> None:
        super().__init__()
        self.setObjectName("movingPart")
        self._service = service
        self._cancel: Cancel | None = None
        self.start = Button(words.MOVE, name="moveShop", height=48)
        self._hint = Label(words.MOVE_HINT, "small", wrap=True)
        self._hint.setContentsMargins(RING, 0, RING, 2)
        self._notice = Notice("movingNow", ColourRole.SENDING, "clock")
        self._bar = ThinProgress(ColourRole.SENDING)
        self._stop = Button(words.STOP, name="stopMoving")
        self._stop.clicked.connect(self.stop)
        self._notice.column.addWidget(self._bar)
        self._notice.column.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.start, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._hint)
        column.addWidget(self._notice)
        self._told.connect(self._show)
        self._show_running(False)
        self.hide()

    @property
    def words(self) -> str:
        """How far it is, in words; empty where nothing is moved."""
        return self._notice.words if self._notice.isVisibleTo(self) else ""

    def begin(self, choice: ServerChoice) -> Callable[[], ShopMoved]:
        """What moves it, to be run on a thread."""
        cancel = self._cancel = Cancel()
        self._show(MoveProgress(MoveStep.LOOKING))
        self._show_running(True)
        self.setFocus()  # not where an Enter too many would stop it
        return lambda: self._service.move(choice, self._told.emit, cancel)

    @Slot()
    def stop(self) -> None:
        """Stop it, if it can still be stopped."""
        if self._cancel:
            self._cancel.cancel()
            self._stop.setEnabled(False)
            self._notice.set_message(words.STOPPING)

    def end(self) -> None:
        """It has ended, one way or the other."""
        self._cancel = None
        self._show_running(False)

    @Slot(object)
    def _show(self, progress: MoveProgress) -> None:
        if self._cancel is None or self._cancel.cancelled:
            return
        self._notice.set_message(progress_words(progress))
        self._bar.set_part(progress.done / progress.total if progress.total else 0.0)
        self._stop.setEnabled(progress.step is not MoveStep.ENDING)

    def _show_running(self, running: bool) -> None:
        self.start.setVisible(not running)
        self._hint.setVisible(not running)
        self._notice.setVisible(running)
