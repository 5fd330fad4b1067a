"""The rows of what needs a person: only what goes and comes moves."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

from pos_app.domain.attention import Concern, Waiting
from pos_app.domain.payment import Remark, State
from pos_app.ui.attention.model import AttentionColumn, AttentionModel
from tests.support.builders import a_payment
from tests.support.fakes import START
from tests.support.model_rules import watched


def waiting(number: int) -> Waiting:
    payment = replace(a_payment(), id=number, number=f"A-20261123-{number:04}")
    return Waiting(concern=Concern.NOT_SURE, since=START - timedelta(hours=1), payment=payment)


DAY = Waiting(concern=Concern.DAY_OPEN, since=START)
ITEMS = [*map(waiting, range(1, 4)), DAY]


def ids(model: AttentionModel) -> list[int]:
    found = [model.row_at(row) for row in range(model.rowCount())]
    return [item.payment.id if item.payment else 0 for item in found if item]


def test_whatever_was_there_before_what_is_found_is_there_then() -> None:
    model = watched(AttentionModel())
    some = [list(each) for many in range(len(ITEMS) + 1) for each in combinations(ITEMS, many)]
    for before, after in product(some, some):
        model.show_items(before, START)
        model.show_items(after, START)
        assert ids(model) == [item.payment.id if item.payment else 0 for item in after]


def test_what_stays_moves_no_row() -> None:
    model = watched(AttentionModel())
    model.show_items(ITEMS, START)
    moved: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: moved.append((first, last)))
    model.rowsRemoved.connect(lambda _, first, last: moved.append((first, last)))
    model.show_items([replace(item, since=START - timedelta(days=3)) for item in ITEMS], START)
    assert moved == []
    assert model.index(0, AttentionColumn.AGE).data() == "3 days"
    model.show_items(ITEMS[1:], START)
    assert moved == [(0, 0)]


def test_what_is_about_no_payment_has_no_number_and_no_amount() -> None:
    model = watched(AttentionModel())
    model.show_items([DAY], START)
    cells = [model.index(0, column).data() for column in AttentionColumn]
    assert cells == ["Day not closed", "", "", "", "0:00", "Close the day..."]


def test_where_money_goes_back_it_says_how_much() -> None:
    model = watched(AttentionModel())
    remarks = frozenset({Remark.BOUND, Remark.REST_DUE})
    bound = a_payment(State.PAID, amount=50, amount_paid=130, remarks=remarks)
    model.show_items([Waiting(concern=Concern.REFUND_DUE, since=START, payment=bound)], START)
    assert model.index(0, AttentionColumn.AMOUNT).data() == "80"
