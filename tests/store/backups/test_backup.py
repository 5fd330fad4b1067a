"""Copies by themselves each hour, and copies for a person."""

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from pos_app.errors import BadInput, Damaged, StoreError
from pos_app.store.backups.backup import EVERY, SETTLE, AutomaticCopies, save_copy
from pos_app.store.backups.copies import Copies
from pos_app.store.backups.schedule import HOURLY
from pos_app.store.database import open_database
from pos_app.store.integrity import contents
from pos_app.store.watch import FileGone
from tests.store.conftest import Shop
from tests.support.fakes import FakeClock

PATIENCE = 20.0  # seconds that nothing here should ever need


@pytest.fixture
def used(migrated: Path, tmp_path: Path) -> Iterator[Shop]:
    """A practice database in use, with a payment."""
    shutil.copyfile(migrated, tmp_path / "practice.db")
    with closing(Shop(tmp_path / "practice.db")) as shop:
        shop.open(shop.post("Maji"))
        yield shop


class Waiting:
    """Stands in for the time between two copies: each wait ends when the test says so."""

    def __init__(self, clock: FakeClock) -> None:
        self.waited: list[float] = []
        self.copies: AutomaticCopies | None = None
        self._clock = clock
        self._begun = threading.Semaphore(0)
        self._ended = threading.Semaphore(0)
        self._stop = False

    def __call__(self, seconds: float) -> bool:
        self.waited.append(seconds)
        self._begun.release()
        assert self._ended.acquire(timeout=PATIENCE)
        return self._stop

    def until_it_waits(self) -> float:
        assert self._begun.acquire(timeout=PATIENCE)
        return self.waited[-1]

    def pass_by(self) -> None:
        self._clock.advance(self.waited[-1])
        self._ended.release()

    def end(self) -> None:
        self._stop = True
        self._ended.release()


def sell(shop: Shop) -> None:
    """What makes a copy worth making."""
    shop.open(shop.reader.posts()[0])


def stamps(shop: Shop) -> list[str]:
    return [copy.path.name for copy in Copies(shop.path).all()]


def spoil_index(path: Path) -> None:
    """Damage that only the thorough check finds: an index that is not what its table says."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'till, id)', 'number, id)') WHERE name = 'ix_payment_open'"
        )
        connection.commit()


def spoil_page(path: Path, table: str = "payment") -> None:
    """Damage that any look at the table finds."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4_096)
        file.write(b"\xff" * 4_096)


