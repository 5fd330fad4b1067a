"""Pull Transactions of the simulator, with its traps."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.kenya_time import NAIROBI
from pos_app.simulator import PULL_PATH, REGISTER_PATH, Fault, HttpReply, Json
from tests.simulator.test_bodies import shape
from tests.simulator.world import OTHER_PHONE, PHONE, START, Shop, error

PAYLOADS = Path(__file__).parents[1] / "data" / "payloads"
REGISTER: Json = {
    "ShortCode": "174379",
    "RequestType": "Pull",
    "NominatedNumber": PHONE,
    "CallBackURL": "https://shop.example/pull",
}


def ask(shop: Shop, offset: int = 0, **changes: object) -> HttpReply:
    if not shop.bearer:
        shop.sign_in()
    now = shop.world.now()
    body = {
        "ShortCode": "174379",
        "StartDate": in_shop(now - timedelta(hours=47)),
        "EndDate": in_shop(now),
        "OffSetValue": str(offset),
        **changes,
    }
    [reply] = shop.send(shop.request(PULL_PATH, body))
    return reply


def in_shop(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}"


def register(shop: Shop, **changes: object) -> HttpReply:
    if not shop.bearer:
        shop.sign_in()
    [reply] = shop.send(shop.request(REGISTER_PATH, REGISTER | changes))
    return reply


def told(reply: HttpReply) -> Json:
    assert reply.status == 200
    assert isinstance(reply.body, dict)
    return reply.body


def registered(faults: Mapping[Fault, float] | tuple[Fault, ...] = (), **options: Any) -> Shop:
    shop = Shop(faults=faults, **options)
    register(shop)
    return shop


def test_it_is_registered_once() -> None:
    shop = Shop()
    first, again = told(register(shop)), told(register(shop))
    assert (first["Response Status"], again["Response Status"]) == ("1000", "1001")
    assert error(register(shop, ShortCode="600000"))[:2] == (400, "400.001")
    assert error(register(shop, NominatedNumber="0712"))[2].endswith("NominatedNumber")


def test_who_may_not_ask_is_told_the_same_as_who_has_nothing() -> None:
    other, quiet, refused = Shop(), registered(), registered((Fault.PULL_REFUSED,))
    for shop in (other, refused):
        shop.mpesa.money.by_hand(PHONE, 100)
    answers = [told(ask(shop)) for shop in (other, quiet, refused)]
    answers.append(told(ask(registered(), ShortCode="3700001")))
    assert {json.dumps(answer) for answer in answers} == {json.dumps(answers[0])}
    assert answers[0]["ResponseCode"] == "1001"


def test_a_row_looks_like_one_of_production() -> None:
    shop = registered()
    code = shop.mpesa.money.by_hand(PHONE, 168, "37207636392")
    answer = told(ask(shop))
    [[row]] = answer["Response"]
    [[known, _]] = json.loads((PAYLOADS / "pull-query-success.json").read_text())["Response"]
    assert set(row) == set(known)
    assert set(shape(answer)) == {"ResponseRefID", "ResponseCode", "ResponseMessage", "Response"}
    assert (row["transactionId"], row["transactiontype"]) == (code, "c2b-pay-bill-debit")
    assert (row["msisdn"], row["billreference"]) == ("25470****149", "37207636392")
    assert row["trxDate"] == "2026-11-23T14:03:00Z", "it is 11:03 in UTC"
    assert float(row["amount"]) == 168


def test_pages_end_with_an_empty_one() -> None:
    shop = registered((Fault.PULL_EMPTY_TEXT,))
    for _ in range(105):
        shop.mpesa.money.by_hand(PHONE, 100)
        shop.world.advance(1)
    assert [len(told(ask(shop, offset))["Response"][0]) for offset in (0, 100)] == [100, 5]
    assert told(ask(shop, 105))["Response"] == "[[]]"
    assert told(ask(registered(), 5))["Response"] == [[]]
    assert told(ask(registered((Fault.PULL_FLAT,)), 5))["Response"] == []


def test_only_two_days_and_only_what_was_asked_for() -> None:
    shop = registered()
    codes = [shop.mpesa.money.by_hand(PHONE, 100)]
    shop.world.advance(47 * 3_600)
    shop.sign_in()
    codes.append(shop.mpesa.money.by_hand(PHONE, 100))
    since = in_shop(START - timedelta(days=9))
    assert [row["transactionId"] for row in told(ask(shop, StartDate=since))["Response"][0]] == codes
    shop.world.advance(3_601)
    shop.sign_in()
    assert [row["transactionId"] for row in told(ask(shop, StartDate=since))["Response"][0]] == codes[1:]
    assert told(ask(shop, EndDate=in_shop(START)))["ResponseCode"] == "1001"
    assert error(ask(shop, StartDate="23-11-2026"))[2].endswith("StartDate")


def test_sweeps_are_in_the_set_and_fees_failures_and_reversals_are_not() -> None:
    shop = registered((Fault.PULL_FLAT,), till_number="174380")
    code = shop.mpesa.money.by_hand(PHONE, 100)
    shop.mpesa.money.by_hand(OTHER_PHONE, 70)
    shop.mpesa.money.reverse(code)
    shop.mpesa.money.sweep()
    rows = told(ask(shop, ShortCode="174380"))["Response"]
    assert [row["transactiontype"] for row in rows] == ["c2b-buy-goods-debit"] * 2 + ["b2b-organization-settlement"]
    assert rows[0]["billreference"] == ""


@pytest.mark.parametrize("fault", [Fault.PULL_OTHER_KEYS, Fault.PULL_TRUE_TIME, Fault.PULL_WHOLE_NUMBERS])
def test_the_shape_of_rows_changes(fault: Fault) -> None:
    shop = registered((fault,))
    for _ in range(9):
        shop.mpesa.money.by_hand(PHONE, 100)
    rows = told(ask(shop))["Response"][0]
    if fault is Fault.PULL_OTHER_KEYS:
        assert {"TRANSACTIONID", "TRXDATE", "MSISDN"} < set(rows[0])
    if fault is Fault.PULL_TRUE_TIME:
        assert rows[0]["trxDate"] == f"{START.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if fault is Fault.PULL_WHOLE_NUMBERS:
        assert {row["msisdn"] for row in rows} <= {PHONE, int(PHONE)}


def test_a_question_may_fail_and_needs_an_access_token() -> None:
    assert error(ask(registered((Fault.PULL_FAILS,)))) == (500, "500.001.1001", "Failed to retrieve transactions")
    shop = registered()
    shop.bearer = "Bearer wrong"
    assert error(ask(shop))[0] == 404
