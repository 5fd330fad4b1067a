"""Whole exchanges over real sockets: one limit over everything, and nothing leaves that must not."""

import gzip
import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from pos_app.daraja import wire
from pos_app.daraja.client import DarajaClient, Limits
from pos_app.daraja.exchange import http_client
from pos_app.daraja.tokens import NoAccessToken
from pos_app.daraja.wire import Account, Keys, Signed
from pos_app.domain.payment_event import Accepted, Answer, NoAnswer, NotSent, Result, Unanswered
from pos_app.domain.push import Push
from tests.daraja.host import PATIENCE, SIGN_IN, Action, Host, answer, drip
from tests.support.fakes import PHONE, FakeClock

PUSH = Push(phone=PHONE, amount=250, reference="POST_3_7", title="Maji", address_token="a1b2")
CHECKOUT = "ws_CO_23112026140000001708374149"
ACCEPTED = {"MerchantRequestID": "m-1", "CheckoutRequestID": CHECKOUT, "ResponseCode": "0"}
ANSWERED = {"ResponseCode": "0", "CheckoutRequestID": CHECKOUT, "ResultCode": "0"}
REFUSED = answer({"errorCode": "404.001.03", "errorMessage": "Invalid Access Token"}, "404 Not Found")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
LONG = 20.0  # seconds: what has no limit of its own takes longer, and a busy machine less
SHORT = Limits(push=0.3, push_in_all=0.5, other=0.3, query_in_all=0.3, warm_in_all=0.3)
DRIPS = {
    "the first line": drip(b"HTTP/1.1 200 OK" * 1_000),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n" * 1_000),
    "the body": drip(HEAD),
    "chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 1_000),
}


class Heard:
    """What the client tells of its contact with M-PESA."""

    def __init__(self) -> None:
        self.told: list[bool] = []
        self.dates: list[tuple[datetime, float]] = []


def a_client(url: str, limits: Limits = Limits(), heard: Heard | None = None) -> DarajaClient:
    clock = FakeClock()
    heard = heard or Heard()
    return DarajaClient(
        base_url=url,
        account=Account("174379"),
        keys=Keys("practice-key", "practice-secret", "practice-passkey"),
        callback_base=lambda: wire.NO_ROUTE,
        now=clock.now,
        monotonic=clock.monotonic,
        limits=limits,
        told=heard.told.append,
        dated=lambda said, took: heard.dates.append((said, took)),
    )


@contextmanager
def hosted(*actions: Action, limits: Limits = SHORT) -> Iterator[tuple[Host, DarajaClient]]:
    with closing(Host(*actions)) as host, closing(a_client(host.url, limits)) as client:
        yield host, client


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


