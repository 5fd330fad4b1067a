"""Adding up what came in, on a real store."""

import threading
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.kenya_time import day_start, shop_day
from pos_app.domain.operators import Act, Role
from pos_app.domain.search import Search
from pos_app.domain.takings import By, Key, Taking, Takings
from pos_app.errors import PosError
from pos_app.messages.takings import ADDING_UP
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.takings.model import TakingsModel
from pos_app.ui.takings.page import TakingsPage
from pos_app.ui.tasks import Tasks
from pos_app.ui.till_events import TillEvents
from tests.support.fakes import START
from tests.support.model_rules import watched
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.selling import pay, sell
from tests.ui.takings.conftest import PHONES, SeenTakings

TODAY = shop_day(START)


def test_the_figures_of_today(seen: SeenTakings) -> None:
    assert seen.rows() == [["14:00 - 15:00", "3", "2", "130", "80", "0", "80"]]
    assert seen.text("takingsNet") == "KES 80 paid"
    assert seen.text("takingsCount") == "3 payments, 2 of them paid"
    assert seen.text("takingsAsked") == "KES 130 asked"
    assert not seen.sees("takingsRefunded")
    assert seen.text("takingsMark") == "PRACTICE · not real money"


def test_put_together_by_post_with_the_most_first(seen: SeenTakings) -> None:
    seen.choose("takingsBy", "By post")
    seen.until(2)
    assert [row[0] for row in seen.rows()] == ["Day pass", "Tea"]
    heading = seen.table.model().headerData(0, Qt.Orientation.Horizontal)
    assert heading == "Post"


