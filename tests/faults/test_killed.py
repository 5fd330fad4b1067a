"""The checks of what a killed till leaves: each breach, made by hand, is seen."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

from tests.faults.oracles.after_kill import AfterKill, unsettled, violations
from tests.faults.scenarios.killed import Life, Premises, Step, die, premises
from tests.faults.simulation.killable_till import FastClock, KillableTill, fate_of, sell
from tests.support.fakes import START, FakeClock

TOKEN = f"{0:040x}"  # paid, and answered


@pytest.fixture(scope="module")
def dead() -> Iterator[Premises]:
    """A till was killed after it had thanked for a payment."""
    with premises() as shop:
        till = Life(shop.heard, sell, shop.path, FastClock(START, 0.0), 1, 1)
        while not any(fate_of(token).code == "0" for token in shop.heard["acked"]):
            till.wait_for("acked")
        till.kill()
        yield shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Premises]:
    with premises() as built:
        yield built


def _broken(dead: Premises, folder: Path, breach: str) -> AfterKill:
    """The breach, made in a copy."""
    shutil.copytree(dead.path.parent, folder, dirs_exist_ok=True)
    path = folder / dead.path.name
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")  # the database itself guards what is broken here
        connection.execute(breach)
        connection.commit()
    return AfterKill(path)


def test_nothing_is_seen_where_nothing_is_wrong(dead: Premises) -> None:
    dead.check()


@pytest.mark.parametrize(
    ("breach", "seen"),
    [
        ("DELETE FROM payment", "was acknowledged and is lost"),
        ("DELETE FROM payment", "a push for no payment"),
        ('DELETE FROM "grant"', "thanked for the money, and the grant is lost"),
        ('DELETE FROM "grant"', "paid, and no grant"),
        ('DELETE FROM "grant" WHERE line = 2', "1 of 2 lines granted"),
        ("UPDATE payment SET receipt = NULL", "and its receipt code is None"),
        ("DELETE FROM payment_event WHERE source = 'callback'", "thanked for a callback that is not in the journal"),
        ("UPDATE payment_event SET after = 'unknown' WHERE after = 'paid'", "the journal has gaps"),
        ("UPDATE payment SET state = 'declined' WHERE state = 'paid'", "nobody said so"),
        ("UPDATE payment SET state = 'prompted' WHERE state = 'paid'", "a grant, and not paid"),
        ("UPDATE payment_line SET post_id = 7 WHERE line = 1", "damaged"),
    ],
)
def test_a_breach_in_the_database_is_seen(dead: Premises, tmp_path: Path, breach: str, seen: str) -> None:
    assert seen in "\n".join(violations(dead.heard, _broken(dead, tmp_path, breach)))


def test_a_grant_that_nobody_paid_for_is_seen(dead: Premises, tmp_path: Path) -> None:
    forged = _broken(
        dead, tmp_path, "UPDATE payment SET address = 'x' WHERE id = (SELECT min(id) FROM payment WHERE state = 'paid')"
    )
    assert "a grant, and nobody told of money" in "\n".join(violations(dead.heard, forged))


def test_a_payment_that_is_not_taken_up_again_is_seen(dead: Premises, tmp_path: Path) -> None:
    forgotten = _broken(dead, tmp_path, "UPDATE payment SET state = 'prompted' WHERE state = 'paid'")
    assert "was not taken up again" in "\n".join(unsettled(forgotten, dead.heard))


@pytest.mark.parametrize("kind", ["left", "rang"])
def test_a_second_push_is_seen(shop: Premises, kind: str) -> None:
    shop.walk(1, TOKEN, "push: committed")
    again = next(iter(shop.heard[kind]))
    shop.heard.add(kind, again)
    with pytest.raises(AssertionError, match="2 pushes"):
        shop.check()


def _forgetful(pipe: Connection, path: Path) -> None:
    """A till that takes up nothing."""
    KillableTill(path, FakeClock(), pipe, str).report("ready")


def test_a_payment_still_on_its_way_after_a_restart_is_seen(shop: Premises) -> None:
    shop.walk(1, TOKEN, "push: left")
    till = Life(shop.heard, _forgetful, shop.path)
    assert till.end() == 0
    with pytest.raises(AssertionError, match="still said to be on their way after a restart"):
        shop.check(till)


def test_a_step_that_leaves_another_state_than_designed_is_seen(shop: Premises) -> None:
    with pytest.raises(AssertionError, match="callback: received: left prompted, should be paid"):
        die(shop, 1, TOKEN, Step("callback", "paid", "paid", ()), "received")


def test_a_step_that_never_comes_is_seen(shop: Premises) -> None:
    with pytest.raises(AssertionError, match="was not killed, but ended with 0"):
        shop.walk(1, TOKEN, "callback: elsewhere")


def test_a_till_that_ends_by_itself_is_seen(shop: Premises) -> None:
    shop.path.write_bytes(b"not a database")
    with pytest.raises(AssertionError, match="the till never said ready"):
        shop.sell(1, 1, Random(2))
