"""The key is renewed in both databases: what stands before is sealed by that, and each edit of it is named."""

import pytest
import sqlalchemy as sa

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.erasure import KEY_RANDOM, KEY_SETTING, ErasureKey, new_key, read_key
from pos_app.domain.links import Head, HeadCode, LastLines, LinkKey
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import Payment
from pos_app.domain.renewal_seal import BEGINNING, BLOCK, SealBlock, SealSum, read_renewal
from pos_app.domain.verification import Broken, Verification, Wrong
from pos_app.store import tables as t
from pos_app.store.database import Database
from tests.store.conftest import Shop
from tests.store.test_links import BEFORE, NUMBER, link, rows, tamper, tampering, write
from tests.support.fakes import START
from tests.support.renewing import renew

OTHER = ErasureKey(b"o" * 32).links
SEALING = read_key(new_key(b"s" * KEY_RANDOM)).links


@pytest.fixture
def payment(shop: Shop) -> Payment:
    """It was opened before there were links."""
    return shop.open(shop.post())


class Renewed:
    """Till A has written three times three lines, till B one time, then A has renewed the key, and goes on.

    Attributes:
        ends: with which lines the tills ended before.
    """

    def __init__(self, shop: Shop, payment: Payment) -> None:
        self.shop = shop
        write(link(shop, key=BEFORE), payment, many=3)
        write(link(shop, "B", BEFORE), payment)
        self.key = self.renew("A", BEFORE)
        write(link(shop, key=self.key), payment)
        write(link(shop, "B", self.key), payment)

    def renew(self, till: str, before: LinkKey | None) -> LinkKey:
        key = renew(Database(self.shop.engines), till, before)
        self.ends = {head.till: head.seq for head in self.shop.reader.heads()}
        return key

    def verify(self, *against: HeadCode) -> Verification:
        return self.shop.reader.verify(self.key, against)


@pytest.fixture
def renewed(shop: Shop, payment: Payment) -> Renewed:
    return Renewed(shop, payment)


def test_what_stands_before_is_whole(renewed: Renewed) -> None:
    found = renewed.verify()
    assert (found.broken, found.whole, found.renewed) == ((), True, 13)
    assert found.heads == tuple(renewed.shop.reader.heads())


BROKEN = [
    ("UPDATE payment_event SET code = '1' WHERE id = 3", Broken(Wrong.EDITED, "A", 5, NUMBER)),
    ("UPDATE payment_event SET detail = NULL WHERE id = 2", Broken(Wrong.EDITED, "A", 3, NUMBER)),
    ("UPDATE payment_event SET salts = NULL WHERE id = 2", Broken(Wrong.EDITED, "A", 3, NUMBER)),
    ("UPDATE audit SET subject = 'A-1' WHERE id = 2", Broken(Wrong.EDITED, "A", 4)),
    ("UPDATE audit SET owner = (1 = 1) WHERE id = 2", Broken(Wrong.EDITED, "A", 4)),
    ("DELETE FROM payment_event WHERE id = 3", Broken(Wrong.DELETED, "A", 5)),
    ("UPDATE payment_event SET id = 99 WHERE id = 3", Broken(Wrong.SWAPPED, "A", 5)),
    ("UPDATE payment_event SET id = -3 WHERE id = 3", Broken(Wrong.SWAPPED, "A", 2)),
    ("UPDATE payment_event SET link = NULL WHERE id = 3", Broken(Wrong.UNLINKED, "", 3, NUMBER)),
    ("DELETE FROM payment_event WHERE writer = 'B' AND seq <= 3", Broken(Wrong.DELETED, "B", 2)),
    ("DELETE FROM head WHERE till = 'B'", Broken(Wrong.INSERTED, "B", 2, NUMBER)),
    ("UPDATE audit SET new = 'changed' WHERE act = 'keys'", Broken(Wrong.EDITED, "A", 11)),
    ("UPDATE audit SET new = NULL WHERE act = 'keys'", Broken(Wrong.EDITED, "A", 11)),
    ("UPDATE audit SET new = replace(new, 'to 8', 'to 7') WHERE act = 'keys'", Broken(Wrong.EDITED, "A", 11)),
    ("UPDATE audit SET act = 'charge' WHERE act = 'keys'", Broken(Wrong.EDITED, "A", 11)),
    ("DELETE FROM audit WHERE act = 'keys'", Broken(Wrong.DELETED, "A", 11)),
    ("UPDATE payment_event SET code = '1' WHERE id = 9", Broken(Wrong.EDITED, "A", 13, NUMBER)),
    ("UPDATE seal_block SET tags = digest", Broken(Wrong.BLOCKS, "", 0)),
    ("DELETE FROM seal_block WHERE journal", Broken(Wrong.BLOCKS, "", 0)),
]


