"""Closing the day: what is closed, and its number typed, which no stray Enter and no scan does."""

from pos_app.domain.day import DayReport, close_name
from pos_app.domain.money import kes
from pos_app.domain.operators import Act
from pos_app.errors import BadInput
from pos_app.messages import day as words
from pos_app.sales.till import Till
from pos_app.ui.recovery.passphrase_form import PassphraseForm, Work, said
from pos_app.ui.tasks import Tasks


class CloseForm(PassphraseForm):
    """Takes the place of the day's figures; gives the `DayClose`."""

    def __init__(self, till: Till, tasks: Tasks) -> None:
        super().__init__(
            till,
            tasks,
            Act.CLOSE,
            prefix="dayClose",
            spoken="Close the day",
            button="Close the day",
            hint="Digits only",
            nothing="Close nothing",
        )
        self._number = 0
        self._says = said("body")
        self._carried = said("note")
        self._how = said("body")
        self._lay_out((self._says, self._carried, self._how), reason="The number of the close")
        self._why.edit.textChanged.connect(self._note_typed)

    def start(self, report: DayReport) -> None:
        """About what no close has yet, as it was shown."""
        self._number = report.number or 0
        name, since, figures = close_name(self._number), words.since_words(report), report.figures
        back = f"{kes(figures.refunded)} went back; " if figures.refunded else ""
        self._says.setText(
            f"{since[:1].upper()}{since[1:]}: {figures.paid:,} paid, {kes(figures.received)}; "
            f"{back}net {kes(figures.net)}. What is recorded until then counts, too."
        )
        self._carried.setText(words.carried_words(report))
        self._how.setText(f"Type {self._number} to close. A close is for ever; sales go on, and are of the next day.")
        self._begin(f"Close the day: {name}", name)
        self._why.setFocus()

    def leave(self) -> None:
        """No sum stays for whoever comes next."""
        super().leave()
        for label in (self._title, self._says, self._carried, self._how):
            label.setText("")

    def _note_typed(self, text: str) -> None:
        """What a scanner leaves there without an Enter is said at once, not only when somebody presses one."""
        wrong = not str(self._number).startswith(text.strip())
        self._say(self._wrong_number() if wrong else "")

    def _wrong_number(self) -> str:
        return f"Type {self._number}, the number of the close. Nothing was closed."

    def _work(self) -> Work:
        number, close = self._number, self._till.days.close
        if self._why.edit.text().strip() != str(number):
            self._why.edit.selectAll()  # the next digit takes the place of what a scanner left there
            raise BadInput(self._wrong_number())
        return lambda passphrase, _first: close(number, passphrase)
