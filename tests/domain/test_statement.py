"""What the owner types from M-PESA's statement is read in one form only."""

from datetime import UTC, datetime

import pytest

from pos_app.domain.statement import statement_amount, statement_time
from pos_app.errors import BadInput


@pytest.mark.parametrize(
    ("text", "amount"),
    [("799", 799), (" 799.0 ", 799), ("799.00", 799), ("1,250", 1_250), ("1,250.00", 1_250), ("KES 799", 799)],
)
def test_amounts_as_the_statement_prints_them(text: str, amount: int) -> None:
    assert statement_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "0", "-799", "799.5", "799.000", "1.000", "1e3", "1_000", "٧٩٩", "٧٩٩.0", "250001", "7 99", "+799", "1,25"],
)
def test_no_other_amount_is_taken(text: str) -> None:
    with pytest.raises(BadInput, match=r"^Type the amount .* under Paid In.*Nothing was changed\.$"):
        statement_amount(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24-11-2026 14:03:09", datetime(2026, 11, 24, 11, 3, 9, tzinfo=UTC)),
        (" 24/11/2026  14:03 ", datetime(2026, 11, 24, 11, 3, tzinfo=UTC)),
        ("2026-11-24 14:03:09", datetime(2026, 11, 24, 11, 3, 9, tzinfo=UTC)),
        ("2026-11-24T02:03", datetime(2026, 11, 23, 23, 3, tzinfo=UTC)),
        ("29-02-2028 00:00:00", datetime(2028, 2, 28, 21, 0, tzinfo=UTC)),
    ],
)
def test_times_as_the_statement_prints_them_are_kenyas(text: str, moment: datetime) -> None:
    assert statement_time(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14:03",
        "24-11-2026",
        "24-11-26 14:03",
        "31-11-2026 14:03",
        "29-02-2027 14:03",
        "24-11-2026 24:00",
        "24-11-2026 14:03:60",
        "24-13-2026 14:03",
        "1-1-2026 14:03",
        "24-11-2026 2:03 PM",
        "24.11.2026 14:03",
        "٢٤-11-2026 14:03",
        "01-01-0001 00:00",
        "24-11-2026 14:03+03:00",
    ],
)
def test_no_other_time_is_taken(text: str) -> None:
    with pytest.raises(BadInput, match=r"for example 24-11-2026 14:03:09\. Nothing was changed\.$"):
        statement_time(text)
