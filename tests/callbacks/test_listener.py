"""The callback listener over real sockets: what a genuine callback gets, and what everybody else does."""

import asyncio
import logging
import select
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import httpx
import pytest

from pos_app.callbacks.connections import GRACE
from pos_app.callbacks.listener import CONNECTIONS, MAX_BODY, CallbackListener
from pos_app.callbacks.probe import Probes, probe
from pos_app.callbacks.senders import PUBLISHED
from pos_app.domain.payment import Change, Outcome, Payment, State
from pos_app.domain.payment_event import Callback, Result, UnreadableCallback
from pos_app.domain.payment_line import PaymentLine
from pos_app.domain.transitions import Evidence
from pos_app.errors import CannotSave, Closing, Occupied

TOKEN = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
GENUINE = b'{"Body": {"stkCallback": {"ResultCode": 1032, "CheckoutRequestID": "ws_CO_1", "ResultDesc": "x"}}}'
PATIENCE = 10.0  # seconds that nothing here should ever need
SHORT = 0.25  # seconds: the listener's deadline where a test waits for it
AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PAYMENT = Payment(
    id=1,
    number="A-20261123-0001",
    till="A",
    address="0" * 64,
    lines=(PaymentLine(post_id=1, title="Maji", price=250),),
    customer_id=1,
    phone="254708374149",
    amount=250,
    state=State.PROMPTED,
    created_at=AT,
    updated_at=AT,
)
CHANGE = Change(before=PAYMENT, after=PAYMENT, outcome=Outcome.APPLIED)
Recorded = Future[Change | None]


def until(true: Callable[[], bool]) -> None:
    """Wait for something that nobody announces."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if true():
            return
        pause.wait(0.005)
    raise AssertionError("it never came true")


def recorded(found: str = "") -> Recorded:
    future: Recorded = Future()
    future.set_result(replace(CHANGE, proved=found))
    return future


def failed(error: Exception) -> Recorded:
    future: Recorded = Future()
    future.set_exception(error)
    return future


class FakeInbox:
    """Knows one address, and answers as the test wants."""

    def __init__(self) -> None:
        self.named: list[str] = []
        self.asked: list[set[str]] = []
        self.got: list[tuple[str, Callback | UnreadableCallback, str]] = []
        self.arrived = threading.Semaphore(0)
        self.answer: Callable[[], Recorded] = recorded
        self.gate = threading.Event()  # closed: a look into the store takes its time
        self.gate.set()
        self.fault: Exception | None = None
        self.expected: str | None = None
        self.meanwhile: Callable[[], None] = lambda: None  # on the listener's own thread

    def expects(self, address_token: str) -> bool:
        self.named.append(address_token)
        self.meanwhile()
        return address_token == self.expected

    def knows(self, address_tokens: Collection[str]) -> set[str]:
        self.asked.append({*address_tokens})
        assert self.gate.wait(PATIENCE), "the test never let it look"
        if self.fault:
            raise self.fault
        return {TOKEN} & {*address_tokens}

    def receive(self, address_token: str, event: Callback | UnreadableCallback, body: str) -> Recorded:
        self.got.append((address_token, event, body))
        self.arrived.release()
        return self.answer()

    def wait(self) -> None:
        """Until the next callback is here."""
        assert self.arrived.acquire(timeout=PATIENCE)


@pytest.fixture
def inbox() -> FakeInbox:
    return FakeInbox()


@contextmanager
def listening(inbox: FakeInbox, deadline: float = PATIENCE, probes: Probes | None = None) -> Iterator[CallbackListener]:
    listener = CallbackListener(inbox, deadline=deadline, probes=probes)
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()


@pytest.fixture
def listener(inbox: FakeInbox) -> Iterator[CallbackListener]:
    with listening(inbox) as opened:
        yield opened


@pytest.fixture
def hasty(inbox: FakeInbox) -> Iterator[CallbackListener]:
    """A listener that waits for nothing long."""
    with listening(inbox, SHORT) as opened:
        yield opened


def post(listener: CallbackListener, body: bytes = GENUINE, token: str = TOKEN, **headers: str) -> httpx.Response:
    with httpx.Client(trust_env=False, verify=False, timeout=PATIENCE) as http:
        return http.post(f"http://127.0.0.1:{listener.port}/stk/{token}", content=body, headers=headers)


def connect(listener: CallbackListener) -> socket.socket:
    return socket.create_connection(("127.0.0.1", listener.port), timeout=PATIENCE)


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side ends the connection."""
    data = b""
    try:
        while chunk := connection.recv(65_536):
            data += chunk
    except ConnectionResetError:  # it ended the connection with bytes of ours unread
        pass
    return data


