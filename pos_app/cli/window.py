"""The till itself; without a screen, one practice charge in the terminal instead."""

import argparse
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pos_app.cli.console import WRITE_LIMIT, Console
from pos_app.cli.memory import few_arenas, not_collecting, set_aside_loaded, spare_sources
from pos_app.errors import AlreadyOpen, Occupied, SettingsError, StoreError, refuse_overruled
from pos_app.logs import uncaught_logged
from pos_app.sales.closing import Left
from pos_app.settings.settings import Settings, load, put_aside, save
from pos_app.ui.next_action import NextAction

if TYPE_CHECKING:
    from pos_app.bootstrap.till import OpenTill
    from pos_app.diagnostics.all_checks import Diagnostics
    from pos_app.sales.attempts import AttemptLimiter
    from pos_app.sales.till import PracticePhone, Till
    from pos_app.sounds.sounder import Sounder
    from pos_app.ui.preferences import Chosen
    from pos_app.ui.settings.service import SettingsServices
    from pos_app.vault.vault import Vault, Vaults

_NO_WINDOW_PLATFORMS = ("offscreen", "minimal")
_TRIAL = "from PySide6.QtWidgets import QApplication; QApplication([])"
_TRIAL_TIMEOUT = 20.0  # seconds
_ABOUT_THE_SAME = (NextAction.AGAIN, NextAction.PUT_BACK)
_CHECKS_END = 4.0  # seconds that checks take beside the looks themselves


def run(options: argparse.Namespace) -> int:
    """Open the window, and after it whatever the person wants next."""
    why = why_no_screen()
    if why is None:
        return _Windows(options.data_dir).run(NextAction.PRACTICE if options.practice else NextAction.AGAIN)
    settings = load(options.data_dir, options.practice)
    if not settings.practice:
        raise SettingsError(f"No screen: {why}. The window needs one; main.py --help lists what works without.")
    return _charge_in_terminal(settings, why)


def why_no_screen() -> str | None:
    """Why no window can be shown here, or None where one can."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _NO_WINDOW_PLATFORMS:
        return "the platform shows no windows"
    if not sys.platform.startswith("linux"):
        return None
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display"
    return _try_in_a_child()


def _try_in_a_child() -> str | None:
    """Qt ends the whole process where a library or the display is missing, so a child tries first.

    Meanwhile this process loads what the window needs: on two cores the trial costs next to nothing.
    """
    trial = subprocess.Popen(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", _TRIAL], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        spare_sources()
        import pos_app.ui.application  # noqa: F401

        return None if trial.wait(_TRIAL_TIMEOUT) == 0 else "the window system cannot be used"
    except subprocess.TimeoutExpired:
        return "the window system does not answer"
    finally:
        trial.kill()
        trial.wait()


@dataclass
class _Engine:
    """Opens and closes the till for the window; imported and built only when the window is on the screen.

    Args:
        vault: gives the shop's secrets.
        limiter: gives the count of wrong owner's passphrases.
        turn: held while the till is being opened, and while its checks hold the data folder.
        moved_here: see `open_till`.
    """

    settings: Settings
    vault: "Callable[[], Vault]"
    limiter: "Callable[[], AttemptLimiter | None]" = lambda: None
    turn: threading.Lock = field(default_factory=threading.Lock)
    moved_here: bool = False
    opened: "OpenTill | None" = None

    def unlock(self, passphrase: str) -> None:
        """Open the file of keys that `open` found locked.

        Raises:
            PosError: with words for a person.
        """
        file = self.vault().file
        assert file is not None
        file.unlock(passphrase)

    def open(
        self,
        tell_saving: Callable[[bool], None],
        tell_damage: Callable[[str], None],
        tell_long_upgrade: Callable[[], None],
    ) -> "tuple[Till, PracticePhone | None]":
        from pos_app.bootstrap.till import open_till

        try:
            with self._my_turn():
                opened = self.opened = open_till(
                    self.settings,
                    self.vault(),
                    limiter=self.limiter(),
                    on_saving=tell_saving,
                    on_damage=tell_damage,
                    on_long_upgrade=tell_long_upgrade,
                    customer_by_himself=False,
                    moved_here=self.moved_here,
                )
        except Occupied as error:
            from pos_app.ui.single_instance import show_other

            if show_other(_instance_name(self.settings)):
                raise AlreadyOpen(f"{error.user_text} Its window was brought to the front.") from None
            raise
        finally:
            set_aside_loaded()
        return opened.till, opened.phone

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """Wait for checks that run now: they hold the data folder, and it would look as if another till did."""
        from pos_app.diagnostics.run import LIMIT

        mine = self.turn.acquire(timeout=LIMIT + _CHECKS_END)
        try:
            yield
        finally:
            if mine:
                self.turn.release()

    def close(self) -> Left:
        """Close the till; gives what is left, which a terminal is told too."""
        opened = self.opened
        left = opened.close() if opened else Left()
        self.opened = None
        for line in left.lines:
            Console(WRITE_LIMIT).warn(line)
        return left

    def diagnostics(self) -> "Diagnostics":
        """What the page of checks asks, whether or not the till is open."""
        from pos_app.diagnostics.all_checks import Diagnostics

        return Diagnostics(self.settings, self.vault(), opened=lambda: self.opened, turn=self.turn)


def _instance_name(settings: Settings) -> str:
    """The name of the data folder's window, whichever way the path is written."""
    return f"kaunta-{hashlib.sha256(str(settings.data_dir.resolve()).encode()).hexdigest()[:16]}"