class TestOneLimitOverAllOfIt:
    @pytest.mark.parametrize("where", DRIPS)
    def test_a_push_whose_answer_drips_is_unknown(self, where: str) -> None:
        with hosted(SIGN_IN, DRIPS[where]) as (host, client), at_most(LONG):
            assert client.push(PUSH) == Unanswered(detail="ReadTimeout")
            assert host.paths() == [wire.OAUTH_PATH, wire.PUSH_PATH]

    @pytest.mark.parametrize("where", DRIPS)
    def test_a_query_s_is_no_answer(self, where: str) -> None:
        with hosted(SIGN_IN, DRIPS[where]) as (_, client), at_most(LONG):
            assert isinstance(client.query(CHECKOUT), NoAnswer)

    @pytest.mark.parametrize("where", DRIPS)
    def test_without_an_access_token_that_came_whole_nothing_is_sent(self, where: str) -> None:
        with hosted(DRIPS[where], DRIPS[where], DRIPS[where]) as (host, client), at_most(LONG):
            assert client.push(PUSH) == NotSent("unreachable")
            assert isinstance(client.query(CHECKOUT), NoAnswer)
            with pytest.raises(NoAccessToken):
                client.sign_in()
            assert set(host.paths()) == {wire.OAUTH_PATH}

    @pytest.mark.parametrize("where", DRIPS)
    def test_getting_ready_ends(self, where: str) -> None:
        with hosted(DRIPS[where]) as (_, client), at_most(LONG):
            client.warm()

    @pytest.mark.parametrize("where", DRIPS)
    def test_the_passkey_cannot_be_tried(self, where: str) -> None:
        with hosted(SIGN_IN, DRIPS[where]) as (_, client), at_most(LONG):
            assert client.try_passkey() is Signed.UNKNOWN

    def test_a_refused_push_that_gets_no_new_access_token_in_time_was_not_sent(self) -> None:
        limits = SHORT._replace(other=2 * LONG)
        with hosted(SIGN_IN, REFUSED, drip(HEAD), limits=limits) as (host, client), at_most(LONG):
            assert client.push(PUSH) == NotSent("unreachable")
            assert host.paths() == [wire.OAUTH_PATH, wire.PUSH_PATH, wire.OAUTH_PATH]

    def test_a_handshake_that_never_ends_sent_nothing(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as server, at_most(LONG):
            url = f"https://127.0.0.1:{server.getsockname()[1]}"  # it listens, and says nothing
            with closing(a_client(url, SHORT)) as client:
                assert client.push(PUSH) == NotSent("unreachable")

    def test_a_query_that_hangs_holds_up_no_push(self) -> None:
        hangs = threading.Event()

        def hang(connection: socket.socket) -> bool:
            hangs.set()
            return bool(connection.recv(1))

        actions = (SIGN_IN, hang, answer(ACCEPTED))
        with hosted(*actions, limits=Limits()) as (_, client), ThreadPoolExecutor(1) as pool:
            asked = pool.submit(client.query, CHECKOUT)
            assert hangs.wait(PATIENCE)
            assert client.push(PUSH) == Accepted("m-1", CHECKOUT)
            assert not asked.done()
            client.close()
            assert asked.result(PATIENCE) == NoAnswer(detail="CancelledError")


class TestNameLookUps:
    @pytest.fixture
    def resolver(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
        """Hangs until the end of the test; what it was asked."""
        asked: list[object] = []
        go = threading.Event()
        real = socket.getaddrinfo

        def hang(host: str | bytes | None, *rest: Any) -> Any:
            if host != b"hangs.test":
                return real(host, *rest)
            asked.append(host)
            assert go.wait(PATIENCE)
            raise socket.gaierror("no such name")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        yield asked
        go.set()

    def test_a_resolver_that_hangs_sent_nothing_and_is_asked_once(self, resolver: list[object]) -> None:
        with closing(a_client("https://hangs.test", SHORT)) as client, at_most(PATIENCE - 2):
            for _ in range(3):
                assert client.push(PUSH) == NotSent("unreachable")
        assert resolver == [b"hangs.test"]

    def test_a_name_that_is_not_found_sent_nothing(self) -> None:
        with closing(a_client("https://kaunta.invalid")) as client:
            assert client.push(PUSH) == NotSent("unreachable")

    def test_a_name_is_found(self) -> None:
        with (
            closing(Host(SIGN_IN, answer(ACCEPTED))) as host,
            closing(a_client(host.url.replace("127.0.0.1", "localhost"))) as client,
        ):
            assert client.push(PUSH) == Accepted("m-1", CHECKOUT)


class TestTheFirstByte:
    def test_an_objection_holds_the_whole_request_back(self) -> None:
        with hosted(SIGN_IN, answer(ACCEPTED)) as (host, client):
            assert client.push(PUSH, lambda: "late") == NotSent("late")
            assert host.paths() == [wire.OAUTH_PATH]

    def test_it_is_asked_for_last_when_token_and_connection_are_there(self) -> None:
        seen: list[list[str]] = []
        with hosted(SIGN_IN, answer(ACCEPTED)) as (host, client):
            assert client.push(PUSH, lambda: seen.append(host.paths())) == Accepted("m-1", CHECKOUT)
        assert seen == [[wire.OAUTH_PATH]]

    def test_it_is_asked_for_again_before_the_second_try(self) -> None:
        objections = iter([None, "late"])
        with hosted(SIGN_IN, REFUSED, SIGN_IN, answer(ACCEPTED)) as (host, client):
            assert client.push(PUSH, lambda: next(objections)) == NotSent("late")
            assert host.paths() == [wire.OAUTH_PATH, wire.PUSH_PATH, wire.OAUTH_PATH]

    def test_an_objection_that_takes_for_ever_sends_nothing_and_holds_nobody_up(self) -> None:
        go = threading.Event()

        def for_ever() -> None:
            assert go.wait(PATIENCE)

        with hosted(SIGN_IN, answer(ANSWERED)) as (host, client), at_most(PATIENCE - 2):
            assert client.push(PUSH, for_ever) == NotSent("unreachable")
            assert client.query(CHECKOUT) == Answer(Result.SUCCESS, "0", CHECKOUT)
            go.set()
            assert wire.PUSH_PATH not in host.paths()

    def test_a_fault_in_it_is_no_reason_to_send(self) -> None:
        def fail() -> None:
            raise ValueError("our own")

        with hosted(SIGN_IN, answer(ACCEPTED)) as (host, client):
            with pytest.raises(ValueError, match="our own"):
                client.push(PUSH, fail)
            assert host.paths() == [wire.OAUTH_PATH]

    def test_what_a_proxy_is_told_is_not_the_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The proxy is silent: the request never left, whatever the proxy had."""
        with closing(Host(SIGN_IN, drip(b"HTTP/1.1 200"), drip(b"HTTP/1.1 200"))) as proxy, at_most(LONG):
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            with closing(a_client("https://daraja.invalid", SHORT)) as client:
                assert client.push(PUSH, lambda: pytest.fail("the proxy was asked")) == NotSent("unreachable")


def said(status: str, body: bytes = b"", *headers: str) -> Action:
    def act(connection: socket.socket) -> bool:
        head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
        connection.sendall(f"{head}\r\n".encode() + body)
        return True

    return act


class TestContact:
    """What the light in the window lives on."""

    @pytest.mark.parametrize(
        ("action", "heard"),
        [
            (answer(ANSWERED), True),
            (answer({"errorCode": "500.003.02", "errorMessage": "System is busy"}, "500 Error"), True),
            (said("503 Unavailable", b"<html>Incapsula</html>"), False),
            (said("403 Forbidden", b"<html>Incapsula</html>"), False),
            (said("200 OK", b"<html>log in to the hotel's network</html>"), False),
            (said("502 Bad Gateway"), False),
            (drip(HEAD), False),
        ],
    )
    def test_only_m_pesa_s_own_answer_counts(self, action: Action, heard: bool) -> None:
        told = Heard()
        with closing(Host(SIGN_IN, action)) as host, closing(a_client(host.url, SHORT, told)) as client:
            client.query(CHECKOUT)
        assert (told.told[0], told.told[-1]) == (True, heard)

    def test_wrong_keys_are_an_answer(self) -> None:
        told = Heard()
        with closing(Host(said("400 Bad Request"))) as host, closing(a_client(host.url, SHORT, told)) as client:
            assert client.query(CHECKOUT) == NoAnswer(detail="credentials")
        assert told.told == [True]

    def test_the_test_of_the_connection_sends_nothing(self) -> None:
        told = Heard()
        with closing(Host()) as host, closing(a_client(host.url, heard=told)) as client:
            client.reach()
            assert host.requests == []
        assert told.told == [True]

    def test_nobody_there(self) -> None:
        told = Heard()
        with closing(socket.socket()) as nobody:
            nobody.bind(("127.0.0.1", 0))
            with closing(a_client(f"http://127.0.0.1:{nobody.getsockname()[1]}", heard=told)) as client:
                client.reach()
        assert told.told == [False]

    def test_a_handshake_that_never_ends_is_no_contact(self) -> None:
        told = Heard()
        with (
            closing(socket.create_server(("127.0.0.1", 0))) as server,
            closing(a_client(f"https://127.0.0.1:{server.getsockname()[1]}", SHORT, told)) as client,
            at_most(LONG),
        ):
            client.reach()
        assert set(told.told) == {False}

    def test_after_the_close_nothing_is_tried(self) -> None:
        client = a_client("http://127.0.0.1:9")
        client.close()
        client.reach()

    def test_what_time_it_is_there(self) -> None:
        told = Heard()
        date = "Date: Mon, 23 Nov 2026 11:00:00 GMT"
        token = json.dumps({"access_token": "token-1", "expires_in": "3599"}).encode()
        actions = (said("200 OK", token, date), said("200 OK", b"{}", "Date: nonsense"), said("200 OK", b"{}"))
        with closing(Host(*actions)) as host, closing(a_client(host.url, heard=told)) as client:
            client.query(CHECKOUT)
            client.query(CHECKOUT)
        ((moment, took),) = told.dates
        assert moment == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
        assert 0 <= took < 5


class TestClosing:
    def test_a_push_that_waits_for_its_access_token_is_not_sent(self) -> None:
        waits = threading.Event()

        def hang(connection: socket.socket) -> bool:
            waits.set()
            return bool(connection.recv(1))

        with hosted(hang, limits=Limits()) as (_, client), ThreadPoolExecutor(1) as pool:
            pushed = pool.submit(client.push, PUSH)
            assert waits.wait(PATIENCE)
            client.close()
            assert pushed.result(PATIENCE) == NotSent("unreachable")

    def test_twice_is_harmless(self) -> None:
        client = a_client("http://127.0.0.1:9")
        client.close()
        client.close()
        assert client.push(PUSH) == NotSent("unreachable")


def packed(body: bytes, encoding: str) -> Action:
    def act(connection: socket.socket) -> bool:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        return True

    return act


PLAIN = json.dumps(ACCEPTED).encode()


class TestPackedAnswers:
    def test_none_is_asked_for(self) -> None:
        with hosted(SIGN_IN, answer(ACCEPTED), answer(ANSWERED)) as (host, client):
            client.push(PUSH)
            client.query(CHECKOUT)
            for _, request in host.requests:
                assert b"\r\naccept-encoding: identity\r\n" in request.lower()

    @pytest.mark.parametrize(
        ("body", "encoding"),
        [(gzip.compress(PLAIN), "gzip"), (gzip.compress(PLAIN), "X-Gzip"), (zlib.compress(PLAIN), "deflate")],
    )
    def test_what_comes_packed_anyway_is_read(self, body: bytes, encoding: str) -> None:
        with hosted(SIGN_IN, packed(body, encoding)) as (_, client):
            assert client.push(PUSH) == Accepted("m-1", CHECKOUT)

    @pytest.mark.parametrize(
        ("body", "encoding"),
        [
            (gzip.compress(PLAIN.ljust(65_537)), "gzip"),
            (gzip.compress(PLAIN)[:-9], "gzip"),
            (b"not packed", "gzip"),
            (gzip.compress(gzip.compress(PLAIN)), "gzip, gzip"),
            (b"anything", "br"),
            (b"anything", "zstd"),
        ],
        ids=["a byte too long", "half of it", "no gzip", "twice", "br", "zstd"],
    )
    def test_what_is_too_large_or_unreadable_is_unknown(self, body: bytes, encoding: str) -> None:
        with hosted(SIGN_IN, packed(body, encoding)) as (_, client):
            assert client.push(PUSH) == Unanswered(detail="DecodingError")

    def test_so_is_a_mountain(self) -> None:
        with hosted(SIGN_IN, packed(gzip.compress(b" " * 50_000_000), "gzip")) as (_, client):
            assert client.push(PUSH) == Unanswered(detail="DecodingError")


@pytest.mark.parametrize(("address", "read"), [("http://127.0.0.1:9", 0), ("https://127.0.0.1:9", 1)])
def test_certificates_are_read_only_where_somebody_shows_one(
    monkeypatch: pytest.MonkeyPatch, address: str, read: int
) -> None:
    """To read those of all the world takes 40 ms."""
    reads: list[object] = []
    load = ssl.SSLContext.load_verify_locations

    def count(*args: Any, **more: Any) -> None:
        reads.append(args)
        load(*args, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", count)
    http_client(address, 1).close()
    assert len(reads) == read
