"""The keyboard of the charge page: keys and scans, and what they do to the post, the phone and the one big button."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

from pos_app.domain.phone import compact
from pos_app.messages import counter as words
from pos_app.sales.ports import Clock
from pos_app.ui.charge.keys import BEGINS, EnterPause, Place, Press, digit_of, meaning, moves_on
from pos_app.ui.charge.post_tile import PostTile
from pos_app.ui.charge.typed import Typed
from pos_app.ui.widgets.enter import ENTER
from pos_app.ui.widgets.key_watch import SCAN_LENGTH, Haste, Undo

if TYPE_CHECKING:
    from pos_app.ui.charge.page import ChargePage


PLUS_PAUSE = 1.5  # seconds; a 2 that comes later begins a number without a plus, and one more was meant


class Plus(NamedTuple):
    """A + that made one more of a line: what stood in the form before and after it, and when it was, in seconds."""

    before: Typed
    after: Typed
    at: float


class ChargeKeyboard:
    """Has each key of the charge page before its widgets. Nothing here sends but an Enter that a hand pressed."""

    def __init__(self, page: "ChargePage", clock: Clock) -> None:
        self._page = page
        self._grid, self._form = page.grid, page.form
        self._enter = EnterPause(clock.monotonic)
        self._now = clock.monotonic
        self._plus: Plus | None = None  # the last key, where it was a +

    # --- scans ---------------------------------------------------------------------------------------

    def remember(self) -> Undo:
        """What a scan may spoil; gives what puts it back."""
        typed, sought = self._form.typed(), self._grid.search.edit.text()

        def put_back() -> None:
            self._form.put_back(typed)
            self._grid.search.edit.setText(sought)

        return put_back

    def scan(self, code: str) -> None:
        """A scanner read a code: its post is chosen, or it stands in the find field, with words."""
        self._page.show_form()
        if not self._grid.scan(code):
            self._grid.search.setFocus()
            if compact(self._form.phone.text()) == code:  # read twice: the first time was no person's either
                self._form.clear_phone()
            self._form.hint(words.NO_SUCH_CODE)
            self._page.flow.read_posts()  # a command may have added it

    def scan_begins(self) -> None:
        """A scanner's prefix came: what follows is seen in the find field."""
        self._page.show_form()
        self._grid.search.edit.clear()
        self._grid.search.setFocus()

    # --- keys ----------------------------------------------------------------------------------------

    def take(self, event: QKeyEvent, haste: Haste | None) -> bool:
        """Have a key before the widget with the focus; True where it is dealt with."""
        panel = self._page.shown is not None
        pressed = meaning(event, Place() if panel else self._place())
        plus, self._plus = self._plus, None
        if panel:
            if pressed not in BEGINS:
                return self._on_panel(pressed, event)
            self._page.leave_panel()
            if pressed is Press.RECENT and self._form.phone.text():
                return True  # nobody is taken whom one has not seen offered: who was typed before stands there
        if haste and haste.text and self._was_scanned(haste):
            haste.undo()
            self.scan(haste.text)
            return True
        if plus and event.text() == "2" and self._begins_a_number(plus):
            self._form.put_back(plus.before)  # it was the beginning of +254: no phone begins with 2
            self._form.phone.setFocus()
            self._form.phone.press("+")
            self._form.phone.press("2")
            return True
        return self._do(pressed, event, haste)

    def _place(self) -> Place:
        form = self._form
        free = not form.phone.text() or form.phone.msisdn() is not None
        return Place(
            in_find=self._grid.search.edit.hasFocus() or form.customer.naming,
            in_phone=form.phone.edit.hasFocus(),
            in_line=form.lines.field is not None,
            counts=bool(form.basket) and free,
        )

    def _on_panel(self, pressed: Press, event: QKeyEvent) -> bool:
        """A key that begins no charge while a payment is shown. No panel takes Enter: it must never send."""
        focus = self._focused_button()
        if focus and event.text() == " ":
            return False
        if pressed is Press.AGAIN:
            self._page.result.press_again()
        elif self._page.makes_room and moves_on(event):
            self._page.new_charge()
        return event.key() in ENTER or pressed in (Press.AGAIN, Press.ANYWAY, Press.SWALLOW)

    def _was_scanned(self, haste: Haste) -> bool:
        """Whether a quick run was no person's: no phone begins like that, or it fell into one field after another."""
        search = self._grid.search.edit
        if search.hasFocus():
            return len(haste.text) >= SCAN_LENGTH and not search.text().endswith(haste.text)
        if self._form.lines.field:
            return len(haste.text) >= SCAN_LENGTH
        if self._form.customer.naming:  # a person types a name as quickly, but no row of digits
            return len(haste.text) >= SCAN_LENGTH and haste.text.isdigit()
        return self._form.phone.wrong()

    def _do(self, pressed: Press, event: QKeyEvent, haste: Haste | None) -> bool:
        match pressed:
            case Press.LEAVE:
                return (event.text() == " " and self._space_would_ask()) or self._types_what_is_held(event)
            case Press.ENTER | Press.SEND:
                self._enter_pressed(anywhere=pressed is Press.SEND, haste=haste)
            case Press.FIND | Press.POST:
                self._grid.search.setFocus()
                self._grid.search.edit.insert(event.text() if pressed is Press.POST else "")
            case Press.PHONE:
                self._form.phone.setFocus()
                self._form.type_phone(event.text())
            case Press.MORE | Press.LESS:
                self._count(1 if pressed is Press.MORE else -1)
            case Press.FAVOURITE:
                self._favourite(digit_of(event) or 0)
            case Press.RECENT:
                self._form.take_customer(digit_of(event) or 0)
            case Press.ANYWAY if not haste:
                self._form.press_anyway()
        return True

    def _count(self, more: int) -> None:
        before = self._form.typed()
        self._form.lines.count(more)
        if more > 0:
            self._plus = Plus(before, self._form.typed(), self._now())

    def _begins_a_number(self, plus: Plus) -> bool:
        """Whether a 2 behind it makes it a phone's: at once, and before a finger has chosen anything else."""
        at_once = self._now() - plus.at <= PLUS_PAUSE
        there = self._form.typed() == plus.after and not self._form.lines.field
        return at_once and there and not self._form.phone.text()

    def _favourite(self, key: int) -> None:
        post = self._grid.favourite(key)
        if post:
            self._page.choose_post(post)
        else:
            self._form.hint(words.no_favourite(key))

    def _focused_button(self) -> QAbstractButton | None:
        focus = self._page.window().focusWidget()
        return focus if isinstance(focus, QAbstractButton) else None

    def _types_what_is_held(self, event: QKeyEvent) -> bool:
        """A character for the phone of a charge that is being saved: it is not taken, and that is said."""
        types = self._form.phone.edit.hasFocus() and event.text() != "" and event.text().isprintable()
        return types and self._form.held()

    def _space_would_ask(self) -> bool:
        """A space may be in a barcode: it never presses what asks, where another button takes it."""
        return self._focused_button() in self._form.asking

    def _enter_pressed(self, *, anywhere: bool, haste: Haste | None) -> None:
        button, search = self._focused_button(), self._grid.search.edit
        if not anywhere and search.hasFocus():
            self._enter_in_find()
        elif not anywhere and (self._form.lines.field or self._form.customer.naming):
            self._enter_in_line()
        elif haste and self._form.ready:
            self._form.hint(words.TOO_FAST)
        elif not self._enter.passes():
            return
        elif not anywhere and isinstance(button, PostTile):
            self._page.choose_post(button.post)
        elif not anywhere and button and button not in self._form.asking:
            button.click()
        else:
            self._form.press()

    def _enter_in_find(self) -> None:
        """It only ever chooses a post; with nothing typed the cursor goes home."""
        if not self._enter.passes():
            return
        if self._grid.search.edit.text().strip():
            self._grid.choose_first()
        else:
            self._form.phone.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_in_line(self) -> None:
        """It never asks: the cursor goes home."""
        if self._enter.passes():
            self._form.phone.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- Esc -----------------------------------------------------------------------------------------

    def escape(self) -> None:
        """Empty the form step by step: the warning, the find text, the phone, each line; one thing a press."""
        search, form = self._grid.search.edit, self._form
        if form.dismiss():
            return
        if form.customer.drop_name():
            form.phone.setFocus()
            return
        elsewhere = search.hasFocus() or form.lines.field is not None
        form.phone.setFocus()
        if search.text():
            search.clear()
        elif elsewhere:
            return
        elif form.phone.text():
            form.clear_phone()
        elif len(form.basket) > 1:
            form.lines.take_out()
        else:
            form.clear()
