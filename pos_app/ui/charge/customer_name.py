"""The field in which a customer gets a name, in the place of what is known of them."""

from PySide6.QtCore import Qt, Signal, Slot

from pos_app.domain.customer import MAX_NAME, read_name
from pos_app.errors import BadInput
from pos_app.messages.customers import no_name
from pos_app.ui.widgets.fields import Field

_HEIGHT = 38  # px, as the chips


class CustomerNameField(Field):
    """Whose name it is stays the same from `begin` to the end, whatever is typed elsewhere meanwhile.

    What is no name stays there until somebody changes or leaves it: it may be the next customer's number.

    Attributes:
        given: the cursor has left it, with another name than before: the MSISDN, and what stands there.
        ended: nobody is being named any more.
    """

    given = Signal(str, str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__(name="customerName", spoken="The customer's name", placeholder="Name", height=_HEIGHT)
        self._msisdn: str | None = None
        self._before = ""
        self.edit.setMaxLength(MAX_NAME)
        self.setMaximumHeight(self.sizeHint().height())
        self.edit.editingFinished.connect(self._finish)

    @property
    def msisdn(self) -> str | None:
        """Who is being named; None where nobody is."""
        return self._msisdn

    @property
    def trouble(self) -> str:
        """Why what stands there is no name, in words; empty where it is one, or where nobody is being named."""
        if self._msisdn is not None:
            try:
                read_name(self.edit.text())
            except BadInput as error:
                return no_name(error.user_text)
        return ""

    def begin(self, msisdn: str, name: str) -> None:
        """The cursor into it, with the name as it is by now; where it was begun already, with what was typed."""
        if self._msisdn != msisdn:
            self._msisdn, self._before = msisdn, name
            self.edit.setText(name)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    @Slot()
    def _finish(self) -> None:
        if self.trouble:
            self.refused.emit(self.trouble)
        else:
            self.end()

    def end(self) -> None:
        """Nobody is being named any more: give what stands there, if it is another name."""
        if self._msisdn is not None and not self.trouble and self.edit.text() != self._before:
            self.given.emit(self._msisdn, self.edit.text())
        self.drop()

    def drop(self) -> bool:
        """Leave the name as it was; whether somebody was being named."""
        msisdn, self._msisdn = self._msisdn, None
        if msisdn is not None:
            self.ended.emit()
        return msisdn is not None
