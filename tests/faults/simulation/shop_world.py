"""A shop of several tills in virtual time: one database, one M-PESA, one reserved address, which one of them holds."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from pos_app.callbacks.probe import ProbeResult
from pos_app.callbacks.route import CallbackRoute
from pos_app.callbacks.shop_route import BEAT, ShopRoute
from pos_app.daraja.wire import NO_ROUTE
from pos_app.domain.callback_route import RouteState
from pos_app.domain.payment import Payment
from pos_app.domain.shop_address import AddressHolder
from pos_app.domain.shop_changes import ShopChanges
from pos_app.sales.inbox import LedgerInbox
from pos_app.sales.other_tills import OtherTills
from pos_app.simulator import Json
from pos_app.simulator.world import Action
from tests.callbacks.kept_address import KeptAddress
from tests.faults.oracles.truth import Truth
from tests.faults.simulation.counter import Counter
from tests.faults.simulation.environment import Door, Environment
from tests.faults.simulation.kernel import Kernel
from tests.faults.simulation.transport import Transport
from tests.faults.simulation.world import World
from tests.support.builders import a_request

ADDRESS = "http://127.0.0.1:9"  # the simulator posts to no other computer
NOWHERE = "http://127.0.0.1:1"  # stands for the address that can never exist, to which it posts nothing
LETTERS = "ABC"
_HEARD = 0.05  # seconds until the other tills look at what one has written
_AGAIN = 5.0  # seconds until ngrok is asked again for an address that is open elsewhere


class Edge:
    """Where the reserved address is: who has a tunnel open there. Attributes: `open_at`: None where nobody has."""

    def __init__(self) -> None:
        self.open_at: ShopTill | None = None


class ShopDoor(Door):
    """Takes callbacks where the tunnel leads."""

    edge: Edge

    def __init__(self, truth: Truth) -> None:
        self.edge = Edge()
        super().__init__(truth)

    @property
    def inbox(self) -> LedgerInbox | None:
        """Of the till that has the tunnel open just now, where that lives."""
        at = self.edge.open_at
        return at.counter.inbox if at and at.alive and not at.frozen else None

    @inbox.setter
    def inbox(self, _: LedgerInbox | None) -> None:
        """A single till would be there by itself."""


class ShopEnvironment(Environment):
    """What M-PESA is to post to an address that cannot exist is lost."""

    def post(self, url: str, body: Json, done: Action) -> None:
        deliveries = self.deliveries
        if url.startswith(f"{NOWHERE}/"):
            self.deliveries = lambda _token, _body: []
        try:
            super().post(url, body, done)
        finally:
            self.deliveries = deliveries


@dataclass
class Way:
    """A tunnel to the reserved address; ngrok opens no second one.

    Attributes:
        works: False: ngrok refuses it for reasons of its own.
    """

    till: "ShopTill"
    works: bool = True
    wanted: bool = False

    def open(self) -> None:
        self.wanted = True
        self.till.kernel.after(self.till.random.uniform(0.5, 4.0), self._open)

    def _open(self) -> None:
        till, edge = self.till, self.till.edge
        if not self.wanted or not till.alive or edge.open_at is till:
            return
        if till.frozen or not self.works or edge.open_at is not None:
            till.own.lost("It is refused.")
            till.kernel.after(_AGAIN, self._open)
            return
        edge.open_at = till
        till.own.found(ADDRESS)

    def breaks(self) -> None:
        """The tunnel is closed from outside, and opened again as soon as that works."""
        self.till.edge.open_at = None
        self.till.own.lost("The tunnel is closed.")
        self.till.kernel.after(_AGAIN, self._open)

    def close(self) -> None:
        self.wanted = False
        if self.till.edge.open_at is self.till:
            self.till.edge.open_at = None
        self.till.own.lost("")


class Feed:
    """Fits `ShopFeed`: what the other tills have published."""

    def __init__(self) -> None:
        self.written: list[Payment] = []

    def open(self) -> None:
        """Always."""

    def look(self) -> ShopChanges:
        written, self.written = self.written, []
        return ShopChanges(payments=tuple(written), acts=frozenset(), more=False)

    def wait(self, seconds: float) -> bool:
        """Nobody waits here."""
        return False

    def wake(self) -> None:
        """Nobody waits here."""

    def close(self) -> None:
        """Nothing is open."""


class ShopTill:
    """One till of the shop, in one run of it."""

    def __init__(self, shop: "ShopWorld", letter: str, run: int) -> None:
        self.kernel: Kernel = shop.kernel
        self.random = shop.chance(f"till {letter} {run}")
        self.letter, self.edge = letter, shop.edge
        self.alive, self.frozen = True, False
        self.own = CallbackRoute(clock=shop.clock, probe=self._probe)
        self.way = Way(self)
        mine = AddressHolder(holder=f"folder {letter}", run=f"{letter}{run}", till=letter, address=ADDRESS, stays=True)
        self.run_name = mine.run
        self.route = ShopRoute(self.own, shop.kept.by(mine.run), mine, shop.clock, self.way)
        self.transport = Transport(shop.kernel, shop.truth, shop.mpesa)
        self.counter = Counter(
            shop.kernel,
            shop.loops,
            shop.database,
            self.transport,
            shop.clock,
            self.random,
            self.route,
            name=letter,
            callback_base=self._given,
        )
        self.feed = Feed()
        self.others = OtherTills(letter, self.feed, self.counter.reader, self.counter.ledger, self.counter.writer)
        self.counter.ledger.subscribe(lambda payment: shop.heard(self, payment))
        self.route.subscribe(self.counter.asking.wake)
        self._turn = 0
        self.own.subscribe(lambda _: self._step_in(0.01))
        self._step_in(0.01)

    def _given(self) -> str:
        given = self.route.base()
        assert given in (ADDRESS, NO_ROUTE)
        return NOWHERE if given == NO_ROUTE else given

    def _probe(self, _address: str) -> ProbeResult:
        return ProbeResult() if self.edge.open_at is self else ProbeResult("Nobody is there.", nobody=True)

    def _step_in(self, seconds: float) -> None:
        self._turn += 1
        turn = self._turn
        self.kernel.after(seconds, lambda: self._step(turn))

    def _step(self, turn: int) -> None:
        if not self.alive or self.frozen or turn != self._turn:
            return
        wait = self.route.step()
        self.own.step()
        if turn == self._turn:
            self._step_in(min(wait, BEAT))

    def freeze(self) -> None:
        """What looks after the address, and what hears callbacks, stands still; its tunnel does not."""
        self.frozen = True

    def wake(self) -> None:
        """It goes on."""
        self.frozen = False
        self._step_in(self.random.uniform(0.0, BEAT))

    def die(self) -> None:
        """It is killed, and its tunnel ends with it."""
        self.alive = False
        self.transport.alive = False
        self.counter.stop()
        if self.edge.open_at is self:
            self.edge.open_at = None


class ShopWorld(World):
    """Three tills. `counter` is the first one's."""

    door_type = ShopDoor
    environment_type = ShopEnvironment

    def __init__(self, seed: int, **options: Any) -> None:
        self.tills: dict[str, ShopTill] = {}
        self._lives = itertools.count(1)
        super().__init__(seed, **options)

    def _open(self) -> None:
        assert isinstance(self.door, ShopDoor)
        self.edge = self.door.edge
        self.kept = KeptAddress(self.clock.since_boot)
        for letter in LETTERS:
            self.begin(letter)

    def begin(self, letter: str) -> None:
        """Open a till, again where it was killed."""
        till = self.tills[letter] = ShopTill(self, letter, next(self._lives))
        if letter == LETTERS[0]:
            self.counter, self.transport = till.counter, till.transport

    def close(self) -> None:
        for letter, till in self.tills.items():
            if till.alive and letter != LETTERS[0]:
                till.die()
        super().close()

    def heard(self, by: ShopTill, payment: Payment) -> None:
        """One till has published a payment: the others look."""
        for till in self.tills.values():
            if till is not by and till.alive:
                till.feed.written.append(payment)
                self.kernel.after(_HEARD, partial(self._look, till))

    def _look(self, till: ShopTill) -> None:
        if till.alive and not till.frozen:
            till.others.look()

    def holder(self) -> ShopTill | None:
        """Who has the tunnel, and says that callbacks come in."""
        at = self.edge.open_at
        return at if at and at.alive and not at.frozen and at.route.holds and at.own.status.address_since else None

    def settled_holder(self) -> ShopTill:
        """Who has it, once every till knows that callbacks come in."""

        def settled() -> bool:
            return self.holder() is not None and all(
                till.route.status.state is RouteState.UP for till in self.tills.values() if till.alive
            )

        self.until(settled, 120.0)
        holder = self.holder()
        assert holder is not None, "nobody has the address"
        return holder

    def until(self, true: Callable[[], bool], most: float) -> float:
        """Let time pass until it is so; gives the seconds that took, `most` and more where it never was."""
        waited = 0.0
        while not true() and waited < most:
            self.run(0.25)
            waited += 0.25
        return waited

    def sell_at(self, till: ShopTill) -> None:
        """A customer at this till."""
        post = self.random.choice(self.posts)
        till.counter.checkout.charge(a_request(post, self.phone()))
