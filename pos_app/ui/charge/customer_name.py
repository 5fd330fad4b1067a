"""The field in which a customer gets a name, in the place of what is known of them."""

from PySide6.QtCore import Qt, Signal, Slot

from pos_app.domain.customer import MAX_NAME
from pos_app.ui.widgets.fields import Field

_HEIGHT = 38  # px, as the chips


class CustomerNameField(Field):
    """Whose name it is stays the same from `begin` to the end, whatever is typed elsewhere meanwhile.

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
        self.edit.editingFinished.connect(self.finish)

    @property
    def msisdn(self) -> str | None:
        """Who is being named; None where nobody is."""
        return self._msisdn

    def begin(self, msisdn: str, name: str) -> None:
        """The cursor into it, with the name as it is by now."""
        self._msisdn, self._before = msisdn, name
        self.edit.setText(name)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    @Slot()
    def finish(self) -> None:
        """Give the name that stands there."""
        msisdn, self._msisdn = self._msisdn, None
        if msisdn is None:
            return
        if self.edit.text() != self._before:
            self.given.emit(msisdn, self.edit.text())
        self.ended.emit()

    def drop(self) -> bool:
        """Leave the name as it was; whether somebody was being named."""
        msisdn, self._msisdn = self._msisdn, None
        if msisdn is not None:
            self.ended.emit()
        return msisdn is not None
