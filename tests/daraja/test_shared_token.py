"""One access token for all tills: who fetches it, who waits, and what becomes of those who cannot ask the database."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from pos_app.daraja.shared_token import NoAccessToken, SharedToken, Waits
from pos_app.daraja.token_seal import TokenSeal
from pos_app.daraja.tokens import AccessTokens
from pos_app.daraja.wire import AccessToken, Keys
from pos_app.domain.access_token import KeptToken
from pos_app.errors import CannotSave
from tests.support.fakes import FakeClock

KEYS = Keys("key", "secret", "passkey")
SEAL = TokenSeal(KEYS, "sandbox", "https://daraja.test")
QUICK = Waits(store=0.2, lease=0.5, patience=2.0)
PATIENCE = 10.0  # seconds


class MemoryStore:
    """Fits `TokenStore`: what the tills of a test share. Its clock is the test's."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._door = threading.Lock()
        self._kept: dict[str, tuple[str, bytes, float]] = {}
        self._leases: dict[str, tuple[str, float]] = {}
        self.fails = False
        self.hangs = threading.Event()
        self.hangs.set()

    @property
    def asked(self) -> bool:
        """Whether a thread still asks something."""
        return any(thread.name == "access-token" for thread in threading.enumerate())

    def _reached(self) -> None:
        self.hangs.wait(PATIENCE)
        if self.fails:
            raise CannotSave

    def take(self, row: str, holder: str, lease: float, spare: float) -> KeptToken | bool:
        self._reached()
        with self._door:
            now = self._clock.monotonic()
            if row in self._kept:
                token_id, sealed, ends = self._kept[row]
                if ends - now >= spare:
                    return KeptToken(token_id, sealed, ends - now)
            if row in self._leases and self._leases[row][1] > now:
                return False
            self._leases[row] = holder, now + lease
            return True

    def keep(self, row: str, holder: str, sealed: bytes, lifetime: float) -> bool:
        self._reached()
        with self._door:
            if self._leases.get(row, ("", 0))[0] != holder:
                return False
            del self._leases[row]
            self._kept[row] = holder, sealed, self._clock.monotonic() + lifetime
            return True

    def release(self, row: str, holder: str) -> None:
        self._reached()
        with self._door:
            if self._leases.get(row, ("", 0))[0] == holder:
                del self._leases[row]

    def drop(self, row: str, token_id: str) -> bool:
        self._reached()
        with self._door:
            if row not in self._kept or self._kept[row][0] != token_id:
                return False
            del self._kept[row]
            return True

    def alter(self) -> None:
        """Somebody writes into the database."""
        self._kept = {row: (name, sealed[:-1] + b"?", ends) for row, (name, sealed, ends) in self._kept.items()}


class Mpesa:
    """Gives out access tokens, each of which ends the one before, when `go` is set."""

    def __init__(self) -> None:
        self.issued = 0
        self.go = asyncio.Event()
        self.go.set()
        self.fails: NoAccessToken | None = None

    async def fetch(self) -> AccessToken:
        await self.go.wait()
        if self.fails:
            raise self.fails
        self.issued += 1
        return AccessToken(f"token-{self.issued}", 3_599.0)


class Scene:
    """Some tills of one shop; each is a client's access tokens."""

    def __init__(self, clock: FakeClock, waits: Waits = QUICK) -> None:
        self.clock = clock
        self.store = MemoryStore(clock)
        self.mpesa = Mpesa()
        self._waits = waits

    def till(self, seal: TokenSeal = SEAL, *, alone: bool = True) -> AccessTokens:
        shared = SharedToken(self.store, seal, alone=alone, waits=self._waits, monotonic=self.clock.monotonic)
        return AccessTokens(self.mpesa.fetch, self.clock.monotonic, shared)


def played(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scene())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.001)