class TestByThemselves:
    def test_at_the_start_and_each_hour(self, used: Shop, clock: FakeClock) -> None:
        waiting = Waiting(clock)
        copies = AutomaticCopies(used.path, clock.now, wait=waiting)
        copies.start()
        assert waiting.until_it_waits() == 0
        for _ in range(2):
            waiting.pass_by()
            assert waiting.until_it_waits() == EVERY
            sell(used)
        assert stamps(used) == ["practice-20261123-110000.db", "practice-20261123-120000.db"]
        waiting.end()
        copies.stop()
        assert [contents(copy.path).payments for copy in Copies(used.path).all()] == [1, 2]

    def test_where_nothing_was_written_none_is_made(self, used: Shop, clock: FakeClock) -> None:
        copies = AutomaticCopies(used.path, clock.now)
        for _ in range(3):
            copies.copy()
            clock.advance(EVERY)
        assert stamps(used) == ["practice-20261123-110000.db"]
        sell(used)
        copies.copy()
        assert stamps(used) == ["practice-20261123-110000.db", "practice-20261123-140000.db"]

    def test_opened_again_it_waits_from_when_the_copy_was_found_the_same_still(
        self, used: Shop, clock: FakeClock
    ) -> None:
        AutomaticCopies(used.path, clock.now).copy()
        clock.advance(EVERY)
        AutomaticCopies(used.path, clock.now).copy()
        clock.advance(600)
        waiting = Waiting(clock)
        copies = AutomaticCopies(used.path, clock.now, wait=waiting)
        copies.start()
        assert waiting.until_it_waits() == EVERY - 600
        waiting.end()
        copies.stop()

    def test_one_that_was_taken_away_is_made_again(self, used: Shop, clock: FakeClock) -> None:
        copies = AutomaticCopies(used.path, clock.now)
        copies.copy()
        clock.advance(EVERY)
        sell(used)
        copies.copy()
        Copies(used.path).all()[-1].path.unlink()
        clock.advance(EVERY)
        copies.copy()
        assert stamps(used) == ["practice-20261123-110000.db", "practice-20261123-130000.db"]

    def test_opened_again_it_waits_for_the_rest_of_the_hour(self, used: Shop, clock: FakeClock) -> None:
        AutomaticCopies(used.path, clock.now).copy()
        clock.advance(600)
        waiting = Waiting(clock)
        copies = AutomaticCopies(used.path, clock.now, wait=waiting)
        copies.start()
        assert waiting.until_it_waits() == EVERY - 600
        sell(used)
        waiting.pass_by()
        assert waiting.until_it_waits() == EVERY
        assert stamps(used) == ["practice-20261123-110000.db", "practice-20261123-120000.db"]
        waiting.end()
        copies.stop()

    @pytest.mark.parametrize("hours", [-1, 1, 24])
    def test_a_copy_from_long_ago_or_from_the_future_holds_nothing_up(
        self, used: Shop, clock: FakeClock, hours: float
    ) -> None:
        AutomaticCopies(used.path, clock.now).copy()
        clock.jump(hours * 3_600)
        waiting = Waiting(clock)
        copies = AutomaticCopies(used.path, clock.now, wait=waiting)
        copies.start()
        assert waiting.until_it_waits() == 0
        waiting.end()
        copies.stop()

    def test_ten_of_a_day_are_kept(self, used: Shop, clock: FakeClock) -> None:
        copies = AutomaticCopies(used.path, clock.now)
        for _ in range(HOURLY + 2):
            sell(used)
            copies.copy()
            clock.advance(EVERY)
        kept = stamps(used)
        assert len(kept) == HOURLY
        assert (kept[0], kept[-1]) == ("practice-20261123-130000.db", "practice-20261123-220000.db")

    def test_a_copy_can_be_opened_by_itself(self, used: Shop, clock: FakeClock, tmp_path: Path) -> None:
        AutomaticCopies(used.path, clock.now).copy()
        (copy,) = Copies(used.path).all()
        with closing(open_database(copy.path, "practice")) as database:
            assert [post.title for post in database.reader.posts()] == ["Maji"]

    def test_closing_does_not_wait_for_the_hour(self, used: Shop, clock: FakeClock) -> None:
        before = set(threading.enumerate())
        copies = AutomaticCopies(used.path, clock.now)
        copies.start()
        copies.stop()
        assert set(threading.enumerate()) == before
        assert not list((used.path.parent / "backups").glob("*.part*"))

    @pytest.mark.parametrize("name", ["backups", "backups/practice-20261123-110000.db.part"])
    def test_what_cannot_be_written_is_logged_and_tried_again(
        self, used: Shop, clock: FakeClock, caplog: pytest.LogCaptureFixture, name: str
    ) -> None:
        told: list[str] = []
        copies = AutomaticCopies(used.path, clock.now, on_damage=told.append)
        in_the_way = used.path.parent / name
        if name == "backups":
            in_the_way.write_text("in the way", encoding="utf-8")
        else:
            in_the_way.mkdir(parents=True)
        copies.copy()
        assert "no automatic copy could be made" in caplog.text
        in_the_way.unlink() if in_the_way.is_file() else in_the_way.rmdir()
        copies.copy()
        assert stamps(used) == ["practice-20261123-110000.db"]
        assert told == []

    def test_a_database_that_went_away_is_not_made_again(
        self, tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        copies = AutomaticCopies(tmp_path / "practice.db", clock.now)
        copies.check()
        copies.copy()
        assert "could not be looked through" in caplog.text
        assert not (tmp_path / "practice.db").exists()


class TestDamage:
    @pytest.fixture
    def told(self) -> list[str]:
        return []

    @pytest.fixture
    def copies(self, used: Shop, clock: FakeClock, told: list[str]) -> AutomaticCopies:
        """With one good copy."""
        made = AutomaticCopies(used.path, clock.now, on_damage=told.append)
        made.copy()
        clock.advance(EVERY)
        return made

    def test_a_good_file_is_logged(
        self, copies: AutomaticCopies, told: list[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)
        copies.check()
        assert "in order" in caplog.text
        assert told == []

    @pytest.mark.parametrize("table", ["payment", "post", "ix_payment_cell"])
    def test_the_check_finds_it_and_names_the_last_good_copy(
        self, used: Shop, copies: AutomaticCopies, told: list[str], caplog: pytest.LogCaptureFixture, table: str
    ) -> None:
        spoil_page(used.path, table)
        copies.check()
        (words,) = told
        assert "23 Nov 2026 14:00 (1 payment)" in words
        assert "backups/practice-20261123-110000.db" in words
        assert "is damaged: " in caplog.text

    @pytest.mark.parametrize("spoil", [spoil_index, spoil_page])
    def test_a_damaged_database_does_not_push_out_a_good_copy(
        self, used: Shop, copies: AutomaticCopies, told: list[str], spoil: Callable[[Path], None]
    ) -> None:
        spoil(used.path)
        copies.copy()
        assert stamps(used) == ["practice-20261123-110000.db"]
        assert len(told) == 1

    def test_it_is_told_once(self, used: Shop, copies: AutomaticCopies, told: list[str]) -> None:
        spoil_page(used.path)
        for _ in range(3):
            copies.check()
            copies.copy()
        assert len(told) == 1

    def test_a_listener_that_fails_stops_nothing(
        self, used: Shop, clock: FakeClock, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(words: str) -> None:
            raise ZeroDivisionError

        spoil_page(used.path)
        AutomaticCopies(used.path, clock.now, on_damage=fail).check()
        assert "ZeroDivisionError" in caplog.text


class TestForAPerson:
    def test_beside_an_open_database(self, used: Shop, tmp_path: Path) -> None:
        with used.database.write() as transaction:
            transaction.add_payment(used.new(used.reader.posts()[0]))
            assert save_copy(used.path, tmp_path / "usb.db") == 1
        assert contents(tmp_path / "usb.db").payments == 1

    @pytest.mark.parametrize("suffix", ["", "-wal", "-journal"])
    def test_nothing_is_overwritten(self, used: Shop, tmp_path: Path, suffix: str) -> None:
        (tmp_path / f"usb.db{suffix}").write_text("mine", encoding="utf-8")
        with pytest.raises(BadInput, match="is there already"):
            save_copy(used.path, tmp_path / "usb.db")
        assert (tmp_path / f"usb.db{suffix}").read_text(encoding="utf-8") == "mine"

    def test_the_database_itself_is_no_target(self, used: Shop) -> None:
        with pytest.raises(BadInput, match="is there already"):
            save_copy(used.path, used.path)

    def test_no_database_and_no_folder(self, used: Shop, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="There is no database"):
            save_copy(tmp_path / "sandbox.db", tmp_path / "usb.db")
        with pytest.raises(BadInput, match=r"The folder .* is not there"):
            save_copy(used.path, tmp_path / "usb" / "usb.db")

    @pytest.mark.parametrize("spoil", [spoil_index, spoil_page])
    def test_a_damaged_database_is_said_and_not_copied(
        self, used: Shop, tmp_path: Path, clock: FakeClock, spoil: Callable[[Path], None]
    ) -> None:
        AutomaticCopies(used.path, clock.now).copy()
        spoil(used.path)
        with pytest.raises(Damaged, match="practice-20261123-110000"):
            save_copy(used.path, tmp_path / "usb.db")
        assert not list(tmp_path.glob("usb.db*"))

    def test_a_place_that_cannot_be_written(self, used: Shop, tmp_path: Path) -> None:
        (tmp_path / "usb.db.part").mkdir()
        with pytest.raises(StoreError, match="could not be written"):
            save_copy(used.path, tmp_path / "usb.db")


def test_the_age_counts_from_the_stamp_in_the_name(used: Shop, clock: FakeClock) -> None:
    """Not from the file's time, which copying it elsewhere and back would change."""
    folder = used.path.parent / "backups"
    folder.mkdir()
    (folder / f"practice-{clock.now() - timedelta(minutes=30):%Y%m%d-%H%M%S}.db").touch()
    waiting = Waiting(clock)
    copies = AutomaticCopies(used.path, clock.now, wait=waiting)
    copies.start()
    assert waiting.until_it_waits() == EVERY / 2
    waiting.end()
    copies.stop()


class Disk:
    """A disk with as much free space as the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free = 10**12
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=self.free))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_copies_take_a_fifth_of_the_free_space_at_most_and_two_always_stay(
    used: Shop, clock: FakeClock, disk: Disk
) -> None:
    copies, size = AutomaticCopies(used.path, clock.now), used.path.stat().st_size
    for _ in range(6):
        sell(used)
        copies.copy()
        clock.advance(EVERY)
    assert len(stamps(used)) == 6
    disk.free = 15 * size - 7 * size
    sell(used)
    copies.copy()
    assert len(stamps(used)) == 3, "a fifth of 15, 7 of which are copies"
    disk.free = 2 * size
    clock.advance(EVERY)
    sell(used)
    copies.copy()
    assert len(stamps(used)) == 2


def test_a_copy_that_would_fill_the_disk_is_not_made_and_said(
    used: Shop, clock: FakeClock, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    copies = AutomaticCopies(used.path, clock.now)
    for _ in range(4):
        sell(used)
        copies.copy()
        clock.advance(EVERY)
    disk.free = used.path.stat().st_size
    sell(used)
    copies.copy()
    assert len(stamps(used)) == 2, "room is made first"
    assert "no automatic copy was made: the disk has too little free space for it" in caplog.text


def test_no_more_copies_go_than_make_enough_room(
    used: Shop, clock: FakeClock, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = AutomaticCopies(used.path, clock.now)
    for _ in range(6):
        sell(used)
        copies.copy()
        clock.advance(EVERY)
    size = used.path.stat().st_size
    monkeypatch.setattr("pos_app.store.backups.backup.SHARE", 100)
    before = len(stamps(used))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=(7 - len(stamps(used))) * size))
    sell(used)
    copies.copy()
    assert (before, len(stamps(used))) == (6, 6), "one went, one came"


def test_a_disk_that_others_fill_while_a_copy_is_made_ends_it(
    used: Shop, clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter((10**12, 100))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=next(free)))
    AutomaticCopies(used.path, clock.now).copy()
    assert list((used.path.parent / "backups").iterdir()) == []
    assert "an automatic copy was given up: the disk has too little free space left" in caplog.text


def test_a_copy_from_the_future_does_not_make_every_start_copy(used: Shop, clock: FakeClock) -> None:
    copies = AutomaticCopies(used.path, clock.now)
    clock.advance(-10 * EVERY)
    copies.copy()
    clock.advance(100_000 * EVERY)
    sell(used)
    copies.copy()
    clock.advance(-99_990 * EVERY - 100)
    sell(used)
    waiting = Waiting(clock)
    again = AutomaticCopies(used.path, clock.now, wait=waiting)
    again.start()
    assert waiting.until_it_waits() == 0, "the last one that was made before now is ten hours old"
    waiting.pass_by()
    assert waiting.until_it_waits() == EVERY
    waiting.end()
    again.stop()
    assert len(stamps(used)) == 3


def test_what_was_looked_through_is_not_looked_through_again(
    used: Shop, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def looks() -> int:
        return caplog.text.count("the database file is in order")

    AutomaticCopies(used.path, clock.now).look()
    AutomaticCopies(used.path, clock.now).look()
    assert looks() == 1
    used.open(used.post("Chai"))
    AutomaticCopies(used.path, clock.now).look()
    assert looks() == 2


def test_a_large_database_is_looked_through_later_and_page_by_page_only(
    used: Shop, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr("pos_app.store.backups.backup.LARGE", 10)
    monkeypatch.setattr("pos_app.store.backups.backup.faults", lambda _, *, quick: asked.append(quick))
    waiting = Waiting(clock)
    copies = AutomaticCopies(used.path, clock.now, wait=waiting)
    copies.start()
    assert waiting.until_it_waits() == SETTLE
    assert asked == []
    waiting.pass_by()
    waiting.until_it_waits()
    waiting.pass_by()
    waiting.until_it_waits()
    assert asked == [True, True]
    waiting.end()
    copies.stop()


def test_a_file_that_is_another_now_is_not_copied(used: Shop, clock: FakeClock) -> None:
    def gone() -> None:
        raise FileGone(used.path, "gone")

    AutomaticCopies(used.path, clock.now, still_ours=gone).copy()
    assert stamps(used) == []


def test_a_database_that_is_not_there_has_been_seen_by_nobody(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "backups").mkdir()
    copies = AutomaticCopies(tmp_path / "practice.db", clock.now)
    copies.look()
    assert not list((tmp_path / "backups").iterdir())
