"""What the settings ask about a shop's database server; may wait, so each method is called on a thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pos_app.check_result import Finding
from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, ShopMoved


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerChoice:
    """The shop's database server, as typed.

    Attributes:
        password: empty means the one that is kept for this very place.
        till: this computer's letter.
        takes_place: whether it may be the letter of a computer that is not there any more.
        leaves: whether payments in this computer's own file may stay there, where no till shows them.
        owner: the owner's passphrase in that database, where the present one cannot be asked.
    """

    host: str
    port: int
    name: str
    user: str
    till: str
    password: str = field(default="", repr=False)
    takes_place: bool = False
    leaves: bool = False
    owner: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAnswers:
    """Where the payments are now.

    Attributes:
        on_server: whether on a server; else the other parts of the address are empty.
        password_kept: whether its password is known here.
        own: how many payments this computer's own file has, where they are not on a server.
        may_leave: whether it can still be for this computer alone.
    """

    on_server: bool = False
    host: str = ""
    port: str = "5432"
    name: str = ""
    user: str = ""
    till: str = "A"
    password_kept: bool = False
    own: int = 0
    may_leave: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerReport:
    """What a try of a server has found.

    Attributes:
        findings: line by line; what is red is in the way.
        letter: what this computer's letter can be: the one that was typed, or a free one.
        vacant: whether the typed one is another computer's that is not there now.
        moves: how many payments of this computer's own file would move there first.
        stays: how many cannot, since the server has a shop already.
        asks_owner: whether the owner's passphrase in that database is asked for.
        kept: whether it is kept now.
    """

    findings: Sequence[Finding] = ()
    letter: str = ""
    vacant: bool = False
    moves: int = 0
    stays: int = 0
    asks_owner: bool = False
    kept: bool = False


class ServerService(Protocol):
    """Where the payments are: with this computer alone, or on the shop's server."""

    def answers(self) -> ServerAnswers:
        """What is set now."""
        ...

    def test(self, choice: ServerChoice) -> ServerReport:
        """Connect, for some seconds at most. Nothing is kept. Raises `PosError` where it cannot be meant."""
        ...

    def move(self, choice: ServerChoice, tell: Callable[[MoveProgress], None], cancel: Cancel) -> ShopMoved:
        """Move the shop of this computer's own file to that server, whole. Slow. Raises `PosError`, which says whether
        anything was moved; what is set stays as it was, and `keep` comes behind.

        Args:
            tell: told how far it is, on the calling thread.
            cancel: stops it within seconds, until it ends.
        """
        ...

    def keep(self, choice: ServerChoice | None) -> ServerReport:
        """Keep the address, the password and the letter, where nothing is in the way; None: this computer alone.
        Raises `PosError`; what was kept before stays then, and where something is in the way.
        """
        ...
