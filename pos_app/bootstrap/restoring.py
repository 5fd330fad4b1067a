"""Putting a copy of the database back: what the command and the window both do."""

import logging
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path

from pos_app import logs
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.domain.audit import audit_line
from pos_app.domain.database_copy import Whose
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import Payment, State
from pos_app.errors import BadInput, PosError
from pos_app.private_files import tighten
from pos_app.sales.links import find_link_key
from pos_app.sales.ports import Reader
from pos_app.settings.settings import Settings
from pos_app.store.backups.restore import Restored, put_back
from pos_app.store.database import open_database
from pos_app.store.files import sqlite_file
from pos_app.store.integrity import count
from pos_app.system_clock import SystemClock
from pos_app.vault.erasure_key import VaultErasureKeys
from pos_app.vault.vault import Vault, open_vault

ASKED = timedelta(minutes=20)  # after its end a prompt without an answer has been asked about four times
_log = logging.getLogger(__name__)


def database_file(settings: Settings) -> Path:
    """The file that the payments are in.

    Raises:
        BadInput: they are on a server.
    """
    file = sqlite_file(settings.database)
    if file is None:
        raise BadInput(
            "The payments are on a database server (Settings, Several tills). Nothing was changed. They are copied and "
            "put back there, by pg_dump and pg_restore: see Copies of a server in resources/manual.md."
        )
    return file


def restore(
    settings: Settings,
    copy: Path,
    vault: Vault | None = None,
    *,
    owner: bool = False,
    another_shop: bool = False,
    on_long_upgrade: Callable[[], None] = lambda: None,
) -> Restored:
    """Put a copy in the place of this environment's database, which is kept. No till may be open.

    Args:
        vault: where the secrets are, if it was opened already.
        owner: whether the owner's passphrase was typed for it; the audit of the copy gets its line.
        another_shop: whether the copy may be another shop's than the database.
        on_long_upgrade: see `open_database`; a copy may be an older program's.

    Raises:
        PosError: with words for a person; the database is still the old one.
    """
    database, clock = database_file(settings), SystemClock()
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        tighten(settings.data_dir)
        _refuse_while_open(settings, clock.corrected(), on_long_upgrade)
        restored = put_back(copy, database, settings.environment, clock.now, another_shop=another_shop)
        whose = ", another shop's" if restored.whose is Whose.ANOTHER else ""
        came = f"{copy.name}, {count(restored.payments)}{whose}"
        line = audit_line(Actor(owner=owner), Act.SETTINGS, clock.corrected(), "database", came)
        try:
            opened = stack.enter_context(closing(open_database(database, settings.environment, on_long_upgrade)))
            keys = VaultErasureKeys(settings, vault or open_vault(settings))
            opened.link_lines(settings.till, lambda: find_link_key(opened.reader, keys))
            with opened.write() as transaction:
                transaction.add_audit([line])
        except Exception:  # noqa: BLE001 - the copy is back, whatever its audit takes
            _log.warning("the audit has no line of the copy that was put back", exc_info=True)
    return restored


def refuse_open(reader: Reader, till: str, now: datetime) -> None:
    """Let nobody past while the till waits for M-PESA's word: a payment that is taken out now is never settled.

    It waits for open ones, and for twenty minutes for those that M-PESA calls not paid and is asked about all the same.
    Later ones hold nothing up: in a busy shop there is always one.

    Args:
        now: UTC.

    Raises:
        BadInput: in words.
    """
    waiting = [payment for payment in reader.open_payments(till) if _waits(payment)]
    if waiting:
        raise BadInput(
            f"{count(len(waiting))} of this till still wait{'s' if len(waiting) == 1 else ''} for M-PESA's answer. "
            "Nothing was changed. Leave the till open until every payment is settled, then put the copy back."
        )
    ends = [payment.closed_at for payment in reader.to_ask(till) if payment.closed_at]
    asked = [end for end in ends if abs(now - end) < ASKED]
    if asked:
        raise BadInput(
            f"{count(len(asked))} of this till ended without the customer's answer and may still be paid: M-PESA is "
            f"asked. Nothing was changed. Leave the till open until {shop_time(max(asked) + ASKED)}, then put the copy "
            "back."
        )


def _waits(payment: Payment) -> bool:
    return payment.state is not State.REVIEW  # that is the owner's


def _refuse_while_open(settings: Settings, now: datetime, on_long_upgrade: Callable[[], None]) -> None:
    database = database_file(settings)
    if not database.exists():
        return
    try:
        with closing(open_database(database, settings.environment, on_long_upgrade)) as opened:
            refuse_open(opened.reader, settings.till, now)
    except BadInput:
        raise
    except PosError as error:  # what cannot be opened settles nothing any more: that is why it is replaced
        _log.warning("whether payments were open cannot be told: %s", error.user_text)
