"""Lines of journal and audit are linked as they are written, in both databases; whoever edits one is found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.erasure import KEY_SETTING, ErasureKey
from pos_app.domain.links import Head, HeadCode, LastLines, LinkKey, heads_text
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import Payment
from pos_app.domain.verification import Broken, Digest, Seal, Verification, Wrong
from pos_app.errors import Clash
from pos_app.store import tables as t
from pos_app.store.database import Database
from pos_app.store.transaction import SqlTransaction
from tests.faults.scenarios.tampering import tampered
from tests.store.conftest import Shop, line
from tests.support.fakes import PHONE, START

SECRET = ErasureKey(b"k" * 32)
KEY = SECRET.links
BEFORE = ErasureKey(b"b" * 32).links
LATER = START + timedelta(days=1)


@pytest.fixture
def payment(shop: Shop) -> Payment:
    """It was opened before there were links."""
    return shop.open(shop.post())


def write(database: Database, payment: Payment, *, many: int = 1) -> None:
    """A transaction as a charge's: two lines in the journal, one in the audit."""
    for number in range(many):
        with database.write() as transaction:
            transaction.add_audit([audit_line(Actor(), Act.CHARGE, START, payment.number, f"KES {number}")])
            transaction.add_line(payment.id, line(kind="accepted", source="push", code=None, body=None))
            transaction.add_line(payment.id, line(detail=None if number % 3 else f"text {number}"))


def link(shop: Shop, till: str = "A", key: LinkKey | None = KEY) -> Database:
    """Another program at the same database, which links as this till."""
    database = Database(shop.engines)
    database.link_lines(till, lambda: key)
    return database


def verify(shop: Shop, *against: HeadCode) -> Verification:
    return shop.reader.verify(KEY, against)


@contextmanager
def tampering(shop: Shop) -> Iterator[sa.Connection]:
    """As an attacker who has the database whole, and lets nothing be refused."""
    with shop.engines.writer.begin() as connection:
        server = connection.dialect.name == "postgresql"
        if server:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f"DROP TRIGGER {name[0]}")
        yield connection


def tamper(shop: Shop, statement: str) -> None:
    with tampering(shop) as connection:
        assert connection.exec_driver_sql(statement).rowcount


def rows(shop: Shop, table: sa.Table = t.payment_event) -> list[dict[str, Any]]:
    with shop.engines.reader.connect() as connection:
        return [dict(row) for row in connection.execute(table.select().order_by(table.c.id)).mappings()]


class TestWriting:
    def test_a_tills_lines_follow_each_other_over_both_tables(self, shop: Shop, payment: Payment) -> None:
        write(link(shop), payment, many=2)
        assert [(row["writer"], row["seq"]) for row in rows(shop, t.audit)] == [("A", 1), ("A", 4)]
        assert [(row["writer"], row["seq"]) for row in rows(shop)] == [("A", 2), ("A", 3), ("A", 5), ("A", 6)]
        found = verify(shop)
        assert (found.whole, found.lines) == (True, 6)
        assert found.heads == tuple(shop.reader.heads())

    def test_each_till_has_its_own(self, shop: Shop, payment: Payment) -> None:
        first, second = link(shop), link(shop, "B2")
        for database in (first, second, first, second, second):
            write(database, payment)
        assert [(head.till, head.seq) for head in verify(shop).heads] == [("A", 6), ("B2", 9)]
        assert verify(shop).whole

    def test_a_command_beside_the_till_goes_on_where_it_is(self, shop: Shop, payment: Payment) -> None:
        till, command = link(shop), link(shop)
        for database in (till, command, command, till):
            write(database, payment)
        assert (verify(shop).whole, verify(shop).lines) == (True, 12)

    def test_what_is_undone_leaves_no_gap(self, shop: Shop, payment: Payment) -> None:
        till = link(shop)
        write(till, payment)
        with till.write() as transaction:
            transaction.add_line(payment.id, line("kept"))
            with pytest.raises(Clash), transaction.savepoint():
                fail(transaction, payment, Clash(""))
            transaction.add_line(payment.id, line("kept, too"))
        with pytest.raises(KeyboardInterrupt), till.write() as transaction:
            fail(transaction, payment, KeyboardInterrupt())
        write(till, payment)
        assert (verify(shop).whole, verify(shop).lines) == (True, 8)

    def test_without_the_key_everything_is_saved_and_nothing_linked(self, shop: Shop, payment: Payment) -> None:
        write(link(shop, key=None), payment)
        assert {(row["writer"], row["seq"], row["link"]) for row in rows(shop)} == {(None, None, None)}
        found = verify(shop)
        assert (found.lines, found.unsealed, found.whole) == (0, 3, False)

    def test_a_transaction_tells_the_heads_with_what_it_has_appended(self, shop: Shop, payment: Payment) -> None:
        with link(shop).write() as transaction:
            assert transaction.heads() == []
            transaction.add_line(payment.id, line())
            told = transaction.heads()
            assert [(head.till, head.seq) for head in told] == [("A", 1)]
        assert shop.reader.heads() == told


