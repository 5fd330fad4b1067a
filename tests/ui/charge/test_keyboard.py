"""What a tired operator's hands do, and what a scanner does: nobody is asked but by an Enter that a hand pressed."""

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment_event import Result
from pos_app.messages import counter as words
from pos_app.ui.preferences import SCAN_PREFIX
from pos_app.ui.widgets.key_watch import HASTE
from pos_app.ui.widgets.notice import Notice
from tests.ui.counter import Counter

PHONE = "0712345678"
TEA = "4006381333931"
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier
UNKNOWN = ["2000000000008", "1234567890128", "0712345678901", "9990001112223", "96385074", "ABC-1234", "12AB34"]


@pytest.fixture
def asked(counter: Counter) -> list[object]:
    """Each time that the form asks for a prompt. Nothing is sent."""
    made: list[object] = []
    counter.page.form.send.disconnect(counter.page.flow.charge)

    def refuse(request: object) -> None:
        made.append(request)
        counter.page.flow.refused.emit(request, "Nothing is sent here.")

    counter.page.form.send.connect(refuse)
    return made


def phone(counter: Counter) -> str:
    return counter.page.form.phone.text()


def title(counter: Counter) -> str:
    return counter.chosen()


def sought(counter: Counter) -> str:
    return counter.page.grid.search.edit.text()


def hinted(counter: Counter) -> str:
    hint = counter.part(Notice, "chargeHint")
    return hint.words if hint.isVisible() else ""


# --- one rule ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("focus", ["phone", "ask", "post1"])
@pytest.mark.parametrize("modifiers", [Qt.KeyboardModifier.NoModifier, KEYPAD])
def test_a_digit_is_the_phone_whatever_was_done_before(
    counter: Counter, focus: str, modifiers: Qt.KeyboardModifier
) -> None:
    counter.ask("1", "0722333444")
    counter.qtbot.waitUntil(lambda: counter.page.form.customer.recent.phones == ("254722333444",))
    counter.function(Qt.Key.Key_F2)
    counter.part(QWidget, focus).setFocus()
    for digit in "6172333444":
        counter.press(Qt.Key(ord(digit)), digit, modifiers=modifiers)
    assert phone(counter) == "617 233 344 4"
    assert title(counter) == ""
    assert not counter.button("ask").isEnabled()


def test_the_walk_that_asked_a_stranger(counter: Counter, asked: list[object]) -> None:
    """Keys 6, then 1, then 0722333444 once asked KES 100 of 0107 223 334."""
    counter.write("6")
    counter.write("1")
    counter.write("0722333444")
    counter.enter()
    assert phone(counter) == "610 722 333 444"
    assert title(counter) == ""
    assert asked == []


@pytest.mark.parametrize("modifiers", [CONTROL, CONTROL | KEYPAD])
def test_another_post_is_added_and_never_changes_the_phone(counter: Counter, modifiers: Qt.KeyboardModifier) -> None:
    counter.chord("1", modifiers)
    counter.write("0712")
    counter.chord("2", modifiers)
    assert (title(counter), phone(counter)) == ("Day pass + Week pass", "0712")
    counter.write("345678")
    counter.chord("1", modifiers)
    assert (title(counter), phone(counter)) == ("Day pass x2 + Week pass", "0712 345 678")
    assert counter.button("ask").text() == "Ask for KES 350"
    assert counter.page.form.phone.edit.hasFocus()


def test_a_customer_before_the_post(counter: Counter) -> None:
    counter.write(PHONE)
    counter.chord("2")
    assert counter.button("ask").isEnabled()


