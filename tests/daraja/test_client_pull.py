"""Pull Transactions over the client: whole sets, or nothing is concluded."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal

import httpx
import pytest
import respx

from pos_app.daraja import pull_wire, wire
from pos_app.daraja.client import DarajaClient, Limits
from pos_app.daraja.wire import Account
from pos_app.domain.pulled import NotPulled, PulledSet, PullRegistration, PullTrouble
from pos_app.simulator import Fault, Simulator, SimulatorOptions
from tests.daraja.host import SIGN_IN, Host, send_and_reset
from tests.daraja.test_client import BASE, KEYS, REFUSED, token
from tests.support.fakes import PHONE, FakeClock

NUMBER = "254708374149"
Answered = httpx.Response | Exception
FEW = SimulatorOptions(pull_page=4)
TRAPS = (
    Fault.PULL_EMPTY_TEXT, Fault.PULL_FLAT, Fault.PULL_OTHER_KEYS, Fault.PULL_WHOLE_NUMBERS, Fault.TOKEN_DIES_EARLY,
)  # fmt: skip


def client(base_url: str, clock: FakeClock | None = None, limits: Limits = Limits()) -> DarajaClient:
    return DarajaClient(
        base_url=base_url,
        account=Account("174379"),
        keys=KEYS,
        callback_base=lambda: wire.NO_ROUTE,
        now=(clock or FakeClock()).now,
        limits=limits,
    )


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(FEW) as running:
        yield running


def lately() -> tuple[datetime, datetime]:
    """Two hours up to now, by the simulator's clock."""
    now = datetime.now().astimezone()
    return now - timedelta(hours=2), now + timedelta(minutes=1)


def page(*codes: str) -> httpx.Response:
    rows = [
        {"transactionId": code, "trxDate": "2026-11-23T14:00:00Z", "amount": 5, "transactiontype": "c2b-x"}
        for code in codes
    ]
    return httpx.Response(200, json={"ResponseCode": "1000", "Response": [rows]})


class TestWithTheSimulator:
    def test_all_pages_whatever_their_shape(self, simulator: Simulator) -> None:
        for fault in TRAPS:
            simulator.add_fault(fault, 0.5)
        codes = [simulator.pay_by_hand(PHONE, amount) for amount in range(1, 12)]
        with closing(client(simulator.url)) as till:
            assert till.pull(*lately()) == NotPulled(PullTrouble.NO_RECORDS), "it is not registered"
            assert till.register_pull(NUMBER) is PullRegistration.NEW
            assert till.register_pull(NUMBER) is PullRegistration.ALREADY
            first, last = lately()
            pulled = till.pull(first, last)
        assert isinstance(pulled, PulledSet)
        assert [row.receipt for row in pulled.rows] == codes
        assert [row.amount for row in pulled.rows] == list(map(Decimal, range(1, 12)))
        assert (pulled.first, pulled.last) == (first, last)
        assert not any(row.fault for row in pulled.rows)

    def test_a_page_that_fails_or_is_refused_concludes_nothing(self, simulator: Simulator) -> None:
        for amount in range(1, 14):
            simulator.pay_by_hand(PHONE, amount)
        with closing(client(simulator.url)) as till:
            till.register_pull(NUMBER)
            for fault in (Fault.PULL_FAILS, Fault.PULL_REFUSED):
                simulator.add_fault(fault, 0.3)
                found = {type(till.pull(*lately())) for _ in range(6)}
                assert NotPulled in found
                simulator.clear_faults()
            pulled = till.pull(*lately())
        assert isinstance(pulled, PulledSet)
        assert len(pulled.rows) == 13


@pytest.fixture
def router() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=BASE, assert_all_called=False) as mocked:
        mocked.get(wire.OAUTH_PATH).side_effect = [token(f"token-{number}") for number in range(1, 9)]
        yield mocked


@pytest.fixture
def till(clock: FakeClock) -> Iterator[DarajaClient]:
    with closing(client(BASE, clock)) as opened:
        yield opened


def pulled(till: DarajaClient, clock: FakeClock) -> PulledSet | NotPulled:
    return till.pull(clock.now() - timedelta(hours=1), clock.now())


