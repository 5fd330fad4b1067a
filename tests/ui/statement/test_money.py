"""Money without a prompt on the page of the statement: found, bound, named, undone, by keys and touches of a person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment, Remark, State
from pos_app.domain.search import Search
from pos_app.domain.statement_row import Statement, StatementRow
from pos_app.domain.unprompted import MoneySearch, RowWord, Standing, Unprompted
from pos_app.messages.unprompted import NOBODY_SEEN
from pos_app.ui.statement.bind_form import AGAIN, NO_POST, NOTHING_SOLD
from pos_app.ui.statement.money_model import MoneyColumn, MoneyModel, MoneyTable
from pos_app.ui.statement.money_view import MoneyView
from pos_app.ui.statement.page import StatementPage
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.notice import Notice
from tests.support.builders import end, sell
from tests.support.fakes import START
from tests.support.model_rules import watched
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.statement_rows import a_payment_row
from tests.support.till_harness import TillHarness
from tests.ui.parts import part

PHONE = "254712345678"


class Seen:
    """The page as a person sees it, with three times money that waits."""

    def __init__(self, page: StatementPage, harness: TillHarness, qtbot: QtBot) -> None:
        self.page, self.harness, self.till, self.qtbot = page, harness, harness.till, qtbot
        self.wanted: list[tuple[Search, str]] = []
        page.payments_wanted.connect(lambda search, words: self.wanted.append((search, words)))
        self.month = self.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
        self.tea = self.till.catalogue.add(draft_post("Tea", 50, 0))
        self.till.owner.passphrase.choose(PASSPHRASE)
        self.came(row(1), row(2, 130, phone="", name=""), row(3, 60, phone="071****009"))

    @property
    def table(self) -> MoneyTable:
        return part(self.page, MoneyTable, "moneyTable")

    def came(self, *rows: StatementRow) -> None:
        statement = Statement(short_code="512345", period=None, covered=None, rows=rows)
        self.till.recording.record(statement, "ab" * 32, PASSPHRASE)

    def open(self) -> None:
        self.page.open_unprompted()
        watched(self.table.model())
        self.until(lambda: self.table.model().rowCount() == 3)

    def codes(self) -> list[str]:
        model = self.table.model()
        return [str(model.index(each, 1).data()) for each in range(model.rowCount())]

    def lists(self, *numbers: int) -> bool:
        return self.codes() == list(map(code, numbers))

    def choose(self, number: int) -> None:
        self.table.go_to_row(self.codes().index(code(number)))

    def text(self, name: str) -> str:
        return part(self.page, QLabel, name).text()

    def trouble(self) -> str:
        trouble = part(self.page, QWidget, "bindTrouble")
        return trouble.accessibleName() if trouble.isVisible() else ""

    def sees(self, name: str) -> bool:
        found = self.page.findChild(QWidget, name)
        return isinstance(found, QWidget) and found.isVisible()

    def button(self, name: str) -> QAbstractButton:
        return part(self.page, QAbstractButton, name)

    def press(self, name: str) -> None:
        button = self.button(name)
        assert button.isVisible()
        assert button.isEnabled()
        button.click()

    def field(self, name: str) -> QLineEdit:
        return part(self.page, QLineEdit, name)

    def type(self, name: str, text: str) -> None:
        self.field(name).clear()
        QTest.keyClicks(self.field(name), text)

    def bind(self, number: int) -> None:
        """The form for it is open, with what may be meant."""
        self.until(lambda: part(self.page, MoneyView, "moneyView").current is not None)
        self.choose(number)
        self.press("moneyBind")
        self.until(lambda: self.sees("bindNow"))

    def offers(self, words: str) -> Callable[[], bool]:
        return lambda: self.sees("bindPosts0") and self.button("bindPosts0").text().startswith(words)

    def submit(self) -> None:
        if self.sees("bindPassphrase"):
            self.field("bindPassphrase").setText(PASSPHRASE)
        self.press("bindNow")

    def all(self, standing: Standing) -> list[Unprompted]:
        return self.till.reader.unprompted(MoneySearch(standing=standing))

    def until(self, right: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(right, timeout=10_000)


def code(number: int) -> str:
    return f"UKN0000{number:03}"


def row(number: int, amount: int = 100, phone: str = "071****678", name: str = "AMINA **** OTIENO") -> StatementRow:
    at = START + timedelta(minutes=number)
    return replace(a_payment_row(at, phone=phone), receipt=code(number), amount=Decimal(amount), name=name)


@pytest.fixture
def seen(harness: TillHarness, tasks: Tasks, events: TillEvents, qtbot: QtBot, theme: ThemeManager) -> Seen:
    page = StatementPage(harness.till, tasks, events, ask=lambda _: "")
    qtbot.addWidget(page)
    page.resize(1_000, 600)
    return Seen(page, harness, qtbot)


@pytest.fixture
def opened(seen: Seen) -> Seen:
    """The owner stands there and looks at the list."""
    seen.till.authority.begin_as_owner()
    seen.page.show()
    seen.page.activateWindow()
    seen.open()
    return seen


def test_how_much_waits_stands_on_the_button_that_leads_there(seen: Seen) -> None:
    seen.page.show()
    seen.until(lambda: seen.button("statementUnprompted").text() == "Money without a prompt (3)")
    seen.press("statementUnprompted")
    seen.until(lambda: seen.codes() == [code(3), code(2), code(1)])
    assert seen.sees("moneyTable")
    QTest.keyClick(seen.table, Qt.Key.Key_Escape)
    assert seen.sees("statementWords")


def test_a_row_of_the_list(seen: Seen, tasks: Tasks) -> None:
    model = watched(MoneyModel(tasks))
    model.show_rows(seen.till.reader.unprompted(MoneySearch()))
    newest = [model.index(0, column).data() for column in range(model.columnCount())]
    assert newest[MoneyColumn.CODE : MoneyColumn.PAYER] == [code(3), "60"]


def test_it_is_found_by_what_somebody_knows(opened: Seen) -> None:
    for typed, found in (("ukn0000002", [2]), ("60", [3]), ("0712 345 678", [1]), ("amina", [3, 1]), ("", [3, 2, 1])):
        opened.type("moneyFind", typed)
        opened.until(partial(opened.lists, *found))
    opened.type("moneyFind", "nobody")
    opened.until(lambda: opened.text("moneyEmpty").startswith("Nothing here matches 'nobody'"))
    assert not opened.button("moneyBind").isEnabled()


def test_a_row_says_what_it_is_and_enter_opens_the_form(opened: Seen) -> None:
    opened.choose(1)
    assert opened.text("moneyStep") == "KES 100 came 23 Nov 2026 14:01 from 071****678 AMINA **** OTIENO: UKN0000001."
    QTest.keyClick(opened.table, Qt.Key.Key_Return)
    assert opened.sees("bindNow")


def test_it_is_bound_by_the_keyboard_alone(opened: Seen) -> None:
    opened.choose(1)
    QTest.keyClick(opened.table, Qt.Key.Key_Return)
    opened.until(opened.offers("Wi-Fi month"))
    QTest.keyClicks(opened.field("phone"), "0712345678")
    QTest.keyClick(opened.field("phone"), Qt.Key.Key_Return)
    opened.until(lambda: opened.field("bindFind").hasFocus())
    QTest.keyClicks(opened.field("bindFind"), "wi")
    QTest.keyClick(opened.field("bindFind"), Qt.Key.Key_Return)
    opened.until(lambda: opened.button("bindPosts0").hasFocus())
    assert opened.text("bindRest") == "KES 100 came. Choose what was sold."  # Enter took nothing yet
    opened.press("bindPosts0")
    assert opened.text("bindRest") == "That is exactly what came."
    QTest.keyClick(opened.field("bindFind"), Qt.Key.Key_Return)
    opened.until(lambda: opened.button("bindNow").hasFocus())
    opened.press("bindNow")
    opened.until(lambda: opened.text("moneySaid").startswith("KES 100 is bound to A-20261123-0001, which is paid."))
    opened.until(lambda: opened.codes() == [code(3), code(2)])
    [bound] = opened.all(Standing.BOUND)
    assert bound.payment_id is not None
    paid = opened.till.reader.payment(bound.payment_id)
    assert paid
    assert (paid.state, paid.phone, paid.receipt) == (State.PAID, PHONE, code(1))


def test_what_is_left_is_said_live_and_becomes_a_refund_due(opened: Seen) -> None:
    opened.bind(2)
    assert NOBODY_SEEN in opened.text("bindCame")
    opened.type("phone", "0712345678")
    opened.type("bindFind", "month")
    opened.until(opened.offers("Wi-Fi month"))
    opened.press("bindPosts0")
    assert opened.text("bindRest") == "KES 30 more came than that: it becomes a refund due."
    opened.type("bindFind", "tea")
    opened.until(opened.offers("Tea"))
    opened.press("bindPosts0")
    assert opened.text("bindRest") == "That costs KES 20 more than came: sell less."
    opened.press("bindNow")
    opened.until(lambda: "That costs KES 150, and KES 130 came" in opened.trouble())
    opened.press(f"less{opened.tea.id}")
    opened.press("bindNow")
    assert opened.trouble().startswith("KES 30 more came than that costs")
    assert not opened.all(Standing.BOUND)
    opened.press("bindNow")
    opened.until(lambda: opened.text("moneySaid").endswith("KES 30 of it are a refund due."))
    [paid] = opened.till.reader.attention(9)
    assert paid.unseen == {Remark.REST_DUE}


def test_suggestions_are_taken_by_a_touch_only(opened: Seen) -> None:
    end(opened.harness, sell(opened.harness, opened.tea, PHONE), "1032")
    opened.till.customers.give_name(PHONE, "Amina Wanjiru")
    opened.bind(1)
    opened.until(lambda: opened.sees("bindPayers0"))
    assert [opened.field("phone").text(), opened.text("bindRest")] == ["", "KES 100 came. Choose what was sold."]
    assert opened.button("bindPayers0").text() == "0712 ••• 678 Amina Wanjiru"
    opened.press("bindPayers0")
    assert opened.field("phone").text() == "0712 345 678"
    assert opened.button("bindPosts1").text() == "Tea x2"
    opened.press("bindPosts1")
    assert opened.text("bindRest") == "That is exactly what came."


def test_another_phone_is_said_before_and_refused_after(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.press("bindPosts0")
    opened.press("bindNow")
    assert opened.trouble() == "Type the phone of whoever paid."
    opened.type("phone", "0712345679")
    assert opened.text("bindFits") == "M-PESA's record shows 071****678: 0712 ••• 679 is another."
    assert opened.sees("bindFits")
    opened.press("bindNow")
    opened.until(lambda: "as the payer's number" in opened.trouble())
    opened.type("phone", "0712")
    opened.press("bindNow")
    assert opened.trouble().startswith("That number is not complete")
    assert not opened.all(Standing.BOUND)


def test_a_refusal_leaves_the_keyboard_where_it_can_be_mended(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.press("bindPosts0")
    opened.type("phone", "0712345679")
    opened.button("bindNow").setFocus()
    opened.press("bindNow")
    opened.until(lambda: "as the payer's number" in opened.trouble())
    assert opened.page.focusWidget() is opened.field("phone")


def test_tab_goes_from_the_posts_that_are_offered_to_the_button(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.field("bindFind").setFocus()
    for name in ("bindPosts0", "bindPosts1", "bindCancel", "bindNow"):
        QTest.keyClick(opened.page.focusWidget(), Qt.Key.Key_Tab)
        assert opened.page.focusWidget() is opened.button(name)


def test_once_it_is_bound_a_further_enter_opens_no_other(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.press("bindPosts0")
    opened.type("phone", "0712345678")
    opened.submit()
    opened.until(lambda: opened.lists(3, 2))
    QTest.keyClick(opened.table, Qt.Key.Key_Return)
    assert opened.sees("moneyView")
    assert opened.text("moneySaid")
    QTest.keyClick(opened.table, Qt.Key.Key_Down)
    QTest.keyClick(opened.table, Qt.Key.Key_Return)
    opened.until(lambda: opened.sees("bindNow"))
    assert any(code(3) in label.text() for label in opened.page.findChildren(QLabel) if label.isVisible())


def test_a_post_that_is_not_there_is_said(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.type("bindFind", "pool")
    opened.until(lambda: not opened.sees("bindPosts0"))
    assert NO_POST in [label.text() for label in opened.page.findChildren(QLabel) if label.isVisible()]
    opened.field("bindFind").setFocus()
    QTest.keyClick(opened.field("bindFind"), Qt.Key.Key_Return)
    assert opened.field("bindFind").hasFocus()


def test_a_prompt_that_may_be_meant_is_said_and_looked_at_first(opened: Seen) -> None:
    asked = end(opened.harness, sell(opened.harness, opened.month, PHONE), "1032")
    opened.bind(1)
    opened.until(lambda: opened.sees("bindMeant"))
    assert opened.text("bindMeant") == (
        f"{asked.number} asked 0712 ••• 678 for the same amount 1:00 before, the digits fit: not paid: customer "
        "cancelled. If it is its money, say so below: then that one is paid, and nothing is sold twice."
    )
    opened.type("phone", "0712345678")
    opened.press("bindPosts0")
    opened.press("bindNow")
    opened.until(lambda: asked.number in opened.trouble())
    assert not opened.all(Standing.BOUND)
    opened.press("bindOpen")
    assert opened.wanted == [(Search(text=asked.number), f"payment {asked.number}")]
    opened.press("bindNow")
    opened.until(lambda: bool(opened.all(Standing.BOUND)))


def test_it_is_that_one_is_said_of_a_payment_that_ended(opened: Seen) -> None:
    asked = sell(opened.harness, opened.month, PHONE)
    end(opened.harness, asked, "1032")
    opened.bind(1)
    opened.until(lambda: opened.sees("bindIts0"))
    assert opened.button("bindIts0").text() == f"It is {asked.number}, asked at 14:00"
    assert "say so below" in opened.text("bindMeant")
    opened.press("bindIts0")
    opened.until(lambda: opened.sees("identifyNow"))
    QTest.keyClick(opened.page.window().focusWidget(), Qt.Key.Key_Escape)
    opened.until(lambda: not opened.sees("identifyNow"))
    opened.bind(1)
    opened.until(lambda: opened.sees("bindIts0"))
    opened.press("bindIts0")
    opened.until(lambda: opened.sees("identifyPassphrase"))
    opened.field("identifyPassphrase").setText(PASSPHRASE)
    opened.press("identifyNow")
    opened.until(lambda: opened.sees("moneySaid"))
    assert opened.text("moneySaid") == f"{asked.number} is paid by that money. Access is given."
    opened.until(lambda: opened.lists(3, 2))
    paid = opened.till.reader.payment(asked.id)
    assert paid
    assert (paid.state, paid.receipt, Remark.IDENTIFIED in paid.remarks) == (State.PAID, code(1), True)


def test_without_a_post_it_asks_what_was_sold_and_what_was_wrong_goes_with_its_cause(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.press("bindNow")
    assert "Type the phone" in opened.trouble()
    assert part(opened.page, Notice, "bindTrouble").colour is ColourRole.FAILED
    opened.type("phone", "0712345007")
    assert opened.trouble() == ""
    opened.press("bindNow")
    assert opened.trouble() == NOTHING_SOLD
    opened.press("bindPosts0")
    assert opened.trouble() == ""


def test_what_was_typed_is_there_again_after_esc_for_who_typed_it(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    opened.type("phone", "0712")
    opened.press("bindPosts0")
    QTest.keyClick(opened.field("phone"), Qt.Key.Key_Escape)
    opened.until(lambda: opened.sees("moneyTable") and opened.table.model().rowCount() == 3)
    opened.bind(3)
    assert (opened.field("phone").text(), opened.trouble()) == ("", "")
    QTest.keyClick(opened.field("phone"), Qt.Key.Key_Escape)
    opened.until(lambda: opened.sees("moneyTable"))
    opened.bind(1)
    assert (opened.field("phone").text(), opened.text("bindRest")) == ("0712", "That is exactly what came.")
    assert opened.trouble() == AGAIN
    assert part(opened.page, Notice, "bindTrouble").colour is ColourRole.NEUTRAL, "nothing went wrong"
    opened.page.hide()  # another page, and somebody else
    opened.till.authority.begin_as_owner()
    opened.page.show()
    opened.until(lambda: opened.sees("moneyTable") and opened.table.model().rowCount() == 3)
    opened.bind(1)
    assert opened.field("phone").text() == ""


def test_who_may_not_sees_why_and_the_owner_types_the_passphrase(seen: Seen) -> None:
    hire(seen.till)
    stand(seen.till, Role.OPERATOR)
    seen.page.show()
    seen.open()
    seen.bind(1)
    seen.until(lambda: seen.sees("bindPassphrase") and seen.sees("bindPosts0"))
    seen.type("phone", "0712345678")
    seen.press("bindPosts0")
    seen.press("bindNow")
    seen.until(lambda: "passphrase" in seen.trouble())
    assert not seen.all(Standing.BOUND)
    seen.submit()
    seen.until(lambda: bool(seen.all(Standing.BOUND)))


def test_it_is_named_and_that_is_taken_back(opened: Seen) -> None:
    opened.choose(3)
    opened.press("moneyName")
    opened.type("moneyNameWhy", "a deposit")
    opened.press("moneyNameNow")
    opened.until(lambda: opened.codes() == [code(2), code(1)])
    assert opened.text("moneySaid") == "UKN0000003: not a sale."
    part(opened.page, ChoiceButton, "moneyStanding").choose("Named")
    opened.until(lambda: opened.codes() == [code(3)])
    assert "Not a sale by the owner 23 Nov 2026" in opened.text("moneyStep")
    assert opened.text("moneyStep").endswith("a deposit.")
    assert not opened.button("moneyBind").isEnabled()
    opened.press("moneyName")
    assert opened.field("moneyNameWhy").text() == "a deposit"
    part(opened.page, ChoiceButton, "moneyNameChoice").choose("It waits again")
    opened.press("moneyNameNow")
    opened.until(lambda: not opened.all(Standing.NAMED))
    assert len(opened.all(Standing.WAITING)) == 3


def bound(seen: Seen) -> Payment:
    from pos_app.domain.charge_request import ChargeLine, ChargeRequest
    from pos_app.domain.phone import parse_phone

    money = seen.all(Standing.WAITING)[-1]
    sale = ChargeRequest(lines=(ChargeLine(seen.month),), msisdn=parse_phone(PHONE))
    return seen.till.binding.bind(money, sale, PASSPHRASE)


def test_a_bind_is_undone_with_a_reason(opened: Seen) -> None:
    paid = bound(opened)
    part(opened.page, ChoiceButton, "moneyStanding").choose("Bound")
    opened.until(lambda: opened.codes() == [code(1)])
    assert f"Bound to {paid.number} by the owner" in opened.text("moneyStep")
    QTest.keyClick(opened.table, Qt.Key.Key_Return)
    assert opened.wanted == [(Search(text=paid.number), f"payment {paid.number}")]
    opened.press("moneyUnbind")
    opened.until(lambda: opened.sees("unbindNow"))
    opened.press("unbindNow")
    opened.until(lambda: opened.sees("unbindTrouble"))
    opened.type("unbindWhy", "the wrong customer")
    opened.press("unbindNow")
    opened.until(lambda: opened.text("moneySaid").startswith(f"{paid.number} is not paid any more"))
    assert not opened.all(Standing.BOUND)
    assert len(opened.all(Standing.WAITING)) == 3


def test_what_another_till_has_done_meanwhile_is_refused_in_words(opened: Seen) -> None:
    opened.bind(1)
    opened.until(opened.offers("Wi-Fi month"))
    paid = bound(opened)
    opened.type("phone", "0712345678")
    opened.press("bindPosts0")
    opened.press("bindNow")
    opened.until(lambda: f"It is bound already, to payment {paid.number}" in opened.trouble())
    assert opened.field("phone").text() == "0712 345 678"
    assert [money.word for money in opened.all(Standing.BOUND)] == [RowWord.BOUND]


def test_a_file_takes_nobody_away_from_a_form(opened: Seen) -> None:
    opened.bind(1)
    opened.page.choose()
    QApplication.processEvents()
    assert opened.sees("bindNow")
