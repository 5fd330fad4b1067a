"""Probing the public address, over real sockets: it is this till, or it is said what is wrong."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pos_app.callbacks import probe as probing
from pos_app.callbacks.probe import LIFE, Probes
from tests.support.fakes import FakeClock


def probed(base: str, probes: Probes, timeout: float = probing.TIMEOUT) -> str:
    """The words."""
    return probing.probe(base, probes, timeout).words


@contextmanager
def server(status: int = 200, body: bytes = b"", certificate: Path | None = None, **headers: str) -> Iterator[str]:
    """Somebody else's server; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            pass

    seen: list[dict[str, str]] = []
    other = HTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        other.socket = context.wrap_socket(other.socket, server_side=True)
        other.handle_error = lambda *_: None  # type: ignore[method-assign]
        scheme = "https"
    thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{other.server_port}"
    finally:
        other.shutdown()
        thread.join()
        other.server_close()


@pytest.fixture
def probes() -> Probes:
    return Probes()


def test_a_nonce_is_long_answered_once_and_only_ours() -> None:
    probes = Probes()
    asked = probes.issue()
    assert len(asked.nonce) * 4 >= 128
    assert asked.reply != asked.nonce
    assert probes.answer("0" * 40) is None
    assert probes.answer(asked.nonce) == asked.reply
    assert probes.answer(asked.nonce) is None
    assert Probes().answer(probes.issue().nonce) is None


def test_a_nonce_does_not_live_long() -> None:
    clock = FakeClock()
    probes = Probes(clock.monotonic)
    old, other = probes.issue(), probes.issue()
    clock.advance(LIFE)
    assert probes.answer(old.nonce) is None
    probes.issue()
    assert other.nonce not in probes._open  # none is kept for ever


@pytest.mark.parametrize("body", [b"", b"<html>Welcome</html>", b"x" * 100_000])
def test_another_server_is_not_this_till(probes: Probes, body: bytes) -> None:
    with server(body=body) as address:
        assert "Another server answered" in probed(address, probes)


def test_a_server_that_sends_the_question_back_is_not_this_till(probes: Probes) -> None:
    class Mirror(Probes):
        """Knows what will be asked."""

        def issue(self) -> Any:
            asked = probes.issue()
            return asked._replace(nonce="n" * 40)

    with server(body=b"n" * 40) as address:
        assert "Another server answered" in probed(address, Mirror())


def test_an_error_of_another_server(probes: Probes) -> None:
    with server(404) as address:
        assert "Another server answered" in probed(address, probes)


def test_a_redirect_is_not_followed(probes: Probes) -> None:
    with server(301, Location="https://shop.example/") as address:
        assert "sends callers on to another one" in probed(address, probes)


@pytest.mark.parametrize(("status", "code"), [(502, "ERR_NGROK_8012"), (404, "ERR_NGROK_3200")])
def test_ngrok_that_does_not_reach_the_till(probes: Probes, status: int, code: str) -> None:
    with server(status, Ngrok_Error_Code=code) as address:
        assert "ngrok is reached, but it does not reach this till" in probed(address, probes)


