"""Writing: numbers, unique keys, compare and set, the journal that nobody edits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.facts import Facts
from pos_app.domain.payment import CallbackAddress, Outcome, Payment, PaymentId, Remark, State, StateReason
from pos_app.domain.payment_event import Claims
from pos_app.domain.payment_line import Grant, PaymentLine
from pos_app.domain.search import Search
from pos_app.errors import Clash
from pos_app.store.transaction import SqlTransaction
from tests.store.conftest import PAID, Shop, line
from tests.support.builders import grant_of, with_line
from tests.support.fakes import PHONE, START

OTHER_PHONE = "254712345678"
LATER = START + timedelta(minutes=5)

NOTHING = Facts(held=(None,))  # of one line


class TestNumbers:
    def test_they_count_for_each_till_and_day_in_nairobi(self, shop: Shop, post: Post) -> None:
        last_minute = datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC)
        midnight = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
        numbers = [
            shop.open(post, till=till, at=at).number
            for till, at in [
                ("A", START),
                ("A", last_minute),
                ("B", last_minute),
                ("A", midnight),
                ("A", midnight),
                ("A", START),  # somebody set the clock back
                ("B", midnight),
            ]
        ]
        assert numbers == [
            "A-20261123-0001",
            "A-20261123-0002",
            "B-20261123-0001",
            "A-20261124-0001",
            "A-20261124-0002",
            "A-20261123-0003",
            "B-20261124-0001",
        ]

    def test_a_busy_day_goes_on_after_9999(self, shop: Shop, post: Post) -> None:
        payment = shop.open(post)
        with shop.engines.writer.begin() as connection:
            connection.exec_driver_sql("UPDATE payment SET day_seq = 9999, number = 'A-20261123-9999'")
        assert payment.number == "A-20261123-0001"
        assert shop.open(post).number == "A-20261123-10000"


class TestAddPayment:
    def test_what_is_saved(self, shop: Shop) -> None:
        post = shop.post("Maji 20 l", 120, days=30)
        payment = shop.open(post)
        assert payment == Payment(
            id=payment.id,
            number="A-20261123-0001",
            till="A",
            address=payment.address,
            lines=(PaymentLine(post_id=post.id, title="Maji 20 l", price=120, days=30),),
            customer_id=payment.customer_id,
            phone=PHONE,
            amount=120,
            state=State.REQUESTED,
            created_at=START,
            updated_at=START,
        )
        assert payment == shop.get(payment.id)

    def test_it_keeps_what_it_was_sold_as(self, shop: Shop, post: Post) -> None:
        payment = shop.open(post)
        with shop.database.write() as transaction:
            transaction.change_post(replace(post, title="Other", price=999, days=1))
        assert shop.get(payment.id) == payment

    def test_a_customer_is_one_phone(self, shop: Shop, post: Post) -> None:
        ids = [shop.open(post, phone).customer_id for phone in (PHONE, OTHER_PHONE, PHONE)]
        assert ids[0] == ids[2] != ids[1]

    def test_an_address_is_unique(self, shop: Shop, post: Post) -> None:
        shop.open(post, address="a" * 64)
        with pytest.raises(Clash):
            shop.open(post, address="a" * 64)

    def test_it_is_found_by_its_address(self, shop: Shop, post: Post) -> None:
        payment = shop.open(post, address="a" * 64)
        with shop.database.write() as transaction:
            assert transaction.with_facts(CallbackAddress("a" * 64), Claims()) == (payment, NOTHING)
            assert transaction.with_facts(CallbackAddress("b" * 64), Claims()) is None
            assert transaction.payment(payment.id) == payment
            assert transaction.payment(999) is None

    def test_a_post_that_does_not_exist(self, shop: Shop, post: Post) -> None:
        with pytest.raises(Clash):
            shop.open(replace(post, id=99))

    @pytest.mark.parametrize("price", [0, 250_001])
    def test_an_amount_that_m_pesa_refuses(self, shop: Shop, post: Post, price: int) -> None:
        with pytest.raises(Clash):
            shop.open(replace(post, price=price))

    def test_asking_again_for_a_payment_that_does_not_exist(self, shop: Shop, post: Post) -> None:
        with pytest.raises(Clash):
            shop.open(post, retry_of=99)
        assert shop.reader.search(Search()) == []


class TestUpdate:
    def test_everything_that_may_change_does(self, shop: Shop, post: Post) -> None:
        before = shop.open(post)
        after = replace(
            before,
            state=State.PAID,
            remarks=frozenset({Remark.LATE, Remark.PHONE_DIFFERS}),
            reason=StateReason(result_code="1037"),
            merchant_request_id="m-1",
            checkout_request_id="ws_CO_1",
            receipt="UKN4X7Q2ZT",
            receipt_typed="UKN4X7Q2ZZ",
            updated_at=LATER,
            closed_at=LATER,
            next_check_at=LATER,
        )
        after = with_line(after, grant=Grant(granted_at=LATER, access=True, until=LATER + timedelta(days=30)))
        with shop.database.write() as transaction:
            transaction.update(before, after)
        assert shop.get(before.id) == replace(after, version=2)
        assert shop.scalar("SELECT remark FROM payment") == "late,phone_differs"

    def test_what_is_cleared_is_none_again(self, shop: Shop, post: Post) -> None:
        odd = {"remarks": frozenset({Remark.LATE}), "reason": StateReason(result_code="x"), "next_check_at": LATER}
        payment = shop.change(shop.open(post), **odd)
        after = shop.change(payment, remarks=frozenset(), reason=StateReason(), next_check_at=None)
        assert (after.remarks, after.reason, after.next_check_at) == (frozenset(), StateReason(), None)
        assert shop.scalar("SELECT remark FROM payment") is None

    def test_of_two_with_the_same_look_the_second_clashes(self, shop: Shop, post: Post) -> None:
        payment = shop.open(post)
        first = shop.change(payment, state=State.PROMPTED)
        with pytest.raises(Clash, match="changed by somebody else"):
            shop.change(payment, state=State.UNKNOWN)
        assert shop.get(payment.id) == first

    def test_a_payment_that_does_not_exist(self, shop: Shop, post: Post) -> None:
        payment = shop.open(post)
        with pytest.raises(Clash):
            shop.change(replace(payment, id=99), state=State.PROMPTED)

    @pytest.mark.parametrize("column", ["receipt", "checkout_request_id"])
    def test_a_receipt_code_or_id_of_another_payment(self, shop: Shop, post: Post, column: str) -> None:
        shop.change(shop.open(post), **{column: "UKN4X7Q2ZT"})
        other = shop.open(post, OTHER_PHONE)
        with pytest.raises(Clash):
            shop.change(other, state=State.PAID, **{column: "UKN4X7Q2ZT"})
        assert shop.get(other.id) == other

    def test_a_merchant_request_id_may_come_twice_and_none_as_often_as_it_likes(self, shop: Shop, post: Post) -> None:
        for phone in (PHONE, OTHER_PHONE):
            assert shop.change(shop.open(post, phone), merchant_request_id="m-1").merchant_request_id == "m-1"

    def test_a_second_grant_for_a_payment_is_impossible(self, shop: Shop, post: Post) -> None:
        paid = shop.change(shop.open(post), **PAID)
        with pytest.raises(Clash), shop.database.write() as transaction:
            # Somebody forgets that it has one already: the key stops it, and takes the change along.
            transaction.update(with_line(paid, grant=None), replace(paid, reason=StateReason(result_code="again")))
        assert shop.get(paid.id) == paid
        assert shop.scalar('SELECT count(*) FROM "grant"') == 1

    def test_a_later_change_keeps_the_grant(self, shop: Shop, post: Post) -> None:
        paid = shop.change(shop.open(post), **PAID)
        after = shop.change(paid, remarks=frozenset({Remark.CONFLICT}))
        assert grant_of(after) == grant_of(paid)


class TestFacts:
    def facts(self, shop: Shop, payment: Payment, receipt: str | None = None, checkout: str | None = None) -> Facts:
        with shop.database.write() as transaction:
            found = transaction.with_facts(PaymentId(payment.id), Claims(receipt, checkout))
        assert found is not None
        assert found[0] == shop.get(payment.id)
        return found[1]

    def test_what_another_payment_holds(self, shop: Shop, post: Post) -> None:
        holder = shop.change(shop.open(post), receipt="UKN4X7Q2ZT", checkout_request_id="ws_CO_1")
        other = shop.open(post, OTHER_PHONE)
        assert self.facts(shop, other, "UKN4X7Q2ZT", "ws_CO_1") == Facts(True, True, False, held=(None,))
        assert self.facts(shop, other, "UKN4X7Q2ZZ", "ws_CO_2") == NOTHING
        assert self.facts(shop, other) == NOTHING
        assert self.facts(shop, holder, "UKN4X7Q2ZT", "ws_CO_1") == NOTHING  # its own

    def test_whether_its_chain_was_paid(self, shop: Shop, post: Post) -> None:
        first = shop.open(post)
        second = shop.open(post, retry_of=first.id)
        third = shop.open(post, retry_of=second.id)
        stranger = shop.change(shop.open(post, OTHER_PHONE), **PAID)
        assert not self.facts(shop, third).chain_paid
        second = shop.change(second, **PAID)
        assert self.facts(shop, first).chain_paid
        assert self.facts(shop, third).chain_paid
        assert not self.facts(shop, second).chain_paid
        assert not self.facts(shop, stranger).chain_paid

    def test_asking_twice_again_for_one_payment_is_one_chain(self, shop: Shop, post: Post) -> None:
        first = shop.open(post)
        shop.change(shop.open(post, retry_of=first.id), **PAID)
        assert self.facts(shop, shop.open(post, retry_of=first.id)).chain_paid

    def test_which_other_of_its_chain_is_paid(self, shop: Shop, post: Post) -> None:
        first, stranger = shop.open(post), shop.change(shop.open(post, OTHER_PHONE), **PAID)
        second, third = (shop.open(post, retry_of=first.id) for _ in range(2))

        def found(payment: Payment) -> Payment | None:
            with shop.database.write() as transaction:
                told = transaction.paid_of_chain(payment.id)
            assert told == shop.reader.paid_of_chain(payment.id)
            return told

        assert [found(payment) for payment in (first, second, third, stranger)] == [None] * 4
        second = shop.change(second, **PAID)
        assert (found(first), found(second), found(third)) == (second, None, second)
        third = shop.change(third, **PAID)
        assert (found(first), found(second), found(third)) == (third, third, second)
        assert shop.reader.paid_of_chain(99) is None


class TestJournal:
    def test_what_was_told_before_is_found_whatever_became_of_it(self, shop: Shop, post: Post) -> None:
        payment, other = shop.open(post), shop.open(post, OTHER_PHONE)
        with shop.database.write() as transaction:
            transaction.add_line(payment.id, line())
            later = line(at=START + timedelta(days=1), outcome=Outcome.CONFLICT, after=State.REVIEW)
            assert transaction.has_line(payment.id, later)
            assert not transaction.has_line(other.id, later)
            for changes in ({"source": "query"}, {"kind": "unreadable"}, {"code": None}, {"body": "{ }"}):
                assert not transaction.has_line(payment.id, line(**changes))

    def test_lines_come_back_in_their_order(self, shop: Shop, post: Post) -> None:
        payment, other = shop.open(post), shop.open(post, OTHER_PHONE)
        lines = [line("first", at=LATER), line("second", outcome=Outcome.CONFLICT, code=None, body=None), line("third")]
        with shop.database.write() as transaction:
            for each in lines:
                transaction.add_line(payment.id, each)
                transaction.add_line(other.id, line("other"))
        assert shop.reader.journal(payment.id) == lines

    @pytest.mark.parametrize("statement", ["UPDATE payment_event SET body = ''", "DELETE FROM payment_event"])
    def test_nobody_edits_or_deletes_one(self, shop: Shop, post: Post, statement: str) -> None:
        with shop.database.write() as transaction:
            transaction.add_line(transaction.add_payment(shop.new(post)).id, line())
        with (
            pytest.raises(sa.exc.IntegrityError, match="the journal is append-only"),
            shop.engines.writer.begin() as connection,
        ):
            connection.exec_driver_sql(statement)
        assert shop.reader.journal(1) == [line()]

    @pytest.mark.parametrize("number", [99, 1])
    def test_a_part_that_fails_leaves_no_line(self, shop: Shop, post: Post, number: int) -> None:
        """Whether it is the lines themselves that cannot be written, or what comes after them."""
        payment = shop.open(post)

        def fail(transaction: SqlTransaction) -> None:
            with transaction.savepoint():
                transaction.add_line(number, line("gone"))
                if number == payment.id:
                    transaction.update(replace(payment, version=99), payment)

        with shop.database.write() as transaction:
            transaction.add_line(payment.id, line("before"))
            with pytest.raises(Clash):
                fail(transaction)
            transaction.add_line(payment.id, line("after"))
        assert [each.detail for each in shop.reader.journal(payment.id)] == ["before", "after"]

    def test_a_line_needs_a_payment(self, shop: Shop) -> None:
        with pytest.raises(Clash), shop.database.write() as transaction:
            transaction.add_line(99, line())

    def test_what_came_more_often_than_is_kept_is_one_line_at_the_end(self, shop: Shop, post: Post) -> None:
        payment, other = shop.open(post), shop.open(post, OTHER_PHONE)
        with shop.database.write() as transaction:
            transaction.add_line(payment.id, line("kept"))
            times = [transaction.repeated(payment.id, "unreadable, ignored", LATER) for _ in range(23)]
            assert transaction.repeated(payment.id, "foreign, conflict", LATER) == 1
            assert transaction.repeated(other.id, "unreadable, ignored", LATER) == 1
        assert times == [*range(1, 24)]
        kept, more = shop.reader.journal(payment.id)
        assert kept.detail == "kept"
        assert (more.at, more.kind, more.code) == (LATER, "more of a kind", "unreadable, ignored")
        assert (more.detail, more.before, more.after) == ("3 more, counted and not kept", kept.after, kept.after)
        assert shop.reader.journal(other.id) == []


class TestMakeDue:
    def test_every_open_payment_of_the_phone_that_can_be_asked_about(self, shop: Shop, post: Post) -> None:
        asked = [
            shop.change(shop.open(post), state=state, checkout_request_id=f"ws_CO_{number}")
            for number, state in enumerate([State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.REVIEW])
        ]
        left = [
            shop.change(shop.open(post), state=State.UNKNOWN),  # M-PESA gave no id to ask by
            shop.change(shop.open(post), state=State.DECLINED, checkout_request_id="ws_CO_5"),
            shop.change(shop.open(post), state=State.EXPIRED, checkout_request_id="ws_CO_6"),
            shop.change(shop.open(post, OTHER_PHONE), state=State.PROMPTED, checkout_request_id="ws_CO_7"),
        ]
        with shop.database.write() as transaction:
            due = transaction.make_due(PHONE, LATER)
        assert [(payment.id, payment.version, payment.next_check_at) for payment in due] == [
            (payment.id, payment.version + 1, LATER) for payment in asked
        ]
        assert [shop.get(payment.id) for payment in due] == due
        assert [shop.get(payment.id) for payment in left] == left

    def test_where_there_is_none(self, shop: Shop) -> None:
        with shop.database.write() as transaction:
            assert transaction.make_due(PHONE, LATER) == []

    def test_who_looked_before_clashes(self, shop: Shop, post: Post) -> None:
        payment = shop.change(shop.open(post), state=State.PROMPTED, checkout_request_id="ws_CO_1")
        with shop.database.write() as transaction:
            transaction.make_due(PHONE, LATER)
        with pytest.raises(Clash):
            shop.change(payment, state=State.UNKNOWN)


class TestOfPhone:
    def test_the_open_ones_and_the_recent_ones(self, shop: Shop, post: Post) -> None:
        old_open = shop.change(shop.open(post, at=START - timedelta(days=9)), state=State.UNKNOWN)
        old_closed = shop.change(shop.open(post, at=START - timedelta(days=9)), state=State.CANCELLED)
        recent = shop.change(shop.open(post, at=START), **PAID)
        shop.open(post, OTHER_PHONE)
        for since, expected in [
            (START, [recent, old_open]),
            (START + timedelta(seconds=1), [old_open]),
            (START - timedelta(days=9), [recent, old_closed, old_open]),
        ]:
            assert shop.reader.of_phone(PHONE, since) == expected
            with shop.database.write() as transaction:
                assert transaction.of_phone(PHONE, since) == expected
        assert shop.reader.of_phone("254700000000", START) == []


class TestPosts:
    def test_what_is_saved(self, shop: Shop) -> None:
        post = shop.post("Maji 20 l", 120, days=30, favourite=3, barcode="600123", active=False)
        assert post == Post(id=1, title="Maji 20 l", price=120, days=30, favourite=3, barcode="600123", active=False)
        assert shop.reader.post(1) == post
        assert shop.reader.posts() == [post]
        assert shop.reader.post(2) is None
        with shop.database.write() as transaction:
            assert transaction.post(1) == post
            assert transaction.post(2) is None

    def test_what_changes(self, shop: Shop, post: Post) -> None:
        after = replace(post, title="Other", price=9, days=0, favourite=1, barcode="7", active=False)
        with shop.database.write() as transaction:
            transaction.change_post(after)
        assert shop.reader.posts() == [after]
        with shop.database.write() as transaction:
            transaction.change_post(after)  # its own keys are no clash

    @pytest.mark.parametrize(
        ("keys", "words"),
        [
            ({"favourite": 3}, "Key 3 already picks Maji. Nothing was saved."),
            ({"barcode": "AB600123"}, "AB600123 is Maji's code. Nothing was saved."),
            ({"barcode": "ab600123"}, "ab600123 is Maji's code. Nothing was saved."),
        ],
    )
    def test_a_key_belongs_to_one_post(self, shop: Shop, keys: dict[str, Any], words: str) -> None:
        shop.post("Maji", favourite=3, barcode="AB600123")
        other = shop.post("Chai")
        with pytest.raises(Clash) as raised:
            shop.post("Kahawa", **keys)
        assert str(raised.value) == words
        with pytest.raises(Clash) as raised, shop.database.write() as transaction:
            transaction.change_post(replace(other, **keys))
        assert str(raised.value) == words
        assert [post.title for post in shop.reader.posts()] == ["Maji", "Chai"]

    def test_no_key_is_no_key(self, shop: Shop) -> None:
        assert len({shop.post("Maji").id, shop.post("Maji").id}) == 2

    @pytest.mark.parametrize("price", [0, 250_001])
    def test_a_price_that_m_pesa_refuses(self, shop: Shop, price: int) -> None:
        with pytest.raises(Clash), shop.database.write() as transaction:
            transaction.add_post(replace(draft_post("Maji", 1), price=price))


def test_touch_leaves_one_mark(shop: Shop) -> None:
    for moment in (START, LATER):
        with shop.database.write() as transaction:
            transaction.touch(moment)
    assert shop.scalar("SELECT value FROM setting WHERE key = 'written_at'") == LATER.isoformat()
    assert shop.scalar("SELECT count(*) FROM setting") == 3
