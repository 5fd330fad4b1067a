"""What is said of a receipt that did not come out."""

from pos_app.domain.payment import State
from pos_app.messages.printing import trouble_words
from pos_app.sales.printing import PrintTrouble
from tests.support.builders import a_payment

PAID = a_payment(State.PAID)


def test_the_payment_first_then_the_printer_then_what_to_do() -> None:
    assert trouble_words(PrintTrouble(PAID, "The receipt printer has no paper. Nothing was printed.")) == (
        "Paid and saved: A-20261123-0042, KES 100, 0708 ••• 149. The receipt printer has no paper. "
        "Nothing was printed. F9 shows the receipt, and Enter prints it when the printer is ready."
    )


def test_what_may_be_on_paper_is_looked_for_there() -> None:
    assert "Look at the paper; F9 prints it again, as a copy." in trouble_words(PrintTrouble(PAID, None))
