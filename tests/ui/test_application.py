"""Opening after the first paint, closing when the till is closed."""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.bootstrap.shop_home import Elsewhere
from pos_app.domain.receipt import Shop
from pos_app.errors import AlreadyOpen, BadInput, Damaged, Locked, Occupied, PosError, SettingsError, StoreError
from pos_app.logs import uncaught_logged
from pos_app.messages import window as words
from pos_app.sales.closing import Left
from pos_app.sales.till import PracticePhone, Till
from pos_app.store.moving.mark import ShopLeft
from pos_app.ui.application import Session, run_window, themed_application
from pos_app.ui.main_window import MainWindow
from pos_app.ui.next_action import WORDS, NextAction
from pos_app.ui.preferences import PAPER_WIDTH, Chosen
from pos_app.ui.settings.page import SettingsPage
from pos_app.ui.settings.service import SettingsServices
from pos_app.ui.shell.appearance_button import AppearanceButton
from pos_app.ui.shell.unlock_page import UnlockPage
from pos_app.ui.shell.waiting_pages import ClosedPage, OpeningPage
from pos_app.ui.single_instance import SingleInstance, show_other
from pos_app.ui.style.theme import SIZES, ThemeManager, current_theme
from pos_app.ui.tasks import Lane
from pos_app.ui.widgets.labels import Label
from pos_app.ui.widgets.pill import Pill
from tests.support.till_harness import TillHarness
from tests.ui.parts import part
from tests.ui.settings.service import MemorySettings

SHOP = Shop("Mama Njeri Shop")
INSTANCE = f"kaunta-test-{uuid.uuid4().hex[:12]}"
LEFT_SHOWN = 50  # ms that the window stays, in place of seconds


class Strongbox:
    """Opens for one passphrase, and says so to the shopkeeper, whose till cannot open before."""

    def __init__(self, keeper: "Shopkeeper") -> None:
        self.keeper = keeper
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked = threading.Event()
        keeper.error = Locked()

    def unlock(self, passphrase: str) -> None:
        self.asked.set()
        assert threading.current_thread() is not threading.main_thread()
        assert self.may_answer.wait(10)
        if passphrase != "kahawa 1987":
            raise BadInput("That passphrase does not open the keys.")
        self.keeper.error = None


class Shopkeeper:
    """Opens and closes the till as the program would, and notes when."""

    def __init__(self, till: Till | None = None, error: Exception | None = None) -> None:
        self.till = till
        self.error = error
        self.may_open = threading.Event()
        self.may_close = threading.Event()
        self.may_open.set()
        self.may_close.set()
        self.did: list[str] = []
        self.left = Left()
        self.threads: set[int] = set()
        self.tell_saving: Callable[[bool], None] | None = None
        self.tell_damage: Callable[[str], None] | None = None
        self.tell_long_upgrade: Callable[[], None] | None = None

    def open(
        self,
        tell_saving: Callable[[bool], None],
        tell_damage: Callable[[str], None],
        tell_long_upgrade: Callable[[], None],
    ) -> tuple[Till, PracticePhone | None]:
        self.did.append("open")
        self.threads.add(threading.get_ident())
        self.tell_saving = tell_saving
        self.tell_damage = tell_damage
        self.tell_long_upgrade = tell_long_upgrade
        assert self.may_open.wait(10)
        if self.error:
            raise self.error
        assert self.till is not None
        return self.till, None

    def close(self) -> Left:
        self.did.append("close")
        self.threads.add(threading.get_ident())
        assert self.may_close.wait(10)
        return self.left


def session(
    keeper: Shopkeeper, unlock: Callable[[str], None] | None = None, *, real: bool = False, on_server: bool = False
) -> tuple[MainWindow, Session]:
    window = MainWindow(SHOP, "A")
    made = Session(window, keeper.open, keeper.close, INSTANCE, unlock, real=real, on_server=on_server)
    window.show()
    made.open()
    return window, made


def end(window: MainWindow, made: Session) -> None:
    made.tasks.close(wait=20)
    delete(window)


