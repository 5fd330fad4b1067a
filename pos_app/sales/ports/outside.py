"""What sales needs that is no store: time, M-PESA, the callback route, a safe file, passphrases."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pos_app.domain.callback_route import RouteStatus
from pos_app.domain.cancelling import Cancel
from pos_app.domain.erasure import ErasureKey
from pos_app.domain.payment_event import Accepted, Answer, NoAnswer, NotSent, Unanswered
from pos_app.domain.pulled import NotPulled, PulledSet, PullRegistration
from pos_app.domain.push import Push
from pos_app.domain.record_file import StatementFile
from pos_app.domain.shop_changes import ShopChanges


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The wall clock, UTC. It may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward; waits within a run are measured by it."""
        ...

    def since_boot(self) -> float:
        """Seconds that only go forward and go on while the computer sleeps: how old something really is."""
        ...

    def ahead_of_mpesa(self) -> float | None:
        """Seconds that the wall clock is ahead of M-PESA's; None while that is not known."""
        ...

    def corrected(self) -> datetime:
        """The wall clock (UTC), or M-PESA's where the two differ by two seconds and more."""
        ...


class Gateway(Protocol):
    """M-PESA. Neither call raises for what a network or M-PESA does: it comes back as an event."""

    def push(self, push: Push, objection: Callable[[], str | None], /) -> Accepted | NotSent | Unanswered:
        """Prompt the customer; called once for a payment, ever. At most 35 s.

        Args:
            objection: asked right before the first byte, on any thread, and again where it is sent once more: why
                it must not leave, as one of `NotSent`'s reasons; None where it may.
        """
        ...

    def query(self, checkout_request_id: str) -> Answer | NoAnswer:
        """Ask what became of a prompt. At most 15 s."""
        ...

    def reach(self) -> None:
        """Open a connection and end it, without a request. Never raises. At most 15 s."""
        ...

    def warm(self) -> None:
        """Make ready for a push that may come in the next seconds. Never raises. At most 20 s."""
        ...


class PullGateway(Protocol):
    """M-PESA's Pull Transactions. Neither call raises for what a network or M-PESA does."""

    def pull(self, first: datetime, last: datetime, /) -> PulledSet | NotPulled:
        """All that came from one moment to another (UTC), or nothing. At most two minutes."""
        ...

    def register_pull(self, nominated: str, /) -> PullRegistration:
        """Ask, once for a short code, to be told. At most 15 s.

        Args:
            nominated: an MSISDN that M-PESA knows of the shop.
        """
        ...


class Route(Protocol):
    """How results come back to this till. Any thread."""

    @property
    def status(self) -> RouteStatus:
        """Where it stands now."""
        ...

    def subscribe(self, told: Callable[[RouteStatus], None], /) -> None:
        """Tell where it stands, at once and after each change; `told` must be quick."""
        ...


class ErasureKeys(Protocol):
    """Keeps the key that numbers of erased customers are hashed with, where the shop's secrets are. Slow."""

    def get(self) -> ErasureKey | None:
        """The key; None where this computer has none. Raises PosError where it cannot be read."""
        ...

    def make(self) -> ErasureKey:
        """A new key, which is kept when this returns. Raises PosError where it cannot be kept."""
        ...

    def text(self) -> str:
        """The key in hexadecimal, for another till; empty where there is none. Raises PosError as `get`."""
        ...

    def draw(self) -> str:
        """Another key in hexadecimal, which nobody has kept yet. Raises PosError where it could not be kept."""
        ...

    def set_aside(self, text: str) -> None:
        """Keep a key beside the one that is used, until it is known which of them the shop has; empty: none any more.
        Raises PosError as `make`.
        """
        ...

    def aside(self) -> str:
        """The one that was set aside; empty where there is none. Raises PosError as `get`."""
        ...

    def keep(self, text: str) -> None:
        """Keep a key that another till has made, in hexadecimal. Raises PosError where it is none, as `make`."""
        ...


class StatementFiles(Protocol):
    """Reads M-PESA's statement from files that people choose. Slow; nothing of a file is executed or fetched."""

    def read(self, path: Path, now: datetime, told: Callable[[int], object], cancel: Cancel) -> StatementFile:
        """What a file says.

        Args:
            now: UTC; nothing in it was completed later.
            told: how many rows have been read, now and then, on the calling thread.

        Raises:
            BadInput: with words: it is none that can be used.
            Cancelled: somebody has ended it by `cancel`.
        """
        ...


class ShopFeed(Protocol):
    """What others have written into the shop's database: other tills on a server, commands beside this till in a file.

    For one thread but for `wake`; each call raises CannotSave.
    """

    def open(self) -> None:
        """Listen from now on, where it does not yet."""
        ...

    def look(self) -> ShopChanges:
        """What was written since the last look, whoever wrote it, or since it was opened for the first time."""
        ...

    def wait(self, seconds: float, /) -> bool:
        """Whether something was written that was not looked at yet, as far as that can be known; so many seconds."""
        ...

    def wake(self) -> None:
        """End a wait now, and all that come, where that can be done; any thread. Never raises."""
        ...

    def close(self) -> None:
        """Listen no more, until it is opened again; nothing is missed by it. Never raises."""
        ...


class Safe(Protocol):
    """A file for what the store does not take. Any thread."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        ...

    def read(self) -> list[str]:
        """Its lines, oldest first. Raises OSError."""
        ...

    def append(self, lines: Sequence[str]) -> None:
        """Add lines; they are on the disk when this returns. Raises OSError."""
        ...

    def replace(self, lines: Sequence[str]) -> None:
        """These lines and no others. Raises OSError, and then it has the old ones."""
        ...


class Passphrases(Protocol):
    """Keeps passphrases as something that cannot be turned back. Slow on purpose: never on the GUI thread."""

    def hash(self, passphrase: str) -> str:
        """What may be stored."""
        ...

    def verify(self, passphrase: str, hashed: str) -> bool:
        """Whether it is the one that was hashed."""
        ...
