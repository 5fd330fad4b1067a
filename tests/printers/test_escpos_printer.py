"""A printer in the network, right or not: what becomes of a job, and when whoever prints hears of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pos_app.check_result import Status
from pos_app.domain.receipt import Line, Style
from pos_app.domain.receipt_printer import NetworkPrinter, PrinterAddress, PrintJob, Sent, SerialPrinter
from pos_app.errors import BadInput, NotPrinted
from pos_app.printers import escpos_printer, printer_status
from pos_app.printers.escpos_printer import EscposPrinter
from pos_app.printers.job_bytes import job_bytes
from tests.support.paper import printed
from tests.support.tcp_printer import Manner, no_printer, tcp_printer

LIMIT = 4.0  # seconds
LONG = 30.0  # seconds: what has no limit would take longer, and a busy machine less
JOB = PrintJob([Line(Style.TITLE, "Mama Njeri Shop"), Line(Style.PAIR, "No", "A-20261123-0042")], 58, "A QR code " * 20)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What is loaded with the first job is no part of what is measured here."""
    job_bytes(JOB)


class Made:
    """Gives the job, and counts how often it was wanted."""

    def __init__(self, job: PrintJob = JOB) -> None:
        self._job = job
        self.times = 0

    def __call__(self) -> PrintJob:
        self.times += 1
        return self._job


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


@pytest.mark.parametrize("manner", [Manner.RIGHT, Manner.MUTE, Manner.HALF])
def test_one_that_prints(manner: Manner) -> None:
    made = Made()
    with tcp_printer(manner) as there:
        assert EscposPrinter(there.address, limit=LIMIT).print(made) is Sent.PRINTED
        there.until(lambda: len(there.jobs) == 1)
    assert there.jobs == [job_bytes(JOB)]
    assert "A-20261123-0042" in printed(there.jobs[0], 32).text
    assert made.times == 1


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.OUT_OF_PAPER, printer_status.NO_PAPER),
        (Manner.OPEN, printer_status.OPEN),
        (Manner.NO_PRINTER, printer_status.NO_PRINTER),
        (Manner.HANGS_UP, escpos_printer.NOT_THERE),
    ],
)
def test_one_that_cannot_print_is_given_nothing(manner: Manner, words: str) -> None:
    made = Made()
    with tcp_printer(manner) as there, pytest.raises(NotPrinted) as refused:
        EscposPrinter(there.address, limit=LIMIT).print(made)
    assert refused.value.user_text == words
    assert there.jobs == []
    assert made.times == 0


def test_none_at_that_address() -> None:
    made = Made()
    with no_printer() as nowhere, within(LONG), pytest.raises(NotPrinted) as refused:
        EscposPrinter(nowhere, limit=LIMIT).print(made)
    assert refused.value.user_text == escpos_printer.NOT_THERE
    assert made.times == 0


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(NotPrinted):
        EscposPrinter(NetworkPrinter("printer.invalid"), limit=LIMIT).print(Made())


@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.MUTE_AND_OPEN, Manner.DRIPS, Manner.BREAKS, Manner.RUNS_OUT])
def test_one_that_may_have_printed(manner: Manner) -> None:
    made = Made()
    with tcp_printer(manner) as there, within(LONG):
        assert EscposPrinter(there.address, limit=LIMIT).print(made) is Sent.UNCLEAR
    assert made.times == 1


def test_one_that_has_spoken_and_falls_silent_is_given_nothing() -> None:
    made = Made()
    with tcp_printer() as there:
        printer = EscposPrinter(there.address, limit=LIMIT)
        assert printer.print(made) is Sent.PRINTED
        there.until(lambda: len(there.jobs) == 1)
        there.manner = Manner.SILENT
        with pytest.raises(NotPrinted) as refused:
            printer.print(made)
        assert refused.value.user_text == escpos_printer.NOT_THERE
        there.manner = Manner.RIGHT
        assert printer.print(made) is Sent.PRINTED
    assert made.times == 2


def test_what_the_maker_of_the_job_refuses_prints_nothing() -> None:
    def refuse() -> PrintJob:
        raise BadInput("This payment is not paid.")

    with tcp_printer() as there, pytest.raises(BadInput, match="not paid"):
        EscposPrinter(there.address, limit=LIMIT).print(refuse)
    assert there.jobs == []


class Stuck:
    """A connection that hangs where it is told to, until it is let go; then it goes on."""

    def __init__(self, where: str) -> None:
        self._where = where
        self.go = threading.Event()
        self.over = threading.Event()
        self.sent: list[bytes] = []

    def _at(self, where: str) -> None:
        if where == self._where:
            self.go.wait(100)

    def open(self, seconds: float) -> None:
        self._at("open")

    def ask(self, question: bytes, answers: int, seconds: float) -> bytes:
        self._at("ask")
        return b""

    def send(self, data: bytes, until: float) -> None:
        self.sent.append(data)
        self._at("send")

    def end(self, until: float) -> bool:
        self._at("end")
        return True

    def close(self) -> None:
        self.over.set()


