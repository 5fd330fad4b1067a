"""Nothing that matters is cut, at any size of the window and of the text: money, phones, states, buttons, titles.

The worst there can be is put on every page: names of sixty characters, with and without spaces, the largest amounts,
and everything that a page can say at once. `layout.faults_of` then looks at what is really painted.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.check_result import Finding, Status
from pos_app.domain.attention import OF_PAYMENTS, WhatWaits
from pos_app.domain.catalogue import draft_post
from pos_app.domain.customer import Customer, KnownPhone, Possession
from pos_app.domain.day import CarriedOver, DayClose, DayFigures, DayGroup, DayReport
from pos_app.domain.note import Note
from pos_app.domain.operators import Operator, Role
from pos_app.domain.payment import ATTENTION_REMARKS, Payment, Remark, Source, State, StateReason
from pos_app.domain.receipt import Mark, Shop
from pos_app.domain.search import Search, Totals
from pos_app.domain.statement_comparison import Compared, RowOutcome
from pos_app.domain.statement_layout import NO_STATEMENT
from pos_app.domain.takings import By, Taking, Takings
from pos_app.domain.unprompted import MoneySearch
from pos_app.messages import counter as counter_words
from pos_app.messages import window as window_words
from pos_app.messages.statements import FOR_OWNER, RECORDED, next_step
from pos_app.messages.unprompted import rest_words
from pos_app.sales.checkout import Caution, Guarded
from pos_app.sales.customers import Customers
from pos_app.sales.till import PhonePrompt
from pos_app.ui.attention.model import AttentionColumn
from pos_app.ui.attention.page import AttentionPage
from pos_app.ui.attention.table import AttentionTable
from pos_app.ui.customers.erase_form import EraseForm
from pos_app.ui.diagnostics.page import DiagnosticsPage
from pos_app.ui.main_window import MainWindow
from pos_app.ui.next_action import WORDS
from pos_app.ui.payments.detail import PaymentDetail
from pos_app.ui.payments.footer import PaymentsFooter
from pos_app.ui.payments.refund_form import RefundForm
from pos_app.ui.payments.table import PaymentsTable
from pos_app.ui.posts.editor import PostEditor
from pos_app.ui.posts.page import PostsPage
from pos_app.ui.practice.phone_window import PhoneWindow
from pos_app.ui.receipt.dialog import ReceiptDialog
from pos_app.ui.settings.page import SettingsPage
from pos_app.ui.settings.wizard import SetupWizard
from pos_app.ui.shell.help_panel import HelpPanel
from pos_app.ui.statement.bind_form import BindForm
from pos_app.ui.statement.model import StatementLine
from pos_app.ui.statement.money_forms import NameForm
from pos_app.ui.statement.money_model import MoneyTable
from pos_app.ui.statement.money_part import MoneyPart
from pos_app.ui.statement.page import StatementPage
from pos_app.ui.statement.views import ResultView, StartView, WorkView
from pos_app.ui.style.state_style import ColourRole
from pos_app.ui.style.theme import SIZES, ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.text_form import TextForm
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.buttons import Button
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.date_field import DateField
from pos_app.ui.widgets.list_table import ListTable
from pos_app.ui.widgets.text_area import TextArea
from tests.store.test_mpesa_record import FILE, ROW
from tests.support.builders import GRANT, a_payment, with_line
from tests.support.fakes import START
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness
from tests.ui.diagnostics.test_page import FakeDiagnostics
from tests.ui.layout import faults_of
from tests.ui.parts import part
from tests.ui.practice.test_phone_window import Handset
from tests.ui.selling import pay, sell
from tests.ui.settings.service import MemorySettings
from tests.ui.settings.walker import Walker

SPACED = "Mwezi mmoja wa intaneti na chai, kiti cha dirishani, Jumanne"
SOLID = "MweziMmojaWaIntanetiNaChaiKitiChaDirishaniKilaSikuYaJumatano"
SHOP = "Mama Njeri wa Kariobangi Kaskazini Duka la Intaneti na Chai"
ALIKE = tuple(f"{SPACED[:-7]}Juma {number}" for number in (1, 2))
WHO = "Wanjiku Nyambura Kamau"  # an operator
CATEGORIES = (SPACED[:30], SOLID[:30])
PAYER = "CAROLINE-WANGARI **** WERE-MWANGI"  # the line below the list has it whole
NAMES = (*CATEGORIES, SPACED, SOLID, SHOP, WHO, *ALIKE, f"070****149 {PAYER}")
LARGEST = 250_000
STAFF = [Operator(id=number, name=name, role=Role.OPERATOR) for number, name in enumerate((WHO, "Otieno"), 1)]
NOTES = [
    Note(at=START, text="Says that the phone was off, comes back tomorrow with her sister. " * 6, operator="Otieno")
]
DAY = Totals(payments=12_345, paid=12_000, paid_amount=99_999_999, unsure=123, review=45, refunded=9_999_999)
WINDOWS = ((1024, 600), (1280, 800))
PHONE = "254708374149"

pytestmark = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(autouse=True)
def written(theme: ThemeManager, size: str) -> Iterator[None]:
    """Everything in a text size."""
    theme.choose(text_size=size)
    yield
    theme.choose(text_size="normal")


@pytest.fixture
def window(
    written: None, harness: TillHarness, tasks: Tasks, events: TillEvents, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window with an open till that sells long names for the largest amounts."""
    till = replace(harness.till, shop=Shop(SHOP, mark=Mark.PRACTICE))
    for name in CATEGORIES:
        till.catalogue.categories.add(name)
    till.catalogue.add_all(
        [
            draft_post(SPACED, LARGEST, 3_650, 1, "4006381333931", category=CATEGORIES[0]),
            draft_post(SOLID, LARGEST, 30, 2, category=CATEGORIES[1]),
            *(draft_post(name, 1_000) for name in ALIKE),
            *(draft_post(f"Tea {place}", 30, 0) for place in range(8)),
        ]
    )
    monkeypatch.setattr(till.reader, "totals", lambda _day: DAY)
    monkeypatch.setattr(till.reader, "recent_phones", lambda _limit: [PHONE, PHONE, PHONE])
    made = MainWindow(till.shop, "Counter 12")
    made.resize(*WINDOWS[-1])
    made.show()
    made.offer_checks(lambda: None, tasks)  # type: ignore[arg-type, return-value]
    made.offer_settings(lambda: MemorySettings().services, tasks)
    made.open_till(till, tasks, events, None)
    qtbot.waitUntil(lambda: made.charge is not None)
    charge = made.charge
    assert charge is not None
    qtbot.waitUntil(lambda: charge.grid.favourite(1) is not None)
    yield made
    made.let_go()
    delete(made)


