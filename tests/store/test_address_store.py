"""Which till holds the shop's public address: in the database, and the fake that other tests go by, held to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from pos_app.callbacks.shop_route import AddressStore
from pos_app.domain.callback_route import RouteState
from pos_app.domain.shop_address import DOWN_FOR, LEASE, OPENING_FOR, AddressHolder, HolderWord, ShopAddress
from pos_app.errors import CannotSave
from pos_app.store.address_store import SqlAddressStore
from tests.callbacks.kept_address import KeptAddress
from tests.store.conftest import Shop
from tests.store.server import Server
from tests.support.fakes import FakeClock
from tests.support.line import line_to

URL = "https://shop.example.co.ke"
UP = HolderWord(address=URL, state=RouteState.UP, good=True)
DOWN = HolderWord(address="", state=RouteState.DOWN, good=False, words="The tunnel is closed.")


def till(letter: str, run: str = "1", address: str = URL) -> AddressHolder:
    return AddressHolder(holder=f"folder {letter}", run=f"{letter}{run}", till=letter, address=address, stays=True)


@dataclass
class Kept:
    store: AddressStore
    passes: Callable[[float], None]  # so many seconds of the database's clock


def location(shop: Shop) -> Path | str:
    url = shop.engines.reader.url
    return shop.path if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=False)


def real(shop: Shop) -> Kept:
    def passes(seconds: float) -> None:
        with shop.engines.writer.begin() as connection:
            connection.execute(
                sa.text(
                    "UPDATE public_address SET since = since - :by, good_since = good_since - :by, "
                    "lease_ends_at = lease_ends_at - :by"
                ),
                {"by": seconds},
            )

    return Kept(SqlAddressStore(location(shop)), passes)


def posing() -> Kept:
    clock = FakeClock()
    return Kept(KeptAddress(clock.since_boot).by(""), clock.advance)


@pytest.fixture(params=["real", "posing"])
def kept(request: pytest.FixtureRequest, shop: Shop) -> Kept:
    return real(shop) if request.param == "real" else posing()


def seen(row: ShopAddress | None) -> ShopAddress:
    assert row is not None
    return row


def test_the_first_to_take_it_holds_it_for_a_lease(kept: Kept) -> None:
    assert kept.store.look() is None
    row = seen(kept.store.claim(till("A")))
    assert (row.run, row.till, row.address, row.stays, row.state) == ("A1", "A", URL, True, RouteState.OPENING)
    assert (row.free, row.good_since, row.words) == (False, None, "")
    assert LEASE - 5 < row.left <= LEASE
    assert seen(kept.store.claim(till("B"))).run == "A1"
    kept.passes(LEASE - 5)
    assert seen(kept.store.claim(till("B"))).run == "A1"
    kept.passes(5)
    row = seen(kept.store.look())
    assert (row.free, row.is_held()) == (True, False)
    assert seen(kept.store.claim(till("B"))).run == "B1"


def test_its_word_keeps_it_and_one_that_has_lost_it_keeps_nothing(kept: Kept) -> None:
    kept.store.claim(till("A"))
    for _ in range(3):
        kept.passes(LEASE - 5)
        assert seen(kept.store.tell("A1", UP)).left > LEASE - 5
    kept.passes(LEASE)
    kept.store.claim(till("B"))
    row = seen(kept.store.tell("A1", UP))
    assert (row.run, row.state) == ("B1", RouteState.OPENING)


def test_one_that_comes_late_and_finds_it_free_has_it_on(kept: Kept) -> None:
    kept.store.claim(till("A"))
    kept.passes(LEASE + 60)
    assert seen(kept.store.tell("A1", UP)).is_held()


def test_since_when_it_is_good(kept: Kept) -> None:
    kept.store.claim(till("A"))
    row = seen(kept.store.tell("A1", UP))
    assert row.good_since == pytest.approx(row.now, abs=5)
    kept.passes(20)
    row = seen(kept.store.tell("A1", UP))
    assert row.good_since is not None
    assert row.now - row.good_since == pytest.approx(20, abs=5)
    row = seen(kept.store.tell("A1", HolderWord(address=URL, state=RouteState.UP, good=True, anew=True)))
    assert row.good_since == pytest.approx(row.now, abs=5)
    row = seen(kept.store.tell("A1", DOWN))
    assert (row.good_since, row.address, row.words) == (None, "", "The tunnel is closed.")


def test_a_till_at_which_nothing_comes_in_loses_it_to_another(kept: Kept) -> None:
    kept.store.claim(till("A"))
    kept.store.tell("A1", DOWN)
    kept.passes(DOWN_FOR - 5)
    kept.store.tell("A1", DOWN)
    assert not seen(kept.store.look()).free
    kept.passes(5)
    kept.store.tell("A1", DOWN)
    assert seen(kept.store.claim(till("B"))).run == "B1"


def test_so_does_one_that_never_says_whether_anything_comes_in(kept: Kept) -> None:
    kept.store.claim(till("A"))
    for _ in range(4):
        kept.passes(OPENING_FOR / 4 - 1)
        kept.store.tell("A1", HolderWord(address=URL, state=RouteState.OPENING, good=True))
    assert not seen(kept.store.look()).free
    kept.passes(5)
    kept.store.tell("A1", HolderWord(address=URL, state=RouteState.OPENING, good=True))
    assert seen(kept.store.claim(till("B"))).run == "B1"


def test_a_till_has_what_its_last_run_held_again_at_once(kept: Kept) -> None:
    kept.store.claim(till("A"))
    assert seen(kept.store.claim(till("A", "2"))).run == "A2"
    assert seen(kept.store.tell("A1", UP)).run == "A2"


def test_given_back_it_is_free_and_forgotten_it_is_gone(kept: Kept) -> None:
    kept.store.claim(till("A"))
    kept.store.tell("A1", UP)
    kept.store.release("another")
    assert seen(kept.store.look()).is_held()
    kept.store.release("A1")
    row = seen(kept.store.look())
    assert (row.free, row.is_held(), row.good_since, row.till) == (True, False, None, "A")
    kept.store.forget("folder B")
    assert kept.store.look()
    kept.store.forget("folder A")
    assert kept.store.look() is None


def test_a_lease_that_a_wrong_clock_gave_holds_nobody_up(shop: Shop) -> None:
    kept = real(shop)
    kept.store.claim(till("A"))
    kept.passes(-3_600)
    assert seen(kept.store.look()).left <= LEASE
    assert seen(kept.store.claim(till("B"))).run == "B1"


def test_of_many_at_once_one_has_it(shop: Shop) -> None:
    store = real(shop).store
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda letter: seen(store.claim(till(letter))), "ABCDEFGH"))
    assert len({row.run for row in rows}) == 1


def test_a_server_that_is_gone_or_takes_the_till_no_more_is_said_in_seconds(server: Server) -> None:
    with line_to(server.create(template="empty")) as (line, url):
        store = SqlAddressStore(url)
        assert store.look() is None
        line.refuse()
        with pytest.raises(CannotSave):
            store.look()
        line.mend()
        assert store.claim(till("A"))


def test_a_till_whose_password_was_changed_is_told_so_in_seconds(server: Server) -> None:
    url = server.create(template="empty")
    owner = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        for statement in ("CREATE ROLE clerk LOGIN", "GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk"):
            connection.exec_driver_sql(statement)
        store = SqlAddressStore(url.replace("//postgres@", "//clerk@"))
        assert seen(store.claim(till("A"))).run == "A1"
        connection.exec_driver_sql("ALTER ROLE clerk NOLOGIN")
        with pytest.raises(CannotSave):
            store.tell("A1", UP)
        connection.exec_driver_sql("ALTER ROLE clerk LOGIN")
        assert seen(store.tell("A1", UP)).run == "A1"
    owner.dispose()