def test_eight_tills_at_once_fetch_one(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        tills = [scene.till() for _ in range(8)]
        assert await asyncio.gather(*(till.get() for till in tills)) == ["token-1"] * 8
        assert scene.mpesa.issued == 1

    played(play)


def test_for_an_hour_nobody_asks_the_database_again(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        till = scene.till()
        await till.get()
        scene.store.fails = True
        for _ in range(58):
            clock.advance(60)
            assert await till.get() == "token-1"
        assert till.left() == 119

    played(play)


def test_near_its_end_one_till_fetches_for_all(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        tills = [scene.till() for _ in range(8)]
        for till in tills:
            await till.get()
        clock.advance(3_540)
        assert await asyncio.gather(*(till.get() for till in tills)) == ["token-2"] * 8

    played(play)


def test_a_token_is_as_old_at_a_till_that_comes_later(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        await scene.till().get()
        clock.advance(1_000)
        late = scene.till()
        assert await late.get() == "token-1"
        assert late.left() == 2_599

    played(play)


def test_a_refused_token_is_replaced_once_for_all(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        tills = [scene.till() for _ in range(8)]
        await asyncio.gather(*(till.get() for till in tills))

        async def refused(till: AccessTokens) -> str:
            till.drop("token-1")
            return await till.get()

        first = await refused(tills[0])
        assert {first, *await asyncio.gather(*(refused(till) for till in tills[1:]))} == {"token-2"}
        assert scene.mpesa.issued == 2

    played(play)


def test_who_waits_for_another_goes_on_when_that_one_has_it(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock, Waits())
        scene.mpesa.go.clear()
        first = asyncio.create_task(scene.till().get())
        second = asyncio.create_task(scene.till().get())
        await asyncio.sleep(0.05)
        assert not first.done()
        assert not second.done()
        scene.mpesa.go.set()
        assert {await first, await second} == {"token-1"}

    played(play)


def test_who_dies_while_fetching_is_passed_by(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        assert scene.store.take(SEAL.row, "dead", QUICK.lease, 60) is True
        waiting = asyncio.create_task(scene.till().get())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        clock.advance(QUICK.lease)
        assert await waiting == "token-1"

    played(play)


def test_who_comes_back_too_late_takes_the_newer_one(clock: FakeClock) -> None:
    """Its own was ended by it."""

    async def play() -> None:
        scene = Scene(clock)
        slow = scene.till()
        scene.mpesa.go.clear()
        stalled = asyncio.create_task(slow.get())
        await until(lambda: scene.store.take(SEAL.row, "other", QUICK.lease, 60) is False)
        clock.advance(QUICK.lease)
        assert scene.store.take(SEAL.row, "quicker", QUICK.lease, 60) is True
        assert scene.store.keep(SEAL.row, "quicker", SEAL.seal("the newer one"), 3_599)
        scene.mpesa.go.set()
        assert await stalled == "the newer one"

    played(play)


def test_who_fails_lets_the_next_one_try(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        scene.mpesa.fails = NoAccessToken("credentials", "HTTP 400, empty")
        with pytest.raises(NoAccessToken, match="credentials"):
            await scene.till().get()
        scene.mpesa.fails = None
        assert await scene.till().get() == "token-1"

    played(play)


def test_another_till_that_brings_nothing_is_not_waited_for_without_end(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock, QUICK._replace(patience=0.3))
        assert scene.store.take(SEAL.row, "slow", 1_000, 60) is True
        with pytest.raises(NoAccessToken, match="unreachable"):
            await scene.till().get()

    played(play)


def test_a_till_whose_database_refuses_fetches_its_own_once_a_minute(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        scene.store.fails = True
        till = scene.till()
        assert await till.get() == "token-1"
        till.drop("token-1")
        clock.advance(59)
        with pytest.raises(NoAccessToken, match="access_token"):
            await till.get()
        clock.advance(1)
        assert await till.get() == "token-2"

    played(play)


def test_a_database_that_hangs_is_not_waited_for(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        scene.store.hangs.clear()
        began = asyncio.get_running_loop().time()
        assert await scene.till().get() == "token-1"
        assert asyncio.get_running_loop().time() - began < 5
        scene.store.hangs.set()

    played(play)


def test_a_till_that_gave_up_asking_keeps_no_other_from_fetching(clock: FakeClock) -> None:
    """Its line is slow: the database says after it has given up that it may fetch."""

    async def play() -> None:
        scene = Scene(clock)
        slow, quick = scene.till(), scene.till()
        scene.store.hangs.clear()
        assert await slow.get() == "token-1"
        scene.store.hangs.set()
        await until(lambda: not scene.store.asked)
        assert await quick.get() == "token-2"

    played(play)


def test_one_that_fails_after_the_fetch_does_not_lose_the_token(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        scene.mpesa.go.clear()
        getting = asyncio.create_task(scene.till().get())
        await until(lambda: scene.store.take(SEAL.row, "other", QUICK.lease, 60) is False)
        scene.store.fails = True
        scene.mpesa.go.set()
        assert await getting == "token-1"

    played(play)


def test_nor_does_one_that_fails_after_a_failed_fetch_hide_why(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        scene.mpesa.fails = NoAccessToken("credentials")
        scene.mpesa.go.clear()
        getting = asyncio.create_task(scene.till().get())
        await until(lambda: scene.store.take(SEAL.row, "other", QUICK.lease, 60) is False)
        scene.store.fails = True
        scene.mpesa.go.set()
        with pytest.raises(NoAccessToken, match="credentials"):
            await getting

    played(play)


def test_a_check_beside_tills_that_cannot_be_asked_fetches_none(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        scene.store.fails = True
        with pytest.raises(NoAccessToken) as refused:
            await scene.till(alone=False).get()
        assert refused.value.detail == "database"
        assert scene.mpesa.issued == 0

    played(play)


def test_what_somebody_has_altered_is_replaced(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        await scene.till().get()
        scene.store.alter()
        assert await scene.till().get() == "token-2"
        assert await scene.till().get() == "token-2"

    played(play)


def test_the_keys_of_two_environments_in_one_database_have_a_token_each(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        other = TokenSeal(KEYS, "production", "https://daraja.test")
        assert [await scene.till().get(), await scene.till(other).get()] == ["token-1", "token-2"]
        assert [await scene.till().get(), await scene.till(other).get()] == ["token-1", "token-2"]

    played(play)


def test_how_often_somebody_else_has_ended_the_shop_s_token(clock: FakeClock) -> None:
    async def play() -> None:
        scene = Scene(clock)
        shared = SharedToken(scene.store, SEAL, waits=QUICK, monotonic=clock.monotonic)
        for _ in range(3):
            had = await shared.have(scene.mpesa.fetch, None)
            await shared.have(scene.mpesa.fetch, had.id)
            await shared.have(scene.mpesa.fetch, had.id)  # a second push, refused with the same
            clock.advance(1_500)
        assert shared.ended_early() == 2

    played(play)