@pytest.mark.parametrize(("statement", "first"), BROKEN, ids=[statement[:60] for statement, _ in BROKEN])
def test_whatever_was_done_the_first_line_is_named(renewed: Renewed, statement: str, first: Broken) -> None:
    tamper(renewed.shop, statement)
    found = renewed.verify()
    assert (found.broken[0], found.whole) == (first, False)


def test_what_names_a_line_may_be_gone_as_well(renewed: Renewed) -> None:
    tamper(renewed.shop, "UPDATE payment_event SET code = '1' WHERE id = 3")
    tamper(renewed.shop, "DELETE FROM seal_block")
    assert renewed.verify().broken == (Broken(Wrong.BEFORE, "", 0),)


def test_a_cut_tail_with_its_head_is_found_by_the_renewal(renewed: Renewed) -> None:
    """Also where nobody has closed a day."""
    shop = renewed.shop
    [before] = [row for row in rows(shop) if row["writer"] == "B" and row["seq"] == 2]
    for table in ("payment_event", "audit"):
        tamper(shop, f"DELETE FROM {table} WHERE writer = 'B' AND seq > 2")
    with tampering(shop) as connection:
        head = Head("B", 2, bytes(before["link"]))
        connection.execute(t.head.update().where(t.head.c.till == "B").values(head._asdict()))
    assert renewed.verify().broken[0] == Broken(Wrong.CUT, "B", 3)


def test_without_the_renewal_nobody_knows_which_key_it_was(renewed: Renewed) -> None:
    """Its line, the hint and all behind it are gone: that it does not fit is said."""
    tamper(renewed.shop, "UPDATE audit SET act = 'charge' WHERE act = 'keys'")
    tamper(renewed.shop, "DELETE FROM setting WHERE key = 'key_renewed'")
    assert renewed.verify().broken[0][:3] == (Wrong.EDITED, "A", 1)


def test_a_renewal_cannot_be_made_one_from_before_there_were_seals(renewed: Renewed) -> None:
    """The key says that it came with a seal: what is edited stays what is wrong."""
    tamper(renewed.shop, "UPDATE payment_event SET code = '1' WHERE id = 3")
    tamper(renewed.shop, "UPDATE audit SET new = 'changed' WHERE act = 'keys'")
    tamper(renewed.shop, "DELETE FROM setting WHERE key = 'key_renewed'")
    tamper(renewed.shop, "DELETE FROM seal_block")
    assert renewed.verify().broken[0] == Broken(Wrong.EDITED, "A", 11)


def test_a_renewal_from_before_there_were_seals_is_not_called_edited(shop: Shop, payment: Payment) -> None:
    """Its key was drawn by a program that said nothing in it."""
    write(link(shop, key=BEFORE), payment)
    with link(shop, key=BEFORE).write() as transaction:
        transaction.add_audit([audit_line(Actor(owner=True), Act.KEYS, START, f"setting {KEY_SETTING}", CHANGED)])
    write(link(shop, key=OTHER), payment)
    assert shop.reader.verify(OTHER).broken == (Broken(Wrong.RENEWED, "A", 4),)


@pytest.mark.parametrize(
    "invent",
    [
        f"UPDATE audit SET act = 'keys', subject = 'setting {KEY_SETTING}', new = 'changed' WHERE seq = 4",
        "INSERT INTO setting (key, value) VALUES ('key_renewed', '999999')",
        "INSERT INTO setting (key, value) VALUES ('key_renewed', '2')",
    ],
)
def test_an_invented_renewal_excuses_no_edited_lines(shop: Shop, payment: Payment, invent: str) -> None:
    """Where the key was never renewed, and each line up to some other was edited."""
    write(link(shop, key=SEALING), payment, many=3)
    assert shop.reader.verify(SEALING).whole
    tamper(shop, "UPDATE payment_event SET outcome = 'other' WHERE seq < 7")
    tamper(shop, "UPDATE audit SET subject = 'A-1' WHERE seq < 7")
    tamper(shop, invent)
    found = shop.reader.verify(SEALING)
    assert Wrong.EDITED in {broken.what for broken in found.broken}


