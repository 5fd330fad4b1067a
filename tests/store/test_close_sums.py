"""Whoever edits a close, or what it has counted, is found, and the close is named, in both databases (rule 24)."""

from dataclasses import replace

import pytest

from pos_app.domain.audit import audit_line
from pos_app.domain.catalogue import Post
from pos_app.domain.close_sum import read_close_seal
from pos_app.domain.day import close_name
from pos_app.domain.operators import Act, Actor
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.supplement import Supplement, ToldSum
from pos_app.domain.verification import Broken, Wrong
from pos_app.errors import Clash
from pos_app.store import tables as t
from pos_app.store.close_sums import BEFORE
from pos_app.store.database import Database
from tests.store.conftest import Shop
from tests.store.test_day import close, give_back, pay
from tests.store.test_links import link, tamper, verify
from tests.support.fakes import START


def close_and_bind(database: Database) -> int:
    """As closing the day does."""
    with database.write() as transaction:
        number = transaction.close_day(transaction.open_day(START), "A", None, owner=False)
        bound = transaction.close_sum(number)
        transaction.add_audit([audit_line(Actor(), Act.CLOSE, START, close_name(number), f"KES 1, {bound}")])
    return number


def seal(shop: Shop, until: int) -> None:
    with link(shop).write() as transaction:
        text = str(shop.reader.seal_of_closes(until))
        transaction.add_audit([audit_line(Actor(), Act.SEAL, START, "closes from before", text)])


@pytest.fixture
def closed(shop: Shop, post: Post) -> Shop:
    """Three days of two payments, the second with money that went back; and one that is open."""
    till = link(shop)
    for _ in range(3):
        give_back(shop, pay(shop, post), 20)
        pay(shop, post)
        close_and_bind(till)
    pay(shop, post)
    return shop


def wrong(shop: Shop) -> list[tuple[Wrong, str | None]]:
    found = verify(shop)
    assert all(broken.till == "" or broken.close is None for broken in found.broken)
    return [(broken.what, broken.close) for broken in found.broken if broken.close]


def test_closes_are_held_by_the_audit(closed: Shop) -> None:
    found = verify(closed)
    assert (found.whole, found.closes, found.unsealed_closes, found.lines) == (True, 3, 0, 3)
    assert wrong(closed) == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE day_close SET report = replace(report, '500', '400') WHERE number = 2", Wrong.EDITED),
        ("UPDATE day_close SET received = received - 1 WHERE number = 2", Wrong.EDITED),
        ("UPDATE day_close SET till = 'B' WHERE number = 2", Wrong.EDITED),
        ("UPDATE day_close SET at = '2026-11-23 11:00:00.000001' WHERE number = 2", Wrong.EDITED),
        ("UPDATE day_close SET last_payment_id = 0 WHERE number = 2", Wrong.EDITED),
        ("UPDATE day_close SET owner = true WHERE number = 2", Wrong.EDITED),
        ("DELETE FROM day_close WHERE number = 2", Wrong.DELETED),
        ("UPDATE movement SET received = received + 1 WHERE id = 4", Wrong.COUNTED),
        ("UPDATE movement SET refunded = 0 WHERE id = 5", Wrong.COUNTED),
        ("UPDATE movement SET payment_id = 1 WHERE id = 4", Wrong.COUNTED),
        ("UPDATE movement SET at = '2026-11-24 11:00:00.000000' WHERE id = 4", Wrong.COUNTED),
        ("UPDATE movement SET id = 99 WHERE id = 4", Wrong.COUNTED),
        ("UPDATE movement SET close_number = NULL WHERE id = 4", Wrong.COUNTED),
        ("UPDATE movement SET refund_id = NULL WHERE id = 5", Wrong.COUNTED),
        ("DELETE FROM movement WHERE id = 6", Wrong.COUNTED),
        (
            "INSERT INTO movement (payment_id, at, paid, received, refunds, refunded, returned, close_number)"
            " VALUES (1, '2026-11-24 11:00:00.000000', 0, 5, 0, 0, 0, 2)",
            Wrong.COUNTED,
        ),
    ],
)
def test_what_is_edited_is_found_and_its_close_named(closed: Shop, statement: str, what: Wrong) -> None:
    tamper_without_keys(closed, statement)
    assert wrong(closed) == [(what, "Z 0002")]
    assert not verify(closed).whole


def tamper_without_keys(shop: Shop, statement: str) -> None:
    """Past the foreign keys, too."""
    if shop.engines.writer.dialect.name == "sqlite":
        shop.pragma("foreign_keys = OFF")
    tamper(shop, statement)


def test_money_that_is_put_into_another_close_is_missed_in_one_and_found_in_the_other(closed: Shop) -> None:
    tamper(closed, "UPDATE movement SET close_number = 3 WHERE id = 4")
    assert wrong(closed) == [(Wrong.COUNTED, "Z 0002"), (Wrong.COUNTED, "Z 0003")]


def test_two_figures_that_make_up_for_each_other_are_found(closed: Shop) -> None:
    """`wrong_closes` adds up the same."""
    tamper(closed, "UPDATE movement SET received = received + CASE id WHEN 4 THEN 1 ELSE -1 END WHERE id IN (4, 6)")
    assert closed.reader.wrong_closes() == []
    assert wrong(closed) == [(Wrong.COUNTED, "Z 0002")]


def test_a_close_of_another_number_is_missed_and_found(closed: Shop) -> None:
    tamper_without_keys(closed, "UPDATE day_close SET number = 7 WHERE number = 2")
    assert wrong(closed) == [(Wrong.DELETED, "Z 0002"), (Wrong.INSERTED, "Z 0007")]


