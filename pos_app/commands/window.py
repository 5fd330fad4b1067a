"""The till itself; without a screen, one practice charge in the terminal instead."""

import argparse
import gc
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pos_app.config import Settings, load
from pos_app.errors import AlreadyOpen, Occupied, SettingsError

if TYPE_CHECKING:
    from pos_app.app import OpenTill
    from pos_app.checks.diagnostics import Diagnostics
    from pos_app.sales.till import PracticePhone, Till
    from pos_app.vault.vault import Vault

_NO_WINDOW_PLATFORMS = ("offscreen", "minimal")
_TRIAL = "from PySide6.QtWidgets import QApplication; QApplication([])"
_TRIAL_TIMEOUT = 20.0  # seconds


def run(options: argparse.Namespace) -> int:
    """Open the window."""
    settings = load(options.data_dir, options.practice)
    why = why_no_screen()
    if why is None:
        return _show(settings, lambda: load(options.data_dir, practice=True))
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
        import pos_app.ui.application  # noqa: F401

        return None if trial.wait(_TRIAL_TIMEOUT) == 0 else "the window system cannot be used"
    except subprocess.TimeoutExpired:
        return "the window system does not answer"
    finally:
        trial.kill()
        trial.wait()


@dataclass
class _Engine:
    """Opens and closes the till for the window; imported and built only when the window is on the screen."""

    settings: Settings
    _stack: ExitStack = field(default_factory=ExitStack)
    _opened: "OpenTill | None" = None

    @cached_property
    def vault(self) -> "Vault":
        """The shop's secrets, for as long as the window runs."""
        from pos_app.vault.vault import open_vault

        return open_vault(self.settings)

    def unlock(self, passphrase: str) -> None:
        """Open the file of keys that `open` found locked.

        Raises:
            PosError: with words for a person.
        """
        assert self.vault.file is not None
        self.vault.file.unlock(passphrase)

    def open(
        self, tell_saving: Callable[[bool], None], tell_damage: Callable[[str], None]
    ) -> "tuple[Till, PracticePhone | None]":
        from pos_app.app import open_till

        try:
            opened = open_till(
                self.settings, self.vault, on_saving=tell_saving, on_damage=tell_damage, customer_by_himself=False
            )
        except Occupied as error:
            from pos_app.ui.doorbell import ring

            if ring(_doorbell(self.settings)):
                raise AlreadyOpen(f"{error.user_text} Its window was brought to the front.") from None
            raise
        self._stack.callback(opened.close)
        self._opened = opened
        # What is loaded by now stays until the end. Each time the garbage collector looked through all of it, the
        # window stood still for a tenth of a second, and callbacks with it.
        gc.freeze()
        return opened.till, opened.phone

    def close(self) -> None:
        self._stack.close()
        self._opened = None

    def diagnostics(self) -> "Diagnostics":
        """What the page of checks asks, whether or not the till is open."""
        from pos_app.checks.diagnostics import Diagnostics

        return Diagnostics(self.settings, self.vault, opened=lambda: self._opened)


def _doorbell(settings: Settings) -> str:
    """The name of the data folder's window, whichever way the path is written."""
    return f"kaunta-{hashlib.sha256(str(settings.data_dir.resolve()).encode()).hexdigest()[:16]}"


def _show(settings: Settings, practice: Callable[[], Settings]) -> int:
    """The window; and where the person asked for it, practice mode after it."""
    from pos_app.domain.receipt import Shop
    from pos_app.ui.application import run_window

    engine = _Engine(settings)
    wanted: list[Settings] = []
    missing = settings.missing()
    code = run_window(
        shop=Shop(settings.shop_name, settings.receipt_lines, settings.practice),
        till_name=settings.till,
        environment=settings.environment,
        open_till=engine.open,
        close_till=engine.close,
        unlock=engine.unlock,
        doorbell=_doorbell(settings),
        missing=[*missing, settings.where_to_set()] if missing else [],
        on_practice=None if settings.practice else lambda: wanted.append(practice()),
        diagnostics=engine.diagnostics,
    )
    return _show(wanted[0], practice) if wanted else code


def _charge_in_terminal(settings: Settings, why: str) -> int:
    from pos_app.cli import WAIT
    from pos_app.commands.charge import charge, print_result, print_status

    print(f"No screen ({why}): here is one practice charge in the terminal instead.")
    return charge(settings, 1, "0712345678", WAIT, print_status, print_result)
