"""Who the typed digits mean, at the counter: by keys alone, by touch alone, and with wrong hands."""

import threading
from collections.abc import Iterator
from random import Random

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.customer import KnownPhone
from pos_app.domain.payment_event import Result
from pos_app.domain.phone import local
from pos_app.errors import PosError
from pos_app.messages import counter as words
from pos_app.messages import customers as customer_words
from pos_app.sales.checkout import GUARD
from pos_app.sales.customers import Customers
from pos_app.ui.charge.customer_room import CustomerRoom
from pos_app.ui.main_window import SMALLEST
from pos_app.ui.style.theme import ThemeManager
from pos_app.ui.widgets.fitting_label import FittingLabel
from pos_app.ui.widgets.notice import Notice
from tests.support.staff import PASSPHRASE
from tests.support.till_harness import TillHarness
from tests.ui.charge.test_customer_look import SlowTasks
from tests.ui.counter import Counter
from tests.ui.layout import settle
from tests.ui.selling import pay, sell

AMINA, OTIENO = "254712345678", "254722345678"
ALT = Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bought(harness: TillHarness, posts: list[Post]) -> None:
    """Amina a week pass, Otieno a tea after her."""
    for number, (post, phone) in enumerate(((posts[1], AMINA), (posts[2], OTIENO))):
        pay(harness.till, sell(harness.till, post, phone), f"UKN000000{number}")
        harness.clock.advance(200)


@pytest.fixture
def regulars(bought: None, counter: Counter) -> Counter:
    """The window, opened after Amina and Otieno have bought."""
    return counter


def room(counter: Counter) -> CustomerRoom:
    return counter.page.form.customer


def until_offered(counter: Counter, *phones: str) -> None:
    counter.qtbot.waitUntil(lambda: room(counter).offers == phones)


def told(counter: Counter) -> list[str]:
    """The lines about the customer that can be seen."""
    lines = [counter.part(FittingLabel, f"customer{place}") for place in (1, 2, 3)]
    return [line.text() for line in lines if line.isVisible() and line.text()]


def beside(counter: Counter) -> str:
    label = counter.part(FittingLabel, "moreOffers")
    return label.text() if label.isVisible() else ""


def phone(counter: Counter) -> str:
    return counter.page.form.phone.text()


def trouble(counter: Counter) -> str:
    notice = counter.part(Notice, "chargeTrouble")
    return notice.words if notice.isVisible() else ""


def places(counter: Counter) -> list[QRect]:
    """Where everything stands that a finger or an eye is on."""
    settle(counter.window)
    form = counter.page.form
    parts: tuple[QWidget, ...] = (form.lines, form.phone, form.customer, form.keypad, counter.button("ask"))
    return [QRect(part.mapTo(counter.window, QPoint()), part.size()) for part in parts]


# --- by keys alone ---------------------------------------------------------------------------------------


def test_by_keys_alone_seven_presses_charge_a_customer_by_four_digits(regulars: Counter) -> None:
    regulars.choose("2")
    regulars.write("5678")
    until_offered(regulars, OTIENO, AMINA)
    assert trouble(regulars) == ""
    assert not regulars.button("ask").isEnabled()
    regulars.chord("2", ALT)
    assert phone(regulars) == "0712 345 678"
    regulars.qtbot.waitUntil(lambda: bool(told(regulars)))
    assert told(regulars) == ["Has Week pass until 30 Nov", "Before: Week pass today"]
    regulars.enter()
    regulars.qtbot.waitUntil(lambda: len(regulars.harness.gateway.pushes) == 3)
    assert regulars.harness.gateway.pushes[-1].phone == AMINA


def test_enter_never_takes_an_offer_whatever_has_the_focus(regulars: Counter) -> None:
    regulars.choose("2")
    regulars.write("5678")
    until_offered(regulars, OTIENO, AMINA)
    seen = set()
    for _ in range(40):
        regulars.function(Qt.Key.Key_Tab)
        focus = regulars.window.focusWidget()
        assert focus is not None
        seen.add(focus.objectName())
    assert "ask" not in seen, "it rests"
    assert {"phone", "post1"} <= seen
    assert not {name for name in seen if name.startswith("offer")}
    for name in ("phone", "ask"):
        regulars.part(QWidget, name).setFocus()
        regulars.enter()
        assert phone(regulars).replace(" ", "") == "5678"
    assert trouble(regulars) == customer_words.TOUCH_TO_TAKE
    regulars.press(Qt.Key.Key_Return, "\r", modifiers=Qt.KeyboardModifier.ControlModifier)
    assert len(regulars.harness.gateway.pushes) == 2
    assert regulars.button("offer1").focusPolicy() is Qt.FocusPolicy.NoFocus


