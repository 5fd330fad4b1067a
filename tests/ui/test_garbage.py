"""Garbage goes on the GUI thread, and only there."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from pos_app.ui.garbage import GarbageCollector


class Knot:
    """Only a search for garbage finds it, and notes by whom."""

    found_by: list[int]

    def __init__(self, found_by: list[int]) -> None:
        self.itself, self.found_by = self, found_by

    def __del__(self) -> None:
        self.found_by.append(threading.get_ident())


@pytest.fixture(autouse=True)
def _all_is_tidy() -> None:
    gc.collect()


def make(knots: int, found_by: list[int]) -> None:
    for _ in range(knots):
        Knot(found_by)


def test_what_workers_leave_is_collected_on_the_gui_thread(qapp: QObject) -> None:
    found_by: list[int] = []
    worker = threading.Thread(target=make, args=[5 * gc.get_threshold()[0], found_by])
    worker.start()
    worker.join()
    assert found_by == []
    parent = QObject()
    GarbageCollector(parent).look()
    assert set(found_by) == {threading.get_ident()}


def test_what_has_grown_old_is_collected_too(qapp: QObject) -> None:
    collector, found_by = GarbageCollector(parent := QObject()), list[int]()
    knot = Knot(found_by)
    gc.collect(0)
    gc.collect(1)
    del knot
    looks = 0
    while not found_by and looks < 10_000:
        make(gc.get_threshold()[0] + 1, [])
        collector.look()
        looks += 1
    assert found_by
    assert looks > 1
    assert parent.children() == [collector]
