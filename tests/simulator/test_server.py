"""The simulator over real sockets."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from pos_app.simulator import (
    OAUTH_PATH,
    PAY_PATH,
    PUSH_PATH,
    QUERY_PATH,
    STATEMENT_PATH,
    Choice,
    Fault,
    Json,
    Prompt,
    Simulator,
    SimulatorOptions,
)
from tests.simulator.world import PHONE, basic, push_body, query_body

PATIENCE = 10.0  # seconds that nothing here should ever need


class Listener:
    """A shop's callback listener: remembers what it gets, and may be slow to answer."""

    def __init__(self, status: int = 200) -> None:
        self._got: list[tuple[str, dict[str, str], Json]] = []
        self._arrived = threading.Condition()
        self.answers = threading.Event()
        self.answers.set()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with listener._arrived:
                    listener._got.append((self.path, dict(self.headers), body))
                    listener._arrived.notify_all()
                listener.answers.wait(PATIENCE)
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/stk/secret"

    def wait(self, count: int) -> list[tuple[str, dict[str, str], Json]]:
        """What arrived, once it is so many."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self._got) >= count, PATIENCE), self._got
            return list(self._got)

    @property
    def count(self) -> int:
        with self._arrived:
            return len(self._got)

    def close(self) -> None:
        self.answers.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Till:
    """A shop's Daraja client."""

    def __init__(self, simulator: Simulator, callback: str) -> None:
        self._http = httpx.Client(base_url=simulator.url, trust_env=False, verify=False, timeout=PATIENCE)
        self._callback = callback
        token = self._http.get(
            OAUTH_PATH, params={"grant_type": "client_credentials"}, headers={"Authorization": basic()}
        ).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def push(self, **changes: object) -> httpx.Response:
        return self._http.post(PUSH_PATH, json=push_body(**({"CallBackURL": self._callback} | changes)))

    def pushed(self, **changes: object) -> str:
        return str(self.push(**changes).json()["CheckoutRequestID"])

    def query(self, checkout_request_id: str) -> httpx.Response:
        return self._http.post(QUERY_PATH, json=query_body(checkout_request_id))

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with closing(Listener()) as opened:
        yield opened


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(SimulatorOptions(customer=None, delay=0.0)) as started:
        yield started


@pytest.fixture
def till(simulator: Simulator, listener: Listener) -> Iterator[Till]:
    with closing(Till(simulator, listener.url)) as opened:
        yield opened


def test_a_payment_from_push_to_callback(simulator: Simulator, listener: Listener, till: Till) -> None:
    answer = till.push()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    checkout = answer.json()["CheckoutRequestID"]
    assert till.query(checkout).json()["ResultCode"] == "4999"
    assert [prompt.checkout_request_id for prompt in simulator.prompts()] == [checkout]

    assert simulator.answer(checkout, Choice.PIN)
    [(path, headers, body)] = listener.wait(1)
    assert path == "/stk/secret"
    assert headers["Content-Type"] == "application/json;charset=UTF-8"
    assert headers["Businessshortcode"] == "174379"
    assert body["Body"]["stkCallback"]["CheckoutRequestID"] == checkout
    assert till.query(checkout).json()["ResultCode"] == "0"
    assert simulator.wait_delivered(1, PATIENCE)
    assert simulator.delivered == [(path, body)]
    assert (simulator.pushes, simulator.prompted, simulator.queries, simulator.tokens_issued) == (1, 1, 2, 1)


def test_customers_act_by_themselves(listener: Listener) -> None:
    with Simulator(SimulatorOptions(delay=0.0)) as simulator, closing(Till(simulator, listener.url)) as till:
        simulator.script(PHONE, Choice.NO_MONEY)
        for count in (1, 2):
            till.push()
            listener.wait(count)
    assert [body["Body"]["stkCallback"]["ResultCode"] for _, _, body in listener.wait(2)] == [1, 0]


def test_a_prompt_that_is_ignored_ends(listener: Listener) -> None:
    gone: Future[str] = Future()
    with (
        Simulator(
            SimulatorOptions(customer=Choice.IGNORE, ignore_after=0.05), on_prompt_closed=gone.set_result
        ) as simulator,
        closing(Till(simulator, listener.url)) as till,
    ):
        checkout = till.pushed()
        assert gone.result(PATIENCE) == checkout
        [(_, _, body)] = listener.wait(1)
        assert body["Body"]["stkCallback"]["ResultCode"] == 1037


