"""The till's access token: had once, shared by everybody, never on disk."""

import asyncio
from collections.abc import Awaitable, Callable

from pos_app.daraja.wire import AccessToken

RENEW_BEFORE = 60.0  # seconds before an access token ends


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


class AccessTokens:
    """The till's one access token: cached, fetched once for all who want it at the time.

    A new token kills the older one (Daraja, Authorization FAQ 3), so only a token that was refused is dropped.
    All but `left` belongs to the event loop.
    """

    def __init__(self, fetch: Callable[[], Awaitable[AccessToken]], monotonic: Callable[[], float]) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._value: str | None = None
        self._ends = 0.0
        self._failure: NoAccessToken | None = None
        self._coming: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """A token that lives for another minute at least. Who waits for another's fetch shares how it ends.

        Who stops waiting does not end the fetch: it is for the others, too.

        Raises:
            NoAccessToken: none could be had.
        """
        if self._value is not None and self._monotonic() < self._ends - RENEW_BEFORE:
            return self._value
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
        return None if self._value is None else max(0.0, self._ends - self._monotonic())

    def drop(self, refused: str) -> None:
        """Forget a token that M-PESA refused, unless it was replaced already."""
        if self._value == refused:
            self._value = None

    async def _renew(self) -> str:
        try:
            token = await self._fetch()
        except NoAccessToken as error:
            self._failure = error
            raise
        self._value, self._ends, self._failure = token.value, self._monotonic() + token.lifetime, None
        return token.value

    def _come(self, coming: "asyncio.Task[str]") -> None:
        self._coming = None
        if not coming.cancelled():
            coming.exception()  # seen, also where nobody waits any more
