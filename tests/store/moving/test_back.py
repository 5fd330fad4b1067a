"""Taking a shop back from the server, while nothing was sold there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.audit import audit_line
from pos_app.domain.operators import Act, Actor
from pos_app.domain.till_claim import SETTING as TILLS
from pos_app.domain.till_claim import TillClaim, claims_text
from pos_app.errors import BadInput
from pos_app.store import tables as t
from pos_app.store.database import open_database
from pos_app.store.engine import sqlite_url
from pos_app.store.migrate import HEAD, KNOWN
from pos_app.store.moving.mark import SETTING, ShopLeft, mark_in
from pos_app.store.moving.server_side import NotMoved
from pos_app.store.server_trial import look_at_server
from tests.store.conftest import Shop
from tests.store.moving.filled import fill
from tests.store.moving.scene import Scene, engine_of, rows_of, run, tables_of
from tests.store.server import Server
from tests.support.fakes import START
from tests.support.template import lay_database

_CUT_AT_COMMIT = """
    CREATE SCHEMA cut;
    CREATE FUNCTION cut.cut() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER cut AFTER DELETE ON setting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION cut.cut()
"""


@pytest.fixture
def scene(tmp_path: Path, server: Server) -> Scene:
    return Scene(fill(lay_database(tmp_path / "practice.db")), server.create())


def everything(scene: Scene) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: rows_of(sqlite_url(scene.file), table) for table in t.metadata.sorted_tables}


def test_it_is_in_the_file_as_it_was_and_may_move_again(scene: Scene) -> None:
    before = everything(scene)
    scene.move()
    taken = scene.take_back()
    assert (taken.payments, taken.audit) == (5, 0)
    open_database(scene.file, "practice").close()
    assert everything(scene) == before
    assert tables_of(scene.url) == {"alembic_version", "setting"}
    with pytest.raises(ShopLeft, match="was taken back to the computer that it came from"):
        open_database(scene.url, "practice")
    found = look_at_server(scene.url)  # as the window does, before it offers the move
    assert (found.version, found.shop, found.payments) == (None, None, 0)
    assert scene.move().payments == 5


def test_what_the_audit_was_given_there_comes_along(scene: Scene) -> None:
    scene.move()
    with closing(Shop(Path(), scene.url)) as there, there.database.write() as transaction:
        transaction.add_audit([audit_line(Actor(owner=True), Act.SIGN_IN, START, "owner", "signed in")])
        transaction.set_setting("zebra", "striped")
    audit = rows_of(scene.url, t.audit)
    assert scene.take_back().audit == 1
    with closing(open_database(scene.file, "practice")) as here:
        assert here.reader.setting("zebra") == "striped"
    assert rows_of(sqlite_url(scene.file), t.audit) == audit


def test_not_once_something_was_sold_there(scene: Scene) -> None:
    scene.move()
    with closing(Shop(Path(), scene.url)) as there:
        there.open(there.post("Chai"), address="f" * 64)
    with pytest.raises(BadInput, match=r"something was sold, learnt or changed.*Nothing was changed"):
        scene.take_back()
    with pytest.raises(ShopLeft):
        open_database(scene.file, "practice")
    with closing(Shop(Path(), scene.url)) as there:
        assert there.scalar("SELECT count(*) FROM payment") == 6


@pytest.mark.parametrize("older", ["file", "program", "server"])
def test_not_once_another_version_was_at_work(scene: Scene, older: str) -> None:
    """A newer one has brought the server up to date, or an older one would lose what it does not know."""
    scene.move()
    if older == "file":
        with closing(sqlite3.connect(scene.file)) as file, file:
            file.execute("UPDATE setting SET value = replace(value, ?, ?) WHERE key = ?", (HEAD, KNOWN[-2], SETTING))
    else:
        version = KNOWN[-2] if older == "server" else "9001"
        run(scene.url, f"UPDATE alembic_version SET version_num = '{version}'")
    with pytest.raises(BadInput, match=r"Another version of Kaunta.*Nothing was changed"):
        scene.take_back()
    assert len(rows_of(scene.url, t.payment)) == 5


def test_where_the_servers_last_answer_is_lost_it_is_not_said_to_be_there_still(scene: Scene) -> None:
    scene.move()
    run(scene.url, _CUT_AT_COMMIT)
    with pytest.raises(NotMoved, match=r"it may have.*give the same command once more"):
        scene.take_back()
    with pytest.raises(ShopLeft):
        open_database(scene.file, "practice")
    run(scene.url, "DROP SCHEMA cut CASCADE")
    assert scene.take_back().payments == 5
    open_database(scene.file, "practice").close()


def test_not_while_a_till_is_open_there(scene: Scene) -> None:
    scene.move()
    with closing(Shop(Path(), scene.url)) as there, there.database.write() as transaction:
        claim = TillClaim(holder="h", computer="counter-2", account="600000", seen=transaction.database_time())
        transaction.set_setting(TILLS, claims_text({"B": claim}))
    with pytest.raises(BadInput, match="A till is open on the server, on the computer counter-2"):
        scene.take_back()


def test_what_never_moved_or_elsewhere(scene: Scene, server: Server) -> None:
    with pytest.raises(BadInput, match="The shop is in the file"):
        scene.take_back()
    scene.move()
    with pytest.raises(BadInput, match=r"has moved to .*Nothing was changed"):
        Scene(scene.file, server.create()).take_back()
    run(scene.url, "UPDATE setting SET value = replace(value, '{\"id\": \"', '{\"id\": \"0') WHERE key = 'moved_here'")
    with pytest.raises(BadInput, match="is not the shop that moved there"):
        scene.take_back()


def test_killed_between_the_two_nothing_is_sold_from_either_and_a_second_try_ends_it(scene: Scene) -> None:
    scene.move()
    marked = scene.file.read_bytes()
    scene.take_back()
    scene.file.write_bytes(marked)
    for location in (scene.file, scene.url):
        with pytest.raises(ShopLeft):
            open_database(location, "practice")
    assert scene.take_back().payments == 5
    open_database(scene.file, "practice").close()
    assert mark_in(scene.file) is None


def test_where_the_server_does_not_have_it_any_more_it_stays_marked(scene: Scene, server: Server) -> None:
    scene.move()
    with engine_of(server.create()) as engine, engine.connect() as other:
        name = scene.url.rpartition("/")[2]
        other.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(f"DROP DATABASE {name}")
    with pytest.raises(NotMoved, match=r"no database of that name.*still on the server"):
        scene.take_back()
    with pytest.raises(ShopLeft):
        open_database(scene.file, "practice")