def test_an_invented_renewal_excuses_no_seal(shop: Shop, payment: Payment) -> None:
    """Of lines that nobody has linked, which were edited behind it."""
    write(shop.database, payment)
    with link(shop, key=SEALING).write() as transaction:
        seal = f"journal 1-2, audit 1-1, 3 lines, {'0' * 64}"
        transaction.add_audit([audit_line(Actor(), Act.SEAL, START, "lines", seal)])
    assert shop.reader.verify(SEALING).broken == (Broken(Wrong.SEALED, "", 0),)
    tamper(shop, "INSERT INTO setting (key, value) VALUES ('key_renewed', '999999')")
    assert shop.reader.verify(SEALING).broken == (Broken(Wrong.SEALED, "", 0),)


@pytest.mark.parametrize("hint", ["nonsense", "999999", "1", "-1"])
def test_the_hint_is_not_believed_where_the_renewal_is_there(renewed: Renewed, hint: str) -> None:
    tamper(renewed.shop, f"UPDATE setting SET value = '{hint}' WHERE key = 'key_renewed'")
    assert renewed.verify().whole


def test_an_invented_renewal_says_nothing(renewed: Renewed) -> None:
    with tampering(renewed.shop) as connection:
        line = {"at": START, "act": "keys", "owner": True, "subject": f"setting {KEY_SETTING}", "new": CHANGED}
        connection.execute(t.audit.insert().values(line))
    tamper(renewed.shop, "UPDATE payment_event SET code = '1' WHERE id = 3")
    named = [broken[:3] for broken in renewed.verify().broken]
    invented = rows(renewed.shop, t.audit)[-1]["id"]
    assert named == [(Wrong.EDITED, "A", 5), (Wrong.UNLINKED, "", invented)]


def test_a_second_renewal_seals_the_first(renewed: Renewed, payment: Payment) -> None:
    renewed.key = renewed.renew("B", renewed.key)
    write(link(renewed.shop, key=renewed.key), payment)
    found = renewed.verify()
    assert (found.broken, found.whole) == ((), True)
    assert found.renewed == 13 + 1 + 6
    tamper(renewed.shop, "UPDATE audit SET new = 'changed' WHERE act = 'keys' AND writer = 'A'")
    assert renewed.verify().broken == (Broken(Wrong.EDITED, "A", 11),)


def test_a_till_that_stayed_open_is_named_with_what_it_wrote_since(renewed: Renewed, payment: Payment) -> None:
    open_till = link(renewed.shop, "B", renewed.key)
    write(open_till, payment)
    first = next(head.seq for head in renewed.shop.reader.heads() if head.till == "B") + 1
    key, renewed.key = renewed.key, renewed.renew("A", renewed.key)
    write(open_till, payment)
    write(link(renewed.shop, "B", renewed.key), payment)
    assert key is not renewed.key
    assert renewed.verify().broken == (Broken(Wrong.RENEWED, "B", first + 2, since=first),)


def test_lines_that_nobody_has_linked_are_named_by_their_id(shop: Shop, payment: Payment) -> None:
    write(shop.database, payment, many=2)
    with link(shop, key=BEFORE).write() as transaction:  # as a till seals, and with the key before
        seal = f"journal 1-4, audit 1-2, 6 lines, {'0' * 64}"
        transaction.add_audit([audit_line(Actor(), Act.SEAL, START, "lines", seal)])
    key = renew(Database(shop.engines), "A", BEFORE)
    assert shop.reader.verify(key).whole
    tamper(shop, "UPDATE audit SET new = 'KES 9' WHERE id = 2")
    assert shop.reader.verify(key).broken == (Broken(Wrong.EDITED, "", 2),)
    tamper(shop, "UPDATE audit SET new = 'KES 1' WHERE id = 2")
    assert shop.reader.verify(key).whole
    tamper(shop, "UPDATE payment_event SET id = 0 WHERE id = 3")
    found = shop.reader.verify(key).broken
    assert Broken(Wrong.UNLINKED, "", 0, NUMBER) in found
    tamper(shop, "DELETE FROM payment_event WHERE id = 0")
    assert shop.reader.verify(key).broken == (Broken(Wrong.DELETED, "", 3),)


