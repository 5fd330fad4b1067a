"""Moving a shop from its file to a server: every row, or nothing, and never to be sold from both."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pos_app.domain.cancelling import Cancel
from pos_app.domain.shop_move import MoveProgress, MoveStep
from pos_app.errors import BadInput, Damaged, Occupied
from pos_app.store import migrate
from pos_app.store import tables as t
from pos_app.store.backups.restore import put_back
from pos_app.store.database import open_database
from pos_app.store.engine import sqlite_url
from pos_app.store.migrate import HEAD
from pos_app.store.moving.mark import CAME, SETTING, LeftMeanwhile, ShopLeft
from pos_app.store.moving.move import held
from pos_app.store.moving.server_side import EMPTY, NotMoved
from pos_app.store.server_address import typed_address
from tests.store.conftest import Shop
from tests.store.moving.filled import fill
from tests.store.moving.scene import Scene, engine_of, rows_of, run, tables_of
from tests.store.server import Server
from tests.store.test_migrate import at_version
from tests.support.fakes import START
from tests.support.template import lay_database


@pytest.fixture
def scene(tmp_path: Path, server: Server) -> Scene:
    return Scene(fill(lay_database(tmp_path / "practice.db")), server.create())


class TestEverything:
    def test_every_table_has_rows_and_each_is_the_same_on_the_server(self, scene: Scene) -> None:
        """A new table fails here until it is moved, and filled in `filled.py`."""
        file = sqlite_url(scene.file)
        before = {table.name: rows_of(file, table) for table in t.metadata.sorted_tables}
        assert {name for name, rows in before.items() if not rows} == set()
        assert tables_of(file) == {*before, "alembic_version"}
        moved = scene.move()
        after = {table.name: rows_of(scene.url, table) for table in t.metadata.sorted_tables}
        assert tables_of(scene.url) == {*before, "alembic_version"}
        [(_, came)] = [row for row in after["setting"] if row[0] == CAME]
        after["setting"].remove((CAME, came))
        assert {name for name in after if after[name] != before[name]} == EMPTY
        assert {name for name, rows in after.items() if not rows} == EMPTY == {"access_token", "public_address"}
        assert moved.rows == {name: len(rows) for name, rows in before.items() if name not in EMPTY}
        assert (moved.payments, moved.still_open, moved.left_out, moved.ended_earlier) == (5, 4, 0, False)
        assert moved.place.startswith("the database till")
        assert "on 127.0.0.1" in moved.place

    def test_it_goes_on_there(self, scene: Scene) -> None:
        """Numbers, ids, running totals, what is for ever, and what is looked after."""
        scene.move()
        with closing(Shop(Path(), scene.url)) as shop:
            assert (shop.reader.wrong_days(), shop.reader.wrong_movements()) == ([], [])
            post = shop.post("Chai")
            payment = shop.open(post, address="f" * 64)
            assert (post.id, payment.id, payment.number) == (10, 7, "A-20261123-0007")
            for table in ("payment_event", "audit", "refund"):
                with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                    run(scene.url, f'DELETE FROM "{table}"')
            with pytest.raises(sa.exc.IntegrityError):
                run(scene.url, "UPDATE payment_line SET post_id = 77")

    def test_how_far_it_is(self, scene: Scene) -> None:
        told: list[MoveProgress] = []
        rows = sum(scene.move(told.append).rows.values())
        assert list(dict.fromkeys(progress.step for progress in told)) == list(MoveStep)
        for step in (MoveStep.COPYING, MoveStep.COMPARING):
            of_step = [progress for progress in told if progress.step is step]
            assert {progress.total for progress in of_step} == {rows}
            assert [progress.done for progress in of_step] == sorted(progress.done for progress in of_step)
            assert of_step[-1].done == rows

    def test_a_character_that_no_server_keeps_is_left_out_and_said(self, scene: Scene) -> None:
        with closing(sqlite3.connect(scene.file)) as connection:
            connection.execute("UPDATE post SET title = 'a' || char(0) || 'b' WHERE id = 9")
            connection.commit()
        assert scene.move().left_out == 1
        assert (9, "ab") in [row[:2] for row in rows_of(scene.url, t.post)]


class TestAfterwards:
    def test_nothing_is_sold_from_the_file_any_more(self, scene: Scene) -> None:
        scene.move()
        with pytest.raises(ShopLeft, match=r"has moved to the database till.*is sold from there.*POS_DATABASE_URL"):
            open_database(scene.file, "practice")
        with pytest.raises(BadInput, match="has moved to"):
            scene.move()

    def test_it_can_be_read(self, scene: Scene) -> None:
        scene.move()
        with closing(open_database(scene.file, "practice", left_too=True)) as left:
            assert len(left.reader.open_payments("A")) == 4
            with pytest.raises(Exception, match="has moved to a database server"), left.write():
                pass

    def test_an_older_program_takes_it_for_a_newer_ones(self, scene: Scene) -> None:
        scene.move()
        with closing(sqlite3.connect(scene.file)) as connection:
            (stamp,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        assert stamp > HEAD

    def test_no_copy_is_put_in_its_place_and_none_of_it_in_anothers(self, scene: Scene, tmp_path: Path) -> None:
        before, after = tmp_path / "before.db", tmp_path / "after.db"
        migrate.copy_file(scene.file, before)
        scene.move()
        migrate.copy_file(scene.file, after)
        with pytest.raises(BadInput, match=r"has moved to .*Nothing was changed"):
            put_back(before, scene.file, "practice", lambda: START)
        with pytest.raises(BadInput, match="had moved to a database server by then"):
            put_back(after, tmp_path / "other.db", "practice", lambda: START)

    def test_a_copy_from_before_that_somebody_lays_there_is_known_for_one(self, scene: Scene, tmp_path: Path) -> None:
        before = tmp_path / "before.db"
        migrate.copy_file(scene.file, before)
        scene.move()
        scene.file.unlink()
        with pytest.raises(BadInput, match=r"has moved to .*Nothing was changed"):
            put_back(before, scene.file, "practice", lambda: START)
        assert not scene.file.exists()
        before.rename(scene.file)
        with pytest.raises(ShopLeft, match="has moved to the database till"):
            open_database(scene.file, "practice")
        with closing(open_database(scene.file, "practice", left_too=True)) as left:
            assert "has moved to" in left.left
            with pytest.raises(LeftMeanwhile), left.write():
                pass
        for act in (scene.move, scene.take_back):
            with pytest.raises(BadInput, match="is a copy from before that"):
                act()

    def test_another_shop_that_begins_in_its_place_is_none_of_that(self, scene: Scene) -> None:
        scene.move()
        scene.file.unlink()
        open_database(scene.file, "practice").close()


@pytest.mark.parametrize("version", migrate.KNOWN[:-1])
def test_a_shop_of_each_earlier_version(tmp_path: Path, server: Server, version: str) -> None:
    scene = Scene(tmp_path / "till.db", server.create())
    at_version(scene.file, version)
    open_database(scene.file, "practice").close()
    before = {table.name: rows_of(sqlite_url(scene.file), table) for table in t.metadata.sorted_tables}
    scene.move()
    after = {table.name: rows_of(scene.url, table) for table in t.metadata.sorted_tables}
    after["setting"] = [row for row in after["setting"] if row[0] != CAME]
    assert after == before


class TestRefused:
    def test_a_database_with_a_shop_in_it(self, scene: Scene, server: Server) -> None:
        with closing(Shop(Path(), scene.url)) as shop:
            shop.open(shop.post())
        with pytest.raises(NotMoved, match=r"a shop already \(1 payments\).*Nothing was moved.*createdb"):
            scene.move()
        open_database(scene.file, "practice").close()
        assert len(rows_of(scene.url, t.payment)) == 1

    def test_a_database_of_a_newer_program(self, scene: Scene) -> None:
        Shop(Path(), scene.url).close()
        run(scene.url, "UPDATE alembic_version SET version_num = '9998'")
        with pytest.raises(NotMoved, match="written by a newer Kaunta"):
            scene.move()

    @pytest.mark.parametrize(
        "made", ["CREATE TABLE other (id int)", "CREATE FUNCTION journal_is_for_ever() RETURNS int RETURN 1"]
    )
    def test_a_database_of_another_program(self, scene: Scene, made: str) -> None:
        run(scene.url, made)
        with pytest.raises(NotMoved, match="another program"):
            scene.move()
        open_database(scene.file, "practice").close()

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"database": "nosuch"}, "no database of that name"),
            ({"username": "nobody"}, "does not let this till in"),
            ({"port": 1}, "No database server runs"),
        ],
    )
    def test_an_address_that_leads_nowhere(self, scene: Scene, change: dict[str, Any], said: str) -> None:
        wrong = Scene(scene.file, sa.make_url(scene.url).set(**change).render_as_string(hide_password=False))
        with pytest.raises(NotMoved, match=f"{said}.*Nothing was moved"):
            wrong.move()
        assert scene.is_as_before()

    def test_a_user_who_may_make_no_tables(self, scene: Scene) -> None:
        run(scene.url, "CREATE ROLE reader LOGIN")
        url = sa.make_url(scene.url).set(username="reader").render_as_string()
        with pytest.raises(NotMoved, match=r"does not allow this user.*Nothing was moved"):
            Scene(scene.file, url).move()
        assert scene.is_as_before()

    @pytest.mark.parametrize("address", ["", "sqlite:///x.db", "postgresql://host", "mysql://u@h/n", "::", "a b"])
    def test_what_is_no_address(self, address: str) -> None:
        with pytest.raises(BadInput, match="reads like postgresql://"):
            typed_address(address)

    def test_while_a_till_has_the_file_open(self, scene: Scene) -> None:
        with closing(Shop(scene.file)), pytest.raises(Occupied):
            scene.move()
        assert scene.is_as_before()

    def test_a_value_of_another_kind(self, scene: Scene) -> None:
        with closing(sqlite3.connect(scene.file)) as connection:
            connection.execute("UPDATE operator SET active = 'perhaps' WHERE id = 7")
            connection.commit()
        with pytest.raises(NotMoved, match=r"table operator .*Nothing was moved"):
            scene.move()
        assert scene.is_as_before()

    def test_a_damaged_file(self, scene: Scene) -> None:
        with closing(sqlite3.connect(scene.file)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            (root,) = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'ix_event_payment'"
            ).fetchone()
        with scene.file.open("r+b") as file:
            file.seek((root - 1) * 4_096)
            file.write(b"\xff" * 4_096)
        with pytest.raises(Damaged):
            scene.move()
        assert not tables_of(scene.url)


class TestCutOff:
    @pytest.mark.parametrize("step", list(MoveStep))
    def test_it_is_stopped(self, scene: Scene, step: MoveStep) -> None:
        cancel = Cancel()

        def tell(progress: MoveProgress) -> None:
            if progress.step is step:
                cancel.cancel()

        with pytest.raises(NotMoved, match=r"was stopped\. Nothing was moved"):
            scene.move(tell, cancel)
        assert scene.is_as_before()
        assert scene.move().payments == 5

    @pytest.mark.parametrize("step", [MoveStep.COPYING, MoveStep.COMPARING, MoveStep.ENDING])
    def test_the_server_ends_the_connection(self, scene: Scene, step: MoveStep) -> None:
        def tell(progress: MoveProgress) -> None:
            if progress.step is step:
                others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                run(scene.url, f"SELECT pg_terminate_backend(pid) {others}")

        with pytest.raises(NotMoved, match="Nothing was moved"):
            scene.move(tell)
        assert scene.is_as_before()
        assert scene.move().payments == 5

    def test_it_came_and_nobody_knows(self, scene: Scene) -> None:
        """Killed between the server's commit and the file's last word."""
        rows = scene.move().rows
        self._forget(scene)
        with pytest.raises(ShopLeft, match="it is not known here whether it arrived"):
            open_database(scene.file, "practice")
        elsewhere = Scene(scene.file, scene.url.replace("127.0.0.1", "localhost"))
        with pytest.raises(BadInput, match="not known here"):
            elsewhere.move()
        moved = scene.move()
        assert (moved.ended_earlier, moved.rows) == (True, rows)
        with pytest.raises(ShopLeft, match="is sold from there"):
            open_database(scene.file, "practice")

    def test_it_came_by_an_older_version_and_nobody_knows(self, scene: Scene) -> None:
        """Its file has not every table that there is now, and is whole."""
        scene.move()
        self._forget(scene)
        with closing(sqlite3.connect(scene.file)) as file, file:
            file.execute("UPDATE setting SET value = replace(value, ?, ?) WHERE key = ?", (HEAD, "0023", SETTING))
            file.execute("DROP TABLE seal_block")
        moved = scene.move()
        assert (moved.ended_earlier, moved.payments) == (True, 5)

    def test_another_server_by_the_same_name_knows_nothing_of_it(self, scene: Scene) -> None:
        """The first one may have everything: what is sold from the file, too, would have the same numbers."""
        scene.move()
        self._forget(scene)
        run(scene.url, "DROP TABLE setting CASCADE")
        with closing(sqlite3.connect(scene.file)) as file, file:
            other = """replace(value, '"server": "', '"server": "1')"""
            assert file.execute(f"UPDATE setting SET value = {other} WHERE key = ?", (SETTING,)).rowcount
        with pytest.raises(NotMoved, match=r"answers another server than the one.*Nothing is sold from here"):
            scene.move()
        with pytest.raises(ShopLeft, match="not known here whether it arrived"):
            open_database(scene.file, "practice")

    def test_a_servers_copy_may_not_know_of_it_yet(self, scene: Scene) -> None:
        scene.move()
        self._forget(scene)
        name = sa.make_url(scene.url).database
        run(scene.url, "CREATE FUNCTION pg_is_in_recovery() RETURNS bool RETURN true")
        run(scene.url, f'ALTER DATABASE "{name}" SET search_path = public, pg_catalog')
        with pytest.raises(NotMoved, match=r"is a copy of another.*not known here whether it arrived"):
            scene.move()
        with pytest.raises(ShopLeft, match="not known here whether it arrived"):
            open_database(scene.file, "practice")

    def test_the_mark_is_on_the_disk_before_the_server_has_everything(self, scene: Scene) -> None:
        """Nothing but the strictest way of SQLite says so: its others may lose the last transaction with the power."""
        with held(scene.file) as file:
            assert file.execute("PRAGMA synchronous").fetchone() == (3,)
            assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)

    def test_it_did_not_come_and_nobody_knows(self, scene: Scene, server: Server) -> None:
        """Killed between the mark and the server's commit: the next try begins anew by itself."""
        scene.move()
        self._forget(scene)
        with engine_of(server.create()) as engine, engine.connect() as other:
            name = sa.make_url(scene.url).database
            free = other.execution_options(isolation_level="AUTOCOMMIT")
            free.exec_driver_sql(f"DROP DATABASE {name}")
            free.exec_driver_sql(f"CREATE DATABASE {name}")
        moved = scene.move()
        assert (moved.ended_earlier, moved.payments) == (False, 5)

    @staticmethod
    def _forget(scene: Scene) -> None:
        with closing(sqlite3.connect(scene.file)) as connection:
            connection.execute("UPDATE setting SET value = replace(value, 'true', 'false') WHERE key = ?", (SETTING,))
            connection.commit()