def test_opens_and_closes_on_threads_and_says_so_where_it_takes_long(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    keeper = Shopkeeper(harness.till)
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)
    assert keeper.tell_saving is not None
    keeper.tell_saving(False)
    qtbot.waitUntil(lambda: part(window, Pill, "status").text == words.STATUS_CANNOT_SAVE)
    keeper.may_close.clear()
    window.close()
    qtbot.waitUntil(lambda: window.closing)
    window.close()
    assert window.isVisible()
    keeper.may_close.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "close"]
    assert threading.get_ident() not in keeper.threads
    end(window, made)


@pytest.mark.parametrize("unsaved", [(), ("2 answers could not be saved yet.",)])
def test_what_is_left_is_said_before_the_window_goes(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, unsaved: tuple[str, ...]
) -> None:
    """What waits needs nobody and goes by itself; what could not be saved stays until somebody has read it."""
    monkeypatch.setattr("pos_app.ui.application.LEFT_SHOWN", LEFT_SHOWN)
    keeper = Shopkeeper(harness.till)
    keeper.left = Left(unsaved, "1 payment waits for M-PESA's answer.")
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)
    window.close()
    qtbot.waitUntil(lambda: window.findChild(ClosedPage) is not None)
    page = window.findChild(ClosedPage)
    assert page is not None
    assert [label.text() for label in page.findChildren(QLabel) if "M-PESA's answer" in label.text()] == [
        keeper.left.waiting
    ]
    assert window.closing
    if unsaved:
        longer = QTimer(window, singleShot=True, interval=LEFT_SHOWN, timerType=Qt.TimerType.PreciseTimer)
        with qtbot.waitSignal(longer.timeout):  # what began earlier and is as long would have ended before
            longer.start()
        assert window.isVisible()
        QTest.keyClick(page.button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "close"]
    end(window, made)


@pytest.mark.parametrize("unsaved", [(), ("1 answer could not be saved, nor kept anywhere. Write this down now.",)])
def test_what_could_not_be_saved_is_said_also_where_another_window_follows(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot, unsaved: tuple[str, ...]
) -> None:
    """What only waits is picked up by the till that opens next."""
    keeper = Shopkeeper(harness.till)
    keeper.left = Left(unsaved, "1 payment waits for M-PESA's answer.")
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)
    window.action_chosen.emit(NextAction.AGAIN)
    if unsaved:
        qtbot.waitUntil(lambda: window.findChild(ClosedPage) is not None)
        page = window.findChild(ClosedPage)
        assert page is not None
        assert unsaved[0] in page.accessibleDescription()
        QTest.keyClick(page.button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert made.next_action is NextAction.AGAIN
    end(window, made)


@pytest.mark.parametrize("lane", [Lane.PRINTER, Lane.KEEP])
def test_the_till_stays_open_until_a_print_that_runs_is_remembered(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot, lane: Lane
) -> None:
    keeper, printing, printed = Shopkeeper(harness.till), threading.Event(), threading.Event()
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)

    def work() -> None:
        printing.set()
        assert printed.wait(10)
        keeper.did.append("remember")

    made.tasks.run(work, lane=lane)
    assert printing.wait(10)
    window.close()
    qtbot.waitUntil(lambda: window.closing)
    printed.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "remember", "close"]
    end(window, made)


def test_a_printer_that_hangs_does_not_keep_the_till_from_closing(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.ui.application.ENDING", 0.05)
    keeper, ready = Shopkeeper(harness.till), threading.Event()
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)
    made.tasks.run(lambda: ready.wait(20), lane=Lane.PRINTER)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "close"]
    ready.set()
    end(window, made)


def test_a_window_that_is_closed_twice_does_not_stay_to_say_what_is_left(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    keeper = Shopkeeper(harness.till)
    keeper.left = Left(("1 answer could not be saved yet.",))
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)
    window.close()
    qtbot.waitUntil(lambda: window.findChild(ClosedPage) is not None)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "close"]
    end(window, made)


