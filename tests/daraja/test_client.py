"""Talking to Daraja: scripted by respx, and over real sockets where only those can tell."""

import asyncio
import base64
import json
import socket
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import respx

from pos_app.daraja import wire
from pos_app.daraja.client import DarajaClient, Limits
from pos_app.daraja.exchange import http_client
from pos_app.daraja.tokens import AccessTokens, NoAccessToken
from pos_app.daraja.wire import AccessToken, Account, Keys, Signed
from pos_app.domain.payment_event import Accepted, Answer, NoAnswer, NotSent, Result, Unanswered
from pos_app.domain.push import Push
from pos_app.errors import SettingsError
from pos_app.simulator import Fault, Simulator, SimulatorOptions
from tests.daraja.host import PATIENCE, SIGN_IN, Action, Host, answer, hang_up, send_and_reset
from tests.support.fakes import PHONE, FakeClock

BASE = "https://daraja.test"
KEYS = Keys("practice-key", "practice-secret", "practice-passkey")
PUSH = Push(phone=PHONE, amount=250, reference="POST_3_7", title="Maji", address_token="a1b2")
CHECKOUT = "ws_CO_23112026140000001708374149"
ACCEPTED = {"MerchantRequestID": "m-1", "CheckoutRequestID": CHECKOUT, "ResponseCode": "0"}
ANSWERED = {"ResponseCode": "0", "CheckoutRequestID": CHECKOUT, "ResultCode": "0"}
REFUSED = httpx.Response(404, json={"errorCode": "404.001.03", "errorMessage": "Invalid Access Token"})


def till(
    base_url: str,
    clock: FakeClock,
    *,
    callback_base: Callable[[], str] = lambda: wire.NO_ROUTE,
    limits: Limits = Limits(),
) -> DarajaClient:
    return DarajaClient(
        base_url=base_url,
        account=Account("174379"),
        keys=KEYS,
        callback_base=callback_base,
        now=clock.now,
        monotonic=clock.monotonic,
        limits=limits,
    )


def token(value: str = "token-1", lifetime: object = "3599") -> httpx.Response:
    return httpx.Response(200, json={"access_token": value, "expires_in": lifetime})


