"""More than one post once: how lines come, change and leave, by keys and by touch, and that nobody is asked unseen."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment, State
from pos_app.domain.payment_event import Result
from pos_app.messages import counter as words
from pos_app.ui.charge.post_tile import PostTile
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.notice import Notice
from tests.ui.counter import Counter
from tests.ui.taps import tap

PHONE = "0712345678"
TEA = "4006381333931"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def posting(counter: Counter) -> Post:
    """Its price is asked: KES 50 to 500."""
    post = counter.harness.till.catalogue.add(draft_post("Posting", 50, 0, 3, highest=500))
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(3) is not None)
    return post


def ask_words(counter: Counter) -> str:
    return counter.button("ask").text()


def trouble(counter: Counter) -> str:
    notice = counter.part(Notice, "chargeTrouble")
    return notice.words if notice.isVisible() else ""


def listed(counter: Counter) -> bool:
    return counter.part(QScrollArea, "basketLines").isVisible()


def edit(counter: Counter, name: str) -> QLineEdit:
    return counter.part(QLineEdit, name)


def plus(counter: Counter) -> None:
    counter.press(Qt.Key.Key_Plus, "+")


def minus(counter: Counter) -> None:
    counter.press(Qt.Key.Key_Minus, "-")


def sent(counter: Counter) -> Payment:
    """The one payment, once M-PESA has answered its push."""
    counter.qtbot.waitUntil(lambda: [p.state for p in counter.page.active.payments()] == [State.PROMPTED])
    return counter.page.active.payments()[0]


# --- by keys ---------------------------------------------------------------------------------------------


def test_one_post_once_looks_as_it_always_did(counter: Counter) -> None:
    counter.choose("2")
    assert not listed(counter)
    counter.choose("4")
    assert listed(counter)
    counter.function(Qt.Key.Key_Escape)
    assert (counter.chosen(), listed(counter), ask_words(counter)) == ("Week pass", False, "Ask for KES 250")


def test_a_whole_basket_by_keys_alone(counter: Counter) -> None:
    counter.choose("4")
    counter.choose("4")
    counter.choose("2")
    assert (counter.chosen(), ask_words(counter)) == ("Tea x2 + Week pass", "Ask for KES 310")
    counter.write(PHONE)
    counter.enter()
    payment = sent(counter)
    [push] = counter.harness.gateway.pushes
    assert (push.amount, push.reference, push.title) == (310, "S_1", "3 items")
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    stored = counter.harness.till.reader.payment(payment.id)
    assert stored is not None
    assert [(line.title, line.quantity, line.grant is not None) for line in stored.lines] == [
        ("Tea", 2, True),
        ("Week pass", 1, True),
    ]


def test_plus_and_minus_change_the_line_that_was_chosen_last(counter: Counter) -> None:
    counter.choose("2")
    counter.choose("4")
    plus(counter)
    plus(counter)
    assert counter.chosen() == "Week pass + Tea x3"
    minus(counter)
    assert counter.chosen() == "Week pass + Tea x2"
    counter.write(PHONE)
    plus(counter)
    assert (counter.chosen(), counter.page.form.phone.text()) == ("Week pass + Tea x3", "0712 345 678")
    for _ in range(3):
        minus(counter)
    assert counter.chosen() == "Week pass"
    minus(counter)
    assert counter.chosen() == ""
    minus(counter)
    assert (counter.chosen(), counter.page.form.phone.text()) == ("", "0712 345 678")


def test_a_key_that_is_held_is_one_press(counter: Counter) -> None:
    counter.choose("4")
    for _ in range(5):
        counter.press(Qt.Key.Key_4, "4", gap=33, modifiers=Qt.KeyboardModifier.ControlModifier, repeat=True)
        counter.press(Qt.Key.Key_Plus, "+", gap=33, repeat=True)
    assert counter.chosen() == "Tea"


def test_a_plus_that_begins_a_number_is_no_second_one(counter: Counter) -> None:
    counter.choose("4")
    counter.write("+254712345678")
    assert (counter.chosen(), ask_words(counter)) == ("Tea", "Ask for KES 30")
    assert counter.page.form.phone.msisdn() == "254712345678"


def test_a_plus_is_one_more_where_a_number_with_254_comes_later_or_a_finger_came_between(counter: Counter) -> None:
    counter.choose("4")
    plus(counter)
    counter.harness.clock.advance(2)
    counter.write("254712345678")
    assert (counter.chosen(), counter.page.form.phone.msisdn()) == ("Tea x2", "254712345678")
    counter.next_customer()
    counter.choose("4")
    plus(counter)
    QTest.mouseClick(counter.part(PostTile, "post1"), LEFT)
    counter.write("254712345678")
    assert (counter.chosen(), counter.page.form.phone.msisdn()) == ("Tea x2 + Day pass", "254712345678")


def test_a_plus_before_a_number_that_begins_otherwise_is_one_more(counter: Counter) -> None:
    counter.choose("4")
    counter.write(f"+{PHONE}")
    assert (counter.chosen(), counter.page.form.phone.msisdn()) == ("Tea x2", "254712345678")


def test_a_sign_within_a_number_stays_the_numbers(counter: Counter) -> None:
    counter.choose("4")
    counter.write("0712-345-678")
    assert (counter.chosen(), counter.page.form.phone.msisdn()) == ("Tea", "254712345678")


def test_digits_are_the_phone_and_a_quantity_only_in_its_own_field(counter: Counter) -> None:
    counter.choose("4")
    counter.choose("4")
    counter.write("07")
    assert (counter.chosen(), counter.page.form.phone.text()) == ("Tea x2", "07")
    quantity = edit(counter, "quantity3")
    quantity.setFocus()
    quantity.selectAll()
    counter.write("12")
    assert (counter.chosen(), counter.page.form.phone.text()) == ("Tea x12", "07")
    counter.enter()
    assert counter.page.form.phone.edit.hasFocus()
    counter.write("12345678")
    assert counter.page.form.phone.msisdn() == "254712345678"
    assert ask_words(counter) == "Ask for KES 360"


@pytest.mark.parametrize("typed", ["0", "1000", "10000", "x", "", "-"])
def test_a_quantity_that_is_none_asks_nobody(counter: Counter, typed: str) -> None:
    counter.choose("4")
    counter.choose("4")
    counter.write(PHONE)
    quantity = edit(counter, "quantity3")
    quantity.setFocus()
    quantity.setText(typed)
    quantity.textEdited.emit(typed)
    assert not counter.button("ask").isEnabled()
    counter.page.form.phone.setFocus()
    counter.enter()
    assert "from 1 to 999" in trouble(counter)
    assert counter.harness.gateway.pushes == []


def test_enter_in_a_line_asks_nobody_and_a_scan_there_is_a_scan(counter: Counter) -> None:
    counter.choose("4")
    counter.choose("4")
    counter.write(PHONE)
    edit(counter, "quantity3").setFocus()
    counter.scan(TEA)
    assert counter.chosen() == "Tea x3"
    assert counter.page.form.phone.msisdn() == "254712345678"
    edit(counter, "quantity3").setFocus()
    counter.scan("2000000000008")
    assert counter.chosen() == "Tea x3"
    assert counter.part(Notice, "chargeHint").words == words.NO_SUCH_CODE
    edit(counter, "quantity3").setFocus()
    counter.enter()
    assert counter.page.form.phone.edit.hasFocus()
    assert counter.harness.gateway.pushes == []


def test_esc_takes_one_line_a_press(counter: Counter) -> None:
    for key in "1244":
        counter.choose(key)
    counter.write("07")
    left = []
    for _ in range(5):
        left.append((counter.chosen(), counter.page.form.phone.text()))
        counter.function(Qt.Key.Key_Escape)
    assert left == [
        ("Day pass + Week pass + Tea x2", "07"),
        ("Day pass + Week pass + Tea x2", ""),
        ("Day pass + Week pass", ""),
        ("Day pass", ""),
        ("", ""),
    ]


def test_what_is_for_ever_is_not_sold_twice(counter: Counter) -> None:
    counter.harness.till.catalogue.add(draft_post("Key", 90, None, 5))
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(5) is not None)
    counter.choose("5")
    counter.choose("5")
    assert counter.chosen() == "Key"
    assert "Key is for ever" in trouble(counter)


def test_more_than_m_pesa_takes_asks_nobody(counter: Counter) -> None:
    counter.harness.till.catalogue.add(draft_post("Motorbike", 250_000, 0, 5))
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: counter.page.grid.favourite(5) is not None)
    counter.choose("5")
    counter.choose("4")
    counter.write(PHONE)
    assert (ask_words(counter), counter.button("ask").isEnabled()) == ("Ask", False)
    counter.enter()
    assert "KES 250,030 is more than the KES 250,000" in trouble(counter)
    assert counter.harness.gateway.pushes == []


def test_twenty_lines_are_chosen_and_asked_for_without_the_window_standing_still(counter: Counter) -> None:
    catalogue = counter.harness.till.catalogue
    catalogue.add_all([draft_post(f"Post {number}", 10 + number, 0) for number in range(17)])
    counter.page.flow.read_posts()
    counter.qtbot.waitUntil(lambda: len(counter.page.grid.by_id) == 20)
    for post in counter.page.grid.by_id.values():
        counter.page.choose_post(post)
    counter.write(PHONE)
    total = sum(post.price for post in counter.page.grid.by_id.values())
    assert ask_words(counter) == f"Ask for KES {total}"
    rows = counter.part(QScrollArea, "basketLines")
    assert rows.height() < 200, "the phone stays in sight"
    counter.enter()
    payment = sent(counter)
    assert (len(payment.lines), payment.amount) == (20, total)


# --- an open price -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["favourite", "F4"])
def test_an_open_price_is_typed_in_its_line(counter: Counter, posting: Post, way: str) -> None:
    if way == "F4":
        counter.function(Qt.Key.Key_F4)
    else:
        counter.choose("3")
    assert edit(counter, f"price{posting.id}").hasFocus()
    counter.write("120")
    counter.enter()
    counter.write(PHONE)
    assert ask_words(counter) == "Ask for KES 120"
    counter.enter()
    payment = sent(counter)
    assert (payment.amount, payment.lines[0].price) == (120, 120)
    [push] = counter.harness.gateway.pushes
    assert push.reference == f"POST_{posting.id}_1"


@pytest.mark.parametrize("typed", ["", "49", "501", "12x"])
def test_a_price_beyond_its_bounds_asks_nobody(counter: Counter, posting: Post, typed: str) -> None:
    counter.choose("3")
    price = edit(counter, f"price{posting.id}")
    price.setText(typed)
    price.textEdited.emit(typed)
    counter.page.form.phone.setFocus()
    counter.write(PHONE)
    assert not counter.button("ask").isEnabled()
    counter.enter()
    assert "KES 50 to 500" in trouble(counter)
    assert counter.harness.gateway.pushes == []


def test_f4_goes_back_to_a_price_and_says_where_none_is_asked(counter: Counter) -> None:
    counter.function(Qt.Key.Key_F4)
    assert counter.part(Notice, "chargeHint").words == words.NO_OPEN_PRICE
    assert counter.chosen() == ""


# --- by touch ------------------------------------------------------------------------------------------------


def touch(counter: Counter, *names: str) -> None:
    for name in names:
        QTest.mouseClick(counter.button(name), LEFT)


def test_a_whole_basket_by_touch_alone(counter: Counter, posting: Post) -> None:
    for tile in ("post3", "post1"):
        QTest.mouseClick(counter.part(PostTile, tile), LEFT)
    touch(counter, "more3", "more3", "less3")
    QTest.mouseClick(counter.part(PostTile, f"post{posting.id}"), LEFT)
    touch(counter, "key1", "key2", "key5", "keyBack", "key0", "keyEnter")
    assert counter.page.form.phone.edit.hasFocus()
    touch(counter, *(f"key{digit}" for digit in PHONE))
    assert (counter.chosen(), ask_words(counter)) == ("Tea x2 + Day pass + Posting", "Ask for KES 230")
    touch(counter, "less1", "ask")
    payment = sent(counter)
    assert [(line.title, line.amount) for line in payment.lines] == [("Tea", 60), ("Posting", 120)]


def test_a_double_click_on_a_tile_is_one_post(counter: Counter) -> None:
    tile = counter.part(PostTile, "post3")
    QTest.mouseClick(tile, LEFT)
    QTest.mouseDClick(tile, LEFT)
    assert counter.chosen() == "Tea"


def test_quick_taps_on_a_tile_are_one_post_and_not_half_of_them(counter: Counter) -> None:
    tile = counter.part(PostTile, "post3")
    for at in (100_000, 100_300, 100_600, 100_900):
        tap(tile, at)
    assert counter.chosen() == "Tea"
    tap(tile, 101_500)
    assert counter.chosen() == "Tea x2"


# --- another till ---------------------------------------------------------------------------------------------


def basket_of_two(counter: Counter) -> Post:
    """Two teas and a week, ready to be asked for; the tea."""
    counter.choose("4")
    counter.choose("4")
    counter.choose("2")
    counter.write(PHONE)
    return next(post for post in counter.harness.till.catalogue.posts() if post.title == "Tea")


def test_a_post_that_another_till_reprices_is_told_and_nothing_is_sent(counter: Counter) -> None:
    tea = basket_of_two(counter)
    counter.harness.till.catalogue.change(tea.id, replace(tea, price=40))
    counter.enter()
    counter.qtbot.waitUntil(lambda: ask_words(counter) == "Ask for KES 330")
    changed = counter.part(Notice, "postChanged")
    assert (changed.isVisible(), trouble(counter)) == (True, "")
    assert changed.words == "Tea has just been changed. Nothing was sent. Look at the new price, then ask."
    assert counter.harness.gateway.pushes == []
    counter.enter()  # takes the words away
    assert counter.harness.gateway.pushes == []
    counter.enter()
    assert sent(counter).amount == 330


def test_a_post_that_another_till_switches_off_is_told_and_nothing_is_sent(counter: Counter) -> None:
    tea = basket_of_two(counter)
    counter.harness.till.catalogue.change(tea.id, replace(tea, active=False))
    counter.enter()
    counter.qtbot.waitUntil(lambda: counter.chosen() == "Week pass")
    assert counter.part(Notice, "postChanged").words == "Tea is not sold any more, and was taken out. Nothing was sent."
    assert counter.harness.gateway.pushes == []


def test_a_basket_that_is_being_saved_is_not_changed(counter: Counter) -> None:
    basket_of_two(counter)
    free = threading.Event()
    counter.harness.till.writer.submit(lambda _: free.wait(20))
    counter.enter()
    counter.qtbot.waitUntil(lambda: counter.page.form.busy)
    edit(counter, "quantity3").setFocus()
    counter.write("9")
    plus(counter)
    touch(counter, "more3")
    counter.choose("1")
    counter.function(Qt.Key.Key_Escape)
    counter.function(Qt.Key.Key_Escape)
    assert (counter.chosen(), edit(counter, "quantity3").text()) == ("Tea x2 + Week pass", "2")
    free.set()
    assert [line.quantity for line in sent(counter).lines] == [2, 1]


# --- asking again ----------------------------------------------------------------------------------------------


def test_asking_again_fills_the_whole_basket(counter: Counter) -> None:
    basket_of_two(counter)
    counter.enter()
    payment = sent(counter)
    counter.hear(payment, Result.CANCELLED, "1032")
    counter.qtbot.waitUntil(lambda: counter.button("askAgain").isVisible())
    counter.chord("r")
    counter.qtbot.waitUntil(lambda: counter.shown() == "form")
    assert (counter.chosen(), counter.page.form.retry_of) == ("Tea x2 + Week pass", payment) or (
        counter.page.form.retry_of is not None and counter.page.form.retry_of.id == payment.id
    )
    plus(counter)
    assert counter.page.form.retry_of is None, "something else is no second try"


def test_the_result_names_what_each_line_gives(counter: Counter) -> None:
    basket_of_two(counter)
    counter.enter()
    payment = sent(counter)
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: counter.shown() == "result")
    texts = [label.text() for label in counter.page.result.findChildren(Label)]
    assert any(text.startswith("Week pass until 30 Nov 2026") for text in texts)
    assert "Tea x2 and 1 more" in texts
