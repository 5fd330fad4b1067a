"""A form for what only some may do: a reason, the owner's passphrase where it is missing, and what becomes of both."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.operators import Act, Need
from pos_app.errors import BadInput, PosError
from pos_app.messages.recovery import UNSEEN
from pos_app.sales.passphrase import ToldOnce
from pos_app.sales.till import Till
from pos_app.ui.recovery.code_dialog import show_code
from pos_app.ui.recovery.passphrase_fields import NOT_THE_SAME, PassphraseFields
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.visits import Visits
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label, caption
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled

Work = Callable[[str, ToldOnce | None], object]  # the passphrase as typed, and who gets the code of one that is chosen


class PassphraseForm(QWidget):
    """Takes the place of what it is about. A subclass adds its parts, and makes what stands in them into work.

    Args:
        act: what is done, which says who may.
        prefix: of the names of its parts.
        spoken: what screen readers call it.
        button: what its button does, in a word; and `nothing`: what Cancel does, for screen readers.
        hint: what a reason may be.
        lane: in which it is done.

    Signals:
        done: what the work gave.
        closed: it is open no more, because it is done or was left.
    """

    done = Signal(object)
    closed = Signal()

    def __init__(
        self,
        till: Till,
        tasks: Tasks,
        act: Act,
        *,
        prefix: str,
        spoken: str,
        button: str,
        hint: str,
        nothing: str = "Change nothing",
        lane: Lane = Lane.KEEP,
    ) -> None:
        super().__init__()
        self.setObjectName(f"{prefix}Form")
        self.setAccessibleName(spoken)
        self._till, self._tasks = till, tasks
        self._act, self._lane = act, lane
        self._visits = Visits()
        self._about = ""
        self._pressed = False  # its button had the focus as it was pressed
        self._led: QWidget | None = None
        self._title = said("title")
        self._why = Field(name=f"{prefix}Why", spoken="Reason", placeholder=hint)
        self._passphrase = PassphraseFields(prefix, tasks, till.owner.passphrase.recover)
        self._trouble = Notice(f"{prefix}Trouble", ColourRole.FAILED, "circle-alert")
        self._now = Button(button, name=f"{prefix}Now", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name=f"{prefix}Cancel", key="Esc", height=52, spoken=nothing)
        self._passphrase.entered.connect(self._submit)
        self._now.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.close_form)
        self.hide()

    def keeps_page(self) -> bool:
        """A scan takes nobody away from it while it is open."""
        return self.isVisible()

    def leave(self) -> None:
        """Close without a word; no passphrase is kept."""
        self._visits.end()
        self._passphrase.clear()
        self.hide()

    def close_form(self) -> None:
        """Close, and say so."""
        self.leave()
        self.closed.emit()

    def show_error(self, text: str) -> None:
        """Say what is wrong, or nothing where it is empty; everything typed stays."""
        self._say(text)
        self._now.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)

    def _lay_out(
        self,
        above: Sequence[QWidget],
        below: Sequence[QWidget] = (),
        fields: Sequence[Field] = (),
        reason: str = "Reason",
    ) -> None:
        """Put it together.

        Args:
            above: what stands between the title and the reason, and `below`: between that and the passphrase.
            fields: those of them in which Enter means the button.
            reason: what stands above it; empty: none is asked for.
        """
        for field in (self._why, *fields):
            field.edit.returnPressed.connect(self._submit)
            field.refused.connect(self._say)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        why = (caption(reason), self._why) if reason else ()
        for part in (self._title, *above, *why, *below, self._passphrase):
            column.addWidget(part)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        name = self.objectName().removesuffix("Form")
        self._scrolled = Scrolled(content, f"{name}Scroll", self.accessibleName())
        page.addWidget(self._scrolled, 1)
        page.addWidget(self._trouble)
        page.addWidget(ButtonRow(self._cancel, self._now))

    def _begin(self, title: str, about: str) -> None:
        """Empty and open. What is refused after it was closed is told with what it is `about`."""
        self._visits.end()
        self._about = about
        self._title.setText(title)
        self._why.edit.clear()
        self._passphrase.clear()
        self._passphrase.ask(Need.PASSPHRASE)
        self.show_error("")
        self.show()
        here = self._visits.current()
        self._tasks.run(
            partial(self._till.authority.need, self._act),
            lambda need: self._passphrase.ask(need) if here() else None,
            lambda error: self.show_error(error.user_text) if here() else None,
            owner=self,
        )

    def _tell(self, text: str) -> None:
        """Say something that is no trouble."""
        self._say(text)
        self._trouble.set_colour(ColourRole.NEUTRAL, "info")

    def _say(self, text: str) -> None:
        self._trouble.set_colour(ColourRole.FAILED, "circle-alert")
        self._trouble.set_message(text)
        self._trouble.setVisible(bool(text))

    def _work(self) -> Work:
        """What stands in the form, as what is done on a thread. Raises BadInput."""
        raise NotImplementedError  # no ABC: a widget has a metaclass of its own

    def _submit(self) -> None:
        if self.isHidden() or not self._now.isEnabled():
            return
        if not self._passphrase.same:
            self.show_error(NOT_THE_SAME)
            return
        try:
            work = self._work()
        except BadInput as error:
            self.show_error(error.user_text)
            return
        self._pressed = self._now.hasFocus()
        self._now.setEnabled(False)
        self._led = self.window().focusWidget()  # where Qt leads to from a button that rests
        first: ToldOnce | None = self._tell_code if self._passphrase.first else None
        about, here = self._about, self._visits.current()
        self._tasks.run(
            partial(work, self._passphrase.typed, first),
            lambda result: self._end(result, here()),
            lambda error: self._refuse(about, error, here()),
            owner=self,
            lane=self._lane,
        )

    def _tell_code(self, code: str) -> None:
        """On the thread that saves; whatever becomes of it, the passphrase is chosen."""
        self._tasks.deliver(self._show_code, code)

    def _show_code(self, code: str) -> None:
        if self.isVisible():
            show_code(code, self._tasks, self)
        else:  # the page was left meanwhile, and somebody else may stand here
            self._tasks.trouble.emit(UNSEEN)

    def _end(self, result: object, is_open: bool) -> None:
        """A form goes with its own answer only: it may be open for something else by now."""
        if is_open:
            self.leave()
        self.done.emit(result)
        if is_open:
            self.closed.emit()

    def _lead_to_passphrase(self) -> None:
        """Where it is missing, what is typed next is it: it must not stand in a field that anybody can read."""
        missing = self._passphrase.missing
        if missing:
            missing.setFocus()
            self._scrolled.show_soon(missing)

    def _lead_back(self) -> None:
        """What is pressed next goes on here, where nobody has gone elsewhere meanwhile."""
        if self._pressed and self.window().focusWidget() is self._led:
            self._mended_first.setFocus()

    @property
    def _mended_first(self) -> QWidget:
        """What a person turns to after a refusal."""
        return self._now

    def _refuse(self, about: str, error: PosError, is_open: bool) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if is_open:
            self.show_error(error.user_text)
            self._lead_back()
            self._lead_to_passphrase()
        else:
            self._tasks.trouble.emit(f"{about}: {error.user_text}")


def said(role: str, text: str = "") -> Label:
    """A sentence of such a form, in a role of the style sheet."""
    label = Label(text, role, wrap=True)
    label.setContentsMargins(RING, 4, RING, 2)
    return label
