"""Receipts on a printer that the till drives itself: by hand, and by themselves after *paid*."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import JournalLine, Payment, Remark, State
from pos_app.domain.payment_event import EventKind
from pos_app.domain.receipt import Line, Style
from pos_app.domain.receipt_printer import Sent
from pos_app.errors import BadInput, CannotSave, NotPrinted, SignInNeeded
from pos_app.sales import printing
from pos_app.sales.printing import PrintTrouble, ReceiptPaper
from tests.support.builders import answer, end, failure, flush, prompt, said, sell, success, tell
from tests.support.fake_printer import OFF, FakePrinter
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.staff import hire, stand
from tests.support.till_harness import TillHarness, open_harness


@pytest.fixture
def printer() -> FakePrinter:
    return FakePrinter()


class Troubles:
    """What is told of receipts that did not come out."""

    def __init__(self) -> None:
        self.told: list[PrintTrouble] = []
        self._news = threading.Condition()

    def __call__(self, trouble: PrintTrouble) -> None:
        with self._news:
            self.told.append(trouble)
            self._news.notify_all()

    def until(self, count: int) -> list[PrintTrouble]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.told) >= count, 10), self.told
        return self.told


@pytest.fixture
def harness(tmp_path: Path, clock: FakeClock, printer: FakePrinter) -> Iterator[TillHarness]:
    """A till that prints by itself."""
    paper = ReceiptPaper(printer=printer, by_itself=True, drawer=True)
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=paper) as made:
        yield made
        printer.release()


@pytest.fixture
def by_hand(tmp_path: Path, clock: FakeClock, printer: FakePrinter) -> Iterator[TillHarness]:
    """A till that prints only when it is asked to."""
    paper = ReceiptPaper(printer=printer)
    with open_harness(tmp_path / "hand.db", clock, FakeGateway(), paper=paper) as made:
        yield made
        printer.release()


@pytest.fixture
def troubles(harness: TillHarness) -> Troubles:
    made = Troubles()
    harness.till.printing.watch(made)
    return made


def post(harness: TillHarness) -> Post:
    return next(iter(harness.till.catalogue.posts()), None) or harness.till.catalogue.add(draft_post("Tea", 30, 0))


def paid(harness: TillHarness, token: str = "secret", **changes: Any) -> Payment:
    return end(harness, sell(harness, post(harness), token=token, **changes), "0")


def prints(harness: TillHarness, payment: Payment) -> int:
    return sum(line.event_kind is EventKind.PRINTED for line in harness.till.reader.journal(payment.id))


def settled(harness: TillHarness, printer: FakePrinter) -> list[str]:
    """What is on paper once everything that was to be printed is."""
    flush(harness.till.writer)
    harness.till.printing.stop()
    return printer.papers


def printers_of(harness: TillHarness) -> list[str | None]:
    """Who has printed, as the audit has it."""
    return [line.operator for line in harness.till.reader.audit(10) if line.act is Act.PRINT]


# --- by hand -----------------------------------------------------------------------------------------


def test_a_second_print_says_copy(by_hand: TillHarness, printer: FakePrinter) -> None:
    payment = paid(by_hand)
    first = by_hand.till.printing.print_receipt(payment.id)
    assert (first.sent, first.next.copy) == (Sent.PRINTED, 2)
    assert by_hand.till.printing.print_receipt(payment.id).next.copy == 3
    assert ["COPY" in text for text in printer.papers] == [False, True]
    assert "COPY 2" in printer.papers[1]
    assert printer.jobs[0].qr == first.next.message
    assert not any(job.drawer for job in printer.jobs)  # the drawer is not opened by a copy
    assert prints(by_hand, payment) == 2


def test_what_surely_did_not_come_out_does_not_count(by_hand: TillHarness, printer: FakePrinter) -> None:
    payment = paid(by_hand)
    printer.off = True
    with pytest.raises(NotPrinted, match=OFF):
        by_hand.till.printing.print_receipt(payment.id)
    assert prints(by_hand, payment) == 0
    printer.off = False
    by_hand.till.printing.print_receipt(payment.id)
    assert "COPY" not in printer.papers[0]


def test_what_may_have_come_out_counts(by_hand: TillHarness, printer: FakePrinter) -> None:
    payment = paid(by_hand)
    printer.becomes = Sent.UNCLEAR
    assert by_hand.till.printing.print_receipt(payment.id).sent is Sent.UNCLEAR
    assert by_hand.till.receipts.receipt(payment.id).copy == 2


def test_a_print_counts_before_its_first_byte_leaves(by_hand: TillHarness, printer: FakePrinter) -> None:
    """Whatever ends the program then: what may be on paper is never printed as the original again."""
    payment = paid(by_hand)
    seen: list[int] = []
    printer.jobs = _Counting(lambda: seen.append(prints(by_hand, payment)))
    by_hand.till.printing.print_receipt(payment.id)
    assert seen == [1]


class _Counting(list):  # type: ignore[type-arg]
    def __init__(self, came: object) -> None:
        super().__init__()
        self._came = came

    def append(self, job: object) -> None:
        self._came()  # type: ignore[operator]
        super().append(job)


def test_two_at_once_are_one_original_and_one_copy(by_hand: TillHarness, printer: FakePrinter) -> None:
    payment = paid(by_hand)
    threads = [
        threading.Thread(target=by_hand.till.printing.print_receipt, args=(payment.id,), daemon=True) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted("COPY" in text for text in printer.papers) == [False, True, True, True]
    assert len(set(printer.papers)) == 4


def test_what_is_not_paid_is_not_printed(by_hand: TillHarness, printer: FakePrinter) -> None:
    waiting = prompt(by_hand, sell(by_hand, post(by_hand)))
    with pytest.raises(BadInput, match="not paid"):
        by_hand.till.printing.print_receipt(waiting.id)
    assert printer.jobs == []


def test_what_cannot_be_remembered_is_not_printed(by_hand: TillHarness, printer: FakePrinter) -> None:
    payment = paid(by_hand)
    by_hand.till.writer.saving = False
    with pytest.raises(CannotSave):
        by_hand.till.printing.print_receipt(payment.id)
    by_hand.till.writer.saving = True
    assert printer.jobs == []


def test_what_is_no_receipt_is_printed_as_it_is(by_hand: TillHarness, printer: FakePrinter) -> None:
    assert by_hand.till.printing.print_lines([Line(Style.TITLE, "Z 0001")]) is Sent.PRINTED
    assert [paper.strip() for paper in printer.papers] == ["Z 0001"]
    printer.off = True
    with pytest.raises(NotPrinted, match=OFF):
        by_hand.till.printing.print_lines([Line(Style.TITLE, "Z 0001")])


def test_by_hand_means_by_hand(by_hand: TillHarness, printer: FakePrinter) -> None:
    paid(by_hand)
    assert settled(by_hand, printer) == []
    assert by_hand.till.printing.printer is printer


def test_who_prints_is_kept_and_nobody_is_who_prints_by_itself(
    by_hand: TillHarness, harness: TillHarness, printer: FakePrinter
) -> None:
    by_itself = paid(harness)
    settled(harness, printer)
    assert printers_of(harness) == [None]
    assert prints(harness, by_itself) == 1
    payment = paid(by_hand)
    hire(by_hand.till)
    stand(by_hand.till, Role.OPERATOR)
    by_hand.till.printing.print_receipt(payment.id)
    assert printers_of(by_hand) == ["Amina"]


def test_where_there_are_operators_somebody_must_be_signed_in_to_print(
    by_hand: TillHarness, printer: FakePrinter
) -> None:
    payment = paid(by_hand)
    hire(by_hand.till)
    stand(by_hand.till, None)
    with pytest.raises(SignInNeeded):
        by_hand.till.printing.print_receipt(payment.id)
    assert printer.jobs == []
    assert prints(by_hand, payment) == 0


def meanwhile(monkeypatch: pytest.MonkeyPatch, harness: TillHarness, happens: Callable[[], object]) -> None:
    """Something happens elsewhere right after this till has looked how often a receipt was printed."""
    reader, journal = harness.database.reader, harness.database.reader.journal

    def look(payment_id: int) -> list[JournalLine]:
        found = journal(payment_id)
        monkeypatch.undo()
        happens()
        return found

    monkeypatch.setattr(reader, "journal", look)


def test_two_tills_at_once_are_one_original_and_one_copy(
    by_hand: TillHarness, printer: FakePrinter, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, beside = paid(by_hand), FakePrinter()
    with open_harness(tmp_path / "hand.db", clock, FakeGateway(), paper=ReceiptPaper(printer=beside)) as other:
        meanwhile(monkeypatch, by_hand, lambda: other.till.printing.print_receipt(payment.id))
        assert by_hand.till.printing.print_receipt(payment.id).next.copy == 3
    assert ["COPY" in text for text in (*beside.papers, *printer.papers)] == [False, True]


# --- by itself ---------------------------------------------------------------------------------------


def test_each_paid_payment_is_printed_once(
    harness: TillHarness, printer: FakePrinter, troubles: Troubles, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.printing")
    payments = [paid(harness, f"secret {number}") for number in range(3)]
    printer.until(3)
    for payment in payments:  # M-PESA says so once more, and tells its code
        tell(harness, payment, success(payment, receipt=f"UKN{payment.id:07}"), answer(payment))
    texts = settled(harness, printer)
    assert [payment.number in text for payment, text in zip(payments, texts, strict=True)] == [True] * 3
    assert not any("COPY" in text for text in texts)
    assert all(job.drawer for job in printer.jobs)
    assert [prints(harness, payment) for payment in payments] == [1, 1, 1]
    assert troubles.told == []
    assert f"payment {payments[0].number}: receipt printed" in said(caplog, "pos_app.sales.printing")


def test_late_money_is_printed_too(harness: TillHarness, printer: FakePrinter) -> None:
    payment = prompt(harness, sell(harness, post(harness)))
    closed = tell(harness, payment, failure(payment))
    assert closed.state is State.CANCELLED
    tell(harness, closed, success(payment))
    assert len(settled(harness, printer)) == 1


def test_what_is_not_paid_is_not_printed_by_itself(harness: TillHarness, printer: FakePrinter) -> None:
    payment = prompt(harness, sell(harness, post(harness)))
    tell(harness, payment, failure(payment))
    assert settled(harness, printer) == []


def test_what_was_bound_by_hand_is_printed_by_hand(harness: TillHarness, printer: FakePrinter) -> None:
    made = sell(harness, post(harness))
    with harness.database.write() as transaction:
        bound = replace(made, state=State.PAID, remarks=frozenset({Remark.BOUND}), closed_at=made.created_at)
        transaction.update(made, bound)
    harness.till.ledger.publish(made)
    harness.till.ledger.publish(bound)
    assert settled(harness, printer) == []


def test_what_another_till_takes_is_not_printed_here(harness: TillHarness, printer: FakePrinter) -> None:
    paid(harness, till="B")
    assert settled(harness, printer) == []


def test_its_own_is_printed_also_where_another_till_hears_of_it(
    harness: TillHarness, printer: FakePrinter, tmp_path: Path, clock: FakeClock
) -> None:
    """On one server: B records that A's payment is paid, and A sees it when it looks at it next."""
    payment = prompt(harness, sell(harness, post(harness)))
    with open_harness(tmp_path / "till.db", clock, FakeGateway()) as other:
        tell(other, payment, success(payment))
    flush(harness.till.writer)
    assert printer.tried == 0
    tell(harness, payment, answer(payment))
    assert len(settled(harness, printer)) == 1


