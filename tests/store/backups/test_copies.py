"""Where automatic copies are, and which are kept."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pos_app.store.backups.copies import Copies
from pos_app.store.backups.schedule import BEST, HOURLY, give_way, tidy
from tests.support.fakes import START


def make(copies: Copies, *moments: datetime) -> list[Path]:
    paths = [copies.at(moment) for moment in moments]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return paths


def test_the_name_tells_whose_and_when_in_utc(tmp_path: Path) -> None:
    nairobi = timezone(timedelta(hours=3))
    path = Copies(tmp_path / "sandbox.db").at(datetime(2026, 11, 23, 14, 0, 5, tzinfo=nairobi))
    assert path == tmp_path / "backups" / "sandbox-20261123-110005.db"


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert Copies(tmp_path / "sandbox.db").all() == []


def test_all_are_listed_oldest_first_and_nothing_else(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    later, earlier = make(copies, START + timedelta(hours=1), START)
    for name in (
        "practice-20261123-110000.db",
        "sandbox-20269923-110000.db",
        "sandbox-20261123-110000.db.part",
        "my.db",
    ):
        (tmp_path / "backups" / name).touch()
    assert [(copy.path, copy.made_at) for copy in copies.all()] == [
        (earlier, START.astimezone(UTC)),
        (later, START + timedelta(hours=1)),
    ]


def test_the_newest_ten_of_one_database_stay(tmp_path: Path) -> None:
    copies, others = Copies(tmp_path / "sandbox.db"), Copies(tmp_path / "practice.db")
    paths = make(copies, *(START + timedelta(hours=hour) for hour in range(HOURLY + 3)))
    (other,) = make(others, START)
    half = tmp_path / "backups" / "sandbox-20261122-110000.db.part-journal"
    half.touch()
    tidy(copies, paths[-1])
    assert [copy.path for copy in copies.all()] == paths[3:]
    assert other.exists()
    assert not half.exists()


def test_after_the_clock_was_set_back_the_one_just_made_stays(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    paths = make(copies, *(START + timedelta(hours=hour) for hour in range(HOURLY)))
    (new,) = make(copies, datetime(2000, 1, 1, tzinfo=UTC))
    tidy(copies, new)
    assert [copy.path for copy in copies.all()] == [new, *paths]


def grown(path: Path, lines: int) -> Path:
    """A copy of a database that has come so far."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE payment (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE payment_event (id INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO payment_event VALUES (?)", [(number + 1,) for number in range(lines)])
        connection.commit()
    return path


def test_the_best_is_what_knows_most_whatever_the_clock_said(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    worthless = grown(copies.at(START + timedelta(days=30_000)), 0)
    old = grown(copies.at(START), 5)
    best = grown(copies.at(datetime(1970, 1, 1, tzinfo=UTC)), 9)
    (damaged,) = make(copies, START + timedelta(days=1))
    damaged.write_bytes(b"no database")
    assert [copy.path for copy in copies.best_first()] == [best, old, worthless, damaged]
    newest = copies.newest(START + timedelta(days=2))
    assert newest is not None
    assert newest.path == damaged
    assert copies.newest(datetime(1960, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("year", [1970, 2099])
def test_copies_of_a_wrong_clock_or_an_empty_database_push_out_nothing_real(tmp_path: Path, year: int) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    real = [grown(copies.at(START + timedelta(hours=hour)), 10 + hour) for hour in range(HOURLY)]
    for hour in range(2 * HOURLY):
        wrong = grown(copies.at(datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=hour)), 0)
        tidy(copies, wrong)
    left = {copy.path for copy in copies.all()}
    assert {*real[-BEST:]} <= left
    assert len(left) <= HOURLY + BEST
    assert copies.best_first()[0].path == real[-1]


def test_copies_of_a_clock_that_was_wrong_once_leave_room_for_new_ones(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    for hour in range(HOURLY):
        grown(copies.at(datetime(2099, 1, 1, tzinfo=UTC) + timedelta(hours=hour)), 10 + hour)
    new = [grown(copies.at(START + timedelta(hours=hour)), 30 + hour) for hour in range(HOURLY)]
    for path in new:
        tidy(copies, path)
    assert {*new[-BEST:]} <= {copy.path for copy in copies.all()}


def test_with_little_room_fewer_stay(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    paths = [grown(copies.at(START + timedelta(hours=hour)), 10 + hour) for hour in range(6)]
    size = copies.size()
    tidy(copies, paths[-1], size / 2)
    assert [copy.path for copy in copies.all()] == paths[3:]
    tidy(copies, room=0)
    assert [copy.path for copy in copies.all()] == paths[4:]
    assert copies.size() * 3 == size


def test_after_one_was_put_back_those_that_know_more_are_no_longer_the_best(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    earlier, later = (grown(copies.at(START + timedelta(hours=hour)), 10 + hour) for hour in range(2))
    copies.set_aside(better_than=earlier)
    assert [copy.path for copy in copies.all()] == [earlier]
    assert (tmp_path / "backups" / "replaced" / later.name).exists()


def test_what_was_set_aside_takes_no_room_from_the_others_but_the_best_of_it_stays(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    paths = [grown(copies.at(START + timedelta(hours=hour)), 10 + hour) for hour in range(5)]
    size = copies.size()
    copies.set_aside(better_than=paths[1])
    assert [copy.path.name for copy in copies.aside()] == [path.name for path in reversed(paths[2:])]
    assert copies.size() == size
    tidy(copies, paths[1], room=size * 4 / 5)
    assert [copy.path.name for copy in copies.aside()] == [path.name for path in (paths[4], paths[3])]
    assert not give_way(copies, lambda: False)
    assert [copy.path.name for copy in copies.aside()] == [paths[4].name]
    assert [copy.path for copy in copies.all()] == paths[:2]
