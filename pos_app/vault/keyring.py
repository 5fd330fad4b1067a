"""The computer's own keyring, asked on a thread that is given up when the keyring does not answer."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pos_app.errors import SettingsError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

LIMIT = 60.0  # seconds for one call: a person may be typing the keyring's own password meanwhile
_ANY = "this computer's keyring"
_SECRET_SERVICE = f"{_ANY} (Secret Service)"
_KNOWN = {
    "keyring.backends.SecretService": _SECRET_SERVICE,
    "keyring.backends.libsecret": _SECRET_SERVICE,
    "keyring.backends.kwallet": f"{_ANY} (KWallet)",
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "the macOS keychain",
}
_log = logging.getLogger(__name__)
T = TypeVar("T")


class KeyringTrouble(SettingsError):
    """The keyring failed; nothing in it was changed, unless the words say so."""


class NoKeyring(KeyringTrouble):
    """There is none here that keeps a secret."""

    def __init__(self) -> None:
        super().__init__(
            "This computer has no keyring that keeps the M-PESA keys safe. Nothing was sent. Choose another place for "
            'them in the settings (secrets = "file" or "memory"), or set POS_CONSUMER_KEY, POS_CONSUMER_SECRET and '
            "POS_PASSKEY."
        )


class KeyringLocked(KeyringTrouble):
    """It is there, and nobody unlocked it."""

    def __init__(self) -> None:
        super().__init__(
            "This computer's keyring is locked, so the M-PESA keys cannot be reached. Nothing was sent. Log out of the "
            "computer and in again with its password, which unlocks it, then open the till."
        )


class KeyringSilent(KeyringTrouble):
    """It did not answer in time; what was asked of it is undone should it still happen."""

    def __init__(self, limit: float) -> None:
        super().__init__(
            f"This computer's keyring has not answered for {limit:.0f} seconds. Nothing was sent. If it asks for its "
            "password somewhere on the screen, answer there, then open the till again."
        )


class _Half(KeyringTrouble):
    def __init__(self) -> None:
        super().__init__(
            "This computer's keyring failed while the M-PESA keys were being changed, and the old ones could not be "
            "put back. Nothing was sent. Enter all of the keys again."
        )


def system_keyring() -> "KeyringBackend | None":
    """The computer's own keyring, or None. May wait for it: never on the GUI thread."""
    # Imported here: 70 ms, and a till that has its keys elsewhere needs no keyring.
    from keyring import get_keyring

    return trusted(get_keyring())


def trusted(ring: "KeyringBackend") -> "KeyringBackend | None":
    """The ring that the `keyring` library chose, if an operating system stands behind it; of a chain, the first such.

    Everything else counts as none: some keep nothing (null, fail), some keep plain text, and the file keyrings that
    can be installed ask for a password on the terminal, where a window's process would wait for ever.
    """
    from keyring.backends.chainer import ChainerBackend

    rings = ring.backends if isinstance(ring, ChainerBackend) else [ring]
    return next((each for each in rings if type(each).__module__ in _KNOWN), None)


class KeyringStore:
    """Fits `vault.Store`.

    Args:
        service: the keyring's name for an environment's secrets.
        find: finds the keyring; called on a thread, each time.
        limit: seconds until a call is given up.
    """

    def __init__(
        self, service: str, find: "Callable[[], KeyringBackend | None]" = system_keyring, limit: float = LIMIT
    ) -> None:
        self._service = service
        self._find = find
        self._limit = limit
        self._turn = threading.Lock()  # a write, and what undoes it late, ends before the next one begins

    def words(self) -> str:
        """What it is called, for people.

        Raises:
            KeyringTrouble: with words for a person.
        """
        return self._within(lambda: _KNOWN.get(type(self._ring()).__module__, _ANY))

    def read(self, name: str) -> str | None:
        """One secret, or None where it has none.

        Raises:
            KeyringTrouble: with words for a person.
        """
        return self._within(lambda: self._ring().get_password(self._service, name))

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Change these secrets, all or none; None deletes.

        Raises:
            KeyringTrouble: with words for a person.
        """
        self._within(lambda: self._exchange(changes), late=lambda undo: undo(), turn=self._turn)

    def _exchange(self, changes: Mapping[str, str | None]) -> Callable[[], None]:
        """Gives what undoes it."""
        ring = self._ring()
        old = {name: ring.get_password(self._service, name) for name in changes}
        undo = partial(self._set, ring, old, instead_of=changes)
        try:
            self._set(ring, changes)
        except Exception:
            try:
                undo()
            except Exception as error:  # noqa: BLE001 - backends raise whatever their system raises
                _log.warning("the keyring did not take the old keys back (%s)", type(error).__name__)
                raise _Half from None
            raise
        return undo

    def _set(
        self,
        ring: "KeyringBackend",
        changes: Mapping[str, str | None],
        instead_of: Mapping[str, str | None] | None = None,
    ) -> None:
        """Set what is not so already: a keyring that took nothing need not take anything back.

        Args:
            instead_of: what was set before, where this undoes it; what is something else by now came later, and stays.
        """
        for name, value in changes.items():
            now = ring.get_password(self._service, name)
            if now == value or (instead_of is not None and now != instead_of[name]):
                continue
            if value is None:
                ring.delete_password(self._service, name)
            else:
                ring.set_password(self._service, name, value)

    def _ring(self) -> "KeyringBackend":
        ring = self._find()
        if ring is None:
            raise NoKeyring
        return ring

    def _within(
        self,
        work: Callable[[], T],
        late: Callable[[T], object] = lambda _: None,
        turn: AbstractContextManager[object] = nullcontext(),
    ) -> T:
        """Do the work on a thread of its own.

        Args:
            late: told the result when it comes after this has given up.
            turn: held meanwhile, also by what comes late.
        """
        future: Future[T] = Future()
        # An executor's threads are waited for when the program ends; a keyring that hangs would keep it for ever.
        threading.Thread(target=_answer, args=(future, work, late, turn), name="keyring", daemon=True).start()
        try:
            return future.result(self._limit)
        except TimeoutError:
            if future.cancel():
                _log.warning("the keyring does not answer")
                raise KeyringSilent(self._limit) from None
            return future.result()  # it came at the last moment


def _answer(
    future: "Future[T]", work: Callable[[], T], late: Callable[[T], object], turn: AbstractContextManager[object]
) -> None:
    """Work, then answer, unless the one who asked has given up: the future is cancelled or answered, never both."""
    with turn:
        if future.cancelled():
            return
        try:
            result = work()
            if future.set_running_or_notify_cancel():
                future.set_result(result)
            else:
                late(result)
        except Exception as error:  # noqa: BLE001 - backends raise whatever their system raises
            trouble = _in_words(error)
            if not future.cancelled() and future.set_running_or_notify_cancel():
                future.set_exception(trouble)


def _in_words(error: Exception) -> KeyringTrouble:
    from keyring import errors

    if isinstance(error, KeyringTrouble):
        return error
    _log.warning("the keyring failed (%s)", type(error).__name__)  # its own words may be anything
    if isinstance(error, errors.NoKeyringError):
        return NoKeyring()
    if isinstance(error, errors.KeyringLocked | errors.InitError):  # InitError: nobody answered its prompt
        return KeyringLocked()
    return KeyringTrouble(
        "This computer's keyring does not work as it should. Nothing was sent, and the keys in it are as they were. "
        "Log out of the computer and in again, then open the till."
    )