def test_enter_on_a_row_and_a_click_lead_to_its_payments(seen: SeenTakings) -> None:
    QTest.keyClick(seen.table, Qt.Key.Key_Return)
    two = day_start(TODAY) + timedelta(hours=14)
    assert seen.wanted == [(Search(since=two, until=two + timedelta(hours=1)), "14:00 - 15:00, 23 Nov 2026")]
    seen.choose("takingsBy", "By post")
    seen.until(2)
    place = seen.table.visualRect(seen.table.model().index(1, 0)).center()
    QTest.mouseClick(seen.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    search, words = seen.wanted[-1]
    assert (search.post, words) == (2, "Tea, 23 Nov 2026")


def test_days_without_payments_are_said(seen: SeenTakings) -> None:
    seen.choose("takingsDays", "Yesterday")
    seen.until(0)
    assert seen.text("takingsEmpty") == "No payments on 22 Nov 2026. Choose other days."
    assert not seen.sees("takingsNet")
    assert not seen.sees("takingsPicture")


def test_other_days_are_typed_and_refused_in_words(seen: SeenTakings) -> None:
    assert not seen.sees("takingsFirst")
    seen.choose("takingsDays", "Other days")
    first, last = part(seen.page, QLineEdit, "takingsFirst"), part(seen.page, QLineEdit, "takingsLast")
    assert (first.text(), last.text()) == ("2026-11-23", "2026-11-23")
    assert seen.page.focusWidget() is first
    for field in (first, last):
        room = field.contentsRect().width() - 2 * 2  # Qt's own margin beside the text
        assert field.fontMetrics().horizontalAdvance(field.placeholderText()) <= room, "what it says is read whole"
    for typed, words in (("24/11/2026", "is no day"), ("2026-11-24", "before")):
        first.setText(typed)
        QTest.keyClick(first, Qt.Key.Key_Return)
        assert words in seen.text("takingsEmpty")
    first.setText("2026-11-01")
    QTest.keyClick(last, Qt.Key.Key_Return)
    seen.until(1)
    seen.choose("takingsDays", "Today")
    assert not seen.sees("takingsFirst")


def test_a_payment_that_comes_meanwhile_is_counted(seen: SeenTakings, harness: TillHarness, qtbot: QtBot) -> None:
    tea = harness.till.catalogue.posts()[1]
    pay(harness.till, sell(harness.till, tea, PHONES[3]), "UKN4X7Q2ZY")
    qtbot.waitUntil(lambda: seen.rows()[:1] == [["14:00 - 15:00", "4", "3", "160", "110", "0", "110"]], timeout=10_000)


def test_where_adding_up_takes_long_it_is_said(
    seen: SeenTakings, harness: TillHarness, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, takings = threading.Event(), harness.till.figures.takings
    monkeypatch.setattr(harness.till.figures, "takings", lambda *asked: may_end.wait(30) and takings(*asked))
    seen.page.hide()
    seen.page.show()
    assert seen.text("takingsEmpty") == ""
    qtbot.waitUntil(lambda: seen.text("takingsEmpty") == ADDING_UP)
    assert seen.sees("takingsEmpty")
    may_end.set()
    seen.until(1)


def test_the_same_row_stays_current_when_it_is_added_up_again(seen: SeenTakings, qtbot: QtBot) -> None:
    seen.choose("takingsBy", "By post")
    seen.until(2)
    seen.table.go_to_row(1)
    with qtbot.waitSignal(seen.table.model().modelReset):
        seen.page.look_up()
    qtbot.waitUntil(lambda: seen.table.currentIndex().row() == 1)


@pytest.mark.parametrize("may", [True, False])
def test_rule_16_sums_are_for_whom_the_owner_lets_see_them(
    harness: TillHarness, taken: None, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot, may: bool
) -> None:
    hire(harness.till)
    harness.till.operators.allow({Act.TOTALS: may}, PASSPHRASE)
    stand(harness.till, Role.OPERATOR)
    page = TakingsPage(harness.till, tasks, events)
    qtbot.addWidget(page)
    page.show()
    seen = SeenTakings(page, qtbot)
    if may:
        seen.until(1)
        return
    qtbot.waitUntil(lambda: "supervisor or the owner" in seen.text("takingsEmpty"))
    assert seen.rows() == []
    stand(harness.till, Role.SUPERVISOR)
    page.hide()
    page.show()
    seen.until(1)


def test_nothing_is_left_for_whoever_comes_next(seen: SeenTakings) -> None:
    seen.page.hide()
    assert seen.rows() == []
    assert seen.text("takingsNet") == ""


class TestThePicture:
    """It is loaded on a thread, shows what the table shows, and leads to the same payments."""

    def chart(self, seen: SeenTakings) -> QWidget:
        seen.qtbot.waitUntil(lambda: bool(seen.page.findChildren(QWidget, "takingsChart")), timeout=20_000)
        return part(seen.page, QWidget, "takingsChart")

    def test_a_click_on_a_bar_leads_to_its_payments(self, seen: SeenTakings) -> None:
        from pos_app.ui.takings.chart import TakingsChart

        chart = self.chart(seen)
        assert isinstance(chart, TakingsChart)
        seen.choose("takingsBy", "By post")
        seen.until(2)
        [view] = chart.findChildren(QGraphicsView)
        for row, post in enumerate((1, 2)):
            places = [QPoint(view.width() // 2, y) for y in range(view.height())]
            place = next(place for place in places if chart.row_at(view.mapToScene(place)) == row)
            QTest.mouseMove(view.viewport(), place)
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
            assert seen.wanted[-1][0].post == post
            assert seen.table.currentIndex().row() == row
        assert chart.row_at(view.mapToScene(QPoint(0, 0))) == -1

    @pytest.mark.parametrize("by", By)
    def test_every_grouping_is_drawn_in_both_colours_and_all_sizes(
        self, seen: SeenTakings, theme: ThemeManager, by: By
    ) -> None:
        from pos_app.ui.takings.chart import TakingsChart

        chart = self.chart(seen)
        assert isinstance(chart, TakingsChart)
        first = TODAY - timedelta(days=400)
        keys: list[Key] = {
            By.DAY: [first + timedelta(days=day) for day in (0, 7, 400)],
            By.HOUR: [0, 9, 23],
            By.POST: [*range(1, 60), None],
            By.OPERATOR: [1, None],
            By.TILL: ["A", "B"],
        }[by]  # type: ignore[assignment]
        groups = tuple(
            Taking(key=key, name="x" * 60, received=250_000 * place, refunded=1) for place, key in enumerate(keys)
        )
        for colours in ("dark", "light"):
            theme.choose(colours=colours)
            chart.show_takings(Takings(first, TODAY, by, groups, groups[0]))
            chart.mark(1)
            chart.grab()
        chart.show_takings(None)
        chart.grab()

    def test_where_it_cannot_be_loaded_the_figures_are_there(
        self, harness: TillHarness, taken: None, events: TillEvents, tasks: Tasks, theme: ThemeManager, qtbot: QtBot
    ) -> None:
        def fail() -> None:
            raise PosError("The picture cannot be drawn on this computer. The figures are the same.")

        page = TakingsPage(harness.till, tasks, events, load=fail)  # type: ignore[arg-type]
        qtbot.addWidget(page)
        page.show()
        seen = SeenTakings(page, qtbot)
        seen.until(1)
        qtbot.waitUntil(
            lambda: any("cannot be drawn" in label.text() for label in page.findChildren(QLabel) if label.isVisible())
        )
        page.hide()


def test_the_table_model_keeps_its_promises(taken: None, harness: TillHarness) -> None:
    model = watched(TakingsModel())
    for by in By:
        model.show_takings(harness.till.reader.takings(TODAY, TODAY, by))
        assert model.rowCount()
        model.show_takings(None)
    assert not model.rowCount()


def test_what_is_of_no_payment_has_no_count() -> None:
    model = TakingsModel()
    model.show_takings(Takings(TODAY, TODAY, By.POST, (Taking(key=None, received=20, refunded=5),), Taking(key=None)))
    texts = [model.index(0, column).data() for column in range(model.columnCount())]
    assert texts == ["Several posts at once", "", "", "", "20", "5", "15"]
