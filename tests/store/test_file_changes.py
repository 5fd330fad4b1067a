"""Commands beside an open till: what one writes into the file, the till hears of; what it wrote itself is not news."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from pos_app.domain.audit import AuditLine
from pos_app.domain.catalogue import draft_post
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment, State
from pos_app.errors import CannotSave
from pos_app.sales.other_tills import OtherTills, Pauses
from pos_app.store.database import Database
from pos_app.store.engine import open_engines, sqlite_url
from pos_app.store.shop_changes import FileChanges
from tests.store.conftest import Shop, line
from tests.support.builders import flush, sell
from tests.support.fakes import START
from tests.support.till_harness import TillHarness

PATIENCE = 20.0  # seconds
T = TypeVar("T")


@pytest.fixture
def feed(shop: Shop) -> Iterator[FileChanges]:
    with closing(FileChanges(shop.path)) as made:
        made.open()
        made.wait(0)
        yield made


def act(database: Database, what: Act) -> None:
    with database.write() as transaction:
        transaction.add_audit(
            [AuditLine(act=what, at=START, operator_id=None, role=None, owner=True, subject="a test")]
        )


@pytest.mark.sqlite
def test_what_another_program_commits_is_noticed_and_read_once(shop: Shop, feed: FileChanges) -> None:
    assert not feed.wait(0)
    post = shop.post()
    payment = shop.change(shop.open(post), state=State.PROMPTED)
    with shop.database.write() as transaction:
        transaction.add_line(payment.id, line())
    act(shop.database, Act.POSTS)
    assert feed.wait(0)
    found = feed.look()
    assert [one.id for one in found.payments] == [payment.id]
    assert Act.POSTS in found.acts
    assert not feed.wait(0)
    assert feed.look().payments == ()


@pytest.mark.sqlite
def test_what_was_written_while_nobody_listened_is_not_missed(shop: Shop, feed: FileChanges) -> None:
    feed.close()
    act(shop.database, Act.POSTS)
    feed.open()
    assert feed.look().acts == {Act.POSTS}


@pytest.mark.sqlite
def test_whoever_waits_is_woken(feed: FileChanges) -> None:
    waker = threading.Timer(0.05, feed.wake)
    waker.start()
    assert not feed.wait(3_600.0)
    waker.join()


@pytest.mark.sqlite
def test_it_writes_nothing_and_no_file_is_made(shop: Shop, feed: FileChanges, tmp_path: Path) -> None:
    assert feed._connection is not None
    assert feed._connection.exec_driver_sql("PRAGMA query_only").scalar() == 1
    with pytest.raises(CannotSave):
        FileChanges(tmp_path / "gone.db").open()
    assert not (tmp_path / "gone.db").exists()


class Told:
    """What a till's window would be told."""

    def __init__(self, harness: TillHarness) -> None:
        self._changed = threading.Condition()
        self.own: list[Payment] = []
        self.acts: list[str] = []
        ledger = harness.till.ledger
        ledger.subscribe(lambda payment: self._note(self.own, payment))
        ledger.publisher.watch_shop(self._note_acts)

    def _note_acts(self, acts: frozenset[str]) -> None:
        self._note(self.acts, *acts)

    def _note(self, told: list[T], *some: T) -> None:
        with self._changed:
            told += some
            self._changed.notify_all()

    def wait(self, told: list[T], one: T | None, seconds: float = PATIENCE) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: one in told, seconds)


def test_a_command_beside_the_open_till_is_seen_in_its_window(harness: TillHarness, tmp_path: Path) -> None:
    till = harness.till
    file = Path(str(harness.database._engines.reader.url.database))
    payment = sell(harness, till.catalogue.add(draft_post("Maji", 250)))
    told = Told(harness)
    others = OtherTills("A", FileChanges(file), till.reader, till.ledger, till.writer, Pauses(poll=600.0))
    others.start()
    with closing(Database(open_engines(sqlite_url(file)))) as beside:
        until_it_listens(beside, told)
        with beside.write() as transaction:
            before = transaction.payment(payment.id)
            assert before is not None
            transaction.update(before, replace(before, state=State.UNKNOWN))
            transaction.add_line(before.id, line())
            after = transaction.payment(payment.id)
            assert after is not None
        assert told.wait(told.own, after)
    others.stop()
    flush(till.writer)
    assert told.own.count(after) == 1
    assert not others._thread.is_alive()


def until_it_listens(beside: Database, told: Told) -> None:
    """What was written before is none of the till's news."""
    for _ in range(200):
        act(beside, Act.POSTS)
        if told.wait(told.acts, Act.POSTS, 0.1):
            return
    raise AssertionError("nothing was heard")
