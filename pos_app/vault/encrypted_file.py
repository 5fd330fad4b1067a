"""A file of secrets behind a passphrase: scrypt makes the key, AES-GCM seals the whole of it.

Version 1: the version (1 byte), salt (16), nonce (12), the sealed JSON object, and the SHA-256 of all that (32). The
sum tells damage from a wrong passphrase. Everything before the sealed part is authenticated, and the service too, so
that the file of the sandbox cannot take the place of the real one.
"""

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pos_app.domain.passphrase import SHORTEST
from pos_app.domain.strict import is_text
from pos_app.errors import BadInput, Locked, SettingsError
from pos_app.private_files import make_folder, replace_file

COST = 2**17  # scrypt's n: 128 MiB and a third of a second for each try, as OWASP recommends
_VERSION = 1
_SALT, _NONCE, _SUM = 16, 12, 32  # bytes
_HEAD = 1 + _SALT + _NONCE


class WrongPassphrase(BadInput):
    """It does not open the file."""

    def __init__(self) -> None:
        super().__init__("That passphrase does not open the keys. Nothing was changed.")


class _Sealed(NamedTuple):
    head: bytes
    body: bytes

    @property
    def salt(self) -> bytes:
        return self.head[1 : 1 + _SALT]

    @property
    def nonce(self) -> bytes:
        return self.head[1 + _SALT :]


class _Lock(NamedTuple):
    """What opens the file, kept in memory from the first right passphrase on."""

    salt: bytes
    key: bytes

    def __repr__(self) -> str:
        return "_Lock(...)"


def check_new(passphrase: str) -> None:
    """Whether a file of keys may be made behind this passphrase.

    Raises:
        BadInput: it is too short, or no text.
    """
    if len(passphrase.strip()) < SHORTEST:
        raise BadInput(f"The passphrase of the keys needs at least {SHORTEST} characters. Nothing was changed.")
    if not is_text(passphrase):
        raise BadInput("That passphrase has a character in it that is none. Nothing was changed.")


class SecretFile:
    """Fits `vault.Store` once it is unlocked. Work on a thread: a passphrase takes its time.

    Attributes:
        path: where it is.

    Args:
        service: what the secrets are for; the file opens for no other.
        cost: scrypt's n.
    """

    def __init__(self, path: Path, service: str, cost: int = COST) -> None:
        self.path = path
        self._service = service
        self._cost = cost
        self._lock: _Lock | None = None

    @staticmethod
    def words() -> str:
        """What it is called, for people."""
        return "an encrypted file on this computer"

    def exists(self) -> bool:
        """Whether a passphrase was chosen already."""
        return self.path.exists()

    def begin_anew(self, passphrase: str, secrets: Mapping[str, str]) -> None:
        """Make the file, with these secrets and a passphrase of its own; it is unlocked then. All of it or nothing.

        One that is there is kept beside it under a free name: its passphrase may come to mind yet.

        Raises:
            BadInput: too short.
            SettingsError: it cannot be written; what was there stays.
        """
        lock = self._new_lock(passphrase)
        aside = self._copied_aside()
        try:
            self._save(secrets, lock)
        except BaseException:
            if aside:
                with suppress(OSError):
                    aside.unlink()
            raise

    def _copied_aside(self) -> Path | None:
        try:
            whole = self.path.read_bytes()
            names = (self.path.with_name(f"{self.path.name}.old{number}") for number in ("", *range(2, 1_000)))
            free = next(name for name in names if not name.exists())
            replace_file(free, whole)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            raise self._trouble("cannot be copied, so it is not replaced", "The keys in it are as they were.") from None
        return free

    def unlock(self, passphrase: str) -> None:
        """Open it for this run.

        Raises:
            WrongPassphrase: it stays as it was.
            SettingsError: it cannot be read, is damaged, or a newer program wrote it.
        """
        sealed = self._read()
        if sealed is None:
            raise self._trouble("is not there")
        if not is_text(passphrase):
            raise WrongPassphrase
        lock = _Lock(sealed.salt, self._derive(passphrase, sealed.salt))
        self._open(sealed, lock)
        self._lock = lock

    def read(self, name: str) -> str | None:
        """One secret, or None where there is none.

        Raises:
            Locked: the passphrase is needed first.
            SettingsError: it cannot be read.
        """
        return self._load().get(name)

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Change these secrets, all or none; None deletes.

        Raises:
            Locked: the passphrase is needed first.
            SettingsError: it cannot be read or written.
        """
        merged = {**self._load(), **changes}
        if self._lock is None:
            raise BadInput("Choose a passphrase for the file of the M-PESA keys first. Nothing was saved.")
        self._save({name: value for name, value in merged.items() if value is not None}, self._lock)

    def _load(self) -> dict[str, str]:
        sealed = self._read()
        if sealed is None:
            return {}
        if self._lock is None:
            raise Locked
        return self._open(sealed, self._lock)

    def _read(self) -> _Sealed | None:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            raise self._trouble("cannot be read") from None
        if raw and raw[0] > _VERSION:
            raise self._trouble("was written by a newer Kaunta", "Install that Kaunta here.")
        whole, total = raw[:-_SUM], raw[-_SUM:]
        if len(raw) <= _HEAD + _SUM or hashlib.sha256(whole).digest() != total:
            raise self._trouble("is damaged", "Move it away and enter the keys again.")
        return _Sealed(whole[:_HEAD], whole[_HEAD:])

    def _open(self, sealed: _Sealed, lock: _Lock) -> dict[str, str]:
        # Imported here, as below: most tills have a keyring.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            plain = AESGCM(lock.key).decrypt(sealed.nonce, sealed.body, sealed.head + self._service.encode())
        except InvalidTag:
            raise WrongPassphrase from None
        secrets: dict[str, str] = json.loads(plain)
        return secrets

    def _save(self, secrets: Mapping[str, str], lock: _Lock) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE)  # a new one each time: with one used twice, AES-GCM gives its key away
        head = bytes([_VERSION]) + lock.salt + nonce
        whole = head + AESGCM(lock.key).encrypt(nonce, json.dumps(secrets).encode(), head + self._service.encode())
        try:
            make_folder(self.path.parent)
            replace_file(self.path, whole + hashlib.sha256(whole).digest())
        except OSError:
            raise self._trouble("cannot be written", "The keys in it are as they were.") from None
        self._lock = lock

    def _new_lock(self, passphrase: str) -> _Lock:
        check_new(passphrase)
        salt = os.urandom(_SALT)
        return _Lock(salt, self._derive(passphrase, salt))

    def _derive(self, passphrase: str, salt: bytes) -> bytes:
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

        # Two keyboards may write the same letter in two ways.
        same = unicodedata.normalize("NFC", passphrase).encode()
        return Scrypt(salt=salt, length=32, n=self._cost, r=8, p=1).derive(same)

    def _trouble(self, what: str, advice: str = "See whether this user may use it.") -> SettingsError:
        return SettingsError(f"The file of the M-PESA keys {self.path} {what}. Nothing was sent. {advice}")
