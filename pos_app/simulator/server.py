"""The simulator as an HTTP server on 127.0.0.1, in a thread with an event loop of its own."""

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from pos_app.simulator.bodies import HANG_UP, HttpReply, Json
from pos_app.simulator.callback_delivery import CallbackDelivery
from pos_app.simulator.checks import Request
from pos_app.simulator.faults import Fault
from pos_app.simulator.mpesa import Mpesa
from pos_app.simulator.options import Choice, Prompt, SimulatorOptions
from pos_app.simulator.world import Action

log = logging.getLogger(__name__)

MAX_BODY = 65_536  # bytes; a push has about 600
STOP_TIMEOUT = 5.0  # seconds

OnPrompt = Callable[[Prompt], object]
OnClosed = Callable[[str], object]


class _LoopWorld:
    """The real world, as an event loop offers it: all runs in the loop's thread, and M-PESA's own under `lock`."""

    def __init__(
        self, lock: threading.RLock, delivery: CallbackDelivery, on_prompt: OnPrompt | None, on_closed: OnClosed | None
    ) -> None:
        self._lock = lock
        self._delivery = delivery
        self._on_prompt = on_prompt
        self._on_closed = on_closed
        self.loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def schedule(self, delay: float, action: Action) -> None:
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.loop.call_later, delay, self._locked, action)

    def post(self, url: str, body: Json, done: Action) -> None:
        self._delivery.post(url, body, lambda: self._locked(done))

    def prompted(self, prompt: Prompt) -> None:
        if self._on_prompt is not None and self.loop is not None:
            self.loop.call_soon_threadsafe(self._on_prompt, prompt)

    def closed(self, checkout_request_id: str) -> None:
        if self._on_closed is not None and self.loop is not None:
            self.loop.call_soon_threadsafe(self._on_closed, checkout_request_id)

    def _locked(self, action: Action) -> None:
        with self._lock:
            action()


