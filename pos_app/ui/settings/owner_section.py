"""The owner's passphrase: chosen once, asked for before anything that only the owner may do."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.passphrase import SHORTEST
from pos_app.errors import BadInput
from pos_app.messages import recovery as words
from pos_app.ui.recovery.code_dialog import show_code
from pos_app.ui.recovery.forgotten import ForgottenButton
from pos_app.ui.settings.form_section import FormSection
from pos_app.ui.settings.service import OwnerService
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.fields import Field

_WHAT_FOR = (
    "With it the owner settles payments that need checking, and changes these settings. Nobody can read it from this "
    "computer and nobody can send you a new one: write it down and keep it away from the counter. A recovery code "
    "comes with it, for when it is forgotten."
)


class Known(NamedTuple):
    """Whether the owner has chosen a passphrase, and whether there is a recovery code for it."""

    chosen: bool
    code: bool


class OwnerSection(FormSection[Known]):
    """Chooses the passphrase, or where there is one asks for it.

    Args:
        change: whether a new one may be chosen in place of the old.
    """

    TITLE = "The owner's passphrase"
    LEAD = _WHAT_FOR
    COUNTS_AT_ONCE = True

    def __init__(self, service: OwnerService, tasks: Tasks, *, change: bool = False) -> None:
        super().__init__("ownerSection", tasks)
        self._service = service
        self._change = change
        self._chosen = False
        self._passed = False
        self._old = _secret("ownerOld", "Owner's passphrase now")
        self._new = _secret("ownerNew", "Owner's passphrase")
        self._again = _secret("ownerAgain", "Owner's passphrase once more")
        self._known = self.add_note("Thank you. You can go on.")
        self._forgotten = ForgottenButton("owner", tasks, service.recover, Lane.SETTINGS)
        self._old_parts = (
            self.add("Owner's passphrase" if not change else "The passphrase now", self._old),
            self._old,
            self._forgotten,
        )
        self.column.addWidget(self._forgotten, 0, Qt.AlignmentFlag.AlignLeft)
        self._new_parts = (
            self.add(f"New passphrase, at least {SHORTEST} characters", self._new),
            self._new,
            self.add("The same once more", self._again),
            self._again,
        )
        self._code_note = self.add_note("")
        self._make = Button(words.MAKE, name="ownerMakeCode")
        self._make.clicked.connect(self._make_code)
        self._code_parts = (self._code_note, self._make)
        self.column.addWidget(self._make, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.kept.connect(self._pass)
        self._show_parts()

    def read(self) -> Known:
        return Known(self._service.has_chosen(), self._change and self._service.has_code())

    def fill(self, found: Known) -> None:
        self._chosen = found.chosen
        self._code_note.setText(words.HAS_CODE if found.code else words.HAS_NONE)
        self._make.set_text(words.MAKE_NEW if found.code else words.MAKE)
        self.forget()
        self._show_parts()

    def first_field(self) -> QWidget:
        return self._old if self._chosen else self._new

    def work(self) -> Callable[[], str | None]:
        old, new = self._old.edit.text(), self._new.edit.text()
        if self._passed and not self._change:
            return lambda: None
        if self._chosen and not self._change:
            return lambda: self._service.confirm(old)
        if new != self._again.edit.text():
            raise BadInput("The two passphrases are not the same. Nothing was changed.")
        return lambda: self._service.choose(new, old)

    def forget(self) -> None:
        """Keep no passphrase in the fields."""
        for field in (self._old, self._new, self._again):
            field.edit.clear()

    def go_on(self, shown_once: str | None) -> None:
        """Where a code was made, once it was written down."""
        if not shown_once:
            self.kept.emit()
        elif self._page().isVisible():
            show_code(shown_once, self.tasks, self).finished.connect(self.kept)
        else:  # the page was left meanwhile, and somebody else may stand here
            self.tasks.trouble.emit(words.UNSEEN)

    def _page(self) -> QWidget:
        """What is left when one goes elsewhere or the till is locked, and not when another section is looked at."""
        page: QWidget = self
        while page.objectName() != "page" and (above := page.parentWidget()):
            page = above
        return page

    def _make_code(self) -> None:
        """In place of the one before, by the passphrase."""
        if self.working:
            return
        old = self._old.edit.text()
        self.show_error("")
        self.run(lambda: self._service.renew_code(old), self.was_kept)

    def _pass(self) -> None:
        """Who has gone past this page once need not type it again."""
        self._passed = True

    def _show_parts(self) -> None:
        asked = self._change or not self._passed
        self._known.setVisible(not asked)
        for part in self._old_parts:
            part.setVisible(asked and self._chosen)
        for each in self._code_parts:
            each.setVisible(self._change and self._chosen)
        for part in self._new_parts:
            part.setVisible(asked and (self._change or not self._chosen))


def _secret(name: str, spoken: str) -> Field:
    field = Field(name=name, spoken=spoken)
    field.edit.setEchoMode(QLineEdit.EchoMode.Password)
    return field
