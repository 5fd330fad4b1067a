"""Bodies that nobody should send: genuine ones of every kind, bent, broken, glued together; and plain noise."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from pos_app.callbacks.listener import MAX_BODY
from tests.faults.simulation.hostile import CANARY, Owed

_PAYLOADS = Path(__file__).parents[2] / "data" / "payloads"
_ALL = [path.read_bytes() for path in sorted(_PAYLOADS.glob("*.json")) if path.name != "index.json"]
_CALLBACKS = [body for body in _ALL if b"stkCallback" in body]
_RAW = "@raw "  # a text that begins so is written without its quotes
_KEYS = ("ResultCode", "CheckoutRequestID", "MerchantRequestID", "stkCallback", "Item", "Name", "Value", "Amount")
_TEXTS = (
    "", " ", "0", " 0 ", "0\n", "-0", "250", "250.00", "2_50", "\uff12\uff15\uff10", "1e2", "NaN", "sNaN", "-Infinity",
    "null", "254708374149", "0708374149", "ws_CO_04052026210410237708374149", "UE4AA1B2C3", "ue4aa1b2c3", CANARY,
    "\0", "\ud800", "\U0001f4b0", "\u202e0", "A" * 101, "1" * 5_000, "'; DROP TABLE payment; --", "../../etc/passwd",
)  # fmt: skip
_NUMBERS = (
    "0.0", "-0", "1e2", "0e0", "250.000000000000000000001", "1e400", "1e-400", "1e999999999", "1e99999999999999999999",
    "9" * 400, "9" * 4_300, "9" * 4_301, "-" + "9" * 40, "NaN", "Infinity", "-Infinity", "0x10", "00", "254708374149",
)  # fmt: skip
Json = Any


class Fuzzer:
    """All chance comes from one place, so a seed gives the same bodies again.

    Args:
        taken: a receipt code that a paid payment holds.
    """

    def __init__(self, random: Random, taken: str) -> None:
        self._random = random
        self._taken = taken

    def body(self, owed: Owed) -> bytes:
        """Something for the address of this payment; one in twenty still looks as if M-PESA had sent it."""
        body = self._random.choices((self._bent, self._noise), (9, 1))[0](owed)
        for _ in range(self._random.choice((0, 0, 0, 1, 1, 2, 5))):
            body = self._random.choice(_DAMAGES)(body, self._random)
        return body[:MAX_BODY]

    def forged(self, owed: Owed) -> bytes:
        """Well formed, and false: its ids are guessed, or its amount is."""
        stranger = owed._replace(checkout=owed.checkout[:-1] + "x")
        if self._random.random() < 0.5:
            stranger = owed._replace(amount=owed.amount + self._random.choice((-1, 1, 999)))
        return stranger.genuine().replace(b"successfully", CANARY.encode())

    def _bent(self, owed: Owed) -> bytes:
        data = json.loads(owed.genuine() if self._random.random() < 0.3 else self._random.choice(_CALLBACKS))
        if self._random.random() < 0.85:
            self._spoil(data["Body"]["stkCallback"], owed)
        for _ in range(self._random.choice((0, 1, 1, 2, 3, 8))):
            self._change_somewhere(data)
        return _written(data, ascii_only=self._random.random() < 0.5)

    def _spoil(self, stk: Json, owed: Owed) -> None:
        """Each of these alone makes it no evidence."""
        wrong = self._random.choice(("merchant", "checkout", "amount", "receipt", "taken", "second", "all"))
        items = stk.get("CallbackMetadata", {}).get("Item", [])
        if wrong in ("merchant", "all"):
            stk["MerchantRequestID"] = f"29115-{self._random.randrange(10**8)}-0"
        if wrong in ("checkout", "all"):
            stk["CheckoutRequestID"] = f"ws_CO_{self._random.randrange(10**20)}"
        for item in items:
            if item["Name"] == "Amount" and wrong in ("amount", "second", "all"):
                item["Value"] = self._random.choice((owed.amount + 1, 0, -owed.amount, owed.amount + 0.01))
            if item["Name"] == "MpesaReceiptNumber" and wrong in ("receipt", "all"):
                item["Value"] = self._random.choice(("", "N/A", "A" * 21, "abc", int(owed.phone), 20261123140322))
            if item["Name"] == "MpesaReceiptNumber" and wrong == "taken":
                item["Value"] = self._taken
        if wrong == "second" and items:
            items.append({"Name": "Amount", "Value": owed.amount})

    def _change_somewhere(self, data: Json) -> None:
        """Replace, remove, double or add something anywhere in it."""
        places = list(_places(data))
        holder, key = self._random.choice(places)
        match self._random.randrange(6):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, holder[key])
            case 2 if isinstance(holder, dict):
                holder[self._random.choice((*_KEYS, CANARY))] = self.value()
            case 3:
                holder[key] = str(holder[key])
            case 4:
                other, at = self._random.choice(places)
                holder[key] = json.loads(json.dumps(other[at])) if _holds(other, at) else None
            case _:
                holder[key] = self.value()

    def value(self, depth: int = 0) -> Json:
        """Any JSON there is, and some there is not."""
        match self._random.randrange(9 if depth < 4 else 6):
            case 0:
                return self._random.choice((None, True, False))
            case 1 | 2:
                return self._random.choice(_TEXTS)
            case 3:
                return _RAW + self._random.choice(_NUMBERS)
            case 4:
                return self._random.choice((0, 1, 250, -1, 2**63, 254708374149, self._random.getrandbits(80)))
            case 5:
                return "".join(chr(self._random.randrange(1, 0xD800)) for _ in range(self._random.randrange(30)))
            case 6:
                return [self.value(depth + 1) for _ in range(self._random.randrange(4))]
            case 7:
                return {self._random.choice((*_KEYS, CANARY)): self.value(depth + 1) for _ in range(3)}
            case _:
                deep = self._random.choice((10, 500, 950, 30_000))
                return f"{_RAW}{'[' * deep}{']' * deep}"

    def _noise(self, owed: Owed) -> bytes:
        match self._random.randrange(4):
            case 0:
                return self._random.randbytes(self._random.randrange(400))
            case 1:
                return self._random.choice(_ALL)
            case 2:
                return _written(self.value(), ascii_only=False)
            case _:
                return _written({"Body": {"stkCallback": self.value()}}, ascii_only=True)


def _places(data: Json) -> "list[tuple[Json, Json]]":
    """Every holder and key in it."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in inside for place in ((data, key), *_places(value))] or [({"": None}, "")]


