"""One access token for all tills of a consumer key: in the shop's database, fetched by whichever needs it first.

A new token kills the older one (Daraja, Authorization FAQ 3), so tills that fetched their own would end each other's.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from pos_app.daraja.token_seal import TokenSeal
from pos_app.daraja.wire import AccessToken
from pos_app.domain.access_token import KeptToken

RENEW_BEFORE = 60.0  # seconds before an access token ends
LONGEST_FETCH = 7.0  # seconds; a charge that waits for a token longer than that would be late (rule 18)
NO_DATABASE = "database"  # the detail where none may be fetched without it
_HOUR = 3_600.0  # seconds
_REMEMBERED = 100  # refusals: nobody needs a higher number
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5  # seconds between two looks whether it has come
_log = logging.getLogger(__name__)
T = TypeVar("T")
Fetch = Callable[[], Awaitable[AccessToken]]


class NoAccessToken(Exception):
    """No access token could be had, so nothing was sent.

    Attributes:
        reason: one of `NotSent`'s.
        detail: what came instead: `HTTP 400, empty`, or what became of the connection. No secret is in it.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Had(NamedTuple):
    """A token that may be used.

    Attributes:
        lifetime: seconds that it lives on.
        id: of the one in the database; None where it is this till's alone.
    """

    value: str
    lifetime: float
    id: str | None = None


class Waits(NamedTuple):
    """Seconds.

    Attributes:
        store: that the database is waited for, once: what it takes to open a connection and ask, over a slow mobile
            line. Where the database stands still nothing leaves meanwhile in any case: each prompt looks there first.
        lease: that a till may fetch while the others wait: the longest fetch, and keeping what it brought.
        patience: that another till's fetch is waited for in all.
        alone: between two tokens that a till without the database fetches: each ends the others'.
    """

    store: float = 8.0
    lease: float = LONGEST_FETCH + 3.0
    patience: float = 12.0
    alone: float = 60.0


class TokenStore(Protocol):
    """Keeps sealed tokens where every till of the shop finds them. Any thread; each call may raise anything.

    Times are the database's. No call leaves a lock behind, however its caller ends.
    """

    def take(self, row: str, holder: str, lease: float, spare: float, /) -> KeptToken | bool:
        """The token that lives on for `spare` seconds; else whether `holder` may fetch one, for `lease` seconds."""
        ...

    def keep(self, row: str, holder: str, sealed: bytes, lifetime: float, /) -> bool:
        """Keep what `holder` has fetched, by whose name it is known; False where it may not fetch any more."""
        ...

    def release(self, row: str, holder: str, /) -> None:
        """`holder` brings none: another may fetch."""
        ...

    def drop(self, row: str, token_id: str, /) -> bool:
        """Forget a token; False where it was replaced already, or has ended by itself."""
        ...


class _NoStore(Exception):
    """The database does not answer, or refuses."""


class SharedToken:
    """Has the shop's access token. All but `ended_early` belongs to the event loop.

    Args:
        alone: whether a till whose database does not answer may fetch a token of its own, once a minute at most.
        waits: how long it waits.
        monotonic: seconds that only go forward.
    """

    def __init__(
        self,
        store: TokenStore,
        seal: TokenSeal,
        *,
        alone: bool = True,
        waits: Waits = Waits(),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._seal = seal
        self._alone = alone
        self._waits = waits
        self._monotonic = monotonic
        self._last_alone: float | None = None
        self._ended: deque[float] = deque(maxlen=_REMEMBERED)

    def ended_early(self) -> int:
        """How many of the shop's tokens M-PESA has refused to this till before their time, within the last hour."""
        return sum(self._monotonic() - at < _HOUR for at in tuple(self._ended))

    async def have(self, fetch: Fetch, refused: str | None) -> Had:
        """A token that lives for another minute at least; one that nobody has is fetched, by one till for all.

        Args:
            refused: the id of a token that M-PESA refuses.

        Raises:
            NoAccessToken: none could be had.
        """
        try:
            return await self._together(fetch, refused)
        except _NoStore:
            return await self._by_itself(fetch)

    async def _together(self, fetch: Fetch, refused: str | None) -> Had:
        row, holder = self._seal.row, secrets.token_hex(8)
        if refused:
            await self._forget(refused)
        loop = asyncio.get_running_loop()
        until, pause = loop.time() + self._waits.patience, _FIRST_PAUSE
        while loop.time() < until:
            taken = await self._take(row, holder)
            if isinstance(taken, KeptToken):
                if value := self._seal.open(taken.sealed):
                    return Had(value, taken.left, taken.id)
                await self._ask(partial(self._store.drop, row, taken.id))  # somebody has altered it
            elif taken:
                if had := await self._fetch_for_all(fetch, holder):
                    return had
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        _log.warning("access token: no till has brought one")
        raise NoAccessToken("unreachable", "another till is asking")

    async def _take(self, row: str, holder: str) -> KeptToken | bool:
        """As the store's; whoever is told only after having given up does not keep the others waiting.

        Raises:
            _NoStore: see `_ask`.
        """
        given_up = threading.Event()

        def take() -> KeptToken | bool:
            taken = self._store.take(row, holder, self._waits.lease, RENEW_BEFORE)
            if taken is True and given_up.is_set():
                self._store.release(row, holder)
            return taken

        try:
            return await self._ask(take)
        except _NoStore:
            given_up.set()
            raise

    async def _forget(self, refused: str) -> None:
        dropped: bool = await self._ask(partial(self._store.drop, self._seal.row, refused))
        if dropped:
            self._ended.append(self._monotonic())
            _log.warning("access token: M-PESA has refused the shop's before its time")

    async def _fetch_for_all(self, fetch: Fetch, holder: str) -> Had | None:
        """None where it took too long: another till has fetched one since, which ended this one."""
        row = self._seal.row
        try:
            token = await fetch()
        except NoAccessToken:
            with suppress(_NoStore):  # the lease ends by itself
                await self._ask(partial(self._store.release, row, holder))
            raise
        had = Had(token.value, token.lifetime, holder)
        try:
            kept = await self._ask(partial(self._store.keep, row, holder, self._seal.seal(token.value), token.lifetime))
        except _NoStore:
            return had
        return had if kept else None

    async def _by_itself(self, fetch: Fetch) -> Had:
        now = self._monotonic()
        if not self._alone or (self._last_alone is not None and now - self._last_alone < self._waits.alone):
            raise NoAccessToken("access_token", NO_DATABASE)
        self._last_alone = now
        token = await fetch()
        return Had(token.value, token.lifetime)

    async def _ask(self, work: Callable[[], T]) -> T:
        """Ask the database on a thread that is left to itself where it hangs.

        Raises:
            _NoStore: it refuses, or takes too long.
        """
        asked: Future[T] = Future()
        asked.set_running_or_notify_cancel()
        threading.Thread(target=_fulfil, args=(asked, work), name="access-token", daemon=True).start()
        try:
            async with asyncio.timeout(self._waits.store):
                return await asyncio.wrap_future(asked)
        except Exception as error:  # noqa: BLE001 - whatever it is, the till can do without
            _log.warning("access token: the database was asked in vain (%s)", type(error).__name__)
            raise _NoStore from None


def _fulfil(asked: "Future[T]", work: Callable[[], T]) -> None:
    try:
        asked.set_result(work())
    except Exception as error:  # noqa: BLE001 - it is told to whoever waits
        asked.set_exception(error)
