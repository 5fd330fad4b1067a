"""The shop's key for the hashes of erased numbers: made once, kept with the secrets of one computer, never in the
database, which only knows which key it is. A till that has another one, or none, erases nobody.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from pos_app.domain.erasure import KEY_SETTING, ErasureKey
from pos_app.errors import BadInput
from pos_app.sales.ports import Clock, ErasureKeys, Transaction
from pos_app.sales.write_queue import GroupWriter

_MAKING = "making "  # and since when: two tills must not make two keys
_PATIENCE = timedelta(minutes=2)  # for whoever makes it: a keyring may wait a minute for its password
_ELSEWHERE = (
    "The key that erased numbers are hashed with is not on this computer. Nothing was erased. Erase on the computer "
    "that erased the first customer, or give this one its key: `owner erasure-key` shows it there, and here it goes "
    "into POS_ERASURE_KEY."
)
_ANOTHER = (
    "The key that erased numbers are hashed with is another one on this computer than this shop's. Nothing was erased. "
    "Erase on the computer that erased the first customer, or give this one its key: `owner erasure-key` shows it "
    "there, and here it goes into POS_ERASURE_KEY."
)
_JUST_NOW = "Another till is just making the shop's key for that. Nothing was erased. Try again in two minutes."


class KeySettings(Protocol):
    """Reads a setting of the database: a `Reader`, or a `Transaction`."""

    def setting(self, key: str) -> str | None:
        """One setting of this database."""
        ...


class ShopKey:
    """Finds the key, and makes the first one. Slow: call it on a thread.

    Args:
        reader: reads what the database knows of it.
        keys: what keeps it.
    """

    def __init__(self, reader: KeySettings, writer: GroupWriter, clock: Clock, keys: ErasureKeys) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._keys = keys

    def find(self) -> ErasureKey | None:
        """The shop's key, where it has one by which somebody was erased.

        Raises:
            BadInput: it has one, and this computer has not; or it cannot be read.
        """
        known = self._reader.setting(KEY_SETTING)
        if known is None or known.startswith(_MAKING):
            return None
        key = self._keys.get()
        _compare(known, key)
        return key

    def find_or_make(self) -> tuple[ErasureKey, Callable[[Transaction], None]]:
        """The shop's key, and what makes sure in the transaction that erases that it is still the shop's.

        Raises:
            BadInput: as `find`; or another till is just making it.
            CannotSave: nothing was saved.
        """
        known, key, claim = self._reader.setting(KEY_SETTING), self._keys.get(), ""
        if key is None and (known is None or known.startswith(_MAKING)):
            claim = self._writer.run(self._claim)
            key = self._keys.make()
        if key is None:
            raise BadInput(_ELSEWHERE)
        chosen = key

        def settle(transaction: Transaction) -> None:
            now_known = transaction.setting(KEY_SETTING)
            if now_known is None or now_known.startswith(_MAKING):
                if claim not in ("", now_known):
                    raise BadInput(_JUST_NOW)  # it was taken over: theirs may be kept in the place of this one
                transaction.set_setting(KEY_SETTING, chosen.fingerprint)
            else:
                _compare(now_known, chosen)

        return key, settle

    def _claim(self, transaction: Transaction) -> str:
        now, known = self._clock.now(), transaction.setting(KEY_SETTING)
        if known is not None and (not known.startswith(_MAKING) or _is_young(known, now)):
            raise BadInput(_JUST_NOW)
        claim = f"{_MAKING}{now.isoformat()}"
        transaction.set_setting(KEY_SETTING, claim)
        return claim


def _is_young(claim: str, now: datetime) -> bool:
    return abs(now - datetime.fromisoformat(claim.removeprefix(_MAKING))) < _PATIENCE


def _compare(known: str, key: ErasureKey | None) -> None:
    if key is None:
        raise BadInput(_ELSEWHERE)
    if key.fingerprint != known:
        raise BadInput(_ANOTHER)
