"""The bench of many tills measures what it says, with two of them and a few customers."""

from math import isnan

import pytest

from tests.bench.shop_tills import Seen
from tests.bench.tills import Bench, heard, letters_of, opened, percentiles
from tests.store.server import Server, cannot_run


def test_a_version_is_heard_once_it_or_a_newer_one_is_there() -> None:
    def seen(till: str, version: int, at: float, *, own: bool = False) -> Seen:
        return Seen(0, till, 7, version, at, own)

    own = [seen("A", 1, 1.0, own=True), seen("A", 2, 2.0, own=True), seen("A", 2, 9.0, own=True)]
    others = [seen("B", 1, 1.25), seen("B", 2, 2.5), seen("C", 2, 3.0), seen("C", 2, 8.0)]
    assert sorted(heard(own + others)) == [0.25, 0.5, 1.0, 2.0]


def test_a_percentile_of_nothing_meets_no_goal() -> None:
    assert all(isnan(each) for each in percentiles([], 50, 99))
    assert percentiles([0.0, 1.0, 2.0], 50) == [1.0]
    assert letters_of(28)[-3:] == ["Z", "A2", "B2"]


def test_two_tills_of_a_shop(tmp_path_factory: pytest.TempPathFactory) -> None:
    if why := cannot_run():
        pytest.skip(why)
    with Server() as server, opened(Bench(server, tmp_path_factory.mktemp("tills")), 1, 2, "shop") as group:
        done = group.do(2, 3.0, 1.0)
        assert done.charges >= 2
        assert done.refused == []
        assert done.p95 > 0
        assert done.heard99 >= done.heard50 > 0
        assert done.tokens == [1]
        assert group.connections() <= 3
