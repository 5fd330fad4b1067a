"""Where a scan goes that comes while another page than the charge is shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

from pos_app.messages.window import FORM_IS_OPEN
from pos_app.ui.customers.tables import CustomersTable
from pos_app.ui.posts.editor import PostEditor
from pos_app.ui.preferences import SCAN_PREFIX
from pos_app.ui.shell.pages import CUSTOMERS, POSTS
from pos_app.ui.widgets.list_table import ListTable
from tests.support.staff import hire
from tests.ui.counter import Counter
from tests.ui.selling import sell

TEA = "4006381333931"


def on_the_posts(counter: Counter) -> ListTable:
    counter.window.go(POSTS)
    table = counter.part(ListTable, "postsTable")
    counter.qtbot.waitUntil(lambda: table.model().rowCount() == 3)
    return table


def test_on_the_page_of_posts_a_scan_chooses_the_post_there(counter: Counter) -> None:
    table = on_the_posts(counter)
    counter.scan(TEA)
    assert table.isVisible()
    assert table.hasFocus()
    assert table.model().index(table.currentIndex().row(), 1).data() == "Tea"
    assert not counter.part(PostEditor, "postEditor").editing, "its Enter opens nothing"
    assert counter.chosen() == ""


def test_a_slow_scanner_is_known_by_its_prefix_there_too(counter: Counter) -> None:
    counter.window.preferences.choose(SCAN_PREFIX, "#")
    table = on_the_posts(counter)
    table.setFocus()
    counter.write(f"#{TEA}")
    counter.enter()
    assert table.isVisible()
    assert table.model().index(table.currentIndex().row(), 1).data() == "Tea"


def test_behind_the_lock_a_scan_reaches_no_page(counter: Counter) -> None:
    table = on_the_posts(counter)
    before = table.currentIndex().row()
    hire(counter.harness.till)
    counter.window.lock.lock()
    counter.qtbot.waitUntil(lambda: counter.window.lock.locked)
    counter.scan(TEA)
    assert table.currentIndex().row() == before


def test_from_any_other_page_it_goes_to_the_charge(counter: Counter) -> None:
    counter.window.go("payments")
    counter.scan(TEA)
    assert counter.chosen() == "Tea"


def on_a_customer(counter: Counter, button: str) -> None:
    """The page of customers, with a form of the only one open."""
    till = counter.harness.till
    sell(till, till.catalogue.posts()[0], "0712345678")
    counter.window.go(CUSTOMERS)
    counter.qtbot.waitUntil(lambda: counter.part(CustomersTable, "customersTable").model().rowCount() == 1)
    counter.qtbot.waitUntil(counter.part(QAbstractButton, button).isVisible)
    counter.part(QAbstractButton, button).click()


def said(counter: Counter) -> str:
    return counter.part(QWidget, "toast").accessibleName()


@pytest.mark.parametrize("prefix", ["", "#"])
@pytest.mark.parametrize("code", [TEA, "99887766"])
def test_a_scan_drops_no_form_of_the_owner(counter: Counter, prefix: str, code: str) -> None:
    counter.window.preferences.choose(SCAN_PREFIX, prefix)
    on_a_customer(counter, "customerErase")
    page, why = counter.window.page, counter.part(QLineEdit, "eraseWhy")
    why.setFocus()
    counter.write("She asked")
    counter.scan(f"{prefix}{code}")
    assert counter.window.page is page
    assert said(counter) == FORM_IS_OPEN
    counter.write(" for it")
    assert why.isVisible()
    assert why.text() == "She asked for it"
    assert counter.chosen() == ""

    counter.part(QAbstractButton, "eraseCancel").click()
    counter.scan(f"{prefix}{TEA}")
    assert counter.chosen() == "Tea"


def test_a_scan_drops_no_note(counter: Counter) -> None:
    on_a_customer(counter, "customerNote")
    page, field = counter.window.page, counter.part(QPlainTextEdit, "customerNoteField")
    counter.write("Will pay")
    counter.scan(TEA)
    counter.write(" soon")
    assert counter.window.page is page
    assert field.toPlainText() == "Will pay soon"

    field.clear()
    counter.scan(TEA)
    assert counter.chosen() == "Tea"


def test_a_scan_leads_nobody_out_of_a_post_that_is_not_kept(counter: Counter) -> None:
    counter.window.preferences.choose(SCAN_PREFIX, "#")
    on_the_posts(counter)
    counter.press(Qt.Key.Key_Insert)
    title = counter.part(QLineEdit, "postTitle")
    counter.write("Cof")
    counter.scan(f"#{TEA}")
    counter.write("fee")
    assert title.text() == "Coffee"
    assert counter.part(QLineEdit, "postsFind").text() == ""


def test_enter_presses_the_button_that_has_the_focus(counter: Counter) -> None:
    on_a_customer(counter, "customerNote")
    counter.press(Qt.Key.Key_Escape)
    note, field = counter.button("customerNote"), counter.part(QPlainTextEdit, "customerNoteField")
    note.setFocus()
    counter.enter(repeat=True)
    counter.write("ab", gap=100)
    counter.enter(gap=100)
    assert not field.isVisible(), "neither by a key that is held down, nor as fast as a scanner's"

    counter.enter()
    assert field.hasFocus()
