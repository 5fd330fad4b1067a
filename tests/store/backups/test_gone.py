"""What goes with a database that an older copy replaces."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.database_copy import Gone
from pos_app.domain.payment import Source
from pos_app.domain.refund import Refund, RefundStatus
from pos_app.store.backups.restore import put_back
from pos_app.store.files import copy_file
from tests.store.conftest import PAID, Shop
from tests.support.fakes import START, FakeClock


def close(shop: Shop, post: Post) -> None:
    """Somebody pays, a part of it goes back, and the day is closed."""
    payment = shop.change(shop.open(post), **PAID, amount_paid=250)
    refund = Refund(
        at=START,
        amount=20,
        code=f"UKR{payment.id:07}",
        reason="wrong room",
        source=Source.OWNER,
        status=RefundStatus.DONE,
        withdrawn=False,
    )
    with shop.database.write() as transaction:
        transaction.add_refund(payment.id, refund)
    with shop.database.write() as transaction:
        transaction.close_day(transaction.open_day(START), "A", None, owner=False)


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    """A database with three closes, and copies from after the first and the second."""
    (tmp_path / "shop").mkdir()
    path = tmp_path / "shop" / "practice.db"
    shutil.copyfile(migrated, path)
    with closing(Shop(path)) as shop:
        post = shop.post("Maji")
        for number in (1, 2, 3):
            close(shop, post)
            copy_file(path, tmp_path / f"{number}.db")
    return path


def test_closes_and_refunds_that_the_copy_does_not_know(path: Path, tmp_path: Path, clock: FakeClock) -> None:
    restored = put_back(tmp_path / "1.db", path, "practice", clock.now)
    assert restored.gone == Gone(first_close=2, last_close=3, refunds=2, refunded=40)
    with closing(Shop(path)) as shop:
        report = shop.reader.open_day(START)
        assert (report.after, report.lost, report.number) == (1, 3, 4)


def test_a_second_copy_put_back_forgets_no_number(path: Path, tmp_path: Path, clock: FakeClock) -> None:
    put_back(tmp_path / "1.db", path, "practice", clock.now)
    clock.advance(60)
    assert put_back(tmp_path / "2.db", path, "practice", clock.now).gone.last_close == 3
    with closing(Shop(path)) as shop:
        assert (shop.reader.open_day(START).after, shop.reader.open_day(START).number) == (2, 4)
    clock.advance(60)
    assert put_back(tmp_path / "3.db", path, "practice", clock.now).gone == Gone()
    with closing(Shop(path)) as shop:
        assert (shop.reader.open_day(START).lost, shop.reader.open_day(START).number) == (0, 4)


def test_a_replaced_file_that_cannot_be_read_tells_nothing_and_the_next_copy_what_it_knows(
    path: Path, tmp_path: Path, clock: FakeClock
) -> None:
    (path.parent / "backups").mkdir()
    shutil.copyfile(tmp_path / "2.db", path.parent / "backups" / "practice-20261123-100000.db")
    path.write_bytes(b"\xff" * 8_192)
    assert put_back(tmp_path / "1.db", path, "practice", clock.now).gone == Gone()
    with closing(Shop(path)) as shop:
        assert (shop.reader.open_day(START).after, shop.reader.open_day(START).number) == (1, 3)


def test_no_file_was_there(path: Path, tmp_path: Path, clock: FakeClock) -> None:
    path.unlink()
    assert put_back(tmp_path / "3.db", path, "practice", clock.now).gone == Gone()
