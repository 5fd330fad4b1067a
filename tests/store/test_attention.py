"""What needs a person is found by indexes, each payment once, and as the domain says; in both databases."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

from pos_app.domain.attention import LISTED, LONG, OF_PAYMENTS, Concern, WhatWaits, concern_of
from pos_app.domain.catalogue import Post
from pos_app.domain.payment import ATTENTION_REMARKS, Payment, Remark, State
from pos_app.domain.pull_run import SETTING, PullRun
from pos_app.domain.search import Search
from pos_app.domain.statement_row import Period
from tests.store.conftest import PAID, Shop
from tests.store.test_mpesa_record import FEE, FILE, ROW, keep
from tests.support.fakes import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def phones() -> Iterator[str]:
    return (f"2547{number:08}" for number in range(10_000))


def as_domain_says(shop: Shop) -> tuple[Counter[Concern], list[int]]:
    """The same from all payments."""
    ids: dict[Concern, list[int]] = {concern: [] for concern in OF_PAYMENTS}
    for payment in sorted(shop.reader.search(Search(limit=10_000)), key=lambda one: one.id):
        concern = concern_of(payment.state, payment.unseen, payment.created_at, START)
        if concern:
            ids[concern].append(payment.id)
    listed = sorted(each for some in ids.values() for each in some[:LISTED])
    return Counter({concern: len(some) for concern, some in ids.items() if some}), listed


def test_every_state_remark_and_age(shop: Shop, post: Post) -> None:
    kinds = list(product(State, (None, *Remark), (timedelta(), LONG, -LONG)))
    for phone, (state, remark, ago) in zip(phones(), kinds, strict=False):
        remarks = frozenset({remark} if remark else ())
        shop.change(shop.open(post, phone, at=START - ago), state=state, remarks=remarks)
    mixed = [
        (frozenset(Remark), frozenset()),
        (frozenset(Remark), ATTENTION_REMARKS),
        (frozenset({Remark.LATE, Remark.PHONE_DIFFERS, Remark.BY_OWNER}), frozenset()),
        (frozenset({Remark.DOUBLE, Remark.CODE_LOST}), frozenset({Remark.DOUBLE})),
        (frozenset({Remark.REVERSED, Remark.ERASED}), frozenset({Remark.ERASED})),
    ]
    for remarks, seen in mixed:
        shop.change(shop.open(post, "254799999999"), state=State.PAID, remarks=remarks, seen=seen)
    found = shop.reader.needs_person(START)
    assert (Counter(found.counts), [payment.id for payment in found.payments]) == as_domain_says(shop)
    assert min(found.counts.values()) > 0


def test_of_each_concern_the_oldest_are_named_and_the_rest_is_counted(shop: Shop, post: Post) -> None:
    for phone, _ in zip(phones(), range(LISTED + 3), strict=False):
        shop.change(shop.open(post, phone), state=State.REVIEW)
    last = shop.change(shop.open(post, "254799999999"), **PAID, remarks=frozenset({Remark.DOUBLE}))
    found = shop.reader.needs_person(START)
    assert found.counts[Concern.REVIEW] == LISTED + 3
    assert [payment.id for payment in found.payments] == [*range(1, LISTED + 1), last.id]


def test_an_empty_shop(shop: Shop) -> None:
    assert shop.reader.needs_person(START) == WhatWaits(counts=dict.fromkeys(OF_PAYMENTS, 0))


def paid(shop: Shop, post: Post, phone: str) -> Payment:
    return shop.change(shop.open(post, phone), **PAID, amount_paid=250, updated_at=START)


def test_since_when_money_is_in_no_close(shop: Shop, post: Post) -> None:
    paid(shop, post, "254712345678")
    first = shop.reader.needs_person(START)
    assert first.unclosed_since is not None
    assert (first.closes, first.unseen_since) == (0, first.unclosed_since)
    with shop.database.write() as transaction:
        transaction.close_day(transaction.open_day(START), "A", None, owner=False)
    closed = shop.reader.needs_person(START)
    assert (closed.unclosed_since, closed.closes) == (None, 1)
    paid(shop, post, "254722345678")
    assert shop.reader.needs_person(START).unclosed_since is not None


def test_money_without_a_prompt_that_waits(shop: Shop, post: Post) -> None:
    later = replace(ROW, receipt="UKN7H7OI91", at=START + HOUR)
    keep(shop, later, ROW, FEE)
    found = shop.reader.needs_person(START)
    assert (found.unprompted, found.unprompted_since) == (shop.reader.unprompted_waiting(), START) == (2, START)


def test_up_to_when_mpesas_record_was_seen(shop: Shop, post: Post) -> None:
    """Only what was recorded whole counts, and an older statement that is read later takes nothing back."""
    paid(shop, post, "254712345678")
    with shop.database.write() as transaction:
        ids = []
        for number, until in enumerate((START - DAY, START - 2 * DAY, START + 9 * DAY)):
            source = replace(FILE.source, digest=f"{number:064x}")
            ids.append(
                transaction.add_record_file(replace(FILE, source=source, covered=Period(START - 9 * DAY, until)))
            )
        for file_id in ids[:2]:
            transaction.end_record_file(file_id, START)
        run = PullRun(till="A", begun=START - HOUR)
        transaction.set_setting(SETTING, run.text())
    found = shop.reader.needs_person(START)
    assert (found.record_until, found.record_asked) == (START - DAY, START - HOUR)
    assert found.unseen_since is not None
    with shop.database.write() as transaction:
        transaction.end_record_file(ids[2], START)
    seen = shop.reader.needs_person(START)
    assert (seen.record_until, seen.unseen_since) == (START + 9 * DAY, None)


def test_no_table_that_grows_is_read_whole(shop: Shop, post: Post) -> None:
    shop.change(shop.open(post), state=State.REVIEW)
    plan = shop.plan(lambda: shop.reader.needs_person(START))
    for index in ("ix_payment_open", "ix_payment_odd", "ix_movement_close", "ix_movement_at"):
        assert index in plan
    assert "Seq Scan on payment" not in plan
    assert "Seq Scan on movement" not in plan
    whole = [line for line in plan.splitlines() if line.startswith(("SCAN payment", "SCAN movement"))]
    if shop.engines.reader.dialect.name == "sqlite":  # of an index of few payments; and up to the first movement
        indexes = ["payment USING COVERING INDEX ix_payment_odd", "movement USING INDEX ix_movement_at"]
        assert whole == [f"SCAN {index}" for index in indexes]