def check(window: QWidget, scene: str, complaints: list[str]) -> None:
    """Look at a scene in windows of each size."""
    for width, height in WINDOWS:
        window.resize(width, height)
        complaints += [f"{scene} at {width}x{height}: {fault}" for fault in faults_of(window, NAMES)]


def look_at(window: QWidget, scene: str, complaints: list[str]) -> None:
    """Look at a scene in the size that the window has."""
    complaints += [f"{scene}: {fault}" for fault in faults_of(window, NAMES)]


def fail_with(complaints: list[str]) -> None:
    """Say everything that was found, once."""
    assert not complaints, f"{len(complaints)} cannot be read:\n" + "\n".join(complaints)


def payments() -> dict[str, Payment]:
    """A payment in each state, as long and as large as it can be."""
    made = {
        str(state): a_payment(
            state, title=SPACED if place % 2 else SOLID, amount=LARGEST, number=f"A-20261123-{12_345 + place}"
        )
        for place, state in enumerate(State)
    }
    made["double"] = replace(made["paid"], remarks=frozenset({Remark.DOUBLE}))
    made["review of amount"] = replace(made["review"], remarks=frozenset(Remark))
    made["paid with everything odd"] = replace(made["paid"], remarks=frozenset(Remark), amount_paid=LARGEST - 1)
    made["a code by hand"] = replace(made["paid"], receipt_by=Source.OWNER, remarks=frozenset({Remark.DOUBLE}))
    grant = replace(GRANT, access=False, withdrawn_at=START)
    made["refunded"] = with_line(replace(made["paid"], amount_paid=LARGEST, refunded=LARGEST), grant=grant)
    made["part refunded"] = replace(made["paid"], amount_paid=LARGEST, refunded=LARGEST - 1)
    made["wait to ask again"] = replace(made["declined"], reason=StateReason(result_code="1025"))
    made["cannot be asked"] = replace(made["unknown"], checkout_request_id=None)
    return {
        name: replace(payment, id=place, version=place) for place, (name, payment) in enumerate(made.items(), start=100)
    }


