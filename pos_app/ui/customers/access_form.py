"""Access by hand: for how long or which of it, why, and who says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.access import Held, extended
from pos_app.domain.access_by_hand import read_days
from pos_app.domain.catalogue import Post
from pos_app.domain.customer_record import GivenAccess
from pos_app.domain.operators import Act, Need
from pos_app.domain.withdrawal import Origin
from pos_app.errors import BadInput, PosError
from pos_app.messages.access import ALL_OF_IT, given_words, has_words, makes_it_words
from pos_app.messages.recovery import UNSEEN
from pos_app.sales.access_by_hand import Seen
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
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from pos_app.ui.widgets.scrolled import Scrolled

FOR_DAYS, FOR_EVER = "For days", "For ever"


@dataclass(frozen=True)
class _About:
    """What the form is about: a post, what was seen of the customer's access to it, and what can be withdrawn."""

    post: Post
    seen: Seen
    parts: Sequence[GivenAccess] | None  # None: it is given


class AccessForm(QWidget):
    """Takes the place of a customer's detail while access is given or withdrawn.

    Signals:
        changed: it was saved; what the customer has of the post now, in words.
        closed: it is open no more, because it was saved or left.
    """

    changed = Signal(str)
    closed = Signal()

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("accessForm")
        self._till, self._tasks = till, tasks
        self._visits = Visits()
        self._about: _About | None = None
        self._has = ""  # what they have now, in words
        self._title = Label("", "title", wrap=True)
        self._means = Label("", "note", wrap=True)
        self._means.setObjectName("accessMeans")
        self._length = ChoiceButton((FOR_DAYS, FOR_EVER), name="accessLength", spoken="How long")
        self._days = Field(name="accessDays", spoken="Days of access", placeholder="Days")
        self._which = ChoiceButton((ALL_OF_IT,), name="accessWhich", spoken="Which of it")
        self._why = Field(name="accessWhy", spoken="Reason", placeholder="Why")
        self._passphrase = PassphraseFields("access", tasks, till.owner.passphrase.recover)
        self._trouble = Notice("accessTrouble", ColourRole.FAILED, "circle-alert")
        self._act = Button("Give", name="accessNow", kind=Kind.PRIMARY, key="Enter", height=52)
        self._cancel = Button("Cancel", name="accessCancel", key="Esc", height=52, spoken="Change nothing")
        self._lay_out()
        for field in (self._days, self._why):
            field.edit.returnPressed.connect(self._submit)
            field.refused.connect(self._say)
        self._passphrase.entered.connect(self._submit)
        self._length.chosen.connect(self._choose_length)
        self._days.edit.textChanged.connect(self._foretell)
        self._act.clicked.connect(self._submit)
        self._cancel.clicked.connect(self.close_form)
        self.hide()

    def give(self, post: Post, seen: Seen, now: datetime) -> None:
        """Let access to a post be given; the post's own days stand there."""
        self._begin(_About(post, seen, None), "Give access" if not seen.has(now) else "Add to their access", now)
        self._length.choose(FOR_EVER if post.days is None else FOR_DAYS)
        self._days.edit.setText(str(post.days or ""))
        self._choose_length()

    def withdraw(self, post: Post, seen: Seen, parts: Sequence[GivenAccess], now: datetime) -> None:
        """Let access to a post be withdrawn: all of it, or one of its parts."""
        self._begin(_About(post, seen, parts), "Withdraw access", now)
        self._which.offer((ALL_OF_IT, *dict.fromkeys(map(given_words, parts))) if len(parts) > 1 else (ALL_OF_IT,))
        self._why.setFocus()

    def leave(self) -> None:
        """Close without a word; no passphrase is kept."""
        self._visits.end()
        self._passphrase.clear()
        self._about = None
        self.hide()

    def close_form(self) -> None:
        """Close, and say so."""
        self.leave()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        reason = Label("Reason", "caption")
        for label in (self._title, self._means, reason):
            label.setContentsMargins(RING, 4, RING, 2)
        parts = self._title, self._means, self._length, self._days, self._which, reason, self._why, self._passphrase
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(4)
        page.addWidget(Scrolled(content, "accessScroll", "Access by hand"), 1)
        page.addWidget(self._trouble)
        page.addWidget(ButtonRow(self._cancel, self._act))

    def _begin(self, about: _About, title: str, now: datetime) -> None:
        self._visits.end()
        self._about = about
        giving = about.parts is None
        self._title.setText(title)
        self.setAccessibleName(title)
        self._has = has_words(about.seen.msisdn, about.post.title, about.seen.held, now)
        self._means.setText(self._has)
        self._length.setVisible(giving)
        self._days.setVisible(giving)
        self._which.setVisible(not giving and len(about.parts or ()) > 1)
        self._act.set_text("Give" if giving else "Withdraw")
        self._why.edit.clear()
        self._passphrase.clear()
        self._passphrase.ask(Need.PASSPHRASE)
        self._say("")
        self.show()
        self._ask_owner()

    def _choose_length(self) -> None:
        self._days.setVisible(self._length.choice == FOR_DAYS)
        if self._length.choice == FOR_DAYS:
            self._days.setFocus()
            self._days.edit.selectAll()  # what is typed takes the place of the post's own days
        else:
            self._why.setFocus()
        self._foretell()

    def _foretell(self) -> None:
        """Say what the customer will have, before anything is given."""
        if self._about is None or self._about.parts is not None:
            return
        try:
            days = self._given_days()
        except BadInput:
            self._means.setText(self._has)
            return
        now = self._till.clock.corrected()
        then = extended(self._about.seen.has(now), days, now)
        self._means.setText(f"{self._has} {makes_it_words(then)}")

    def _given_days(self) -> int | None:
        """How many days stand there; None for ever. Raises BadInput."""
        return None if self._length.choice == FOR_EVER else read_days(self._days.edit.text())

    def _ask_owner(self) -> None:
        here = self._visits.current()
        self._tasks.run(
            partial(self._till.authority.need, Act.ACCESS),
            lambda need: self._passphrase.ask(need) if here() else None,
            lambda error: self._say(error.user_text) if here() else None,
            owner=self,
        )

    def _submit(self) -> None:
        if self._about is None or not self._act.isEnabled():
            return
        if not self._passphrase.same:
            self._say(NOT_THE_SAME)
            return
        try:
            work = self._work(self._about)
        except BadInput as error:
            self._say(error.user_text)
            return
        self._act.setEnabled(False)
        about, here = self._about, self._visits.current()
        self._tasks.run(
            work,
            lambda held: self._done(about, held, here()),
            lambda error: self._refuse(about, error, here()),
            owner=self,
            lane=Lane.KEEP,
        )

    def _work(self, about: _About) -> Callable[[], Held | None]:
        """What is typed, as what is done on a thread. Raises BadInput."""
        why, passphrase = self._why.edit.text(), self._passphrase.typed
        first: ToldOnce | None = self._tell_code if self._passphrase.first else None
        access = self._till.access
        if about.parts is not None:
            only = self._chosen_part(about.parts)
            return lambda: access.withdraw(about.seen, why, passphrase, only=only, first=first)
        days = self._given_days()
        return lambda: access.give(about.seen, days, why, passphrase, first=first)

    def _chosen_part(self, parts: Sequence[GivenAccess]) -> Origin | None:
        return next((part.origin for part in parts if given_words(part) == self._which.choice), None)

    def _tell_code(self, code: str) -> None:
        """On the thread that saves; whatever becomes of it, the passphrase is chosen."""
        self._tasks.deliver(self._show_code, code)

    def _show_code(self, code: str) -> None:
        if self.isVisible():
            show_code(code, self._tasks, self)
        else:  # the page was left meanwhile, and somebody else may stand here
            self._tasks.trouble.emit(UNSEEN)

    def _done(self, about: _About, held: Held | None, is_open: bool) -> None:
        if is_open:
            self.leave()
        self.changed.emit(has_words(about.seen.msisdn, about.post.title, held, self._till.clock.corrected()))
        if is_open:
            self.closed.emit()

    def _refuse(self, about: _About, error: PosError, is_open: bool) -> None:
        """Beside what was typed; where that is closed by now, to whoever is there."""
        if is_open:
            self._say(error.user_text)
        else:
            self._tasks.trouble.emit(f"{about.post.title}: {error.user_text}")

    def _say(self, text: str) -> None:
        self._trouble.set_message(text)
        self._trouble.setVisible(bool(text))
        self._act.setEnabled(True)
