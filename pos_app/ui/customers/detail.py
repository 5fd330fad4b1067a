"""One customer: what they have, whether they have a post, what they paid, and what people wrote about them."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.catalogue import Post
from pos_app.domain.customer import MAX_NAME
from pos_app.domain.customer_record import CustomerCard, FoundCustomer
from pos_app.domain.phone import group, is_erased, local, mask
from pos_app.errors import PosError
from pos_app.messages.access import by_hand_words, note_line, possessions
from pos_app.sales.access_by_hand import Seen
from pos_app.sales.till import Till
from pos_app.ui.customers.access_form import AccessForm
from pos_app.ui.customers.erase_form import EraseForm
from pos_app.ui.customers.handing_out import ChooseFile, HandingOut, ask_for_file
from pos_app.ui.customers.model import TheirPaymentsModel
from pos_app.ui.customers.question import AccessQuestion
from pos_app.ui.customers.tables import TheirPaymentsTable
from pos_app.ui.recovery.placed_forms import PlacedForms
from pos_app.ui.style.theme import RING
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.text_form import FINISH, TextForm
from pos_app.ui.visits import Visits, take_focus
from pos_app.ui.widgets.button_row import ButtonRow
from pos_app.ui.widgets.buttons import Button, Kind
from pos_app.ui.widgets.card import Card
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import Label, caption
from pos_app.ui.widgets.name_label import NameLabel
from pos_app.ui.widgets.scrolled import Scrolled
from pos_app.ui.widgets.text_area import TextArea

GONE = "This customer is not here any more: they were erased. Look again."
CHOOSE = "Choose a customer to see what they have."
NO_NAME = "No name yet"
ERASED = "This customer was erased"


class CustomerDetail(Card):
    """The panel beside the list. The number is masked until somebody asks for it.

    Signals:
        payment_wanted: the number of a payment to look at.
        named: the customer has another name by now.
        left: Esc; back to the list.
    """

    payment_wanted = Signal(str)
    named = Signal()
    left = Signal()

    def __init__(self, till: Till, tasks: Tasks, choose_file: ChooseFile = ask_for_file) -> None:
        super().__init__()
        self.setObjectName("customerDetail")
        self.setAccessibleName("Customer")
        self._till, self._tasks = till, tasks
        self._visits = Visits()
        self._handing_out = HandingOut(till, tasks, self._visits, self, choose_file)
        self._card: CustomerCard | None = None
        self._make_parts()
        self._lay_out()
        self._connect()
        self.show_customer(None)

    def show_customer(self, found: FoundCustomer | None) -> None:
        """Show another customer, or the same one anew."""
        if found is None or self._card is None or self._card.found.id != found.id:
            self._start_afresh()
            self._card = None
            self._show_parts()
        if found is not None:
            visit = self._visits.current()
            self._tasks.run(
                lambda: (self._till.cards.card(found.id), self._till.audit.may_reveal()),
                lambda read: self._show_read(*read) if visit() else None,
                lambda error: self._fail(error) if visit() else None,
                owner=self,
            )

    def read_posts(self) -> None:
        """Read which posts can be asked about."""
        self._question.read_posts()

    def reload(self) -> None:
        """Read what is shown again."""
        if self._card is not None:
            self.show_customer(self._card.found)

    def focus_first(self) -> None:
        """The focus to the question for a post."""
        if self._card is not None:
            self._question.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """The page is left: whoever comes next finds neither a passphrase nor a number."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._start_afresh()
            for button in (self._reveal, self._export):
                button.hide()  # until it is known for whom numbers are
            self._show_parts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _make_parts(self) -> None:
        self._nothing = Label(CHOOSE, "muted", wrap=True)
        self._nothing.setObjectName("customerNothing")
        self._name = NameLabel("", "title")
        self._name.setObjectName("customerShownName")
        self._phone = Label("", "number")
        self._phone.setObjectName("customerShownPhone")
        self._reveal = Button("Show", name="customerReveal", kind=Kind.QUIET, height=44, spoken="Show number")
        self._has = Label("", "body", wrap=True)
        self._has.setObjectName("customerHas")
        self._by_hand = Label("", "small", wrap=True)
        self._by_hand.setObjectName("customerByHand")
        self._question = AccessQuestion(self._till, self._tasks, self._say)
        self._payments_model = TheirPaymentsModel(self._tasks, self._till.clock, self)
        self._payments = TheirPaymentsTable(self._payments_model)
        self._no_payments = Label("No payments yet.", "small")
        self._notes = Label("", "small", wrap=True)
        self._notes.setObjectName("customerNotes")
        self._note = Button("Add a note", name="customerNote", icon="pencil", height=44)
        self._rename = Button("Name...", name="customerRename", icon="pencil", height=44, spoken="Change the name")
        self._export = Button("Export...", name="customerExport", height=44, spoken="Export this customer to a file")
        self._erase = Button("Erase...", name="customerErase", icon="x", height=44, spoken="Erase this customer")
        self._words = Label("", "small", wrap=True)
        self._words.setObjectName("customerWords")
        self._instead = PlacedForms(self._till, self._tasks)

        def who() -> int | None:
            return self._till.authority.shift.operator_id

        line = Field(name="customerNameField", spoken="Name", placeholder="Name", height=44)
        line.edit.setMaxLength(MAX_NAME)
        area = TextArea(name="customerNoteField", spoken="Note about this customer", placeholder="What happened?")
        self._forms: tuple[TextForm, TextForm] = (
            TextForm(self._tasks, who, "customerName", "the name", "", line),
            TextForm(self._tasks, who, "customerNote", "the note", "", area),
        )

    def _lay_out(self) -> None:
        edge = self.body.contentsMargins().left() - RING  # the buttons bring their own ring
        self.body.setContentsMargins(edge, edge + RING, edge, edge)
        self.body.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        self._whole = Scrolled(content, "customerScroll", "The customer")
        self.body.addWidget(self._whole, 1)
        box = QVBoxLayout(content)
        box.setContentsMargins(RING, 0, RING, 0)
        box.setSpacing(4)
        box.addWidget(self._name)
        row = QHBoxLayout()
        row.addWidget(self._phone)
        row.addWidget(self._reveal)
        row.addStretch(1)
        box.addLayout(row)
        below = ButtonRow(self._note, self._rename, among=True), ButtonRow(self._export, self._erase, among=True)
        for title, parts in (
            ("Has now", (self._has, self._by_hand)),
            ("", (self._question,)),
            ("Payments", (self._payments, self._no_payments)),
            ("Notes", (self._notes, *self._forms, *below)),
        ):
            if title:
                box.addWidget(caption(title, left=0))
            for part in parts:
                box.addWidget(part)
        box.addStretch(1)
        self.body.addWidget(self._words)
        self.body.addWidget(self._instead, 1)

    def _connect(self) -> None:
        self._reveal.clicked.connect(self._show_number)
        self._question.give_wanted.connect(self._open_give)
        self._question.withdraw_wanted.connect(self._open_withdraw)
        self._payments.opened.connect(self._open_payment)
        self._payments.doubleClicked.connect(lambda _index: self._open_payment())
        self._instead.done.connect(self._show_changed)
        self._instead.closed.connect(self._leave_access)
        self._export.clicked.connect(self._hand_out)
        self._handing_out.said.connect(self._say)
        self._erase.clicked.connect(self._open_erase)
        self._rename.clicked.connect(self._type_name)
        self._note.clicked.connect(self._write_note)
        for form, button in zip(self._forms, (self._rename, self._note), strict=True):
            form.kept.connect(self._show_kept)
            form.closed.connect(partial(self._leave_form, button))

    # --- what is shown ---------------------------------------------------------------------------------

    def _start_afresh(self) -> None:
        self._visits.end()
        self._instead.leave()
        self._leave_forms()
        self._question.clear()
        if self._card is not None:
            self._phone.setText(mask(self._card.found.phone))
        self._say("")

    def _show_parts(self) -> None:
        instead = self._instead.isVisibleTo(self)
        self._whole.setVisible(self._card is not None and not instead)
        self._nothing.setVisible(self._card is None)
        begun = self._card is not None and self._forms[1].has_draft(self._card.found.id)
        self._note.set_text(FINISH if begun else "Add a note")

    def _show_read(self, card: CustomerCard | None, reveals: bool) -> None:
        if card is None:
            self._fail(PosError(GONE))
            return
        before, self._card = self._card, card
        if before is None or before.found.phone != card.found.phone:
            self._phone.setText(mask(card.found.phone))
        erased = is_erased(card.found.phone)
        focus = self.window().focusWidget()
        if erased and focus is not None and self.isAncestorOf(focus):
            self.left.emit()  # what has the focus goes: Qt would give it to whatever button stands next
        for button in (self._reveal, self._export):
            button.setVisible(reveals and not erased)
        for part in (self._question, self._note, self._rename, self._erase):
            part.setHidden(erased)
        self._name.setText(card.found.name or (ERASED if erased else NO_NAME))
        self._has.setText(possessions(card.has()))
        by_hand = "\n".join(by_hand_words(each) for each in card.access if each.number is None)
        self._by_hand.setText(by_hand)
        self._by_hand.setVisible(bool(by_hand))
        self._payments_model.show_rows(card.payments)
        self._payments_model.continue_with(
            lambda last: self._till.cards.payments(card.found.id, last.id if last else None)
        )
        self._payments.setVisible(bool(card.payments))
        self._no_payments.setVisible(not card.payments)
        self._notes.setText("\n".join(map(note_line, card.notes)))
        self._notes.setVisible(bool(card.notes))
        self._show_parts()
        if not erased:
            self._question.ask_about(card)

    def _fail(self, error: PosError) -> None:
        self._card = None
        self._nothing.setText(error.user_text)
        self._show_parts()

    def _show_number(self) -> None:
        """Recorded first, then shown."""
        if self._card is None:
            return
        found, visit = self._card.found, self._visits.current()
        self._tasks.run(
            lambda: self._till.audit.reveal(f"customer {found.id}"),
            lambda _: self._phone.setText(group(local(found.phone))) if visit() else None,
            lambda error: self._say(error.user_text),
            owner=self,
            lane=Lane.KEEP,
        )

    # --- what is done ----------------------------------------------------------------------------------

    def _open_give(self, post: Post, seen: Seen) -> None:
        self._whole.hide()
        self._instead.place(AccessForm).give(post, seen, self._till.clock.corrected())

    def _open_withdraw(self, post: Post, seen: Seen) -> None:
        if self._card is not None:
            self._whole.hide()
            parts = [each for each in self._card.access if each.post_id == post.id]
            self._instead.place(AccessForm).withdraw(post, seen, parts, self._till.clock.corrected())

    def _hand_out(self) -> None:
        if self._card is not None:
            self._handing_out.ask(self._card.found)

    def _open_erase(self) -> None:
        if self._card is not None:
            self._whole.hide()
            self._instead.place(EraseForm).start(self._card.found.phone, possessions(self._card.has()))

    def _show_changed(self, text: str) -> None:
        self._say(text)
        self.reload()
        self.named.emit()  # or erased: the list says so, too

    def _leave_access(self) -> None:
        self._show_parts()
        self.reload()  # another till may have changed what they have: it was refused for that, and is looked at again
        take_focus(self._question)

    def _open_payment(self) -> None:
        payment = self._payments.current
        if payment is not None:
            self.payment_wanted.emit(payment.number)

    def _type_name(self) -> None:
        if self._card is not None:
            self._leave_forms()
            found, keep = self._card.found, self._till.customers.give_name
            self._forms[0].start(lambda text: keep(found.phone, text), mask(found.phone), found.id, found.name or "")
            self._whole.show_soon(self._forms[0])

    def _write_note(self) -> None:
        if self._card is not None:
            self._leave_forms()
            found, keep = self._card.found, self._till.notes.about_customer
            self._forms[1].start(lambda text: keep(found.phone, text), mask(found.phone), found.id)
            self._whole.show_soon(self._forms[1])

    def _leave_form(self, button: Button) -> None:
        """The focus goes back to what opened it."""
        self._show_parts()
        take_focus(button)

    def _leave_forms(self) -> None:
        for form in self._forms:
            form.leave()

    def _show_kept(self) -> None:
        self.reload()
        self.named.emit()

    def _say(self, text: str) -> None:
        self._words.setText(text)
        self._words.setVisible(bool(text))
