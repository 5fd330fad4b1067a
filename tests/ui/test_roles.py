"""The role matrix through the window: whoever is signed in tries each act with the hands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result
from pos_app.domain.record_file import StatementFile
from pos_app.domain.statement_row import Statement
from pos_app.ui.day.page import DayPage
from pos_app.ui.main_window import MainWindow
from pos_app.ui.payments.page import PaymentsPage
from pos_app.ui.posts.page import PostsPage
from pos_app.ui.statement.page import StatementPage
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from tests.support.builders import a_request
from tests.support.staff import NAMES, PASSPHRASE, PINS, hire
from tests.support.till_harness import TillHarness
from tests.ui.counter import Counter, open_counter
from tests.ui.parts import part

YES, ASKS = True, False
# Operator, supervisor, owner.
TABLE = {
    Act.CHARGE: (YES, YES, YES),
    Act.REVEAL: (YES, YES, YES),
    Act.CLOSE: (ASKS, YES, YES),
    Act.POSTS: (ASKS, YES, YES),
    Act.STATEMENT: (ASKS, YES, YES),
    Act.SETTLE: (ASKS, ASKS, YES),
}
CELLS = [
    pytest.param(act, role, may, id=f"{act}-{role}")
    for act, row in TABLE.items()
    for role, may in zip(Role, row, strict=True)
]


SEES = [  # whether the owner lets operators see sums and numbers; who is signed in; whether they see them
    pytest.param(allowed, role, allowed or role is not Role.OPERATOR, id=f"{role}, {'' if allowed else 'not '}allowed")
    for allowed in (True, False)
    for role in Role
]


class AStatement:
    """One that has no row, whichever file is chosen."""

    def read(self, path: Path, now: datetime, told: Callable[[int], object], cancel: Cancel) -> StatementFile:
        return StatementFile(Statement(short_code="512345", period=None, covered=None), "ab" * 32)


class Hands:
    """Somebody signed in at the window of a shop with operators."""

    def __init__(self, counter: Counter, qtbot: QtBot) -> None:
        self.counter, self.qtbot = counter, qtbot
        self.window: MainWindow = counter.window
        self.till = counter.harness.till

    def sign_in(self, role: Role) -> None:
        lock = self.window.lock
        self.qtbot.waitUntil(lambda: lock.locked and bool(self.window.findChildren(QWidget, "lockOwner")))
        operator = self.till.operators.named(NAMES[role])
        part(self.window, QAbstractButton, f"lockOperator{operator.id}").click()
        part(self.window, QLineEdit, "lockPin").setText(PINS[role])
        part(self.window, QAbstractButton, "lockOpen").click()
        self.qtbot.waitUntil(lambda: not lock.locked)

    def held(self) -> Payment:
        """A payment that waits for the owner: too little was paid."""
        self.till.authority.begin_as_owner()
        payment = self.till.checkout.charge(a_request(self.till.catalogue.posts()[1], "0722345678"))
        self.till.authority.end()
        self.qtbot.waitUntil(lambda: self._stored(payment).state is State.PROMPTED)
        payment = self._stored(payment)
        self.counter.hear(payment, Result.SUCCESS, amount=10)
        return self._stored(payment)

    def _stored(self, payment: Payment) -> Payment:
        found = self.till.reader.payment(payment.id)
        assert found is not None
        return found

    def detail(self, payment: Payment) -> PaymentsPage:
        """The payment, on the page of payments."""
        self.window.go("payments")
        self.qtbot.waitUntil(lambda: isinstance(self.window.page, PaymentsPage))
        page = self.window.page
        assert isinstance(page, PaymentsPage)
        self.qtbot.waitUntil(lambda: part(page, QWidget, "detailAmount").isVisible())
        return page

    def may_charge(self) -> bool:
        return self.counter.ask("4", "0733345678").operator is not None

    def may_see_a_number(self, payment: Payment) -> bool:
        page = self.detail(payment)
        part(page, QAbstractButton, "detailShowNumber").click()
        self.qtbot.waitUntil(lambda: any(line.act is Act.REVEAL for line in self.till.reader.audit(9)))
        return True

    def may_change_a_price(self) -> bool:
        self.window.go("posts")
        self.qtbot.waitUntil(lambda: isinstance(self.window.page, PostsPage))
        page = self.window.page
        assert isinstance(page, PostsPage)
        page._keeping.keep(None, draft_post("Soap", 40, 0))

        def added() -> bool:
            return any(post.title == "Soap" for post in self.till.catalogue.posts())

        self.qtbot.waitUntil(lambda: added() or part(page, QWidget, "ownerBar").isVisible())
        return added()

    def may_close(self) -> bool:
        self.window.go("day")
        self.qtbot.waitUntil(lambda: isinstance(self.window.page, DayPage))
        page = self.window.page
        close = part(page, QAbstractButton, "dayClose")
        self.qtbot.waitUntil(lambda: close.isVisible() and close.isEnabled())
        close.click()
        number, passphrase = part(page, QLineEdit, "dayCloseWhy"), part(page, QLineEdit, "dayClosePassphrase")
        self.qtbot.waitUntil(number.isVisible)
        who = self.till.authority.signed_in()
        assert who is not None
        self.qtbot.waitUntil(lambda: passphrase.isVisible() is (who.role is Role.OPERATOR))
        number.setText("1")
        QTest.keyClick(number, Qt.Key.Key_Return)
        trouble = part(page, QWidget, "dayCloseTrouble")
        self.qtbot.waitUntil(lambda: trouble.isVisible() or self._closed())
        return self._closed()

    def _closed(self) -> bool:
        return self.till.reader.day_close(1) is not None

    def may_record_a_statement(self) -> bool:
        self.window.go("statement")
        self.qtbot.waitUntil(lambda: isinstance(self.window.page, StatementPage))
        page = self.window.page
        assert isinstance(page, StatementPage)
        page.look(Path("day.csv"))
        record = part(page, QAbstractButton, "statementRecord")
        self.qtbot.waitUntil(record.isVisible)
        record.click()
        passphrase = part(page, QLineEdit, "statementPassphrase")
        self.qtbot.waitUntil(lambda: passphrase.isVisible() or bool(self.till.reader.record_files()))
        return bool(self.till.reader.record_files())

    def may_settle(self, payment: Payment) -> bool:
        page = self.detail(payment)
        part(page, QAbstractButton, "detailSettle").click()
        passphrase = part(page, QLineEdit, "settlePassphrase")
        owner = self.till.authority.signed_in()
        assert owner is not None
        self.qtbot.waitUntil(lambda: passphrase.isVisible() is (owner.role is not Role.OWNER))
        part(page, QLineEdit, "settleWhy").setText("too little")
        part(page, QLineEdit, "settleCode").setText("UKN9X7Q2ZA")
        part(page, QLineEdit, "settleAmount").setText("20")
        part(page, QAbstractButton, "settleNow").click()
        trouble = part(page, QWidget, "settleTrouble")
        self.qtbot.waitUntil(lambda: trouble.isVisible() or self._stored(payment).state is not State.REVIEW)
        return self._stored(payment).state is not State.REVIEW

    def let_operators_see(self, may: bool) -> None:
        """The owner decides it, at any till."""
        self.till.operators.allow({Act.TOTALS: may, Act.REVEAL: may}, PASSPHRASE)

    def until_seen(self, may: bool, *names: str) -> None:
        """Until each of these is seen, or none."""
        parts = [part(self.window, QWidget, name) for name in names]
        self.qtbot.waitUntil(lambda: all(each.isVisible() is may for each in parts))


@pytest.fixture
def hands(
    harness: TillHarness, posts: list[Post], theme: ThemeManager, tasks: Tasks, events: TillEvents, qtbot: QtBot
) -> Iterator[Hands]:
    harness = replace(harness, till=replace(harness.till, statement_files=AStatement()))
    hire(harness.till)
    with open_counter(harness, tasks, events, qtbot) as counter:
        yield Hands(counter, qtbot)


@pytest.mark.parametrize(("act", "role", "may"), CELLS)
def test_rule_16_who_may_do_what_in_the_window(hands: Hands, act: Act, role: Role, may: bool) -> None:
    payment = hands.held()
    hands.sign_in(role)
    match act:
        case Act.CHARGE:
            assert hands.may_charge() is may
        case Act.REVEAL:
            assert hands.may_see_a_number(payment) is may
        case Act.CLOSE:
            assert hands.may_close() is may
        case Act.POSTS:
            assert hands.may_change_a_price() is may
        case Act.STATEMENT:
            assert hands.may_record_a_statement() is may
        case _:
            assert hands.may_settle(payment) is may


def test_the_owner_s_passphrase_opens_posts_for_who_may_not_and_closes_at_the_lock(hands: Hands) -> None:
    hands.sign_in(Role.OPERATOR)
    assert not hands.may_change_a_price()
    page = hands.window.page
    part(page, QLineEdit, "ownerPassphrase").setText(PASSPHRASE)
    part(page, QAbstractButton, "ownerOpen").click()
    hands.qtbot.waitUntil(lambda: any(post.title == "Soap" for post in hands.till.catalogue.posts()))
    hands.counter.function(Qt.Key.Key_F12)
    hands.sign_in(Role.OPERATOR)
    assert hands.till.catalogue.locked


@pytest.mark.parametrize(("allowed", "role", "may"), SEES)
def test_rule_16_who_sees_sums_and_numbers_in_the_window(hands: Hands, allowed: bool, role: Role, may: bool) -> None:
    payment = hands.held()
    hands.let_operators_see(allowed)
    told: list[object] = []
    hands.counter.page.flow.totals.connect(told.append)
    hands.sign_in(role)
    hands.qtbot.waitUntil(lambda: len(told) > 1 and (told[-1] is not None) is may)
    hands.until_seen(True, "attention")
    hands.until_seen(may, "todayAmount")
    hands.detail(payment)
    hands.until_seen(True, "footerCount", "footerReview", "detailPhone")
    hands.until_seen(may, "footerPaid", "detailShowNumber")


def test_what_the_owner_decides_at_another_till_counts_from_the_next_look_on(hands: Hands) -> None:
    payment = hands.held()
    hands.sign_in(Role.OPERATOR)
    hands.until_seen(True, "todayAmount")
    page = hands.detail(payment)
    hands.until_seen(True, "footerPaid", "detailShowNumber")
    hands.let_operators_see(False)
    part(page, QAbstractButton, "detailShowNumber").click()
    words = part(page, QLabel, "detailWords")
    hands.qtbot.waitUntil(lambda: words.text().startswith("Phone numbers in full are for a supervisor or the owner."))
    assert "•••" in part(page, QLabel, "detailPhone").text()
    part(page, ChoiceButton, "paymentsDays").choose("All days")
    hands.until_seen(False, "footerPaid", "detailShowNumber")
    hands.window.go("charge")
    hands.until_seen(False, "todayAmount")
    hands.let_operators_see(True)
    hands.counter.ask("4", "0733345678")
    hands.until_seen(True, "todayAmount")


def test_whoever_comes_next_does_not_see_the_sums_of_who_may(hands: Hands) -> None:
    payment = hands.held()
    hands.let_operators_see(False)
    hands.sign_in(Role.SUPERVISOR)
    hands.until_seen(True, "todayAmount")
    hands.detail(payment)
    hands.until_seen(True, "footerPaid")
    hands.window.go("charge")
    shown: list[bool] = []
    amount = part(hands.window, QWidget, "todayAmount")
    hands.window.lock.changed.connect(lambda _: shown.append(not amount.isVisible()))
    hands.counter.function(Qt.Key.Key_F12)
    hands.sign_in(Role.OPERATOR)
    assert shown == [True, True], "not even until it is read anew"
    hands.detail(payment)
    assert not part(hands.window, QWidget, "footerPaid").isVisible()