def _holds(holder: Json, key: Json) -> bool:
    return key in holder if isinstance(holder, dict) else key < len(holder)


def _written(data: Json, *, ascii_only: bool) -> bytes:
    text = json.dumps(data, ensure_ascii=ascii_only)
    return re.sub(f'"{_RAW}([^"]*)"', r"\1", text).encode(errors="surrogatepass")


def _flip(body: bytes, random: Random) -> bytes:
    if not body:
        return body
    at = random.randrange(len(body))
    return body[:at] + bytes([body[at] ^ 1 << random.randrange(8)]) + body[at + 1 :]


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body) + 1)]


def _splice(body: bytes, random: Random) -> bytes:
    other = random.choice(_ALL)
    return body[: random.randrange(len(body) + 1)] + other[random.randrange(len(other)) :]


def _stutter(body: bytes, random: Random) -> bytes:
    first, last = sorted(random.choices(range(len(body) + 1), k=2))
    return body[:last] + body[first:]


def _insert(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    return body[:at] + random.choice((random.randbytes(3), b"\0", b"\xff", CANARY.encode(), b'"', b"{")) + body[at:]


def _second_key(body: bytes, random: Random) -> bytes:
    """The same key twice in one object, with another value."""
    key = random.choice(_KEYS).encode()
    return body.replace(
        b'"' + key + b'"', b'"' + key + b'": ' + random.choice((b"0", b'"0"', b"{}")) + b', "' + key + b'"'
    )


def _digit(body: bytes, random: Random) -> bytes:
    """Another digit somewhere: numbers that are only just wrong."""
    places = [at for at, byte in enumerate(body[:2_000]) if chr(byte).isdigit()]
    if not places:
        return body
    at = random.choice(places)
    return body[:at] + str(random.randrange(10)).encode() + body[at + 1 :]


def _other_encoding(body: bytes, random: Random) -> bytes:
    name = random.choice(("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-7"))
    return body.decode(errors="replace").encode(name)


def _long(body: bytes, random: Random) -> bytes:
    return body + random.choice((b" ", b"\0", b"7", b"x", b"ws_CO_1")) * random.choice((100, 5_000, 60_000))


_DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _flip, _cut, _splice, _stutter, _insert, _second_key, _digit, _digit, _other_encoding, _long,
)  # fmt: skip


def is_evidence(body: bytes, owed: Owed, holders: dict[str, int]) -> bool:
    """Rule 8a, read a second time and by itself: what must be true of a body that brings a grant.

    Args:
        holders: the payment that holds each receipt code.
    """
    try:
        stk = json.loads(body.decode("utf-8-sig"), parse_float=_decimal)["Body"]["stkCallback"]
        items = [item for item in stk["CallbackMetadata"]["Item"] if isinstance(item, dict) and "Value" in item]
        amounts = {Decimal(item["Value"]) for item in items if item.get("Name") == "Amount"}
        [receipt] = {item["Value"].strip().upper() for item in items if item.get("Name") == "MpesaReceiptNumber"}
        return (
            type(stk["ResultCode"]) in (int, str)
            and str(stk["ResultCode"]).strip() == "0"
            and stk["MerchantRequestID"].strip() == owed.merchant
            and stk["CheckoutRequestID"].strip() == owed.checkout
            and amounts == {owed.amount}
            and re.fullmatch("[A-Z0-9]{8,20}", receipt) is not None
            and holders.get(receipt, owed.id) == owed.id
        )
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _decimal(text: str) -> Decimal | None:
    """None for a number beyond any: it may stand where nobody looks."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return None
