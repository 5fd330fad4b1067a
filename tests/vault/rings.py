"""Keyrings that behave, and keyrings that fail in the ways of real ones."""

import threading
from collections.abc import Callable

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from pos_app.vault.keyring import KeyringStore

Failure = Callable[[str], None]


class Ring(KeyringBackend):
    """Keeps secrets until the test ends.

    Attributes:
        entries: what it keeps.
        asked: each call so far, as "set consumer_key".
        before: called before each call; what it raises the keyring raises.
    """

    priority = 0.1

    def __init__(self, before: Failure = lambda _: None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.asked: list[str] = []
        self.before = before

    def get_password(self, service: str, username: str) -> str | None:
        self._begin(f"get {username}")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._begin(f"set {username}")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._begin(f"delete {username}")
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not there")
        del self.entries[service, username]

    def store(self, service: str = "kaunta-sandbox", limit: float = 10.0) -> KeyringStore:
        """Our store in front of it."""
        return KeyringStore(service, lambda: self, limit)

    def _begin(self, call: str) -> None:
        self.asked.append(call)
        self.before(call)


def locked(_call: str) -> None:
    """Its owner went away."""
    raise KeyringLocked("locked")


def vanishing_at(wanted: str, *, once: bool = False) -> Failure:
    """The bus goes away at this call, and comes back only where it goes `once`."""
    gone = threading.Event()

    def fail(call: str) -> None:
        if gone.is_set() and once:
            return
        if gone.is_set() or call == wanted:
            gone.set()
            raise ConnectionResetError("canary: whatever the system says")

    return fail


class Prompt:
    """Hangs from the call on that is named, as a prompt does that nobody answers, until `answer`."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._answered = threading.Event()
        self.shown = threading.Event()

    def __call__(self, call: str) -> None:
        if call == self._wanted:
            self.shown.set()
            assert self._answered.wait(30)

    def answer(self) -> None:
        """Somebody types the password after all."""
        self._answered.set()