class TestScripted:
    def test_what_is_asked(self, router: respx.MockRouter, till: DarajaClient, clock: FakeClock) -> None:
        asked = router.post(pull_wire.PULL_PATH)
        asked.side_effect = [page("UKN7H7OI90", "UKN7H7OI91"), REFUSED, page()]
        found = pulled(till, clock)
        assert isinstance(found, PulledSet)
        assert found.asked_at == clock.now()
        sent = [json.loads(call.request.content)["OffSetValue"] for call in asked.calls]
        assert sent == ["0", "2", "2"]
        assert [call.request.headers["Authorization"] for call in asked.calls][1:] == [
            "Bearer token-1",
            "Bearer token-2",
        ]

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [
            (httpx.Response(500, json={"errorCode": "500.001.1001"}), PullTrouble.INCOMPLETE),
            (httpx.Response(302, headers={"Location": "https://elsewhere.test"}), PullTrouble.INCOMPLETE),
            (httpx.Response(200, content=b"x" * (pull_wire.MOST_OF_A_PAGE + 1)), PullTrouble.INCOMPLETE),
            (httpx.ReadTimeout("slow"), PullTrouble.INCOMPLETE),
        ],
    )
    def test_a_later_page_that_fails(
        self, router: respx.MockRouter, till: DarajaClient, clock: FakeClock, answer: Answered, trouble: PullTrouble
    ) -> None:
        router.post(pull_wire.PULL_PATH).side_effect = [page("UKN7H7OI90"), answer]
        found = pulled(till, clock)
        assert isinstance(found, NotPulled)
        assert found.trouble is trouble

    def test_a_bomb_is_not_unpacked(self, router: respx.MockRouter, till: DarajaClient, clock: FakeClock) -> None:
        bomb = gzip.compress(b"[" * 3_000_000)
        assert len(bomb) < pull_wire.MOST_OF_A_PAGE
        router.post(pull_wire.PULL_PATH).side_effect = [
            httpx.Response(200, content=bomb, headers={"Content-Encoding": "gzip"})
        ]
        assert pulled(till, clock) == NotPulled(PullTrouble.UNREACHABLE, "DecodingError")

    def test_the_first_one_fails(self, router: respx.MockRouter, till: DarajaClient, clock: FakeClock) -> None:
        asked = router.post(pull_wire.PULL_PATH)
        asked.side_effect = [httpx.ConnectError("no"), REFUSED, REFUSED]
        assert pulled(till, clock) == NotPulled(PullTrouble.UNREACHABLE, "ConnectError")
        assert pulled(till, clock) == NotPulled(PullTrouble.CREDENTIALS, "access token refused")

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [(httpx.Response(400), PullTrouble.CREDENTIALS), (httpx.ConnectError("no"), PullTrouble.UNREACHABLE)],
    )
    def test_without_an_access_token(
        self, router: respx.MockRouter, till: DarajaClient, clock: FakeClock, answer: Answered, trouble: PullTrouble
    ) -> None:
        router.get(wire.OAUTH_PATH).side_effect = [answer, answer]
        found = pulled(till, clock)
        assert isinstance(found, NotPulled)
        assert found.trouble is trouble
        assert till.register_pull(NUMBER) is PullRegistration.UNKNOWN

    def test_registering_is_refused(self, router: respx.MockRouter, till: DarajaClient) -> None:
        register = router.post(pull_wire.REGISTER_PATH)
        register.side_effect = [REFUSED, REFUSED, httpx.Response(400, json={}), httpx.ReadError("gone")]
        assert till.register_pull(NUMBER) is PullRegistration.REFUSED
        assert till.register_pull(NUMBER) is PullRegistration.REFUSED
        assert till.register_pull(NUMBER) is PullRegistration.UNKNOWN
        sent = json.loads(register.calls.last.request.content)
        assert sent["CallBackURL"] == f"{wire.NO_ROUTE}/pull"


def test_an_answer_that_breaks_off_is_none() -> None:
    broken = send_and_reset(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
    with closing(Host(SIGN_IN, broken)) as host, closing(client(host.url)) as till:
        found = till.pull(*lately())
    assert isinstance(found, NotPulled)
    assert found.trouble is PullTrouble.UNREACHABLE


def test_the_whole_of_it_has_one_deadline() -> None:
    silent, limits = Host(SIGN_IN, lambda _: True), Limits(pull_in_all=0.2)
    with closing(silent) as host, closing(client(host.url, limits=limits)) as till:
        assert till.pull(*lately()) == NotPulled(PullTrouble.UNREACHABLE, "TimeoutError")