def test_no_restart_prints_anything_again(tmp_path: Path, clock: FakeClock, printer: FakePrinter) -> None:
    """Neither what was printed nor, long after its customer has gone, what was not."""
    paper = ReceiptPaper(printer=printer, by_itself=True)
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=paper) as first:
        done = paid(first)
        printer.until(1)
        printer.off = True
        waiting = paid(first, "other")
        printer.until(2)
    printer.off = False
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=paper) as second:
        for payment in (done, waiting):
            tell(second, payment, success(payment, receipt=f"UKN{payment.id:07}"), answer(payment))
        assert len(settled(second, printer)) == 1
        assert "COPY" not in "".join(printer.papers)
        assert second.till.receipts.receipt(waiting.id).copy == 1


def test_what_is_paid_after_a_restart_is_printed(tmp_path: Path, clock: FakeClock, printer: FakePrinter) -> None:
    paper = ReceiptPaper(printer=printer, by_itself=True)
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=paper) as first:
        payment = prompt(first, sell(first, post(first)))
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=paper) as second:
        tell(second, payment, success(payment))
        assert len(settled(second, printer)) == 1


def test_what_somebody_has_printed_already_is_left_alone(
    harness: TillHarness, printer: FakePrinter, troubles: Troubles
) -> None:
    printer.hold()
    payment = paid(harness)
    assert printer.holding.wait(10)
    harness.till.receipts.printed(payment.id)  # on another printer
    flush(harness.till.writer)
    printer.release()
    assert settled(harness, printer) == []
    assert troubles.told == []
    assert prints(harness, payment) == 1