def test_a_signal_waits_for_nobody_to_read(harness: TillHarness, theme: ThemeManager, qtbot: QtBot) -> None:
    keeper = Shopkeeper(harness.till)
    keeper.left = Left(("1 answer could not be saved yet.",))
    window, made = session(keeper)
    qtbot.waitUntil(lambda: window.charge is not None)
    made.end()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.findChild(ClosedPage) is None
    end(window, made)


def test_damage_that_is_found_before_the_window_is_filled_is_said(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    keeper = Shopkeeper(harness.till)
    keeper.may_open.clear()
    window, made = session(keeper)
    qtbot.waitUntil(lambda: keeper.tell_damage is not None)
    assert keeper.tell_damage is not None
    keeper.tell_damage("Damaged.")
    keeper.may_open.set()
    qtbot.waitUntil(lambda: window.charge is not None)
    assert part(window, Pill, "status").text == words.STATUS_DAMAGED
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


def test_records_that_take_long_to_be_brought_up_to_date_are_said_until_the_till_is_open(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    keeper = Shopkeeper(harness.till)
    keeper.may_open.clear()
    window, made = session(keeper)
    qtbot.waitUntil(lambda: keeper.tell_long_upgrade is not None)
    page = window.findChild(OpeningPage)
    assert page is not None
    assert not page.findChildren(Label)  # what opens at once says nothing
    assert keeper.tell_long_upgrade is not None
    for _ in range(2):  # a till that is opened once more has said it already
        threading.Thread(target=keeper.tell_long_upgrade).start()
    qtbot.waitUntil(lambda: bool(page.findChildren(Label)))
    assert [label.text() for label in page.findChildren(Label)] == [words.UPGRADING, words.UPGRADING_MORE]
    assert page.isVisible()
    assert page.accessibleName() == words.UPGRADING
    keeper.may_open.set()
    qtbot.waitUntil(lambda: window.charge is not None)
    assert not page.isVisible()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


def test_a_window_closed_too_early_closes_when_the_till_is_open(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    keeper = Shopkeeper(harness.till)
    keeper.may_open.clear()
    window, made = session(keeper)
    window.close()
    keeper.may_open.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "close"]
    end(window, made)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (StoreError("The data folder cannot be written."), "The data folder cannot be written."),
        (ZeroDivisionError(), words.FAULT),
    ],
)
def test_a_till_that_cannot_open_says_why(theme: ThemeManager, qtbot: QtBot, error: Exception, text: str) -> None:
    keeper = Shopkeeper(error=error)
    window, made = session(keeper)
    qtbot.waitUntil(lambda: text in [label.text() for label in window.findChildren(QLabel)])
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open"]
    end(window, made)


@pytest.mark.parametrize(("error", "offered"), [(SettingsError("No keys."), True), (StoreError("Damaged."), False)])
def test_where_settings_are_the_trouble_practice_is_offered(
    theme: ThemeManager, qtbot: QtBot, error: PosError, offered: bool
) -> None:
    window, made = session(Shopkeeper(error=error), real=True)
    qtbot.waitUntil(lambda: error.user_text in [label.text() for label in window.findChildren(QLabel)])
    buttons = [button.text() for button in window.findChildren(QAbstractButton)]
    assert (WORDS[NextAction.PRACTICE] in buttons) is offered
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


def test_where_a_copy_helps_putting_one_back_is_offered(theme: ThemeManager, qtbot: QtBot) -> None:
    window, made = session(Shopkeeper(error=Damaged("The database file is damaged.")), real=True)
    button = f"action-{NextAction.PUT_BACK.name}"
    qtbot.waitUntil(lambda: window.findChild(QAbstractButton, button) is not None)
    with qtbot.waitSignal(window.action_chosen) as chosen:
        part(window, QAbstractButton, button).click()
    assert chosen.args == [NextAction.PUT_BACK]
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