def test_the_charge_form(window: MainWindow, qtbot: QtBot) -> None:
    found: list[str] = []
    charge = window.charge
    assert charge is not None
    charge.form.customer.show_recent([PHONE, PHONE, PHONE])
    charge.column.show_totals(DAY)
    charge.column.show_attention([a_payment()] * 100)
    check(window, "empty form", found)
    for key in (1, 2):
        post = charge.grid.favourite(key)
        assert post is not None
        charge.form.clear()
        charge.grid.chosen.emit(post)
        charge.form.phone.set_msisdn(PHONE)
        check(window, f"filled form {key}", found)
        charge.form.lines.count(998)
        check(window, f"form with many of post {key}", found)
    for post in charge.grid.by_id.values():
        charge.grid.chosen.emit(post)
    check(window, "form with a basket", found)
    charge.form.renew({key: replace(post, price=LARGEST) for key, post in charge.grid.by_id.items()})
    check(window, "form whose posts have changed", found)
    charge.form.show_error(window_words.CANNOT_SAVE)
    check(window, "form with trouble", found)
    now = charge.active.now()
    guarded = Guarded([Caution(a_payment(title=SPACED, amount=LARGEST), None)], now)
    charge.form.show_guarded(guarded)
    check(window, "form with the guard", found)
    waiting = Guarded([Caution(a_payment(title=SOLID, amount=LARGEST), now + timedelta(seconds=99))], now)
    charge.form.show_guarded(waiting)
    check(window, "form that waits", found)
    charge.grid.search.edit.setText("no such post")
    check(window, "nothing found", found)
    fail_with(found)


