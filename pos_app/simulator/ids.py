"""Identifiers and receipt codes that look like M-PESA's own."""

import string
from collections.abc import Container
from datetime import datetime, timedelta
from random import Random

from pos_app.domain.kenya_time import NAIROBI

_BASE36 = string.digits + string.ascii_uppercase
_CODES = 36**7
_STRIDE = 48_431_234_567  # shares no factor with 36, so a walk in this stride meets every code once


def request_id(random: Random) -> str:
    """A MerchantRequestID or requestId: `8fc3-415b-ba79-04f852fc58507383104`."""
    digits = f"{random.getrandbits(96):024x}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}{random.randrange(10**7)}"


def access_token(random: Random) -> str:
    """An OAuth access token: 28 letters and digits."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=28))


def checkout_request_id(now: datetime, payer: str, taken: Container[str]) -> str:
    """`ws_CO_`, the time in Nairobi down to milliseconds, and the last nine digits of the payer's MSISDN."""
    while True:
        moment = now.astimezone(NAIROBI)
        identifier = f"ws_CO_{moment:%d%m%Y%H%M%S}{moment.microsecond // 1000:03}{payer[-9:]}"
        if identifier not in taken:
            return identifier
        now += timedelta(milliseconds=1)


class ReceiptCodes:
    """Receipt codes, none twice: year, month and day as one character each, then seven at random.

    The seven start anywhere, so that two runs with one seed do not give the same codes to one shop's books.
    """

    def __init__(self, random: Random) -> None:
        self._position = random.randrange(_CODES)

    def next(self, paid_at: datetime) -> str:
        """The code of a payment made at `paid_at`: `UKN4X7Q2ZT` on 23 November 2026."""
        self._position = (self._position + _STRIDE) % _CODES
        rest, position = "", self._position
        for _ in range(7):
            position, digit = divmod(position, 36)
            rest += _BASE36[digit]
        return _date_characters(paid_at) + rest


def _date_characters(moment: datetime) -> str:
    """U is 2026, A is January, 1-9 and A-V are the days: as in every receipt code seen from 2017 to 2026."""
    day = moment.astimezone(NAIROBI)
    letters = string.ascii_uppercase
    return letters[(day.year - 2006) % 26] + letters[day.month - 1] + _BASE36[day.day]
