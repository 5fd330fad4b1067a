"""The shapes a callback comes in: each changes the body, and says what the changed body still tells."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

from tests.faults.oracles.truth import Json, Told

Shape = Callable[[Json, Told, Random], Told | None]
"""Changes the stkCallback in place; gives what it tells now, None where it cannot be read."""


def _items(stk: Json) -> list[Json]:
    items: list[Json] = stk.get("CallbackMetadata", {}).get("Item", [])
    return items


def _item(stk: Json, name: str) -> Json:
    return next((item for item in _items(stk) if item.get("Name") == name), {})


def code_as_text(stk: Json, told: Told, random: Random) -> Told | None:
    stk["ResultCode"] = random.choice((str(stk["ResultCode"]), f" {stk['ResultCode']} "))
    return told


def code_unusable(stk: Json, told: Told, random: Random) -> Told | None:
    stk["ResultCode"] = random.choice((None, True, [], {}, "", 0.5, "paid!", "0\n0"))
    return None


def code_missing(stk: Json, told: Told, random: Random) -> Told | None:
    del stk["ResultCode"]
    return None


def code_unheard_of(stk: Json, told: Told, random: Random) -> Told | None:
    stk["ResultCode"] = code = random.choice(("E3008", "4999", "2029", "31415"))
    return replace(told, code=code)


def decimals(stk: Json, told: Told, random: Random) -> Told | None:
    amount = _item(stk, "Amount")
    if amount:
        amount["Value"] = random.choice((float(amount["Value"]), f"{amount['Value']}.00", str(amount["Value"])))
    return told


def cents(stk: Json, told: Told, random: Random) -> Told | None:
    amount = _item(stk, "Amount")
    if amount and told.amount is not None:
        amount["Value"] = f"{told.amount}.01"
        return replace(told, amount=told.amount + Decimal("0.01"))
    return told


def extra_fields(stk: Json, told: Told, random: Random) -> Told | None:
    stk["Extra"] = {"deep": [1, {"er": None}]}
    _items(stk).append({"Name": "Promotion", "Value": random.choice((None, 1, "x", [], {}))})
    return told


def odd_items(stk: Json, told: Told, random: Random) -> Told | None:
    junk: Any
    for junk in (None, 7, "Amount", [], {"Value": 3}, {"Name": 3, "Value": 3}, {"Name": "Balance"}):
        _items(stk).insert(random.randrange(len(_items(stk)) + 1), junk)
    return told


def shuffled(stk: Json, told: Told, random: Random) -> Told | None:
    random.shuffle(_items(stk))
    return told


def without_phone(stk: Json, told: Told, random: Random) -> Told | None:
    phone = _item(stk, "PhoneNumber")
    if phone:
        phone["Value"] = random.choice((None, "2547 *** 126", "masked", 0))
    return told


def without_amount(stk: Json, told: Told, random: Random) -> Told | None:
    if _item(stk, "Amount"):
        _items(stk).remove(_item(stk, "Amount"))
    return replace(told, amount=None)


def amount_unusable(stk: Json, told: Told, random: Random) -> Told | None:
    if _item(stk, "Amount"):
        _item(stk, "Amount")["Value"] = random.choice((None, True, "much", [], {}, "NaN", "Infinity"))
    return replace(told, amount=None)


def amount_twice(stk: Json, told: Told, random: Random) -> Told | None:
    if _item(stk, "Amount"):
        _items(stk).append({"Name": "Amount", "Value": 7_777})
    return replace(told, amount=None)


def without_receipt(stk: Json, told: Told, random: Random) -> Told | None:
    if _item(stk, "MpesaReceiptNumber"):
        _items(stk).remove(_item(stk, "MpesaReceiptNumber"))
    return replace(told, receipt=None)


def receipt_unusable(stk: Json, told: Told, random: Random) -> Told | None:
    if _item(stk, "MpesaReceiptNumber"):
        _item(stk, "MpesaReceiptNumber")["Value"] = random.choice((None, "", "N/A", 5, [], "code'; --", "A" * 99))
    return replace(told, receipt=None)


def without_items(stk: Json, told: Told, random: Random) -> Told | None:
    if "CallbackMetadata" in stk:
        stk["CallbackMetadata"] = random.choice((None, [], {}, {"Item": None}, {"Item": {}}, "x"))
    return replace(told, amount=None, receipt=None)


def without_ids(stk: Json, told: Told, random: Random) -> Told | None:
    del stk["CheckoutRequestID"], stk["MerchantRequestID"]
    return replace(told, checkout=None, merchant=None)


def ids_unusable(stk: Json, told: Told, random: Random) -> Told | None:
    stk["CheckoutRequestID"] = random.choice((None, 7, "", [], "x" * 101, "a b"))
    return replace(told, checkout=None)


# One of each subject at most: two would get in each other's way. The layout comes last.
_SUBJECTS: tuple[tuple[Shape, ...], ...] = (
    (code_as_text, code_unusable, code_missing, code_unheard_of),
    (decimals, cents, without_amount, amount_unusable, amount_twice),
    (without_receipt, receipt_unusable),
    (without_phone,),
    (without_ids, ids_unusable),
    (extra_fields, odd_items, shuffled),
)


def any_shapes(random: Random) -> list[Shape]:
    """Some that can be combined."""
    if random.random() < 0.05:
        return [without_items]
    chosen = sorted(random.sample(range(len(_SUBJECTS)), random.choice((1, 1, 2, 3))))
    return [random.choice(_SUBJECTS[subject]) for subject in chosen]


def reshaped(body: Json, told: Told, shapes: list[Shape], random: Random) -> tuple[bytes, Told | None]:
    """The body in these shapes, and what it tells then."""
    body = json.loads(json.dumps(body))
    stk = body["Body"]["stkCallback"]
    seen: Told | None = told
    for shape in shapes:
        after = shape(stk, told, random)
        seen = _both(seen, after, told)
    return json.dumps(body).encode(), seen


def _both(one: Told | None, other: Told | None, original: Told) -> Told | None:
    """What is left of a body after two changes: each field that the later one changed, else as the first left it."""
    if one is None or other is None:
        return None
    changed: dict[str, Any] = {
        name: getattr(other, name)
        for name in ("code", "merchant", "checkout", "amount", "receipt")
        if getattr(other, name) != getattr(original, name)
    }
    return replace(one, **changed)


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body))]


def _page(body: bytes, random: Random) -> bytes:
    return b"<html><body>Welcome to the hotel's network</body></html>"


def _list(body: bytes, random: Random) -> bytes:
    return b"[" + body + b"]"


def _deep(body: bytes, random: Random) -> bytes:
    return b"[" * 30_000 + b"]" * 30_000


def _bytes(body: bytes, random: Random) -> bytes:
    return random.randbytes(random.randrange(1, 300))


def _long_number(body: bytes, random: Random) -> bytes:
    return body.replace(b'"ResultCode"', b'"x": ' + b"9" * 5_000 + b', "ResultCode"')


DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (_cut, _page, _list, _deep, _bytes, _long_number)
