"""However a command is ended: what was sent is waited for, files are closed, and words say where it stands."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.cli.main import main
from pos_app.cli.unix_signals import SIGNALS, interrupted_once, told_to_end
from pos_app.simulator import Fault, Simulator, SimulatorOptions

MAIN = Path(__file__).parents[2] / "main.py"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as Linux and macOS send them")


@pytest.fixture
def mpesa() -> Iterator[Simulator]:
    with Simulator(SimulatorOptions(customer=None, slow=1.0)) as simulator:
        yield simulator


@pytest.fixture
def shop(mpesa: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {
        "POS_DATA_DIR": str(tmp_path),
        "POS_ENVIRONMENT": "sandbox",
        "POS_DARAJA_URL": mpesa.url,
        "POS_SHORTCODE": "174379",
        "POS_CONSUMER_KEY": "practice-key",
        "POS_CONSUMER_SECRET": "practice-secret",
        "POS_PASSKEY": "practice-passkey",
        "POS_CALLBACK": "none",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["posts", "add", "Tea", "--price", "30", "--days", "0"]) == 0
    return tmp_path


def charge(*more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(MAIN), "charge", "--post", "1", "--phone", "0712345678", *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(running: "subprocess.Popen[str]", words: str) -> None:
    assert running.stdout
    while words not in (line := running.stdout.readline()):
        assert line, "it ended"


@pytest.mark.parametrize("numbers", [[signal.SIGHUP], [signal.SIGTERM], [signal.SIGINT, signal.SIGINT]])
def test_an_ended_charge_says_where_it_stands(shop: Path, numbers: list[int]) -> None:
    running = charge()
    until(running, "Waiting for customer's PIN")
    for number in numbers:
        running.send_signal(number)
    out, err = running.communicate(timeout=50)
    assert running.returncode == 4
    assert "M-PESA has the request" in out
    assert "1 payment waits for M-PESA's answer" in err
    assert "Traceback" not in err
    assert "till A closed" in (shop / "kaunta.log").read_text(encoding="utf-8")


def test_an_ended_charge_waits_for_the_push_s_answer(shop: Path, mpesa: Simulator) -> None:
    mpesa.add_fault(Fault.PUSH_SLOW)
    running = charge("--json")
    while not mpesa.pushes:
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    out, _ = running.communicate(timeout=50)
    assert running.returncode == 4
    assert '"status": "prompted"' in out, "not cut off in the middle"


def test_a_charge_that_is_ended_before_anything_was_sent_sends_nothing(
    shop: Path, mpesa: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("pos_app.cli.charge._wait_for_address", told)
    assert main(["charge", "--post", "1", "--phone", "0712345678"]) == 1
    assert capsys.readouterr().err == "Stopped. Nothing was sent.\n"
    assert mpesa.pushes == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_any_other_command_ends_in_order_too(number: int) -> None:
    before = signal.getsignal(number)
    closed: list[bool] = []

    def command() -> None:
        with interrupted_once():
            try:
                os.kill(os.getpid(), number)
                threading.Event().wait(10)
            finally:
                os.kill(os.getpid(), number)  # once more, while files are being closed
                closed.append(True)

    with pytest.raises(KeyboardInterrupt):
        command()
    assert closed
    assert signal.getsignal(number) == before


def test_who_asked_for_no_hang_up_gets_none() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with told_to_end() as ended:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not ended.wait(0.05)
            os.kill(os.getpid(), signal.SIGTERM)
            assert ended.wait(10)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_beside_the_main_thread_signals_are_left_alone() -> None:
    found: list[object] = []

    def ask() -> None:
        with told_to_end():
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(10)
    assert found == [signal.getsignal(signal.SIGTERM)]
