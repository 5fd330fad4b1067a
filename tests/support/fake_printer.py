"""A receipt printer as a test wants it: it prints, refuses, leaves open whether it did, or waits."""

import threading
from collections.abc import Callable

from pos_app.domain.receipt import receipt_text
from pos_app.domain.receipt_printer import PrintJob, Sent
from pos_app.errors import NotPrinted

OFF = "The receipt printer did not answer."


class FakePrinter:
    """Fits `ports.ReceiptPrinter`. `hold()` keeps a job before its first byte until `release()`.

    Attributes:
        off: nothing reaches it while it is.
        becomes: what becomes of what it is given.
        jobs: what came out.
        tried: how often somebody wanted to print.
    """

    def __init__(self) -> None:
        self.off = False
        self.becomes = Sent.PRINTED
        self.jobs: list[PrintJob] = []
        self.tried = 0
        self.fault: Exception | None = None
        self.holding = threading.Event()
        self._news = threading.Condition()
        self._turn = threading.Lock()
        self._gate = threading.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    def print(self, make: Callable[[], PrintJob]) -> Sent:
        try:
            with self._turn:
                return self._print(make)
        finally:
            with self._news:
                self.tried += 1
                self._news.notify_all()

    def _print(self, make: Callable[[], PrintJob]) -> Sent:
        if self.off:
            raise NotPrinted(OFF)
        self.holding.set()
        assert self._gate.wait(20), "the test never let it print"
        if self.fault:
            raise self.fault
        job = make()
        with self._news:
            self.jobs.append(job)
        return self.becomes

    def until(self, tried: int) -> None:
        """Wait until somebody has tried so often."""
        with self._news:
            assert self._news.wait_for(lambda: self.tried >= tried, 10), self.tried

    @property
    def papers(self) -> list[str]:
        """What is on paper."""
        return [receipt_text(list(job.lines)) for job in self.jobs]
