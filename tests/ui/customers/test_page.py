"""Customers on a real store: found, shown, and given access."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.catalogue import Post
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import Payment
from pos_app.domain.phone import is_erased
from pos_app.sales.checkout import GUARD
from pos_app.ui.customers.access_form import FOR_EVER
from pos_app.ui.customers.detail import CHOOSE, ERASED, GONE, NO_NAME
from pos_app.ui.customers.model import TheirColumn
from pos_app.ui.customers.page import NOBODY, CustomersPage
from pos_app.ui.customers.tables import CustomersTable, TheirPaymentsTable
from pos_app.ui.recovery.code_dialog import RecoveryCodeDialog
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from pos_app.ui.widgets.choice_button import ChoiceButton
from pos_app.ui.widgets.text_area import TextArea
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness
from tests.ui.layout import settle
from tests.ui.parts import Part, part
from tests.ui.selling import add_posts, pay, sell

PASSPHRASE = "mama njeri 1987"
AMINA, BRIAN = "0712345678", "0722345999"
UNTIL = "24 Nov 2026 14:00"


class Files:
    """Where the next file goes, and what was offered as its name."""

    def __init__(self) -> None:
        self.chosen, self.offered = "", ""

    def __call__(self, _: QWidget, name: str) -> str:
        self.offered = name
        return self.chosen


class Seen:
    """The page, and short ways to read and type on it."""

    def __init__(self, page: CustomersPage, qtbot: QtBot) -> None:
        self.page, self.qtbot = page, qtbot
        table = page.findChild(CustomersTable)
        payments = page.findChild(TheirPaymentsTable)
        assert table is not None
        assert payments is not None
        self.table, self.payments = table, payments

    def part(self, kind: type[Part], name: str) -> Part:
        return part(self.page, kind, name)

    def text(self, name: str) -> str:
        return self.part(QLabel, name).text()

    def button(self, name: str) -> QAbstractButton:
        return self.part(QAbstractButton, name)

    def phones(self) -> list[str]:
        model = self.table.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def until_phones(self, *phones: str) -> None:
        self.qtbot.waitUntil(lambda: self.phones() == list(phones))

    def until_text(self, name: str, text: str) -> None:
        self.qtbot.waitUntil(lambda: self.text(name) == text)

    def find(self, text: str) -> None:
        self.part(QLineEdit, "customersFind").setText(text)

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.part(QLineEdit, name).setText(text)

    def trouble(self) -> str:
        return self.part(QWidget, "accessTrouble").accessibleName()

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.page.focusWidget() or self.page, key)


@pytest.fixture
def posts(harness: TillHarness) -> list[Post]:
    return add_posts(harness.till)


@pytest.fixture
def paid(harness: TillHarness, posts: list[Post]) -> Payment:
    """Amina has a day pass; Brian was asked for one and has not paid."""
    payment = pay(harness.till, sell(harness.till, posts[0], AMINA))
    sell(harness.till, posts[0], BRIAN)
    return payment


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def page(
    harness: TillHarness, events: TillEvents, tasks: Tasks, theme: ThemeManager, files: Files, qtbot: QtBot
) -> Iterator[CustomersPage]:
    harness.till.ledger.subscribe(events.payment_changed.emit)
    made = CustomersPage(harness.till, tasks, events, choose_file=files)
    qtbot.addWidget(made)
    made.resize(1196, 740)
    yield made
    made.hide()


@pytest.fixture
def seen(page: CustomersPage, paid: Payment, qtbot: QtBot) -> Seen:
    """The page, shown, with Amina chosen."""
    with qtbot.waitExposed(page):
        page.show()
    opened = Seen(page, qtbot)
    opened.until_phones("0722 ••• 999", "0712 ••• 678")
    opened.table.go_to_row(1)
    opened.until_text("customerHas", f"Day pass until {UNTIL}")
    return opened


def test_an_empty_shop_says_so(page: CustomersPage, qtbot: QtBot) -> None:
    with qtbot.waitExposed(page):
        page.show()
    opened = Seen(page, qtbot)
    opened.until_text("customersEmpty", NOBODY)
    assert opened.text("customerNothing") == CHOOSE


def test_they_are_found_by_phone_in_any_spelling_and_by_its_last_digits(seen: Seen) -> None:
    for typed in ("0712 345 678", "+254-712-345-678", "5678", "12345678"):
        seen.find(typed)
        seen.until_phones("0712 ••• 678")
        seen.find("")
        seen.until_phones("0722 ••• 999", "0712 ••• 678")
    seen.find("0799000000")
    seen.qtbot.waitUntil(lambda: seen.text("customersEmpty").startswith("Nobody matches '0799000000'"))
    seen.press(Qt.Key.Key_Return)


@pytest.mark.parametrize("where", ["find", "list"])
def test_enter_opens_nobody_of_what_was_typed_before(seen: Seen, where: str) -> None:
    field = seen.part(QLineEdit, "customersFind")
    (field if where == "find" else seen.table).setFocus()
    seen.find("5999")
    if where == "find":
        seen.press(Qt.Key.Key_Return)  # looks at once
    else:
        seen.page.look_up()
    seen.press(Qt.Key.Key_Return)  # its answer is on its way: Amina's row is what was found before
    assert seen.phones() == ["0722 ••• 999", "0712 ••• 678"]
    assert (field if where == "find" else seen.table).hasFocus()
    seen.until_phones("0722 ••• 999")
    seen.until_text("customerShownPhone", "0722 ••• 999")
    seen.press(Qt.Key.Key_Return)
    assert not field.hasFocus()


def test_what_they_have_paid_and_a_payment_opens_by_enter(seen: Seen, paid: Payment) -> None:
    assert seen.text("customerShownName") == NO_NAME
    assert seen.payments.model().rowCount() == 1
    wanted: list[str] = []
    seen.page.payment_wanted.connect(wanted.append)
    seen.payments.go_to_row(0)
    seen.payments.setFocus()
    seen.press(Qt.Key.Key_Return)
    assert wanted == [paid.number]
    seen.table.go_to_row(0)
    seen.until_text("customerHas", "Has nothing now.")


def test_does_this_phone_have_a_post(seen: Seen) -> None:
    seen.until_text("customerAnswer", f"0712 ••• 678 has Day pass until {UNTIL}.")
    seen.fill(customerPost="tea")
    seen.until_text("customerAnswer", "No post with access matches.")
    assert not seen.button("customerGive").isEnabled()
    seen.table.go_to_row(0)
    seen.until_text("customerHas", "Has nothing now.")
    seen.fill(customerPost="day")
    seen.until_text("customerAnswer", "0722 ••• 999 does not have Day pass.")
    assert seen.button("customerGive").text() == "Give..."
    assert not seen.button("customerWithdraw").isVisible()


def open_give(seen: Seen) -> None:
    seen.qtbot.waitUntil(lambda: seen.button("customerGive").isEnabled())
    seen.button("customerGive").click()
    assert seen.part(QLineEdit, "accessDays").hasFocus()
    assert seen.part(QLineEdit, "accessDays").selectedText() == "1"


def test_access_is_extended_with_the_keyboard_alone(seen: Seen, harness: TillHarness) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    seen.until_text("customerAnswer", f"0712 ••• 678 has Day pass until {UNTIL}.")
    open_give(seen)
    QTest.keyClicks(seen.part(QLineEdit, "accessDays"), "7")
    assert seen.text("accessMeans").endswith("That makes it 1 Dec 2026 14:00.")
    for name, text in (("accessWhy", "a regular"), ("accessPassphrase", PASSPHRASE)):
        QTest.keyClicks(seen.part(QLineEdit, name), text)
    QTest.keyClick(seen.part(QLineEdit, "accessPassphrase"), Qt.Key.Key_Return)
    seen.until_text("customerHas", "Day pass until 1 Dec 2026 14:00")
    assert seen.text("customerWords") == "0712 ••• 678 has Day pass until 1 Dec 2026 14:00."
    assert seen.text("customerByHand") == "Day pass by hand, 23 Nov 2026 14:00, the owner: a regular"
    assert seen.part(QLineEdit, "accessPassphrase").text() == ""
    assert seen.part(QLineEdit, "customerPost").hasFocus()


def test_what_is_wrong_is_said_beside_it_and_everything_typed_stays(seen: Seen, harness: TillHarness) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    open_give(seen)
    seen.fill(accessDays="a week", accessWhy="a regular", accessPassphrase=PASSPHRASE)
    seen.button("accessNow").click()
    assert seen.trouble().startswith("Access by hand is for 1 to 3,650 whole days")
    seen.fill(accessDays="7", accessWhy="")
    seen.button("accessNow").click()
    seen.qtbot.waitUntil(lambda: seen.trouble().startswith("Type the reason"))
    seen.fill(accessWhy="a regular", accessPassphrase="somebody else's")
    seen.button("accessNow").click()
    seen.qtbot.waitUntil(lambda: "not the owner's passphrase" in seen.trouble())
    assert seen.part(QLineEdit, "accessDays").text() == "7"
    seen.press(Qt.Key.Key_Escape)
    assert not seen.part(QWidget, "accessForm").isVisible()
    assert seen.part(QLineEdit, "accessPassphrase").text() == ""
    assert seen.text("customerHas") == f"Day pass until {UNTIL}"


def test_what_another_till_has_changed_meanwhile_is_not_changed(
    seen: Seen, harness: TillHarness, posts: list[Post]
) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    open_give(seen)
    access = harness.till.access
    access.give(access.look("254712345678", posts[0].id)[1], 1, "at the other till", PASSPHRASE)
    seen.fill(accessWhy="a regular", accessPassphrase=PASSPHRASE)
    seen.button("accessNow").click()
    seen.qtbot.waitUntil(lambda: "has changed meanwhile" in seen.trouble())
    seen.button("accessCancel").click()
    seen.until_text("customerHas", "Day pass until 25 Nov 2026 14:00")
    seen.qtbot.waitUntil(lambda: seen.text("customerAnswer").endswith("25 Nov 2026 14:00."))
    open_give(seen)
    seen.fill(accessWhy="a regular", accessPassphrase=PASSPHRASE)
    seen.button("accessNow").click()
    seen.until_text("customerHas", "Day pass until 26 Nov 2026 14:00")


def test_one_part_is_withdrawn_then_all_of_it(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    hire(harness.till)
    stand(harness.till, Role.SUPERVISOR)
    open_give(seen)
    seen.fill(accessWhy="a regular")
    seen.qtbot.waitUntil(lambda: not seen.part(QLineEdit, "accessPassphrase").isVisible())
    seen.button("accessNow").click()
    seen.until_text("customerHas", "Day pass until 25 Nov 2026 14:00")
    seen.qtbot.waitUntil(lambda: seen.text("customerAnswer").endswith("25 Nov 2026 14:00."))
    seen.button("customerWithdraw").click()
    which = seen.part(ChoiceButton, "accessWhich")
    which.choose(f"A-{paid.number[-4:]}, until {UNTIL[:-6]}")
    seen.fill(accessWhy="a mistake")
    seen.button("accessNow").click()
    seen.until_text("customerHas", f"Day pass until {UNTIL}")
    seen.qtbot.waitUntil(lambda: seen.text("customerAnswer").endswith(f"{UNTIL}."))
    seen.button("customerWithdraw").click()
    assert not which.isVisible()
    seen.fill(accessWhy="left")
    seen.button("accessNow").click()
    seen.until_text("customerHas", "Has nothing now.")
    assert len([line for line in harness.till.reader.audit(9) if line.act is Act.ACCESS]) == 3


def test_who_presses_while_the_same_is_asked_again_is_not_ignored(seen: Seen, paid: Payment) -> None:
    seen.until_text("customerAnswer", f"0712 ••• 678 has Day pass until {UNTIL}.")
    QTest.keyClick(seen.part(QLineEdit, "customerPost"), Qt.Key.Key_Return)
    seen.button("customerWithdraw").click()
    assert seen.part(QLineEdit, "accessWhy").isVisible()


def test_for_ever_is_given_to_somebody_new_by_an_owner_who_chooses_a_passphrase(seen: Seen) -> None:
    seen.table.go_to_row(0)
    seen.until_text("customerHas", "Has nothing now.")
    seen.fill(customerPost="day")
    open_give(seen)
    seen.part(ChoiceButton, "accessLength").choose(FOR_EVER)
    assert not seen.part(QLineEdit, "accessDays").isVisible()
    again = seen.part(QLineEdit, "accessAgain")
    seen.qtbot.waitUntil(again.isVisible)
    seen.fill(accessWhy="a friend", accessPassphrase=PASSPHRASE, accessAgain="another one")
    seen.button("accessNow").click()
    assert seen.trouble() == "The two passphrases are not the same. Nothing was changed."
    seen.fill(accessAgain=PASSPHRASE)
    seen.button("accessNow").click()
    seen.until_text("customerHas", "Day pass for ever")
    seen.qtbot.waitUntil(lambda: seen.page.window().findChild(RecoveryCodeDialog) is not None)
    dialog = seen.page.window().findChild(RecoveryCodeDialog)
    assert dialog is not None
    dialog.close()


def test_a_number_is_shown_in_full_once_that_is_recorded(seen: Seen, harness: TillHarness) -> None:
    assert seen.text("customerShownPhone") == "0712 ••• 678"
    seen.button("customerReveal").click()
    seen.until_text("customerShownPhone", "0712 345 678")
    [line] = [line for line in harness.till.reader.audit(9) if line.act is Act.REVEAL]
    assert line.subject == "customer 1"
    seen.table.go_to_row(0)
    seen.until_text("customerShownPhone", "0722 ••• 999")


@pytest.mark.parametrize("size", ["normal", "larger"])
def test_whether_they_paid_is_seen_on_a_small_screen_too(seen: Seen, theme: ThemeManager, size: str) -> None:
    theme.choose(text_size=size)
    try:
        seen.page.resize(936, 534)
        settle(seen.page)
        last = TheirColumn.STATE
        assert not seen.payments.isColumnHidden(last)
        right = seen.payments.columnViewportPosition(last) + seen.payments.columnWidth(last)
        assert right <= seen.payments.viewport().width()
    finally:
        theme.choose(text_size="normal")


def test_the_number_is_offered_once_it_is_known_to_whom(seen: Seen) -> None:
    seen.qtbot.waitUntil(seen.button("customerReveal").isVisible)
    seen.page.hide()
    assert seen.button("customerReveal").isHidden()
    seen.page.show()
    seen.qtbot.waitUntil(seen.button("customerReveal").isVisible)


def test_who_may_not_see_numbers_is_offered_none(seen: Seen, harness: TillHarness) -> None:
    hire(harness.till)
    harness.till.operators.allow({Act.REVEAL: False}, PASSPHRASE)
    stand(harness.till, Role.OPERATOR)
    seen.table.go_to_row(0)
    seen.until_text("customerShownPhone", "0722 ••• 999")
    assert not seen.button("customerReveal").isVisible()


def test_a_name_and_a_note_are_kept(seen: Seen) -> None:
    seen.button("customerRename").click()
    QTest.keyClicks(seen.part(QLineEdit, "customerNameField"), "Amina W.")
    seen.press(Qt.Key.Key_Return)
    seen.until_text("customerShownName", "Amina W.")
    seen.qtbot.waitUntil(lambda: seen.table.model().index(1, 1).data() == "Amina W.")
    seen.button("customerNote").click()
    seen.button("customerNoteKeep").click()
    seen.until_text("customerNoteTrouble", "Type the note first. Nothing was saved.")
    QTest.keyClicks(seen.part(TextArea, "customerNoteField"), "asked for the manager")
    seen.press(Qt.Key.Key_Return)
    seen.until_text("customerNotes", "23 Nov 2026 14:00: asked for the manager")
    assert seen.button("customerNote").hasFocus()
    seen.button("customerRename").click()
    assert seen.part(QLineEdit, "customerNameField").text() == "Amina W."
    seen.press(Qt.Key.Key_Escape)
    assert not seen.part(QLineEdit, "customerNameField").isVisible()


def test_a_note_that_was_begun_is_there_again_after_the_page_was_left(seen: Seen) -> None:
    seen.button("customerNote").click()
    QTest.keyClicks(seen.part(TextArea, "customerNoteField"), "asked for the")
    seen.page.hide()
    seen.page.show()
    assert not seen.part(TextArea, "customerNoteField").isVisible()
    seen.qtbot.waitUntil(lambda: seen.button("customerNote").text() == "Finish note")
    seen.button("customerNote").click()
    QTest.keyClicks(seen.part(TextArea, "customerNoteField"), " manager")
    seen.press(Qt.Key.Key_Return)
    seen.until_text("customerNotes", "23 Nov 2026 14:00: asked for the manager")
    assert seen.button("customerNote").text() == "Add a note"


def test_who_is_gone_by_then_is_said_in_words(
    seen: Seen, harness: TillHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness.till.reader, "found_customer", lambda _id: None)
    seen.table.go_to_row(0)
    seen.until_text("customerNothing", GONE)


def test_leaving_the_page_keeps_neither_a_passphrase_nor_a_number(seen: Seen, harness: TillHarness) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    seen.button("customerReveal").click()
    seen.until_text("customerShownPhone", "0712 345 678")
    open_give(seen)
    seen.fill(accessPassphrase=PASSPHRASE)
    seen.page.hide()
    assert seen.part(QLineEdit, "accessPassphrase").text() == ""
    assert seen.text("customerShownPhone") == "0712 ••• 678"


def test_a_payment_that_comes_shows_at_once(seen: Seen, harness: TillHarness, posts: list[Post]) -> None:
    harness.clock.advance(200)
    asked = sell(harness.till, posts[0], AMINA)
    pay(harness.till, asked, "UKN0000002")
    seen.until_text("customerHas", "Day pass until 25 Nov 2026 14:00")
    assert seen.payments.model().rowCount() == 2


def test_of_who_was_erased_nothing_can_be_changed(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    harness.clock.advance(86_400)
    harness.till.erasure.erase(paid.phone, "asked by letter", PASSPHRASE)
    seen.page.look_up()
    seen.until_phones("0722 ••• 999", "erased …678")
    seen.until_text("customerShownName", ERASED)
    for name in (
        "customerReveal",
        "customerGive",
        "customerWithdraw",
        "customerNote",
        "customerRename",
        "customerErase",
    ):
        assert not seen.button(name).isVisible(), name
    assert seen.payments.model().rowCount() == 1


def open_erase(seen: Seen) -> None:
    seen.button("customerErase").click()
    assert seen.part(QLineEdit, "eraseWhy").hasFocus()
    assert seen.text("eraseHas") == f"Has now: Day pass until {UNTIL}"


def erase_trouble(seen: Seen) -> str:
    return seen.part(QWidget, "eraseTrouble").accessibleName()


def test_the_owner_erases_a_customer_with_the_keyboard_alone(seen: Seen, harness: TillHarness, paid: Payment) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    harness.clock.advance(GUARD + 1)
    open_erase(seen)
    QTest.keyClicks(seen.part(QLineEdit, "eraseWhy"), "asked for by letter")
    QTest.keyClicks(seen.part(QLineEdit, "erasePassphrase"), PASSPHRASE)
    QTest.keyClick(seen.part(QLineEdit, "erasePassphrase"), Qt.Key.Key_Return)
    seen.until_phones("0722 ••• 999", "erased …678")
    seen.until_text("customerShownName", ERASED)
    assert seen.text("customerWords").startswith("Erased. 1 payment stays, as of erased …678.")
    assert seen.part(QLineEdit, "erasePassphrase").text() == ""
    assert not seen.part(QWidget, "eraseForm").isVisible()
    assert seen.table.hasFocus(), "an Enter there changes nothing"
    payment = harness.till.reader.payment(paid.id)
    assert payment
    assert is_erased(payment.phone)


def test_what_stands_in_the_way_of_erasing_is_said_and_everything_typed_stays(
    seen: Seen, harness: TillHarness, paid: Payment
) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    open_erase(seen)
    seen.button("eraseNow").click()
    seen.qtbot.waitUntil(lambda: "passphrase" in erase_trouble(seen))
    seen.fill(eraseWhy="asked for by letter", erasePassphrase=PASSPHRASE)
    seen.button("eraseNow").click()
    seen.qtbot.waitUntil(lambda: f"Payment {paid.number} is only just over" in erase_trouble(seen))
    assert seen.part(QLineEdit, "eraseWhy").text() == "asked for by letter"
    seen.press(Qt.Key.Key_Escape)
    assert not seen.part(QWidget, "eraseForm").isVisible()
    assert seen.text("customerHas") == f"Day pass until {UNTIL}"


def test_an_owner_without_a_passphrase_chooses_one_to_erase(seen: Seen, harness: TillHarness) -> None:
    harness.clock.advance(GUARD + 1)
    open_erase(seen)
    again = seen.part(QLineEdit, "eraseAgain")
    seen.qtbot.waitUntil(again.isVisible)
    seen.fill(eraseWhy="asked for by letter", erasePassphrase=PASSPHRASE, eraseAgain="another one")
    seen.button("eraseNow").click()
    assert erase_trouble(seen) == "The two passphrases are not the same. Nothing was changed."
    seen.fill(eraseAgain=PASSPHRASE)
    seen.button("eraseNow").click()
    seen.until_text("customerShownName", ERASED)
    seen.qtbot.waitUntil(lambda: seen.page.window().findChild(RecoveryCodeDialog) is not None)
    dialog = seen.page.window().findChild(RecoveryCodeDialog)
    assert dialog is not None
    dialog.close()


def test_leaving_the_page_keeps_no_passphrase_of_an_erasure(seen: Seen, harness: TillHarness) -> None:
    harness.till.owner.passphrase.choose(PASSPHRASE)
    open_erase(seen)
    seen.fill(erasePassphrase=PASSPHRASE)
    seen.page.hide()
    assert seen.part(QLineEdit, "erasePassphrase").text() == ""


class TestHandedOut:
    def test_everything_stands_in_a_private_file_and_the_audit_says_so(
        self, seen: Seen, harness: TillHarness, files: Files, paid: Payment, tmp_path: Path
    ) -> None:
        files.chosen = str(tmp_path / "asked by letter")
        seen.button("customerExport").click()
        seen.qtbot.waitUntil(lambda: "is in asked by letter.json" in seen.text("customerWords"))
        assert "712345678" not in files.offered + seen.text("customerWords")
        file = tmp_path / "asked by letter.json"
        told = json.loads(file.read_text())
        assert (told["phone"], told["mark"]) == ("254712345678", "PRACTICE · not real money")
        assert [payment["number"] for payment in told["payments"]] == [paid.number]
        assert os.name == "nt" or file.stat().st_mode & 0o077 == 0
        line = harness.till.reader.audit(1)[0]
        assert (line.act, line.subject, line.new) == (Act.REVEAL, f"customer {paid.customer_id}", "shown")

    def test_nothing_is_written_where_nobody_chose_or_it_cannot_be(
        self, seen: Seen, harness: TillHarness, files: Files, tmp_path: Path
    ) -> None:
        before = harness.till.reader.audit(1)
        seen.button("customerExport").click()
        (tmp_path / "there.json").write_text("mine")
        files.chosen = str(tmp_path / "there")
        seen.button("customerExport").click()
        assert "there.json is there already" in seen.text("customerWords")
        assert harness.till.reader.audit(1) == before
        files.chosen = str(tmp_path / "no folder" / "a.json")
        seen.button("customerExport").click()
        seen.qtbot.waitUntil(lambda: "Nothing was written" in seen.text("customerWords"))
        assert (tmp_path / "there.json").read_text() == "mine"

    def test_what_fails_after_the_customer_was_left_is_told_all_the_same(
        self, seen: Seen, files: Files, tasks: Tasks, tmp_path: Path
    ) -> None:
        files.chosen = str(tmp_path / "no folder" / "a.json")
        with seen.qtbot.waitSignal(tasks.trouble) as told:
            seen.button("customerExport").click()
            seen.table.go_to_row(0)
        assert "Nothing was written" in told.args[0]

    def test_it_is_for_who_may_see_the_number(self, seen: Seen, harness: TillHarness) -> None:
        hire(harness.till)
        harness.till.operators.allow({Act.REVEAL: False}, PASSPHRASE)
        stand(harness.till, Role.OPERATOR)
        seen.table.go_to_row(0)
        seen.table.go_to_row(1)
        seen.qtbot.waitUntil(seen.button("customerExport").isHidden)
        assert seen.button("customerReveal").isHidden()
