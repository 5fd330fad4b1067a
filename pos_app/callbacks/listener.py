"""Where M-PESA's callbacks arrive: a small HTTP server on this computer, in a thread of its own.

It answers after the commit. A stranger gets the same 404 on every path, with the body unread. Only this till knows
the nonce of its own probe.
"""

import asyncio
import json
import logging
import os
import re
import socket
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol

from aiohttp import web

from pos_app.callbacks.connections import Visitors
from pos_app.callbacks.probe import PATH, Probes
from pos_app.callbacks.senders import sender_hint
from pos_app.daraja.wire import read_callback
from pos_app.domain.payment import Change
from pos_app.domain.payment_event import Callback, UnreadableCallback
from pos_app.domain.transitions import Evidence
from pos_app.errors import Occupied, PosError

HOST = "127.0.0.1"  # a tunnel or a reverse proxy reaches it from outside
MAX_BODY = 65_536
DEADLINE = 5.0  # seconds
LOOK = 30.0  # seconds; a database that hangs
CONNECTIONS = 200
_BACKLOG = 4_096  # who wait to be let in; systems allow fewer
_FULL = 0.005  # seconds until the next look whether there is room
_LOOKS = 10  # for those whose time is over, in one deadline
_STOP = 5.0
_TOKEN = re.compile("[A-Za-z0-9_-]{1,128}")
# What has the ids that M-PESA gave this payment; whoever knows no more than its address does not have them.
_SURELY = frozenset({Evidence.PAID, Evidence.CANCELLED, Evidence.DECLINED, Evidence.EXPIRED})
_ACCEPTED = {"ResultCode": 0, "ResultDesc": "Accepted"}  # what Daraja expects to hear
_log = logging.getLogger(__name__)


class Inbox(Protocol):
    """Where callbacks go."""

    def expects(self, address_token: str) -> bool:
        """Whether a payment has this address, as far as memory tells; called on the event loop."""
        ...

    def knows(self, address_tokens: Collection[str]) -> set[str]:
        """Those that are addresses of payments; called on a thread, where it may look into the database."""
        ...

    def receive(self, address_token: str, event: Callback | UnreadableCallback, body: str) -> "Future[Change | None]":
        """Record the event; the future is set after the commit."""
        ...


class _Asked(NamedTuple):
    """Somebody who waits to hear whether his address is known."""

    token: str
    known: "asyncio.Future[bool]"


