"""The till's access token: had once, shared by everybody, never on disk in plain."""

import asyncio
from collections.abc import Callable

from pos_app.daraja.shared_token import RENEW_BEFORE as RENEW_BEFORE
from pos_app.daraja.shared_token import Fetch, Had, SharedToken
from pos_app.daraja.shared_token import NoAccessToken as NoAccessToken


class AccessTokens:
    """The till's one access token: a copy in memory, had once for all who want it at the time.

    A new token kills the older one, so only a token that was refused is dropped. All but `left` belongs to the event
    loop.

    Args:
        fetch: asks M-PESA for a new one.
        shared: has the one of all tills; None: this client's is its own.
    """

    def __init__(self, fetch: Fetch, monotonic: Callable[[], float], shared: SharedToken | None = None) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._shared = shared
        self._had: Had | None = None
        self._ends = 0.0
        self._refused: str | None = None
        self._failure: NoAccessToken | None = None
        self._coming: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """A token that lives for another minute at least. Who waits for another's fetch shares how it ends.

        Who stops waiting does not end the fetch: it is for the others, too.

        Raises:
            NoAccessToken: none could be had.
        """
        if self._had is not None and self._monotonic() < self._ends - RENEW_BEFORE:
            return self._had.value
        if self._coming is None:
            self._coming = asyncio.create_task(self._renew())
            self._coming.add_done_callback(self._come)
        return await asyncio.shield(self._coming)

    def left(self) -> float | None:
        """Seconds that the token lives on; None where there is none yet. Fetches nothing and waits for nobody.

        Raises:
            NoAccessToken: the last try to fetch one ended so.
        """
        failure = self._failure
        if failure:
            raise NoAccessToken(failure.reason, failure.detail)
        return None if self._had is None else max(0.0, self._ends - self._monotonic())

    def drop(self, refused: str) -> None:
        """Forget a token that M-PESA refused, unless it was replaced already; so does the shop, when one is had."""
        if self._had is not None and self._had.value == refused:
            self._refused = self._had.id
            self._had = None

    async def _renew(self) -> str:
        try:
            had = await self._have()
        except NoAccessToken as error:
            self._failure = error
            raise
        self._had, self._ends, self._failure = had, self._monotonic() + had.lifetime, None
        return had.value

    async def _have(self) -> Had:
        if self._shared is None:
            return Had(*await self._fetch())
        refused, self._refused = self._refused, None
        return await self._shared.have(self._fetch, refused)

    def _come(self, coming: "asyncio.Task[str]") -> None:
        self._coming = None
        if not coming.cancelled():
            coming.exception()  # seen, also where nobody waits any more
