"""Where the shop's file is at home: a copied data folder is noticed, which would sell as the same till beside it."""

import hashlib
import json
import logging
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass
from typing import Self

from pos_app import logs
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.moving import shop_file
from pos_app.bootstrap.till_place import computer_name, machine
from pos_app.domain.audit import audit_line
from pos_app.domain.operators import Act, Actor
from pos_app.errors import CannotSave, StoreError
from pos_app.sales.links import find_link_key
from pos_app.settings.settings import Settings
from pos_app.store.database import Database, open_database
from pos_app.store.files import sqlite_file
from pos_app.system_clock import SystemClock
from pos_app.vault.erasure_key import VaultErasureKeys
from pos_app.vault.vault import Vault, open_vault

SETTING = "home"  # of a file; where the shop is on a server, letters tell tills apart (rule 27)
_log = logging.getLogger(__name__)


class Elsewhere(StoreError):
    """The shop of this file is at home on another computer, or in another folder."""

    here_helps = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One data folder at one place on one computer.

    Attributes:
        place: tells it from every other.
        computer: its name, and `folder`: the place, for people.
    """

    place: str
    computer: str
    folder: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """This one."""
        folder = str(settings.data_dir.resolve())
        place = hashlib.sha256(f"{machine()}\0{folder}".encode()).hexdigest()
        return cls(place=place, computer=computer_name(), folder=folder)

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """From the text that `text` has made; None where there is none, or nobody can read it."""
        try:
            return cls(**json.loads(text or ""))
        except (ValueError, TypeError):
            return None

    def text(self) -> str:
        """As the file keeps it."""
        return json.dumps(asdict(self))


def be_home(settings: Settings, database: Database, vault: Vault, *, moved_here: bool = False) -> None:
    """Let a till go on with a file that was always opened here; the first one writes down where that is. Practice may
    be anywhere.

    Args:
        moved_here: whether somebody says that it is at home here from now on.

    Raises:
        Elsewhere: it was opened elsewhere, and nobody says so.
        CannotSave: that word was not saved.
    """
    if not _has_a_home(settings):
        return
    if moved_here:
        settle(settings, database, vault)
    elif other := _elsewhere(settings, database):
        raise Elsewhere(
            f"{_comes_from(other)} Nothing was sent: opened in both places, two tills {settings.till} would give "
            "payments the same numbers. If it has moved here for good, say so here, or by the command `shop here`. If "
            "not, or if its shop is on a server since, close this."
        )
    elif Home.read(database.reader.setting(SETTING)) is None:
        with suppress(CannotSave), database.write() as transaction:  # then the next start does
            transaction.set_setting(SETTING, Home.of(settings).text())


def only_read_where_copied(settings: Settings, database: Database) -> str:
    """For commands, which look into a copied folder, and change nothing in it: what was done there counts nowhere.

    Returns:
        What to say of it; empty where the file is at home.
    """
    other = _elsewhere(settings, database) if _has_a_home(settings) else None
    if other is None:
        return ""
    database.only_read(
        "Nothing was saved: this folder is a copy. Do it at the till that it comes from; or, if that has moved here "
        "for good, say so first, by the command `shop here`."
    )
    return f"{_comes_from(other)} What follows is how it was when it was copied."


def _has_a_home(settings: Settings) -> bool:
    """Practice may be anywhere, and so may a till whose shop is on a server."""
    return not settings.practice and sqlite_file(settings.database) is not None


def _elsewhere(settings: Settings, database: Database) -> Home | None:
    """Where its file is at home, if not here."""
    known = Home.read(database.reader.setting(SETTING))
    return known if known and known.place != Home.of(settings).place else None


def _comes_from(home: Home) -> str:
    return f"This folder comes from the till on the computer {home.computer}, in {home.folder}."


def settle(settings: Settings, database: Database, vault: Vault) -> str:
    """The file is at home here from now on. The audit has a line of it.

    Returns:
        Where it was until now, for people; empty where that is not known, or was here.

    Raises:
        CannotSave: it was not saved.
    """
    here, known = Home.of(settings), Home.read(database.reader.setting(SETTING))
    before = f"{known.computer}, {known.folder}" if known and known.place != here.place else ""
    keys = VaultErasureKeys(settings, vault)
    database.link_lines(settings.till, lambda: find_link_key(database.reader, keys))
    came = f"at home on {here.computer}, {here.folder}" + (f"; before on {before}" if before else "")
    with database.write() as transaction:
        transaction.set_setting(SETTING, here.text())
        transaction.add_audit([audit_line(Actor(), Act.SETTINGS, SystemClock().corrected(), "database", came)])
    _log.info("the shop's file is at home here from now on")
    return before


def settle_here(settings: Settings, vault: Vault | None = None) -> str:
    """The same for a till that is closed.

    Raises:
        PosError: with words for a person; nothing was changed.
    """
    file = shop_file(settings)
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        database = stack.enter_context(closing(open_database(file, settings.environment)))
        return settle(settings, database, vault or open_vault(settings))