def test_the_cursor_is_at_home_in_the_phone_field(counter: Counter) -> None:
    home = counter.page.form.phone.edit
    assert home.hasFocus()
    counter.write("te")
    counter.function(Qt.Key.Key_F2)
    assert home.hasFocus()
    assert sought(counter) == ""
    counter.write("te")
    counter.enter()
    assert (title(counter), home.hasFocus()) == ("Tea", True)
    payment = counter.ask("2", PHONE)
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    counter.part(QTimer, "paidTimer").start(1)
    counter.qtbot.waitUntil(lambda: counter.shown() == "form")
    assert home.hasFocus()
    counter.window.go("payments")
    counter.window.go("charge")
    assert home.hasFocus()


@pytest.mark.parametrize("way", ["letter", "click", "ctrl f", "slash"])
def test_where_the_cursor_was_put_there_is_typed(counter: Counter, way: str, asked: list[object]) -> None:
    counter.choose("2")
    counter.write(PHONE)
    if way == "letter":
        counter.write("t")
    elif way == "click":
        QTest.mouseClick(counter.page.grid.search.edit, Qt.MouseButton.LeftButton)
    elif way == "ctrl f":
        counter.chord("f")
    else:
        counter.press(Qt.Key.Key_Slash, "/")
    counter.write("12")
    assert sought(counter) == ("t12" if way == "letter" else "12")
    assert phone(counter) == "0712 345 678"
    counter.enter()
    assert asked == []
    assert counter.shown() == "form"


def test_enter_in_the_empty_find_field_only_goes_home(counter: Counter, asked: list[object]) -> None:
    counter.choose("2")
    counter.write(PHONE)
    counter.chord("f")
    counter.enter()
    assert asked == []
    assert counter.page.form.phone.edit.hasFocus()
    counter.enter()
    assert len(asked) == 1


def test_enter_presses_the_button_that_tab_led_to(counter: Counter, asked: list[object]) -> None:
    counter.window.go("payments")  # its making takes long
    counter.window.go("charge")
    counter.choose("1")
    counter.write(PHONE)
    counter.part(QWidget, "go-payments").setFocus()
    counter.enter()
    assert asked == []
    assert type(counter.window.page).__name__ == "PaymentsPage"


def test_a_space_presses_no_button_that_asks(counter: Counter, asked: list[object]) -> None:
    counter.choose("1")
    counter.write(PHONE)
    ask = counter.button("ask")
    ask.setFocus()
    counter.press(Qt.Key.Key_Space, " ")
    QTest.keyRelease(ask, Qt.Key.Key_Space)
    assert asked == []


def test_what_is_missing_is_told(counter: Counter) -> None:
    counter.enter()
    assert hinted(counter) == words.CHOOSE_FIRST
    counter.choose("1")
    counter.enter()
    assert hinted(counter) == words.TYPE_PHONE


# --- how many presses ------------------------------------------------------------------------------------


