"""Looks up, on a thread, who the typed digits mean; the latest keystroke wins."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from pos_app.domain.customer import Customer, KnownPhone
from pos_app.sales.till import Till
from pos_app.ui.tasks import Lane, Tasks


class Question(NamedTuple):
    """What is to be found out: about the customer with a phone, or who has one that ends in four digits.

    Attributes:
        msisdn: a whole number; None while there is none.
        last: four digits; None where something else was typed.
    """

    msisdn: str | None = None
    last: str | None = None


class FoundCustomers(NamedTuple):
    """What was found.

    Attributes:
        question: what it answers.
        customer: who has the phone; None where nobody was ever asked at it.
        ending: who has paid before and has a phone that ends in the digits.
        failed: the store could not be read.
    """

    question: Question
    customer: Customer | None = None
    ending: Sequence[KnownPhone] = ()
    failed: bool = False


NOTHING = Question()


class CustomerLook(QObject):
    """Asks one question at a time; of those that come meanwhile only the latest is asked, and only its answer counts.

    Attributes:
        answered: there is an answer to what was asked last, and `answer` has it.
        refused: a name could not be written down, and why, in words.
    """

    answered = Signal()
    refused = Signal(str)

    def __init__(self, till: Till, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._till = till
        self._tasks = tasks
        self._asked = NOTHING
        self._answer: FoundCustomers | None = None
        self._looking = False
        self._anew = False  # what is being read now may be old by the time it is here

    @property
    def answer(self) -> FoundCustomers | None:
        """The answer to what was asked last; None while it is not there."""
        return self._answer

    def ask(self, question: Question) -> None:
        """Find this out, and forget whatever was asked before. Where it is the same, nothing happens."""
        if question != self._asked:
            self._asked, self._answer = question, None
            self._look()

    def read_anew(self, phone: str) -> None:
        """Something about the customer with this MSISDN changed: read it anew; what is known stands until then."""
        if phone == self._asked.msisdn:
            self._anew = True
            self._look()

    @Slot(str, str)
    def give_name(self, msisdn: str, name: str) -> None:
        """Write down what a customer is called, and read anew what is known of them."""
        self._tasks.run(
            lambda: self._till.customers.give_name(msisdn, name),
            lambda _: self.read_anew(msisdn),
            lambda error: self.refused.emit(error.user_text),
            owner=self,
            lane=Lane.KEEP,
        )

    def _look(self) -> None:
        question = self._asked
        if self._looking or question == NOTHING:
            return
        self._looking, self._anew = True, False
        self._tasks.run(
            lambda: self._find(question),
            self._found,
            lambda _error: self._found(FoundCustomers(question, failed=True)),
            owner=self,
        )

    def _find(self, question: Question) -> FoundCustomers:
        customers = self._till.customers
        if question.msisdn is not None:
            return FoundCustomers(question, customer=customers.about(question.msisdn))
        return FoundCustomers(question, ending=customers.ending(question.last or ""))

    def _found(self, answer: FoundCustomers) -> None:
        self._looking = False
        current = answer.question == self._asked
        if current:
            self._answer = answer
            self.answered.emit()
        if self._anew or not current:
            self._look()
