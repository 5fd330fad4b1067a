"""The till that holds the shop's public address is killed, again and again, while customers pay at all of them."""

import itertools
import time
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from tests.faults.oracles.invariants import check, settle
from tests.faults.simulation.people import payer
from tests.faults.simulation.shop import PATIENCE, ShopOfTills, TillProcess, shop_of_tills, until
from tests.faults.simulation.shop_world import ShopTill, ShopWorld
from tests.store.server import Server

TAKEN_OVER = 40.0  # seconds within which another till has the address
SEEN = 0.3  # seconds after which a till shows what came to another
_SETTLED = 240.0  # seconds within which everything that can be asked about is settled


class Holders:
    """Kills them, and looks what became of it.

    Attributes:
        took: seconds from each kill until another till has the address.
    """

    def __init__(self, shop: ShopOfTills, random: Random) -> None:
        self._shop = shop
        self._random = random
        self._phones = (f"2547{number:08}" for number in itertools.count(random.randrange(90_000_000)))
        self.took: list[float] = []

    def begin(self) -> None:
        """Wait until all are open, and all know where the address is."""
        until(lambda: all(till.heard("open") for till in self._shop.tills), "a till did not open")
        until(self.all_know, "the address was not found")

    def all_know(self) -> bool:
        """Whether one till has the address, and all others know."""
        states = [till.route[0] for till in self._shop.tills]
        return self._shop.holder() is not None and set(states) == {"up"}

    def charge(self, till: TillProcess) -> None:
        """A customer, who pays."""
        told = len(till.heard("charged"))
        till.tell(f"charge {next(self._phones)}")
        until(lambda: len(till.heard("charged")) > told, f"till {till.letter} did not charge: {till.heard('refused')}")

    def kill(self, lease: float = 0.0, charges: int = 1) -> None:
        """Kill the holder in the middle of payments; open it again once another has the address.

        Args:
            lease: seconds that the lease is made shorter by.
            charges: how many customers pay meanwhile, at each till that lives.
        """
        dies = self._shop.holder()
        assert dies is not None
        for till in self._shop.tills:
            self.charge(till)
        time.sleep(self._random.uniform(0.0, 1.5))  # at any moment of these payments
        dies.kill()
        began = time.monotonic()
        if lease:
            self._shop.pass_lease(lease)
        for _, till in itertools.product(range(charges), self._shop.tills):
            if till is not dies:
                self.charge(till)
        # Where the lease is made shorter it is no measure of anything, on a computer that may be slow.
        until(lambda: self._shop.holder(), "nobody took the address over", PATIENCE if lease else TAKEN_OVER)
        self.took.append(time.monotonic() - began)
        dies.start()
        until(lambda: dies.heard("open") and self.all_know(), "the killed till is not there again")
        for till in self._shop.tills:
            self.charge(till)

    def check(self) -> str:
        """What became of all payments; gives the figures in words."""
        shop = self._shop
        can_ask = "state IN ('requested', 'prompted', 'unknown') AND checkout_request_id IS NOT NULL"
        until(lambda: not shop.rows(f"SELECT 1 FROM payment WHERE {can_ask}"), "not settled", _SETTLED)
        rows = shop.rows("SELECT number, phone, state, checkout_request_id FROM payment JOIN customer "
                         "ON customer.id = payment.customer_id")  # fmt: skip
        prompted = [prompt.phone for prompt in shop.prompts]
        assert len(set(prompted)) == len(prompted), "somebody was prompted twice"
        states = {row.phone: row for row in rows}
        lost = [phone for phone in prompted if phone not in states]
        assert not lost, f"asked and not in the books: {lost}"
        # Whose push had no answer when its till was killed, and whose callback then found nobody: shown to a person.
        unsure = [row for row in rows if row.state == "unknown" and row.checkout_request_id is None]
        wrong = [row.number for row in rows if row.phone in prompted and row.state != "paid" and row not in unsure]
        assert not wrong, f"paid, and not so in the books: {wrong}"
        grants = shop.rows('SELECT count(*) AS count, count(DISTINCT payment_id) AS of FROM "grant"')[0]
        assert grants.count == grants.of == sum(row.state == "paid" for row in rows)
        seen = self.seen()
        took, ms = self.took or [0.0], [1000 * each for each in seen or [0.0]]
        return (
            f"{len(self.took)} kills; another till had the address after {median(took):.1f} s (median), "
            f"{max(took):.1f} s (most); {len(rows)} payments, {len(prompted)} prompts, {len(unsure)} left to a person "
            f"(nobody heard the push's answer, nor the callback); {len(seen)} callbacks at another till, seen at the "
            f"payment's own after {median(ms):.0f} ms (median), {max(ms):.0f} ms (most)"
        )

    def seen(self) -> list[float]:
        """Seconds from when one till has told of a payment of another that is paid until that one tells of it."""
        own: dict[str, float] = {}
        here: dict[str, float] = {}
        for till in self._shop.tills:
            for said in till.said:
                if said.what.get("state") == "paid":
                    of = own if said.what["till"] == till.letter else here
                    of.setdefault(said.what["changed"], said.at)
        return [max(0.0, own[number] - at) for number, at in here.items() if number in own]


