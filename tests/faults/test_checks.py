"""The checks themselves: each breach, made by hand in the database or in M-PESA's books, is seen."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from pos_app.simulator import Choice
from tests.faults.oracles.closes import Closes
from tests.faults.oracles.invariants import check, settle
from tests.faults.oracles.truth import OnRecord
from tests.faults.plans import play
from tests.faults.simulation.transport import Fate, Kind, fine
from tests.faults.simulation.world import World, world


@pytest.fixture
def shop() -> Iterator[World]:
    """Payment 1 is paid, payment 2 was cancelled."""
    with world(1) as built:
        choices = iter((Choice.PIN, Choice.CANCEL))
        built.environment.customer = lambda _: (5.0, next(choices))
        built.sell_many(2, 10.0)
        built.run(60)
        yield built


_REFUND = (
    "INSERT INTO refund (payment_id, at, reason, source, status, withdrawn, amount, code) "
    "SELECT id, created_at, 'x', 'owner', 'done', 0,"
)


def test_nothing_is_seen_where_nothing_is_wrong(shop: World) -> None:
    settle(shop)
    check(shop)


@pytest.mark.parametrize(
    ("breach", "seen"),
    [
        ("UPDATE payment SET state = 'paid' WHERE id = 2", "the evidence makes it cancelled"),
        ("UPDATE payment SET state = 'cancelled' WHERE id = 1", "the evidence makes it paid"),
        ("UPDATE payment SET state = 'review' WHERE id = 1", "the evidence makes it paid"),
        ('DELETE FROM "grant"', "0 grants"),
        ('DELETE FROM "grant" WHERE line = (SELECT max(line) FROM "grant")', "grants for"),
        ("UPDATE payment_line SET quantity = 2 WHERE line = 1", "were asked"),
        (
            'INSERT INTO "grant" SELECT 2, 1, customer_id, post_id, granted_at, access, until, starts_at, withdrawn_at '
            'FROM "grant" WHERE line = 1',
            "1 grants",
        ),
        (f"{_REFUND} amount + 1, 'UKR0000001' FROM payment WHERE id = 1", "went back of"),
        (f"{_REFUND} 1, 'UKR0000001' FROM payment WHERE id = 2", "1 went back of None"),
        (f"{_REFUND} 1, receipt FROM payment WHERE id = 1", "the code of its refund is a payment's"),
        ("DELETE FROM payment_event WHERE source = 'callback'", "0 callbacks in the journal, 1 came"),
        ("DELETE FROM payment_event WHERE source = 'push'", "the journal has gaps"),
        ("UPDATE payment_event SET after = 'cancelled' WHERE after = 'paid'", "the journal has gaps"),
        ("UPDATE payment SET receipt = NULL", "its receipt code should be"),
        ("UPDATE payment SET checkout_request_id = NULL", "its ids should be"),
        ("UPDATE payment SET state = 'not_sent' WHERE id = 2", "surely not sent"),
        ("DELETE FROM payment WHERE id = 2", "a push for no payment"),
    ],
)
def test_a_breach_in_the_database_is_seen(shop: World, breach: str, seen: str) -> None:
    break_in(shop, breach)
    with pytest.raises(AssertionError, match=seen):
        check(shop)


@pytest.mark.parametrize(
    ("breach", "seen"),
    [
        ("DELETE FROM movement", "the closes say"),
        ("UPDATE payment SET amount_paid = amount_paid + 1 WHERE id = 1", "the closes say"),
        ("UPDATE payment SET state = 'declined' WHERE id = 1; DELETE FROM movement", "of its prompts, M-PESA"),
        ("SELECT 1", "recorded of M-PESA's record: {}"),  # nothing was
    ],
)
def test_a_breach_of_what_the_closes_say_together_is_seen(shop: World, breach: str, seen: str) -> None:
    settle(shop)
    break_in(shop, breach)
    closes = Closes(shop, "mama njeri 1987")
    closes.close(())
    with pytest.raises(AssertionError, match=seen):
        closes.check({movement.receipt for movement in shop.mpesa.money.record.movements()})


def break_in(shop: World, breach: str) -> None:
    """Change the database past the till, which itself guards what is broken here."""
    with closing(sqlite3.connect(shop.address, uri=True)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(breach)


def test_a_payment_that_m_pesa_s_record_names_and_that_is_not_paid_by_its_code_is_seen(shop: World) -> None:
    first, second = shop.truth.left
    shop.truth.seen.append(OnRecord(second, "UKN1AAAA22"))
    with pytest.raises(AssertionError, match="the evidence makes it paid"):
        check(shop)
    shop.truth.seen[-1] = OnRecord(first, "UKN1AAAA22")
    check(shop)  # it has its code, and keeps it


def test_a_second_push_is_seen(shop: World) -> None:
    token = next(iter(shop.truth.left))
    shop.truth.left[token] += 1
    with pytest.raises(AssertionError, match="2 pushes left"):
        check(shop)


def test_a_grant_without_money_is_seen(shop: World) -> None:
    for prompt in shop.truth.by_checkout.values():
        prompt.code = "1032"
    with pytest.raises(AssertionError, match="no money moved"):
        check(shop)


def test_a_payment_that_stays_unsure_is_seen(shop: World) -> None:
    shop.environment.deliveries = lambda token, body: []
    shop.environment.customer = lambda _: (5.0, Choice.PIN)
    shop.weather = lambda kind: Fate(opens=httpx.ConnectError) if kind is Kind.QUERY else fine(kind)
    shop.sell()
    shop.run(60)
    shop.counter.asking.pause()
    with pytest.raises(AssertionError, match="not resolved"):
        settle(shop)


def test_a_failing_seed_says_how_to_play_it_again() -> None:
    with pytest.raises(AssertionError, match=r"python -m tests\.faults --seed 3 --fault T19 --runs 1"):
        play("T19", 3, 1)  # this one plays all its cases or none


def test_one_seed_is_one_replay() -> None:
    def history(seed: int) -> list[tuple[object, ...]]:
        with world(seed) as shop:
            shop.environment.customer = lambda _: (shop.random.uniform(1, 50), shop.random.choice(list(Choice)))
            shop.weather = lambda kind: Fate(delay=shop.random.uniform(0.0, 20.0))
            shop.sell_many(20, 6.0)
            shop.run(400)
            return [tuple(row) for row in shop.rows("SELECT * FROM payment_event ORDER BY id")]

    assert history(5) == history(5) != history(6)