def fail(transaction: SqlTransaction, payment: Payment, error: BaseException) -> NoReturn:
    """Between a line that is written and its commit."""
    transaction.add_line(payment.id, line("not kept"))
    transaction.flush()
    raise error


NOBODY = {"operator_id": None, "role": None, "owner": False, "old": None}
NUMBER = "A-20261123-0001"
BROKEN = [
    ("UPDATE payment_event SET code = '1' WHERE id = 3", Broken(Wrong.EDITED, "A", 5, NUMBER)),
    ("UPDATE payment_event SET after = 'declined' WHERE id = 3", Broken(Wrong.EDITED, "A", 5, NUMBER)),
    ("UPDATE payment_event SET detail = NULL WHERE id = 2", Broken(Wrong.EDITED, "A", 3, NUMBER)),
    ("UPDATE payment_event SET detail = 'other' WHERE id = 2", Broken(Wrong.EDITED, "A", 3, NUMBER)),
    ("UPDATE payment_event SET detail = 'new' WHERE id = 3", Broken(Wrong.EDITED, "A", 5, NUMBER)),
    ("UPDATE payment_event SET salts = NULL WHERE id = 2", Broken(Wrong.EDITED, "A", 3, NUMBER)),
    ("UPDATE payment_event SET at = '2026-11-23 11:00:01' WHERE id = 4", Broken(Wrong.EDITED, "A", 6, NUMBER)),
    ("UPDATE audit SET subject = 'A-1' WHERE id = 2", Broken(Wrong.EDITED, "A", 4)),
    ("UPDATE audit SET old = '' WHERE id = 2", Broken(Wrong.EDITED, "A", 4)),
    ("UPDATE audit SET owner = (1 = 1) WHERE id = 2", Broken(Wrong.EDITED, "A", 4)),
    ("DELETE FROM payment_event WHERE id = 3", Broken(Wrong.DELETED, "A", 5)),
    ("DELETE FROM audit WHERE id = 2", Broken(Wrong.DELETED, "A", 4)),
    ("DELETE FROM payment_event WHERE id = 2", Broken(Wrong.DELETED, "A", 3)),
    ("UPDATE payment_event SET id = 99 WHERE id = 3", Broken(Wrong.SWAPPED, "A", 5)),
    ("UPDATE audit SET seq = 5 WHERE id = 2", Broken(Wrong.DELETED, "A", 4)),
    ("UPDATE payment_event SET seq = 2 WHERE id = 3", Broken(Wrong.INSERTED, "A", 2, NUMBER)),
    ("UPDATE payment_event SET writer = 'C' WHERE id = 3", Broken(Wrong.INSERTED, "C", 5, NUMBER)),
    ("UPDATE payment_event SET link = NULL WHERE id = 3", Broken(Wrong.UNLINKED, "", 3, NUMBER)),
    (
        "INSERT INTO payment_event (payment_id, at, source, kind, outcome, before, after) VALUES "
        "(1, '2026-11-23 12:00:00', 'callback', 'result', 'applied', 'prompted', 'paid')",
        Broken(Wrong.UNLINKED, "", 19, NUMBER),
    ),
    (
        "INSERT INTO payment_event (payment_id, at, source, kind, outcome, before, after, writer, seq, link) SELECT "
        "payment_id, at, source, kind, outcome, before, after, writer, seq, link FROM payment_event WHERE id = 1",
        Broken(Wrong.INSERTED, "A", 2, NUMBER),
    ),
    ("DELETE FROM payment_event WHERE id = 18", Broken(Wrong.CUT, "A", 27)),
    ("DELETE FROM head", Broken(Wrong.INSERTED, "A", 2, NUMBER)),
    ("UPDATE head SET seq = 26", Broken(Wrong.INSERTED, "A", 27, NUMBER)),
    ("INSERT INTO head SELECT 'Z', seq, link FROM head", Broken(Wrong.CUT, "Z", 1)),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "first"), BROKEN, ids=[statement[:60] for statement, _ in BROKEN])