def test_four_digits_that_begin_a_whole_number_disturb_nothing(regulars: Counter) -> None:
    regulars.hear(regulars.ask("4", "0733000712"), Result.SUCCESS)
    regulars.next_customer()
    regulars.choose("2")
    before = places(regulars)
    for place, digit in enumerate("0712345699"):
        regulars.write(digit)
        if place == 3:
            until_offered(regulars, "254733000712")
        assert places(regulars) == before
        assert phone(regulars).replace(" ", "") == "0712345699"[: place + 1]
        assert trouble(regulars) == ""
    assert room(regulars).offers == ()
    regulars.qtbot.waitUntil(
        lambda: told(regulars) == [customer_words.NEW[1]] or told(regulars) == [customer_words.NEW[0]]
    )
    assert regulars.button("ask").isEnabled()


def test_the_beginning_of_a_number_that_ends_nobodys_is_no_news(regulars: Counter) -> None:
    regulars.write("0712")
    regulars.qtbot.waitUntil(lambda: room(regulars)._look.answer is not None)
    assert (beside(regulars), room(regulars).offers) == ("", ())
    regulars.function(Qt.Key.Key_F2)
    regulars.write("9999")
    regulars.qtbot.waitUntil(lambda: "ends in 9999" in beside(regulars))
    assert trouble(regulars) == ""
    regulars.write("9")
    assert "not a Kenyan mobile number" in trouble(regulars)
    assert beside(regulars) == ""


def test_who_is_erased_is_offered_no_more(regulars: Counter) -> None:
    """Nor, until the next charge, whoever looks like them."""
    regulars.qtbot.waitUntil(lambda: room(regulars).recent.phones == (OTIENO, AMINA))
    till = regulars.harness.till
    till.owner.passphrase.choose(PASSPHRASE)
    regulars.harness.clock.advance(GUARD + 1)
    till.erasure.erase(AMINA, "asked by letter", PASSPHRASE)
    regulars.qtbot.waitUntil(lambda: room(regulars).recent.phones == ())


def test_alt_takes_only_whom_one_sees(regulars: Counter) -> None:
    regulars.qtbot.waitUntil(lambda: room(regulars).recent.phones == (OTIENO, AMINA))
    regulars.choose("2")
    regulars.write("07")
    regulars.chord("1", ALT)
    assert phone(regulars) == "07"
    hint = regulars.part(Notice, "chargeHint")
    assert (hint.isVisible(), hint.words) == (True, words.nobody_at(1))
    regulars.write("12345678")
    regulars.chord("1", ALT)
    assert phone(regulars) == "0712 345 678"
    regulars.function(Qt.Key.Key_Escape)
    regulars.function(Qt.Key.Key_Escape)
    regulars.chord("1", ALT)
    assert phone(regulars) == "0722 345 678"


def test_nobody_is_taken_whom_a_payment_on_the_panel_hides(regulars: Counter) -> None:
    payment = regulars.ask("1", "0733000111")
    regulars.next_customer()
    regulars.write("5678")
    until_offered(regulars, OTIENO, AMINA)
    regulars.page.show_payment(payment)
    regulars.chord("1", ALT)
    assert (regulars.shown(), phone(regulars).replace(" ", "")) == ("form", "5678")
    regulars.chord("1", ALT)
    assert phone(regulars) == "0722 345 678"


# --- by touch alone --------------------------------------------------------------------------------------


def touch(counter: Counter, name: str) -> None:
    QTest.mouseClick(counter.button(name), LEFT)


