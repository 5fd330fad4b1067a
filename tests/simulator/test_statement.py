"""M-PESA's record of the account, and the statement that the portal makes of it."""

import json
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pos_app.domain.statement_layout import StatementLayout
from pos_app.domain.statement_row import RowKind, Statement, StatementRow
from pos_app.simulator import PAY_PATH, REVERSE_PATH, STATEMENT_PATH, SWEEP_PATH, Choice, Fault, Json, Request
from pos_app.simulator.record import MoneyRecord, masked, payer
from pos_app.statements.cells import open_rows
from tests.simulator.world import OTHER_PHONE, PHONE, START, Shop, error


def exported(shop: Shop, ending: str = ".csv", **asked: str) -> bytes:
    [reply] = shop.send(Request(method="GET", path=STATEMENT_PATH + ending, asked=asked))
    assert isinstance(reply.body, bytes)
    return reply.body


def read(content: bytes, path: Path) -> tuple[Statement, list[StatementRow]]:
    """What the till reads in an export."""
    path.write_bytes(content)
    now = START + timedelta(days=2)
    layout, rows = StatementLayout(now, now), []
    for line, cells in open_rows(path).lines:
        row = layout.feed(line, cells)
        assert row is None or isinstance(row, StatementRow), row
        rows += [row] if row else []
    return layout.finish(full=False), rows


def told(shop: Shop, path: str, body: Json) -> Json:
    [reply] = shop.send(shop.request(path, body))
    assert isinstance(reply.body, dict)
    return reply.body


def lines(shop: Shop, **asked: str) -> list[str]:
    return exported(shop, **asked).decode().splitlines()


def a_day(shop: Shop) -> str:
    """One paid, one without money, one paid by hand and reversed, a sweep; gives the code that was paid by hand."""
    shop.mpesa.script(PHONE, Choice.NO_MONEY)
    shop.pushed()
    shop.world.advance(60)
    shop.pushed(Amount=1000)
    shop.world.advance(60)
    code = str(told(shop, PAY_PATH, {"Msisdn": OTHER_PHONE, "Amount": 70, "BillRefNumber": "unga"})["TransID"])
    shop.world.advance(60)
    told(shop, REVERSE_PATH, {"TransactionID": code})
    shop.world.advance(60)
    told(shop, SWEEP_PATH, {})
    return code


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_till_reads_each_movement_as_what_it_is(ending: str, tmp_path: Path) -> None:
    shop = Shop(faults=(Fault.CALLBACK_LOST,))
    code = a_day(shop)
    statement, rows = read(exported(shop, ending), tmp_path / f"day{ending}")
    assert statement.short_code == "174379"
    assert statement.period is not None
    assert statement.period.holds(START, START + timedelta(hours=9))
    kinds = [(row.kind, row.amount) for row in rows]
    assert kinds == [
        (RowKind.SWEEP, Decimal("994.11")),
        (RowKind.REVERSAL, 70),
        (RowKind.FEE, Decimal("0.39")),
        (RowKind.PAYMENT, 70),
        (RowKind.FEE, Decimal("5.50")),
        (RowKind.PAYMENT, 1000),
        (RowKind.NOT_MOVED, 0),
    ]
    assert [row.receipt for row in rows[2:4]] == [code, code]
    reversal, by_hand, paid = rows[1], rows[3], rows[5]
    assert (reversal.linked, reversal.incoming) == (code, False)
    assert (by_hand.reason, by_hand.account) == ("Pay Bill", "unga")
    assert (paid.reason, paid.account, paid.phone) == ("Pay Bill Online", "POST_3_7", "070****149")
    assert paid.at == START + timedelta(seconds=61)


def test_it_is_laid_out_like_the_portal_s() -> None:
    shop = Shop(till_number="3700001")
    a_day(shop)
    said = lines(shop)
    assert said[:6] == [
        "Account Holder:,Mama Njeri Shop",
        "Short Code:,3700001",
        "Account:,Merchant Account",
        "Time Period:,From,23-11-2026 00:00:00,To,23-11-2026 23:59:59",
        "Operator:,Simulator,Organization:,Mama Njeri Shop",
        "Opening Balance:,0.0,Closing Balance:,0.0",
    ]
    sweep, at = "Merchant Account to Organization Settlement Account", "23-11-2026 14:07:00"
    assert said[7].endswith(f",{at},{at},{sweep},Completed,,-994.11,0.0,true,{sweep},,,,KES")
    assert Counter(line.count(",") for line in said[6:]) == {13: len(said) - 6}