def test_whatever_was_done_the_first_line_is_named(shop: Shop, payment: Payment, statement: str, first: Broken) -> None:
    write(link(shop), payment, many=9)
    if shop.engines.reader.dialect.name == "postgresql" and "link = NULL" not in statement:
        statement = statement.replace("before, after", '"before", "after"')
    tamper(shop, statement)
    found = verify(shop)
    assert found.broken[0] == first
    assert not found.whole


class TestAgainst:
    """Heads that were printed find what is missing at the end, and what was written anew with the key itself."""

    def test_it_is_there_still(self, shop: Shop, payment: Payment) -> None:
        till = link(shop)
        write(till, payment)
        [head] = shop.reader.heads()
        write(till, payment)
        assert verify(shop, head.code).whole

    def test_a_cut_tail_with_its_head(self, shop: Shop, payment: Payment) -> None:
        write(link(shop), payment, many=2)
        [before] = shop.reader.heads()
        write(link(shop), payment)
        [printed] = shop.reader.heads()
        tamper(shop, "DELETE FROM payment_event WHERE seq > 6")
        tamper(shop, "DELETE FROM audit WHERE seq > 6")
        with tampering(shop) as connection:
            connection.execute(t.head.update().values(before._asdict()))
        assert verify(shop).whole  # nobody can tell
        assert verify(shop, printed.code).broken == (Broken(Wrong.CUT, "A", 7),)
        assert verify(shop, HeadCode("B", 1, 0)).broken == (Broken(Wrong.CUT, "B", 1),)

    def test_another_line_in_its_place(self, shop: Shop, payment: Payment) -> None:
        write(link(shop), payment)
        wrong = HeadCode("A", 3, 12345)
        assert verify(shop, wrong).broken == (Broken(Wrong.REWRITTEN, "A", 3, payment.number),)

    def test_a_close_has_written_the_heads_down(self, shop: Shop, payment: Payment) -> None:
        first, second = link(shop), link(shop, "B")
        write(second, payment, many=2)
        [before] = shop.reader.heads()
        write(second, payment)
        with first.write() as transaction:
            told = heads_text(transaction.heads())
            transaction.append(t.audit, {**NOBODY, "at": START, "act": "close", "subject": "close 1", "new": told})
        write(second, payment)
        assert verify(shop).whole
        tamper(shop, "DELETE FROM payment_event WHERE writer = 'B' AND seq > 6")
        tamper(shop, "DELETE FROM audit WHERE writer = 'B' AND seq > 6")
        with tampering(shop) as connection:
            connection.execute(t.head.update().where(t.head.c.till == "B").values(before._asdict()))
        assert verify(shop).broken == (Broken(Wrong.CUT, "B", 7),)


class TestErasing:
    def erase(self, shop: Shop, database: Database) -> None:
        with database.write() as transaction:
            found = transaction.erasable(PHONE, LATER)
            assert found
            transaction.erase(found, SECRET, LATER)

    def test_lines_stay_whole_and_are_counted(self, shop: Shop, payment: Payment) -> None:
        till = link(shop)
        write(till, payment, many=4)
        with till.write() as transaction:
            transaction.add_line(payment.id, line("typed", code="Amina 0712"))
        before = [bytes(row["salts"]) for row in rows(shop) if row["salts"]]
        self.erase(shop, till)
        write(till, payment)
        found = verify(shop)
        assert (found.whole, found.erased) == (True, 5)
        after = b"".join(bytes(row["salts"]) for row in rows(shop) if row["salts"])
        assert not any(salts[1 + 17 * place :][:16] in after for salts in before for place in (1, 2) if len(salts) > 50)

    def test_who_empties_a_text_of_somebody_who_was_not_erased_is_found(self, shop: Shop, payment: Payment) -> None:
        till = link(shop)
        write(till, payment, many=2)
        self.erase(shop, till)
        assert verify(shop).whole
        tamper(shop, "UPDATE customer SET erased_at = NULL")
        [broken] = verify(shop).broken
        assert broken[:2] == (Wrong.EDITED, "A")

    def test_the_database_itself_refuses_other_salts(self, shop: Shop, payment: Payment) -> None:
        write(link(shop), payment)
        for values in ({"salts": b"\0"}, {"seq": 9}, {"link": b"x"}, {"writer": "B"}):
            with pytest.raises(Clash), shop.database.write() as transaction:
                transaction._connection.execute(t.payment_event.update().values(values))


