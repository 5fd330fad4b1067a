"""A save that hangs is noticed, and not one that has ended."""

import threading

from pos_app.sales.save_watch import SLOW, SaveWatch
from tests.support.fakes import FakeClock


def test_only_a_save_that_takes_too_long_hangs(clock: FakeClock) -> None:
    told: list[str] = []
    watch = SaveWatch(clock.monotonic, lambda: told.append("hangs"), lambda: told.append("meanwhile"))
    clock.advance(SLOW)
    watch.look()  # nothing is being saved
    with watch.over():
        clock.advance(SLOW - 0.1)
        watch.look()
        assert told == []
        clock.advance(0.1)
        watch.look()
        watch.look()
        assert told == ["hangs", "meanwhile"] * 2
    watch.look()
    with watch.over():
        watch.look()
    assert len(told) == 4


def test_its_thread_looks_by_itself_until_it_is_stopped(clock: FakeClock) -> None:
    told, go_on = threading.Event(), threading.Event()

    def hangs() -> None:
        told.set()

    watch = SaveWatch(clock.monotonic, hangs, go_on.set, slow=0.01)
    watch.start()
    with watch.over():
        clock.advance(1)
        assert told.wait(10)
        assert go_on.wait(10)
    watch.stop()
