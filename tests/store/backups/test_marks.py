"""What was looked through or copied, and whether that is still so."""

from datetime import timedelta
from pathlib import Path

from pos_app.store.backups.marks import COPIED, LOOKED_THROUGH, StateMark, state_of
from tests.support.fakes import START


def test_it_holds_until_the_database_or_what_lies_beside_it_is_written(tmp_path: Path) -> None:
    database = tmp_path / "sandbox.db"
    database.write_bytes(b"one")
    mark = StateMark(database, COPIED)
    assert not mark.holds(state_of(database))
    assert mark.moment() is None
    mark.put(state_of(database), START)
    assert mark.holds(state_of(database))
    assert not StateMark(database, LOOKED_THROUGH).holds(state_of(database))
    assert mark.moment() == START
    Path(f"{database}-wal").write_bytes(b"two")
    assert not mark.holds(state_of(database))
    mark.put(state_of(database), START + timedelta(hours=1))
    assert mark.moment() == START + timedelta(hours=1)


def test_what_cannot_be_told_is_never_the_same(tmp_path: Path) -> None:
    mark = StateMark(tmp_path / "sandbox.db", COPIED)
    mark.put(state_of(tmp_path / "sandbox.db"), START)
    assert not mark.holds(state_of(tmp_path / "sandbox.db"))


def test_one_of_an_older_program_or_with_flipped_bytes_says_nothing(tmp_path: Path) -> None:
    mark = StateMark(tmp_path / "sandbox.db", COPIED)
    (tmp_path / "backups").mkdir()
    for content in (b"12 34 56", b"\xff\xfe", b"12 34 56\nyesterday"):
        (tmp_path / "backups" / "sandbox.copied").write_bytes(content)
        assert mark.moment() is None