class TestSealing:
    def sum_up(self, shop: Shop, after: LastLines = LastLines(0, 0), limit: int = 2) -> Seal:
        digest, until, place = Digest(), shop.reader.last_lines(), after
        while place != until:
            place = shop.reader.add_unlinked(digest, KEY, place, until, limit)
        events, audit = (after.event + 1, until.event), (after.audit + 1, until.audit)
        return Seal(events, audit, digest.lines, digest.hexdigest())

    def seal(self, database: Database, seal: Seal, *, owner: bool = False) -> None:
        with database.write() as transaction:
            assert transaction.last_lines() == (seal.events[1], seal.audit[1])
            transaction.add_audit([audit_line(Actor(owner=owner), Act.SEAL, START, "lines", str(seal))])

    @pytest.fixture
    def sealed(self, shop: Shop, payment: Payment) -> Database:
        """Seven transactions without the key, sealed, then two with it."""
        write(shop.database, payment, many=7)
        till = link(shop)
        self.seal(till, self.sum_up(shop))
        write(till, payment, many=2)
        return till

    def test_lines_from_before_are_held_together(self, shop: Shop, sealed: Database) -> None:
        found = verify(shop)
        assert (found.whole, found.lines, found.sealed, found.unsealed) == (True, 7, 21, 0)

    def test_what_it_comes_to_does_not_depend_on_the_steps(self, shop: Shop, payment: Payment) -> None:
        write(shop.database, payment, many=7)
        assert self.sum_up(shop, limit=1) == self.sum_up(shop, limit=1_000)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE payment_event SET code = '1' WHERE id = 3",
            "UPDATE payment_event SET detail = 'x' WHERE id = 1",
            "UPDATE payment_event SET body = NULL WHERE id = 2",
            "UPDATE payment_event SET salts = source WHERE id = 2",
            "UPDATE audit SET new = 'KES 1' WHERE id = 7",
            "DELETE FROM payment_event WHERE id = 14",
            "DELETE FROM audit WHERE id = 1",
            "UPDATE payment_event SET id = -id WHERE id = 5",
        ],
    )
    def test_what_is_edited_afterwards_is_found(self, shop: Shop, sealed: Database, statement: str) -> None:
        if shop.engines.reader.dialect.name == "postgresql":
            statement = statement.replace("= source", "= 'x'::bytea")
        tamper(shop, statement)
        assert Broken(Wrong.SEALED, "", 0) in verify(shop).broken

    def test_who_is_erased_then_leaves_it_whole(self, shop: Shop, sealed: Database) -> None:
        TestErasing().erase(shop, sealed)
        assert verify(shop).whole
        assert {row["body"] for row in rows(shop)} == {None}

    def test_who_is_erased_before_the_seal_is_sealed_as_they_are(self, shop: Shop, payment: Payment) -> None:
        write(shop.database, payment, many=2)
        TestErasing().erase(shop, shop.database)
        till = link(shop)
        self.seal(till, self.sum_up(shop))
        assert verify(shop).whole

    def test_what_comes_without_the_key_afterwards_waits_for_the_owner(
        self, shop: Shop, payment: Payment, sealed: Database
    ) -> None:
        before = shop.reader.last_lines()
        write(shop.database, payment)
        write(sealed, payment)
        assert [broken.what for broken in verify(shop).broken] == [Wrong.UNLINKED] * 3
        self.seal(sealed, self.sum_up(shop, before))  # as a till does by itself, where the database says that it is due
        assert [broken.what for broken in verify(shop).broken] == [Wrong.UNLINKED] * 3
        self.seal(sealed, self.sum_up(shop, before), owner=True)
        found = verify(shop)
        assert (found.whole, found.sealed) == (True, 24)


