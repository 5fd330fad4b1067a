"""HTTP by hand: requests that keep to the rules, and requests that break them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import Random

from tests.faults.simulation.hostile import CANARY

_ODD_HEADERS = (
    b"Content-Length: 5", b"Content-Length: 0", b"Content-Length: -1", b"Content-Length: +5", b"Content-Length: 0x5",
    b"Content-Length: 99999999999999999999", b"Content-Length: 5, 5", b"Content-Length:", b"Content-Length: \xb2",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: Chunked", b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding: identity", b"Transfer-Encoding : chunked",
    b"Transfer-Encoding:\x0bchunked", b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Encoding: zstd",
    b"Expect: 100-continue", b"Expect: miracles", b"Connection: close", b"Connection: upgrade", b"Upgrade: websocket",
    b"Upgrade: h2c", b"Connection: keep-alive, upgrade, close", b"Host: a", b"Host: b@c:99999", b"Cookie: =;;=;\xff",
    b"Content-Type: application/json; charset=utf-7", b"Content-Type: multipart/form-data", b"Content-Type: \xff/\xfe",
    b"X-Forwarded-For: 196.201.214.200", b"Range: bytes=0-,0-,0-", b"X: " + b"x" * 5_000, b": empty", b"no colon",
    b" folded: line", b"X\0: 1", b"X: \0", b"X: a\rb", b"\xf0\x9f\x92\xb0: 1", f"X-{CANARY}: {CANARY}".encode(),
    b"If-Modified-Since: never", b"Sec-WebSocket-Key: x", b"Proxy-Connection: keep-alive", b"TE: trailers",
)  # fmt: skip
_METHODS = (b"POST",) * 6 + (b"GET", b"HEAD", b"PUT", b"OPTIONS", b"CONNECT", b"TRACE", b"PRI", b"post", b"", b"P\0ST")
_VERSIONS = (b"HTTP/1.1",) * 6 + (b"HTTP/1.0", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/9.9", b"HTTP/1.1 ", b"HTTP", b"")


def head(token: str, *lines: str, method: str = "POST") -> bytes:
    """The head of a request to a payment's address."""
    return "\r\n".join((f"{method} /stk/{token} HTTP/1.1", "Host: till", *lines, "", "")).encode()


def request(token: str, body: bytes) -> bytes:
    """As M-PESA sends it, and no more on this connection."""
    return head(token, f"Content-Length: {len(body)}", "Connection: close") + body


def anyhow(token: str, body: bytes, random: Random) -> list[bytes]:
    """A request broken in some way, in pieces as they are sent. An empty last piece: the sender hangs up half."""
    lines = [b"Host: till", random.choice((b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked"))]
    for _ in range(random.choice((0, 1, 1, 2, 5))):
        lines.insert(random.randrange(len(lines) + 1), random.choice(_ODD_HEADERS))
    if random.random() < 0.05:
        lines += [b"X-%d: 1" % number for number in range(600)]
    if b"Transfer-Encoding: chunked" in lines:
        body = _in_chunks(body, random)
    path = (
        random.choice((b"/stk/",) * 6 + (b"/", b"http://till/stk/", b"//stk/", b"/stk/%", b"/stk/\xff"))
        + token.encode()
    )
    start = b" ".join((random.choice(_METHODS), path, random.choice(_VERSIONS)))
    end = random.choice((b"\r\n",) * 9 + (b"\n", b"\r"))
    sent = end.join((start, *lines, b"", b"")) + body
    for _ in range(random.choice((0, 0, 0, 1, 3))):
        sent = random.choice(_DAMAGES)(sent, random)
    middle = random.randrange(len(sent))
    pieces = [piece for piece in (sent[:middle], sent[middle:]) if piece]
    return [*pieces, *random.choice(((), (sent,), (b"",)))]


def _in_chunks(body: bytes, random: Random) -> bytes:
    size = random.choice((1, 7, 100, 1_000))
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    sizes = [
        random.choice((b"%x", b"%X", b"0%x", b"%x;a=b", b"%x ", b"-%x", b"0x%x")[: random.choice((1, 4, 7))])
        for _ in parts
    ]
    chunks = [form % len(part) + b"\r\n" + part + b"\r\n" for form, part in zip(sizes, parts, strict=True)]
    return b"".join(chunks) + random.choice((b"0\r\n\r\n", b"0\r\nX: 1\r\n\r\n", b"0\r\n", b"", b"\r\n\r\n"))


def _flip(sent: bytes, random: Random) -> bytes:
    at = random.randrange(min(len(sent), 300))
    return sent[:at] + bytes([sent[at] ^ 1 << random.randrange(8)]) + sent[at + 1 :]


def _cut(sent: bytes, random: Random) -> bytes:
    return sent[: random.randrange(1, len(sent) + 1)]


def _insert(sent: bytes, random: Random) -> bytes:
    at = random.randrange(min(len(sent), 300))
    return sent[:at] + random.choice((b"\r\n", b"\0", b"\n\n", b" ", b"\xff" * 9, random.randbytes(4))) + sent[at:]


_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _cut, _insert)


async def exchange(port: int, pieces: list[bytes], limit: float) -> bytes:
    """Send the pieces; everything that comes back until the other side ends it.

    Raises:
        TimeoutError: it did not end within so many seconds.
    """
    async with asyncio.timeout(limit):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = b""
        # It may end the connection with bytes of ours unread: then the rest cannot be sent, and is no loss.
        with suppress(OSError):
            for piece in pieces:
                if piece:
                    writer.write(piece)
                    await writer.drain()
                else:
                    writer.write_eof()
        with suppress(OSError):
            while received := await reader.read(65_536):
                answer += received
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return answer
