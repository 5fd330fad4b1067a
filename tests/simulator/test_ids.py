import re
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from pos_app.simulator import ids

MOMENT = datetime(2026, 11, 23, 22, 30, 15, 42_000, tzinfo=UTC)  # already the 24th in Nairobi


def test_the_checkout_request_id_holds_nairobi_time_and_the_payers_digits() -> None:
    assert ids.checkout_request_id(MOMENT, "254708374149", ()) == "ws_CO_24112026013015042708374149"


def test_no_two_checkout_request_ids_are_alike() -> None:
    taken: set[str] = set()
    for _ in range(50):
        taken.add(ids.checkout_request_id(MOMENT, "254708374149", taken))
    assert len(taken) == 50


def test_other_identifiers_have_their_shapes() -> None:
    random = Random(1)
    assert re.fullmatch("[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[0-9]{1,7}", ids.request_id(random))
    assert re.fullmatch("[A-Za-z0-9]{28}", ids.access_token(random))


@pytest.mark.parametrize(
    ("day", "characters"),
    [  # as logged
        (datetime(2023, 3, 19), "RCJ"),
        (datetime(2025, 10, 3), "TJ3"),
        (datetime(2026, 5, 4), "UE4"),
        (datetime(2022, 7, 21), "QGL"),
        (datetime(2026, 12, 31), "ULV"),
    ],
)
def test_a_receipt_code_begins_with_its_day(day: datetime, characters: str) -> None:
    assert ids.ReceiptCodes(Random(1)).next(day.replace(hour=12, tzinfo=UTC))[:3] == characters


def test_the_day_of_a_receipt_code_is_nairobis() -> None:
    receipts = ids.ReceiptCodes(Random(1))
    assert receipts.next(MOMENT)[:3] == "UKO"
    assert receipts.next(MOMENT - timedelta(hours=2))[:3] == "UKN"


def test_no_two_receipt_codes_are_alike() -> None:
    receipts = ids.ReceiptCodes(Random(5))
    codes = {receipts.next(MOMENT) for _ in range(20_000)}
    assert len(codes) == 20_000
    assert all(re.fullmatch("[A-Z0-9]{10}", code) for code in codes)
