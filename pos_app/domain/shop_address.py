"""The shop's one public address, where its tills share a database: which holds it, and whether M-PESA is given it."""

from dataclasses import dataclass

from pos_app.domain.callback_route import RouteState

LEASE = 30.0  # seconds without a word after which another till may have the address
DOWN_FOR = 20.0  # seconds after which a till at which nothing comes in loses it to another that may hold it
OPENING_FOR = 90.0  # seconds after which one that never says whether it does
GIVEN_ON = 600.0  # seconds that M-PESA is still given one that stays the shop's, while no till holds it


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressHolder:
    """A till that may hold the address.

    Attributes:
        holder: tells one data folder of one computer from every other, `run` one opening of it.
        till: its letter, for people.
        address: which one it is, where that is known before it is open; else empty.
        stays: whether it is the shop's own or reserved for it, so that nobody else ever has it.
    """

    holder: str
    run: str
    till: str
    address: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderWord:
    """What the till that holds the address says of it.

    Attributes:
        address: what M-PESA is given, or empty.
        good: whether callbacks of payments opened from now on can arrive; `anew`: not so those of earlier ones.
        words: what is wrong, for a person.
    """

    address: str
    state: RouteState
    good: bool
    anew: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAddress:
    """How it stands in the database. Times are seconds of the database's clock.

    Attributes:
        holder, run, till, address, stays: see `AddressHolder`; of who holds it, or held it last.
        state, words: as its holder said last.
        good_since: since when callbacks come in, or None.
        now: when this was read.
        left: for how many seconds more it is held; 0 and less where nobody holds it.
        free: whether another till may have it.
    """

    holder: str
    run: str
    till: str
    address: str
    stays: bool
    state: RouteState
    words: str
    good_since: float | None
    now: float
    left: float
    free: bool

    def is_held(self, later: float = 0.0) -> bool:
        """Whether a till holds it, so many seconds after this was read."""
        return self.left > later

    def given(self, later: float = 0.0) -> str:
        """What M-PESA is given of it, so many seconds after this was read; empty: nothing.

        While nobody holds it, one that stays the shop's is given on for a while: another till opens the same. One that
        does not stay may be anybody's by then.
        """
        on = GIVEN_ON if self.stays else 0.0
        return self.address if self.left + on > later else ""
