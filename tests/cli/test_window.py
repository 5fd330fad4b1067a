"""Starting the till where there is no screen."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.till import open_till
from pos_app.check_result import Finding, Status, Verdict, green
from pos_app.cli.window import _chosen, _Engine, _keep_choice, _Windows, why_no_screen
from pos_app.errors import BadInput, Locked, SettingsError, StoreError
from pos_app.messages.window import FAULT
from pos_app.settings.settings import Settings, load
from pos_app.store.backups.backup import save_copy
from pos_app.ui.main_window import MainWindow
from pos_app.ui.next_action import NextAction
from pos_app.vault.vault import Vaults, open_vault
from tests.cli.conftest import Command
from tests.support.garbage import set_aside_anew

MAIN = Path(__file__).parent.parent.parent / "main.py"


@pytest.fixture(scope="module", autouse=True)
def _what_the_tills_set_aside() -> Iterator[None]:
    """What was theirs alone is garbage by now."""
    yield
    set_aside_anew()


def test_without_a_screen_practice_is_one_charge_in_the_terminal(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environ.pop("QT_QPA_PLATFORM", None)
    ran = subprocess.run(
        [sys.executable, str(MAIN), "--practice", "--data-dir", str(tmp_path)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    first, *rest = ran.stdout.splitlines()
    assert first.startswith("No screen")
    assert any("Waiting for customer's PIN" in line for line in rest)
    assert any("PAYMENT RECEIPT" in line for line in rest)
    assert ran.stderr == ""


def test_without_a_screen_the_till_says_so(command: Command) -> None:
    ran = command()  # the tests run on the offscreen platform
    assert ran.code == 2
    assert "No screen" in ran.err


def test_a_display_that_does_not_answer_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("DISPLAY", ":4099")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert why_no_screen() == "the window system cannot be used"


def test_on_other_systems_there_is_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(sys, "platform", "win32")
    assert why_no_screen() is None


def _engine(settings: Settings) -> _Engine:
    vaults = Vaults()
    return _Engine(settings, lambda: vaults.of(settings))


def test_the_window_opens_the_keys_and_then_the_till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "POS_ENVIRONMENT": "sandbox",
        "POS_SHORTCODE": "174379",
        "POS_DARAJA_URL": "http://127.0.0.1:9",  # the discard port: nobody listens
        "POS_SECRETS": "file",
    }.items():
        monkeypatch.setenv(name, value)
    settings = load(tmp_path, practice=False)
    vault = open_vault(settings)
    assert vault.file is not None
    vault.file.begin_anew("kahawa na mandazi", {})
    vault.put({"consumer_key": "key", "consumer_secret": "secret", "passkey": "pass"})

    engine = _engine(settings)
    with pytest.raises(Locked):
        engine.open(lambda _: None, lambda _: None, lambda: None)
    with pytest.raises(BadInput, match="does not open the keys"):
        engine.unlock("chai ya rangi")
    engine.unlock("kahawa na mandazi")
    engine.open(lambda _: None, lambda _: None, lambda: None)
    engine.close()


def test_what_is_loaded_once_the_till_is_open_is_never_searched_for_garbage_again(tmp_path: Path) -> None:
    """A search through all of it keeps the window waiting for a tenth of a second."""
    engine = _engine(load(tmp_path, practice=True))
    gc.unfreeze()  # what the tests themselves had set aside
    engine.open(lambda _: None, lambda _: None, lambda: None)
    try:
        assert gc.get_freeze_count() > 10_000
    finally:
        engine.close()


def test_the_window_s_checks_ask_the_till_that_is_open(tmp_path: Path) -> None:
    engine = _engine(load(tmp_path, True, {}))

    def folder() -> str:
        found: list[Finding] = engine.diagnostics().run()
        return next(finding.words for finding in found if finding.name == "Data folder")

    assert folder().endswith("no till is open on it")
    engine.open(lambda _: None, lambda _: None, lambda: None)
    try:
        assert folder().startswith("This till works in ")
    finally:
        engine.close()
    assert folder().endswith("no till is open on it")


def test_the_till_waits_for_its_own_checks_to_give_the_folder_back(tmp_path: Path) -> None:
    engine = _engine(load(tmp_path, True, {}))
    looked, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def printer() -> Verdict:
        looked.set()
        assert may_end.wait(10)
        return green("There")

    engine.diagnostics().start(lambda _: None, ended.set, printer)
    assert looked.wait(10)
    with ThreadPoolExecutor(1) as threads:
        opening = threads.submit(engine.open, lambda _: None, lambda _: None, lambda: None)
        with pytest.raises(TimeoutError):
            opening.result(0.3)
        may_end.set()
        assert ended.wait(10)
        opening.result(10)
    engine.close()


def test_checks_do_not_take_the_folder_from_a_till_that_is_being_opened(tmp_path: Path) -> None:
    engine = _engine(load(tmp_path, True, {}))
    with engine._my_turn():
        found = {finding.name: finding for finding in engine.diagnostics().run()}
    assert found["Data folder"].words.startswith("This till is just being opened")
    assert found["Data folder"].status is Status.AMBER
    hold_data_dir(engine.settings).release()


def test_a_till_that_could_not_open_leaves_the_turn_to_others(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("in the way", encoding="utf-8")
    engine = _engine(load(tmp_path / "shop", True, {}))
    for _ in range(2):
        with pytest.raises(StoreError):
            engine.open(lambda _: None, lambda _: None, lambda: None)
    assert engine.turn.acquire(blocking=False)


def test_practice_that_is_tried_again_stays_practice(tmp_path: Path, qapp: QApplication) -> None:
    in_the_way = tmp_path / "shop"
    in_the_way.write_text("", encoding="utf-8")
    tills: list[str] = []

    def act() -> None:
        for window in filter(QWidget.isVisible, QApplication.topLevelWidgets()):
            again = window.findChild(QAbstractButton, "action-AGAIN")
            if again and in_the_way.is_file():
                in_the_way.unlink()
                again.click()
            elif isinstance(window, MainWindow) and window.charge:
                timer.stop()
                tills.extend(file.stem for file in in_the_way.glob("*.db"))
                window.close()

    timer = QTimer(interval=5)
    timer.timeout.connect(act)
    timer.start()
    assert _Windows(in_the_way).run(NextAction.PRACTICE) == 0
    assert set(tills) == {"practice"}


def open_and_close(folder: Path, act: Callable[[QWidget], object]) -> None:
    """Practice, until the till is open; `act` is told of each window that is on the screen, again and again."""

    def look() -> None:
        for window in filter(QWidget.isVisible, QApplication.topLevelWidgets()):
            act(window)
            if isinstance(window, MainWindow) and window.charge:
                timer.stop()
                window.close()

    timer = QTimer(interval=5)
    timer.timeout.connect(look)
    timer.start()
    assert _Windows(folder).run(NextAction.PRACTICE) == 0


def test_while_it_lives_garbage_is_looked_for_by_the_window_alone(tmp_path: Path, qapp: QApplication) -> None:
    by_itself: list[bool] = []
    open_and_close(tmp_path, lambda _: by_itself.append(gc.isenabled()))
    assert set(by_itself) == {False}
    assert gc.isenabled()


def test_each_window_brings_what_looks_for_it() -> None:
    made = (
        "from pos_app.ui.application import themed_application; from pos_app.ui.garbage import GarbageCollector; "
        "from pos_app.ui.preferences import Chosen; print(themed_application(Chosen())[0].findChild(GarbageCollector))"
    )
    ran = subprocess.run([sys.executable, "-c", made], stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    assert "GarbageCollector" in ran.stdout


def test_from_a_damaged_file_back_to_a_till_without_a_command(tmp_path: Path, qapp: QApplication) -> None:
    """Practice stays practice, through the window that puts the copy back."""
    open_till(load(tmp_path, True)).close()
    (tmp_path / "backups").mkdir(exist_ok=True)
    save_copy(tmp_path / "practice.db", tmp_path / "backups" / "practice-20260101-110000.db")
    damaged = b"\xff" * 100 + (tmp_path / "practice.db").read_bytes()[100:]
    (tmp_path / "practice.db").write_bytes(damaged)
    did: list[str] = []

    def press(window: QWidget) -> None:
        for name in ("action-PUT_BACK", "copyChoose", "copyReally", "copyLeave"):
            button = window.findChild(QAbstractButton, name)
            wanted = button and button.isVisible() and button.isEnabled() and name not in did
            if wanted and (name != "copyLeave" or "copyReally" in did):
                assert button is not None
                did.append(name)
                button.click()

    open_and_close(tmp_path, press)
    assert did == ["action-PUT_BACK", "copyChoose", "copyReally", "copyLeave"]
    (kept,) = tmp_path.glob("practice.db.replaced-*")
    assert kept.read_bytes() == damaged


def test_a_fault_in_the_window_stands_in_the_log_and_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    failed: list[bool] = []

    def act() -> None:
        for window in filter(QWidget.isVisible, QApplication.topLevelWidgets()):
            if not isinstance(window, MainWindow) or not window.charge:
                continue
            if not failed:
                failed.append(True)
                raise ZeroDivisionError("canary")
            if any(label.text() == FAULT for label in window.findChildren(QLabel)):
                timer.stop()
                window.close()

    timer = QTimer(interval=5)
    timer.timeout.connect(act)
    timer.start()
    with qtbot.capture_exceptions():
        assert _Windows(tmp_path).run(NextAction.PRACTICE) == 0
    assert "ZeroDivisionError: canary" in (tmp_path / "kaunta.log").read_text(encoding="utf-8")


def test_what_the_operator_chooses_is_kept_and_counts_in_the_next_window(tmp_path: Path) -> None:
    _keep_choice(tmp_path, {"text_size": "large"})
    _keep_choice(tmp_path, {"paper_width": "58"})
    chosen = _chosen(load(tmp_path, True, {}))
    assert (chosen.text_size, chosen.paper_width) == ("large", 58)


def test_a_choice_that_the_environment_overrules_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_TEXT_SIZE", "normal")
    with pytest.raises(SettingsError, match="POS_TEXT_SIZE"):
        _keep_choice(tmp_path, {"text_size": "large"})
