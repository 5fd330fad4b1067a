"""The shop's key for the hashes of erased numbers: made once, kept with the secrets of one computer, never in the
database, which only knows which key it is. A till that has another one, or none, erases nobody.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from pos_app.domain.erasure import KEY_SETTING, ErasureKey, read_key
from pos_app.errors import BadInput, PosError
from pos_app.sales.ports import Clock, ErasureKeys, Transaction
from pos_app.sales.write_queue import GroupWriter

_MAKING = "making "  # and since when: two tills must not make two keys
_LONG_AGO = "1970-01-01T00:00:00+00:00"
_PATIENCE = timedelta(minutes=2)  # for whoever makes it: a keyring may wait a minute for its password
_BRING = (
    "Nothing was erased. Erase on the computer that erased the first customer, or bring its key here: `owner "
    "erasure-key` shows it there, and takes it here with --take."
)
_ELSEWHERE = f"The key that erased numbers are hashed with is not on this computer. {_BRING}"
_ANOTHER = f"The key that erased numbers are hashed with is another one on this computer than this shop's. {_BRING}"
_NONE_YET = "There is no key for erased numbers yet: the till makes it when it opens. Nothing was changed."
_JUST_NOW = "Another till is just making the shop's key for that. Nothing was erased. Try again in two minutes."
_RENEWED_MEANWHILE = (
    "The shop's key was renewed by somebody else meanwhile. Nothing was changed. Bring that key here: `owner "
    "erasure-key` shows it there, and takes it here with --take."
)
_log = logging.getLogger(__name__)

SettleKey = Callable[[Transaction], None]  # sees to it that it is still the shop's key


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
        return find_key(self._reader, self._keys)

    def find_or_make(self) -> tuple[ErasureKey, SettleKey]:
        """The shop's key, and what makes sure in the transaction that erases that it is still the shop's.

        Raises:
            BadInput: as `find`; or another till is just making it.
            CannotSave: nothing was saved.
        """
        known, claim = self._reader.setting(KEY_SETTING), ""
        key = self._keys.get() if known is None else fitting_key(self._keys, known)
        if key is None and (known is None or known.startswith(_MAKING)):
            claim = self._writer.run(self._claim)
            key = self._make(claim)
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

    def show(self) -> str:
        """The key in hexadecimal, for the owner to take it to another till.

        Raises:
            BadInput: this computer has none, or another one than the shop's.
        """
        if self.find() is None:
            raise BadInput(_NONE_YET)
        return self._keys.text()

    def check(self, text: str) -> None:
        """Whether this is the shop's key, in hexadecimal.

        Raises:
            BadInput: it is not.
        """
        known = self._reader.setting(KEY_SETTING)
        if known is None or known.startswith(_MAKING):
            raise BadInput(_NONE_YET)
        if read_key(text).fingerprint != known:
            raise BadInput("That is not this shop's key for erased numbers. Nothing was changed.")

    def take(self, text: str) -> None:
        """Keep the shop's key, which another till has made, on this computer.

        Raises:
            BadInput: it is not the shop's, or cannot be kept.
        """
        self.check(text)
        self._keys.keep(text)

    def renewing(self) -> "NewKey":
        """Another key, where the shop's is lost: whether a number was erased before cannot be answered then.

        Raises:
            PosError: it could not be kept here.
        """
        return NewKey(self._keys, self._keys.draw(), self._reader.setting(KEY_SETTING))

    def _make(self, claim: str) -> ErasureKey:
        """Where it cannot be kept here, another till need not wait to make it."""

        def give_up(transaction: Transaction) -> None:
            if transaction.setting(KEY_SETTING) == claim:
                transaction.set_setting(KEY_SETTING, f"{_MAKING}{_LONG_AGO}")

        try:
            return self._keys.make()
        except PosError:
            self._writer.run(give_up)
            raise

    def _claim(self, transaction: Transaction) -> str:
        now, known = self._clock.now(), transaction.setting(KEY_SETTING)
        if known is not None and (not known.startswith(_MAKING) or _is_young(known, now)):
            raise BadInput(_JUST_NOW)
        claim = f"{_MAKING}{now.isoformat()}"
        transaction.set_setting(KEY_SETTING, claim)
        return claim


class NewKey:
    """A key that is to become the shop's: kept beside the one before until the database says that it is, so that
    whoever is ended in between has lost neither.

    Args:
        text: in hexadecimal.
        known: which key was the shop's when it was drawn.
    """

    def __init__(self, keys: ErasureKeys, text: str, known: str | None) -> None:
        self._keys = keys
        self._text = text
        self._known = known
        self.key = read_key(text)

    def set_aside(self) -> None:
        """Before it becomes the shop's. Raises PosError: it cannot be kept, and nothing was changed."""
        self._keys.set_aside(self._text)

    def settle(self, transaction: Transaction) -> None:
        """Make it the shop's, and link by it from now on. Raises BadInput: somebody else has renewed it meanwhile."""
        if transaction.setting(KEY_SETTING) != self._known:
            raise BadInput(_RENEWED_MEANWHILE)
        transaction.set_setting(KEY_SETTING, self.key.fingerprint)
        transaction.link_with(self.key.links)

    def keep(self) -> None:
        """Once it is the shop's. Where it cannot be kept now it is found where it was set aside."""
        _promote(self._keys, self._text)


def _promote(keys: ErasureKeys, text: str) -> None:
    try:
        keys.keep(text)
        keys.set_aside("")
    except PosError as error:
        _log.warning("the shop's new key stays where it was set aside: %s", error.user_text)


def fitting_key(keys: ErasureKeys, known: str) -> ErasureKey | None:
    """The shop's key as this computer has it, also where a renewal of it was ended before it was kept in its place;
    another one, or None, where it has not. Raises PosError: it cannot be read.
    """
    key = keys.get()
    if (key is None or key.fingerprint != known) and (text := keys.aside()):
        beside = read_key(text)
        if beside.fingerprint == known:
            _promote(keys, text)
            return beside
    return key


def known_key(reader: KeySettings) -> str | None:
    """The fingerprint of the shop's key; None while the shop has none."""
    known = reader.setting(KEY_SETTING)
    return None if known is None or known.startswith(_MAKING) else known


def find_key(reader: KeySettings, keys: ErasureKeys) -> ErasureKey | None:
    """The shop's key, where it has one. Raises BadInput as `ShopKey.find` does."""
    known = known_key(reader)
    if known is None:
        return None
    key = fitting_key(keys, known)
    _compare(known, key)
    return key


def _is_young(claim: str, now: datetime) -> bool:
    return abs(now - datetime.fromisoformat(claim.removeprefix(_MAKING))) < _PATIENCE


def _compare(known: str, key: ErasureKey | None) -> None:
    if key is None:
        raise BadInput(_ELSEWHERE)
    if key.fingerprint != known:
        raise BadInput(_ANOTHER)


class NoErasureKeys:
    """Fits `ports.ErasureKeys`: none is kept, and none can be."""

    def get(self) -> ErasureKey | None:
        """None."""
        return None

    def make(self) -> ErasureKey:
        """Raises BadInput."""
        return read_key(self.draw())

    def text(self) -> str:
        """Empty."""
        return ""

    def keep(self, text: str) -> None:
        """Raises BadInput."""
        self.draw()

    def draw(self) -> str:
        """Raises BadInput."""
        raise BadInput("Customers cannot be erased here: there is no place for the key. Nothing was erased.")

    def set_aside(self, text: str) -> None:
        """Raises BadInput."""
        self.draw()

    def aside(self) -> str:
        """Empty."""
        return ""
