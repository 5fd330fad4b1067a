"""Moving a till's shop: by whom, from where, and what keeps it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.kept_file import kept_file
from pos_app.bootstrap.moving import move_shop
from pos_app.domain.links import heads_text
from pos_app.domain.operators import Act
from pos_app.errors import BadInput, Occupied, PosError
from pos_app.settings.settings import Settings, load
from pos_app.store.database import open_database
from pos_app.store.moving.mark import ShopLeft
from pos_app.store.moving.server_side import NotMoved
from pos_app.store.server_address import typed_address
from tests.store.moving.filled import fill
from tests.store.server import Server, server_of_tests
from tests.support.template import lay_database


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    yield from server_of_tests()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    fill(lay_database(tmp_path / "sandbox.db", "sandbox"))
    return load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox", "POS_SECRETS": "memory"})


NOWHERE = typed_address("postgresql://till@127.0.0.1:1/kaunta")


def test_the_shop_is_on_the_server_and_the_audit_says_so(settings: Settings, server: Server) -> None:
    url = server.create()
    moved = move_shop(settings, sa.make_url(url), owner=True)
    assert moved.payments == 5
    with pytest.raises(ShopLeft):
        open_database(settings.database, "sandbox")
    with closing(open_database(url, "sandbox")) as there:
        line = there.reader.audit(1)[0]
        assert (line.act, line.owner, line.subject, line.new) == (Act.SETTINGS, True, "database", f"to {moved.place}")
        assert len(there.reader.open_payments("A")) == 4
        with closing(open_database(settings.database, "sandbox", left_too=True)) as here:
            assert heads_text(there.reader.heads()) == heads_text(here.reader.heads())


def test_also_where_the_till_was_given_the_address_already(settings: Settings, server: Server, tmp_path: Path) -> None:
    url = server.create()
    given = load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox", "POS_SECRETS": "memory", "POS_DATABASE_URL": url})
    assert move_shop(given, sa.make_url(url)).payments == 5


def test_not_while_a_till_is_open(settings: Settings) -> None:
    held = hold_data_dir(settings)
    try:
        with pytest.raises(Occupied, match="Another till is open"):
            move_shop(settings, NOWHERE)
    finally:
        held.release()


def test_not_before_what_mpesa_said_is_recorded(settings: Settings) -> None:
    kept_file(settings).append(["one", "two"])
    with pytest.raises(BadInput, match=r"answered 2 times could not be saved yet.*Open the till once"):
        move_shop(settings, NOWHERE)


def test_where_the_server_is_not_there_the_till_goes_on_with_its_file(settings: Settings) -> None:
    with pytest.raises(NotMoved, match="the till goes on with it as before"):
        move_shop(settings, NOWHERE)
    open_database(settings.database, "sandbox").close()


def test_practice_and_no_shop_at_all(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Practice stays on this computer"):
        move_shop(load(tmp_path, True, {}), NOWHERE)
    with pytest.raises(BadInput, match="There is no file"):
        move_shop(load(tmp_path, False, {"POS_ENVIRONMENT": "sandbox"}), NOWHERE)


def test_a_file_that_cannot_be_opened_is_said_as_by_any_opening(settings: Settings) -> None:
    assert isinstance(settings.database, Path)
    settings.database.write_bytes(b"\xff" * 9_000)
    with pytest.raises(PosError, match="damaged"):
        move_shop(settings, NOWHERE)
