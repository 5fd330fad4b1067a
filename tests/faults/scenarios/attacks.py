"""T16: what is slow, huge, deep, packed, or framed to confuse; and a crowd that only sits there.

After each of them, and against the crowd already while it sits there, a genuine callback is accepted and granted.
"""

import asyncio
import gzip
import itertools
import zlib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from functools import cache
from random import Random
from typing import NamedTuple

from pos_app.callbacks.listener import CONNECTIONS, MAX_BODY
from tests.faults.simulation.framing import exchange, head, request
from tests.faults.simulation.hostile import CANARY, PATIENCE, Owed, Shop, on_the_air, open_shop

DEADLINE = 0.25  # seconds; the listener's own is 5
_GRACE = 3.0  # seconds for a busy machine
_CROWD = 600
_WAVES = 2 * _CROWD // CONNECTIONS  # who sits inside goes after one deadline, or after two
_HUGE = 100_000_000
_TAKEN_AT_MOST = 20_000_000  # of the huge body: what lies in the buffers of two sockets, and no more


class Target(NamedTuple):
    """Where an attack goes, and who holds its connections until it is over."""

    port: int
    owed: Owed
    random: Random
    held: AsyncExitStack

    def head(self, *lines: str) -> bytes:
        return head(self.owed.token, *lines)

    async def send(self, *pieces: bytes) -> bytes:
        return await exchange(self.port, list(pieces), PATIENCE)


class Attack(NamedTuple):
    """What is done, the statuses that may answer it (0: none), and how many lines the journal gets."""

    play: Callable[[Target], Awaitable[bytes]]
    statuses: tuple[int, ...]
    lines: int = 0


# --- slow


async def _dripping(at: Target, start: bytes, drop: bytes) -> bytes:
    """However steadily it comes, it has to be whole in time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    at.held.callback(writer.close)
    writer.write(start)
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(TimeoutError):
                    return await asyncio.wait_for(reader.read(1_000), DEADLINE / 10)
                writer.write(drop)
                await writer.drain()
    return b""


async def _stalled(at: Target, whole: bytes) -> bytes:
    return await at.send(whole[: at.random.randrange(len(whole) - 1)])


async def _idle_afterwards(at: Target) -> bytes:
    """The sender keeps his connection after an answer that leaves it open."""
    body = b'{"Body": {"stkCallback": {"ResultCode": 4999}}}'
    return await at.send(at.head(f"Content-Length: {len(body)}") + body)


# --- huge


async def _huge(at: Target, start: bytes, chunk: bytes) -> bytes:
    """Never read to its end: it is cut off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    at.held.callback(writer.close)
    sent = 0
    with suppress(ConnectionError):
        writer.write(start)
        while sent < _HUGE:
            writer.write(chunk)
            await writer.drain()
            sent += len(chunk)
    assert sent < _TAKEN_AT_MOST, f"{sent:,} bytes were taken"
    with suppress(ConnectionError):
        return await reader.read()
    return b""


async def _packed(at: Target, name: str, pack: Callable[[bytes], bytes]) -> bytes:
    bomb = _bomb(pack)
    assert len(bomb) < MAX_BODY
    lines = (f"Content-Encoding: {name}", f"Content-Length: {len(bomb)}", "Connection: close")
    return await at.send(at.head(*lines) + bomb)