def test_what_nobody_has_sealed_is_not_made_good_by_a_renewal(shop: Shop, payment: Payment) -> None:
    write(link(shop, key=BEFORE), payment)
    write(shop.database, payment)
    key = renew(Database(shop.engines), "A", BEFORE)
    assert {broken.what for broken in shop.reader.verify(key).broken} == {Wrong.UNLINKED}


class TestBlocks:
    """More lines than one look takes, with room between their ids."""

    def blocks(self, shop: Shop) -> tuple[list[SealBlock], int]:
        blocks, place, looks = list[SealBlock](), BEGINNING, 0
        while True:
            more, until = shop.reader.seal_blocks(OTHER, place)
            if until == place:
                break
            blocks, place, looks = blocks + more, until, looks + 1
        with shop.database.write() as transaction:
            rest, last = transaction.rest_of_seal(OTHER, place)
        assert last == shop.reader.last_lines()
        return blocks + rest, looks

    def test_are_of_the_ids_that_there_are(self, shop: Shop, payment: Payment) -> None:
        write(link(shop, key=BEFORE), payment, many=2)
        for apart in (500, 3_000, 40_000):
            tamper(shop, f"UPDATE payment_event SET id = id + {apart} WHERE id = (SELECT max(id) FROM payment_event)")
        blocks, looks = self.blocks(shop)
        assert [(block.journal, block.number, block.lines) for block in blocks] == [
            (True, 0, 3), (True, 43, 1), (False, 0, 2),
        ]  # fmt: skip
        assert looks <= 4

    def test_a_row_before_all_others_is_in_one(self, shop: Shop, payment: Payment) -> None:
        write(link(shop, key=BEFORE), payment)
        tamper(shop, "UPDATE payment_event SET id = -2500 WHERE id = 1")
        blocks, _ = self.blocks(shop)
        assert [block.number for block in blocks] == [-3, 0, 0]

    def test_an_empty_shop_has_none(self, shop: Shop) -> None:
        assert self.blocks(shop)[0] == []

    @pytest.mark.parametrize("gone", [1, 2, 3])
    def test_one_that_is_missing_as_a_whole_is_found(self, shop: Shop, payment: Payment, gone: int) -> None:
        """Lines that nobody has linked, so that no number names them."""
        write(shop.database, payment, many=2)
        for line_id in (4, 3, 2):
            tamper(shop, f"UPDATE payment_event SET id = {line_id * BLOCK} WHERE id = {line_id}")
        seal = f"journal 1-9999, audit 1-2, 6 lines, {'0' * 64}"
        with link(shop, key=BEFORE).write() as transaction:
            transaction.add_audit([audit_line(Actor(), Act.SEAL, START, "lines", seal)])
        key = renew(Database(shop.engines), "A", BEFORE)
        assert shop.reader.verify(key).whole
        first = [row["id"] for row in rows(shop)][gone]
        tamper(shop, f"DELETE FROM payment_event WHERE id = {first}")
        assert shop.reader.verify(key).broken == (Broken(Wrong.DELETED, "", first),)


def test_what_was_left_by_one_that_was_ended_is_dropped(shop: Shop, payment: Payment) -> None:
    renewed = Renewed(shop, payment)
    seal = read_renewal(next(row["new"] for row in rows(shop, t.audit) if row["act"] == "keys"))
    assert seal
    with shop.database.write() as transaction:
        left, _ = transaction.rest_of_seal(OTHER, LastLines(0, 0))
        transaction.add_seal_blocks("of nobody", left)
        transaction.add_seal_blocks("of nobody, empty", [])
        assert transaction.kept_seal_blocks("of nobody") == 2
        transaction.drop_seal_blocks()
        assert transaction.kept_seal_blocks("of nobody") == 0
        assert transaction.kept_seal_blocks(seal.name) == 2
    assert renewed.verify().whole
    total = SealSum()
    for one in left:
        total.add(one)
    assert total.hexdigest() != seal.digest, "of another key"


def test_customers_that_were_erased_are_counted(shop: Shop, payment: Payment) -> None:
    assert shop.reader.erased_customers() == 0
    with shop.engines.writer.begin() as connection:
        connection.execute(sa.update(t.customer).values(erased_at=START))
    with shop.database.write() as transaction:
        assert transaction.erased_customers() == shop.reader.erased_customers() == 1