def test_a_close_that_the_audit_does_not_know_was_inserted(closed: Shop) -> None:
    close(closed)
    assert wrong(closed) == [(Wrong.INSERTED, "Z 0004")]


def test_what_the_audit_says_of_it_cannot_be_edited_with_it(closed: Shop) -> None:
    tamper(closed, "UPDATE audit SET new = replace(new, 'a', 'b') WHERE subject = 'Z 0002'")
    assert verify(closed).broken[0][:3] == (Wrong.EDITED, "A", 2)


def test_a_line_without_a_link_does_not_take_the_place_of_one_that_has_one(closed: Shop) -> None:
    tamper(closed, "UPDATE day_close SET received = 1 WHERE number = 2")
    with closed.database.write() as transaction:
        bound = transaction.close_sum(2)
        transaction.add_audit([audit_line(Actor(), Act.CLOSE, START, "Z 0002", f"{bound}")])
    tamper(closed, "UPDATE audit SET id = -id WHERE link IS NULL")
    assert (Wrong.EDITED, "Z 0002") in wrong(closed)


class TestFromBefore:
    @pytest.fixture
    def before(self, shop: Shop, post: Post) -> Shop:
        """Two closes that nothing binds, as the migration leaves them."""
        for _ in range(2):
            pay(shop, post)
            close(shop)
        with shop.database.write() as transaction:
            transaction.set_setting(BEFORE, "2 due")
        return shop

    def test_they_wait_for_their_seal_and_are_not_called_inserted(self, before: Shop) -> None:
        found = verify(before)
        assert (found.broken, found.unsealed_closes, found.whole) == ((), 2, False)

    def test_sealed_they_are_held_with_those_behind(self, before: Shop, post: Post) -> None:
        seal(before, 2)
        pay(before, post)
        close_and_bind(link(before))
        found = verify(before)
        assert (found.whole, found.closes, found.unsealed_closes) == (True, 3, 0)
        assert before.reader.counted(2) == 2

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE day_close SET report = replace(report, '250', '240') WHERE number = 1",
            "DELETE FROM day_close WHERE number = 2",
            "UPDATE movement SET received = 1 WHERE id = 1",
            "DELETE FROM movement WHERE id = 2",
        ],
    )
    def test_what_is_edited_behind_the_seal_is_found(self, before: Shop, statement: str) -> None:
        seal(before, 2)
        tamper_without_keys(before, statement)
        assert Broken(Wrong.SEALED, "", 0, close="Z 0002") in verify(before).broken

    def test_who_seals_once_more_makes_nothing_whole(self, before: Shop, post: Post) -> None:
        """Past the program a close is put behind those from before, and the till made to seal again."""
        seal(before, 2)
        pay(before, post)
        close(before)
        seal(before, 3)
        assert (Wrong.INSERTED, "Z 0003") in wrong(before)

    def test_a_seal_over_what_is_bound_counts_for_nothing(self, closed: Shop) -> None:
        close(closed)
        seal(closed, 4)
        assert (Wrong.INSERTED, "Z 0004") in wrong(closed)

    def test_the_seal_is_read_as_it_was_written(self, before: Shop) -> None:
        told = before.reader.seal_of_closes(2)
        assert read_close_seal(str(told)) == told
        with before.engines.reader.connect() as connection:
            assert connection.scalar(t.day_close.select().with_only_columns(t.day_close.c.number).limit(1)) == 1


class TestSupplements:
    SUPPLEMENT = Supplement(
        close=2, part=1, at=START, source="statement 1f0c22aa", since=None, until=None,
        told={RowOutcome.UNPROMPTED: ToldSum(1, 45_000)},
    )  # fmt: skip

    @pytest.fixture
    def explained(self, closed: Shop) -> Shop:
        """The second day has one."""
        with link(closed).write() as transaction:
            assert transaction.next_part(2) == 1
            bound = transaction.add_supplement(self.SUPPLEMENT, "ab")
            assert (transaction.next_part(2), transaction.next_part(3)) == (2, 1)
            line = audit_line(Actor(), Act.STATEMENT, START, "supplement Z 0002/1", f"1 unprompted, bound {bound}")
            transaction.add_audit([line])
        return closed

    def test_it_is_held_by_the_audit(self, explained: Shop) -> None:
        assert verify(explained).whole
        assert explained.reader.supplements(1, 2) == [self.SUPPLEMENT]
        assert explained.reader.supplements(3, 9) == []

    @pytest.mark.parametrize(
        ("statement", "what", "name"),
        [
            ("UPDATE close_supplement SET report = replace(report, '45', '44')", Wrong.EDITED, "Z 0002/1"),
            ("UPDATE close_supplement SET digest = 'cd'", Wrong.EDITED, "Z 0002/1"),
            ("DELETE FROM close_supplement", Wrong.DELETED, "Z 0002/1"),
            ("INSERT INTO close_supplement VALUES (3, 1, 'ab', '{}')", Wrong.INSERTED, "Z 0003/1"),
        ],
    )
    def test_what_is_edited_is_found(self, explained: Shop, statement: str, what: Wrong, name: str) -> None:
        tamper(explained, statement)
        assert wrong(explained) == [(what, name)]

    def test_the_database_itself_refuses(self, explained: Shop) -> None:
        with pytest.raises(Clash), explained.database.write() as transaction:
            transaction.add_supplement(replace(self.SUPPLEMENT, part=2), "ab")  # the same record once more
        for statement in (t.close_supplement.delete(), t.close_supplement.update().values(digest="cd")):
            with pytest.raises(Clash), explained.database.write() as transaction:
                transaction._connection.execute(statement)