@pytest.mark.parametrize("size", [SMALLEST, (1280, 800)])
def test_by_touch_alone(regulars: Counter, size: tuple[int, int]) -> None:
    regulars.window.resize(*size)
    QTest.mouseClick(regulars.part(QWidget, "post1"), LEFT)
    if regulars.button("showKeypad").isVisible():
        touch(regulars, "showKeypad")
    before = places(regulars)
    for digit in "5678":
        touch(regulars, f"key{digit}")
        assert places(regulars) == before
    until_offered(regulars, OTIENO, AMINA)
    assert places(regulars) == before
    touch(regulars, "offer2")
    assert phone(regulars) == "0712 345 678"
    regulars.qtbot.waitUntil(lambda: bool(told(regulars)))
    assert places(regulars)[2:4] == before[2:4]
    touch(regulars, "ask")
    regulars.qtbot.waitUntil(lambda: len(regulars.harness.gateway.pushes) == 3)
    assert regulars.harness.gateway.pushes[-1].phone == AMINA


def test_nothing_moves_whoever_the_digits_mean(counter: Counter) -> None:
    """Not even when the first customer ever is remembered."""
    counter.choose("2")
    before = places(counter)
    counter.hear(counter.ask("2", AMINA), Result.SUCCESS)
    counter.next_customer()
    counter.choose("2")
    counter.qtbot.waitUntil(lambda: room(counter).recent.phones == (AMINA,))
    assert places(counter)[1:] == before[1:]


# --- whom nobody meant -----------------------------------------------------------------------------------


