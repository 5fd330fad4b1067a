"""What each ResultCode means. The list stands here a second time on purpose: a slip in one of them shows."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.daraja import codes
from pos_app.domain.payment_event import Result

CANCELLED = ("1031", "1032")
EXPIRED = ("1019", "1036", "1037")
DECLINED = (
    "1", "2", "3", "4", "8", "11", "15", "17", "18", "20", "21", "24", "25", "26", "29", "1001", "1025", "2001",
    "2006", "2028", "2040", "8006", "9999", "SFC_IC0003",
)  # fmt: skip
NOT_FINAL = (
    "4999",
    "2029",
    "E3008",
    "500.001.1001",
    "1050",
    "6000",
    "R000002",
    "5",
    "00",
    "0.0",
    "-1",
    "",
    "sfc_ic0003",
)
FINAL = {"0", *CANCELLED, *EXPIRED, *DECLINED}


@pytest.mark.parametrize("code", CANCELLED)
def test_the_customer_cancelled(code: str) -> None:
    assert codes.result_of(code) is Result.CANCELLED


@pytest.mark.parametrize("code", EXPIRED)
def test_nobody_answered(code: str) -> None:
    assert codes.result_of(code) is Result.EXPIRED


@pytest.mark.parametrize("code", DECLINED)
def test_m_pesa_declined(code: str) -> None:
    assert codes.result_of(code) is Result.DECLINED


@pytest.mark.parametrize("code", NOT_FINAL)
def test_a_code_that_nobody_explained_keeps_the_payment_open(code: str) -> None:
    assert codes.result_of(code) is Result.PENDING


def test_no_other_code_is_final() -> None:
    assert set(codes.RESULTS) == FINAL


@settings(deadline=None)
@given(st.text(string.printable, max_size=12))
def test_only_zero_is_success(code: str) -> None:
    assert (codes.result_of(code) is Result.SUCCESS) == (code == "0")