class Presses:
    """Counts what a hand does; a chord is one press."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.count = 0

    def chord(self, digit: str, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
        self.count += 1
        self.counter.chord(digit, modifiers)

    def digits(self, text: str) -> None:
        self.count += len(text)
        self.counter.write(text)

    def enter(self) -> None:
        self.count += 1
        self.counter.enter()


def test_a_new_customer_takes_twelve_presses_and_a_returning_one_three(counter: Counter) -> None:
    new = Presses(counter)
    new.chord("1")
    new.digits(PHONE)
    new.enter()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 1)
    assert new.count == 12
    counter.qtbot.waitUntil(lambda: counter.button("recent1").text() == "0712 ••• 678")
    payment = counter.page.active.payments()[0]
    counter.qtbot.waitUntil(lambda: counter.page.active.payments()[0].checkout_request_id is not None)
    payment = counter.page.active.payments()[0]
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    counter.harness.clock.advance(200)
    back = Presses(counter)
    back.chord("1")
    back.chord("1", ALT)
    back.enter()
    counter.qtbot.waitUntil(lambda: len(counter.harness.gateway.pushes) == 2)
    assert back.count == 3


def test_a_recent_customer_is_taken_also_while_a_payment_is_shown(counter: Counter) -> None:
    counter.ask("1", PHONE)
    counter.qtbot.waitUntil(lambda: counter.button("recent1").text() == "0712 ••• 678")
    assert counter.shown() == "progress"
    counter.chord("1", ALT)
    assert counter.shown() == "form"
    assert phone(counter) == "0712 345 678"


def test_a_post_is_chosen_also_while_a_payment_is_shown(counter: Counter) -> None:
    counter.ask("1", PHONE)
    counter.chord("2")
    assert (counter.shown(), title(counter), phone(counter)) == ("form", "Week pass", "")


# --- Esc -------------------------------------------------------------------------------------------------


def test_esc_empties_the_form_one_thing_a_press(counter: Counter) -> None:
    counter.choose("2")
    counter.write("071234")
    counter.enter()
    counter.page.grid.search.edit.setText("te")
    assert counter.part(Notice, "chargeTrouble").isVisible()

    def left() -> tuple[bool, str, str, str]:
        return counter.part(Notice, "chargeTrouble").isVisible(), sought(counter), phone(counter), title(counter)

    assert left() == (True, "te", "0712 34", "Week pass")
    counter.function(Qt.Key.Key_Escape)
    assert left() == (False, "te", "0712 34", "Week pass")
    counter.function(Qt.Key.Key_Escape)
    assert left() == (False, "", "0712 34", "Week pass")
    counter.function(Qt.Key.Key_Escape)
    assert left() == (False, "", "", "Week pass")
    counter.function(Qt.Key.Key_Escape)
    assert left() == (False, "", "", "")
    counter.function(Qt.Key.Key_Escape)
    assert left() == (False, "", "", "")


def test_esc_in_the_empty_find_field_leaves_it_and_takes_nothing(counter: Counter) -> None:
    counter.write("0712")
    counter.chord("f")
    counter.function(Qt.Key.Key_Escape)
    assert phone(counter) == "0712"
    assert counter.page.form.phone.edit.hasFocus()


# --- scanners ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("half", ["", "0712 345 67", "0", PHONE])
def test_no_scan_of_a_post_asks_or_fills_the_phone(counter: Counter, asked: list[object], half: str) -> None:
    for gap in (1, 5, 35, 50, 60, 75, 100, 149):
        counter.next_customer()
        counter.choose("2")
        counter.write(half)
        before = phone(counter)
        counter.write(TEA, gap=gap)
        counter.enter(gap=gap)
        assert (title(counter), phone(counter), sought(counter)) == ("Week pass + Tea", before, ""), gap
        assert asked == []


@pytest.mark.parametrize("focus", ["phone", "findPost", "ask"])
def test_no_scan_of_an_unknown_code_asks_or_fills_the_phone(counter: Counter, asked: list[object], focus: str) -> None:
    for code, gap, half in itertools.product(UNKNOWN, (8, 55, 100), ("", "0712 345 67", PHONE)):
        counter.next_customer()
        counter.choose("2")
        counter.write(half)
        before = phone(counter)
        counter.part(QWidget, focus).setFocus()
        counter.write(code, gap=gap)
        counter.enter(gap=gap)
        assert (title(counter), phone(counter), sought(counter)) == ("Week pass", before, code), (gap, half)
        counter.enter()
        assert asked == []


@pytest.mark.parametrize(("gap", "code"), [(8, "4006381333931"), (100, "04006381333931")])
def test_a_scan_in_a_row_with_typing_is_still_told_apart(
    counter: Counter, asked: list[object], gap: int, code: str
) -> None:
    """The half-typed phone stays, although nobody paused before the scanner's first key."""
    counter.write("071234", gap=120)
    for place, character in enumerate(code):
        counter.press(Qt.Key(ord(character)), character, gap=120 if place == 0 else gap)
    counter.enter(gap=gap)
    assert (title(counter), phone(counter)) == ("Tea", "0712 34")
    assert asked == []


