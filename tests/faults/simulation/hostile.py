"""What strangers are let loose on: a real store and ledger with payments that wait, and ears on everything logged."""

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from string import ascii_uppercase
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pos_app.callbacks.listener import CallbackListener
from pos_app.domain.catalogue import draft_post
from pos_app.domain.payment import Change, NewPayment, Payment
from pos_app.domain.payment_event import Accepted
from pos_app.sales.build import open_books
from pos_app.sales.ledger import address_of
from tests.support.builders import a_line
from tests.support.fakes import FakeClock, FakeRoute
from tests.support.template import open_laid

PATIENCE = 20.0  # seconds that nothing here should ever need
CANARY = "EVIL-7c1f"  # stands in what strangers send, and must stand in no log
FULL_NUMBER = re.compile(r"(?<![0-9])(?:254|0)[17][0-9]{8}(?![0-9])")
SECRET = "canary-"  # how every address token begins, also a guessed one
_AMOUNTS = (1, 10, 250, 1_000)


class Owed(NamedTuple):
    """A payment that waits for its callback, and what only M-PESA and the till know of it."""

    id: int
    token: str
    phone: str
    amount: int
    merchant: str
    checkout: str
    receipt: str

    def genuine(self) -> bytes:
        """The success that M-PESA posts."""
        items = {
            "Amount": self.amount,
            "MpesaReceiptNumber": self.receipt,
            "TransactionDate": 20261123140322,
            "PhoneNumber": int(self.phone),
        }
        stk = {
            "MerchantRequestID": self.merchant,
            "CheckoutRequestID": self.checkout,
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {"Item": [{"Name": name, "Value": value} for name, value in items.items()]},
        }
        return json.dumps({"Body": {"stkCallback": stk}}).encode()


class Shop:
    """Store, ledger and inbox as the program joins them.

    The writer takes its steps on the calling thread until it is started, so that one seed is one replay.
    """

    def __init__(self, folder: Path, random: Random) -> None:
        self.file = folder / "till.db"
        self._random = random
        self._clock = FakeClock()
        self._database = open_laid(self.file)
        self._started = False
        books = open_books(self._database, self._database.reader, self._clock, FakeRoute(), random=lambda: 0.5)
        self.writer = books.writer
        self.ledger = books.ledger
        self.inbox = books.inbox
        posts = [
            self.writer.submit(lambda transaction, at=price: transaction.add_post(draft_post(f"Post {at}", at)))  # type: ignore[misc]
            for price in _AMOUNTS
        ]
        self.write()
        self._posts = [post.result(PATIENCE) for post in posts]
        self._sold = 0

    def start(self) -> None:
        """From here on the writer has its own thread."""
        self._started = True
        self.writer.start()

    def write(self) -> None:
        """Commit what is queued, where no thread does it."""
        if not self._started:
            self.writer.step()

    def close(self) -> None:
        if self._started:
            self.writer.stop()
        self._database.close()

    def sell(self, count: int) -> list[Owed]:
        """So many payments whose prompts M-PESA accepted."""
        saved = [self._saved() for _ in range(count)]
        self.write()
        payments = [future.result(PATIENCE) for future, _ in saved]
        sold = [owed._replace(id=payment.id) for payment, (_, owed) in zip(payments, saved, strict=True)]
        accepted = [
            self.ledger.record(Accepted(owed.merchant, owed.checkout), payment)
            for payment, owed in zip(payments, sold, strict=True)
        ]
        self.write()
        for told in accepted:
            told.result(PATIENCE)
        return sold

    def _saved(self) -> "tuple[Future[Payment], Owed]":
        self._sold += 1
        number, post = self._sold, self._random.choice(self._posts)
        owed = Owed(
            id=0,
            token=f"{SECRET}{self._random.getrandbits(160):040x}",
            phone=f"2547{self._random.randrange(10**8):08}",
            amount=post.price,
            merchant=f"29115-{self._random.randrange(10**8):08}-{number}",
            checkout=f"ws_CO_23112026140{self._random.randrange(10**6):06}{number:06}",
            receipt="UKN" + "".join(self._random.choices(ascii_uppercase, k=7)),  # no digit away from another's
        )
        new = NewPayment(
            till="A",
            lines=(a_line(post),),
            phone=owed.phone,
            address=address_of(owed.token),
            retry_of=None,
            created_at=self._clock.now(),
        )
        saved = self.writer.submit(lambda transaction: transaction.add_payment(new))
        self.ledger.expect(address_of(owed.token))
        return saved, owed

    def rows(self, statement: str) -> list[sqlite3.Row]:
        """What stands in the database, read past the code under test."""
        with closing(sqlite3.connect(self.file)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(statement).fetchall()

    def granted(self) -> set[int]:
        """The payments that have a grant."""
        return {row["payment_id"] for row in self.rows('SELECT payment_id FROM "grant"')}

    def told(self, owed: Owed) -> int:
        """How many callbacks its journal holds."""
        lines = self.rows(f"SELECT id FROM payment_event WHERE source = 'callback' AND payment_id = {owed.id}")
        return len(lines)

    def check_masks(self) -> None:
        """No line of the journal shows a full phone number."""
        lines = self.rows("SELECT code, detail, body FROM payment_event WHERE source = 'callback'")
        bare = [text for line in lines for text in line if text and FULL_NUMBER.search(text)]
        assert not bare, f"{len(bare)} times a full number in the journal: {bare[0]!r}"


class Ears(logging.Handler):
    """Hears every log line, also what the till's own log would leave out or mask."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard = 0
        self.leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.heard += 1
        if CANARY in line or SECRET in line or FULL_NUMBER.search(line):
            self.leaks.append(line)


@contextmanager
def ears() -> Iterator[Ears]:
    """Listen to the logs meanwhile; afterwards no line may hold a stranger's words, an address or a number."""
    heard, root = Ears(), logging.getLogger()
    level, disabled = root.level, root.manager.disable
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    logging.disable(logging.NOTSET)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        root.setLevel(level)
        logging.disable(disabled)
    assert not heard.leaks, f"{len(heard.leaks)} leaks into the log: {heard.leaks[0]!r}"


@contextmanager
def open_shop(random: Random) -> Iterator[Shop]:
    """A shop on a database of its own."""
    with TemporaryDirectory() as folder, ears():
        shop = Shop(Path(folder), random)
        try:
            yield shop
        finally:
            shop.close()


@contextmanager
def on_the_air(shop: Shop, deadline: float) -> Iterator[int]:
    """The port of a listener before the shop."""
    shop.start()
    listener = CallbackListener(shop.inbox, deadline=deadline)
    listener.start()
    try:
        yield listener.port
    finally:
        listener.stop()


def newly_granted(change: Change | None) -> bool:
    """Whether this very event brought the grant."""
    return change is not None and change.after.granted and not change.before.granted
