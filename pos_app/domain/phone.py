"""Kenyan mobile numbers.

Stored and sent as an MSISDN: twelve digits, `254` and then nine that start with 7 or 1 (Daraja, M-PESA Express:
PartyA). Prefixes tell the network only as a hint, since numbers are ported; they never refuse a number.
"""

import re

from pos_app.errors import BadInput

_MSISDN = re.compile(r"254[17][0-9]{8}")
_FULL_NUMBER = re.compile(r"(?<![0-9])(?:254|0)?([17][0-9]{8})(?![0-9])")
_CHECKOUT_TAIL = re.compile(r"(ws_CO_[0-9]{8,})([0-9]{9})(?![0-9])")

# Longest prefix first. From libphonenumber 9.0.43; Safaricom, Airtel and Telkom only.
_NETWORKS = (
    ("744", ""),
    ("747", ""),
    *((prefix, "Safaricom") for prefix in ("757", "758", "759", "768", "769")),
    *((prefix, "Airtel") for prefix in ("750", "751", "752", "753", "754", "755", "756", "760", "762", "763")),
    *((prefix, "Airtel") for prefix in ("764", "765", "766", "767", "135", "136", "137", "138", "139")),
    ("761", "Telkom"),
    ("120", "Telkom"),
    *((prefix, "Safaricom") for prefix in ("70", "71", "72", "74", "79", "11", "14", "18")),
    *((prefix, "Airtel") for prefix in ("73", "78", "10")),
    ("77", "Telkom"),
)


def parse_phone(text: str) -> str:
    """Read a phone number as a person types it and give the MSISDN `254XXXXXXXXX`.

    Takes 07.., 01.., 7.., 1.., 254.. and +254.., with spaces, dashes, dots and brackets.

    Raises:
        BadInput: not a Kenyan mobile number. The text names what is wrong, not the number.
    """
    compact = re.sub(r"[\s\-.()]", "", text).removeprefix("+")
    if not re.fullmatch("[0-9]+", compact):
        raise BadInput("A phone number has digits only, for example 0712 345 678. Nothing was sent.")
    national = _national(compact)
    if len(national) < 9:
        raise BadInput(f"That number is not complete: {9 - len(national)} more to type. Nothing was sent.")
    msisdn = "254" + national
    if not _MSISDN.fullmatch(msisdn):
        raise BadInput(
            "That is not a Kenyan mobile number: those start with 07 or 01 and have 10 digits. Nothing was sent."
        )
    return msisdn


def _national(digits: str) -> str:
    """The part after the country code or the leading zero; no Kenyan mobile number begins with 254 without it."""
    return digits[3:] if digits.startswith("254") else digits.removeprefix("0")


def local(msisdn: str) -> str:
    """`0712345678` for `254712345678`."""
    return "0" + msisdn[3:]


def group(text: str) -> str:
    """Group what is being typed: `0712 345 678`, `+254 712 345 678`; letters are left out."""
    plus = "+" if text.lstrip().startswith("+") else ""
    digits = re.sub("[^0-9]", "", text)
    if digits.startswith("254"):
        first, rest = 3, digits[:12]
    else:
        first, rest = (4, digits[:10]) if digits.startswith("0") else (3, digits[:9])
    parts = [rest[:first], *(rest[i : i + 3] for i in range(first, len(rest), 3))]
    return plus + " ".join(part for part in parts if part)


def mask(msisdn: str, hidden: str = "•••") -> str:
    """`0712 ••• 678`: enough to recognise a customer at the counter, not enough to call one."""
    number = local(msisdn)
    return f"{number[:4]} {hidden} {number[-3:]}"


def mask_in(text: str) -> str:
    """Hide every full phone number in a text, and the nine payer's digits that end a CheckoutRequestID."""
    text = _CHECKOUT_TAIL.sub(r"\1•••", text)
    return _FULL_NUMBER.sub(lambda found: f"{found[1][:3]}•••{found[1][-3:]}", text)


def network(msisdn: str) -> str | None:
    """The network that the number's prefix was given to, or None when we do not know it."""
    for prefix, name in _NETWORKS:
        if msisdn[3:].startswith(prefix):
            return name or None
    return None
