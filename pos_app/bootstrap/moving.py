"""Moving a till's shop from its file to a database server: what the command and the window both do."""

import logging
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import sqlalchemy as sa

from pos_app import logs
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.kept_file import kept_file
from pos_app.domain.audit import audit_line
from pos_app.domain.cancelling import Cancel
from pos_app.domain.operators import Act, Actor
from pos_app.domain.shop_move import MoveProgress, ShopMoved
from pos_app.errors import BadInput, StoreError
from pos_app.private_files import tighten
from pos_app.sales.links import find_link_key
from pos_app.settings.settings import Settings
from pos_app.store.database import open_database
from pos_app.store.files import sqlite_file
from pos_app.store.moving.back import ShopBack, take_back
from pos_app.store.moving.mark import mark_in
from pos_app.store.moving.move import move
from pos_app.store.server_address import place_words
from pos_app.system_clock import SystemClock
from pos_app.vault.erasure_key import VaultErasureKeys
from pos_app.vault.vault import Vault, open_vault

_log = logging.getLogger(__name__)


def shop_file(settings: Settings) -> Path:
    """The file of this till's shop, also where the till was given a server's address meanwhile.

    Raises:
        BadInput: there is none to move.
    """
    if settings.practice:
        raise BadInput("Practice stays on this computer, in a file of its own. Nothing was changed.")
    file = sqlite_file(settings.database) or settings.data_dir / f"{settings.environment}.db"
    if not file.is_file():
        raise BadInput(
            f"There is no file {file} with a shop in it. Nothing was changed. Move a shop on the computer, and in the "
            "data folder, of its till."
        )
    return file


def move_shop(
    settings: Settings,
    server: sa.URL,
    vault: Vault | None = None,
    *,
    owner: bool = False,
    tell: Callable[[MoveProgress], None] = lambda _: None,
    cancel: Cancel | None = None,
    on_long_upgrade: Callable[[], None] = lambda: None,
) -> ShopMoved:
    """Move the shop of this till's file, whole, into an empty database of a server. No till may be open: close this
    program's own first. Slow (a minute for a hundred thousand payments): on a thread.

    It holds the data folder and the file. An older file is first brought up to date, as by any opening, with a copy
    before. Everything comes to the server in one transaction and is compared there row by row, so the server has the
    whole shop or nothing, however this ends. Afterwards the file is marked: it can be read and never sold from. The
    till's address of its database (POS_DATABASE_URL) is the caller's to set; nothing of the settings is changed.
    Called again after it was cut off, for the same server, it finds out what became of it and ends it.

    Args:
        server: as `store.server_address.typed_address` reads it, with its user; a password in it is used, and
            neither logged nor kept.
        vault: where the secrets are, if it was opened already.
        owner: whether the owner's passphrase was typed for it; the audit gets its line.
        tell: told how far it is, on this thread: `MoveProgress` has the step, and how many rows of how many.
        cancel: `cancel.cancel()` on another thread stops it within seconds, up to `MoveStep.ENDING`: then NotMoved is
            raised, and nothing was moved.
        on_long_upgrade: see `open_database`.

    Returns:
        What is on the server now, by table.

    Raises:
        PosError: with words for a person, which say whether anything was moved: `Occupied` while a till or another
            program has the file open, `BadInput` for what cannot be moved, `store.moving.server_side.NotMoved` for all
            that the server refuses, and where it was stopped.
    """
    file, clock = shop_file(settings), SystemClock()
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        tighten(settings.data_dir)
        if mark_in(file) is None:
            _refuse_kept(settings)
            with closing(open_database(file, settings.environment, on_long_upgrade)) as opened:
                keys = VaultErasureKeys(settings, vault or open_vault(settings))
                opened.link_lines(settings.till, lambda: find_link_key(opened.reader, keys))
                with opened.write() as transaction:
                    line = audit_line(
                        Actor(owner=owner), Act.SETTINGS, clock.corrected(), "database", f"to {place_words(server)}"
                    )
                    transaction.add_audit([line])
        return move(file, server, now=clock.corrected, tell=tell, cancel=cancel or Cancel())


def take_shop_back(
    settings: Settings, server: sa.URL, *, tell: Callable[[MoveProgress], None] = lambda _: None
) -> ShopBack:
    """Let the shop be in this till's file again, where it came from, while nothing was sold on the server. No till may
    be open, here or there. Slow: on a thread. The till's address of its database is the caller's to take out.

    Args:
        server: as for `move_shop`.
        tell: told how far it is, on this thread.

    Raises:
        PosError: with words for a person; see `store.moving.back.take_back`.
    """
    file = shop_file(settings)
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        return take_back(file, server, tell=tell)


def _refuse_kept(settings: Settings) -> None:
    """What M-PESA said and no till could save waits beside the file: the next till that opens it records it."""
    reserve = kept_file(settings)
    try:
        waiting = len(reserve.read())
    except OSError:
        raise StoreError(
            f"The file {reserve.place} with answers of M-PESA that could not be saved cannot be read. Nothing was "
            "moved. Allow reading it, then try again."
        ) from None
    if waiting:
        raise BadInput(
            f"What M-PESA answered {waiting} time{'s' if waiting > 1 else ''} could not be saved yet, and waits in "
            f"{reserve.place}. Nothing was moved. Open the till once, so that it is recorded, close it, and move the "
            "shop then."
        )