class Daraja:
    """respx's routes for the three calls; each is scripted by its `side_effect`."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.router = router
        self.oauth = router.get(wire.OAUTH_PATH, params={"grant_type": "client_credentials"})
        self.push = router.post(wire.PUSH_PATH)
        self.query = router.post(wire.QUERY_PATH)
        self.oauth.side_effect = [token(f"token-{number}") for number in range(1, 20)]

    def bearers(self, route: respx.Route) -> list[str]:
        return [call.request.headers["Authorization"] for call in route.calls]


@pytest.fixture
def daraja() -> Iterator[Daraja]:
    with respx.mock(base_url=BASE, assert_all_called=False) as router:
        yield Daraja(router)


@pytest.fixture
def client(clock: FakeClock) -> Iterator[DarajaClient]:
    with closing(till(BASE, clock)) as opened:
        yield opened


class TestWarm:
    def test_a_token_and_its_connection_are_enough(self, daraja: Daraja, client: DarajaClient) -> None:
        ready = daraja.router.head("/")
        client.warm()
        assert daraja.oauth.call_count == 1
        assert not ready.called

    def test_a_connection_that_grew_old_is_renewed(
        self, daraja: Daraja, client: DarajaClient, clock: FakeClock
    ) -> None:
        ready = daraja.router.head("/")
        ready.side_effect = [httpx.Response(404)]
        client.warm()
        clock.advance(3)
        client.warm()
        client.warm()
        assert (daraja.oauth.call_count, ready.call_count) == (1, 1)
        assert "Authorization" not in ready.calls.last.request.headers

    @pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ReadTimeout])
    def test_it_never_raises(
        self, daraja: Daraja, client: DarajaClient, clock: FakeClock, failure: type[httpx.TransportError]
    ) -> None:
        daraja.oauth.side_effect = [failure("no"), token()]
        daraja.router.head("/").side_effect = [failure("no")]
        client.warm()
        client.warm()
        clock.advance(3)
        client.warm()

    def test_a_closed_client(self, daraja: Daraja, client: DarajaClient) -> None:
        client.close()
        client.warm()
        assert not daraja.oauth.called


class TestPush:
    def test_accepted(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == Accepted("m-1", CHECKOUT)

    def test_what_is_sent(self, daraja: Daraja, client: DarajaClient, clock: FakeClock) -> None:
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)]
        client.push(PUSH)
        sent = daraja.push.calls.last.request
        assert json.loads(sent.content) == wire.push_body(Account("174379"), KEYS, PUSH, wire.NO_ROUTE, clock.now())
        assert sent.headers["Content-Type"] == "application/json"
        assert sent.headers["Authorization"] == "Bearer token-1"
        assert sent.extensions["timeout"]["connect"] == 5.0
        assert sent.extensions["timeout"]["read"] == 30.0
        signed_in = daraja.oauth.calls.last.request
        assert (
            signed_in.headers["Authorization"] == "Basic " + base64.b64encode(b"practice-key:practice-secret").decode()
        )
        assert signed_in.extensions["timeout"]["read"] == 7.0

    def test_the_address_is_the_one_of_now(self, daraja: Daraja, clock: FakeClock) -> None:
        addresses = iter(["https://one.example", "https://two.example"])
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)] * 2
        with closing(till(BASE, clock, callback_base=lambda: next(addresses))) as client:
            client.push(PUSH)
            client.push(PUSH)
        urls = [json.loads(call.request.content)["CallBackURL"] for call in daraja.push.calls]
        assert urls == ["https://one.example/stk/a1b2", "https://two.example/stk/a1b2"]

    @pytest.mark.parametrize("failure", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
    def test_a_connection_that_never_opened_sent_nothing(
        self, daraja: Daraja, client: DarajaClient, failure: type[httpx.TransportError]
    ) -> None:
        daraja.push.side_effect = [failure("no")]
        assert client.push(PUSH) == NotSent("unreachable")
        assert daraja.push.call_count == 1

    @pytest.mark.parametrize(
        "failure",
        [
            httpx.ReadTimeout,
            httpx.ReadError,
            httpx.WriteError,
            httpx.WriteTimeout,
            httpx.CloseError,
            httpx.RemoteProtocolError,
            httpx.LocalProtocolError,
            httpx.DecodingError,
        ],
    )
    def test_a_connection_lost_later_is_unknown_and_nothing_is_sent_again(
        self, daraja: Daraja, client: DarajaClient, failure: type[httpx.RequestError]
    ) -> None:
        daraja.push.side_effect = [failure("lost"), httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == Unanswered(detail=failure.__name__)
        assert daraja.push.call_count == 1

    @pytest.mark.parametrize(
        ("reply", "kind"),
        [
            (httpx.Response(400, json={"errorCode": "400.002.02", "errorMessage": "Bad Request"}), NotSent),
            (httpx.Response(500, json={"errorCode": "500.001.1001", "errorMessage": "Wrong credentials"}), NotSent),
            (httpx.Response(500, json={"errorCode": "500.003.02", "errorMessage": "System is busy"}), Unanswered),
            (httpx.Response(500, json={"errorCode": "500.003.1001"}), Unanswered),
            (httpx.Response(403, html="<html>Incapsula</html>"), Unanswered),
            (httpx.Response(503), Unanswered),
            (httpx.Response(429), Unanswered),
            (httpx.Response(407), Unanswered),
            (httpx.Response(200, json={"ResponseCode": "0"}), Unanswered),
        ],
    )
    def test_no_other_answer_is_a_reason_to_send_again(
        self, daraja: Daraja, client: DarajaClient, reply: httpx.Response, kind: type
    ) -> None:
        daraja.push.side_effect = [reply, httpx.Response(200, json=ACCEPTED)]
        assert isinstance(client.push(PUSH), kind)
        assert daraja.push.call_count == 1

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_redirects_are_not_followed(self, daraja: Daraja, client: DarajaClient, status: int) -> None:
        elsewhere = daraja.router.route(path="/elsewhere").respond(200, json=ACCEPTED)
        daraja.push.side_effect = [httpx.Response(status, headers={"Location": f"{BASE}/elsewhere"}, json=ACCEPTED)]
        assert isinstance(client.push(PUSH), Unanswered)
        assert daraja.push.call_count == 1
        assert not elsewhere.called


class TestHowMuchIsRead:
    PADDED = json.dumps(ACCEPTED).encode()

    def test_64_kib_of_answer_are_read(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.push.side_effect = [httpx.Response(200, content=self.PADDED.ljust(65_536))]
        assert client.push(PUSH) == Accepted("m-1", CHECKOUT)

    def test_more_is_not(self, daraja: Daraja, client: DarajaClient) -> None:
        given: list[int] = []

        async def endless() -> AsyncIterator[bytes]:
            while len(given) < 1_000:
                given.append(1)
                yield b" " * 4_096

        daraja.push.side_effect = [httpx.Response(200, content=endless())]
        assert client.push(PUSH) == Unanswered(detail="DecodingError")
        assert len(given) == 17

    def test_an_unreadable_encoding_is_no_answer(self, daraja: Daraja, client: DarajaClient) -> None:
        broken = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip"))
        daraja.push.side_effect = [broken]
        assert client.push(PUSH) == Unanswered(detail="DecodingError")


class TestAccessTokens:
    def test_one_is_kept_and_used_again(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)] * 3
        daraja.query.side_effect = [httpx.Response(200, json=ANSWERED)]
        for _ in range(3):
            client.push(PUSH)
        client.query(CHECKOUT)
        assert daraja.oauth.call_count == 1
        assert {*daraja.bearers(daraja.push), *daraja.bearers(daraja.query)} == {"Bearer token-1"}

    def test_it_is_renewed_a_minute_before_its_end(
        self, daraja: Daraja, client: DarajaClient, clock: FakeClock
    ) -> None:
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)] * 3
        client.push(PUSH)
        clock.advance(3_538.9)
        client.push(PUSH)
        assert daraja.oauth.call_count == 1
        clock.advance(0.1)
        client.push(PUSH)
        assert daraja.bearers(daraja.push) == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]

    def test_the_wall_clock_does_not_matter(self, daraja: Daraja, client: DarajaClient, clock: FakeClock) -> None:
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)] * 2
        client.push(PUSH)
        clock.jump(86_400)
        client.push(PUSH)
        assert daraja.oauth.call_count == 1

    @pytest.mark.parametrize(("status", "code"), [(404, "404.001.03"), (400, "400.003.01"), (401, "401.002.01")])
    def test_a_refused_push_is_sent_once_more_with_a_new_one(
        self, daraja: Daraja, client: DarajaClient, status: int, code: str
    ) -> None:
        refused = httpx.Response(status, json={"errorCode": code, "errorMessage": "Invalid Access Token"})
        daraja.push.side_effect = [refused, httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == Accepted("m-1", CHECKOUT)
        assert daraja.bearers(daraja.push) == ["Bearer token-1", "Bearer token-2"]
        first, second = (call.request.content for call in daraja.push.calls)
        assert first == second

    def test_a_second_refusal_is_not_sent(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.push.side_effect = [REFUSED, REFUSED, httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == NotSent("access_token")
        assert daraja.push.call_count == 2

    def test_what_follows_the_second_try_is_never_a_third(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.push.side_effect = [REFUSED, httpx.ReadTimeout("silence"), httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == Unanswered(detail="ReadTimeout")
        assert daraja.push.call_count == 2

    @pytest.mark.parametrize(
        ("reply", "reason"), [(httpx.Response(400), "credentials"), (httpx.ConnectError("no"), "unreachable")]
    )
    def test_without_a_new_one_a_refused_push_was_not_sent(
        self, daraja: Daraja, client: DarajaClient, reply: httpx.Response | Exception, reason: str
    ) -> None:
        daraja.oauth.side_effect = [token(), reply]
        daraja.push.side_effect = [REFUSED, httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == NotSent(reason)
        assert daraja.push.call_count == 1

    @pytest.mark.parametrize(
        ("reply", "reason"),
        [
            (httpx.Response(400), "credentials"),
            (httpx.Response(400, json={"errorCode": "400.008.01", "errorMessage": "Invalid"}), "credentials"),
            (httpx.Response(401), "credentials"),
            (httpx.Response(403, html="<html>"), "unreachable"),
            (httpx.Response(200, html="<html>"), "unreachable"),
            (httpx.Response(200, json={"access_token": "a\nb", "expires_in": 1}), "unreachable"),
            (httpx.Response(302, headers={"Location": f"{BASE}/elsewhere"}), "unreachable"),
            (httpx.Response(500), "unreachable"),
            (httpx.Response(503), "unreachable"),
            (httpx.ConnectError("no"), "unreachable"),
            (httpx.ConnectTimeout("no"), "unreachable"),
            (httpx.ReadTimeout("no"), "unreachable"),
            (httpx.RemoteProtocolError("no"), "unreachable"),
        ],
    )
    def test_without_one_nothing_is_sent(
        self, daraja: Daraja, client: DarajaClient, reply: httpx.Response | Exception, reason: str
    ) -> None:
        daraja.oauth.side_effect = [reply, reply]
        assert client.push(PUSH) == NotSent(reason)
        assert client.query(CHECKOUT) == NoAnswer(detail=reason)
        assert not daraja.push.called
        assert not daraja.query.called

    def test_after_a_failure_the_next_call_tries_again(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.oauth.side_effect = [httpx.ConnectError("no"), token()]
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)]
        assert client.push(PUSH) == NotSent("unreachable")
        assert client.push(PUSH) == Accepted("m-1", CHECKOUT)

    def test_how_long_it_lives_is_told_without_fetching(
        self, daraja: Daraja, client: DarajaClient, clock: FakeClock
    ) -> None:
        assert client.token_left() is None
        assert not daraja.oauth.called
        assert client.sign_in() == 3599
        clock.advance(100)
        assert client.token_left() == 3499
        clock.advance(5_000)
        assert client.token_left() == 0
        assert daraja.oauth.call_count == 1

    @pytest.mark.parametrize(
        ("answer", "reason", "detail"),
        [
            (httpx.Response(400), "credentials", "HTTP 400, empty"),
            (httpx.Response(401, text="no"), "credentials", "HTTP 401"),
            (httpx.Response(503, text="<html>"), "unreachable", "HTTP 503"),
            (httpx.ConnectError("canary"), "unreachable", "ConnectError"),
        ],
    )
    def test_a_failure_stays_to_be_told_until_one_is_had(
        self, daraja: Daraja, client: DarajaClient, answer: httpx.Response | Exception, reason: str, detail: str
    ) -> None:
        daraja.oauth.side_effect = [answer, token()]
        with pytest.raises(NoAccessToken) as refused:
            client.sign_in()
        assert (refused.value.reason, refused.value.detail) == (reason, detail)
        with pytest.raises(NoAccessToken) as told:
            client.token_left()
        assert (told.value.reason, told.value.detail) == (reason, detail)
        assert daraja.oauth.call_count == 1
        client.sign_in()
        assert client.token_left() == 3599

    def test_nothing_secret_is_logged(
        self, daraja: Daraja, client: DarajaClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        echo = {"errorCode": "401.002.01", "errorMessage": "Error Occurred - Invalid Access Token - token-1"}
        daraja.push.side_effect = [httpx.Response(401, json=echo), httpx.ReadTimeout(f"on {PHONE}")]
        with caplog.at_level("DEBUG", logger="pos_app"):
            client.push(PUSH)
            daraja.oauth.side_effect = [httpx.Response(400, content=b"practice-secret")]
            client.push(PUSH)
        ours = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("pos_app"))
        assert "ReadTimeout" in ours
        for secret in ("token-1", "token-2", "practice-", PHONE, "a1b2"):
            assert secret not in ours


class Vault:
    """Fetches access tokens when it is told to."""

    def __init__(self, fails: bool = False) -> None:
        self.fetched = 0
        self.fails = fails
        self.go = asyncio.Event()

    async def fetch(self) -> AccessToken:
        self.fetched += 1
        await self.go.wait()
        if self.fails:
            raise NoAccessToken("unreachable")
        return AccessToken(f"token-{self.fetched}", 3_599)


class TestOneFetchForAll:
    async def ask(self, tokens: AccessTokens, vault: Vault) -> list[str]:
        """What eight get that ask while the first one's fetch is on its way."""

        async def get() -> str:
            try:
                return await tokens.get()
            except NoAccessToken as error:
                return error.reason

        eight = [asyncio.create_task(get()) for _ in range(8)]
        await asyncio.sleep(0)  # all of them wait now
        vault.go.set()
        return await asyncio.gather(*eight)

    def test_eight_share_one_token(self, clock: FakeClock) -> None:
        async def play() -> None:
            vault = Vault()
            assert await self.ask(AccessTokens(vault.fetch, clock.monotonic), vault) == ["token-1"] * 8
            assert vault.fetched == 1

        asyncio.run(play())

    def test_eight_share_one_failure_too(self, clock: FakeClock) -> None:
        """Or the last of them would wait for eight timeouts, one after the other."""

        async def play() -> None:
            vault = Vault(fails=True)
            tokens = AccessTokens(vault.fetch, clock.monotonic)
            assert await self.ask(tokens, vault) == ["unreachable"] * 8
            assert vault.fetched == 1
            vault.fails = False
            assert await tokens.get() == "token-2"

        asyncio.run(play())

    def test_who_stops_waiting_does_not_end_the_fetch_for_the_others(self, clock: FakeClock) -> None:
        async def play() -> None:
            vault = Vault()
            tokens = AccessTokens(vault.fetch, clock.monotonic)
            impatient, patient = (asyncio.create_task(tokens.get()) for _ in range(2))
            await asyncio.sleep(0)
            impatient.cancel()
            await asyncio.sleep(0)
            vault.go.set()
            assert await patient == "token-1"

        asyncio.run(play())

    @pytest.mark.parametrize("fails", [False, True])
    def test_a_fetch_that_nobody_waits_for_any_more_is_no_fault(self, clock: FakeClock, fails: bool) -> None:
        async def play() -> None:
            vault = Vault(fails)
            tokens = AccessTokens(vault.fetch, clock.monotonic)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(tokens.get(), 0.01)
            vault.go.set()
            vault.fails = False
            assert await tokens.get() == "token-1"

        asyncio.run(play())

    def test_only_the_refused_one_is_dropped(self, clock: FakeClock) -> None:
        async def play() -> None:
            vault = Vault()
            vault.go.set()
            tokens = AccessTokens(vault.fetch, clock.monotonic)
            assert await tokens.get() == "token-1"
            tokens.drop("token-1")
            assert await tokens.get() == "token-2"
            tokens.drop("token-1")  # somebody else's push, refused with the old one too
            assert await tokens.get() == "token-2"
            assert vault.fetched == 2

        asyncio.run(play())