@pytest.mark.parametrize("gap", [8, 70])
def test_two_scans_in_a_row(counter: Counter, asked: list[object], gap: int) -> None:
    counter.harness.till.catalogue.add_all([draft_post("Soda", 70, 0, 5, "5449000000996")])
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(5) is not None)
    counter.write("0712")
    counter.write(TEA, gap=gap)
    counter.enter(gap=gap)
    for character in "5449000000996":
        counter.press(Qt.Key(ord(character)), character, gap=max(gap, 20))
    counter.enter(gap=gap)
    assert (title(counter), phone(counter)) == ("Tea + Soda", "0712")
    assert asked == []


@pytest.mark.parametrize("gap", [8, 80, 100])
def test_an_unknown_code_read_twice_stands_once_and_is_nobodys_phone(
    counter: Counter, asked: list[object], gap: int
) -> None:
    """A slow scanner's 0722345679 is first taken for a phone; the second time it is known to be none."""
    for code in ("2000000000008", "0722345679", "254722345679"):
        counter.next_customer()
        counter.choose("2")
        for _ in range(3):
            counter.write(code, gap=gap)
            counter.enter(gap=gap)
        assert (sought(counter), phone(counter)) == (code, "")
        assert asked == []


def test_a_post_that_a_command_added_is_known_at_the_second_scan(counter: Counter, asked: list[object]) -> None:
    counter.harness.till.catalogue.add_all([draft_post("Soda", 70, 0, 5, "5449000000996")])
    counter.scan("5449000000996")
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(5) is not None)
    counter.scan("5449000000996")
    assert (title(counter), phone(counter), asked) == ("Soda", "", [])


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_no_end_of_a_scan_asks(counter: Counter, asked: list[object], end: Qt.Key) -> None:
    for gap, modifiers in itertools.product((8, 100), (NONE, CONTROL)):
        counter.next_customer()
        counter.choose("2")
        counter.write(PHONE)
        counter.write(TEA, gap=gap)
        counter.harness.clock.advance(1)
        for _ in range(2):
            counter.press(end, "\t" if end == Qt.Key.Key_Tab else "\r", gap=gap, modifiers=modifiers)
        counter.press(Qt.Key.Key_Return, "\r", gap=gap)
        assert (title(counter), phone(counter)) == ("Week pass + Tea", "0712 345 678")
        assert asked == []


@pytest.mark.parametrize("focus", ["phone", "ask"])
def test_an_enter_as_fast_as_a_scanners_never_asks_and_says_so(
    counter: Counter, asked: list[object], focus: str
) -> None:
    assert HASTE == 0.15
    for gap, modifiers in itertools.product((1, 60, 149, 150), (NONE, CONTROL)):
        asked.clear()
        counter.next_customer()
        counter.choose("2")
        counter.write(PHONE[:-1])
        counter.part(QWidget, focus).setFocus()
        counter.write(PHONE[-1])
        counter.harness.clock.advance(1)
        counter.press(Qt.Key.Key_Return, "\r", gap=gap, modifiers=modifiers)
        assert asked == []
        assert hinted(counter) == words.TOO_FAST
        counter.press(Qt.Key.Key_Return, "\r", gap=151, modifiers=modifiers)
        assert len(asked) == 1


def test_a_barcode_that_looks_like_a_phone_is_nobodys(counter: Counter, asked: list[object]) -> None:
    counter.harness.till.catalogue.add_all([draft_post("Key ring", 90, 0, 6, "0712345678")])
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(6) is not None)
    counter.choose("2")
    counter.write("0712345678", gap=90)
    counter.enter(gap=90)
    assert (title(counter), phone(counter)) == ("Week pass + Key ring", "")
    counter.write("0712345678")
    assert counter.part(Notice, "chargeTrouble").words == words.IS_A_BARCODE
    counter.enter()
    assert asked == []
    assert not counter.button("ask").isEnabled()


