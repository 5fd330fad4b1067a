"""One payment alone: what people write about it, what came, and the way back to its row."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QLabel, QWidget

from pos_app.domain.note import MAX_NOTE
from pos_app.domain.operators import Role
from pos_app.domain.payment import Payment
from pos_app.ui.payments.actions import PaymentActions
from pos_app.ui.payments.detail import PaymentDetail
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.list_beside_panel import ListBesidePanel
from pos_app.ui.widgets.text_area import TextArea
from tests.support.builders import charge
from tests.support.staff import NAMES, hire, stand
from tests.support.till_harness import TillHarness
from tests.ui.payments.seen import Seen


def press(seen: Seen, name: str) -> None:
    seen.part(QAbstractButton, name).click()


@pytest.fixture
def noting(seen: Seen) -> TextArea:
    """Somebody is about to write a note about the newest payment."""
    press(seen, "detailNote")
    field = seen.part(TextArea, "noteField")
    assert field.hasFocus()
    return field


def notes(seen: Seen) -> list[str]:
    return [step for step in seen.steps() if step.startswith("Note")]


def test_a_note_stays_with_the_payment(seen: Seen, harness: TillHarness, sold: list[Payment], noting: TextArea) -> None:
    QTest.keyClicks(noting, "Says the phone was off, call 0712345678")
    QTest.keyClick(noting, Qt.Key.Key_Return)
    seen.qtbot.waitUntil(lambda: bool(notes(seen)))
    assert notes(seen)[0].endswith("Says the phone was off, call 0712 ••• 678")
    assert not seen.part(QWidget, "noteForm").isVisible()
    assert seen.part(QAbstractButton, "detailNote").hasFocus()
    assert len(harness.till.reader.payment_notes(sold[2].id)) == 1
    press(seen, "detailCopy")
    assert "Says the phone was off" in QGuiApplication.clipboard().text()


def test_a_note_says_who_wrote_it(seen: Seen, harness: TillHarness, noting: TextArea) -> None:
    hire(harness.till)
    stand(harness.till, Role.OPERATOR)
    noting.setPlainText("Came back\nwith her sister")
    press(seen, "noteKeep")
    seen.qtbot.waitUntil(lambda: bool(notes(seen)))
    assert notes(seen)[0].startswith(f"Note by {NAMES[Role.OPERATOR]}, ")
    assert notes(seen)[0].endswith("Came back with her sister")


def test_a_form_has_the_room_of_the_buttons_below_and_is_whole_with_very_large_text(
    seen: Seen, theme: ThemeManager, noting: TextArea
) -> None:
    actions = seen.part(PaymentActions, "detailActions")
    assert not actions.isVisible()
    press(seen, "noteCancel")
    assert actions.isVisible()
    theme.choose(text_size="larger")
    try:
        seen.page.resize(900, 530)
        press(seen, "detailNote")
        keep = seen.part(QAbstractButton, "noteKeep")
        seen.qtbot.waitUntil(lambda: keep.visibleRegion().boundingRect() == keep.rect())
    finally:
        theme.choose(text_size="normal")


@pytest.mark.parametrize(
    ("typed", "words"), [("  ", "Type the note first"), ("n" * (MAX_NOTE + 1), "501 characters; 500 fit")]
)
def test_what_cannot_be_kept_is_said_and_stays_to_be_mended(
    seen: Seen, noting: TextArea, typed: str, words: str
) -> None:
    noting.setPlainText(typed)
    press(seen, "noteKeep")
    seen.qtbot.waitUntil(lambda: words in seen.text("noteTrouble"))
    assert noting.text() == typed


def test_escape_leaves_the_note_and_not_the_payment(seen: Seen, noting: TextArea) -> None:
    QTest.keyClicks(noting, "never mind")
    QTest.keyClick(noting, Qt.Key.Key_Escape)
    assert not noting.isVisible()
    assert seen.part(QAbstractButton, "detailNote").hasFocus()
    assert seen.part(QAbstractButton, "detailNote").text() == "Finish note"
    press(seen, "detailNote")
    assert noting.text() == "never mind"
    press(seen, "noteCancel")
    assert seen.part(QAbstractButton, "detailNote").text() == "Add note"


def test_a_note_does_not_follow_to_another_payment(seen: Seen, noting: TextArea) -> None:
    QTest.keyClicks(noting, "about this one")
    seen.table.go_to_row(1)
    assert not noting.isVisible()
    assert seen.part(QAbstractButton, "detailNote").text() == "Add note"
    press(seen, "detailNote")
    assert noting.text() == ""
    seen.table.go_to_row(0)
    press(seen, "detailNote")
    assert noting.text() == "about this one"


def test_the_number_is_offered_once_it_is_known_to_whom(seen: Seen) -> None:
    show = seen.part(QAbstractButton, "detailShowNumber")
    seen.qtbot.waitUntil(show.isVisible)
    seen.page.hide()
    assert show.isHidden()
    seen.page.show()
    seen.qtbot.waitUntil(show.isVisible)


def test_the_evidence_is_folded_away_and_masked(seen: Seen) -> None:
    text = seen.part(QLabel, "detailEvidenceText")
    seen.qtbot.waitUntil(lambda: "MerchantRequestID" in text.text())
    assert not text.isVisible()
    press(seen, "detailEvidence")
    assert text.isVisible()
    assert "733345120" not in text.text()
    seen.table.go_to_row(1)
    assert not text.isVisible()


def opened(seen: Seen) -> bool:
    [page] = seen.page.findChildren(ListBesidePanel)
    return page.opened


def test_enter_shows_the_payment_alone_and_escape_brings_the_same_row_back(
    seen: Seen, harness: TillHarness, sold: list[Payment]
) -> None:
    seen.table.setFocus()
    seen.table.go_to_row(1)
    seen.press(Qt.Key.Key_Return)
    assert opened(seen)
    assert not seen.table.isVisible()
    columns = seen.part(QWidget, "scrolled").layout()
    assert isinstance(columns, QBoxLayout)
    seen.qtbot.waitUntil(lambda: columns.direction() is QBoxLayout.Direction.LeftToRight)
    charge(harness.till, sold[0].lines[0].post_id, "0745345918")  # meanwhile
    seen.until_rows(4)
    assert seen.who() == "Tea · 0722 ••• 903"

    seen.press(Qt.Key.Key_Escape)
    assert seen.table.hasFocus()
    assert not opened(seen)
    assert seen.table.currentIndex().row() == 2
    assert seen.who() == "Tea · 0722 ••• 903"
    assert columns.direction() is QBoxLayout.Direction.TopToBottom


def test_a_finger_goes_back_by_the_button_and_finding_goes_back_too(seen: Seen) -> None:
    back = seen.part(QAbstractButton, "detailBack")
    assert not back.isVisible()
    seen.table.opened.emit()
    back.click()
    assert seen.table.isVisible()
    seen.table.opened.emit()
    seen.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert not opened(seen)


def test_whoever_comes_back_to_the_page_finds_the_list(seen: Seen) -> None:
    seen.table.opened.emit()
    seen.page.hide()
    seen.page.show()
    assert seen.table.isVisible()


def test_where_nothing_is_found_nothing_is_opened(seen: Seen) -> None:
    seen.type("no such payment")
    seen.qtbot.waitUntil(lambda: seen.table.current is None)
    seen.table.opened.emit()
    assert not opened(seen)
    assert seen.part(PaymentDetail, "paymentDetail").payment is None