@pytest.mark.parametrize("error", [ShopLeft("This shop has moved."), StoreError("The server does not answer.")])
def test_where_another_server_helps_its_page_is_offered(theme: ThemeManager, qtbot: QtBot, error: StoreError) -> None:
    window, made = session(Shopkeeper(error=error), real=True, on_server=not error.server_helps)
    button = f"action-{NextAction.SEVERAL_TILLS.name}"
    qtbot.waitUntil(lambda: window.findChild(QAbstractButton, button) is not None)
    with qtbot.waitSignal(window.action_chosen) as chosen:
        part(window, QAbstractButton, button).click()
    assert chosen.args == [NextAction.SEVERAL_TILLS]
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


def test_a_till_whose_file_was_copied_here_opens_only_by_the_owners_word(theme: ThemeManager, qtbot: QtBot) -> None:
    window, made = session(Shopkeeper(error=Elsewhere("The payments are those of another computer.")), real=True)
    button = f"action-{NextAction.HERE.name}"
    qtbot.waitUntil(lambda: window.findChild(QAbstractButton, button) is not None)
    part(window, QAbstractButton, button).click()
    with qtbot.waitSignal(window.action_chosen) as chosen:
        part(window, QAbstractButton, f"really-{NextAction.HERE.name}").click()
    assert chosen.args == [NextAction.HERE]
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


def unlock_page(window: MainWindow, qtbot: QtBot) -> UnlockPage:
    def there() -> bool:
        return window.findChild(UnlockPage) is not None

    qtbot.waitUntil(there)
    page = window.findChild(UnlockPage)
    assert isinstance(page, UnlockPage)
    return page


def test_locked_keys_are_asked_for_and_then_the_till_opens(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    keeper = Shopkeeper(harness.till)
    box = Strongbox(keeper)
    window, made = session(keeper, box.unlock, real=True)
    page = unlock_page(window, qtbot)
    assert WORDS[NextAction.PRACTICE] in [button.text() for button in page.findChildren(QAbstractButton)]
    page.submitted.emit("wrong")
    qtbot.waitUntil(lambda: page.trouble == "That passphrase does not open the keys.")
    assert keeper.did == ["open"]
    page.submitted.emit("kahawa 1987")
    qtbot.waitUntil(lambda: window.charge is not None)
    qtbot.waitUntil(lambda: window.findChild(UnlockPage) is None)  # and the passphrase with it
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open", "open", "close"]
    end(window, made)


@pytest.mark.parametrize("passphrase", ["wrong", "kahawa 1987"])
def test_a_window_closed_while_the_keys_are_opened_opens_no_till(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot, passphrase: str
) -> None:
    keeper = Shopkeeper(harness.till)
    box = Strongbox(keeper)
    window, made = session(keeper, box.unlock)
    box.may_answer.clear()
    unlock_page(window, qtbot).submitted.emit(passphrase)
    assert box.asked.wait(10)
    window.close()
    box.may_answer.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert keeper.did == ["open"]
    end(window, made)


def test_locked_keys_that_nobody_can_open_here_are_trouble(theme: ThemeManager, qtbot: QtBot) -> None:
    window, made = session(Shopkeeper(error=Locked()))
    qtbot.waitUntil(lambda: Locked().user_text in [label.text() for label in window.findChildren(QLabel)])
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)


def run(keeper: Shopkeeper, services: Callable[[], SettingsServices] | None = None) -> NextAction:
    return run_window(
        shop=SHOP,
        till_name="A",
        open_till=keeper.open,
        close_till=keeper.close,
        instance=INSTANCE,
        settings_services=services,
    )


def when(condition: Callable[[], bool], act: Callable[[], object]) -> QTimer:
    """Act as soon as it is so, while the window runs."""
    timer = QTimer(interval=5)

    def look() -> None:
        if condition():
            timer.stop()
            act()

    timer.timeout.connect(look)
    timer.start()
    return timer


def windows() -> list[MainWindow]:
    return [
        window for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow) and window.isVisible()
    ]


def test_run_shows_first_and_wants_nothing_next(harness: TillHarness, qapp: QApplication) -> None:
    keeper = Shopkeeper(harness.till)
    timer = when(lambda: any(window.charge for window in windows()), lambda: windows()[0].close())
    assert run(keeper) is NextAction.NOTHING
    assert keeper.did == ["open", "close"]
    assert not timer.isActive()


