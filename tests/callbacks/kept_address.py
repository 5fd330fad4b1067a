"""The shop's public address in memory. `tests/store/test_address_store.py` holds it to the real one."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.callback_route import RouteState
from pos_app.domain.shop_address import DOWN_FOR, LEASE, OPENING_FOR, AddressHolder, HolderWord, ShopAddress
from pos_app.errors import CannotSave


@dataclass(frozen=True)
class _Kept:
    holder: str
    run: str
    till: str
    address: str
    stays: bool
    since: float
    ends: float
    state: RouteState = RouteState.OPENING
    words: str = ""
    good_since: float | None = None


class KeptAddress:
    """What all tills share.

    Attributes:
        broken: it cannot be asked by these runs.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._kept: _Kept | None = None
        self.broken: set[str] = set()

    def by(self, run: str) -> "KeptAddressOf":
        """As one till has it."""
        return KeptAddressOf(self, run)

    def look(self) -> ShopAddress | None:
        kept, now = self._kept, self._now()
        if kept is None:
            return None
        return ShopAddress(
            holder=kept.holder,
            run=kept.run,
            till=kept.till,
            address=kept.address,
            stays=kept.stays,
            state=kept.state,
            words=kept.words,
            good_since=kept.good_since,
            now=now,
            left=kept.ends - now,
            free=self._free(),
        )

    def _free(self) -> bool:
        if self._kept is None:
            return True
        now, since = self._now(), self._kept.since
        return (
            self._kept.ends <= now
            or (self._kept.state is RouteState.DOWN and since <= now - DOWN_FOR)
            or (self._kept.state is RouteState.OPENING and since <= now - OPENING_FOR)
        )

    def claim(self, mine: AddressHolder) -> ShopAddress | None:
        if self._free() or (self._kept and self._kept.holder == mine.holder):
            now = self._now()
            self._kept = _Kept(mine.holder, mine.run, mine.till, mine.address, mine.stays, now, now + LEASE)
        return self.look()

    def tell(self, run: str, word: HolderWord) -> ShopAddress | None:
        kept, now = self._kept, self._now()
        if kept and kept.run == run:
            good = now if word.good and (word.anew or kept.good_since is None) else kept.good_since
            self._kept = replace(
                kept,
                address=word.address,
                state=word.state,
                words=word.words,
                since=kept.since if kept.state is word.state else now,
                good_since=good if word.good else None,
                ends=now + LEASE,
            )
        return self.look()

    def release(self, run: str) -> None:
        if self._kept and self._kept.run == run:
            self._kept = replace(self._kept, ends=self._now(), good_since=None)

    def forget(self, holder: str) -> None:
        if self._kept and self._kept.holder == holder:
            self._kept = None


class KeptAddressOf:
    """Fits `AddressStore`: the line of one till to it, which may be broken."""

    def __init__(self, shared: KeptAddress, run: str) -> None:
        self._shared = shared
        self._run = run

    def _asked(self) -> KeptAddress:
        if self._run in self._shared.broken:
            raise CannotSave
        return self._shared

    def look(self) -> ShopAddress | None:
        return self._asked().look()

    def claim(self, mine: AddressHolder) -> ShopAddress | None:
        return self._asked().claim(mine)

    def tell(self, run: str, word: HolderWord) -> ShopAddress | None:
        return self._asked().tell(run, word)

    def release(self, run: str) -> None:
        self._asked().release(run)

    def forget(self, holder: str) -> None:
        self._asked().forget(holder)
