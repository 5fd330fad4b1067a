"""The list of payments: pages, live changes, and answers that come too late."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.payment import Payment, State
from pos_app.domain.search import PageEnd, Search, Sort
from pos_app.errors import PosError
from pos_app.ui.payments.model import PaymentColumn, PaymentsModel
from pos_app.ui.tasks import Tasks
from pos_app.ui.widgets.list_model import ROW_ROLE
from tests.support.fakes import FakeClock
from tests.support.held_executor import HeldExecutor
from tests.support.model_rules import watched

ROOT = QModelIndex()
Make = Callable[..., Payment]


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
        by_amount, way = search.sort.by_amount, -1 if search.sort.descending else 1

        def key(one: Payment | PageEnd) -> tuple[int, int]:
            return (way * one.amount if by_amount else 0), way * one.id

        found = [
            payment
            for payment in self.payments
            if (not search.states or payment.state in search.states)
            and (search.after is None or key(payment) > key(search.after))
        ]
        return sorted(found, key=key)[: search.limit]


@pytest.fixture
def held() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def harness(make_payment: Make) -> TillHarness:
    return TillHarness([make_payment(id=number, number=f"A-20261123-{number:04}") for number in range(250, 0, -1)])


@pytest.fixture
def tasks(held: HeldExecutor, qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks(held)
    yield made
    made.close()


@pytest.fixture
def model(harness: TillHarness, tasks: Tasks) -> PaymentsModel:
    return watched(PaymentsModel(harness, tasks, FakeClock()), fetching=False)  # type: ignore[arg-type]


def ids(model: PaymentsModel) -> list[int]:
    return [payment.id for payment in model.payments]


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
    assert model.row_of(replace(today, id=9_999)) is None


# --- what is far from what is seen is let go -----------------------------------------------------------


def scroll(model: PaymentsModel, held: HeldExecutor) -> PaymentsModel:
    """To the end of them."""
    model.find(Search())
    held.run_all()
    while model.canFetchMore(ROOT):
        model.fetchMore(ROOT)
        held.run_all()
    model.look_at(1_030, 1_049, 1_040)
    held.run_all()
    return model


@pytest.fixture
def thousand(harness: TillHarness, make_payment: Make) -> None:
    """A thousand and fifty payments."""
    harness.payments = [make_payment(id=number) for number in range(1_050, 0, -1)]


@pytest.fixture
def scrolled(harness: TillHarness, tasks: Tasks, held: HeldExecutor, thousand: None) -> PaymentsModel:
    """Scrolled to the end, and from then on under Qt's eyes: it looks at every row again at each page that comes, a
    second and more for all of them, and once is enough.
    """
    made = PaymentsModel(harness, tasks, FakeClock())  # type: ignore[arg-type]
    return watched(scroll(made, held), fetching=False)


def test_the_rows_stay_and_only_some_are_held(model: PaymentsModel, held: HeldExecutor, thousand: None) -> None:
    scrolled = scroll(model, held)
    assert scrolled.rowCount() == 1_050
    assert ids(scrolled) == list(range(250, 0, -1))
    assert not scrolled.complete
    assert scrolled.index(0, PaymentColumn.STATE).data() is None
    assert scrolled.index(1_049, PaymentColumn.STATE).data() == "Waiting for PIN"


def test_the_page_of_the_current_row_stays(scrolled: PaymentsModel, held: HeldExecutor) -> None:
    scrolled.look_at(500, 520, 1_040)
    held.run_all()
    scrolled.look_at(0, 20, 1_040)
    held.run_all()
    assert scrolled.row_at(1_040) is not None
    assert scrolled.row_at(500) is None


def test_what_is_seen_again_is_asked_for_again(
    scrolled: PaymentsModel, held: HeldExecutor, harness: TillHarness, qtbot: QtBot
) -> None:
    asked = len(harness.searches)
    scrolled.look_at(395, 410, 1_040)
    assert scrolled.row_at(399) is None
    with qtbot.waitSignal(scrolled.dataChanged) as told:
        held.run()
    assert (told.args[0].row(), told.args[1].row()) == (300, 399)
    held.run_all()
    assert [scrolled.row_at(row).id for row in (395, 410)] == [655, 640]  # type: ignore[union-attr]
    assert len(harness.searches) == asked + 2
    assert not held.held


def test_meanwhile_some_came_and_some_match_no_more(
    scrolled: PaymentsModel, held: HeldExecutor, harness: TillHarness
) -> None:
    gone = {payment.id for payment in harness.payments[310:320]}
    harness.payments = [payment for payment in harness.payments if payment.id not in gone]
    scrolled.look_at(305, 312, -1)
    held.run_all()
    assert scrolled.rowCount() == 1_040
    assert scrolled.row_at(312).id == 728  # type: ignore[union-attr]


def test_where_far_too_much_came_meanwhile_it_looks_up_again(
    scrolled: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    """Payments are never written in between; whatever did that, no row is shown twice."""
    between = harness.payments[305]
    harness.payments = [payment for payment in harness.payments if payment.id != between.id]
    many = [make_payment(id=10_000 - number, amount=1) for number in range(250)]
    harness.payments = [*many, *harness.payments]
    model = scrolled
    model.find(Search(sort=Sort.LOWEST))
    held.run_all()
    assert ids(model) == [payment.id for payment in reversed(many)][:100]


def test_a_change_of_what_was_let_go_shows_when_it_is_seen_again(
    scrolled: PaymentsModel, held: HeldExecutor, harness: TillHarness
) -> None:
    paid = replace(harness.payments[5], state=State.PAID, version=9)
    harness.payments[5] = paid
    scrolled.show_change(paid)
    assert not held.held
    scrolled.look_at(0, 10, -1)
    held.run_all()
    assert scrolled.index(5, PaymentColumn.STATE).data() == "Paid"


def test_a_new_payment_comes_on_top_of_what_was_let_go(
    scrolled: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    harness.payments.insert(0, make_payment(id=1_051))
    scrolled.show_change(harness.payments[0])
    held.run_all()
    assert scrolled.rowCount() == 1_051
    scrolled.look_at(0, 10, -1)
    held.run_all()
    assert [scrolled.row_at(row).id for row in range(3)] == [1_051, 1_050, 1_049]  # type: ignore[union-attr]


def test_more_is_asked_for_before_the_end_is_seen(model: PaymentsModel, held: HeldExecutor) -> None:
    model.find(Search())
    held.run_all()
    model.look_at(0, 40, 0)
    assert not held.held
    model.look_at(40, 60, 0)
    held.run_all()
    assert model.rowCount() == 200


@pytest.mark.parametrize(("sort", "row"), [(Sort.OLDEST, 250), (Sort.HIGHEST, 0), (Sort.LOWEST, 250), (Sort.NEWEST, 0)])
def test_in_whatever_order_a_new_payment_finds_its_place(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make, sort: Sort, row: int
) -> None:
    model.find(Search(sort=sort, limit=300))
    held.run_all()
    new = make_payment(id=251, amount=1_000)
    harness.payments.insert(0, new)
    model.show_change(new)
    held.run_all()
    assert (model.row_of(new), model.rowCount()) == (row, 251)


def test_what_comes_beyond_the_rows_waits_until_it_is_scrolled_to(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    model.find(Search(sort=Sort.OLDEST))
    held.run_all()
    harness.payments.insert(0, make_payment(id=251))
    model.show_change(harness.payments[0])
    assert not held.held


def test_many_that_came_between_two_rows_leave_no_hole(
    model: PaymentsModel, held: HeldExecutor, harness: TillHarness, make_payment: Make
) -> None:
    harness.payments = [make_payment(id=number, amount=amount) for number, amount in ((1, 10), (2, 500))]
    model.find(Search(sort=Sort.LOWEST, limit=5))
    held.run_all()
    harness.payments += [make_payment(id=number, amount=100) for number in range(3, 20)]
    model.show_change(harness.payments[-1])
    held.run_all()
    assert ids(model) == [1, 3, 4, 5, 6]
    assert not model.complete