class TestQuery:
    def test_answered(self, daraja: Daraja, client: DarajaClient, clock: FakeClock) -> None:
        daraja.query.side_effect = [httpx.Response(200, json=ANSWERED)]
        assert client.query(CHECKOUT) == Answer(Result.SUCCESS, "0", CHECKOUT)
        sent = daraja.query.calls.last.request
        assert json.loads(sent.content) == wire.query_body(Account("174379"), KEYS, CHECKOUT, clock.now())
        assert sent.extensions["timeout"] == {"connect": 5.0, "read": 15.0, "write": 15.0, "pool": 5.0}

    def test_it_may_be_asked_again_with_a_new_access_token(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.query.side_effect = [REFUSED, httpx.Response(200, json=ANSWERED)]
        assert client.query(CHECKOUT) == Answer(Result.SUCCESS, "0", CHECKOUT)
        assert daraja.bearers(daraja.query) == ["Bearer token-1", "Bearer token-2"]

    def test_refused_twice(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.query.side_effect = [REFUSED, REFUSED, httpx.Response(200, json=ANSWERED)]
        assert client.query(CHECKOUT) == NoAnswer(detail="access token refused")
        assert daraja.query.call_count == 2

    @pytest.mark.parametrize(
        "failure",
        [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.PoolTimeout],
    )
    def test_no_answer(self, daraja: Daraja, client: DarajaClient, failure: type[httpx.TransportError]) -> None:
        daraja.query.side_effect = [failure("no")]
        assert client.query(CHECKOUT) == NoAnswer(detail=failure.__name__)
        assert daraja.query.call_count == 1


class TestClosed:
    def test_nothing_raises_afterwards(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.push.side_effect = [httpx.Response(200, json=ACCEPTED)]
        client.push(PUSH)  # leaves an access token
        client.close()
        assert client.push(PUSH) == NotSent("unreachable")
        assert isinstance(client.query(CHECKOUT), NoAnswer)
        assert daraja.push.call_count == 1

    def test_nor_where_there_is_no_access_token_yet(self, daraja: Daraja, client: DarajaClient) -> None:
        client.close()
        assert client.push(PUSH) == NotSent("unreachable")
        assert client.query(CHECKOUT) == NoAnswer(detail="RuntimeError")
        assert not daraja.oauth.called


@contextmanager
def hosted(clock: FakeClock, *actions: Action) -> Iterator[tuple[Host, DarajaClient]]:
    with closing(Host(*actions)) as host, closing(till(host.url, clock)) as client:
        yield host, client


class TestRealSockets:
    def test_a_refused_connection_sent_nothing(self, clock: FakeClock) -> None:
        with closing(socket.socket()) as nobody:
            nobody.bind(("127.0.0.1", 0))  # held, and nobody listens
            with closing(till(f"http://127.0.0.1:{nobody.getsockname()[1]}", clock)) as client:
                assert client.push(PUSH) == NotSent("unreachable")
                assert client.query(CHECKOUT) == NoAnswer(detail="unreachable")

    def test_a_connection_refused_when_the_access_token_is_there(self, clock: FakeClock) -> None:
        with hosted(clock, SIGN_IN, answer(ACCEPTED)) as (host, client):
            client.push(PUSH)
            host.deafen()
            assert client.push(PUSH) == NotSent("unreachable")

    def test_no_tls_on_the_other_side(self, clock: FakeClock) -> None:
        def no_tls(connection: socket.socket) -> bool:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return False

        with closing(socket.create_server(("127.0.0.1", 0))) as server, ThreadPoolExecutor(1) as pool:

            def serve() -> None:
                connection, _ = server.accept()
                with closing(connection):
                    no_tls(connection)

            served = pool.submit(serve)
            with closing(till(f"https://127.0.0.1:{server.getsockname()[1]}", clock)) as client:
                assert client.push(PUSH) == NotSent("unreachable")
            served.result(PATIENCE)

    @pytest.mark.parametrize(
        "bytes_before",
        [
            b"",
            b"HTTP/1.1 200",
            b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + json.dumps(ACCEPTED).encode(),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
            b"SSH-2.0-nonsense\r\n\r\n",
        ],
        ids=["nothing", "half a line", "half a body", "half a chunk", "no HTTP"],
    )
    @pytest.mark.parametrize("reset", [True, False])
    def test_a_connection_lost_on_the_way_is_unknown(self, clock: FakeClock, bytes_before: bytes, reset: bool) -> None:
        def lose(connection: socket.socket) -> bool:
            connection.sendall(bytes_before)
            return hang_up(connection)

        action = send_and_reset(bytes_before) if reset else lose
        with hosted(clock, SIGN_IN, action, SIGN_IN, answer(ACCEPTED)) as (host, client):
            assert isinstance(client.push(PUSH), Unanswered)
            assert host.paths() == [wire.OAUTH_PATH, wire.PUSH_PATH]

    def test_a_connection_that_m_pesa_ended_meanwhile_is_not_used(self, clock: FakeClock) -> None:
        ended = threading.Event()

        def accept_and_end(connection: socket.socket) -> bool:
            answer(ACCEPTED)(connection)
            connection.shutdown(socket.SHUT_RDWR)
            ended.set()
            return False

        with hosted(clock, SIGN_IN, accept_and_end, answer(ACCEPTED)) as (host, client):
            client.push(PUSH)
            assert ended.wait(PATIENCE)
            assert client.push(PUSH) == Accepted("m-1", CHECKOUT)
            assert host.on() == [1, 1, 2]

    def test_a_push_goes_by_the_connection_that_was_made_ready(self, clock: FakeClock) -> None:
        def empty(connection: socket.socket) -> bool:
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return True

        with hosted(clock, SIGN_IN, empty, answer(ACCEPTED)) as (host, client):
            client.warm()
            clock.advance(3)
            client.warm()
            client.push(PUSH)
            assert host.paths() == [wire.OAUTH_PATH, "/", wire.PUSH_PATH]
            assert host.on() == [1, 1, 1]

    def test_a_connection_idle_for_more_than_five_seconds_is_not_used(
        self, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("httpcore._async.http11.time", SimpleNamespace(monotonic=clock.monotonic))
        with hosted(clock, SIGN_IN, *[answer(ACCEPTED)] * 3) as (host, client):
            client.push(PUSH)
            clock.advance(4.9)
            client.push(PUSH)
            clock.advance(5.1)
            client.push(PUSH)
            assert host.on() == [1, 1, 1, 2]

    def test_a_proxy_of_the_network_does_not_stand_before_this_computer(
        self, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(Host()) as proxy:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, proxy.url)
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            with hosted(clock, SIGN_IN, answer(ACCEPTED)) as (_, client):
                assert client.push(PUSH) == Accepted("m-1", CHECKOUT)
            assert not proxy.requests

    def test_it_is_used_for_m_pesa_s_own_address(self, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
        refuse = answer({}, "407 Proxy Authentication Required")
        with closing(Host(refuse, refuse)) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            with closing(till("https://daraja.invalid", clock)) as client:
                assert client.push(PUSH) == NotSent("unreachable")
            assert proxy.requests[0][1].startswith(b"CONNECT daraja.invalid:443 ")

    @pytest.mark.parametrize("late", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"])
    def test_closing_while_calls_are_on_their_way_raises_nothing(self, clock: FakeClock, late: bytes) -> None:
        closed = threading.Event()
        arrived = threading.Semaphore(0)

        def hold(connection: socket.socket) -> bool:
            arrived.release()
            assert closed.wait(PATIENCE)
            connection.sendall(late)
            return False

        with hosted(clock, SIGN_IN, answer(ACCEPTED), hold, hold) as (_, client), ThreadPoolExecutor(2) as pool:
            client.push(PUSH)
            pushed, asked = pool.submit(client.push, PUSH), pool.submit(client.query, CHECKOUT)
            for _ in range(2):
                assert arrived.acquire(timeout=PATIENCE)
            client.close()
            closed.set()
            assert isinstance(pushed.result(PATIENCE), Unanswered)
            assert isinstance(asked.result(PATIENCE), NoAnswer)


class TestWithTheSimulator:
    def test_a_charge_from_end_to_end(self, clock: FakeClock) -> None:
        with Simulator(SimulatorOptions(customer=None)) as mpesa, closing(till(mpesa.url, clock)) as client:
            accepted = client.push(PUSH)
            assert isinstance(accepted, Accepted)
            asked = client.query(accepted.checkout_request_id)
            assert isinstance(asked, Answer)
            assert asked.result is Result.PENDING
            assert (mpesa.tokens_issued, mpesa.pushes, mpesa.prompted) == (1, 1, 1)

    def test_two_tills_with_one_consumer_key_take_the_access_token_from_each_other(self, clock: FakeClock) -> None:
        with (
            Simulator(SimulatorOptions(customer=None)) as mpesa,
            closing(till(mpesa.url, clock)) as one,
            closing(till(mpesa.url, clock)) as other,
        ):
            for number, client in enumerate([one, other, one, other]):
                push = Push(
                    phone=f"25470000000{number}", amount=10, reference="POST_1_1", title="Maji", address_token="t"
                )
                assert isinstance(client.push(push), Accepted)
            assert mpesa.prompted == 4
            assert mpesa.pushes == 6  # the second push of each was refused once for its access token
            assert mpesa.tokens_issued == 4

    def test_an_access_token_that_dies_early(self, clock: FakeClock) -> None:
        options = SimulatorOptions(customer=None, faults={Fault.TOKEN_DIES_EARLY: 1.0})
        with Simulator(options) as mpesa, closing(till(mpesa.url, clock)) as client:
            assert isinstance(client.push(PUSH), Accepted)
            assert (mpesa.pushes, mpesa.prompted) == (2, 1)

    def test_wrong_keys(self, clock: FakeClock) -> None:
        options = SimulatorOptions(consumer_secret="another")
        with Simulator(options) as mpesa, closing(till(mpesa.url, clock)) as client:
            assert client.push(PUSH) == NotSent("credentials")
            assert mpesa.pushes == 0

    def test_a_lost_answer_is_unknown_and_the_customer_is_prompted_once(self, clock: FakeClock) -> None:
        options = SimulatorOptions(customer=None, faults={Fault.PUSH_ANSWER_LOST: 1.0})
        with Simulator(options) as mpesa, closing(till(mpesa.url, clock)) as client:
            assert isinstance(client.push(PUSH), Unanswered)
            assert (mpesa.pushes, mpesa.prompted) == (1, 1)


WRONG_PASSKEY = {"errorCode": "500.001.1001", "errorMessage": "Wrong credentials"}


class TestPasskey:
    """Whether short code and passkey belong together, before anybody is asked for money."""

    @pytest.mark.parametrize(
        ("answer", "signed"),
        [
            (
                httpx.Response(500, json={"errorCode": "500.001.1001", "errorMessage": "Wrong credentials"}),
                Signed.WRONG,
            ),
            (httpx.Response(200, json={"ResponseCode": "0", "ResultCode": "1032"}), Signed.FITS),
            (httpx.ReadTimeout("canary"), Signed.UNKNOWN),
        ],
    )
    def test_a_question_about_a_prompt_that_never_was_tells(
        self, daraja: Daraja, client: DarajaClient, answer: httpx.Response | Exception, signed: Signed
    ) -> None:
        daraja.query.side_effect = [answer]
        assert client.try_passkey() is signed
        asked = json.loads(daraja.query.calls.last.request.content)
        assert asked["CheckoutRequestID"].startswith("ws_CO_0101")
        assert not daraja.push.called

    def test_without_an_access_token_nothing_is_asked(self, daraja: Daraja, client: DarajaClient) -> None:
        daraja.oauth.side_effect = [httpx.Response(400)]
        with pytest.raises(NoAccessToken):
            client.try_passkey()
        assert not daraja.query.called


@pytest.mark.parametrize(
    "proxy",
    [
        "socks5://kanini:s3cr3t@proxy.example:1080",
        "odd://kanini:s3cr3t@proxy.example:3128",
        "http://kanini:s3cr3t@proxy.example:port",
        "http://kanini:s3cr3t@proxy.example:99999",
        "http://kanini:s3cr3t@proxy..example:3128",
        "http://kanini:s3cr3t@[proxy:3128",
        "kanini:s3cr3t@proxy..example:3128",
    ],
)
@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY"])
def test_a_proxy_that_cannot_be_used_is_said_in_words_without_its_password(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock, name: str, proxy: str
) -> None:
    monkeypatch.setenv(name, proxy)
    with pytest.raises(SettingsError, match=r"The proxy setting of this computer .*Nothing was sent\.") as raised:
        till("https://sandbox.safaricom.co.ke", clock)
    assert "s3cr3t" not in "".join(traceback.format_exception(raised.value))
    till("http://127.0.0.1:9", clock).close()  # no proxy stands between this computer and itself


@pytest.mark.parametrize(
    ("name", "value"),
    [("SSL_CERT_FILE", "/nowhere/ca.pem"), ("SSL_CERT_FILE", "no certificates"), ("SSL_CERT_DIR", "/nowhere")],
)
def test_certificates_that_are_not_there_are_said_in_words(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise they would be a fault of ours, or look like a server that nobody vouches for."""
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificates", encoding="utf-8")
    monkeypatch.setenv(name, str(empty) if value == "no certificates" else value)
    with pytest.raises(SettingsError, match=f"{name}.*Nothing was sent"):
        http_client("https://daraja.example.co.ke", 1.0)
    http_client("http://127.0.0.1:9", 1.0).close()  # the simulator needs none
