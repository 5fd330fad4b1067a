"""Processes of `tests.bench.tills`: one has the simulated M-PESAs of all shops, the others some of the tills each.

A process is told what to do over a pipe, and tells what it has measured. Times are seconds of the one clock that all
processes of a computer share.
"""

import logging
import os
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import NamedTuple

from pos_app.bootstrap.till import OpenTill, open_till
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import Payment
from pos_app.errors import PosError
from pos_app.sales.till import Till
from pos_app.settings.settings import load
from pos_app.simulator import Simulator, SimulatorOptions
from tests.support.builders import a_request

KEYS = {
    "POS_CONSUMER_KEY": "practice-key",
    "POS_CONSUMER_SECRET": "practice-secret",
    "POS_PASSKEY": "practice-passkey",
    "POS_DATABASE_PASSWORD": "unasked",  # or the keyring is looked into, which a computer of tests may not have
}
CUSTOMER = 2.0  # seconds until each types the PIN
_OPENING = 2  # tills of a process at the same time
_TRIES = 5


class Place(NamedTuple):
    """One till: of which shop, its letter, the shop's database and the shop's M-PESA."""

    shop: int
    letter: str
    database: str
    daraja: str


class Task(NamedTuple):
    """What the operators do.

    Attributes:
        letters: at which tills of each shop.
        seconds: for how long.
        every: seconds from one customer of a till to the next; 0: as quickly as charges are saved.
    """

    letters: frozenset[str]
    seconds: float
    every: float


class Seen(NamedTuple):
    """A version of a payment, first heard of at a till."""

    shop: int
    till: str
    payment: int
    version: int
    at: float
    own: bool


@dataclass
class Measured:
    """What came of a task.

    Attributes:
        saved: for each charge the shop, and seconds from Enter until it was saved.
        refused: in which words a charge was refused.
        seen: what tills have heard.
        processor: seconds that this process has used.
    """

    saved: list[tuple[int, float]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    processor: float = 0.0

    def add(self, other: "Measured") -> None:
        """Put two together."""
        self.saved += other.saved
        self.refused += other.refused
        self.seen += other.seen
        self.processor += other.processor


class Told(NamedTuple):
    """What the M-PESA of a shop has seen until now."""

    tokens: int
    prompted: int
    processor: float


def serve_mpesa(pipe: Connection, shops: int) -> None:
    """An M-PESA for each shop: gives their addresses, then what they have seen, whenever asked, until told to end."""
    with ExitStack() as stack:
        options = SimulatorOptions(delay=CUSTOMER)
        mpesas = [stack.enter_context(Simulator(options)) for _ in range(shops)]
        pipe.send([mpesa.url for mpesa in mpesas])
        while pipe.recv():
            pipe.send([Told(mpesa.tokens_issued, mpesa.prompted, time.process_time()) for mpesa in mpesas])


def serve_tills(pipe: Connection, places: Sequence[Place], folder: Path) -> None:
    """Some tills: says when they are open, carries out each task, until told to end."""
    os.environ.update(KEYS)
    logging.disable(logging.CRITICAL)  # each till would write what all of this process have to say
    with ExitStack() as stack:
        with ThreadPoolExecutor(_OPENING) as pool:
            counters = list(pool.map(lambda place: Counter(place, folder), places))
        for counter in counters:
            stack.callback(counter.close)
        pipe.send("open")
        while task := pipe.recv():
            pipe.send(_carry_out(counters, task))


def _carry_out(counters: Sequence["Counter"], task: Task) -> Measured:
    measured, begun = Measured(), time.process_time()
    busy = [counter for counter in counters if counter.place.letter in task.letters]
    until = time.monotonic() + task.seconds
    with ThreadPoolExecutor(max(1, len(busy))) as operators:
        for work in [operators.submit(counter.work, task, until) for counter in busy]:
            measured.add(work.result())
    Event().wait(1.0)  # the last payments reach the other tills
    measured.processor = time.process_time() - begun
    for counter in counters:
        measured.seen += counter.take_seen()
    return measured


class Counter:
    """A whole till, as the program opens it, but for its window; and who charges at it."""

    def __init__(self, place: Place, folder: Path) -> None:
        self.place = place
        data = folder / f"{place.shop}-{place.letter}"
        data.mkdir()
        self._opened = _opened(place, data)
        self._seen: list[Seen] = []
        till = self._opened.till
        till.ledger.subscribe(lambda payment: self._note(payment, own=True))
        till.ledger.publisher.subscribe_others(lambda payment: self._note(payment, own=False))
        self._post = _the_post(till)
        self._customers = count(1)

    def close(self) -> None:
        self._opened.close()

    def _note(self, payment: Payment, *, own: bool) -> None:
        at = time.monotonic()
        self._seen.append(Seen(self.place.shop, self.place.letter, payment.id, payment.version, at, own))

    def take_seen(self) -> list[Seen]:
        seen, self._seen = self._seen, []
        return seen

    def work(self, task: Task, until: float) -> Measured:
        """Serve customers, each with a phone of his own."""
        measured = Measured()
        letter = sorted(task.letters).index(self.place.letter)
        step = task.every * (letter + self.place.shop / 100) / len(task.letters)
        _wait(min(until, time.monotonic() + step))
        while (entered := time.monotonic()) < until:
            phone = f"07{self.place.shop:02}{letter:02}{next(self._customers):04}"
            try:
                self._opened.till.checkout.charge(a_request(self._post, phone))
            except PosError as error:
                measured.refused.append(error.user_text)
            else:
                measured.saved.append((self.place.shop, time.monotonic() - entered))
            _wait(min(until, entered + task.every))
        return measured


def _wait(until: float) -> None:
    left = until - time.monotonic()
    if left > 0:
        Event().wait(left)


def _the_post(till: Till) -> Post:
    found = till.catalogue.posts()
    return found[0] if found else till.catalogue.add(draft_post("Maji", 50, 1))


def _opened(place: Place, data: Path) -> OpenTill:
    """On a port that is free; another program may take it meanwhile, and a server that is busy may refuse."""
    for tries in range(_TRIES):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environ = {
            "POS_ENVIRONMENT": "sandbox",
            "POS_DARAJA_URL": place.daraja,
            "POS_DATABASE_URL": place.database,
            "POS_TILL": place.letter,
            "POS_SHORTCODE": "174379",
            "POS_SHOP_NAME": f"Shop {place.shop}",
            "POS_CALLBACK": "url",
            "POS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "POS_LISTEN_PORT": str(port),
        }
        try:
            return open_till(load(data, False, environ))
        except PosError:
            if tries == _TRIES - 1:
                raise
    raise AssertionError
