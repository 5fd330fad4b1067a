"""Delivering callbacks as M-PESA does: each once, without a second try."""

import asyncio
import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp

from pos_app.simulator.bodies import Json

log = logging.getLogger(__name__)

TIMEOUT = 10.0  # seconds for one delivery, connecting and answer included
_T = TypeVar("_T")

REMEMBERED = 10_000  # deliveries that can be looked at

# As seen on the wire. There is no signature and no authentication in a callback.
_HEADERS = {"Content-Type": "application/json;charset=UTF-8", "User-Agent": "ReactorNetty/1.2.9"}


class CallbackDelivery:
    """Posts callbacks from an event loop that runs elsewhere. Any thread may call the public methods.

    Args:
        shortcode: named in a header of every callback.
    """

    def __init__(self, shortcode: str) -> None:
        self._headers = {**_HEADERS, "Businessshortcode": shortcode}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = threading.Condition()
        self._held: deque[Callable[[], None]] = deque()
        self._holding = False
        self._delivered: deque[tuple[str, Json]] = deque(maxlen=REMEMBERED)
        self._failures: deque[tuple[str, str]] = deque(maxlen=REMEMBERED)

    async def open(self) -> None:
        """Begin, in the running loop."""
        self._session = aiohttp.ClientSession(
            headers=self._headers,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            # A kept connection may be closed by the other side just as it is used again, which would lose a callback.
            connector=aiohttp.TCPConnector(force_close=True),
            trust_env=False,
        )
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """Drop what is on its way. To be awaited in the loop that opened it."""
        with self._changed:
            self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def post(self, url: str, body: Json, done: Callable[[], object]) -> None:
        """Deliver, and call `done` in the loop's thread afterwards, delivered or not."""
        send = partial(self._start, url, body, done)
        with self._changed:
            if self._holding:
                self._held.append(send)
                return
        self._call(send)

    def hold(self) -> None:
        """Keep callbacks back from now on."""
        with self._changed:
            self._holding = True

    def release(self) -> None:
        """Send those kept back, in their order, and keep back no more."""
        with self._changed:
            self._holding = False
            held, self._held = self._held, deque()
        for send in held:
            self._call(send)

    @property
    def delivered(self) -> list[tuple[str, Json]]:
        """Path and body of the callbacks that were answered, whatever the answer was; the last 10,000."""
        with self._changed:
            return list(self._delivered)

    @property
    def failures(self) -> list[tuple[str, str]]:
        """Path and reason of the callbacks that were not answered; the last 10,000."""
        with self._changed:
            return list(self._failures)

    def wait_delivered(self, count: int, timeout: float) -> bool:
        """Wait until so many callbacks were delivered since the start; False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._delivered) >= count, timeout)

    def _call(self, send: Callable[[], None]) -> None:
        with self._changed:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(send)

    def _start(self, url: str, body: Json, done: Callable[[], object]) -> None:
        if self._loop is None:
            return
        task = self._loop.create_task(self._deliver(url, body, done))
        self._tasks.add(task)  # a task that nobody refers to may be collected half way
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, url: str, body: Json, done: Callable[[], object]) -> None:
        assert self._session is not None
        path = urlsplit(url).path
        try:
            # Redirects could lead off this machine.
            async with self._session.post(url, data=json.dumps(body), allow_redirects=False) as response:
                await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.info("callback not delivered: %s", type(error).__name__)
            self._remember(self._failures, (path, f"{type(error).__name__}: {error}"))
        else:
            self._remember(self._delivered, (path, body))
        done()

    def _remember(self, where: deque[_T], what: _T) -> None:
        with self._changed:
            where.append(what)
            self._changed.notify_all()
