"""The list of payments: pages, live changes, and answers that come too late."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.domain.search import Search
from pos_app.errors import PosError
from pos_app.ui.payments.model import PaymentColumn, PaymentsModel, short_number
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.list_model import ROW_ROLE
from tests.support.fakes import FakeClock

ROOT = QModelIndex()
Make = Callable[..., Payment]


class HeldExecutor(Executor):
    """Keeps work until the test lets it run, in any order."""

    def __init__(self) -> None:
        self.held: list[Callable[[], object]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.held.append(lambda: fn(*args, **kwargs))
        return Future()

    def run(self, place: int = 0) -> None:
        self.held.pop(place)()

    def run_all(self) -> None:
        while self.held:
            self.run()


class TillHarness:
    """A reader that knows a list of payments, newest first."""

    def __init__(self, payments: list[Payment]) -> None:
        self.payments = payments
        self.searches: list[Search] = []
        self.trouble: PosError | None = None

    def search(self, search: Search) -> list[Payment]:
        self.searches.append(search)
        if self.trouble:
            raise self.trouble
        found = [
            payment
            for payment in self.payments
            if (not search.states or payment.state in search.states)
            and (search.after is None or payment.id < search.after.id)
        ]
        return found[: search.limit]


@pytest.fixture
def held() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def harness(make_payment: Make) -> TillHarness:
    return TillHarness([make_payment(id=number, number=f"A-20261123-{number:04}") for number in range(250, 0, -1)])


@pytest.fixture
def model(harness: TillHarness, held: HeldExecutor, qtbot: QtBot) -> Iterator[PaymentsModel]:
    tasks = Tasks(held)
    made = PaymentsModel(harness, tasks, FakeClock())  # type: ignore[arg-type]
    yield made
    tasks.close()


def ids(model: PaymentsModel) -> list[int]:
    return [payment.id for payment in model.payments]


def test_it_keeps_the_rules_of_qts_models(model: PaymentsModel, held: HeldExecutor, qtmodeltester: ModelTester) -> None:
    model.find(Search())
    held.run_all()
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]
    held.run_all()


def test_it_loads_a_page_at_a_time(model: PaymentsModel, held: HeldExecutor, harness: TillHarness) -> None:
    model.find(Search())
    held.run_all()
    assert (model.rowCount(), model.complete) == (100, False)

    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
        held.run_all()

    assert ids(model) == list(range(250, 0, -1))
    assert model.complete
    assert [search.after and search.after.id for search in harness.searches] == [None, 151, 51]


def test_a_page_is_asked_for_only_once(model: PaymentsModel, held: HeldExecutor) -> None:
    model.find(Search())
    held.run_all()
    model.fetchMore(ROOT)
    model.fetchMore(ROOT)

    assert len(held.held) == 1
    assert not model.canFetchMore(ROOT)


def test_an_answer_to_an_earlier_look_up_is_dropped(model: PaymentsModel, held: HeldExecutor) -> None:
    model.find(Search(text="old"))
    model.find(Search(limit=3))
    held.run(1)
    assert ids(model) == [250, 249, 248]

    held.run(0)
    assert ids(model) == [250, 249, 248]


def test_a_next_page_of_an_earlier_look_up_is_dropped(model: PaymentsModel, held: HeldExecutor) -> None:
    model.find(Search())
    held.run_all()
    model.fetchMore(ROOT)
    model.find(Search(limit=3))
    held.run(1)
    held.run(0)

    assert ids(model) == [250, 249, 248]


def test_a_change_shows_in_its_row_and_nowhere_else(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, qtbot: QtBot
) -> None:
    model.find(Search())
    held.run_all()
    changed = replace(harness.payments[7], state=State.PAID, receipt="UKN4X7Q2ZT", version=2)
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show_change(changed)

    assert (told.args[0].row(), told.args[1].row()) == (7, 7)
    assert model.index(7, PaymentColumn.STATE).data() == "Paid"
    assert model.index(7, PaymentColumn.CODE).data() == "UKN4X7Q2ZT"
    assert not held.held


def test_an_older_version_never_overwrites_a_newer(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness
) -> None:
    model.find(Search())
    held.run_all()
    old = harness.payments[0]
    model.show_change(replace(old, state=State.PAID, version=3))
    model.show_change(replace(old, state=State.UNKNOWN, version=2))

    assert model.index(0, PaymentColumn.STATE).data() == "Paid"


def test_a_new_payment_comes_on_top(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    model.find(Search())
    held.run_all()
    new = make_payment(id=251)
    harness.payments.insert(0, new)
    model.show_change(new)
    held.run_all()

    assert ids(model)[:3] == [251, 250, 249]
    assert model.rowCount() == 101


def test_a_new_payment_that_does_not_match_stays_away(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    model.find(Search(states=frozenset({State.PROMPTED})))
    held.run_all()
    harness.payments.insert(0, make_payment(id=251, state=State.NOT_SENT))
    model.show_change(harness.payments[0])
    held.run_all()

    assert ids(model)[0] == 250


def test_a_change_while_the_answer_is_on_its_way_is_not_lost(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    before = list(harness.payments)
    model.find(Search())
    harness.payments = [make_payment(id=251), *before]  # committed after the answer below was read
    model.show_change(harness.payments[0])
    model.show_change(replace(before[0], state=State.PAID, version=2))
    now, harness.payments = harness.payments, before
    held.run()
    harness.payments = now
    held.run_all()

    assert ids(model)[:2] == [251, 250]
    assert model.index(1, PaymentColumn.STATE).data() == "Paid"


def test_after_a_long_gap_it_starts_again_instead_of_leaving_a_hole(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    model.find(Search())
    held.run_all()
    harness.payments = [make_payment(id=number) for number in range(500, 0, -1)]
    model.show_change(harness.payments[0])
    held.run_all()

    assert ids(model) == list(range(500, 400, -1))
    assert not model.complete


def test_trouble_is_told_and_the_rows_stay(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, qtbot: QtBot
) -> None:
    model.find(Search())
    held.run_all()
    harness.trouble = PosError("The database is away.")
    model.find(Search(text="x"))
    with qtbot.waitSignal(model.failed) as told:
        held.run_all()

    assert told.args == ["The database is away."]
    assert model.rowCount() == 100


def test_cells(model: PaymentsModel, held: HeldExecutor, harness: TillHarness) -> None:
    today = replace(harness.payments[0], amount=1250, created_at=FakeClock().now())
    yesterday = replace(harness.payments[1], created_at=FakeClock().now() - timedelta(days=1))
    harness.payments[:2] = [today, yesterday]
    model.find(Search())
    held.run_all()

    shown = [model.index(0, column).data() for column in PaymentColumn]
    assert shown == ["14:00", "A-0250", "Week pass", "0712 ••• 678", "1,250", "Waiting for PIN", ""]
    assert model.index(1, PaymentColumn.TIME).data() == "22 Nov 14:00"
    assert model.index(0, 0).data(ROW_ROLE) == today
    assert model.index(0, PaymentColumn.AMOUNT).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.row_at(-1) is None
    assert model.row_of(9_999) is None


def test_short_numbers() -> None:
    assert short_number("A-20261123-0042") == "A-0042"
    assert short_number("odd") == "odd"