class _Windows:
    """One window after another. What was unlocked, or is only in memory, stays from one to the next, and wrong
    passphrases are counted through all of them.
    """

    def __init__(self, data_dir: Path | None) -> None:
        self._data_dir = data_dir
        self._turn = threading.Lock()  # also from one window to the next: checks may outlive theirs

    @cached_property
    def _vaults(self) -> "Vaults":
        from pos_app.vault.vault import Vaults

        return Vaults()

    @cached_property
    def _limiter(self) -> "AttemptLimiter":
        from pos_app.sales.attempts import AttemptLimiter
        from pos_app.system_clock import SystemClock

        return AttemptLimiter(SystemClock())

    def run(self, action: NextAction) -> int:
        """Until nothing more is wanted; gives the exit code."""
        few_arenas()
        spare_sources()
        practice = False
        with not_collecting():
            while action is not NextAction.NOTHING:
                # Once more, or what is done before that, is about the till that was shown, not about the shop's own.
                practice = action is NextAction.PRACTICE or (practice and action in _ABOUT_THE_SAME)
                action = self._show(action, practice)
        return 0

    def _show(self, action: NextAction, practice: bool) -> NextAction:
        try:
            if action is NextAction.FRESH:
                put_aside(self._data_dir)
            settings = load(self._data_dir, practice)
        except SettingsError as error:
            return self._show_error(error)
        if action is NextAction.PUT_BACK:
            return self._put_back(settings)
        if action is NextAction.SET_UP or settings.missing():
            return self._set_up(settings)
        if action is NextAction.SEVERAL_TILLS:
            return self._set_up(settings, whole=False)
        return self._show_till(settings, moved_here=action is NextAction.HERE)

    def _show_till(self, settings: Settings, *, moved_here: bool = False) -> NextAction:
        from pos_app.ui.application import run_window

        engine = _Engine(settings, lambda: self._vaults.of(settings), lambda: self._limiter, self._turn, moved_here)

        def settings_services() -> "SettingsServices":
            from pos_app.bootstrap.settings_services.build import build_settings_services

            return build_settings_services(
                settings.data_dir,
                self._vaults,
                limiter=self._limiter,
                running=lambda: engine.opened.till if engine.opened else None,
                practice=settings.practice,
            )

        return run_window(
            shop=settings.shop,
            till_name=settings.till,
            open_till=engine.open,
            close_till=engine.close,
            unlock=engine.unlock,
            instance=_instance_name(settings),
            diagnostics=engine.diagnostics,
            settings_services=settings_services,
            practice=settings.practice,
            on_server=settings.database_url is not None,
            chosen=_chosen(settings),
            keep_choice=partial(_keep_choice, settings.data_dir),
            make_sounds=_make_sounds,
            lock_after=settings.lock_after * 60,
            watch_faults=uncaught_logged,
        )

    def _set_up(self, settings: Settings, *, whole: bool = True) -> NextAction:
        from pos_app.bootstrap.settings_services.build import build_settings_services
        from pos_app.ui.settings.wizard import SetupPart
        from pos_app.ui.setup_window import run_setup

        services = build_settings_services(settings.data_dir, self._vaults, limiter=self._limiter)
        with uncaught_logged():
            return run_setup(services, _chosen(settings), SetupPart.ALL if whole else SetupPart.SERVER)

    def _put_back(self, settings: Settings) -> NextAction:
        from pos_app.bootstrap.settings_services.copies import ShopCopies
        from pos_app.ui.restore_window import run_restore
        from pos_app.vault.api_keys import Argon2Passphrases

        with uncaught_logged():
            copies = ShopCopies(lambda: settings, Argon2Passphrases(), self._limiter, vault_of=self._vaults.of)
            return run_restore(copies, _chosen(settings))

    def _show_error(self, error: SettingsError) -> NextAction:
        """The settings file cannot be read: said in a window, for whoever started the till without a terminal."""
        from pos_app.domain.receipt import Shop
        from pos_app.ui.application import NAME, run_window

        def refuse(*_: object) -> NoReturn:
            raise StoreError(error.user_text)  # nothing can be set up before the file is mended

        return run_window(
            shop=Shop(NAME),
            till_name="",
            open_till=refuse,
            close_till=Left,
            instance=NAME,
            offered_actions=(NextAction.AGAIN, NextAction.FRESH),
        )


def _chosen(settings: Settings) -> "Chosen":
    from pos_app.ui.preferences import Chosen

    return Chosen(
        text_size=settings.text_size,
        colours=settings.colours,
        paper_width=settings.paper_width,
        scan_prefix=settings.scan_prefix,
        customer_display=settings.customer_display,
        customer_screen=settings.customer_screen,
        sounds=settings.sounds,
    )


def _make_sounds(volume: str) -> "Sounder":
    from pos_app.sounds.sounder import Sounder  # once the till can be used

    return Sounder(volume)


def _keep_choice(data_dir: Path, changes: Mapping[str, str]) -> None:
    refuse_overruled(changes, os.environ)
    save(data_dir, changes)


def _charge_in_terminal(settings: Settings, why: str) -> int:
    from pos_app.cli.basket import Wanted
    from pos_app.cli.charge import Order, Teller, charge
    from pos_app.cli.main import WAIT

    teller = Teller()
    teller.console.say(f"No screen ({why}): here is one practice charge in the terminal instead.")
    return charge(settings, Order((Wanted(1),), (), "0712345678"), WAIT, teller)