class TestRenewing:
    """The shop's key was lost, and the owner has made another one."""

    def renew(self, shop: Shop, database: Database) -> None:
        with database.write() as transaction:
            transaction.add_audit([audit_line(Actor(), Act.KEYS, LATER, f"setting {KEY_SETTING}", CHANGED)])

    @pytest.fixture
    def renewed(self, shop: Shop, payment: Payment) -> Shop:
        """Ten lines of till A with the key before, the last of them the renewal, and three behind it."""
        before = link(shop, key=BEFORE)
        write(before, payment, many=3)
        self.renew(shop, before)
        write(link(shop), payment)
        return shop

    def test_lines_before_cannot_be_checked_and_are_not_called_edited(self, renewed: Shop) -> None:
        found = verify(renewed)
        assert (found.broken, found.whole) == ((Broken(Wrong.RENEWED, "A", 10),), False)
        assert found.heads == tuple(renewed.reader.heads())
        assert renewed.reader.key_renewed_at() == LATER

    def test_what_is_behind_is_checked_as_ever(self, renewed: Shop) -> None:
        tamper(renewed, "UPDATE payment_event SET outcome = 'x' WHERE seq = 12")
        assert [broken[:3] for broken in verify(renewed).broken] == [(Wrong.EDITED, "A", 12), (Wrong.RENEWED, "A", 10)]

    def test_what_is_missing_before_is_found_by_its_number(self, renewed: Shop) -> None:
        tamper(renewed, "DELETE FROM payment_event WHERE seq = 5")
        assert verify(renewed).broken[0] == Broken(Wrong.DELETED, "A", 5)

    def test_a_till_that_stayed_open_goes_on_with_the_key_before(self, shop: Shop, payment: Payment) -> None:
        open_till = link(shop, key=BEFORE)
        write(open_till, payment)
        self.renew(shop, open_till)
        write(open_till, payment)
        write(link(shop), payment)
        write(link(shop, "B2"), payment)
        assert verify(shop).broken == (Broken(Wrong.RENEWED, "A", 7),)

    def test_a_till_that_stayed_open_stops_linking_where_another_has_the_new_key(
        self, shop: Shop, payment: Payment
    ) -> None:
        open_till = link(shop, key=BEFORE)
        write(open_till, payment)
        self.renew(shop, open_till)
        with shop.database.write() as transaction:
            transaction.set_setting(KEY_SETTING, KEY.shop_key)
        write(open_till, payment)  # it cannot know yet
        write(link(shop), payment)
        write(open_till, payment, many=2)
        found = verify(shop)
        assert {broken.what for broken in found.broken} == {Wrong.RENEWED, Wrong.UNLINKED}
        assert Broken(Wrong.RENEWED, "A", 7) in found.broken
        assert sum(broken.what is Wrong.UNLINKED for broken in found.broken) == 6
        assert all(row["salts"] is None for row in rows(shop) if row["link"] is None)

    def test_heads_from_before_are_compared_as_ever(self, renewed: Shop) -> None:
        [seen] = [row for row in rows(renewed) if row["seq"] == 6]
        there = Head("A", 6, seen["link"]).code
        assert [broken.what for broken in verify(renewed, there).broken] == [Wrong.RENEWED]
        other = HeadCode("A", 6, there.short ^ 1)
        assert verify(renewed, other).broken[0][:3] == (Wrong.REWRITTEN, "A", 6)

    def test_a_seal_from_before_cannot_be_checked(self, shop: Shop, payment: Payment) -> None:
        write(link(shop, key=None), payment)
        digest, last = Digest(), shop.reader.last_lines()
        shop.reader.add_unlinked(digest, BEFORE, LastLines(0, 0), last._replace(audit=0), 99)
        seal = Seal((1, last.event), (1, 0), digest.lines, digest.hexdigest())
        database = link(shop, key=BEFORE)
        with database.write() as transaction:
            transaction.add_audit([audit_line(Actor(), Act.SEAL, START, "lines", str(seal))])
        self.renew(shop, database)
        assert Broken(Wrong.RENEWED, "", 0) in verify(shop).broken
        assert Wrong.SEALED not in {broken.what for broken in verify(shop).broken}

    def test_without_a_renewal_another_key_is_an_edit(self, shop: Shop, payment: Payment) -> None:
        write(link(shop, key=BEFORE), payment)
        assert [broken[:3] for broken in verify(shop).broken] == [(Wrong.EDITED, "A", 1)]
        assert shop.reader.key_renewed_at() is None


def test_t33_random_edits_are_all_found() -> None:
    """In a sample; all: `.venv/bin/python -m tests.faults --full --fault T33`."""
    tampered(seed=33, edits=150)
