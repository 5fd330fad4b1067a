"""What customers read: both languages, three digits at most, and nothing that shames anybody."""

from collections.abc import Callable

import pytest

from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.payment_line import PaymentLine
from pos_app.messages.customer_display import DisplayKind, payment_view, sum_view

Make = Callable[..., Payment]


def test_who_is_asked_reads_the_amount_the_last_three_digits_and_what_to_do(make_payment: Make) -> None:
    assert payment_view(make_payment()) == (
        DisplayKind.WAITING,
        "KES 250",
        "Weka PIN yako ya M-PESA kwenye simu inayoishia ..678",
        "Enter your M-PESA PIN on the phone ending ..678",
    )
    sending = payment_view(make_payment(state=State.REQUESTED))
    assert sending.swahili == "Tunatuma ombi kwenye simu inayoishia ..678"


def test_paid_says_the_amount_that_came(make_payment: Make) -> None:
    assert payment_view(make_payment(state=State.PAID, amount_paid=250)) == (
        DisplayKind.PAID,
        "KES 250",
        "Imelipwa",
        "Paid",
    )


@pytest.mark.parametrize(
    "fields",
    [
        *({"state": state} for state in State if state not in (State.REQUESTED, State.PROMPTED, State.PAID)),
        {"state": State.PAID, "remarks": frozenset({Remark.DOUBLE})},
        {"state": State.PAID, "remarks": frozenset({Remark.CONFLICT})},
    ],
)
def test_whatever_else_it_is_is_said_at_the_counter(make_payment: Make, fields: dict[str, object]) -> None:
    view = payment_view(make_payment(**fields))
    assert (view.kind, view.swahili, view.english) == (
        DisplayKind.ASK,
        "Tafadhali uliza kaunta",
        "Please ask at the counter",
    )
    assert "678" not in "".join(view)


@pytest.mark.parametrize("state", State)
def test_nothing_names_a_post_or_a_customer(make_payment: Make, state: State) -> None:
    said = "".join(payment_view(make_payment(state=state)))
    assert "Week" not in said
    assert "712" not in said


def test_a_basket_is_its_sum(make_payment: Make) -> None:
    lines = (
        PaymentLine(post_id=4, title="Tea", price=30, quantity=2, days=0),
        PaymentLine(post_id=5, title="Printing", price=10, days=0),
    )
    assert payment_view(make_payment(lines=lines, amount=70)).amount == "KES 70"
    assert sum_view(1_250) == (DisplayKind.SUM, "KES 1,250", "Jumla", "Total")