@cache
def _bomb(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(bytes(50_000_000))


async def _deep(at: Target, opening: bytes, closing: bytes) -> bytes:
    depth = at.random.choice((1_000, 5_000, 30_000))
    return await at.send(request(at.owed.token, (opening * depth + closing * depth)[:MAX_BODY]))


async def _many_headers(at: Target) -> bytes:
    return await at.send(at.head(*(f"X-{number}: {CANARY}" for number in range(5_000))))


# --- framed to confuse


async def _framed(at: Target, *lines: str, rest: bytes = b"") -> bytes:
    """What follows is a whole genuine callback: whoever takes one length for the other would find it."""
    return await at.send(at.head(*lines) + rest + request(at.owed.token, at.owed.genuine()))


async def _raw(at: Target, form: str) -> bytes:
    return await at.send(form.format(token=at.owed.token, mark=CANARY).encode("latin-1"))


# --- many


async def _crowd(at: Target) -> bytes:
    """Each says a little and sits there; nobody leaves of himself until a genuine callback came through."""
    whole = at.head("Content-Length: 90") + b"{"
    opened = await asyncio.gather(
        *(asyncio.open_connection("127.0.0.1", at.port) for _ in range(_CROWD)), return_exceptions=True
    )
    inside = [one[1] for one in opened if not isinstance(one, BaseException)]
    assert len(inside) > CONNECTIONS
    for writer in inside:
        at.held.callback(writer.close)
        writer.write(whole[: at.random.randrange(len(whole) + 1)])
    return b""


_FRAMES: dict[str, tuple[str, ...]] = {
    "two lengths": ("Content-Length: 2", "Content-Length: 3"),
    "the same length twice": ("Content-Length: 2", "Content-Length: 2"),
    "length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "chunks and length": ("Transfer-Encoding: chunked", "Content-Length: 5"),
    "negative length": ("Content-Length: -1",),
    "signed length": ("Content-Length: +2",),
    "length in hex": ("Content-Length: 0x2",),
    "length too long for a number": ("Content-Length: " + "9" * 400,),
    "chunks that are not last": ("Transfer-Encoding: identity, chunked, gzip",),
    "chunks twice": ("Transfer-Encoding: chunked, chunked",),
    "a line without a colon": (f"{CANARY} no colon",),
    "a space before the colon": ("Transfer-Encoding : chunked",),
    "a zero byte in a name": (f"X-{CANARY}\0: 1",),
    "a long header": (f"X-Long: {CANARY}" + "x" * 20_000,),
}
_CHUNKS: dict[str, bytes] = {
    "no chunk": CANARY.encode() + b"\r\n\r\n",
    "negative chunk": b"-1\r\n",
    "signed chunk": b"+2\r\n{}\r\n0\r\n\r\n",
    "chunk in 0x": b"0x2\r\n{}\r\n0\r\n\r\n",
    "chunk of 2^64": b"FFFFFFFFFFFFFFFF\r\n{}",
    "chunk size that never ends": b"0" * 70_000,
    "chunk longer than said": b"2\r\n{} {}\r\n0\r\n\r\n",
    "chunk extension that never ends": b"2;" + b"x" * 70_000,
    "trailers that never end": b"2\r\n{}\r\n0\r\n" + b"X: y\r\n" * 20_000,
}
_LINES: dict[str, str] = {
    "no request": "{mark}\r\n\r\n",
    "another protocol": "POST /stk/{token} {mark}\r\n\r\n",
    "somebody speaks TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03{mark}",
    "a long path": "POST /stk/{token}" + "x" * 20_000 + " HTTP/1.1\r\n\r\n",
}
_REFUSED = (400, 0)
ATTACKS: dict[str, Attack] = {
    "nothing is said": Attack(lambda at: at.send(), (0,)),
    "headers that stall": Attack(lambda at: _stalled(at, at.head("X-Half: 1")), (0,)),
    "headers that drip": Attack(lambda at: _dripping(at, at.head()[:-2], b"X: x\r\n"), (0,)),
    "a body that stalls": Attack(lambda at: at.send(at.head("Content-Length: 90") + b'{"Body"'), (408,)),
    # Whoever goes on talking into an ended connection may lose the answer to the reset.
    "a body that drips": Attack(lambda at: _dripping(at, at.head("Content-Length: 60000"), b"x"), (408, 0)),
    "chunks that drip": Attack(
        lambda at: _dripping(at, at.head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"), (408, 0)
    ),
    "idle after an answer": Attack(_idle_afterwards, (200,), 1),
    "100 MB with a length": Attack(lambda at: _huge(at, at.head(f"Content-Length: {_HUGE}"), bytes(65_536)), (413, 0)),
    "100 MB in chunks": Attack(
        lambda at: _huge(at, at.head("Transfer-Encoding: chunked"), b"10000\r\n" + bytes(65_536) + b"\r\n"), (413, 0)
    ),
    "gzip bomb": Attack(lambda at: _packed(at, "gzip", gzip.compress), (400,), 1),
    "deflate bomb": Attack(lambda at: _packed(at, "deflate", zlib.compress), (400,), 1),
    "deep lists": Attack(lambda at: _deep(at, b"[", b"]"), (400,), 1),
    "deep objects": Attack(lambda at: _deep(at, b'{"Body":', b"}"), (400,), 1),
    "5,000 headers": Attack(_many_headers, _REFUSED),
    **{name: Attack(lambda at, lines=lines: _framed(at, *lines), _REFUSED) for name, lines in _FRAMES.items()},  # type: ignore[misc]
    **{
        name: Attack(
            lambda at, rest=rest: _framed(at, "Transfer-Encoding: chunked", rest=rest),  # type: ignore[misc]
            (400, 408, 413, 0),
        )
        for name, rest in _CHUNKS.items()
    },
    **{name: Attack(lambda at, form=form: _raw(at, form), (400, 404, 0)) for name, form in _LINES.items()},  # type: ignore[misc]
    "600 who only sit there": Attack(_crowd, (0,)),
}


def attacked(seed: int, runs: int) -> None:
    """So many attacks, one after the other."""
    random = Random(seed)
    with open_shop(random) as shop, on_the_air(shop, DEADLINE) as port:
        for name in itertools.islice(itertools.cycle(ATTACKS), runs):
            [owed] = shop.sell(1)
            try:
                asyncio.run(_attack(shop, port, owed, random, name))
            except TimeoutError:
                raise AssertionError(f"{name}: it never came to an end") from None
        shop.check_masks()


async def _attack(shop: Shop, port: int, owed: Owed, random: Random, name: str) -> None:
    attack, clock = ATTACKS[name], asyncio.get_running_loop().time
    async with AsyncExitStack() as held:
        begun = clock()
        answer = await attack.play(Target(port, owed, random, held))
        took = clock() - begun
        status = int(answer.split(b" ")[1]) if answer else 0
        assert status in attack.statuses, f"{name}: answered {answer[:100]!r}"
        assert took < 2 * DEADLINE + _GRACE, f"{name}: open for {took:.1f} s"
        assert shop.told(owed) == attack.lines, f"{name}: {shop.told(owed)} lines in the journal"
        assert owed.id not in shop.granted(), f"{name}: granted"
        genuine = await exchange(port, [request(owed.token, owed.genuine())], _WAVES * DEADLINE + _GRACE)
    assert genuine.startswith(b"HTTP/1.1 200 "), f"{name}: the genuine callback was answered {genuine[:100]!r}"
    assert owed.id in shop.granted(), f"{name}: the genuine callback brought no grant"
