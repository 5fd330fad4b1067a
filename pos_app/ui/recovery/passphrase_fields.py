"""The owner's passphrase, where a form may need it: typed once, or twice where it is only being chosen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.operators import Need
from pos_app.domain.passphrase import SHORTEST
from pos_app.ui.recovery.forgotten import ForgottenButton, Recover
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.fields import Field
from pos_app.ui.widgets.labels import caption
from pos_app.ui.widgets.notice import Notice

NOT_THE_SAME = "The two passphrases are not the same. Nothing was changed."
_FIRST = f"This is the first time. Choose the owner's passphrase, at least {SHORTEST} characters, and keep it safe."


class PassphraseFields(QWidget):
    """Part of a form.

    Args:
        prefix: of the names of its parts.
        recover: chooses a new passphrase by the recovery code; called on a thread.

    Signals:
        entered: Enter in one of them.
    """

    entered = Signal()

    def __init__(self, prefix: str, tasks: Tasks, recover: Recover) -> None:
        super().__init__()
        self._notice = Notice(f"{prefix}First", ColourRole.WAITING, "info")
        self._notice.set_message(_FIRST)
        self._caption = caption("Owner's passphrase")
        self._once = Field(name=f"{prefix}Passphrase", spoken="Owner's passphrase")
        self._again_caption = caption("The same once more")
        self._again = Field(name=f"{prefix}Again", spoken="Owner's passphrase once more")
        self._forgotten = ForgottenButton(prefix, tasks, recover)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self._notice, self._caption, self._once, self._again_caption, self._again):
            column.addWidget(part)
        column.addWidget(self._forgotten, 0, Qt.AlignmentFlag.AlignLeft)
        for field in (self._once, self._again):
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
            field.edit.returnPressed.connect(self.entered)
        self.ask(Need.PASSPHRASE)

    @property
    def typed(self) -> str:
        """As it was typed."""
        return self._once.edit.text()

    @property
    def first(self) -> bool:
        """Whether it is only being chosen."""
        return self._again.isVisibleTo(self)

    @property
    def same(self) -> bool:
        """Whether it was typed alike both times, where it is typed twice."""
        return not self.first or self._again.edit.text() == self.typed

    @property
    def missing(self) -> QWidget | None:
        """The field that is asked for and empty; None where there is none."""
        return self._once.edit if self._once.isVisibleTo(self) and not self.typed else None

    def ask(self, need: Need) -> None:
        """Ask for what is missing, if anything is."""
        first = need is Need.OFF
        for part in (self._notice, self._again_caption, self._again):
            part.setVisible(first)
        for part in (self._caption, self._once):
            part.setVisible(need is not Need.NOTHING)
        self._forgotten.setVisible(need is not Need.NOTHING and not first)

    def clear(self) -> None:
        """Keep nothing."""
        for field in (self._once, self._again):
            field.edit.clear()