def sees(text: str) -> bool:
    return any(label.text() == text for window in windows() for label in window.findChildren(QLabel))


@pytest.mark.parametrize("on_a_thread", [False, True])
def test_a_fault_that_nobody_catches_is_logged_and_said_in_the_window(
    harness: TillHarness,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    on_a_thread: bool,
) -> None:
    keeper = Shopkeeper(harness.till)

    def fail() -> None:
        raise ZeroDivisionError("canary")

    thread = threading.Thread(target=fail)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    timers = [
        when(lambda: any(window.charge for window in windows()), thread.start if on_a_thread else fail),
        when(lambda: sees(words.FAULT), lambda: windows()[0].close()),
    ]
    with qtbot.capture_exceptions() as caught:
        run_window(
            shop=SHOP,
            till_name="A",
            open_till=keeper.open,
            close_till=keeper.close,
            instance=INSTANCE,
            watch_faults=uncaught_logged,
        )
    assert not any(timer.isActive() for timer in timers)
    assert len(caught) == (not on_a_thread)
    (record,) = [record for record in caplog.records if record.name == "pos_app.logs"]
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


def run_choosing(
    keeper: Shopkeeper,
    keep: Callable[[Mapping[str, str]], None],
    choose: Callable[[MainWindow], object],
    done: Callable[[], bool],
) -> list[QTimer]:
    """Run a window in which somebody chooses as soon as its till is open, or cannot open; it closes when done."""
    opened = [False]

    def ready() -> bool:
        return any(window.charge for window in windows()) or sees(words.CANNOT_OPEN)

    def act() -> None:
        opened[0] = True
        choose(windows()[0])

    timers = [when(ready, act), when(lambda: opened[0] and done(), lambda: windows()[0].close())]
    run_window(
        shop=SHOP, till_name="A", open_till=keeper.open, close_till=keeper.close, instance=INSTANCE, keep_choice=keep
    )
    return timers


def test_another_text_size_is_shown_and_kept_also_where_the_till_cannot_open(qapp: QApplication) -> None:
    kept: list[Mapping[str, str]] = []
    keeper = Shopkeeper(error=StoreError("Damaged."))

    def choose(window: MainWindow) -> None:
        button = window.findChild(AppearanceButton)
        assert button is not None
        button.larger()

    timers = run_choosing(keeper, kept.append, choose, lambda: bool(kept))
    assert kept == [{"text_size": "large"}]
    assert current_theme().scale == SIZES["large"]
    assert not any(timer.isActive() for timer in timers)
    themed_application(Chosen(colours="light"))  # for the tests that follow


def test_a_choice_that_cannot_be_kept_is_told(harness: TillHarness, qapp: QApplication) -> None:
    def refuse(_choice: Mapping[str, str]) -> None:
        raise SettingsError("The settings file cannot be written.")

    timers = run_choosing(
        Shopkeeper(harness.till),
        refuse,
        lambda window: window.preferences.choose(PAPER_WIDTH, "58"),
        lambda: sees("The settings file cannot be written."),
    )
    assert not any(timer.isActive() for timer in timers)


def test_practice_may_follow_in_the_same_process(harness: TillHarness, qapp: QApplication) -> None:
    for _ in range(2):
        keeper = Shopkeeper(harness.till)
        timer = when(lambda: any(window.charge for window in windows()), lambda: windows()[0].close())
        assert run(keeper) is NextAction.NOTHING
        assert windows() == []
        assert not timer.isActive()


@pytest.mark.parametrize("action", [NextAction.SET_UP, NextAction.PRACTICE])
def test_where_the_keys_are_missing_the_next_window_can_be_chosen(qapp: QApplication, action: NextAction) -> None:
    keeper = Shopkeeper(error=SettingsError("The M-PESA keys of this shop are not set."))

    def button() -> QAbstractButton | None:
        found = [window.findChild(QAbstractButton, f"action-{action.name}") for window in windows()]
        return found[0] if found else None

    def press() -> None:
        pressed = button()
        assert pressed is not None
        pressed.click()

    timer = when(lambda: button() is not None, press)
    assert run(keeper, lambda: MemorySettings().services) is action
    assert keeper.did == ["open"]
    assert not timer.isActive()


