"""Lists that load as they are scrolled."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from pos_app.domain.customer_record import FoundCustomer
from pos_app.errors import CannotSave
from pos_app.sales.customer_cards import PAGE
from pos_app.ui.customers.model import CustomersModel
from pos_app.ui.tasks import Tasks

NOWHERE = QModelIndex()


@dataclass
class Crowd:
    """So many customers, the newest first, as a store gives them."""

    count: int
    broken: bool = False

    def read(self, before_id: int | None) -> list[FoundCustomer]:
        if self.broken:
            raise CannotSave()
        newest = self.count if before_id is None else before_id - 1
        return [FoundCustomer(number, "254712345678") for number in range(newest, max(0, newest - PAGE), -1)]


def test_a_page_at_a_time_and_no_more_than_there_is(tasks: Tasks, qtbot: QtBot) -> None:
    model = CustomersModel(tasks)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
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
    model = CustomersModel(tasks)
    model.ask(Crowd(9, broken=True).read)
    with qtbot.waitSignal(model.answered):
        model.ask(Crowd(2).read)
    assert model.rowCount() == 2
    with qtbot.waitSignal(model.failed) as said:
        model.ask(Crowd(2, broken=True).read)
    assert said.args == [CannotSave().user_text]
    assert model.rowCount() == 2
