"""When M-PESA last came through, and what that proves."""

from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.callbacks.last_callback import LastCallback
from tests.support.fakes import START

ADDRESS, OTHER = "https://till.example.co.ke", "https://other.example.co.ke"
MINUTE = timedelta(minutes=1)


def test_it_belongs_to_its_address(tmp_path: Path) -> None:
    file = tmp_path / "production.callback.json"
    last = LastCallback(file)
    last.given(ADDRESS, START)
    assert not last.came(START - MINUTE, START)  # opened before, so given another address
    assert last.came_at is None
    assert last.came(START, START + MINUTE)
    assert last.came_at == START + MINUTE
    last.save()
    again = LastCallback(file)
    again.given(ADDRESS, START + 2 * MINUTE)
    assert (again.came_at, again.changed) == (START + MINUTE, False)
    assert again.came(START, START + 3 * MINUTE)
    again.given(OTHER, START + 4 * MINUTE)
    assert again.came_at is None
    again.given(ADDRESS, START + 5 * MINUTE)
    assert again.came_at is None
    assert "example" not in file.read_text(encoding="utf-8")


def test_it_is_written_where_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "production.callback.json"
    last = LastCallback(file)
    last.save()
    assert not file.exists()
    last.given(ADDRESS, START)
    last.save()
    assert LastCallback(file).came_at is None
    last.came(START, START)
    file.unlink()
    last.save()
    assert LastCallback(file).came_at == START
    without = LastCallback()
    without.given(ADDRESS, START)
    without.save()
    gone = LastCallback(tmp_path / "gone" / "callback.json")
    gone.given(ADDRESS, START)
    gone.save()
    assert not gone.changed


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "[]", "null", "7", '{"address": 7, "since": "2026-11-23T11:00:00+00:00", "came_at": null}',
        '{"address": "a", "since": "soon", "came_at": null}', '{"address": "a", "since": 7, "came_at": 7}',
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_counts_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "callback.json"
    file.write_text(content, encoding="utf-8")
    assert LastCallback(file).came_at is None