def test_who_the_digits_mean(
    window: MainWindow, qtbot: QtBot, harness: TillHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    charge = window.charge
    assert charge is not None
    room, post = charge.form.customer, charge.grid.favourite(1)
    assert post is not None
    for name, customer in customers().items():
        monkeypatch.setattr(Customers, "about", lambda _self, _phone, customer=customer: customer)
        charge.form.clear()
        charge.grid.chosen.emit(post)
        charge.form.phone.set_msisdn(PHONE)
        qtbot.waitUntil(lambda: room.accessibleDescription() != "")
        check(window, f"customer, {name}", found)
        if room.choose(0):
            check(window, f"naming, {name}", found)
            room.drop_name()
    beside = part(window, QLabel, "moreOffers")
    for name, ending in {
        "many": [KnownPhone(f"2547{place:02}345678", SPACED) for place in range(99)],
        "two with names": [KnownPhone("254712345678", "Amina"), KnownPhone("254722345678", "Otieno")],
        "alike": [KnownPhone(f"2547123{place:02}678") for place in range(99)],
        "none": [],
    }.items():
        monkeypatch.setattr(Customers, "ending", lambda _self, _digits, ending=ending: ending)
        charge.form.clear()
        charge.grid.chosen.emit(post)
        charge.form.phone.edit.setText("5678")
        qtbot.waitUntil(lambda: bool(room.offers or beside.text()))
        check(window, f"offers, {name}", found)
        check(window, f"offers, {name}, in a window that was larger", found)
    fail_with(found)


def customers() -> dict[str, Customer | None]:
    """Customers of whom as much, and as little, is known as there can be."""
    paid, waiting = payments()["paid"], payments()["prompted"]
    return {
        "one with everything": Customer(
            phone=PHONE,
            name=SOLID,
            has=(Possession(SPACED, paid.created_at + timedelta(days=99_999)), Possession(SOLID, None)),
            sales=(paid, replace(paid, remarks=frozenset({Remark.DOUBLE})), paid),
            pending=(waiting, waiting),
        ),
        "one by name": Customer(phone=PHONE, name=SPACED, sales=(paid,)),
        "one who never paid": Customer(phone=PHONE),
        "nobody": None,
    }


def test_the_lock(window: MainWindow, harness: TillHarness, qtbot: QtBot) -> None:
    complaints: list[str] = []
    harness.till.owner.passphrase.choose("mama njeri 1987")
    for name in ("Amina", WHO, "W" * 24, *(f"Zawadi {n}" for n in range(6))):
        harness.till.operators.add(name, Role.OPERATOR, "1234", "mama njeri 1987")
    window.lock.lock()
    qtbot.waitUntil(lambda: window.lock.locked and bool(window.findChildren(QWidget, "lockOperator9")))
    page = window.lock.page
    assert page is not None
    page.show_going_on(12)
    page.show_news("14:03  Needs checking: the amount differs")
    check(window, "the lock", complaints)
    page.refuse("Too many wrong tries. Wait 14:59. Nothing was changed.")
    check(window, "the lock, refused", complaints)
    harness.till.operators.sign_in(harness.till.operators.all()[1], "1234")
    window.lock._uncover(harness.till.operators.all()[1])
    check(window, "signed in", complaints)
    fail_with(complaints)


def test_the_panels(window: MainWindow, events: TillEvents) -> None:
    found: list[str] = []
    charge = window.charge
    assert charge is not None
    charge.column.show_totals(DAY)
    for payment in list(payments().values())[:3]:
        events.payment_changed.emit(payment)
    for name, payment in payments().items():
        charge.show_payment(payment)
        check(window, f"panel, {name}", found)
    charge.result.set_message(counter_words.POST_IS_OFF)
    check(window, "panel with a notice", found)
    charge.show_payment(payments()["prompted"])
    part(window, Button, "stopWaiting").click()
    check(window, "panel, stop waiting", found)
    fail_with(found)


@pytest.fixture
def payments_page(
    window: MainWindow, harness: TillHarness, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> PaymentsTable:
    """The page of payments, with more of them than are loaded, of several operators and tills."""
    rows = [*payments().values()] * 10
    rows = [replace(payment, id=len(rows) - place) for place, payment in enumerate(rows)]

    def search(search: Search) -> list[Payment]:
        return [row for row in rows if search.after is None or row.id < search.after.id][:100]

    monkeypatch.setattr(harness.till.reader, "search", search)
    monkeypatch.setattr(harness.till.reader, "totals_found", lambda _search, _cancel: DAY)
    monkeypatch.setattr(harness.till.reader, "tills", lambda: ["A", "MWANZA2"])
    monkeypatch.setattr(harness.till.reader, "operators", lambda: STAFF)
    monkeypatch.setattr(harness.till.reader, "payment_notes", lambda _payment: NOTES)
    window.go("payments")
    table = part(window, PaymentsTable, "paymentsTable")
    qtbot.waitUntil(lambda: table.model().rowCount() == 100)
    qtbot.waitUntil(part(window, ChoiceButton, "paymentsTills").isVisible)
    return table


def test_the_payments(window: MainWindow, qtbot: QtBot, payments_page: PaymentsTable) -> None:
    found: list[str] = []
    table = payments_page
    count = part(window, QLabel, "footerCount")
    for days in ("Today", "All days"):
        part(window, ChoiceButton, "paymentsDays").choose(days)
        qtbot.waitUntil(lambda: table.model().rowCount() == 100 and "12,345" in count.text())
        for shows_sums in (True, False):
            part(window, PaymentsFooter, "paymentsFooter").show_sums(shows_sums)
            check(window, f"payments of {days}, sums: {shows_sums}", found)
    detail = part(window, PaymentDetail, "paymentDetail")
    for row in range(len(payments())):
        table.go_to_row(row)
        qtbot.waitUntil(lambda: detail.payment is table.current)
        check(window, f"payment {list(payments())[row]}", found)
        settle = part(window, Button, "detailSettle")
        if settle.isVisible():
            settle.click()
            part(window, QLineEdit, "settleAmount").setText(f"{LARGEST - 2}")
            check(window, f"settling {list(payments())[row]}", found)
            part(window, Button, "settleCancel").click()
        refund = part(window, Button, "detailRefund")
        if refund.isVisible():
            refund.click()
            part(window, RefundForm, "refundForm").show_error(window_words.CANNOT_SAVE)
            check(window, f"refunding {list(payments())[row]}", found)
            part(window, Button, "refundCancel").click()
    fail_with(found)


def test_a_payment_alone(window: MainWindow, qtbot: QtBot, payments_page: PaymentsTable) -> None:
    found: list[str] = []
    table, detail = payments_page, part(window, PaymentDetail, "paymentDetail")
    table.opened.emit()
    for row in range(len(payments())):
        table.go_to_row(row)
        qtbot.waitUntil(lambda: detail.payment is table.current)
        check(window, f"payment {list(payments())[row]} alone", found)
    part(window, Button, "detailNote").click()
    part(window, TextArea, "noteField").setPlainText("Says that the phone was off.")
    part(window, TextForm, "noteForm").show_error(window_words.CANNOT_SAVE)
    check(window, "writing a note", found)
    part(window, Button, "noteCancel").click()
    part(window, Button, "detailEvidence").click()
    check(window, "what came", found)
    part(window, Button, "detailBack").click()
    assert table.isVisible()
    fail_with(found)


def test_the_payments_of_chosen_days(
    window: MainWindow,
    qtbot: QtBot,
    harness: TillHarness,
    monkeypatch: pytest.MonkeyPatch,
    payments_page: PaymentsTable,
) -> None:
    found: list[str] = []
    empty = part(window, QLabel, "paymentsEmpty")
    part(window, ChoiceButton, "paymentsDays").choose("From day to day")
    qtbot.waitUntil(lambda: window.findChild(DateField, "paymentsTo") is not None)
    check(window, "payments from day to day", found)
    part(window, DateField, "paymentsTo").set_day(date(2020, 1, 1))
    qtbot.waitUntil(empty.isVisible)
    check(window, "payments, days the wrong way round", found)
    part(window, ChoiceButton, "paymentsDays").choose("All days")
    qtbot.waitUntil(payments_page.isVisible)
    part(window, QLineEdit, "paymentsFind").setText("no such payment")
    monkeypatch.setattr(harness.till.reader, "search", lambda _search: [])
    qtbot.waitUntil(empty.isVisible)
    check(window, "payments, nothing found", found)
    fail_with(found)


def test_the_statement(window: MainWindow, qtbot: QtBot, harness: TillHarness) -> None:
    found: list[str] = []
    window.go("statement")
    qtbot.waitUntil(lambda: window.findChild(StartView) is not None)
    check(window, "no statement yet", found)
    start, working, result = window.findChild(StartView), window.findChild(WorkView), window.findChild(ResultView)
    assert start is not None
    assert working is not None
    assert result is not None
    start.say(NO_STATEMENT, ColourRole.FAILED)
    check(window, "a refused statement", found)
    stack = part(window, StatementPage, "statementPage")._stack
    stack.setCurrentWidget(working)
    working.say("99,999 of 100,000 rows are recorded. The till goes on charging.", 0.5)
    check(window, "a statement that is recorded", found)
    numbers = ("A-20261123-0042", "A-20261123-0043", "A-20261123-0044")
    step = next_step(Compared(outcome=RowOutcome.UNPROMPTED), numbers, recorded=False)
    lines = [
        StatementLine(
            ("23 Nov 2026 14:00", "UKN7H7OI90", "250,000", "Cannot be read", "Decide about access"), step, numbers
        )
    ] * 30
    counts = " · ".join(f"123,456 {words}" for words in ("agree", "would fill in the code of a paid payment") * 3)
    stack.setCurrentWidget(result)
    heading = "PRACTICE · not real money · Short code 3700001, 23 Nov 2026 00:00 to 23 Nov 2026 23:59"
    result.show_result(heading, counts, lines, "", recorded=False)
    check(window, "what a statement says", found)
    result.ask_owner(FOR_OWNER)
    check(window, "a statement that needs the owner", found)
    result.show_result(heading, counts, lines, RECORDED, recorded=True)
    check(window, "a statement that was recorded", found)
    fail_with(found)


def test_what_needs_a_person(
    window: MainWindow, qtbot: QtBot, harness: TillHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    at = harness.clock.corrected()
    old = [replace(payment, created_at=at - timedelta(hours=47, minutes=59)) for payment in payments().values()]
    odd = [replace(payments()["paid"], id=200 + n, remarks=frozenset({r})) for n, r in enumerate(ATTENTION_REMARKS)]
    waits = WhatWaits(
        counts=dict.fromkeys(OF_PAYMENTS, 1_234),
        payments=[*old, *odd],
        unclosed_since=at - timedelta(days=3),
        closes=117,
        record_until=at - timedelta(days=9),
        unseen_since=at - timedelta(days=8),
    )
    monkeypatch.setattr(harness.till.reader, "needs_person", lambda _at: waits)
    hire(harness.till)
    stand(harness.till, Role.OPERATOR)
    window.go("attention")
    qtbot.waitUntil(lambda: window.findChild(AttentionTable) is not None)
    table = part(window, AttentionTable, "attentionTable")
    qtbot.waitUntil(lambda: table.model().rowCount() > len(odd))
    steps = {table.model().index(row, AttentionColumn.STEP).data(): row for row in range(table.model().rowCount())}
    qtbot.waitUntil(lambda: "(supervisor)" in str(table.model().index(table.model().rowCount() - 1, 5).data()))
    for step, row in steps.items():
        table.go_to_row(row)
        check(window, f"what needs a person, {step}", found)
    part(window, AttentionPage, "attentionPage").check_now()
    table.let_go()
    check(window, "what needs a person, worked off", found)
    monkeypatch.setattr(harness.till.reader, "needs_person", lambda _at: WhatWaits(counts={}))
    part(window, AttentionPage, "attentionPage").hide()
    part(window, AttentionPage, "attentionPage").show()
    qtbot.waitUntil(lambda: part(window, QLabel, "attentionEmpty").isVisible())
    check(window, "nothing needs a person", found)
    fail_with(found)


def test_money_without_a_prompt(window: MainWindow, qtbot: QtBot, harness: TillHarness) -> None:
    found: list[str] = []
    long = replace(ROW, name=PAYER, account="WATER BILL 0042", cents=25_000_000)
    bare = replace(ROW, receipt="UKN1AAAA22", phone="", name="", account="", at=START + timedelta(minutes=1))
    with harness.database.write() as transaction:
        transaction.keep_rows(transaction.add_record_file(FILE), [long, bare], ())
    window.go("statement")
    page = part(window, StatementPage, "statementPage")
    page.open_unprompted()
    money = part(window, MoneyPart, "moneyPart")
    table = part(window, MoneyTable, "moneyTable")
    qtbot.waitUntil(lambda: table.model().rowCount() == 2)
    table.go_to_row(1)
    check(window, "money without a prompt", found)
    waiting = harness.till.reader.unprompted(MoneySearch())
    for each in waiting:
        money._open_bind(each)
        qtbot.waitUntil(lambda: part(window, QWidget, "bindNow").isVisible())
        part(window, QLabel, "bindRest").setText(rest_words(250_000, 999))
        check(window, f"money that is bound, {each.receipt}", found)
        part(window, BindForm, "bindForm").close_form()
    money._open_name(waiting[1])
    check(window, "money that is named", found)
    part(window, NameForm, "moneyNameForm").close_form()
    fail_with(found)


def test_the_takings(window: MainWindow, qtbot: QtBot, harness: TillHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    group = Taking(key=1, name=SOLID, payments=12_345, paid=12_000, asked=99_999_999, received=9_999_999, refunded=999)
    groups = (group, replace(group, key=2, name=SPACED), *(replace(group, key=key) for key in range(3, 40)))

    def takings(first: date, last: date, by: By, _cancel: object) -> Takings:
        return Takings(first, last, by, groups, replace(group, key=None))

    monkeypatch.setattr(harness.till.reader, "takings", takings)
    window.go("takings")
    part(window, ChoiceButton, "takingsBy").choose("By post")
    part(window, ChoiceButton, "takingsDays").choose("Other days")
    for field in ("takingsFirst", "takingsLast"):
        part(window, QLineEdit, field).setText("2026-11-24")
    table = part(window, ListTable, "takingsTable")
    qtbot.waitUntil(lambda: table.model().rowCount() == len(groups))
    qtbot.waitUntil(lambda: bool(window.findChildren(QWidget, "takingsChart")), timeout=20_000)
    check(window, "takings", found)
    window.show_payments(Search(), f"{SOLID}, {SPACED}")
    check(window, "payments that takings led to", found)
    window.go("takings")
    part(window, QLineEdit, "takingsFirst").setText("24/11")
    QTest.keyClick(part(window, QLineEdit, "takingsFirst"), Qt.Key.Key_Return)
    check(window, "takings of no day", found)
    fail_with(found)


def test_the_day(window: MainWindow, qtbot: QtBot, harness: TillHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    group = DayGroup(key=1, name=SOLID, paid=12_345, asked=99_999_999, received=99_999_999, refunded=9_999_999)
    item = CarriedOver(
        id=1, number="A-20261123-12345", opened_at=START, amount=LARGEST, state=State.PAID,
        remarks=frozenset({Remark.CONFLICT}),
    )  # fmt: skip
    report = DayReport(
        since=START + timedelta(days=1),
        until=START,
        after=12_345,
        lost=12_349,
        figures=DayFigures(**dict.fromkeys(DayFigures.__slots__, 99_999_999)),
        posts=(group, replace(group, name=SPACED), *(replace(group, key=key) for key in range(3, 30))),
        operators=(replace(group, name=WHO),),
        hours=(replace(group, key=23),),
        open_count=12_345,
        open_amount=99_999_999,
        open=(item,) * 40,
    )
    close = DayClose(number=12_345, at=START, till="K1", operator=WHO, owner=True, report=report)
    monkeypatch.setattr(harness.till.reader, "open_day", lambda *_: report)
    monkeypatch.setattr(harness.till.reader, "day_closes", lambda *_: [close])
    window.go("day")
    qtbot.waitUntil(lambda: part(window, ListTable, "dayTable").isVisible())
    check(window, "day", found)
    part(window, ChoiceButton, "dayBy").choose("Carried over")
    check(window, "what is carried over", found)
    part(window, ChoiceButton, "dayWhich").choose("Z 12345")
    part(window, QLabel, "dayWords").setText("The printer did not answer. " * 3)
    part(window, QLabel, "dayWords").show()
    check(window, "a close", found)
    part(window, ChoiceButton, "dayWhich").choose("Not closed yet")
    part(window, Button, "dayClose").click()
    part(window, QLineEdit, "dayCloseWhy").setText("1")
    QTest.keyClick(part(window, QLineEdit, "dayCloseWhy"), Qt.Key.Key_Return)
    check(window, "closing the day", found)
    fail_with(found)


def test_the_posts(window: MainWindow, qtbot: QtBot, tmp_path: Path, harness: TillHarness) -> None:
    found: list[str] = []
    harness.till.catalogue.categories.add("Vinywaji baridi na vitafunio")
    window.go("posts")
    table = part(window, ListTable, "postsTable")
    qtbot.waitUntil(lambda: table.model().rowCount() > 3)
    check(window, "posts", found)
    table.go_to_row(0)
    page = part(window, PostsPage, "postsPage")
    page.edit_current()
    history = part(window, QLabel, "postHistory")
    qtbot.waitUntil(lambda: history.isVisible() and bool(history.text()))
    check(window, "posts, editing", found)
    part(window, PostEditor, "postEditor").show_error(window_words.CANNOT_SAVE)
    check(window, "posts, trouble", found)
    harness.till.owner.passphrase.choose("mama njeri 1987")
    part(window, QLineEdit, "postPrice").setText("250000")
    part(window, PostEditor, "postEditor").submit()
    qtbot.waitUntil(part(window, QWidget, "ownerBar").isVisible)
    check(window, "posts, the owner is asked", found)
    part(window, PostEditor, "postEditor").leave()
    page.show_order()
    check(window, "favourite keys", found)
    part(window, Button, "order1").click()
    check(window, "categories", found)
    file = tmp_path / "prices.csv"
    file.write_text(f'title,price\n{SOLID},x\n"{SPACED}",y\nMaziwa,250000\n', encoding="utf-8")
    page._files.look(file)
    qtbot.waitUntil(lambda: window.findChild(QWidget, "importView") is not None)
    qtbot.waitUntil(lambda: part(window, Button, "importCancel").isVisible())
    check(window, "import", found)
    fail_with(found)


def test_the_customers(window: MainWindow, harness: TillHarness, qtbot: QtBot) -> None:
    found: list[str] = []
    till = harness.till
    till.owner.passphrase.choose("mama njeri 1987")
    posts = till.catalogue.posts()[:2]
    pay(till, sell(till, posts[0], PHONE))
    for post, why in zip(posts, ("x" * 200, SPACED * 3), strict=True):
        till.access.give(till.access.look(PHONE, post.id)[1], 3_650, why, "mama njeri 1987")
    till.customers.give_name(PHONE, SOLID)
    till.notes.about_customer(PHONE, SPACED * 8)
    window.go("customers")
    table = part(window, ListTable, "customersTable")
    qtbot.waitUntil(lambda: bool(part(window, QLabel, "customerAnswer").text()))
    check(window, "customers", found)
    part(window, Button, "customerGive").click()
    part(window, QLineEdit, "accessDays").deselect()
    check(window, "customers, giving", found)
    part(window, QLineEdit, "accessWhy").setText(SPACED)
    part(window, Button, "accessNow").click()
    trouble = part(window, QWidget, "accessTrouble")
    qtbot.waitUntil(lambda: bool(trouble.accessibleName()))
    check(window, "customers, refused", found)
    part(window, Button, "accessCancel").click()
    part(window, Button, "customerWithdraw").click()
    check(window, "customers, withdrawing", found)
    part(window, Button, "accessCancel").click()
    part(window, Button, "customerRename").click()
    check(window, "customers, naming", found)
    part(window, Button, "customerNote").click()
    part(window, TextArea, "customerNoteField").setText("Asked for the manager.")
    part(window, TextForm, "customerNoteForm").show_error(window_words.CANNOT_SAVE)
    check(window, "customers, writing a note", found)
    part(window, Button, "customerNoteCancel").click()
    part(window, Button, "customerErase").click()
    check(window, "customers, erasing", found)
    part(window, EraseForm, "eraseForm").show_error(window_words.CANNOT_SAVE)
    check(window, "customers, erasing refused", found)
    part(window, Button, "eraseCancel").click()
    part(window, QLineEdit, "customersFind").setText("0799000000")
    qtbot.waitUntil(lambda: table.model().rowCount() == 0)
    check(window, "customers, nobody", found)
    fail_with(found)


def test_help_receipt_and_what_stands_in_the_tills_place(
    window: MainWindow, qtbot: QtBot, harness: TillHarness, tasks: Tasks, events: TillEvents
) -> None:
    found: list[str] = []
    window.show_damage("Damaged. `main.py restore a.db` puts it back.")
    check(window, "damage", found)
    events.saving_changed.emit(False)
    window.show_keys()
    panel = part(window, HelpPanel, "helpPanel")
    look_at(panel, "help", found)
    panel.close()
    window.go("settings")
    check(window, "settings in practice", found)
    window.show_unlock(offer_others=True).refuse("That passphrase does not open the keys. Nothing was changed.")
    check(window, "unlock", found)
    window.show_opening()
    check(window, "opening", found)
    window.show_error("The till cannot open", [window_words.CANNOT_SAVE, SOLID, SPACED], tuple(WORDS))
    check(window, "trouble", found)
    window.show_closing()
    check(window, "closing", found)
    fail_with(found)


def test_the_receipt(
    written: None, harness: TillHarness, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    post = harness.till.catalogue.add(draft_post(SPACED, LARGEST, 30))
    paid = pay(harness.till, sell(harness.till, post, PHONE))
    dialog = ReceiptDialog(harness.till, tasks, paid.id)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.text))
    look_at(dialog, "receipt", found)
    dialog.show_message()
    look_at(dialog, "receipt as a message", found)
    fail_with(found)


def test_the_practice_phone(written: None, tasks: Tasks, events: TillEvents, qtbot: QtBot) -> None:
    found: list[str] = []
    till = QWidget()
    qtbot.addWidget(till)
    phone = PhoneWindow(Handset(), tasks, events, till)
    phone.show()
    look_at(phone, "phone, nothing asked", found)
    phone.add(PhonePrompt(id="ws_CO_1", phone=PHONE, amount=LARGEST, shop=SHOP.upper()))
    phone.add(PhonePrompt(id="ws_CO_2", phone=PHONE, amount=LARGEST, shop=SOLID.upper()))
    look_at(phone, "phone, asked", found)
    till.setGeometry(till.screen().availableGeometry())
    till.show()
    phone.hide()
    phone.come_to_front()
    look_at(phone, "phone, short", found)
    fail_with(found)


def test_the_checks(written: None, tasks: Tasks, qtbot: QtBot) -> None:
    found: list[str] = []
    diagnostics = FakeDiagnostics()
    page = DiagnosticsPage(diagnostics, tasks)
    qtbot.addWidget(page)
    page.show()
    for width, height in WINDOWS:
        page.resize(width - 90, height - 60)
        look_at(page, f"checks at {width}x{height}", found)
    diagnostics.answer(
        *(
            Finding(name, status, f"{window_words.CANNOT_SAVE} {SOLID}", 0.1)
            for name, status in zip(diagnostics.names(), Status, strict=True)
        ),
        done=True,
    )
    for width, height in WINDOWS:
        page.resize(width - 90, height - 60)
        look_at(page, f"checks answered at {width}x{height}", found)
    fail_with(found)


def test_the_settings(written: None, harness: TillHarness, tasks: Tasks, qtbot: QtBot) -> None:
    found: list[str] = []
    page = SettingsPage(MemorySettings(harness.till).services, tasks)
    qtbot.addWidget(page)
    page.show()
    names = [button for button in page.findChildren(Button) if button.isCheckable()]
    assert names
    for button in names:
        qtbot.waitUntil(button.isVisible)
        button.click()
        qtbot.waitUntil(lambda: not page.section.working)
        for width, height in WINDOWS:
            page.resize(width - 90, height - 60)
            look_at(page, f"settings, {button.text()} at {width}x{height}", found)
    fail_with(found)


def test_the_set_up(written: None, harness: TillHarness, tasks: Tasks, qtbot: QtBot) -> None:
    found: list[str] = []
    wizard = SetupWizard(MemorySettings(harness.till).services, tasks)
    owner = Walker(wizard, qtbot)
    for page in wizard.pageIds():
        wizard.setStartId(page)
        wizard.restart()
        owner.arrives()
        for width, height in ((820, 560), (820, 760)):
            wizard.resize(width, height)
            look_at(wizard, f"set-up, {wizard.section.TITLE} at {width}x{height}", found)
    delete(wizard)  # which does not close while a page of it works
    fail_with(found)