@pytest.fixture
def slow_store(regulars: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, the question about 5678 has no answer."""
    free = threading.Event()
    ending = Customers.ending

    def wait(customers: Customers, digits: str) -> list[KnownPhone]:
        if digits == "5678":
            assert free.wait(20)
        return ending(customers, digits)

    monkeypatch.setattr(Customers, "ending", wait)
    yield free
    free.set()


def test_an_answer_that_comes_late_offers_nobody(regulars: Counter, slow_store: threading.Event) -> None:
    regulars.write("5678")
    regulars.press(Qt.Key.Key_Backspace, "\b")
    regulars.write("9")
    assert room(regulars).offers == ()
    regulars.chord("1", ALT)
    assert phone(regulars).replace(" ", "") == "5679"
    slow_store.set()
    regulars.qtbot.waitUntil(lambda: "ends in 5679" in beside(regulars))
    assert room(regulars).offers == ()


def test_an_answer_that_comes_after_the_number_was_cleared_offers_nobody(
    regulars: Counter, slow_store: threading.Event
) -> None:
    regulars.write("5678")
    regulars.next_customer()
    slow_store.set()
    regulars.write("0712345678")
    regulars.qtbot.waitUntil(lambda: bool(told(regulars)))
    regulars.function(Qt.Key.Key_Escape)
    assert phone(regulars) == ""
    assert room(regulars).offers == ()
    assert room(regulars).currentWidget() is room(regulars).recent


ACTS = (  # while digits are typed; at four of them; behind
    ["digit"] * 6 + ["answer"] * 2 + ["alt", "back", "enter", "next"],
    ["answer"] * 3 + ["alt"] * 2 + ["digit", "back", "enter", "next"],
    ["digit", "answer", "alt", "back", "enter", "next"],
)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_wrong_hands_do_and_however_late_answers_are_nobody_else_stands_in_the_form(
    regulars: Counter, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice, slow = Random(seed), SlowTasks()
    monkeypatch.setattr(room(regulars)._look, "_tasks", slow)
    known, typed, taken = {AMINA, OTIENO}, "", 0
    for _ in range(300):
        act = dice.choice(ACTS[2 if len(typed) > 6 else len(typed) == 4])
        seen = room(regulars).offers or (room(regulars).recent.phones if not typed else ())
        if act == "digit":
            digit = "5678"[len(typed)] if len(typed) < 4 and dice.random() < 0.9 else dice.choice("0712")
            regulars.write(digit)
            typed += digit
        elif act == "back":
            regulars.press(Qt.Key.Key_Backspace, "\b")
            typed = typed[:-1]
        elif act == "alt":
            place = dice.choice([1, 2])
            regulars.chord(str(place), ALT)
            if len(seen) >= place:
                assert seen[place - 1] in known
                taken += len(typed) == 4
                typed = local(seen[place - 1])
        elif act == "answer" and slow.waiting:
            slow.answer()
        elif act == "enter":
            regulars.enter()
        elif act == "next":
            regulars.next_customer()
            typed = ""
        assert phone(regulars).replace(" ", "") == typed
        offered = room(regulars).offers
        assert not offered or all(len(typed) == 4 and each.endswith(typed) for each in offered)
    assert taken, "some of them were offered by four digits"
    assert len(regulars.harness.gateway.pushes) == 2, "no post was chosen, so nobody is asked"


def test_two_that_look_alike_are_not_offered(regulars: Counter) -> None:
    for number in ("0712995678", "0733345678"):
        regulars.hear(regulars.ask("4", number), Result.SUCCESS)
        regulars.next_customer()
    regulars.write("5678")
    until_offered(regulars, "254733345678", OTIENO)
    assert beside(regulars) in customer_words.others(2, "5678", alone=False)
    assert "0712" not in {regulars.button(f"offer{place}").text()[:4] for place in (1, 2)}


def test_who_was_only_asked_is_offered_to_nobody(counter: Counter) -> None:
    counter.ask("2", AMINA)
    counter.next_customer()
    counter.write("5678")
    counter.qtbot.waitUntil(lambda: "ends in 5678" in beside(counter))
    assert room(counter).offers == ()


def test_numbers_are_masked_until_somebody_is_chosen_and_names_are_said(regulars: Counter) -> None:
    regulars.harness.till.customers.give_name(AMINA, "Amina")
    regulars.write("5678")
    until_offered(regulars, OTIENO, AMINA)
    chips = [regulars.button(f"offer{place}") for place in (1, 2)]
    assert [chip.text() for chip in chips] == ["0722 ••• 678", "Amina 0712 ••• 678"]
    assert [chip.accessibleName() for chip in chips] == ["Customer 0722 ••• 678", "Customer Amina 0712 ••• 678"]
    assert [chip.toolTip() for chip in chips] == ["Alt+1", "Alt+2"]
    chips[1].click()
    regulars.qtbot.waitUntil(lambda: told(regulars)[:1] == ["Amina · Week pass until 30 Nov"])
    assert room(regulars).accessibleName() == "Customer"
    assert room(regulars).accessibleDescription() == "Amina · Week pass until 30 Nov. Before: Week pass today"
    assert regulars.page.form.phone.edit.accessibleDescription() == room(regulars).accessibleDescription()


# --- scans, pastes, what is held -------------------------------------------------------------------------


def test_a_scanned_barcode_is_no_customer(regulars: Counter) -> None:
    regulars.harness.till.catalogue.add_all([draft_post("Soda", 70, 0, 5, "5678")])
    regulars.page.flow.read_posts()
    regulars.qtbot.waitUntil(lambda: regulars.page.grid.favourite(5) is not None)
    regulars.scan("5678")
    assert (regulars.chosen(), phone(regulars), room(regulars).offers) == ("Soda", "", ())
    regulars.write("5678")
    assert trouble(regulars)
    assert room(regulars)._look.answer is None
    regulars.chord("1", ALT)
    assert phone(regulars).replace(" ", "") == "5678"


def test_a_pasted_pair_of_numbers_is_nobody_and_a_pasted_end_is_one(regulars: Counter) -> None:
    regulars.choose("2")
    edit = regulars.page.form.phone.edit
    edit.setFocus()
    QGuiApplication.clipboard().setText("0712345678 0722345678")
    edit.paste()
    assert "two numbers" in trouble(regulars)
    assert (told(regulars), room(regulars).offers) == ([], ())
    regulars.function(Qt.Key.Key_Escape)
    regulars.function(Qt.Key.Key_Escape)
    QGuiApplication.clipboard().setText("56-78")
    edit.paste()
    until_offered(regulars, OTIENO, AMINA)


def test_what_is_being_saved_is_not_changed_by_an_offer(regulars: Counter) -> None:
    """The answer to the four digits is there, and a finger is on its way, when Enter has been pressed already."""
    held = threading.Event()
    regulars.choose("2")
    regulars.write("0712345678")
    regulars.harness.till.writer.submit(lambda _: held.wait(20))
    regulars.enter()
    assert regulars.page.form.busy
    room(regulars).chosen.emit(OTIENO)
    regulars.chord("1", ALT)
    assert phone(regulars) == "0712 345 678"
    assert regulars.part(Notice, "chargeHint").words == words.IS_BEING_SAVED
    held.set()
    regulars.qtbot.waitUntil(lambda: len(regulars.harness.gateway.pushes) == 3)
    assert regulars.harness.gateway.pushes[-1].phone == AMINA


# --- what is told ----------------------------------------------------------------------------------------


def test_an_open_payment_is_told_before_anything_is_asked_and_goes_when_it_ends(regulars: Counter) -> None:
    payment = regulars.ask("1", AMINA)
    regulars.next_customer()
    regulars.choose("2")
    regulars.write("0712345678")
    line = regulars.part(FittingLabel, "customer2")
    regulars.qtbot.waitUntil(lambda: line.text() == "Waiting for PIN: KES 50, Day pass, 14:06")
    assert line.property("colour") == "waiting"
    regulars.hear(payment, Result.CANCELLED, "1032")
    regulars.qtbot.waitUntil(lambda: line.text() == "Cancelled: KES 50, Day pass, 14:06")
    assert phone(regulars) == "0712 345 678"


def test_what_cannot_be_read_is_said(regulars: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PosError("Damaged.")

    monkeypatch.setattr(Customers, "about", fail)
    regulars.choose("2")
    regulars.write("0712345678")
    regulars.qtbot.waitUntil(lambda: bool(told(regulars)))
    assert told(regulars)[0] in customer_words.CANNOT_LOOK
    assert regulars.button("ask").isEnabled()


def test_with_very_large_text_in_a_small_window_it_has_fewer_lines_and_all_of_them_whole(
    regulars: Counter, theme: ThemeManager
) -> None:
    regulars.ask("1", AMINA)
    regulars.next_customer()
    regulars.choose("2")
    regulars.write("0712345678")
    regulars.qtbot.waitUntil(lambda: len(told(regulars)) == 3)
    try:
        theme.choose(text_size="larger")
        regulars.window.resize(1024, 600)
        settle(regulars.window)
        assert 1 <= len(told(regulars)) <= 2
        assert "Week pass" in told(regulars)[0]
        assert room(regulars).height() == 44
    finally:
        theme.choose(text_size="normal")


# --- names -----------------------------------------------------------------------------------------------


def of_amina(counter: Counter) -> None:
    """Her number stands there, and she is known."""
    counter.choose("2")
    counter.write("0712345678")
    counter.qtbot.waitUntil(lambda: bool(told(counter)))


def name_in_store(counter: Counter) -> str | None:
    found = counter.harness.till.customers.about(AMINA)
    assert found is not None
    return found.name


def name_field(counter: Counter) -> QLineEdit:
    return counter.part(QLineEdit, "customerName")


def test_by_keys_alone_a_customer_gets_a_name_and_enter_asks_nobody(regulars: Counter) -> None:
    of_amina(regulars)
    before = places(regulars)
    regulars.chord("0", ALT)
    assert name_field(regulars).hasFocus()
    assert places(regulars) == before
    regulars.write("Amina W2/+-", gap=70)
    assert (name_field(regulars).text(), phone(regulars)) == ("Amina W2/+-", "0712 345 678")
    regulars.enter(gap=70)
    regulars.qtbot.waitUntil(lambda: told(regulars)[:1] == ["Amina W2/+- · Week pass until 30 Nov"])
    assert name_in_store(regulars) == "Amina W2/+-"
    assert regulars.page.form.phone.edit.hasFocus()
    assert len(regulars.harness.gateway.pushes) == 2
    regulars.enter()
    regulars.qtbot.waitUntil(lambda: len(regulars.harness.gateway.pushes) == 3)


def test_by_touch_it_opens_esc_leaves_it_as_it_was_and_empty_takes_it_away(regulars: Counter) -> None:
    of_amina(regulars)
    regulars.harness.till.customers.give_name(AMINA, "Amina")
    touch(regulars, "nameCustomer")
    regulars.write("Otieno")
    regulars.function(Qt.Key.Key_Escape)
    assert (name_in_store(regulars), phone(regulars)) == ("Amina", "0712 345 678")
    assert not name_field(regulars).isVisible()
    room(regulars)._look.read_anew(AMINA)
    regulars.qtbot.waitUntil(lambda: told(regulars)[:1] == ["Amina · Week pass until 30 Nov"])
    touch(regulars, "nameCustomer")
    assert name_field(regulars).selectedText() == "Amina"
    regulars.press(Qt.Key.Key_Backspace, "\b")
    regulars.enter()
    regulars.qtbot.waitUntil(lambda: told(regulars)[:1] == ["Has Week pass until 30 Nov"])
    assert name_in_store(regulars) is None


def test_a_name_is_the_customers_for_whom_it_was_begun(regulars: Counter) -> None:
    """Whoever goes on to the next customer in the middle of it has written it down for the one before."""
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write("Amina")
    regulars.next_customer()
    regulars.write("0722345678")
    regulars.qtbot.waitUntil(lambda: told(regulars)[:1] == ["Customer from before"])
    regulars.qtbot.waitUntil(lambda: name_in_store(regulars) == "Amina")
    otieno = regulars.harness.till.customers.about(OTIENO)
    assert otieno is not None
    assert otieno.name is None


@pytest.mark.parametrize("typed", ["0733345678", "4006381333932"])
@pytest.mark.parametrize("way", ["Enter", "Ctrl+Enter", "touch", "keypad"])
def test_a_number_is_no_name_and_nobody_is_asked_while_one_stands_there(
    regulars: Counter, way: str, typed: str
) -> None:
    """It may be the next customer's, while the phone is still the one's before."""
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write(typed)
    for _ in range(3):
        match way:
            case "Enter":
                regulars.enter()
            case "Ctrl+Enter":
                regulars.harness.clock.advance(1)
                regulars.press(Qt.Key.Key_Return, "\r", modifiers=Qt.KeyboardModifier.ControlModifier)
            case "touch":
                touch(regulars, "ask")
            case "keypad":
                touch(regulars, "keyEnter")
        assert "A name has letters" in trouble(regulars)
        assert not regulars.page.form.busy
    assert name_in_store(regulars) is None
    assert (name_field(regulars).text(), phone(regulars)) == (typed, "0712 345 678")
    while name_field(regulars).isVisible():
        regulars.function(Qt.Key.Key_Escape)
    assert phone(regulars) == "0712 345 678"
    regulars.enter()
    regulars.qtbot.waitUntil(lambda: len(regulars.harness.gateway.pushes) == 3)


def test_a_number_in_the_place_of_a_name_goes_with_its_customer(regulars: Counter) -> None:
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write("0733345678")
    regulars.part(QLineEdit, "phone").setFocus()
    regulars.write("9")
    assert (phone(regulars), name_field(regulars).isVisible()) == ("0712 345 678 9", False)
    assert "1 digit too many" in trouble(regulars)
    assert not regulars.button("ask").isEnabled()
    assert name_in_store(regulars) is None


def test_the_keypads_enter_leaves_a_name_and_asks_nobody(regulars: Counter) -> None:
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write("Amina")
    touch(regulars, "keyEnter")
    assert not regulars.page.form.busy
    regulars.qtbot.waitUntil(lambda: name_in_store(regulars) == "Amina")


def test_the_key_of_the_name_pressed_twice_keeps_what_was_typed(regulars: Counter) -> None:
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write("Amina")
    regulars.chord("0", ALT)
    assert name_field(regulars).selectedText() == "Amina"


def test_a_scan_in_the_middle_of_a_name_chooses_its_post(regulars: Counter) -> None:
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write("Ami")
    regulars.scan("4006381333931")
    assert (regulars.chosen(), phone(regulars)) == ("Week pass + Tea", "0712 345 678")
    regulars.qtbot.waitUntil(lambda: name_in_store(regulars) == "Ami")


def test_a_slow_scan_of_an_unknown_code_in_the_middle_of_a_name_is_no_part_of_it(regulars: Counter) -> None:
    of_amina(regulars)
    regulars.chord("0", ALT)
    regulars.write("Ami")
    regulars.write("4006381333948", gap=90)
    regulars.enter(gap=90)
    assert regulars.page.grid.search.edit.text() == "4006381333948"
    regulars.qtbot.waitUntil(lambda: name_in_store(regulars) == "Ami")
    assert len(regulars.harness.gateway.pushes) == 2


def test_nobody_is_named_who_was_never_asked(regulars: Counter) -> None:
    regulars.choose("2")
    regulars.write("0799345678")
    regulars.qtbot.waitUntil(lambda: bool(told(regulars)))
    assert not regulars.button("nameCustomer").isVisible()
    regulars.chord("0", ALT)
    assert regulars.part(Notice, "chargeHint").words == words.nobody_at(0)
    assert not name_field(regulars).isVisible()
