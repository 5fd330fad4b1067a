"""A whole world: one till, one M-PESA, its customers, the network between, and one clock for all of them."""

import itertools
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from pos_app.domain.catalogue import draft_post
from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.payment import Payment
from pos_app.simulator import Fault, Mpesa, SimulatorOptions
from pos_app.store.database import open_database
from tests.faults.oracles.truth import Truth
from tests.faults.simulation.counter import Counter, TillClock
from tests.faults.simulation.environment import Door, Environment
from tests.faults.simulation.kernel import Kernel, Loops
from tests.faults.simulation.transport import Transport, Weather, fine
from tests.support.builders import a_request
from tests.support.fakes import FakeRoute
from tests.support.template import lay_in_memory, open_laid

SETTLED = 300.0  # seconds within which nothing stays unsure once M-PESA is reachable (promise R9)
_names = itertools.count()


class World:
    """Everything starts well; scenarios spoil it.

    Attributes:
        random: where all chance comes from.
        lies: M-PESA's own word is false here, so its books prove nothing.
        checked: payments up to this id are over.
    """

    door_type = Door
    environment_type = Environment

    def __init__(
        self,
        seed: int,
        *,
        faults: Mapping[Fault, float] | None = None,
        route: bool = True,
        folder: Path | None = None,
        **options: Any,
    ) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.kernel = Kernel()
        self.loops = Loops(self.kernel)
        self.truth = Truth()
        self.clock = TillClock(self.kernel)
        self.door = self.door_type(self.truth)
        self.environment = self.environment_type(self.kernel, self.truth, self.door)
        self.mpesa = Mpesa(SimulatorOptions(seed=seed, customer=None, faults=faults or {}, **options), self.environment)
        self.environment.mpesa = self.mpesa
        name = f"file:world{next(_names)}?mode=memory&cache=shared&uri=true"
        self.address = f"file:{folder / 'till.db'}" if folder else name
        if folder:
            self.database = open_laid(folder / "till.db")
        else:
            with closing(lay_in_memory(name)):
                self.database = open_database(f"sqlite:///{name}", "practice")
        self.lies = False
        self.checked = 0
        self._route = route
        self._runs = itertools.count()
        self._weather: Weather = fine
        self._phones = itertools.count(700_000_000 + self.random.randrange(90_000_000))
        self._open()
        self.posts = [self.counter.catalogue.add(draft_post(f"Post {price}", price)) for price in (10, 250, 1_000)]

    def chance(self, subject: str) -> Random:
        """Chance of the subject's own, whatever else happens in the world."""
        return Random(f"{self.seed} {subject}")

    def _open(self) -> None:
        self.transport = Transport(self.kernel, self.truth, self.mpesa)
        self.transport.weather = self._weather
        self.counter = Counter(
            self.kernel,
            self.loops,
            self.database,
            self.transport,
            self.clock,
            self.chance(f"till {next(self._runs)}"),
            FakeRoute() if self._route else None,
        )
        self.door.inbox = self.counter.inbox

    def close(self) -> None:
        """End every thread and connection."""
        self.counter.stop()
        self.kernel.close()
        self.loops.end()
        self.database.close()

    # --- what happens

    def crash(self) -> None:
        """The program ends in the middle of everything, and starts again."""
        self.transport.alive = False
        self.counter.stop()
        self._open()

    @property
    def weather(self) -> Weather:
        """What becomes of requests."""
        return self._weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        self._weather = self.transport.weather = weather

    def phone(self) -> str:
        """A customer who has not been here."""
        return f"254{next(self._phones)}"

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.kernel.run(seconds)

    def sell(self, phone: str | None = None, **options: Any) -> Payment:
        """The operator charges somebody for a post, or for several; returns once it is saved."""
        posts = self.random.sample(self.posts, self.random.choice((1, 1, 1, 2, 3)))
        lines = tuple(map(ChargeLine, posts))
        return self.counter.checkout.charge(a_request(posts[0], phone or self.phone(), lines=lines, **options))

    def sell_many(self, count: int, gap: float) -> list[Payment]:
        """So many charges, `gap` seconds apart on average."""
        sold = []
        for _ in range(count):
            sold.append(self.sell())
            self.run(self.random.uniform(0.0, 2 * gap))
        return sold

    def close_books(self) -> None:
        """What was sold so far is over and is checked no more."""
        self.checked = self.rows("SELECT max(id) AS id FROM payment")[0]["id"]
        self.truth.forget()

    def now_is(self, payment: Payment) -> Payment:
        """The payment as it is stored now."""
        stored = self.counter.reader.payment(payment.id)
        assert stored is not None
        return stored

    def rows(self, statement: str) -> list[sqlite3.Row]:
        """What stands in the database, read past the code under test."""
        with closing(sqlite3.connect(self.address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(statement).fetchall()


@contextmanager
def world(seed: int, **options: Any) -> Iterator[World]:
    """A world that is taken down afterwards."""
    built = World(seed, **options)
    try:
        yield built
    finally:
        built.close()
