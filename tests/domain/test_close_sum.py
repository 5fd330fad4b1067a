"""The sums by which closes are bound to the audit."""

from hashlib import sha256

import pytest

from pos_app.domain.close_sum import (
    CloseSeal,
    CloseSum,
    CountedSum,
    read_close_seal,
    read_close_sum,
    read_supplement_sum,
    said_sum,
    seal_digest,
    supplement_sum,
    without_sum,
)

SUM = CloseSum("a" * 64, "b" * 64)
SAID = (117, "2026-11-23 20:11:00.000000", "A", None, 0, 4812, 48_000, 250, 0, "{}")
MOVED = (4, 12, None, "2026-11-23 11:03:00.000000", 1, 250, 0, 0, 0)


def counted(*movements: tuple[str | int | None, ...]) -> str:
    total = CountedSum()
    for movement in movements:
        total.add([movement])
    return total.hexdigest()


def test_the_line_of_the_audit_says_the_sum_and_people_do_not_read_it() -> None:
    line = f"KES 480, 1 carried over, A-18221-7K3F-9D2M-X4QZ, {SUM}"
    assert read_close_sum(line) == SUM
    assert without_sum(line) == "KES 480, 1 carried over, A-18221-7K3F-9D2M-X4QZ"
    assert without_sum("KES 480") == "KES 480"


@pytest.mark.parametrize("text", [None, "", "KES 480, 1 carried over", f"{SUM}x", f"bound {'a' * 64}"])
def test_what_is_no_sum(text: str | None) -> None:
    assert read_close_sum(text) is None


def test_the_form_is_never_changed() -> None:
    """Rule 24: every close that was ever written would look edited."""
    told = "day close\0=117\0=2026-11-23 20:11:00.000000\0=A\0\0=0\0=4812\0=48000\0=250\0=0\0={}"
    assert said_sum(SAID) == sha256(told.encode()).hexdigest()
    moved = "movements\x004\x0012\0\x002026-11-23 11:03:00.000000\x001\x00250\x000\x000\x000\n"
    assert counted(MOVED) == sha256(moved.encode()).hexdigest()
    assert seal_digest([(0, SUM)]) == sha256(b"closes\x000 bound " + b"a" * 64 + b" " + b"b" * 64 + b"\n").hexdigest()


def test_each_figure_counts_and_so_does_the_order() -> None:
    others = [(*SAID[:place], other, *SAID[place + 1 :]) for place in range(len(SAID)) for other in ("", "x")]
    assert len({said_sum(each) for each in (SAID, *others)}) == 1 + len(others)
    moved = [(*MOVED[:place], 7, *MOVED[place + 1 :]) for place in range(len(MOVED))]
    assert len({counted(each) for each in (MOVED, *moved)}) == 1 + len(moved)
    assert counted(MOVED, moved[0]) != counted(moved[0], MOVED)
    assert counted(MOVED) != counted()


def test_a_seal_is_read_as_it_was_written() -> None:
    seal = CloseSeal(0, 116, seal_digest([(0, SUM), (116, SUM)]))
    assert read_close_seal(str(seal)) == seal
    assert read_close_seal("journal 1-2, audit 1-2, 3 lines, " + "0" * 64) is None
    assert read_close_seal(None) is None


def test_a_supplement_is_bound_by_one_sum() -> None:
    told = supplement_sum(117, 1, "ab" * 32, "{}")
    assert told == sha256(b"supplement\x00117\x001\0" + b"ab" * 32 + b"\0{}").hexdigest()
    line = f"statement abababab: 1 unprompted, bound {told}"
    assert (read_supplement_sum(line), read_close_sum(line)) == (told, None)
    assert without_sum(line) == "statement abababab: 1 unprompted"
    assert read_supplement_sum(None) is None