@pytest.mark.parametrize("gap", [8, 100])
def test_a_scan_while_a_dialog_has_the_keyboard(counter: Counter, asked: list[object], gap: int) -> None:
    counter.choose("2")
    counter.write("0712")
    counter.window.show_keys()
    panel = counter.help()
    close = panel.findChild(QWidget, "closeHelp")
    assert close is not None
    panel.activateWindow()
    close.setFocus()
    counter.qtbot.waitUntil(close.hasFocus)
    counter.write(TEA, gap=gap)
    counter.enter(gap=gap)
    assert (title(counter), phone(counter)) == ("Week pass + Tea", "0712")
    assert asked == []
    panel.close()


@pytest.mark.parametrize("gap", [8, 100])
def test_a_scan_on_another_page_leaves_its_fields_as_they_were(counter: Counter, gap: int) -> None:
    counter.window.go("payments")
    edit = counter.window.focusWidget()
    assert isinstance(edit, QLineEdit)
    edit.setText("345")
    counter.write(TEA, gap=gap)
    counter.enter(gap=gap)
    assert counter.window.page is counter.page
    assert title(counter) == "Tea"
    assert edit.text() == "345"


def test_keys_that_repeat_themselves_are_part_of_a_scan(counter: Counter, asked: list[object]) -> None:
    """A scanner that types 33 quickly looks like a key that is held."""
    for place, digit in enumerate(TEA):
        counter.press(Qt.Key(ord(digit)), digit, gap=8, repeat=place > 0 and TEA[place - 1] == digit)
    counter.enter(gap=8)
    assert title(counter) == "Tea"
    assert asked == []


@pytest.mark.parametrize(("gap", "focus"), [(8, "phone"), (200, "findPost"), (900, "ask")])
def test_the_prefix_marks_a_scan_however_slow_it_is(
    counter: Counter, asked: list[object], gap: int, focus: str
) -> None:
    counter.window.preferences.choose(SCAN_PREFIX, "~")
    counter.choose("2")
    counter.write("0712345")
    counter.part(QWidget, focus).setFocus()
    counter.write(f"~{TEA}", gap=gap)
    assert sought(counter) == TEA
    counter.enter(gap=gap)
    assert (title(counter), phone(counter)) == ("Week pass + Tea", "0712 345")
    counter.write("~0712345678", gap=gap)
    counter.enter(gap=gap)
    assert (title(counter), phone(counter), sought(counter)) == ("Week pass + Tea", "0712 345", "0712345678")
    assert asked == []


def test_a_prefix_by_hand_is_seen_and_esc_leaves_it(counter: Counter) -> None:
    counter.window.preferences.choose(SCAN_PREFIX, "~")
    counter.write("~")
    assert counter.page.grid.search.edit.hasFocus()
    counter.function(Qt.Key.Key_Escape)
    counter.write("0712")
    assert phone(counter) == "0712"


def test_text_of_several_lines_is_put_back_too(counter: Counter) -> None:
    page = counter.window.centralWidget()
    assert page is not None
    lines = QPlainTextEdit(counter.page)
    lines.setPlainText("Moi Avenue")
    lines.show()
    lines.setFocus()
    counter.write(TEA, gap=8)
    counter.enter(gap=8)
    assert lines.toPlainText() == "Moi Avenue"


# --- whatever is pressed -----------------------------------------------------------------------------------


