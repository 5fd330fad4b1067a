"""Who a till is among those of its shop."""

import shutil
from pathlib import Path

from pos_app.bootstrap.till_identity import claim_of
from pos_app.settings.settings import load


def holder(folder: Path) -> str:
    return claim_of(load(folder, True)).holder


def test_a_folder_that_stays_where_it_is_is_the_same_till_and_a_copy_is_another(tmp_path: Path) -> None:
    one, copy, moved = (tmp_path / name for name in ("one", "copy", "moved"))
    one.mkdir()
    first = holder(one)
    assert holder(one) == first
    shutil.copytree(one, copy)
    shutil.move(one, moved)
    assert len({first, holder(copy), holder(moved)}) == 3
    assert (copy / "till.id").stat().st_mode & 0o777 in (0o600, 0o666)  # on Windows others are kept out by the folder


def test_each_opening_is_told_from_every_other(tmp_path: Path) -> None:
    settings = load(tmp_path, True)
    assert claim_of(settings).run != claim_of(settings).run


def test_what_nobody_can_read_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "till.id").write_bytes(b"\xff\xfe")
    assert holder(tmp_path) == holder(tmp_path)


def test_a_computer_that_cannot_keep_it_opens_all_the_same(tmp_path: Path) -> None:
    """A full disk, or a file of somebody else's; here a folder is in its place."""
    (tmp_path / "till.id").mkdir()
    assert holder(tmp_path) != holder(tmp_path)