def test_a_phone_is_told_of_its_prompts_in_the_simulator_s_thread(listener: Listener) -> None:
    shown: Future[tuple[Prompt, str]] = Future()
    simulator = Simulator(
        SimulatorOptions(customer=None, shop_name="Mama Njeri Shop"),
        on_prompt=lambda prompt: shown.set_result((prompt, threading.current_thread().name)),
    )
    with simulator, closing(Till(simulator, listener.url)) as till:
        checkout = till.pushed()
        prompt, thread = shown.result(PATIENCE)
    assert (prompt.checkout_request_id, prompt.amount, prompt.shop_name) == (checkout, 250, "Mama Njeri Shop")
    assert thread == "daraja-simulator"


def test_a_customer_may_act_from_within_the_notice(listener: Listener) -> None:
    def cancel(prompt: Prompt) -> None:
        practice.answer(prompt.checkout_request_id, Choice.CANCEL)

    practice = Simulator(SimulatorOptions(customer=None), on_prompt=cancel)
    with practice, closing(Till(practice, listener.url)) as till:
        till.push()
        [(_, _, body)] = listener.wait(1)
    assert body["Body"]["stkCallback"]["ResultCode"] == 1032


def test_callbacks_are_held_until_released(simulator: Simulator, listener: Listener, till: Till) -> None:
    simulator.hold_callbacks()
    checkout = till.pushed()
    simulator.answer(checkout, Choice.PIN)
    assert till.query(checkout).json()["ResultCode"] == "0"
    assert listener.count == 0
    simulator.release_callbacks()
    listener.wait(1)


def test_callback_first_over_the_wire(simulator: Simulator, listener: Listener, till: Till) -> None:
    simulator.add_fault(Fault.CALLBACK_FIRST)
    simulator.script(PHONE, Choice.PIN)
    listener.answers.clear()
    with ThreadPoolExecutor(1) as executor:
        answer = executor.submit(till.push)
        listener.wait(1)
        assert not answer.done()
        listener.answers.set()
        assert answer.result(PATIENCE).status_code == 200


def lost_answer(seed: int, listener: Listener) -> str:
    """How the answer of a push that prompted the customer gets lost."""
    options = SimulatorOptions(seed=seed, delay=0.0, faults={Fault.PUSH_ANSWER_LOST: 1.0})
    with Simulator(options) as simulator, closing(Till(simulator, listener.url)) as till:
        before = listener.count
        try:
            answer = till.push()
            kind = f"{answer.status_code} {answer.headers['Content-Type']}"
        except httpx.RemoteProtocolError as error:
            kind = str(error)
        listener.wait(before + 1)
        assert simulator.prompted == 1
        return kind


def test_push_answer_lost_over_the_wire(listener: Listener) -> None:
    assert {lost_answer(seed, listener) for seed in range(8)} == {
        "503 text/html; charset=utf-8",
        "Server disconnected without sending a response.",
    }


def test_push_slow_over_the_wire(listener: Listener) -> None:
    options = SimulatorOptions(delay=0.0, slow=0.3, faults={Fault.PUSH_SLOW: 1.0})
    with Simulator(options) as simulator, closing(Till(simulator, listener.url)) as till:
        begun = time.monotonic()
        assert till.push().status_code == 200
        assert time.monotonic() - begun >= 0.3


def test_html_firewall_over_the_wire(simulator: Simulator, till: Till) -> None:
    simulator.add_fault(Fault.HTML_FIREWALL)
    answer = till.push()
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    simulator.clear_faults()
    assert till.push().status_code == 200


def test_unknown_keys_get_an_empty_400(simulator: Simulator) -> None:
    answer = httpx.get(
        simulator.url + OAUTH_PATH,
        params={"grant_type": "client_credentials"},
        headers={"Authorization": basic("sandbox-key")},
        trust_env=False,
        verify=False,
    )
    assert (answer.status_code, answer.content) == (400, b"")


def test_other_methods_and_paths(simulator: Simulator) -> None:
    with httpx.Client(base_url=simulator.url, trust_env=False, verify=False) as http:
        assert http.get(PUSH_PATH).json()["errorCode"] == "405.001"
        assert http.get("/").json()["errorCode"] == "404.001.01"
        assert http.post(PUSH_PATH, content=b"x" * 100_000).status_code == 413


def test_a_callback_that_cannot_be_delivered_is_remembered(simulator: Simulator, till: Till) -> None:
    gone = Listener()
    gone.close()
    simulator.add_fault(Fault.CALLBACK_FIRST)  # so the push's answer tells that the try is over
    simulator.script(PHONE, Choice.PIN)
    assert till.push(CallBackURL=gone.url).status_code == 200
    [(path, reason)] = simulator.failures
    assert path == "/stk/secret"
    assert "Connect" in reason
    assert simulator.delivered == []


