"""What goes out for Pull Transactions, and what is read of what comes back."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.daraja.pull_wire import PulledPage, pull_body, read_page, read_registration, register_body
from pos_app.daraja.wire import Account, TokenRefused
from pos_app.domain.pulled import NotPulled, PulledRow, PullRegistration, PullTrouble

PAYLOADS = Path(__file__).parents[1] / "data" / "payloads"
AT = datetime(2026, 9, 25, 6, 32, 37, tzinfo=UTC)
TILL = Account("600123", "512345")
ROW = {
    "transactionId": "UIP7H7OI90",
    "trxDate": "2026-09-25T09:32:37Z",
    "msisdn": "25470****149",
    "sender": "MPESA",
    "transactiontype": "c2b-buy-goods-debit",
    "billreference": "",
    "amount": "168.00",
    "organizationname": "MAMA NJERI SHOP",
}
READ = PulledRow(
    receipt="UIP7H7OI90",
    said_at=datetime(2026, 9, 25, 9, 32, 37),
    amount=Decimal(168),
    phone="25470****149",
    kind="c2b-buy-goods-debit",
)
REFUSED = {"errorCode": "404.001.03", "errorMessage": "Invalid Access Token"}


def body(response: object, code: object = "1000", **more: object) -> bytes:
    return json.dumps({"ResponseCode": code, "Response": response} | more).encode()


def page(row: object) -> PulledPage | NotPulled | TokenRefused:
    return read_page(200, body([[row]]))


def row(**changes: object) -> PulledRow:
    found = page(ROW | changes)
    assert isinstance(found, PulledPage)
    [read] = found.rows
    return read


class TestSent:
    def test_a_till_asks_by_its_till_number_in_nairobi_s_time(self) -> None:
        assert pull_body(TILL, AT, AT.replace(hour=21), 100) == {
            "ShortCode": "512345",
            "StartDate": "2026-09-25 09:32:37",
            "EndDate": "2026-09-26 00:32:37",
            "OffSetValue": "100",
        }
        assert pull_body(Account("600123"), AT, AT, 0)["ShortCode"] == "600123"

    def test_the_store_number_is_registered(self) -> None:
        assert register_body(TILL, "254708374149", "https://shop.example/pull") == {
            "ShortCode": "600123",
            "RequestType": "Pull",
            "NominatedNumber": "254708374149",
            "CallBackURL": "https://shop.example/pull",
        }


class TestRegistration:
    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ({"Response Status": "1000", "Response Description": "x"}, PullRegistration.NEW),
            ({"ResponseStatus": 1001}, PullRegistration.ALREADY),
            ({"response_status": "1001"}, PullRegistration.ALREADY),
            ({"ResponseStatus": "7"}, PullRegistration.REFUSED),
            ({"ResponseStatus": "1000", "Response Status": "1001"}, PullRegistration.REFUSED),
            ({}, PullRegistration.REFUSED),
        ],
    )
    def test_each_answer(self, said: dict[str, object], meant: PullRegistration) -> None:
        assert read_registration(200, json.dumps(said).encode()) is meant

    def test_failures(self) -> None:
        assert read_registration(404, json.dumps(REFUSED).encode()) == TokenRefused()
        assert read_registration(400, b'{"errorCode": "400.001"}') is PullRegistration.REFUSED
        assert read_registration(500, b'{"errorCode": "500.001.1001"}') is PullRegistration.UNKNOWN
        assert read_registration(200, b"<html>") is PullRegistration.UNKNOWN

    def test_the_documented_one(self) -> None:
        assert read_registration(200, (PAYLOADS / "pull-register-success.json").read_bytes()) is PullRegistration.NEW


class TestPage:
    def test_the_documented_one(self) -> None:
        found = read_page(200, (PAYLOADS / "pull-query-success.json").read_bytes())
        assert isinstance(found, PulledPage)
        first, second = found.rows
        assert (found.count, first.receipt, second.amount) == (2, "YZLYRESRG1", Decimal(647))
        assert (first.said_at, first.phone) == (datetime(2020, 8, 5, 10, 13), "72200000")
        assert (first.name, first.account) == ("UAT2", "37207636392")

    @pytest.mark.parametrize("response", [[[ROW]], [ROW], [[ROW], []], [[], [ROW]]])
    def test_rows_in_lists_of_any_depth_that_was_met(self, response: object) -> None:
        assert read_page(200, body(response)) == PulledPage(1, (READ,))

    @pytest.mark.parametrize("response", [[[]], [], "[[]]", " [ [] ]", "[]", ""])
    def test_an_empty_one(self, response: object) -> None:
        assert read_page(200, body(response)) == PulledPage(0)

    @pytest.mark.parametrize("said", [{"ResponseCode": "1001"}, {"Response Code": 1001, "Response": "[[]]"}])
    def test_no_records_is_not_an_empty_page(self, said: dict[str, object]) -> None:
        assert read_page(200, json.dumps(said).encode()) == PulledPage(0, quiet=True)

    @pytest.mark.parametrize(
        "sent",
        [
            body([[ROW]], "1001"),
            body([[ROW]], "1002"),
            body([[ROW]], None),
            body([[ROW]], responsecode="1001"),
            body([[ROW], ROW]),
            body([[1]]),
            body("[[{}]]"),
            body({"rows": []}),
            body(None),
            b"[[]]",
            b"<html>",
            b"",
            b"[" * 100_000,
            json.dumps({"ResponseCode": "1000", "Response": [[]]}).encode("utf-16"),
            b'{"ResponseCode": "1000", "Response": [[]], "Response": [[1]]}',
        ],
    )
    def test_what_is_none_is_unreadable(self, sent: bytes) -> None:
        found = read_page(200, sent)
        assert isinstance(found, NotPulled)
        assert found.trouble is PullTrouble.UNREADABLE

    def test_failures(self) -> None:
        failed = read_page(500, b'{"errorCode": "500.001.1001", "errorMessage": "Failed to retrieve transactions"}')
        assert failed == NotPulled(PullTrouble.FAILED, "HTTP 500, 500.001.1001")
        for status in (400, 401, 404):
            assert read_page(status, json.dumps(REFUSED).encode()) == TokenRefused()
        assert read_page(302, b"{}") == NotPulled(PullTrouble.FAILED, "HTTP 302, None")

    @given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(body))
    def test_nothing_breaks_it(self, sent: bytes) -> None:
        read_page(200, sent)
        read_registration(200, sent)


class TestRow:
    def test_keys_in_any_case(self) -> None:
        assert page({name.upper(): value for name, value in ROW.items()}) == PulledPage(1, (READ,))

    def test_a_name_twice_with_two_values_says_nothing(self) -> None:
        assert row(TRANSACTIONID="UIP7H7OI91").fault == "no receipt code"
        assert row(TRANSACTIONID="UIP7H7OI90") == READ
        twice = b'{"ResponseCode": "1000", "Response": [[{"amount": 1, "amount": 2, "transactiontype": "c2b-x"}]]}'
        found = read_page(200, twice)
        assert isinstance(found, PulledPage)
        assert found.rows[0].amount is None

    @pytest.mark.parametrize("kind", ["b2b-organization-settlement", "Settlement", "b2c-x"])
    def test_what_is_no_payment_of_a_customer_s_counts_and_is_left_out(self, kind: str) -> None:
        assert page(ROW | {"transactiontype": kind}) == PulledPage(1)

    @pytest.mark.parametrize("kind", [None, "", 5, ["c2b"]])
    def test_what_may_be_one_is_not(self, kind: object) -> None:
        assert row(transactiontype=kind).fault

    @pytest.mark.parametrize(
        ("amount", "read"),
        [(168, 168), ("168", 168), (168.5, Decimal("168.5")), (0, None), (-5, None), ("1,000", None), (True, None),
         ("1e3", None), (1e300, None), ([168], None), ("", None), (10**9, None)],
    )  # fmt: skip
    def test_amounts(self, amount: object, read: object) -> None:
        found = row(amount=amount)
        assert (found.amount, bool(found.fault)) == (read, read is None)

    @pytest.mark.parametrize(
        ("said", "read"),
        [
            ("2026-09-25T09:32:37.123Z", True),
            ("2026-09-25 09:32:37", True),
            ("2026-09-25T09:32:37+03:00", False),
            ("2026-02-30T09:32:37Z", False),
            ("25-09-2026 09:32:37", False),
            ("٢٠٢٦-09-25T09:32:37Z", False),
            (20260925093237, False),
            (None, False),
        ],
    )
    def test_times(self, said: object, read: bool) -> None:
        found = row(trxDate=said)
        assert (found.said_at is not None, bool(found.fault)) == (read, not read)

    @pytest.mark.parametrize(
        ("said", "read"),
        [
            (254708374149, "254708374149"),
            ("2547 ***** 126", "2547*****126"),
            ("+254708374149", "+254708374149"),
            ("a" * 64, ""),
            ("9" * 64, ""),
            (None, ""),
            (True, ""),
        ],
    )
    def test_numbers_of_payers(self, said: object, read: str) -> None:
        assert row(msisdn=said).phone == read

    def test_names_and_references(self) -> None:
        assert row(sender="AMINA OTIENO", billreference=17).name == "AMINA OTIENO"
        assert row(billreference=17).account == "17"
        assert len(row(billreference="x" * 9_999).account) == 300

    @pytest.mark.parametrize("code", ["", "UIP", 12345678901, "UIP7H7OI9!", None, "x" * 9_999])
    def test_codes_that_are_none(self, code: object) -> None:
        found = row(transactionId=code)
        assert (found.receipt, found.fault) == ("", "no receipt code")
