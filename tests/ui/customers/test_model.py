"""Lists that load as they are scrolled."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex
from pytestqt.qtbot import QtBot

from pos_app.domain.customer_record import FoundCustomer
from pos_app.domain.payment import Payment
from pos_app.errors import CannotSave
from pos_app.sales.customer_cards import PAGE
from pos_app.ui.customers.model import CustomersModel, TheirPaymentsModel
from pos_app.ui.tasks import Tasks
from tests.support.fakes import FakeClock
from tests.support.model_rules import watched

NOWHERE = QModelIndex()


@dataclass
class Crowd:
    """So many customers, the newest first, as a store gives them."""

    count: int
    broken: bool = False

    def read(self, last: FoundCustomer | None) -> list[FoundCustomer]:
        if self.broken:
            raise CannotSave()
        newest = self.count if last is None else last.id - 1
        return [FoundCustomer(number, "254712345678") for number in range(newest, max(0, newest - PAGE), -1)]


def test_a_page_at_a_time_and_no_more_than_there_is(tasks: Tasks, qtbot: QtBot) -> None:
    model = watched(CustomersModel(tasks), fetching=False)
    crowd = Crowd(PAGE + 10)
    with qtbot.waitSignal(model.answered):
        model.ask(crowd.read)
        assert not model.canFetchMore(NOWHERE)
    assert (model.rowCount(), model.canFetchMore(NOWHERE)) == (PAGE, True)
    with qtbot.waitSignal(model.answered):
        model.fetchMore(NOWHERE)
    assert (model.rowCount(), model.canFetchMore(NOWHERE)) == (PAGE + 10, False)
    assert (model.row_of(1), model.row_of(0)) == (PAGE + 9, None)
    with qtbot.waitSignal(model.answered):
        model.ask(Crowd(PAGE).read)
    with qtbot.waitSignal(model.answered):
        model.fetchMore(NOWHERE)
    assert (model.rowCount(), model.canFetchMore(NOWHERE)) == (PAGE, False)


def test_an_answer_to_an_earlier_question_is_dropped_and_what_fails_is_said(tasks: Tasks, qtbot: QtBot) -> None:
    model = watched(CustomersModel(tasks))
    model.ask(Crowd(9, broken=True).read)
    with qtbot.waitSignal(model.answered):
        model.ask(Crowd(2).read)
    assert model.rowCount() == 2
    with qtbot.waitSignal(model.failed) as said:
        model.ask(Crowd(2, broken=True).read)
    assert said.args == [CannotSave().user_text]
    assert model.rowCount() == 2


def test_the_payments_of_one_customer_after_another(
    tasks: Tasks, qtbot: QtBot, make_payment: Callable[..., Payment]
) -> None:
    model = watched(TheirPaymentsModel(tasks, FakeClock()))
    older = [make_payment(id=number) for number in range(PAGE + 5, 0, -1)]
    model.continue_with(lambda last: [payment for payment in older if last is None or payment.id < last.id])
    with qtbot.waitSignal(model.answered):
        model.show_rows(older[:PAGE])  # and Qt asks for what follows
    assert model.rowCount() == PAGE + 5
    model.show_rows(older[:2])
    assert [model.index(0, column).data() for column in range(4)] == ["14:02", "Week pass", "250", "Waiting for PIN"]
    model.show_rows(())
    assert model.rowCount() == 0