def test_names_and_numbers_are_masked_and_one_customer_has_one_name() -> None:
    shop = Shop()
    a_day(shop)
    assert PHONE not in "".join(lines(shop))
    assert PHONE[3:] not in "".join(lines(shop))
    assert masked(PHONE) == "070****149"
    assert payer(PHONE) == payer("25470****149")


def test_days_begin_and_end_in_the_shop_and_the_balance_goes_on() -> None:
    shop = Shop()
    shop.pushed()
    shop.world.advance(10 * 3_600)  # past midnight in Nairobi
    shop.sign_in()
    shop.pushed()
    shop.world.advance(5)
    first, second = lines(shop, **{"from": "2026-11-23", "to": "2026-11-23"}), lines(shop)
    assert first[5] == "Opening Balance:,0.0,Closing Balance:,248.62"
    assert second[5] == "Opening Balance:,248.62,Closing Balance:,497.24"
    assert len(first) == len(second) == 9
    assert len(lines(shop, **{"from": "2026-11-23"})) == 11


def test_of_what_is_forgotten_no_period_is_claimed() -> None:
    shop = Shop()
    shop.mpesa.money.record = MoneyRecord(most=2)
    for _ in range(3):
        shop.mpesa.money.by_hand(PHONE, 100)
        shop.world.advance(60)
    said = lines(shop)
    assert said[3] == "Time Period:,From,23-11-2026 14:03:01,To,23-11-2026 23:59:59"
    assert said[5] == "Opening Balance:,99.45,Closing Balance:,298.35"
    assert len(said) == 7 + 4


def test_the_record_outlives_the_simulator_without_whole_numbers() -> None:
    shop = Shop()
    a_day(shop)
    written = json.loads(json.dumps(shop.mpesa.money.record.written(100)))
    assert PHONE[3:] not in json.dumps(written)
    after = Shop()
    after.mpesa.money.record.restore(written)
    assert lines(after) == lines(shop)
    few = MoneyRecord()
    few.restore(shop.mpesa.money.record.written(1))
    assert len(few.movements()) == 1
    assert few.forgotten_until is not None
    assert few.balance == 0


@pytest.mark.parametrize("known", [{}, {"movements": [{}], "balance": "0", "forgotten_until": None}])
def test_what_was_not_written_by_it_is_no_record(known: Json) -> None:
    with pytest.raises((KeyError, TypeError)):
        MoneyRecord().restore(known)


@pytest.mark.parametrize(
    ("path", "body", "refused"),
    [
        (PAY_PATH, {"Msisdn": "0712", "Amount": 5}, (400, "400.002.02", "Bad Request - Invalid Msisdn")),
        (PAY_PATH, {"Msisdn": PHONE, "Amount": 0}, (400, "400.002.02", "Bad Request - Invalid Amount")),
        (REVERSE_PATH, {"TransactionID": "x"}, (400, "400.002.02", "Bad Request - Invalid TransactionID")),
        (REVERSE_PATH, {"TransactionID": "UKN4X7Q2ZT"}, (500, "500.001.1001", "The transaction does not Exist")),
    ],
)
def test_what_cannot_be_is_refused(path: str, body: Json, refused: tuple[int, str, str]) -> None:
    shop = Shop()
    [reply] = shop.send(shop.request(path, body))
    assert error(reply) == refused


def test_a_payment_is_reversed_once_and_an_empty_account_is_not_swept() -> None:
    shop = Shop()
    assert told(shop, SWEEP_PATH, {}) == {}
    assert shop.mpesa.money.record.movements() == []
    code = shop.mpesa.money.by_hand(PHONE, 100)
    assert shop.mpesa.money.reverse(code)
    assert shop.mpesa.money.reverse(code) is None


def test_a_day_that_is_none_is_refused() -> None:
    shop = Shop()
    [reply] = shop.send(Request(method="GET", path=f"{STATEMENT_PATH}.csv", asked={"from": "23/11/2026"}))
    assert error(reply) == (400, "400.002.02", "Bad Request - Invalid from")


def test_a_code_that_the_shop_is_told_twice_stands_in_the_record_once() -> None:
    shop = Shop(faults=(Fault.RECEIPT_REUSED,))
    for _ in range(3):
        shop.pushed()
        shop.world.advance(5)
    codes = [movement.receipt for movement in shop.mpesa.money.record.movements()]
    assert len(set(codes)) == 3


def test_amounts_are_to_the_cent() -> None:
    shop = Shop()
    shop.mpesa.money.by_hand(PHONE, 1)
    [movement] = shop.mpesa.money.record.movements()
    assert (movement.at, movement.fee) == (START, Decimal("0.01"))
