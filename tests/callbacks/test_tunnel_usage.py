"""The requests of ngrok's month, beyond one run."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pos_app.callbacks.tunnel_usage import FREE, Usage
from tests.support.fakes import FakeClock


def made(clock: FakeClock, file: Path | None = None, *, limited: bool = True) -> Usage:
    return Usage(file, clock.now, limited=limited)


def test_the_count_survives_restarts_and_begins_anew_with_the_month(clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "callbacks.json"
    usage = made(clock, file)
    for _ in range(7):
        usage.count()
    assert made(clock, file).requests == 0  # whoever counts does not write
    usage.save()
    assert made(clock, file).requests == 7
    clock.advance(31 * 86_400)
    assert usage.requests == 0
    assert made(clock, file).requests == 0
    assert [path.name for path in tmp_path.iterdir()] == ["callbacks.json"]


def test_it_is_told_at_80_and_95_percent_and_not_to_who_has_another_plan(clock: FakeClock) -> None:
    usage, told, counted = made(clock), {}, 0
    for part in (0, 79, 80, 94, 95, 100, 104, 105, 200):
        for _ in range(FREE * part // 100 - counted):
            usage.count()
        counted = FREE * part // 100
        told[part] = (usage.words(), usage.pause(900))
    assert [part for part, (words, _) in told.items() if words] == [80, 94, 95, 100, 104]
    assert [told[part][1] for part in (79, 80, 95, 105)] == [900, 3_600, 6 * 3_600, 900]
    assert "tests its address less often" in told[80][0]
    assert "until 1 December" in told[95][0]


def test_an_own_address_has_no_such_end_and_takes_nothing_of_it(clock: FakeClock, tmp_path: Path) -> None:
    file = tmp_path / "callbacks.json"
    tunnel = made(clock, file)
    tunnel.count()
    tunnel.save()
    usage = made(clock, file, limited=False)
    for _ in range(FREE):
        usage.count()
    assert (usage.words(), usage.pause(900), usage.changed) == ("", 900, False)
    usage.save()
    assert made(clock, file).requests == 1


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 30, 22, 0, tzinfo=UTC), "1 December"),
        (datetime(2026, 12, 31, 20, 0, tzinfo=UTC), "1 January"),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "1 February"),
    ],
)
def test_when_it_begins_again(at: datetime, until: str) -> None:
    words = made(FakeClock(at)).used_up()
    assert until in words
    assert "starting anything again does not help" in words


@pytest.mark.parametrize(
    "content",
    [
        "", "{}", "[]", "null", "x", '{"month": 7, "requests": 3}', '{"month": "2026-11", "requests": "3"}',
        '{"month": "2026-11", "requests": true}',
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_counts_as_none(clock: FakeClock, tmp_path: Path, content: str) -> None:
    file = tmp_path / "callbacks.json"
    file.write_text(content, encoding="utf-8")
    usage = made(clock, file)
    assert usage.requests == 0


def test_an_older_program_s_file_is_read_and_a_folder_that_is_gone_stops_nobody(
    clock: FakeClock, tmp_path: Path
) -> None:
    file = tmp_path / "callbacks.json"
    file.write_text(f'{{"month": "2026-11", "requests": 3, "heard_at": "{clock.now().isoformat()}"}}', encoding="utf-8")
    assert made(clock, file).requests == 3
    gone = made(clock, tmp_path / "gone" / "callbacks.json")
    gone.count()
    gone.save()
    assert gone.requests == 1
