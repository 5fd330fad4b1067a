"""Money without a prompt in both databases: found page by page, worded, bound once, counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.payment import Remark, Source, State
from pos_app.domain.record_file import RecordRow
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.unprompted import MoneySearch, RowWord, Standing, Unprompted
from pos_app.errors import Clash
from tests.store.conftest import Shop
from tests.store.test_mpesa_record import BACK, FEE, ROW, keep
from tests.support.fakes import PHONE, START

MINUTE = timedelta(minutes=1)
NAMES = ("AMINA **** OTIENO", "BRIAN **** NJENGA", "CAROL **** WERE")


def rows(many: int) -> list[RecordRow]:
    """A row each minute, of three people."""
    return [
        replace(
            ROW,
            receipt=f"UKN{number:07}",
            at=START + number * MINUTE,
            cents=(100 + number) * 100,
            phone=f"07{number % 3}****{number % 3:03}",
            name=NAMES[number % 3],
        )
        for number in range(many)
    ]


def found(shop: Shop, text: str = "", standing: Standing = Standing.WAITING, limit: int = 100) -> list[Unprompted]:
    return shop.reader.unprompted(MoneySearch(text=text, standing=standing, limit=limit))


def codes(shop: Shop, text: str) -> list[str]:
    return [money.receipt[-1] for money in found(shop, text)]


def word(shop: Shop, row_id: int, said: RowWord, note: str = "") -> None:
    with shop.database.write() as transaction:
        transaction.word_money(row_id, said, note, START, None)


def test_what_waits_is_money_in_that_no_payment_holds(shop: Shop) -> None:
    held = shop.change(shop.open(shop.post()), state=State.PAID, receipt="UKN1AAAA22", receipt_by=Source.MPESA)
    known = replace(ROW, receipt="UKN2BBBB33", payment_id=held.id, outcome=RowOutcome.AGREES)
    out = replace(ROW, receipt="UKN3CCCC44", incoming=False)
    keep(shop, ROW, FEE, known, out, replace(ROW, receipt="UKN1AAAA22"))
    [money] = found(shop)
    assert (money.receipt, money.cents, money.amount, money.at) == (ROW.receipt, 10_000, 100, START)
    assert (money.phone, money.name, money.account) == (ROW.phone, ROW.name, ROW.account)
    assert (money.word, money.note, money.by, money.payment_id, money.number, money.lost) == (
        "",
        "",
        None,
        None,
        "",
        False,
    )
    assert shop.reader.unprompted_waiting() == 1
    assert shop.reader.unprompted_money(money.id) == money
    assert [shop.reader.unprompted_money(each) for each in (99, money.id + 1)] == [None, None]


def test_pages_are_newest_first_and_leave_nothing_out(shop: Shop) -> None:
    together = [replace(row, at=START) for row in rows(3)]
    later = [replace(row, receipt=f"UKP{row.receipt[3:]}") for row in rows(4)[1:]]
    keep(shop, *together, *later)
    told: list[str] = []
    search = MoneySearch(limit=2)
    while page := shop.reader.unprompted(search):
        told += [money.receipt for money in page]
        search = replace(search, after=page[-1].place)
    assert told == [row.receipt for row in (*reversed(later), *reversed(together))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UKN0000002", ["2"]),
        ("ukn000000", ["5", "4", "3", "2", "1", "0"]),
        ("104", ["4"]),
        ("KES 1,000", []),
        ("KES 104", ["4"]),
        ("001", ["4", "1"]),
        ("0710 000 001", ["4", "1"]),
        ("254720000001", []),
        ("0712", []),
        ("072****002", ["5", "2"]),
        ("amina", ["3", "0"]),
        ("nje bri", ["4", "1"]),
        ("mina", []),
        ("?!", []),
        (" ".join(f"amina{number}" for number in range(3_000)), []),
        ("amina" * 20_000, []),
        ("   ", ["5", "4", "3", "2", "1", "0"]),
    ],
)
def test_a_text_means_a_code_an_amount_digits_or_a_name(shop: Shop, text: str, expected: list[str]) -> None:
    keep(shop, *rows(6))
    assert codes(shop, text) == expected


def test_what_is_named_waits_no_more_and_is_found_among_the_named(shop: Shop) -> None:
    keep(shop, *rows(2))
    [_, first] = found(shop)
    word(shop, first.id, RowWord.NOT_SALE, "a loan")
    [named] = found(shop, standing=Standing.NAMED)
    assert (named.id, named.word, named.note, named.worded_at) == (first.id, RowWord.NOT_SALE, "a loan", START)
    assert (len(found(shop)), shop.reader.unprompted_waiting(), found(shop, standing=Standing.BOUND)) == (1, 1, [])
    word(shop, first.id, RowWord.NONE)
    assert shop.reader.unprompted_waiting() == 2


def test_a_row_is_bound_to_one_payment_and_a_payment_to_one_row(shop: Shop) -> None:
    keep(shop, *rows(2))
    [second, first] = found(shop)
    payment, other = shop.open(shop.post()), shop.open(shop.post("Tea"))
    bound = frozenset({Remark.BOUND})
    payment = shop.change(payment, state=State.PAID, receipt="UKN0000000", remarks=bound, receipt_by=Source.OWNER)
    with shop.database.write() as transaction:
        transaction.bind_money(first.id, payment.id, START, None)
    [now] = found(shop, standing=Standing.BOUND)
    assert (now.word, now.payment_id, now.number, now.lost) == (RowWord.BOUND, payment.id, payment.number, False)
    assert shop.reader.bound_money(payment.id) == now
    assert shop.reader.bound_money(other.id) is None
    assert [money.id for money in found(shop)] == [second.id]
    with pytest.raises(Clash), shop.database.write() as transaction:
        transaction.bind_money(second.id, payment.id, START, None)
    shop.change(payment, receipt=None)
    shop.change(other, state=State.PAID, receipt="UKN0000000", receipt_by=Source.MPESA)
    [lost] = found(shop, standing=Standing.BOUND)
    assert lost.lost
    with shop.database.write() as transaction:
        assert transaction.bound_money(payment.id) == lost
        transaction.unbind_money(payment.id)
        assert transaction.bound_money(payment.id) is None
    assert found(shop, standing=Standing.BOUND) == []
    kept = {row.receipt: row for row in shop.reader.record_rows(START, START + MINUTE)}
    assert (kept["UKN0000000"].payment_id, kept["UKN0000000"].outcome) == (other.id, RowOutcome.AGREES)


@pytest.mark.parametrize("back", [False, True])
def test_what_is_unbound_waits_again_unless_it_went_back(shop: Shop, back: bool) -> None:
    keep(shop, ROW)
    payment = shop.open(shop.post())
    [money] = found(shop)
    with shop.database.write() as transaction:
        transaction.bind_money(money.id, payment.id, START, None)
    if back:
        keep(shop, BACK)
    with shop.database.write() as transaction:
        transaction.unbind_money(payment.id)
    assert found(shop) == ([] if back else [money])
    assert [named.word for named in found(shop, standing=Standing.NAMED)] == [RowWord.REVERSED] * back


@pytest.mark.parametrize("first", [True, False])
def test_what_went_back_waits_for_nobody(shop: Shop, first: bool) -> None:
    keep(shop, *((BACK, ROW) if first else (ROW,)))
    if not first:
        keep(shop, BACK)
    assert found(shop) == []
    [named] = found(shop, standing=Standing.NAMED)
    assert (named.word, named.worded_at) == (RowWord.REVERSED, None)


def test_rule_21_what_was_noted_goes_with_who_paid(shop: Shop) -> None:
    nobody = replace(ROW, receipt="UKN1AAAA22", phone="", name="")
    keep(shop, ROW, nobody)
    for money in found(shop):
        word(shop, money.id, RowWord.NOT_SALE, "her brother's")
    with shop.database.write() as transaction:
        transaction.forget_payers(START + MINUTE)
    named = {money.receipt: money for money in found(shop, standing=Standing.NAMED)}
    assert {money.note for money in named.values()} == {""}
    assert (named[ROW.receipt].forgotten, named["UKN1AAAA22"].forgotten) == (True, False)


def test_payments_near_it_are_of_its_amount_and_not_paid_or_have_no_code(shop: Shop) -> None:
    post, other = shop.post(price=100), shop.post("Tea", price=50)
    states = {state: shop.open(post, f"25471200000{number}") for number, state in enumerate(State)}
    for state, payment in states.items():
        shop.change(payment, state=state)
    coded = shop.change(shop.open(post), state=State.PAID, receipt="UKN1AAAA22")
    bound = shop.change(shop.open(post), state=State.DECLINED, remarks=frozenset({Remark.BOUND, Remark.UNBOUND}))
    early, late = shop.open(post, at=START - timedelta(hours=25)), shop.open(post, at=START + 3 * MINUTE)
    shop.change(early, state=State.CANCELLED)
    old = shop.open(post, "254712000999", at=START - timedelta(days=9))
    cheap = shop.open(other)
    near = {payment.id for payment in shop.reader.prompts_near(100, START)}
    assert near == {payment.id for payment in states.values()} | {old.id}
    assert [payment.id for payment in shop.reader.prompts_near(100, START, "071****999")] == [old.id]
    assert not near & {payment.id for payment in (coded, bound, early, late, cheap)}
    with shop.database.write() as transaction:
        assert {payment.id for payment in transaction.prompts_near(100, START)} == near


def test_customers_whose_number_it_may_be(shop: Shop) -> None:
    for phone in (PHONE, "254712000149", "254708374141"):
        shop.open(shop.post(f"of {phone}"), phone)
    ends = {phone: {each for each, _ in shop.reader.payers_like(phone)} for phone in ("070****149", "0****149", "")}
    assert ends == {"070****149": {PHONE}, "0****149": {PHONE, "254712000149"}, "": set()}


def test_looking_up_and_counting_go_by_the_indexes(shop: Shop) -> None:
    keep(shop, *rows(3))
    page = shop.plan(lambda: found(shop))
    counted = shop.plan(shop.reader.unprompted_waiting)
    named = shop.plan(lambda: found(shop, standing=Standing.NAMED))
    near = shop.plan(lambda: shop.reader.prompts_near(100, START))
    one = shop.plan(lambda: shop.reader.bound_money(1))
    if shop.engines.reader.dialect.name == "sqlite":
        assert "ix_record_waiting" in page
        assert "ix_record_waiting" in counted
        assert "ix_record_worded" in named
        assert "ix_record_bound" in one
        assert "TEMP B-TREE" not in page + named
        assert "SCAN payment" not in near + page
