"""Who is connected to the listener and has not said all yet: for how long, and who goes first in a crowd.

M-PESA says all at once, and only once. So nobody is sent away for coming late; who sits there longest without having
said all makes room.
"""

import asyncio
from collections.abc import Callable, Collection

GRACE = 0.05  # seconds in which nobody has to make room: enough to read what came with the connection


class Visitors:
    """Connections in the order in which they came. On the listener's loop only.

    Args:
        deadline: seconds that each has for all it wants to say.
        now: the loop's clock.
    """

    def __init__(self, deadline: float, now: Callable[[], float]) -> None:
        self._deadline = deadline
        self._now = now
        self._speaking: dict[asyncio.BaseProtocol, tuple[asyncio.Transport, float]] = {}
        self._ended: set[asyncio.BaseProtocol] = set()  # to make room; they are gone in a moment
        self._somebody = asyncio.Event()

    def came(self, protocol: asyncio.BaseProtocol, transport: asyncio.Transport) -> None:
        """One was let in; its time begins."""
        self._speaking[protocol] = transport, self._now()
        self._somebody.set()

    def heard(self, protocol: asyncio.BaseProtocol) -> float:
        """The time is ours now, and it need not make room; seconds that it has left to say the rest."""
        _, came = self._speaking.pop(protocol, (None, self._now()))
        return max(0.0, came + self._deadline - self._now())

    def goes_on(self, protocol: asyncio.BaseProtocol, transport: asyncio.Transport, left: float) -> None:
        """It has so many seconds left for the rest."""
        self._speaking[protocol] = transport, self._now() + left - self._deadline
        self._somebody.set()

    async def somebody(self) -> None:
        """Wait until one has something left to say: till then nobody's time can be over."""
        if not self._speaking:
            self._somebody.clear()
            await self._somebody.wait()

    def room(self, connected: Collection[asyncio.BaseProtocol], most: int) -> bool:
        """Whether there is room for one more; made by ending the one that has been speaking longest, after its grace.

        Args:
            connected: all that are connected, also those that are only just ending.
        """
        self._ended.intersection_update(connected)
        if len(connected) - len(self._ended) < most:
            return True
        self._forget_the_gone()
        longest = min(self._speaking, key=lambda one: self._speaking[one][1], default=None)
        if longest is None or self._speaking[longest][1] + GRACE > self._now():
            return False
        self._speaking[longest][0].abort()
        self._ended.add(longest)
        return True

    def end_overdue(self) -> None:
        """End those whose time is over."""
        self._forget_the_gone()
        over = self._now() - self._deadline
        for transport, came in [*self._speaking.values()]:
            if came <= over:
                transport.abort()

    def _forget_the_gone(self) -> None:
        for protocol in [one for one, (transport, _) in self._speaking.items() if transport.is_closing()]:
            del self._speaking[protocol]
