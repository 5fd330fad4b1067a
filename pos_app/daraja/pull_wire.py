"""What goes over the wire for Pull Transactions, and what comes back: read strictly, whatever its spelling.

Nothing is documented of the answers but one sample. What cannot be read of a row makes that row unreadable; what cannot
be read of a page makes the whole set unusable.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pos_app.daraja import codes
from pos_app.daraja.json_object import code_of, error_of, number_of, read_object, same
from pos_app.daraja.wire import Account, TokenRefused
from pos_app.domain.classify import RECEIPT_CODE
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.money import NO_AMOUNT
from pos_app.domain.pulled import NotPulled, PulledRow, PullRegistration, PullTrouble
from pos_app.domain.strict import upper

REGISTER_PATH = "/pulltransactions/v1/register"
PULL_PATH = "/pulltransactions/v1/query"
_DONE, _NONE = "1000", "1001"
_EMPTY = ("", "[]", "[[]]")
MOST_OF_A_PAGE = 1_048_576  # bytes; a row has about 300
_KEPT = 300  # characters of a text
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?Z?")
_NUMBER = re.compile(r"\+?[0-9]{1,12}(?:[*xX\u2022]+[0-9]{0,9})?")


@dataclass(frozen=True, slots=True)
class PulledPage:
    """One page.

    Attributes:
        count: rows of it; `rows`: those of them that somebody paid.
        quiet: M-PESA said that it has no records, which does not mean that there are none.
    """

    count: int
    rows: tuple[PulledRow, ...] = ()
    quiet: bool = False


def register_body(account: Account, nominated: str, callback_url: str) -> dict[str, object]:
    """The body that registers Pull Transactions, once.

    Args:
        nominated: the MSISDN that M-PESA knows of the organisation.
        callback_url: must be an address; nothing is known to come there.
    """
    return {
        "ShortCode": account.shortcode,
        "RequestType": "Pull",
        "NominatedNumber": nominated,
        "CallBackURL": callback_url,
    }


def pull_body(account: Account, first: datetime, last: datetime, offset: int) -> dict[str, object]:
    """The question for the money that came from one moment to another (any zone), behind so many rows."""
    return {
        "ShortCode": account.till_number or account.shortcode,
        "StartDate": _in_shop(first),
        "EndDate": _in_shop(last),
        "OffSetValue": str(offset),
    }


def _in_shop(moment: datetime) -> str:
    return f"{moment.astimezone(NAIROBI):%Y-%m-%d %H:%M:%S}"


def read_registration(status: int, body: bytes) -> PullRegistration | TokenRefused:
    """Classify the answer to a registration, whose keys have blanks or have none."""
    data = read_object(body)
    if data is None:
        return PullRegistration.UNKNOWN
    if status >= 400:
        code, _ = error_of(data)
        if code in codes.TOKEN_REFUSED:
            return TokenRefused()
        return PullRegistration.REFUSED if status < 500 else PullRegistration.UNKNOWN
    said = _folded(data)
    known = {_DONE: PullRegistration.NEW, _NONE: PullRegistration.ALREADY}
    return known.get(code_of(said.get("responsestatus")) or "", PullRegistration.REFUSED)


def read_page(status: int, body: bytes) -> PulledPage | NotPulled | TokenRefused:
    """Classify the answer to a question."""
    data = read_object(body)
    if data is None:
        return NotPulled(PullTrouble.UNREADABLE, f"HTTP {status} without a readable answer")
    if status != 200:
        code, _ = error_of(data)
        if code in codes.TOKEN_REFUSED:
            return TokenRefused()
        return NotPulled(PullTrouble.FAILED, f"HTTP {status}, {code}")
    said = _folded(data)
    code = code_of(said.get("responsecode"))
    rows = _rows(said.get("response"))
    if code == _NONE and not rows:
        return PulledPage(0, quiet=True)
    if code != _DONE or rows is None:
        return NotPulled(PullTrouble.UNREADABLE, f"HTTP 200, {code}")
    return PulledPage(len(rows), tuple(row for each in rows if (row := _row(each))))


def _rows(response: object) -> list[dict[str, object]] | None:
    """The rows: a list, a list in a list, or a text that says that there are none; None where it is none of these."""
    if isinstance(response, str):
        return [] if "".join(response.split()) in _EMPTY else None
    if not isinstance(response, list):
        return None
    if all(isinstance(part, list) for part in response):
        response = [row for part in response for row in part]
    return response if all(isinstance(row, dict) for row in response) else None


def _folded(data: dict[str, object]) -> dict[str, object]:
    """By names in lower case without blanks; one that comes twice with two values says nothing."""
    found: dict[str, object] = {}
    for name, value in data.items():
        key = re.sub("[ _]", "", name).lower()
        found[key] = value if key not in found or same(found[key], value) else None
    return found


def _row(said: dict[str, object]) -> PulledRow | None:
    """A row; None where it is surely no payment of a customer's."""
    row = _folded(said)
    kind = row.get("transactiontype")
    if isinstance(kind, str) and kind.strip() and "c2b" not in kind.lower():
        return None
    receipt, at, amount = _receipt(row.get("transactionid")), _time(row.get("trxdate")), _amount(row.get("amount"))
    sender = _text(row.get("sender"))
    return PulledRow(
        receipt=receipt,
        said_at=at,
        amount=amount,
        phone=_phone(row.get("msisdn")),
        name="" if sender.upper() == "MPESA" else sender,
        account=_text(row.get("billreference")),
        kind=_text(kind).lower(),
        fault=_fault(receipt, at, amount, kind),
    )


def _fault(receipt: str, at: datetime | None, amount: Decimal | None, kind: object) -> str:
    missing: Iterable[tuple[object, str]] = (
        (receipt, "no receipt code"),
        (at, "no time that can be"),
        (amount, "an amount that is none"),
        ("c2b" in _text(kind).lower(), "no type"),
    )
    return next((words for value, words in missing if not value), "")


def _receipt(value: object) -> str:
    code = upper(_text(value)) if isinstance(value, str) else ""
    return code if RECEIPT_CODE.fullmatch(code) else ""


def _time(value: object) -> datetime | None:
    """The digits of a time, without the zone that it claims."""
    found = _TIME.fullmatch(_text(value))
    try:
        return datetime.fromisoformat(f"{found[1]} {found[2]}") if found else None
    except ValueError:
        return None


def _amount(value: object) -> Decimal | None:
    amount = number_of(value)
    return amount if amount is not None and 0 < amount < NO_AMOUNT else None


def _phone(value: object) -> str:
    """A number, masked or not; empty where no digit of it can be told."""
    digits = "".join(_text(value).split())
    return digits if _NUMBER.fullmatch(digits) else ""


def _text(value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value).strip()[:_KEPT] if whole or isinstance(value, str) else ""