def killed(shop: ShopOfTills, seed: int, kills: int, lease: float = 0.0) -> str:
    """So many kills in one shop; gives the figures in words. `lease`: seconds that each lease is made shorter by."""
    holders = Holders(shop, Random(seed))
    holders.begin()
    for _ in range(kills):
        holders.kill(lease)
    return holders.check()


def again_and_again(seed: int, kills: int) -> None:
    """In a shop of three tills, on a server of its own, with the lease as it is: half a minute for each kill."""
    with (
        Server() as server,
        TemporaryDirectory(prefix="kaunta-shop-") as folder,
        shop_of_tills(server.create(), Path(folder), "ABC", seed=seed, delay=2.0) as shop,
    ):
        print(killed(shop, seed, kills))  # noqa: T201 - the figures are what it is played for


class _Virtual:
    """The same and more in virtual time: a holder that is killed, stands still, hears nothing, loses the database."""

    def __init__(self, shop: ShopWorld) -> None:
        self._shop = shop
        self._random = shop.random
        self.took: list[float] = []

    def sell(self, most: float) -> None:
        """A few customers, at any of the tills that live, within so many seconds."""
        for _ in range(self._random.randrange(4)):
            self._shop.sell_at(self._random.choice([till for till in self._shop.tills.values() if till.alive]))
            self._shop.run(self._random.uniform(0.0, most / 4))

    def taken_over(self, before: ShopTill, what: str, most: float) -> float:
        """Wait until another till has the address, while customers pay; gives the seconds that took."""
        began = self._shop.kernel.now
        self.sell(20.0)

        def other() -> bool:
            return self._shop.holder() not in (None, before)

        self._shop.until(other, most)
        took = self._shop.kernel.now - began
        assert other(), f"{what}: nobody took the address over within {most:.0f} s"
        return took

    def kill(self) -> None:
        holder = self._shop.settled_holder()
        self.sell(20.0)
        holder.die()
        self.took.append(self.taken_over(holder, "killed", TAKEN_OVER))
        assert self.took[-1] <= TAKEN_OVER
        self._shop.run(self._random.uniform(0.0, 60.0))
        self._shop.begin(holder.letter)

    def spoil(self) -> None:
        """What else may happen to a holder. It has the address no more than another, and gives no other."""
        holder = self._shop.settled_holder()
        match self._random.randrange(3):
            case 0:
                holder.freeze()
                self._shop.run(self._random.uniform(0.0, 60.0))
                self.sell(20.0)
                holder.wake()
            case 1:
                holder.way.works = False
                holder.way.breaks()
                self.taken_over(holder, "nothing comes in", 60.0)
                holder.way.works = True
            case _:
                self._shop.kept.broken.add(holder.run_name)
                self.taken_over(holder, "no database", 60.0)
                self._shop.kept.broken.clear()
        self._shop.run(60.0)


def in_virtual_time(seed: int, kills: int) -> None:
    """So many kills of the holder in a shop of three tills, and as many other mishaps, while customers pay."""
    shop = ShopWorld(seed)
    try:
        shop.environment.customer = payer(shop.random)
        played = _Virtual(shop)
        for _ in range(kills):
            played.kill()
            played.spoil()
        shop.run(120.0)
        settle(shop)
        check(shop)
        assert max(played.took) <= TAKEN_OVER
    finally:
        shop.close()
