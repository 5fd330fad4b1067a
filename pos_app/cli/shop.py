"""`shop`: where the whole shop is."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import asdict

import sqlalchemy as sa

from pos_app.bootstrap.moving import move_shop, take_shop_back
from pos_app.bootstrap.shop_home import settle_here
from pos_app.cli.books import say_upgrading
from pos_app.cli.console import Console
from pos_app.cli.owner import asked, can_ask
from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, MoveStep
from pos_app.errors import BadInput
from pos_app.messages.shop_move import back_words, here_words, moved_words, progress_words
from pos_app.settings.settings import load
from pos_app.store.server_address import typed_address

PASSWORD = "POS_DATABASE_PASSWORD"  # noqa: S105 - where it is read from
_TENTH = 10  # how often of a step is said how far it is


def move(options: argparse.Namespace) -> int:
    """Move the shop of this data folder to a server; no till may be open."""
    settings = load(options.data_dir, options.practice)
    console = Console()
    moved = move_shop(
        settings, _address(options.to), tell=_Said(console), cancel=Cancel(), on_long_upgrade=say_upgrading
    )
    if options.json:
        console.result(asdict(moved) | {"rows": dict(moved.rows)})
    else:
        console.say(moved_words(moved))
    return 0


def back(options: argparse.Namespace) -> int:
    """Take the shop back from the server to the file of this data folder, where it came from."""
    settings = load(options.data_dir, options.practice)
    console = Console()
    taken = take_shop_back(settings, _address(options.server), tell=_Said(console))
    if options.json:
        console.result(asdict(taken))
    else:
        console.say(back_words(**asdict(taken)))
    return 0


def here(options: argparse.Namespace) -> int:
    """Say that the shop's file is at home here from now on."""
    settings = load(options.data_dir, options.practice)
    console = Console()
    before = settle_here(settings)
    if options.json:
        console.result({"before": before})
    else:
        console.say(here_words(before))
    return 0


def _address(text: str, environ: Mapping[str, str] = os.environ) -> sa.URL:
    """With the password, where one is needed: never from the command line, which everybody on the computer can read.

    Raises:
        BadInput: it is none, or has a password in it.
    """
    url = typed_address(text)
    if url.password is not None:
        raise BadInput(
            "The password of the server was typed into the command line, where others may have read it: change it. "
            f"Nothing was changed. Leave it out of the address; it is asked for, or taken from {PASSWORD}."
        )
    password = environ.get(PASSWORD)
    if password is None and can_ask():
        password = asked(f"The server's password of {url.username or 'this user'} (Enter: none): ", "password")
    return url.set(password=password) if password else url


class _Said:
    """How far it is, on standard error: each step, and each tenth of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: tuple[MoveStep, int] | None = None

    def __call__(self, progress: MoveProgress) -> None:
        at = progress.step, _TENTH * progress.done // progress.total if progress.total else 0
        if at != self._last:
            self._last = at
            self._console.warn(progress_words(progress))