def stuck_printer(connection: Stuck) -> EscposPrinter:
    return EscposPrinter(NetworkPrinter("printer"), limit=1.0, connect=lambda _: connection)


@pytest.mark.parametrize("where", ["open", "ask"])
def test_one_that_hangs_before_it_has_anything_prints_nothing_later_either(where: str) -> None:
    made, connection = Made(), Stuck(where)
    with pytest.raises(NotPrinted, match="did not answer"):
        stuck_printer(connection).print(made)
    connection.go.set()
    assert connection.over.wait(10)
    assert connection.sent == []


@pytest.mark.parametrize("where", ["send", "end"])
def test_one_that_hangs_with_a_job_may_have_printed_it(where: str) -> None:
    connection = Stuck(where)
    assert stuck_printer(connection).print(Made()) is Sent.UNCLEAR
    connection.go.set()
    assert connection.over.wait(10)


def test_one_that_hangs_gets_no_second_job() -> None:
    connection = Stuck("send")
    printer, made = stuck_printer(connection), Made()
    printer.print(Made())
    with within(LONG), pytest.raises(NotPrinted) as refused:
        printer.print(made)
    assert refused.value.user_text == escpos_printer.HANGS
    assert made.times == 0
    connection.go.set()
    assert connection.over.wait(10)
    assert printer.print(made) is Sent.PRINTED


def test_two_at_once_are_printed_one_after_the_other() -> None:
    with tcp_printer() as there:
        printer = EscposPrinter(there.address, limit=10)
        threads = [threading.Thread(target=printer.print, args=(Made(),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        there.until(lambda: len(there.jobs) == 4)
    assert set(there.jobs) == {job_bytes(JOB)}


class Fails(Stuck):
    def __init__(self, where: str, error: Exception) -> None:
        super().__init__(where)
        self._error = error

    def _at(self, where: str) -> None:
        if where == self._where:
            raise self._error


class NoBackendError(ValueError):
    """As pyusb calls it."""


def chained(cause: Exception) -> Exception:
    error = RuntimeError("Unable to open")
    error.__context__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), escpos_printer.NOT_ALLOWED),
        (chained(OSError(13, "Access denied (insufficient permissions)")), escpos_printer.NOT_ALLOWED),
        (chained(OSError(19, "No such device")), escpos_printer.NOT_THERE),
        (NoBackendError("No backend available"), escpos_printer.NO_USB),
        (AssertionError(), escpos_printer.NOT_THERE),
    ],
)
def test_why_a_device_cannot_be_used(error: Exception, words: str) -> None:
    with pytest.raises(NotPrinted) as refused:
        stuck_printer(Fails("open", error)).print(Made())
    assert refused.value.user_text == words


def test_a_device_that_fails_while_it_prints_may_have_printed() -> None:
    assert stuck_printer(Fails("send", OSError(5, "Input/output error"))).print(Made()) is Sent.UNCLEAR


@pytest.mark.parametrize(
    ("manner", "status", "words"),
    [
        (Manner.RIGHT, Status.GREEN, "answers and is ready"),
        (Manner.MUTE, Status.GREEN, "does not say whether it has paper"),
        (Manner.OUT_OF_PAPER, Status.AMBER, "no paper"),
        (Manner.NO_PRINTER, Status.AMBER, "no receipt printer"),
        (Manner.HANGS_UP, Status.AMBER, "did not answer"),
    ],
)
def test_a_look_prints_nothing(manner: Manner, status: Status, words: str) -> None:
    with tcp_printer(manner) as there:
        verdict = EscposPrinter(there.address, limit=LIMIT).look()
    assert verdict.status is status
    assert words in verdict.words
    assert there.jobs == []


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"\x12\x12", ""),
        (b"\x12\x1e", ""),  # nearly at its end: it still prints
        (b"\x11\x12\x12\x13", ""),  # XON, XOFF
        (b"\x14\x00\x00\x0f\x12\x12", ""),  # what it says unasked comes first
        (b"\x12", ""),
        (b"\x32\x12", printer_status.NO_PAPER),
        (b"\x12\x72", printer_status.NO_PAPER),
        (b"\x16\x12", printer_status.OPEN),
        (b"\x52\x12", printer_status.FAULT),
        (b"HTTP/1.1 400 Bad Request", printer_status.NO_PRINTER),
        (b"SSH-", printer_status.NO_PRINTER),
    ],
)
def test_what_a_printer_says_of_itself(answer: bytes, trouble: str) -> None:
    if trouble:
        with pytest.raises(NotPrinted) as refused:
            printer_status.must_be_ready(answer)
        assert refused.value.user_text == trouble
    else:
        assert printer_status.must_be_ready(answer)


def test_one_that_says_nothing_is_no_trouble() -> None:
    assert not printer_status.must_be_ready(b"")
    assert not printer_status.must_be_ready(b"\x11")
    assert not printer_status.must_be_ready(b"\x10")


def test_a_serial_line_has_more_time() -> None:
    def limit(address: PrinterAddress) -> float:
        return EscposPrinter(address)._limit

    assert limit(SerialPrinter("COM3")) > limit(NetworkPrinter("printer"))