@pytest.mark.parametrize("status", [500, 302])
def test_a_callback_is_delivered_once_whatever_the_answer(status: int, simulator: Simulator, till: Till) -> None:
    simulator.add_fault(Fault.CALLBACK_FIRST)
    simulator.script(PHONE, Choice.PIN)
    with closing(Listener(status)) as listener:
        assert till.push(CallBackURL=listener.url).status_code == 200
        assert len(simulator.delivered) == listener.count == 1


def test_proxies_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, simulator: Simulator, listener: Listener, till: Till
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    simulator.script(PHONE, Choice.PIN)
    till.push()
    listener.wait(1)


def test_a_taken_port_is_known_at_once(simulator: Simulator) -> None:
    second = Simulator(SimulatorOptions(port=simulator.port))
    with pytest.raises(OSError, match="in use"):
        second.start()
    second.stop()


def test_a_port_can_be_chosen_and_used_again() -> None:
    with Simulator(SimulatorOptions()) as first:
        port = first.port
        assert httpx.get(first.url, trust_env=False, verify=False).status_code == 404
    with Simulator(SimulatorOptions(port=port)) as second:
        assert second.url == f"http://127.0.0.1:{port}"
        assert httpx.get(second.url, trust_env=False, verify=False).status_code == 404


def test_stopping_leaves_nothing_and_may_be_repeated(listener: Listener) -> None:
    shown: Future[Prompt] = Future()
    options = SimulatorOptions(customer=None, slow=60.0, faults={Fault.PUSH_SLOW: 1.0})
    simulator = Simulator(options, on_prompt=shown.set_result)
    simulator.start()
    listener.answers.clear()
    with closing(Till(simulator, listener.url)) as till, ThreadPoolExecutor(1) as executor:
        answer = executor.submit(till.push)  # waits for its answer
        prompt = shown.result(PATIENCE)
        simulator.answer(prompt.checkout_request_id, Choice.PIN)
        listener.wait(1)  # and its callback waits for the listener

        begun = time.monotonic()
        simulator.stop()
        simulator.stop()
        assert time.monotonic() - begun < 30  # the answer is due after a minute
        assert isinstance(answer.exception(PATIENCE), httpx.TransportError)
    assert "daraja-simulator" not in [thread.name for thread in threading.enumerate()]
    assert not simulator.answer(prompt.checkout_request_id, Choice.PIN)
    simulator.release_callbacks()


def test_stopping_what_never_started_does_nothing() -> None:
    Simulator(SimulatorOptions()).stop()


def test_a_simulator_is_started_once(simulator: Simulator) -> None:
    with pytest.raises(RuntimeError):
        simulator.start()


def test_answers_come_without_delay(simulator: Simulator, till: Till) -> None:
    checkout = till.pushed()
    took = []
    for _ in range(50):
        begun = time.monotonic()
        till.query(checkout)
        took.append(time.monotonic() - begun)
    assert min(took) < 0.03  # each takes 44 ms where the socket waits to fill its packets


def test_many_customers_at_once(listener: Listener) -> None:
    phones = [f"2547000{number:05}" for number in range(200)]
    with Simulator(SimulatorOptions(delay=0.0)) as simulator, closing(Till(simulator, listener.url)) as till:
        with ThreadPoolExecutor(8) as executor:
            answers = list(executor.map(lambda phone: till.push(PhoneNumber=phone, PartyA=phone), phones))
        assert simulator.wait_delivered(200, PATIENCE)
        delivered = [body["Body"]["stkCallback"] for _, body in simulator.delivered]
    pushed = {answer.json()["CheckoutRequestID"] for answer in answers}
    assert pushed == {told["CheckoutRequestID"] for told in delivered}
    receipts = {item["Value"] for told in delivered for item in told["CallbackMetadata"]["Item"][1:2]}
    assert len(pushed) == len(receipts) == 200


def test_the_statement_comes_as_a_file(simulator: Simulator) -> None:
    code = simulator.pay_by_hand(PHONE, 100)
    with httpx.Client(base_url=simulator.url, trust_env=False, verify=False) as client:
        reply = client.get(f"{STATEMENT_PATH}.csv")
        assert reply.headers["Content-Type"] == "application/octet-stream"
        assert code in reply.text
        assert client.get(f"{STATEMENT_PATH}.xlsx").content.startswith(b"PK")
        assert client.post(PAY_PATH, json={"Msisdn": PHONE, "Amount": 5}).status_code == 200
    [*_, newest] = simulator.written(1)["record"]["movements"]
    assert newest["amount"] == "5"
