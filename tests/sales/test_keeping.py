"""What the database does not take: in the file, or said to be lost."""

import errno

import pytest

from pos_app.domain.payment import PaymentId
from pos_app.domain.payment_event import Unanswered
from pos_app.sales.closing import what_is_left
from pos_app.sales.keeping import Keeping
from pos_app.sales.kept_events import KeptEvent, read_line
from tests.support.builders import FakeSafe, said
from tests.support.fakes import START


def a_line(number: int) -> str:
    return KeptEvent(
        at=START, key=PaymentId(number), number=f"A-20261123-{number:04}", event=Unanswered(detail="x")
    ).line()


ONE, TWO, THREE = map(a_line, (1, 2, 3))


def test_lines_outlive_whoever_keeps_them_and_go_when_they_are_recorded() -> None:
    safe = FakeSafe()
    Keeping(safe).keep([ONE, TWO])
    again = Keeping(safe)
    assert again.waiting == safe.lines == [ONE, TWO]
    again.keep([TWO, THREE])
    assert safe.lines == [ONE, TWO, THREE], "each once"
    again.drop([ONE, THREE])
    assert again.waiting == safe.lines == [TWO]
    again.drop([TWO])
    assert safe.lines == []


def test_what_needs_a_person_stays_until_it_is_recorded() -> None:
    safe = FakeSafe()
    keeping = Keeping(safe)
    keeping.keep([ONE, TWO])
    keeping.set_aside(ONE, "ValueError")
    again = Keeping(safe)
    assert (again.waiting, [read_line(line).person for line in again.aside]) == ([TWO], ["ValueError"])
    again.drop([TWO, *again.aside])
    assert safe.lines == []


def test_a_line_that_nobody_can_read_is_never_thrown_away(caplog: pytest.LogCaptureFixture) -> None:
    safe = FakeSafe(["torn", ONE])
    keeping = Keeping(safe)
    assert (keeping.waiting, keeping.aside) == ([ONE], ["torn"])
    keeping.drop([ONE])
    assert safe.lines == ["torn"]
    assert "cannot be read; it is kept for a person" in caplog.text
    assert keeping.payments(keeping.aside) == []


def test_what_cannot_be_written_is_lost_until_it_can(caplog: pytest.LogCaptureFixture) -> None:
    safe = FakeSafe()
    safe.error = OSError(errno.ENOSPC, "No space left on device")
    keeping = Keeping(safe)
    keeping.keep([ONE])
    keeping.keep([ONE, TWO])
    assert (keeping.waiting, keeping.lost) == ([], [ONE, TWO])
    assert said(caplog, "pos_app.sales.keeping") == [
        "the file beside the database cannot be written: No space left on device"
    ], "not each second"
    keeping.drop([TWO])
    assert keeping.lost == [ONE]
    keeping.set_aside(THREE, "ValueError")
    assert len(keeping.lost) == 2
    safe.error = None
    keeping.keep([ONE])
    assert (keeping.waiting, len(keeping.lost)) == ([ONE], 1)


def test_a_file_that_cannot_be_shortened_keeps_too_much_rather_than_too_little() -> None:
    safe = FakeSafe()
    keeping = Keeping(safe)
    keeping.keep([ONE, TWO])
    safe.error = OSError(errno.EIO, "Input/output error")
    keeping.drop([ONE])
    assert keeping.waiting == [TWO]
    assert safe.lines == [ONE, TWO]


def test_without_a_file_everything_is_lost() -> None:
    keeping = Keeping()
    keeping.keep([ONE])
    assert (keeping.place, keeping.lost) == ("", [ONE])


def test_nothing_left_says_nothing() -> None:
    assert what_is_left(Keeping(FakeSafe()), 0).lines == []


def test_the_close_says_what_it_keeps_and_where() -> None:
    keeping = Keeping(FakeSafe())
    keeping.keep([ONE, TWO])
    assert what_is_left(keeping, 2).lines == [
        "2 answers could not be saved yet; they are kept in the safe and recorded at the next start.",
        "2 payments wait for M-PESA's answer; the till checks when it opens next.",
    ]
    keeping.drop([ONE])
    assert what_is_left(keeping, 1).lines == [
        "1 answer could not be saved yet; it is kept in the safe and recorded at the next start.",
        "1 payment waits for M-PESA's answer; the till checks when it opens next.",
    ]


def test_the_close_does_not_pretend_where_nothing_could_be_kept() -> None:
    safe = FakeSafe()
    safe.error = OSError(errno.ENOSPC, "No space left on device")
    keeping = Keeping(safe)
    keeping.keep([ONE, TWO])
    assert what_is_left(keeping, 0).lines == [
        "2 answers could not be saved, nor kept anywhere, about payments A-20261123-0001, A-20261123-0002. Write this "
        "down now, and compare with the M-PESA statement."
    ]
    keeping.drop([ONE])
    assert what_is_left(keeping, 0).lines[0].startswith("1 answer could not be saved, nor kept")


def test_the_close_says_what_waits_for_a_person() -> None:
    keeping = Keeping(FakeSafe([ONE, TWO, "torn"]))
    keeping.set_aside(ONE, "ValueError")
    keeping.set_aside(TWO, "ValueError")
    assert what_is_left(keeping, 0).lines == [
        "3 answers could not be recorded and wait for a person in the safe, about payments A-20261123-0001, "
        "A-20261123-0002: compare with the M-PESA statement."
    ]
    assert what_is_left(Keeping(FakeSafe(["torn"])), 0).lines == [
        "1 answer could not be recorded and waits for a person in the safe, about payment unknown: compare with the "
        "M-PESA statement."
    ]