def test_what_another_till_prints_just_then_is_left_alone(
    harness: TillHarness,
    printer: FakePrinter,
    troubles: Troubles,
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    payment, beside = prompt(harness, sell(harness, post(harness))), FakePrinter()
    with open_harness(tmp_path / "till.db", clock, FakeGateway(), paper=ReceiptPaper(printer=beside)) as other:
        meanwhile(monkeypatch, harness, lambda: other.till.printing.print_receipt(payment.id))
        tell(harness, payment, success(payment))
        assert settled(harness, printer) == []
    assert len(beside.papers) == 1
    assert troubles.told == []
    assert prints(harness, payment) == 1


def test_a_printer_that_is_off_costs_a_line_and_the_receipt_waits(
    harness: TillHarness, printer: FakePrinter, troubles: Troubles
) -> None:
    printer.off = True
    payment = paid(harness)
    assert payment.state is State.PAID
    [trouble] = troubles.until(1)
    assert (trouble.payment.id, trouble.why) == (payment.id, OFF)
    printer.off = False
    assert printer.jobs == []  # nobody tries by himself
    harness.till.printing.print_receipt(payment.id)
    assert "COPY" not in printer.papers[0]


def test_a_computer_without_a_thread_left_says_so_and_the_receipt_waits(
    harness: TillHarness, printer: FakePrinter, troubles: Troubles, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = sell(harness, post(harness))
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if thread.name == "receipts":
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as busy:
        busy.setattr(threading.Thread, "start", refuse)
        end(harness, payment, "0")
    assert [(told.payment.id, told.why) for told in troubles.until(1)] == [(payment.id, printing.NO_THREAD)]
    assert settled(harness, printer) == []
    assert prints(harness, payment) == 0


def test_what_may_have_come_out_is_told(harness: TillHarness, printer: FakePrinter, troubles: Troubles) -> None:
    printer.becomes = Sent.UNCLEAR
    payment = paid(harness)
    assert troubles.until(1) == [PrintTrouble(payment, None)]
    assert harness.till.receipts.receipt(payment.id).copy == 2


def test_one_that_fails_holds_up_no_other(
    harness: TillHarness, printer: FakePrinter, troubles: Troubles, caplog: pytest.LogCaptureFixture
) -> None:
    printer.fault = RuntimeError("a fault of ours")
    paid(harness)
    [trouble] = troubles.until(1)
    assert trouble.why == printing.FAULT
    printer.fault = None
    paid(harness, "other")
    assert len(settled(harness, printer)) == 1
    assert "a receipt could not be printed" in said(caplog, "pos_app.sales.printing")


def test_a_printer_that_hangs_delays_no_payment(harness: TillHarness, printer: FakePrinter) -> None:
    printer.hold()
    assert paid(harness).state is State.PAID
    assert printer.holding.wait(10)
    assert paid(harness, "other").state is State.PAID
    printer.release()
    assert len(settled(harness, printer)) == 2


def test_nothing_is_printed_once_the_till_closes(harness: TillHarness, printer: FakePrinter) -> None:
    harness.till.printing.stop()
    paid(harness)
    assert settled(harness, printer) == []


def test_closing_waits_five_seconds_at_most_for_a_printer_that_hangs(
    harness: TillHarness, printer: FakePrinter, troubles: Troubles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "ENDING", 0.01)
    printer.hold()
    paid(harness)
    paid(harness, "other")
    assert printer.holding.wait(10)
    printer.fault = NotPrinted(OFF)
    harness.till.printing.stop()
    printer.release()
    printer.until(1)
    assert troubles.told == []  # nobody is there any more
    assert printer.jobs == []


def test_the_roll_can_be_another_one_at_any_time(by_hand: TillHarness, printer: FakePrinter) -> None:
    payment = paid(by_hand)
    by_hand.till.printing.print_receipt(payment.id)
    by_hand.till.printing.choose_width(58)
    assert by_hand.till.printing.width == 58
    by_hand.till.printing.print_receipt(payment.id)
    assert [job.paper for job in printer.jobs] == [80, 58]
