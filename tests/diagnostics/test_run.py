"""All looks at once; none waits for another, and none for ever."""

import threading
import time
from collections.abc import Iterator

import pytest

from pos_app.check_result import Check, Finding, Status, Verdict, amber, green
from pos_app.diagnostics.run import FAULT, run_checks
from pos_app.errors import Locked, PosError


@pytest.fixture
def hanging() -> Iterator[Check]:
    """A look that does not come back before the test has ended."""
    gate = threading.Event()

    def look() -> Verdict:
        gate.wait(60)
        return green("At last")

    yield Check("Hanging", look)
    gate.set()


def test_findings_come_in_the_order_of_the_checks_with_the_time_they_took() -> None:
    told: list[Finding] = []
    second_is_done = threading.Event()

    def first() -> Verdict:
        assert second_is_done.wait(10)
        return green("One")

    def tell(finding: Finding) -> None:
        told.append(finding)
        second_is_done.set()

    found = run_checks([Check("First", first), Check("Second", lambda: amber("Two"))], tell)
    assert [(finding.name, finding.status, finding.words) for finding in found] == [
        ("First", "green", "One"),
        ("Second", "amber", "Two"),
    ]
    assert [finding.name for finding in told] == ["Second", "First"]
    assert all(finding.seconds is not None and 0 <= finding.seconds < 10 for finding in found)


def test_one_that_hangs_is_red_and_delays_no_other(hanging: Check) -> None:
    told: list[Finding] = []
    begun = time.monotonic()
    found = run_checks([hanging, Check("Quick", lambda: green("Here"))], told.append, limit=0.3)
    assert time.monotonic() - begun < 40  # seconds; it hangs for a minute
    assert [finding.name for finding in told] == ["Quick", "Hanging"]
    assert found[0].status is Status.RED
    assert found[0].words.startswith("Did not answer within 0.3 seconds.")
    assert found[1].status is Status.GREEN


def test_the_threads_keep_no_program_from_ending(hanging: Check) -> None:
    run_checks([hanging], limit=0.05)
    (left,) = [thread for thread in threading.enumerate() if thread.name == "check-Hanging"]
    assert left.daemon


def test_a_late_answer_is_told_to_nobody() -> None:
    gate, ended = threading.Event(), threading.Event()
    told: list[Finding] = []

    def look() -> Verdict:
        gate.wait(10)
        ended.set()
        return green("Late")

    run_checks([Check("Late", look)], told.append, limit=0.05)
    gate.set()
    assert ended.wait(10)
    assert [finding.status for finding in told] == [Status.RED]


def test_what_a_look_raises_is_words_and_never_a_traceback() -> None:
    def in_words() -> Verdict:
        raise PosError("The disk is full.")

    def faulty() -> Verdict:
        raise ZeroDivisionError("canary")

    def locked() -> Verdict:
        raise Locked

    found = run_checks([Check("Disk", in_words), Check("Faulty", faulty), Check("Keys", locked)])
    assert [(finding.status, finding.words) for finding in found[:2]] == [("red", "The disk is full."), ("red", FAULT)]
    assert found[2].status is Status.AMBER
    assert "only the till's window opens" in found[2].words


def test_each_finding_leaves_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "pos_app.diagnostics")
    run_checks([Check("Disk", lambda: green("41.0 GB free"))])
    assert caplog.messages == ["check green  Disk: 41.0 GB free"]
