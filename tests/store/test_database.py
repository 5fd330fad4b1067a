"""The store as a whole: what is written is there, whole or not at all."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pos_app.domain.catalogue import Post
from pos_app.domain.payment import State, StateReason
from pos_app.errors import CannotSave, Clash
from pos_app.store.database import open_database
from pos_app.store.migrate import HEAD
from tests.store.conftest import Shop, line
from tests.support.builders import GRANT, with_line
from tests.support.fakes import PHONE, START

PATIENCE = 20.0  # seconds that nothing here should ever need
LONG = "x" * 4_000  # a body that takes a page of the file


def write_much(shop: Shop, post: Post) -> None:
    """A payment with a long journal, in one transaction."""
    with shop.database.write() as transaction:
        payment = transaction.add_payment(shop.new(post))
        for _ in range(100):
            with transaction.savepoint():
                transaction.add_line(payment.id, line(body=LONG))


def count(shop: Shop, table: str) -> int:
    found = shop.scalar(f'SELECT count(*) FROM "{table}"')
    assert isinstance(found, int)
    return found


class TestShop:
    def test_a_database_has_a_shop_of_its_own_from_the_first_opening_on(self, shop: Shop, tmp_path: Path) -> None:
        with shop.database.write() as transaction:
            mine = transaction.setting("shop")
        assert mine
        assert len(mine) == 16
        with closing(open_database(tmp_path / "another.db", "practice")) as another:
            assert another.reader.setting("shop") not in (None, mine)

    @pytest.mark.sqlite
    def test_an_older_programs_database_gets_one_and_keeps_it(self, shop: Shop) -> None:
        with closing(sqlite3.connect(shop.path)) as connection:
            connection.execute("DELETE FROM setting WHERE key = 'shop'")
            connection.commit()
        found = []
        for _ in range(2):
            with closing(open_database(shop.path, "practice")) as opened:
                found.append(opened.reader.setting("shop"))
        assert found[0]
        assert found[0] == found[1]


class TestNewerProgram:
    def test_a_program_that_was_left_running_writes_nothing_into_a_schema_that_it_does_not_know(
        self, shop: Shop, post: Post
    ) -> None:
        def stamp(version: str) -> None:
            with shop.engines.writer.begin() as connection:
                connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")

        stamp("9999")
        with pytest.raises(CannotSave, match="newer Kaunta") as refused:
            shop.open(post)
        assert "install the newer version" in refused.value.user_text
        assert count(shop, "payment") == 0
        assert [each.title for each in shop.reader.posts()] == [post.title], "what is there can be read"
        stamp(HEAD)
        shop.open(post)
        assert count(shop, "payment") == 1


class TestWrite:
    def test_nothing_is_seen_before_the_commit(self, shop: Shop, post: Post) -> None:
        with shop.database.write() as transaction:
            payment = transaction.add_payment(shop.new(post))
            assert shop.reader.payment(payment.id) is None
            assert transaction.payment(payment.id) == payment
        assert shop.reader.payment(payment.id) == payment

    def test_an_exception_undoes_all_of_it(self, shop: Shop, post: Post) -> None:
        def fail() -> None:
            with shop.database.write() as transaction:
                transaction.add_payment(shop.new(post))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert count(shop, "payment") == 0
        assert shop.open(post).number == "A-20261123-0001"

    @pytest.mark.sqlite
    def test_it_is_there_after_the_program_ended(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "folder" / "till.db"
        with closing(open_database(path, "practice")) as database, database.write() as transaction:
            transaction.touch(START)
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT value FROM setting WHERE key = 'written_at'").fetchall() == [
                ("2026-11-23T11:00:00+00:00",)
            ]

    @pytest.mark.sqlite
    def test_a_database_may_be_named_by_its_url(self, tmp_path: Path) -> None:
        with closing(open_database(f"sqlite:///{tmp_path}/a.db", "sandbox")) as database:
            assert database.reader.posts() == []
        assert (tmp_path / "a.db").is_file()


class TestSavepoint:
    def test_a_part_that_clashes_is_undone_and_the_others_stay(self, shop: Shop, post: Post) -> None:
        with shop.database.write() as transaction:
            with transaction.savepoint():
                first = transaction.add_payment(shop.new(post, address="a" * 64))
            with pytest.raises(Clash), transaction.savepoint():
                transaction.add_payment(shop.new(post, "254712345678", address="a" * 64))
            with transaction.savepoint():
                second = transaction.add_payment(shop.new(post))
        assert (first.number, second.number) == ("A-20261123-0001", "A-20261123-0002")
        assert count(shop, "payment") == 2
        assert shop.scalar("SELECT max(phone) FROM customer") == PHONE  # the clashing one's is undone too

    def test_a_part_that_raises_is_undone(self, shop: Shop, post: Post) -> None:
        def fail() -> None:
            with transaction.savepoint():
                transaction.add_payment(shop.new(post))
                raise ZeroDivisionError

        with shop.database.write() as transaction:
            with pytest.raises(ZeroDivisionError):
                fail()
            transaction.touch(START)
        assert count(shop, "payment") == 0
        assert count(shop, "setting") == 3


class TestCannotSave:
    """Rule 11: nothing half-written, and working again when the reason is gone."""

    def check_whole(self, shop: Shop, post: Post) -> None:
        assert count(shop, "payment") == 0
        assert count(shop, "payment_event") == 0
        assert shop.scalar("PRAGMA integrity_check") == "ok"
        assert shop.open(post).number == "A-20261123-0001"

    @pytest.mark.sqlite
    def test_t04_a_full_disk(self, shop: Shop, post: Post) -> None:
        full = shop.pragma("page_count") + 20
        assert shop.pragma(f"max_page_count = {full}") == full
        for _ in range(3):
            with pytest.raises(CannotSave):
                write_much(shop, post)
        assert count(shop, "payment") == 0
        shop.pragma("max_page_count = 1000000")
        self.check_whole(shop, post)
        write_much(shop, post)
        assert count(shop, "payment_event") == 100

    @pytest.mark.sqlite
    def test_t04_a_full_disk_spoils_the_whole_group(self, shop: Shop, post: Post) -> None:
        """SQLite may have undone the parts that went well: who catches it must not go on as if they stood."""

        def group() -> None:
            with shop.database.write() as transaction:
                with transaction.savepoint():
                    payment = transaction.add_payment(shop.new(post))
                for _ in range(100):
                    with transaction.savepoint():
                        transaction.add_line(payment.id, line(body=LONG))

        shop.pragma(f"max_page_count = {shop.pragma('page_count') + 5}")
        with pytest.raises(CannotSave):
            group()
        shop.pragma("max_page_count = 1000000")
        self.check_whole(shop, post)

    @pytest.mark.sqlite
    def test_t05_a_locked_file(self, shop: Shop, post: Post) -> None:
        shop.pragma("busy_timeout = 20")
        with closing(sqlite3.connect(shop.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(CannotSave):
                shop.open(post)
            assert shop.reader.posts() == [post]  # reading goes on
        self.check_whole(shop, post)

    @pytest.mark.sqlite
    def test_t04_a_file_that_may_only_be_read(self, shop: Shop, post: Post) -> None:
        shop.pragma("query_only = ON")
        with pytest.raises(CannotSave):
            shop.open(post)
        shop.pragma("query_only = OFF")
        self.check_whole(shop, post)

    @pytest.mark.sqlite
    def test_t04_a_database_opened_for_reading_only(self, shop: Shop, post: Post) -> None:
        url = f"sqlite:///file:{shop.path}?mode=ro&uri=true"
        with closing(open_database(url, "practice")) as database:
            assert database.reader.posts() == [post]
            with pytest.raises(CannotSave), database.write() as transaction:
                transaction.touch(START)
        self.check_whole(shop, post)

    @pytest.mark.sqlite
    def test_a_table_that_is_gone(self, shop: Shop, post: Post) -> None:
        with closing(sqlite3.connect(shop.path)) as other:
            other.execute("ALTER TABLE customer RENAME TO away")
            with pytest.raises(CannotSave):
                shop.open(post)
            other.execute("ALTER TABLE away RENAME TO customer")
        self.check_whole(shop, post)


class TestRaces:
    def test_four_threads_give_every_payment_a_number_of_its_own(self, shop: Shop, post: Post) -> None:
        with ThreadPoolExecutor(4) as pool:
            opened = [job.result(PATIENCE) for job in [pool.submit(shop.open, post) for _ in range(40)]]
        assert {payment.number for payment in opened} == {f"A-20261123-{number:04}" for number in range(1, 41)}

    def test_of_four_that_change_one_payment_each_sees_the_others(self, shop: Shop, post: Post) -> None:
        """Read, decide, compare and set: with a fresh look after each clash no change is lost."""
        payment = shop.open(post)
        start = threading.Barrier(4)

        def add_letter(letter: str) -> int:
            start.wait(PATIENCE)
            clashes = 0
            for _ in range(20):
                before = shop.get(payment.id)  # an old look, on purpose: outside the transaction
                while True:
                    try:
                        shop.change(before, reason=StateReason(result_code=(before.reason.word or "") + letter))
                        break
                    except Clash:
                        clashes += 1
                        before = shop.get(payment.id)
            return clashes

        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(add_letter, letter) for letter in "abcd"]
            for job in jobs:
                job.result(PATIENCE)
        after = shop.get(payment.id)
        assert after.version == 81
        assert sorted(after.reason.word or "") == sorted("abcd" * 20)

    def test_of_four_that_grant_one_payment_only_one_does(self, shop: Shop, post: Post) -> None:
        payment = shop.change(shop.open(post), state=State.PROMPTED)
        start = threading.Barrier(4)

        def grant() -> bool:
            start.wait(PATIENCE)
            try:
                with shop.database.write() as transaction:
                    transaction.update(payment, with_line(replace(payment, state=State.PAID), grant=GRANT))
            except Clash:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            granted = [job.result(PATIENCE) for job in [pool.submit(grant) for _ in range(4)]]
        assert sorted(granted) == [False, False, False, True]
        assert count(shop, "grant") == 1