class Simulator:
    """Daraja on this machine, for practice, tests and anybody's client.

    Every method may be called from any thread; `start` once. `on_prompt` and `on_prompt_closed` (with the
    CheckoutRequestID) are called in the simulator's thread: they should be quick.

    Attributes:
        port: where it listens on 127.0.0.1; known from `start` on.
    """

    def __init__(
        self,
        options: SimulatorOptions,
        *,
        on_prompt: OnPrompt | None = None,
        on_prompt_closed: OnClosed | None = None,
    ) -> None:
        self.port = options.port
        self._lock = threading.RLock()  # Mpesa takes one thread at a time
        self._delivery = CallbackDelivery(options.shortcode)
        self._world = _LoopWorld(self._lock, self._delivery, on_prompt, on_prompt_closed)
        self._mpesa = Mpesa(options, self._world)
        self._thread: threading.Thread | None = None
        self._stopping = asyncio.Event()
        self._unanswered: set[asyncio.Future[HttpReply]] = set()

    @property
    def url(self) -> str:
        """The base of every Daraja address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: the port is taken.
        """
        if self._thread is not None:
            raise RuntimeError("a simulator is started once")
        listening = _bind(self.port)
        self.port = listening.getsockname()[1]
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(listening, started), name="daraja-simulator", daemon=True
        )
        self._thread.start()
        started.result()
        log.info("simulated M-PESA at %s", self.url)

    def stop(self) -> None:
        """Cut every connection and end the thread; at most five seconds. Nothing happens the second time."""
        with self._lock:
            loop, self._world.loop = self._world.loop, None
        if loop is not None:
            loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join(STOP_TIMEOUT)
            if self._thread.is_alive():
                log.warning("the simulator did not stop within %.0f s", STOP_TIMEOUT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- the customers

    def prompts(self) -> list[Prompt]:
        """The prompts that wait for a customer, oldest first."""
        with self._lock:
            return self._mpesa.prompts()

    def answer(self, checkout_request_id: str, choice: Choice) -> bool:
        """A customer acts; False when the prompt was gone already. IGNORE leaves it to end by itself."""
        with self._lock:
            return self._world.loop is not None and self._mpesa.answer(checkout_request_id, choice)

    def pay_by_hand(self, msisdn: str, amount: int, account: str = "") -> str:
        """Somebody pays without a prompt, in KES; gives the receipt code. Nobody is told: the record has it."""
        with self._lock:
            return self._mpesa.money.by_hand(msisdn, amount, account)

    def written(self, most: int) -> Json:
        """The newest charges and movements of money, for `restore` in a later run."""
        with self._lock:
            return {
                "charges": self._mpesa.written(most),
                "record": self._mpesa.money.record.written(most),
                "pull": self._mpesa.pull.registered,
            }

    def restore(self, known: Json) -> None:
        """Take up what an earlier run wrote down; after `start`.

        Raises:
            ValueError, TypeError, KeyError, ArithmeticError: that is not what was written.
        """
        with self._lock:
            if "record" in known:  # older practice had none
                self._mpesa.money.record.restore(known["record"])
            self._mpesa.pull.registered = known.get("pull") is True
            self._mpesa.restore(known["charges"])

    def script(self, msisdn: str, choice: Choice) -> None:
        """Settle what the next prompt on this phone gets, whatever other customers do; several are used in turn."""
        with self._lock:
            self._mpesa.script(msisdn, choice)

    # --- what goes wrong

    def add_fault(self, fault: Fault, probability: float = 1.0) -> None:
        """From now on the fault strikes with this probability."""
        with self._lock:
            self._mpesa.dice.add(fault, probability)

    def clear_faults(self) -> None:
        """From now on nothing goes wrong."""
        with self._lock:
            self._mpesa.dice.clear()

    def hold_callbacks(self) -> None:
        """Keep callbacks back from now on."""
        self._delivery.hold()

    def release_callbacks(self) -> None:
        """Post the callbacks kept back, and keep back no more."""
        self._delivery.release()

    # --- what happened

    @property
    def pushes(self) -> int:
        """How many push requests came in, taken or not."""
        return self._mpesa.pushes

    @property
    def prompted(self) -> int:
        """How many push requests prompted a customer."""
        return self._mpesa.prompted

    @property
    def queries(self) -> int:
        """How many status questions came in, answered or not."""
        return self._mpesa.queries

    @property
    def tokens_issued(self) -> int:
        """How many access tokens were given out."""
        return self._mpesa.tokens_issued

    @property
    def delivered(self) -> list[tuple[str, Json]]:
        """Path and body of the callbacks that were answered, whatever the answer was; the last 10,000."""
        return self._delivery.delivered

    @property
    def failures(self) -> list[tuple[str, str]]:
        """Path and reason of the callbacks that nobody answered; the last 10,000."""
        return self._delivery.failures

    def wait_delivered(self, count: int, timeout: float) -> bool:
        """Wait until so many callbacks were delivered since the start; False after `timeout` seconds."""
        return self._delivery.wait_delivered(count, timeout)

    # --- the thread

    def _run(self, listening: socket.socket, started: Future[None]) -> None:
        try:
            asyncio.run(self._serve(listening, started))
        finally:
            started.cancel()  # nobody waits for ever for a server that could not start

    async def _serve(self, listening: socket.socket, started: Future[None]) -> None:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        try:
            await self._delivery.open()
            await runner.setup()
            await web.SockSite(runner, listening).start()
            self._world.loop = asyncio.get_running_loop()
            started.set_result(None)
            await self._stopping.wait()
        finally:
            for coming in self._unanswered:
                _settle(coming, HANG_UP)
            await runner.cleanup()
            await self._delivery.close()
            listening.close()

    async def _handle(self, request: web.Request) -> web.Response:
        """Hand the request over and answer when M-PESA does, which may be long after."""
        body = await request.read()
        loop = asyncio.get_running_loop()
        coming: asyncio.Future[HttpReply] = loop.create_future()

        def send(reply: HttpReply) -> None:
            # An answer that waits for the customer comes from the thread of whoever acts for him.
            loop.call_soon_threadsafe(_settle, coming, reply)

        self._unanswered.add(coming)
        try:
            with self._lock:
                self._mpesa.handle(_read(request, body), send)
            reply = await coming
        finally:
            self._unanswered.discard(coming)
        return _write(request, reply)


def _bind(port: int) -> socket.socket:
    # asyncio sends small answers without delay only where the protocol is named (44 ms each otherwise).
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # on Windows this would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _settle(coming: asyncio.Future[HttpReply], reply: HttpReply) -> None:
    if not coming.done():
        coming.set_result(reply)


def _read(request: web.Request, body: bytes) -> Request:
    return Request(
        method=request.method,
        path=request.path,
        asked=dict(request.query),
        authorization=request.headers.get("Authorization", ""),
        content_type=request.content_type,
        body=body,
    )


def _write(request: web.Request, reply: HttpReply) -> web.Response:
    if reply is HANG_UP and request.transport is not None:
        request.transport.close()
    if isinstance(reply.body, dict):
        return web.json_response(reply.body, status=reply.status)
    if isinstance(reply.body, bytes):
        return web.Response(body=reply.body, content_type="application/octet-stream", status=reply.status)
    return web.Response(text=reply.body, content_type="text/html", status=reply.status or 503)
