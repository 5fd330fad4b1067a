"""The other side of T17, in a process of its own: forged posts without end, and a genuine one each second.

Reads what to do as JSON on stdin and writes what became of it as JSON on stdout.
"""

import asyncio
import json
import sys
from collections import Counter
from random import Random
from typing import Any

from tests.faults.simulation.framing import exchange, request
from tests.faults.simulation.hostile import SECRET

_TICK = 0.01  # seconds between two volleys
_OPEN = 400  # connections at once; more would only measure this process
_VOLLEY = 60  # posts at once, where this process was kept waiting and is behind
_LIMIT = 10.0  # seconds for a genuine one


class _Forged(asyncio.Protocol):
    """One forged post: a new connection, its bytes, and whatever comes back."""

    def __init__(self, sent: bytes, answers: Counter[str]) -> None:
        self._sent = sent
        self._answers = answers
        self._answer = b""
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._sent)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if b"\r\n\r\n" in self._answer:  # some answers leave the connection open
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._answers[self._answer[9:12].decode() or "none"] += 1
        self.ended.set_result(None)


class Flood:
    """Sends by the clock and not by the answers: a slow listener gets no rest."""

    def __init__(self, port: int, rate: int, seconds: int, forged: list[list[str]], seed: str) -> None:
        self._port, self._rate, self._seconds = port, rate, seconds
        self._known = [request(token, body.encode()) for token, body in forged]
        self._random = Random(seed)
        self._open: set[asyncio.Task[None]] = set()
        self.sent = 0
        self.answers: Counter[str] = Counter()
        self.genuine: list[tuple[str, float]] = []  # its status, and after how many seconds

    async def run(self, genuine: list[list[str]]) -> None:
        clock = asyncio.get_running_loop().time
        begun, owed = clock(), iter(genuine)
        async with asyncio.TaskGroup() as group:
            while (now := clock() - begun) < self._seconds:
                due = min(int(now * self._rate) - self.sent, _OPEN - len(self._open), _VOLLEY)
                for _ in range(due):
                    task = group.create_task(self._forge())
                    self._open.add(task)
                    task.add_done_callback(self._open.discard)
                if len(self.genuine) + 0.5 < now and (one := next(owed, None)):
                    self.genuine.append(("none", _LIMIT))
                    group.create_task(self._deliver(len(self.genuine) - 1, *one))
                await asyncio.sleep(_TICK)

    async def _forge(self) -> None:
        """Mostly to addresses that do not exist; one in fifty has got hold of one that does."""
        self.sent += 1
        sent = self._random.choice(self._known)
        if self._random.random() > 0.02:
            sent = request(f"{SECRET}{self._random.getrandbits(160):040x}", sent.partition(b"\r\n\r\n")[2])
        try:
            _, forged = await asyncio.get_running_loop().create_connection(
                lambda: _Forged(sent, self.answers), "127.0.0.1", self._port
            )
            await forged.ended
        except OSError:
            self.answers["refused"] += 1

    async def _deliver(self, number: int, token: str, body: str) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            answer = await exchange(self._port, [request(token, body.encode())], _LIMIT)
        except OSError:  # also the limit's TimeoutError
            answer = b""
        self.genuine[number] = (answer[9:12].decode() or "none", clock() - begun)


def main() -> None:
    """Flood as told on stdin."""
    told: dict[str, Any] = json.load(sys.stdin)
    genuine = told.pop("genuine")
    flood = Flood(**told)
    asyncio.run(flood.run(genuine))
    json.dump({"sent": flood.sent, "answers": flood.answers, "genuine": flood.genuine}, sys.stdout)


if __name__ == "__main__":
    main()
