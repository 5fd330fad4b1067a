"""What the receipt code is that somebody reads out and that is looked for: for whoever stands at the counter."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.domain.payment import Payment
from pos_app.domain.receipt_code import CodeFound, CodeStanding, code_in
from pos_app.messages.codes import code_words
from pos_app.sales.code_look import CodeLook
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.labels import Label


class CodeLine(QWidget):
    """A line above the list; hidden while what is looked for is no code."""

    def __init__(self, look: CodeLook, tasks: Tasks) -> None:
        super().__init__()
        self._look = look
        self._tasks = tasks
        self._text = ""
        self._words = Label("", "strong", wrap=True)
        self._words.setObjectName("paymentsCode")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        column.addWidget(self._words)
        self.hide()

    def show_for(self, text: str, *, found: bool) -> None:
        """Say what is known of the code in a text.

        Args:
            found: whether a payment was found by it: then what only looks like a code was meant otherwise.
        """
        self._text = text
        if code_in(text) is None:
            self.hide()
            return

        def show(code: CodeFound | None) -> None:
            if text != self._text or code is None or (found and code.standing is CodeStanding.NO_CODE):
                return
            self._say(code_words(code))

        self.hide()
        self._tasks.run(lambda: self._look.look(text), show, lambda error: self._say(error.user_text), owner=self)

    def note_change(self, payment: Payment) -> None:
        """M-PESA has named a code while it stands here."""
        if payment.receipt and self.isVisible() and code_in(self._text) == payment.receipt:
            self.show_for(self._text, found=True)

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self.show()
