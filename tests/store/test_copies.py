"""Where automatic copies are, and which are kept."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from pos_app.store.copies import KEPT, Copies
from tests.fakes import START


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
    paths = make(copies, *(START + timedelta(hours=hour) for hour in range(KEPT + 3)))
    (other,) = make(others, START)
    half = tmp_path / "backups" / "sandbox-20261122-110000.db.part-journal"
    half.touch()
    copies.tidy(keep=paths[-1])
    assert [copy.path for copy in copies.all()] == paths[3:]
    assert other.exists()
    assert not half.exists()


def test_after_the_clock_was_set_back_the_one_just_made_stays(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "sandbox.db")
    paths = make(copies, *(START + timedelta(hours=hour) for hour in range(KEPT)))
    (new,) = make(copies, datetime(2000, 1, 1, tzinfo=UTC))
    copies.tidy(keep=new)
    assert [copy.path for copy in copies.all()] == [new, *paths[1:]]
