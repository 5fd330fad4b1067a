"""Results reach widgets on the GUI thread, or not at all."""

import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from pos_app.errors import BadInput, PosError
from pos_app.messages.window import FAULT
from pos_app.ui.tasks import Lane, Tasks
from pos_app.ui.till_events import TillEvents

EMITS = 2_000


class Receiver(QObject):
    """Counts what it gets, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []
        self.threads: set[int] = set()

    @Slot(object)
    def receive(self, value: object) -> None:
        self.got.append(value)
        self.threads.add(threading.get_ident())


def test_thousands_of_signals_from_a_thread_arrive_on_the_gui_thread(events: TillEvents, qtbot: QtBot) -> None:
    """Guards a PySide6 release that lost a reference with each emit and aborted after some hundreds."""
    receiver = Receiver()
    events.payment_changed.connect(receiver.receive)
    events.saving_changed.connect(receiver.receive)

    def emit() -> None:
        for number in range(EMITS):
            events.payment_changed.emit(number)
        for _ in range(EMITS):
            events.saving_changed.emit(True)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(emit)
    qtbot.waitUntil(lambda: len(receiver.got) == 2 * EMITS)
    assert receiver.got[:EMITS] == list(range(EMITS))
    assert receiver.threads == {threading.get_ident()}


def test_work_runs_elsewhere_and_its_result_comes_back_here(tasks: Tasks, qtbot: QtBot) -> None:
    receiver = Receiver()
    tasks.run(threading.get_ident, receiver.receive)
    qtbot.waitUntil(lambda: len(receiver.got) == 1)
    assert receiver.got != [threading.get_ident()]
    assert receiver.threads == {threading.get_ident()}


def test_what_a_person_may_read_comes_as_it_is(tasks: Tasks, qtbot: QtBot) -> None:
    got: list[PosError] = []

    def refuse() -> None:
        raise BadInput("No such post.")

    tasks.run(refuse, failed=got.append)
    qtbot.waitUntil(lambda: len(got) == 1)
    assert isinstance(got[0], BadInput)
    assert got[0].user_text == "No such post."


def test_a_fault_of_ours_is_logged_and_comes_as_one_sentence(
    tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(tasks.trouble) as signal:
        tasks.run(stumble)
    assert signal.args == [FAULT]
    assert "ZeroDivisionError" in caplog.text


def test_a_result_for_a_destroyed_widget_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    gate = threading.Event()
    gone, lost, here = QLabel(), QLabel(), Receiver()
    calls: list[object] = []
    tasks.run(lambda: str(gate.wait(5)), gone.setText)
    tasks.run(lambda: gate.wait(5), calls.append, owner=lost)
    delete(gone)
    delete(lost)
    gate.set()
    tasks.run(lambda: "after", here.receive)
    qtbot.waitUntil(lambda: here.got == ["after"])
    assert calls == []


class Widget:
    """Notes on which thread it ends, as a widget does that nobody else knows."""

    def __init__(self, ended: list[int]) -> None:
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())


@pytest.mark.parametrize("how", ["done", "refused", "closed", "closed while it runs"])
def test_what_only_a_job_knows_ends_on_the_gui_thread(qtbot: QtBot, how: str) -> None:
    """A widget that ends on another thread takes the program with it, now or a minute later."""
    tasks, ended, begun, gate = Tasks(), list[int](), threading.Event(), threading.Event()

    def work(_: Widget) -> None:
        begun.set()
        gate.wait(5)
        if how == "refused":
            raise BadInput("No such post.")

    for lane in Lane:
        tasks.run(partial(work, Widget(ended)), lambda _: None, lambda _: None, lane=lane)
    begun.wait(5)
    if how == "closed while it runs":
        tasks.close()
    gate.set()
    if how in ("done", "refused"):
        qtbot.waitUntil(lambda: len(ended) == len(Lane))
    tasks.close(wait=5)
    del tasks
    gc.collect()
    qtbot.waitUntil(lambda: how == "closed while it runs" or len(ended) == len(Lane))
    assert set(ended) <= {threading.get_ident()}


def test_what_went_wrong_is_told_also_where_the_widget_that_asked_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    gate, gone = threading.Event(), QLabel()

    def refuse() -> None:
        gate.wait(5)
        raise BadInput("The printer did not answer.")

    with qtbot.waitSignal(tasks.trouble) as told:
        tasks.run(refuse, failed=lambda error: gone.setText(error.user_text), owner=gone)
        delete(gone)
        gate.set()
    assert told.args == ["The printer did not answer."]


def test_nothing_is_delivered_after_the_end(events: TillEvents, qtbot: QtBot) -> None:
    tasks = Tasks()
    gate, receiver = threading.Event(), Receiver()
    tasks.run(lambda: gate.wait(5), receiver.receive)
    tasks.close()
    tasks.run(lambda: 1, receiver.receive)
    gate.set()
    tasks.close(wait=20)
    events.payment_changed.connect(receiver.receive)
    events.payment_changed.emit("last")
    qtbot.waitUntil(lambda: "last" in receiver.got)
    assert receiver.got == ["last"]


def test_an_executor_that_is_handed_in_stays_open(qtbot: QtBot) -> None:
    with ThreadPoolExecutor(1) as pool:
        tasks, receiver = Tasks(pool), Receiver()
        tasks.run(lambda: 1, receiver.receive)
        qtbot.waitUntil(lambda: receiver.got == [1])
        tasks.close()
        assert pool.submit(lambda: 2).result() == 2


@pytest.mark.parametrize("lane", Lane)
def test_what_hangs_in_one_lane_holds_up_no_other(tasks: Tasks, qtbot: QtBot, lane: Lane) -> None:
    gate, receiver = threading.Event(), Receiver()
    for _ in range(lane.threads + 1):
        tasks.run(lambda: gate.wait(20), lane=lane)
    others = [other for other in Lane if other is not lane]
    for other in others:
        tasks.run(lambda other=other: other, receiver.receive, lane=other)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(receiver.got) == len(others))
    gate.set()


def test_charges_are_done_one_after_the_other_in_their_order(tasks: Tasks, qtbot: QtBot) -> None:
    done: list[int] = []
    for number in range(20):
        tasks.run(lambda number=number: done.append(number), lane=Lane.CHARGE)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(done) == 20)
    assert done == list(range(20))


def test_the_end_waits_for_what_runs_but_not_for_ever(qtbot: QtBot) -> None:
    tasks, gate, began, ended = Tasks(), threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        began.set()
        gate.wait(20)
        ended.set()

    tasks.run(hang, lane=Lane.PRINTER)
    assert began.wait(10)
    tasks.close(wait=0.01)
    assert not ended.is_set()
    gate.set()
    tasks.close(wait=10)
    assert ended.is_set()


def test_a_printer_that_never_answers_does_not_keep_the_program_from_ending() -> None:
    program = (
        "import threading\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from pos_app.ui.tasks import Lane, Tasks\n"
        "app, tasks, began = QCoreApplication([]), Tasks(), threading.Event()\n"
        "tasks.run(lambda: (began.set(), threading.Event().wait()), lane=Lane.PRINTER)\n"
        "assert began.wait(10)\n"
        "tasks.close(wait=0.01)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


def test_any_thread_may_tell_until_the_end(tasks: Tasks, qtbot: QtBot) -> None:
    receiver, gone = Receiver(), Receiver()

    def tell(value: int) -> None:
        tasks.deliver(receiver.receive, value)
        tasks.deliver(gone.receive, value)

    delete(gone)
    with ThreadPoolExecutor(1) as pool:
        pool.map(tell, range(3))
    qtbot.waitUntil(lambda: receiver.got == [0, 1, 2])
    assert receiver.threads == {threading.get_ident()}
    tasks.close()
    tasks.deliver(receiver.receive, 3)
    assert receiver.got == [0, 1, 2]
