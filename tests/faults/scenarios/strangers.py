"""T15: whatever is posted, nothing breaks, nothing leaks, nothing grows, and only M-PESA's evidence grants."""

import asyncio
import re
from collections import Counter
from random import Random

from pos_app.daraja.wire import read_callback
from pos_app.domain.payment import KEPT_OF_A_KIND, Change
from pos_app.sales.write_queue import GROUP
from tests.faults.scenarios.week import LIMIT, size
from tests.faults.simulation.framing import anyhow, exchange, request
from tests.faults.simulation.fuzz import Fuzzer, is_evidence
from tests.faults.simulation.hostile import PATIENCE, Owed, Shop, newly_granted, on_the_air, open_shop

_ROUND = 1_000  # bodies for one lot of payments
_LOT = 30  # payments in it
_ROUNDS_OF_WARMING_UP = 5
_DEADLINE = 0.3  # seconds; the listener's own is 5
_AT_ONCE = 40  # connections
_GRACE = 3.0  # seconds for a busy machine


def bodies(seed: int, runs: int) -> None:
    """So many bodies for known addresses, each through reading and the ledger on a real store."""
    random = Random(seed)
    with open_shop(random) as shop:
        sizes, told = [], Counter[int]()
        for start in range(0, runs, _ROUND):
            told += _round(shop, random, min(_ROUND, runs - start))
            sizes.append(size().memory)
        _check_journal(shop, told)
        grown = sizes[-1] - sizes[min(_ROUNDS_OF_WARMING_UP, len(sizes)) - 1]
        assert grown < LIMIT, f"memory grew by {grown:,} bytes"


class _Desk:
    """What came, and who got a grant for it."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._holders = {row["receipt"]: row["id"] for row in shop.rows("SELECT id, receipt FROM payment")}
        self._before = shop.granted()
        self.granted: set[int] = set()
        self.told = Counter[int]()

    def post(self, posted: list[tuple[Owed, bytes]]) -> list[Change]:
        """As the listener does it, up to 64 in one commit."""
        recorded = [
            (owed, body, self._shop.inbox.receive(owed.token, read_callback(body), body.decode(errors="replace")))
            for owed, body in posted
        ]
        self._shop.write()
        return [self._checked(owed, body, future.result(PATIENCE)) for owed, body, future in recorded]

    def _checked(self, owed: Owed, body: bytes, change: Change | None) -> Change:
        assert change is not None, "a known address was taken for an unknown one"
        self.told[owed.id] += 1
        if newly_granted(change):
            assert is_evidence(body, owed, self._holders), f"granted for {body!r}"
            self.granted.add(owed.id)
        if change.after.receipt:
            self._holders[change.after.receipt] = owed.id
        return change

    def check_grants(self) -> None:
        assert self._shop.granted() - self._before == self.granted, "other grants than those that were told"


def _round(shop: Shop, random: Random, count: int) -> Counter[int]:
    """A lot of payments, one of them paid, and strangers who got hold of all other addresses but one."""
    desk = _Desk(shop)
    paid, spared, *open_to_all = shop.sell(_LOT)
    fuzzer = Fuzzer(random, taken=paid.receipt)
    desk.post([(paid, paid.genuine())])
    for start in range(0, count, GROUP):
        aimed = [random.choice(open_to_all) for _ in range(min(GROUP, count - start))]
        desk.post([(owed, fuzzer.body(owed)) for owed in aimed])
        _post_astray(shop, fuzzer.body(aimed[0]), random)
    [change] = desk.post([(spared, spared.genuine())])
    assert newly_granted(change), "the genuine callback afterwards brought no grant"
    desk.check_grants()
    return desk.told


def _post_astray(shop: Shop, body: bytes, random: Random) -> None:
    token = f"{random.getrandbits(160):040x}"
    assert not shop.inbox.expects(token)
    assert not shop.inbox.knows([token])
    recorded = shop.inbox.receive(token, read_callback(body), body.decode(errors="replace"))
    shop.write()
    assert recorded.result(PATIENCE) is None, "an unknown address was taken for a known one"


def _check_journal(shop: Shop, told: Counter[int]) -> None:
    """Each event has a line or is counted, and nobody's number is in it."""
    lines = "SELECT payment_id, count(*) AS many FROM payment_event WHERE source = 'callback' GROUP BY payment_id"
    beyond = f"SELECT payment_id, times - {KEPT_OF_A_KIND} AS many FROM repeated WHERE times > {KEPT_OF_A_KIND}"
    found = Counter[int]()
    for row in [*shop.rows(lines), *shop.rows(beyond)]:
        found[row["payment_id"]] += row["many"]
    assert found == told
    shop.check_masks()


def framings(seed: int, runs: int) -> None:
    """So many requests over real sockets, broken in head and framing."""
    random = Random(seed)
    with open_shop(random) as shop:
        spared, *open_to_all = shop.sell(_LOT)
        fuzzer = Fuzzer(random, taken=spared.receipt)
        with on_the_air(shop, _DEADLINE) as port:
            sent = [anyhow(owed.token, fuzzer.forged(owed), random) for owed in random.choices(open_to_all, k=runs)]
            answers = asyncio.run(_all_answers(port, sent))
            for pieces, (answer, seconds) in zip(sent, answers, strict=True):
                _check_answer(pieces, answer, seconds)
            genuine = asyncio.run(exchange(port, [request(spared.token, spared.genuine())], PATIENCE))
        assert genuine.startswith(b"HTTP/1.1 200 "), "the genuine callback afterwards was not accepted"
        assert shop.granted() == {spared.id}, "a stranger got a grant"
        shop.check_masks()


async def _all_answers(port: int, sent: list[list[bytes]]) -> list[tuple[bytes, float]]:
    free, clock = asyncio.Semaphore(_AT_ONCE), asyncio.get_running_loop().time

    async def one(pieces: list[bytes]) -> tuple[bytes, float]:
        async with free:
            begun = clock()
            return await exchange(port, pieces, PATIENCE), clock() - begun

    return await asyncio.gather(*(one(pieces) for pieces in sent))


def _check_answer(pieces: list[bytes], answer: bytes, seconds: float) -> None:
    """An answer of ours, or none, and then the end: for the head, the body, and a next head that never comes."""
    assert seconds < 3 * _DEADLINE + _GRACE, f"open for {seconds:.1f} s after {pieces!r}"
    statuses = [int(status) for status in re.findall(rb"^HTTP/\d\.\d (\d{3}) ", answer, re.MULTILINE)]
    assert answer == b"" or statuses, f"{answer[:200]!r} for {pieces!r}"
    odd = [status for status in statuses if status not in (100, 200, 503) and not 400 <= status < 500]
    assert not odd, f"{odd} for {pieces!r}"
