"""An event loop on a thread of its own, for threads that wait for what they hand it."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol, TypeVar

_CLOSING = 5.0  # seconds
T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, T]]


class Runner(Protocol):
    """Runs coroutines for threads that wait for them."""

    def run(self, work: Work[T]) -> T:
        """What it gives.

        Raises:
            RuntimeError: it is closed, and nothing was begun.
            concurrent.futures.CancelledError: it was closed meanwhile.
        """
        ...

    def close(self, last: Work[None]) -> None:
        """Cut off what runs, then run `last`. May be called again."""
        ...


class LoopThread:
    """An event loop on a thread of its own. Fits `Runner`."""

    def __init__(self, name: str) -> None:
        self._loop = _Loop()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Work[T]) -> T:
        with self._door:
            if self._closed:
                raise RuntimeError("closed")
            future = asyncio.run_coroutine_threadsafe(work(), self._loop)
        return future.result()

    def close(self, last: Work[None]) -> None:
        with self._door:
            if self._closed:
                return
            self._closed = True
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._end(last), self._loop).result(_CLOSING)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSING)
        self._loop.close()

    @staticmethod
    async def _end(last: Work[None]) -> None:
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await last()


class _Loop(asyncio.SelectorEventLoop):
    """Looks names up on daemon threads: a resolver that hangs holds up neither others nor the end of the program."""

    def __init__(self) -> None:
        super().__init__()
        self._looked_up: dict[tuple[Any, ...], asyncio.Future[Any]] = {}

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        asked = (host, port, family, type, proto, flags)
        if asked not in self._looked_up:  # or there would be one more hanging thread for each try
            looking = threading.Thread(target=self._look_up, args=(asked,), name="name look-up", daemon=True)
            try:
                looking.start()
            except RuntimeError:  # no room for one more thread: the next try may find some
                raise socket.gaierror(socket.EAI_AGAIN, "the name look-up could not begin") from None
            self._looked_up[asked] = self.create_future()  # what is found is told on this thread, so after this
        return await asyncio.shield(self._looked_up[asked])

    def _look_up(self, asked: tuple[Any, ...]) -> None:
        found: object
        try:
            found = socket.getaddrinfo(*asked)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            found = error
        with suppress(RuntimeError):  # the loop is closed
            self.call_soon_threadsafe(self._found, asked, found)

    def _found(self, asked: tuple[Any, ...], found: object) -> None:
        future = self._looked_up.pop(asked)
        if isinstance(found, BaseException):
            future.set_exception(found)
            future.exception()  # it is nobody's fault if nobody waits any more
        else:
            future.set_result(found)