def say(listener: CallbackListener, request: bytes) -> bytes:
    """Send raw bytes; the answer, up to the end of the connection."""
    with connect(listener) as connection:
        connection.sendall(request)
        return read_all(connection)


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


def head(*lines: str, method: str = "POST", path: str = f"/stk/{TOKEN}") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: x", *lines, "", "")).encode()


class TestGenuine:
    def test_what_is_expected_is_let_in_without_asking_the_store(
        self, listener: CallbackListener, inbox: FakeInbox
    ) -> None:
        inbox.expected = "another"
        assert post(listener, token="another").status_code == 200
        assert not inbox.asked

    def test_it_is_answered_only_after_the_commit(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(post, listener)
            inbox.wait()
            assert not answer.done()
            waiting.set_result(CHANGE)
            response = answer.result(PATIENCE)
        assert response.status_code == 200
        assert response.json() == {"ResultCode": 0, "ResultDesc": "Accepted"}

    def test_what_the_ledger_gets(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        post(listener)
        [(token, event, body)] = inbox.got
        assert token == TOKEN
        assert event == Callback(Result.CANCELLED, "1032", None, "ws_CO_1")
        assert body == GENUINE.decode()

    def test_each_answer_ends_its_connection(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        """A tunnel would send the next callback over it, perhaps in the moment in which it is ended for being idle."""
        with connect(listener) as connection:
            connection.sendall(head(f"Content-Length: {len(GENUINE)}", "Connection: keep-alive") + GENUINE)
            answer = read_all(connection)
        assert status(answer) == 200
        assert b"connection: close" in answer.lower()
        assert b"application/json" in answer
        assert len(inbox.got) == 1

    def test_unreadable_is_recorded_and_then_refused(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(post, listener, b"\xff<html>")
            inbox.wait()
            assert not answer.done()
            waiting.set_result(CHANGE)
            assert answer.result(PATIENCE).status_code == 400
        [(_, event, body)] = inbox.got
        assert isinstance(event, UnreadableCallback)
        assert body == "\ufffd<html>"

    def test_another_encoding_than_utf_8_is_unreadable(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        assert post(listener, GENUINE.decode().encode("utf-16")).status_code == 400
        assert isinstance(inbox.got[0][1], UnreadableCallback)

    def test_an_empty_body_is_unreadable(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        assert post(listener, b"").status_code == 400
        assert len(inbox.got) == 1


class TestKnocks:
    def test_this_till_hears_its_own_probe_once(self, inbox: FakeInbox) -> None:
        probes = Probes()
        with listening(inbox, probes=probes) as listener:
            address = f"http://127.0.0.1:{listener.port}"
            assert probe(address, probes).words == ""
            asked = probes.issue()
            answers = [httpx.get(f"{address}/knock/{asked.nonce}", trust_env=False, verify=False) for _ in range(2)]
        assert [(answer.status_code, answer.text) for answer in answers] == [(200, asked.reply), (404, "")]
        assert not inbox.named

    def test_it_is_no_use_for_anything_but_looking(self, inbox: FakeInbox) -> None:
        probes = Probes()
        asked = probes.issue()
        with listening(inbox, probes=probes) as listener:
            address = f"http://127.0.0.1:{listener.port}"
            for method in ("POST", "PUT", "HEAD", "OPTIONS"):
                answer = httpx.request(method, f"{address}/knock/{asked.nonce}", trust_env=False)
                assert (answer.status_code, answer.content) == (404, b"")
            assert httpx.get(f"{address}/stk/{asked.nonce}", trust_env=False, verify=False).status_code == 404

    @pytest.mark.parametrize("path", ["{}", "/{}", "/stk/{}", "/knock", "//knock/{}", "/knock/knock/{}"])
    def test_it_is_heard_at_its_own_path_only(self, inbox: FakeInbox, path: str) -> None:
        probes = Probes()
        asked = probes.issue()
        with listening(inbox, probes=probes) as listener:
            request = f"GET {path.format(asked.nonce)} HTTP/1.1\r\nHost: till\r\n\r\n"
            with socket.create_connection(("127.0.0.1", listener.port), PATIENCE) as caller:
                caller.sendall(request.encode())
                assert asked.reply.encode() not in caller.makefile("rb").read()
        assert probes.answer(asked.nonce) == asked.reply

    def test_another_till_at_the_address_does_not_pass(self, inbox: FakeInbox) -> None:
        with listening(inbox, probes=Probes()) as other:
            assert "Another server answered" in probe(f"http://127.0.0.1:{other.port}", Probes()).words


class TestStrangers:
    def test_an_unknown_address_is_like_any_other_path_and_method(
        self, listener: CallbackListener, inbox: FakeInbox
    ) -> None:
        unknown = "ffffffffffffffffffffffffffffffffffffffff"
        with httpx.Client(trust_env=False, verify=False, base_url=f"http://127.0.0.1:{listener.port}") as http:
            answers = [
                http.request(method, path, content=content)
                for method, path, content in [
                    ("POST", f"/stk/{unknown}", GENUINE),
                    ("POST", "/stk/", GENUINE),
                    ("POST", "/stk", GENUINE),
                    ("POST", "/", GENUINE),
                    ("POST", f"/stk/{TOKEN}/", GENUINE),
                    ("POST", f"/stk/{TOKEN[:-1]}", GENUINE),
                    ("POST", f"/STK/{TOKEN}", GENUINE),
                    ("POST", f"/x/stk/{TOKEN}", GENUINE),
                    ("POST", f"/stk/{TOKEN.upper()}", GENUINE),
                    ("GET", f"/stk/{TOKEN}", b""),
                    ("PUT", f"/stk/{TOKEN}", GENUINE),
                    ("DELETE", f"/stk/{TOKEN}", b""),
                    ("OPTIONS", f"/stk/{TOKEN}", b""),
                    ("GET", "/", b""),
                    ("GET", "/favicon.ico", b""),
                    ("GET", f"/knock/{unknown}", b""),
                    ("GET", "/knock/", b""),
                    ("POST", f"/knock/{unknown}", GENUINE),
                ]
            ]
        assert {answer.status_code for answer in answers} == {404}
        assert {answer.content for answer in answers} == {b""}
        shapes = {tuple((k, v) for k, v in answer.headers.items() if k != "date") for answer in answers}
        assert len(shapes) == 1
        assert not inbox.got

    def test_the_body_of_a_stranger_is_not_waited_for(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        assert status(say(listener, head("Content-Length: 60000", path="/stk/unknown"))) == 404
        assert status(say(listener, head("Content-Length: 9999999", path="/stk/unknown"))) == 404
        assert status(say(listener, head("Transfer-Encoding: chunked", path="/other"))) == 404
        assert not inbox.got

    @pytest.mark.parametrize(
        "path",
        [
            b"/stk/" + b"a" * 129,
            b"/stk/\xff\xfe",
            b"/stk/%ff%fe",
            b"/stk/%ED%A0%80",
            b"/stk/%00",
            b"/stk/a%2Fb",
            b"/stk/a b",
            b"/stk/..%2f..",
            b"/stk/%F0%9F%92%B0",
        ],
    )
    def test_what_cannot_be_an_address_is_not_looked_up(
        self, listener: CallbackListener, inbox: FakeInbox, path: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = say(listener, b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert status(answer) in (400, 404)
        assert not inbox.asked
        assert not caplog.records

    def test_those_who_wait_are_looked_up_together(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        """In a flood of strangers a look for each would take all the time there is."""
        others = ["a", "b", "c", TOKEN, "d"]
        inbox.gate.clear()
        with ThreadPoolExecutor(6) as pool, ExitStack() as stack:
            stack.callback(inbox.gate.set)
            first = pool.submit(post, listener)
            until(lambda: len(inbox.asked) == 1)
            answers = [pool.submit(post, listener, token=token) for token in others]
            until(lambda: len(inbox.named) == 6)
            inbox.gate.set()
            assert first.result(PATIENCE).status_code == 200
            assert [answer.result(PATIENCE).status_code for answer in answers] == [404, 404, 404, 200, 404]
        assert inbox.asked == [{TOKEN}, set(others)]

    def test_a_look_that_fails_fails_for_those_who_wait_for_it(
        self, listener: CallbackListener, inbox: FakeInbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        inbox.gate.clear()
        inbox.fault = RuntimeError("broken")
        with ThreadPoolExecutor(3) as pool, ExitStack() as stack:
            stack.callback(inbox.gate.set)
            answers = [pool.submit(post, listener, token=token) for token in ("a", "b", TOKEN)]
            until(lambda: len(inbox.named) == 3)
            inbox.gate.set()
            assert [answer.result(PATIENCE).status_code for answer in answers] == [500, 500, 500]
        inbox.fault = None
        assert post(listener).status_code == 200

    def test_it_stops_while_somebody_is_looked_up(self, inbox: FakeInbox, caplog: pytest.LogCaptureFixture) -> None:
        before = set(threading.enumerate())
        inbox.gate.clear()
        with listening(inbox) as listener, connect(listener) as first, connect(listener) as second:
            first.sendall(head("Content-Length: 0"))
            until(lambda: bool(inbox.asked))
            second.sendall(head("Content-Length: 0"))
            until(lambda: len(inbox.named) == 2)
            listener.stop()
            inbox.gate.set()
            until(lambda: set(threading.enumerate()) <= before)
        assert not caplog.records

    def test_an_address_that_vanished_is_unknown(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        def vanished() -> Recorded:
            future: Recorded = Future()
            future.set_result(None)
            return future

        inbox.answer = vanished
        assert post(listener).status_code == 404


class TestSize:
    def test_64_kib_are_read(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        assert post(listener, GENUINE.ljust(MAX_BODY)).status_code == 200
        assert len(inbox.got) == 1

    def test_more_is_refused_before_it_is_sent(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        assert status(say(listener, head(f"Content-Length: {MAX_BODY + 1}"))) == 413
        assert not inbox.got

    def test_more_in_chunks_is_refused_when_it_comes(self, listener: CallbackListener, inbox: FakeInbox) -> None:
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        assert status(say(listener, head("Transfer-Encoding: chunked") + chunk * 4 + b"1\r\nx\r\n")) == 413
        assert not inbox.got


class TestNotSaved:
    @pytest.mark.parametrize("error", [CannotSave(), Closing()])
    def test_the_computer_cannot_save(self, listener: CallbackListener, inbox: FakeInbox, error: Exception) -> None:
        inbox.answer = lambda: failed(error)
        assert post(listener).status_code == 503

    @pytest.mark.parametrize("body", [GENUINE, b"<html>"])
    def test_not_in_time(self, hasty: CallbackListener, inbox: FakeInbox, body: bytes) -> None:
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        assert post(hasty, body).status_code == 503
        assert not waiting.cancelled()
        waiting.set_result(CHANGE)  # saved after all

    @pytest.mark.parametrize("error", [None, CannotSave()])
    def test_news_kept_until_after_the_end_is_still_the_ledger_s(
        self, inbox: FakeInbox, error: Exception | None, caplog: pytest.LogCaptureFixture
    ) -> None:
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        with listening(inbox, SHORT) as listener:
            assert post(listener).status_code == 503
        assert not waiting.done()
        if error:
            waiting.set_exception(error)
        else:
            waiting.set_result(CHANGE)
        assert not caplog.records

    def test_a_sender_who_leaves_does_not_take_the_news_along(
        self, listener: CallbackListener, inbox: FakeInbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        with connect(listener) as connection:
            connection.sendall(head(f"Content-Length: {len(GENUINE)}") + GENUINE)
            inbox.wait()
        inbox.answer = recorded
        assert post(listener).status_code == 200  # the listener has seen the end of the first connection
        assert not waiting.cancelled()
        waiting.set_result(CHANGE)
        assert post(listener).status_code == 200
        assert not caplog.records

    def test_stopping_does_not_cancel_the_ledger_s_future(self, inbox: FakeInbox) -> None:
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        with listening(inbox) as listener, ThreadPoolExecutor(1) as pool:
            answer = pool.submit(post, listener)
            inbox.wait()
            listener.stop()
            assert isinstance(answer.exception(PATIENCE), httpx.TransportError)
        assert not waiting.done()
        waiting.set_result(CHANGE)


class TestFaultsOfOurs:
    def check(self, listener: CallbackListener, caplog: pytest.LogCaptureFixture) -> None:
        answer = post(listener, token=TOKEN)
        assert (answer.status_code, answer.content) == (500, b"")
        assert [record.getMessage() for record in caplog.records] == ["the listener failed"]

    def test_the_look_up_raises(
        self, listener: CallbackListener, inbox: FakeInbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        inbox.fault = RuntimeError("broken")
        self.check(listener, caplog)
        inbox.fault = None
        assert post(listener).status_code == 200

    def test_the_inbox_raises(
        self, listener: CallbackListener, inbox: FakeInbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        def raises() -> Recorded:
            raise RuntimeError("broken")

        inbox.answer = raises
        self.check(listener, caplog)

    def test_the_ledger_fails(
        self, listener: CallbackListener, inbox: FakeInbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        inbox.answer = lambda: failed(ValueError("broken"))
        self.check(listener, caplog)


MARK = "EVIL-7c1f"


class TestLeaving:
    def test_a_sender_who_leaves_in_the_middle_of_his_body(
        self, listener: CallbackListener, inbox: FakeInbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG), connect(listener) as connection:
            connection.sendall(head("Content-Length: 90") + MARK.encode())
            until(lambda: bool(inbox.asked))
        assert post(listener).status_code == 200
        assert len(inbox.got) == 1
        assert MARK not in caplog.text
        assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


class TestManyConnections:
    def test_200_who_wait_for_us_and_one_more_waits_for_a_place(
        self, listener: CallbackListener, inbox: FakeInbox
    ) -> None:
        """M-PESA posts only once: nobody is sent away, and nobody has to leave whose callback is being recorded."""
        waiting: Recorded = Future()
        inbox.answer = lambda: waiting
        with ExitStack() as stack:
            connections = [stack.enter_context(connect(listener)) for _ in range(CONNECTIONS)]
            for connection in connections:
                connection.sendall(head(f"Content-Length: {len(GENUINE)}") + GENUINE)
            for _ in connections:
                inbox.wait()
            one_more = stack.enter_context(connect(listener))
            one_more.sendall(head(f"Content-Length: {len(GENUINE)}") + GENUINE)
            one_more.settimeout(SHORT)
            with pytest.raises(TimeoutError):
                one_more.recv(1)
            one_more.settimeout(PATIENCE)
            waiting.set_result(CHANGE)
            assert {status(read_all(connection)) for connection in (*connections, one_more)} == {200}
        assert CONNECTIONS == 200

    def test_nobody_makes_room_while_nobody_waits_outside(self, listener: CallbackListener) -> None:
        with ExitStack() as stack:
            full = [stack.enter_context(connect(listener)) for _ in range(CONNECTIONS)]
            ended, _, _ = select.select(full, [], [], 4 * GRACE)
            assert not ended
            for connection in full:
                connection.sendall(head(f"Content-Length: {len(GENUINE)}") + GENUINE)
            assert {status(read_all(connection)) for connection in full} == {200}

    def test_who_has_been_idle_longest_makes_room(self, listener: CallbackListener) -> None:
        with ExitStack() as stack:
            idle = [stack.enter_context(connect(listener)) for _ in range(CONNECTIONS)]
            assert post(listener).status_code == 200
            assert read_all(idle[0]) == b""
            idle[-1].sendall(head(f"Content-Length: {len(GENUINE)}") + GENUINE)
            assert status(read_all(idle[-1])) == 200

    @pytest.mark.parametrize(
        "start", [b"", b"POST /", head("Content-Length: 90"), head("Content-Length: 90") + b"{"], ids=range(4)
    )
    def test_1500_who_say_little_do_not_delay_a_genuine_callback(
        self, listener: CallbackListener, inbox: FakeInbox, start: bytes
    ) -> None:
        with many_files(4_000), ExitStack() as stack:
            for _ in range(1_500):
                one = stack.enter_context(socket.socket())
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", listener.port))
                with suppress(OSError):
                    one.send(start)
            # Within a second on a quiet computer; with places kept until their deadlines it would be over 60.
            assert post(listener).status_code == 200
        assert len(inbox.got) == 1


@contextmanager
def many_files(count: int) -> Iterator[None]:
    """So many open files for this process."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count:
        pytest.skip("this computer does not allow so many open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class TestDeadline:
    @pytest.mark.parametrize("start", [b"", b"POST /stk/", head("X-Half: 1")[:-2]])
    def test_whoever_does_not_finish_the_head_is_ended(
        self, hasty: CallbackListener, inbox: FakeInbox, start: bytes
    ) -> None:
        assert say(hasty, start) == b""
        assert not inbox.got

    def test_whoever_drips_is_ended_when_the_time_is_over_and_not_later(
        self, hasty: CallbackListener, inbox: FakeInbox
    ) -> None:
        """Head and body have one deadline together, from the beginning of the connection."""
        slowly = [*head("Content-Length: 5000"), *b"x" * 5_000]
        with connect(hasty) as connection:
            connection.setblocking(False)
            began, answer, pause = time.monotonic(), b"", threading.Event()
            with suppress(ConnectionError):
                while time.monotonic() - began < PATIENCE:
                    connection.send(bytes([slowly.pop(0)]))
                    pause.wait(SHORT / 100)
                    with suppress(BlockingIOError):
                        answer = connection.recv(65_536)
                        break
        assert SHORT * 0.9 < time.monotonic() - began < PATIENCE / 2
        assert answer == b"" or status(answer) == 408
        assert not inbox.got

    def test_a_look_into_the_store_takes_nothing_from_the_sender_s_time(
        self, hasty: CallbackListener, inbox: FakeInbox
    ) -> None:
        inbox.gate.clear()
        with connect(hasty) as connection:
            connection.sendall(head(f"Content-Length: {len(GENUINE)}") + GENUINE)
            until(lambda: bool(inbox.asked))
            assert not threading.Event().wait(2 * SHORT)
            inbox.gate.set()
            assert status(read_all(connection)) == 200


class TestStartAndStop:
    def test_it_is_reached_from_this_computer_only(self, listener: CallbackListener) -> None:
        with closing(socket.socket()) as outside:
            outside.settimeout(PATIENCE)
            with pytest.raises(ConnectionRefusedError):
                outside.connect(("127.0.0.2", listener.port))

    def test_a_port_in_use_is_known_at_once(self, inbox: FakeInbox) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            with pytest.raises(Occupied, match=rf"Port {port} is used by another program.*POS_LISTEN_PORT"):
                CallbackListener(inbox, port).start()

    def test_a_port_just_left_may_be_taken_again(self, inbox: FakeInbox) -> None:
        with listening(inbox) as first:
            port = first.port
            assert post(first).status_code == 200
        second = CallbackListener(inbox, port)
        second.start()
        try:
            assert second.port == port
            assert post(second).status_code == 200
        finally:
            second.stop()

    def test_nothing_is_left_running(self, inbox: FakeInbox) -> None:
        before = set(threading.enumerate())
        with listening(inbox) as listener:
            port = listener.port
            post(listener)
            assert {thread.name for thread in threading.enumerate()} >= {"listener"}
        listener.stop()  # a second time does nothing
        until(lambda: set(threading.enumerate()) <= before)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def test_whoever_arrives_at_the_stop_is_not_let_in_and_lost(self, inbox: FakeInbox) -> None:
        """A socket that is left to the garbage collector is a warning, which fails the test."""
        with ExitStack() as stack, listening(inbox) as listener:
            late = stack.enter_context(socket.socket())
            late.settimeout(PATIENCE)

            def at_once() -> None:
                late.connect(("127.0.0.1", listener.port))
                loop = asyncio.get_running_loop()
                loop.call_soon(loop.stop)  # as `stop` does

            inbox.meanwhile = at_once
            stack.enter_context(connect(listener)).sendall(head("Content-Length: 0", path="/stk/unknown"))
            until(lambda: "listener" not in {thread.name for thread in threading.enumerate()})
            assert read_all(late) == b""

    def test_open_connections_do_not_keep_it(self, inbox: FakeInbox) -> None:
        before = set(threading.enumerate())
        with ExitStack() as stack:
            with listening(inbox) as listener:
                for start in (b"", b"POST /", head("Content-Length: 90")):
                    stack.enter_context(connect(listener)).sendall(start)
                until(lambda: bool(inbox.asked))
            until(lambda: set(threading.enumerate()) <= before)


def test_what_a_header_says_about_the_sender_is_a_hint_in_the_news_and_opens_no_door(
    listener: CallbackListener, inbox: FakeInbox
) -> None:
    headers = {"X-Forwarded-For": "196.201.214.200"}
    assert post(listener, GENUINE, TOKEN, **headers).status_code == 200
    assert post(listener).status_code == 200
    assert [event.detail for _, event, _ in inbox.got] == [PUBLISHED, None]
    assert post(listener, GENUINE, "f" * 40, **headers).status_code == 404
    assert len(inbox.got) == 2


def test_a_database_that_hangs_is_not_waited_for_without_an_end(inbox: FakeInbox) -> None:
    """M-PESA is told that it was not taken, and is asked about the payment."""
    inbox.gate.clear()
    listener = CallbackListener(inbox, look=SHORT)
    listener.start()
    try:
        assert post(listener).status_code == 503
        inbox.gate.set()
    finally:
        listener.stop()
    assert inbox.got == []


def test_visits_are_counted_and_what_is_surely_m_pesa_s_is_told(inbox: FakeInbox) -> None:
    """A probe of the till's own is counted where it is sent."""
    visits: list[int] = []
    surely: list[datetime] = []
    probes = Probes()
    listener = CallbackListener(
        inbox, deadline=PATIENCE, probes=probes, visited=lambda: visits.append(1), came=surely.append
    )
    listener.start()
    try:
        assert probe(f"http://127.0.0.1:{listener.port}", probes).words == ""
        assert (len(visits), len(surely)) == (0, 0)
        assert post(listener, token="f" * 40).status_code == 404
        assert post(listener, b"junk").status_code == 400
        for found in (Evidence.FOREIGN, Evidence.PAID_CURABLE, Evidence.NOTHING):
            inbox.answer = partial(recorded, found)
            assert post(listener).status_code == 200
        assert (len(visits), len(surely)) == (5, 0)
        for found in (Evidence.PAID, Evidence.CANCELLED, Evidence.EXPIRED, Evidence.DECLINED):
            inbox.answer = partial(recorded, found)
            assert post(listener).status_code == 200
        assert (len(visits), surely) == (9, [CHANGE.after.created_at] * 4)  # with when their payment was opened
    finally:
        listener.stop()