def test_nobody_there(probes: Probes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "Nobody answers at the public address" in probed(f"http://127.0.0.1:{port}", probes)


def test_a_name_that_is_not_known(probes: Probes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "name of the public address cannot be found" in probed("https://kaunta.invalid", probes)


@pytest.mark.parametrize(
    "address",
    ["https://till..example.co.ke", f"https://{'a' * 64}.example.co.ke", "https://xn--a.example", "https://[till", "x"],
)
def test_what_is_no_address(probes: Probes, address: str) -> None:
    words = probed(address, probes)
    assert words.endswith("Payments go on: the till asks M-PESA for their results.")


@pytest.mark.parametrize("proxy", ["socks5://kanini:s3cr3t@127.0.0.1:1080", "odd://kanini:s3cr3t@127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used(probes: Probes, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    words = probed("https://till.example.co.ke", probes)
    assert "The proxy setting of this computer" in words
    assert "s3cr3t" not in words


def test_somebody_who_does_not_answer(probes: Probes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        result = probing.probe(f"http://127.0.0.1:{port}", probes, timeout=0.2)
        assert "does not answer in time" in result.words
        assert not result.nobody  # he has taken the connection, and would hear what M-PESA says


def test_somebody_who_drips_is_not_waited_for_without_an_end(probes: Probes) -> None:
    ended = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):  # whoever asked hangs up
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.05):
                connection.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as slow:
        thread = threading.Thread(target=drip, args=(slow,))
        thread.start()
        result = probing.probe(f"http://127.0.0.1:{slow.getsockname()[1]}", probes, timeout=10, deadline=0.3)
        assert "does not answer in time" in result.words
        assert not result.nobody
        thread.join(10)
        assert not thread.is_alive()  # nobody goes on listening to it
        ended.set()


def test_somebody_who_hangs_up(probes: Probes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            rude.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        assert "cannot be reached" in probed(f"http://127.0.0.1:{rude.getsockname()[1]}", probes)
        thread.join()


def test_a_certificate_that_nobody_vouches_for(probes: Probes, tmp_path: Path) -> None:
    with server(certificate=self_signed(tmp_path)) as address:
        assert "certificate of the public address is not valid" in probed(address, probes)


def test_every_fault_says_that_payments_go_on(probes: Probes) -> None:
    with server(404) as address:
        assert probed(address, probes).endswith("Payments go on: the till asks M-PESA for their results.")


def test_a_proxy_is_used_outside_and_never_for_this_computer(probes: Probes, monkeypatch: pytest.MonkeyPatch) -> None:
    with server(404) as proxy:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        assert "Another server answered" in probed("http://till.example", probes)  # the proxy's answer
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        assert "Nobody answers" in probed(f"http://127.0.0.1:{port}", probes)


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_a_month_that_is_used_up_is_told_apart(probes: Probes) -> None:
    """Nothing is broken then, and starting things again would not help."""
    with server(status=503, Ngrok_Error_Code="ERR_NGROK_727") as address:
        told = probing.probe(address, probes, used_up=lambda: "Used up until 1 December.")
        plain = probing.probe(address, probes)
    assert (told.used_up, told.nobody) == (True, False)
    assert told.words.startswith("Used up until 1 December. Payments go on")
    assert "restart" not in plain.words
    assert "ERR_NGROK_727" in plain.words


def test_whether_somebody_else_would_hear_is_told(probes: Probes) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        port = gone.getsockname()[1]
    assert probing.probe(f"http://127.0.0.1:{port}", probes).nobody
    assert probing.probe("https://kaunta.invalid", probes).nobody
    with server(body=b"something else") as address:
        assert not probing.probe(address, probes).nobody
    with server(status=301, Location="https://example.com") as address:
        assert not probing.probe(address, probes).nobody


class TestOfAShop:
    """Its tills know a key by their database: whichever the address leads to answers for all."""

    def test_another_till_answers_and_a_stranger_or_another_shop_does_not(self) -> None:
        asks, answers = Probes(key=lambda: "shop"), Probes(key=lambda: "shop")
        asked = asks.issue()
        for other in (Probes(), Probes(key=lambda: "another shop")):
            assert other.answer(asked.nonce) is None
        assert answers.answer(asked.nonce) == asked.reply
        assert asks.answer(asked.nonce) == asked.reply

    def test_what_no_till_has_asked_is_answered_by_none(self) -> None:
        answers = Probes(key=lambda: "shop")
        own = answers.issue().nonce
        for nonce in ("", "a" * 40, "a" * 80, own[:-1], own[:-1] + "x", own + "0", "é" * 80):
            assert answers.answer(nonce) is None

    def test_its_own_is_answered_once_and_not_for_long(self, clock: FakeClock) -> None:
        probes = Probes(clock.monotonic, key=lambda: "shop")
        asked = probes.issue()
        clock.advance(LIFE)
        assert probes.answer(asked.nonce) is None