@pytest.mark.parametrize("error", [StoreError("Damaged."), Occupied("Another till is open."), ZeroDivisionError()])
@pytest.mark.parametrize("services", [lambda: MemorySettings().services, None])
def test_any_other_trouble_can_be_tried_again(
    qapp: QApplication, error: Exception, services: Callable[[], SettingsServices] | None
) -> None:
    keeper = Shopkeeper(error=error)

    def button() -> QAbstractButton | None:
        found = [window.findChild(QAbstractButton, "action-AGAIN") for window in windows()]
        return found[0] if found else None

    def press() -> None:
        pressed = button()
        assert pressed is not None
        assert pressed.text() == WORDS[NextAction.AGAIN]
        pressed.click()

    timer = when(lambda: button() is not None, press)
    assert run(keeper, services) is NextAction.AGAIN
    assert not timer.isActive()


def test_settings_that_were_saved_count_in_the_next_window(harness: TillHarness, qapp: QApplication) -> None:
    keeper, memory = Shopkeeper(harness.till), MemorySettings()

    def section() -> QAbstractButton | None:
        found = [window.findChild(QAbstractButton, "section1") for window in windows()]
        return found[0] if found else None

    def save() -> None:
        page = windows()[0].findChild(SettingsPage)
        assert page is not None
        page.again_wanted.emit()

    timers = [
        when(lambda: any(window.charge for window in windows()), lambda: windows()[0].go("settings")),
        when(lambda: section() is not None, save),
    ]
    assert run(keeper, lambda: memory.services) is NextAction.AGAIN
    assert keeper.did == ["open", "close"]
    assert not any(timer.isActive() for timer in timers)


def test_practice_has_nothing_of_m_pesa_to_set_but_leads_to_the_set_up(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    window, made = session(Shopkeeper(harness.till))
    window.offer_settings(lambda: replace(MemorySettings().services, practice=True), made.tasks)
    qtbot.waitUntil(lambda: window.charge is not None)
    window.go("settings")
    qtbot.waitUntil(lambda: bool(window.findChildren(QAbstractButton, "practiceSetUp")))
    titles = [window.findChildren(QAbstractButton, f"section{place}")[0].text() for place in range(6)]
    assert titles[:2] == ["Practice", "The owner's passphrase"]
    assert "M-PESA" not in titles
    window.findChildren(QAbstractButton, "practiceSetUp")[0].click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert made.next_action is NextAction.SET_UP
    end(window, made)


def test_a_till_that_is_started_again_brings_the_first_window_to_the_front(
    harness: TillHarness, theme: ThemeManager, qtbot: QtBot
) -> None:
    window, made = session(Shopkeeper(harness.till))
    qtbot.waitUntil(lambda: window.charge is not None)
    window.showMinimized()
    assert show_other(INSTANCE)
    qtbot.waitUntil(lambda: not window.isMinimized() and QApplication.activeWindow() is window)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    end(window, made)
    assert not show_other(INSTANCE)


def test_the_place_that_a_killed_till_left_is_taken_again(qapp: QApplication, qtbot: QtBot) -> None:
    first, second = SingleInstance(INSTANCE), SingleInstance(INSTANCE)
    with qtbot.assertNotEmitted(first.started_again), qtbot.waitSignal(second.started_again):
        assert show_other(INSTANCE)
    delete(first)
    delete(second)


def test_the_second_window_goes_and_says_why(qapp: QApplication) -> None:
    keeper = Shopkeeper(error=AlreadyOpen("Another till is open. Its window was brought to the front."))
    with pytest.raises(AlreadyOpen, match="brought to the front"):
        run(keeper)
    assert windows() == []
    assert keeper.did == ["open"]