class CallbackListener:
    """The HTTP server. `start` binds at once, so that a port in use is known before anything is sold.

    Args:
        deadline: seconds, for all that a connection has to say, headers and body; and for the commit.
        look: seconds for a look into the database whose address it is.
        probes: those that this till has under way.
        visited: told of each request but for those probes; quick.
        came: told of each callback that is surely M-PESA's, with when its payment was opened; quick.
    """

    def __init__(
        self,
        inbox: Inbox,
        port: int = 0,
        deadline: float = DEADLINE,
        probes: Probes | None = None,
        visited: Callable[[], None] = lambda: None,
        came: Callable[[datetime], None] = lambda _: None,
        look: float = LOOK,
    ) -> None:
        self._look = look
        self._inbox = inbox
        self._visited = visited
        self._came = came
        self._probes = probes or Probes()
        self._wanted = port
        self._deadline = deadline
        self._socket: socket.socket | None = None
        self._loop = asyncio.SelectorEventLoop()  # on Windows not the usual one: `_arrival` needs `add_reader`
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="address")
        self._asked: list[_Asked] = []  # for the next look into the database
        self._looking: asyncio.Future[set[str]] | None = None
        self._visitors = Visitors(deadline, self._loop.time)
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._ready = threading.Event()

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._socket is not None
        port: int = self._socket.getsockname()[1]
        return port

    def start(self) -> None:
        """Listen.

        Raises:
            Occupied: another program holds the port.
        """
        # IPPROTO_TCP, or asyncio leaves Nagle's algorithm on, which costs 40 ms a request.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix":  # a port just left may be taken again; on Windows it would be shared
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((HOST, self._wanted))
            self._socket.listen(_BACKLOG)  # two programs can bind, but only one listens
        except OSError:
            self._socket.close()
            self._loop.close()
            raise Occupied(
                f"Port {self._wanted} is used by another program, so results could not reach this till. "
                "Nothing was sent. Close that program, or set another POS_LISTEN_PORT."
            ) from None
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Stop listening; at most some seconds."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_STOP)
        self._pool.shutdown(wait=False)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        # Each bad request would log a traceback with the sender's bytes.
        logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(
            app,
            access_log=None,
            handle_signals=False,
            lingering_time=0,
            auto_decompress=False,  # M-PESA sends plain bodies; anybody else's is unreadable, and stays small
            max_line_size=4_096,
            max_field_size=4_096,
            shutdown_timeout=2,
        )
        try:
            self._loop.run_until_complete(self._serve(runner))
            self._ready.set()
            self._loop.run_forever()
            for task in self._tasks:
                task.cancel()
            self._loop.run_until_complete(runner.cleanup())
            if self._looking:
                self._looking.cancel()  # or it would tell a loop that is closed
        finally:
            self._ready.set()
            if self._socket:
                self._socket.close()
            self._loop.close()

    async def _serve(self, runner: web.AppRunner) -> None:
        await runner.setup()
        server = runner.server
        assert server is not None
        assert self._socket is not None

        self._socket.setblocking(False)
        self._tasks = [
            self._loop.create_task(self._accept(server, self._socket)),
            self._loop.create_task(self._watch()),
        ]

    async def _accept(self, server: web.Server, listening: socket.socket) -> None:
        """Let everybody in. M-PESA posts once: whoever is one too many is not sent away, another one makes room, and
        where nobody can, he waits outside.
        """
        while True:
            try:
                if len(server.connections) >= CONNECTIONS:
                    await self._arrival(listening)  # nobody makes room for nobody
                    while not self._visitors.room(server.connections, CONNECTIONS):
                        await asyncio.sleep(_FULL)
                try:
                    connection, _ = listening.accept()
                except BlockingIOError:  # nobody is outside, or no more
                    await self._arrival(listening)
                    continue
                transport, protocol = await self._loop.connect_accepted_socket(server, connection)
                self._visitors.came(protocol, transport)
            except Exception as error:  # noqa: BLE001 - whatever one brings along, the next must be let in
                if not isinstance(error, OSError):  # he left, or this process has no handle to spare
                    _log.exception("the listener failed")
                await asyncio.sleep(_FULL)

    async def _watch(self) -> None:
        """End those who take too long to say what they have to say."""
        while True:
            await self._visitors.somebody()
            await asyncio.sleep(self._deadline / _LOOKS)
            self._visitors.end_overdue()

    async def _arrival(self, listening: socket.socket) -> None:
        """Wait for somebody outside. He is let in afterwards: at a stop, `sock_accept` would lose whom it let in."""
        somebody = asyncio.Event()
        self._loop.add_reader(listening, somebody.set)
        try:
            await somebody.wait()
        finally:
            self._loop.remove_reader(listening)

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            return await self._answer(request)
        except Exception:  # noqa: BLE001 - a stranger must never see a fault of ours
            _log.exception("the listener failed")
            return _closing(500)

    async def _answer(self, request: web.Request) -> web.Response:
        left = self._visitors.heard(request.protocol)
        nonce = request.path.removeprefix(PATH)
        if request.method == "GET" and nonce != request.path and (reply := self._probes.answer(nonce)):
            return _closing(200, reply)
        self._visited()
        token = request.path.removeprefix("/stk/")
        if request.method != "POST" or token == request.path:
            return _closing(404)
        try:
            async with asyncio.timeout(self._look):
                known = await self._known(token)
        except TimeoutError:  # the database hangs; M-PESA is asked later
            return _closing(503)
        if not known:
            return _closing(404)
        try:
            body = await self._body(request, left)
        except TimeoutError:
            return _closing(408)
        except web.HTTPRequestEntityTooLarge:
            return _closing(413)
        except ConnectionResetError:  # the sender left, and hears nothing
            return _closing(400)
        event = read_callback(body)
        if isinstance(event, Callback):
            event = replace(event, detail=sender_hint(request.headers.get("X-Forwarded-For")))
        return await self._recorded(token, event, body.decode(errors="replace"))

    async def _body(self, request: web.Request, left: float) -> bytes:
        """What is posted, within the seconds that the sender has left.

        Raises:
            TimeoutError, HTTPRequestEntityTooLarge, ConnectionResetError: it did not come, or not all of it.
        """
        if (request.content_length or 0) > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
        if request.transport:  # or the sender has left, perhaps after he had said all
            self._visitors.goes_on(request.protocol, request.transport, left)
        try:
            async with asyncio.timeout(left):
                return await request.read()
        finally:
            self._visitors.heard(request.protocol)

    async def _known(self, token: str) -> bool:
        if _TOKEN.fullmatch(token) is None:
            return False
        if self._inbox.expects(token):
            return True
        asked = _Asked(token, self._loop.create_future())
        self._asked.append(asked)
        if self._looking is None:
            self._look_up()
        return await asked.known

    def _look_up(self) -> None:
        """One look for all who wait: in a flood, a look for each would cost more than everything else together."""
        asked, self._asked = self._asked, []
        self._looking = self._loop.run_in_executor(self._pool, self._inbox.knows, {one.token for one in asked})
        self._looking.add_done_callback(partial(self._found, asked))

    def _found(self, asked: "list[_Asked]", looked: "asyncio.Future[set[str]]") -> None:
        self._looking = None
        if self._asked and not looked.cancelled():
            self._look_up()
        for token, known in asked:
            if known.done():  # whoever asked was stopped
                continue
            if looked.cancelled():
                known.cancel()
            elif error := looked.exception():
                known.set_exception(error)
            else:
                known.set_result(token in looked.result())

    async def _recorded(self, token: str, event: Callback | UnreadableCallback, body: str) -> web.Response:
        """Answer after the commit; an event that cannot be saved now is not acknowledged, though it is kept."""
        recorded = self._inbox.receive(token, event, body)
        done = asyncio.Event()
        recorded.add_done_callback(lambda _: self._wake(done))
        try:
            async with asyncio.timeout(self._deadline):
                await done.wait()
        except TimeoutError:
            return _closing(503)
        if isinstance(recorded.exception(), PosError):
            return _closing(503)
        change = recorded.result()
        if change is None:
            return _closing(404)
        if isinstance(event, UnreadableCallback):
            return _closing(400)
        if change.proved in _SURELY:
            self._came(change.after.created_at)
        return _closing(200, json.dumps(_ACCEPTED), "application/json")

    def _wake(self, done: asyncio.Event) -> None:
        """Called by whoever sets the ledger's future, perhaps long after this listener stopped."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(done.set)


def _closing(status: int, text: str | None = None, content_type: str | None = None) -> web.Response:
    """An answer that ends the connection: what else a stranger sends is never read, and no callback of M-PESA's comes
    over a connection that is just being ended for having been idle.
    """
    response = web.Response(status=status, text=text, content_type=content_type)
    response.force_close()
    return response
