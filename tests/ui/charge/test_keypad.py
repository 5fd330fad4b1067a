"""The keypad that a touch unfolds on a small screen: nothing moves or hides what the finger and the eye are on."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from pos_app.messages import counter as counter_words
from pos_app.ui.charge.guard_banner import GuardBanner
from pos_app.ui.main_window import SMALLEST
from pos_app.ui.widgets.notice import Notice
from tests.ui.counter import Counter


def test_no_key_of_an_unfolded_keypad_moves_away_under_the_finger(counter: Counter) -> None:
    """A digit too many is said, and neither the keys nor the digits go where they were not."""
    counter.window.resize(*SMALLEST)
    counter.choose("2")
    counter.button("showKeypad").click()
    back, form = counter.button("keyBack"), counter.page.form
    counter.qtbot.waitUntil(lambda: back.visibleRegion().boundingRect().size() == back.size())
    for digit in "0712345678":
        counter.button(f"key{digit}").click()
    before = back.mapTo(counter.window, QPoint())
    for wrong in "98":
        counter.button(f"key{wrong}").click()
        QApplication.processEvents()
        assert back.mapTo(counter.window, QPoint()) == before
        assert "1 digit too many" in counter.part(Notice, "chargeTrouble").words
        assert counter.button("ask").text() == counter_words.CHECK_PHONE
        assert not form.phone.visibleRegion().isEmpty()
        back.click()
    assert back.mapTo(counter.window, QPoint()) == before
    assert counter.button("ask").text() == "Ask for KES 250"
    assert counter.button("ask").isEnabled()


def test_a_warning_takes_the_room_of_an_unfolded_keypad_so_that_the_phone_is_seen(counter: Counter) -> None:
    counter.window.resize(*SMALLEST)
    counter.ask("2", "0712345678")
    counter.next_customer()
    counter.choose("2")
    counter.button("showKeypad").click()
    form = counter.page.form
    for digit in "0712345678":
        counter.button(f"key{digit}").click()
    counter.button("ask").click()
    counter.qtbot.waitUntil(lambda: counter.part(GuardBanner, "guard").isVisible())
    counter.qtbot.waitUntil(lambda: form.phone.visibleRegion().boundingRect().size() == form.phone.size())
    assert not form.keypad.isVisible()