@dataclass
class Read:
    """What a person who watches the screen expects to stand there."""

    digits: str = ""
    sought: str = ""
    basket: dict[str, int] = field(default_factory=dict)
    last: str = ""  # the post that was chosen last
    plus: bool = False  # the key before was a + that made one more
    in_find: bool = False
    posts: dict[str, str] = field(default_factory=lambda: {"1": "Day pass", "2": "Week pass", "4": "Tea"})

    @property
    def post(self) -> str:
        return " + ".join(title if many == 1 else f"{title} x{many}" for title, many in self.basket.items())

    def type(self, text: str, whole: bool) -> None:
        plus, self.plus = self.plus, False
        if not self.in_find and text == "+" and self.basket and (not self.digits or whole):
            self.basket[self.last] += 1
            self.plus = True
        elif plus and text == "2" and not self.digits:
            self.basket[self.last] -= 1  # it was the beginning of +254
            self.digits = "+2"
        elif self.in_find or not (text.isdigit() or text == "+"):
            self.in_find = True
            self.sought += text
        else:
            self.digits += text

    def choose(self, key: str) -> None:
        self.plus = False
        if key in self.posts:
            self.last, self.sought, self.in_find = self.posts[key], "", False
            self.basket[self.last] = self.basket.get(self.last, 0) + 1

    def escape(self) -> None:
        self.plus = False
        if self.sought:
            self.sought, self.in_find = "", False
        elif self.in_find:
            self.in_find = False
        elif self.digits:
            self.digits = ""
        elif self.basket:
            self.basket.popitem()
            self.last = next(reversed(self.basket), "")


KEYS = st.lists(
    st.tuples(st.just("type"), st.sampled_from("0123456789027+etaw"))
    | st.tuples(st.just("choose"), st.sampled_from("123456789"))
    | st.tuples(st.just("escape"), st.just("")),
    max_size=30,
) | st.lists(st.tuples(st.just("type"), st.sampled_from("0127")), min_size=8, max_size=14)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS)
def test_whatever_is_pressed_the_phone_is_what_one_reads(
    counter: Counter, asked: list[object], keys: list[tuple[str, str]]
) -> None:
    asked.clear()
    counter.next_customer()
    read, form = Read(), counter.page.form
    for what, key in keys:
        if what == "type":
            whole = form.phone.msisdn() is not None
            counter.write(key)
            read.type(key, whole)
        elif what == "choose":
            counter.choose(key)
            read.choose(key)
        else:
            warned = any(counter.part(Notice, name).isVisible() for name in ("chargeTrouble", "chargeHint"))
            counter.function(Qt.Key.Key_Escape)
            if not warned:
                read.escape()
        shown = form.phone.edit.displayText()
        assert shown.replace(" ", "") == read.digits
        assert (sought(counter), title(counter)) == (read.sought, read.post)
        msisdn = form.phone.msisdn()
        assert msisdn is None or shown.replace(" ", "").lstrip("+0").removeprefix("254") == msisdn[3:]
    assert asked == []
    may = form.ready and not counter.page.grid.search.edit.hasFocus()
    counter.enter(gap=900)
    assert len(asked) == may


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gaps=st.lists(st.sampled_from([1, 8, 40, 60, 61, 100, 149, 150]), min_size=1, max_size=6),
    text=st.sampled_from([PHONE, TEA, "712345678", "254712345678", *UNKNOWN]) | st.text("0127+at-", max_size=14),
    end=st.sampled_from([Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab]),
    modifiers=st.sampled_from([Qt.KeyboardModifier.NoModifier, CONTROL, CONTROL | SHIFT, KEYPAD]),
    focus=st.sampled_from(["phone", "findPost", "ask", "post1"]),
)
def test_nothing_as_fast_as_a_scanner_asks(
    counter: Counter,
    asked: list[object],
    gaps: list[int],
    text: str,
    end: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    focus: str,
) -> None:
    asked.clear()
    counter.next_customer()
    counter.choose("1")
    counter.write(PHONE)
    counter.part(QWidget, focus).setFocus()
    for place, character in enumerate(text):
        counter.press(Qt.Key(ord(character.upper())), character, gap=gaps[place % len(gaps)])
    for gap in gaps:
        counter.harness.clock.advance(1)
        counter.press(end, "\t" if end == Qt.Key.Key_Tab else "\r", gap=gap, modifiers=modifiers)
    assert asked == []
