"""Kenyan mobile numbers.

Stored and sent as an MSISDN: twelve digits, `254` and then nine that start with 7 or 1 (Daraja, M-PESA Express:
PartyA). Prefixes tell the network only as a hint, since numbers are ported; they never refuse a number.

Where a customer was erased (rule 21), what stands in its place is no number, and has its last three digits at the end.
"""

import re
import unicodedata
from typing import NewType

from pos_app.domain.typed_line import with_our_digits
from pos_app.errors import BadInput

Msisdn = NewType("Msisdn", str)  # `254XXXXXXXXX`; only `parse_phone` makes one

_DIGITS = re.compile("[0-9]+")
_RECEIPT_CODE = re.compile("(?=(?:[0-9]*[A-Za-z]){3})(?=[A-Za-z]*[0-9])[A-Za-z0-9]{10}")  # a slip has fewer letters
_LAST = re.compile("[0-9]{4}")
_LAST_SO_FAR = re.compile("[0-9]{1,4}")
_BEGINNING = re.compile(r"\+?254[17]|0?[17]|\+?(?:2|25|254)$|0$")  # what may be typed so far; +1 and +7 are elsewhere
_DOTS_AND_SLASHES = ".\u00b7\u2024\u2027\u2219\u22c5\u3002\uff0e/\\\u2044\u2215\uff0f\u2212\u2043"  # and two dashes
_SEPARATING = frozenset({"Pd", "Ps", "Pe", "Cf"})  # dashes, brackets, marks that only direct or join
_UNSEEN = re.compile("[\u034f\u115f\u1160\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_FULL_NUMBER = re.compile(r"(?<![0-9])(?:254|0)?([17][0-9]{8})(?![0-9])")
_CHECKOUT_TAIL = re.compile(r"(ws_CO_[0-9]{8,})([0-9]{9})(?![0-9…])")
_SPELT = re.compile(r"(?<![0-9])(?:(?:\+?254|0)[ -]?)?([17](?:[ -]?[0-9]){8})(?![0-9])")
_ERASED = re.compile(r"erased(?: #[0-9]+)? …([0-9]{3})")
_LEFT = 3  # digits: what is left of a number

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


class Incomplete(BadInput):
    """What was typed so far may become a phone number."""


def compact(text: str) -> str:
    """A number's spelling without what people and programs put between its digits; all else stays as it is.

    Leaves out spaces, dashes, dots, brackets and slashes of every kind, and what cannot be seen, such as the
    direction marks that come along when a number is copied from a contact.
    """
    return "".join(character for character in text if not _separates(character))


def _separates(character: str) -> bool:
    if character.isspace() or character in _DOTS_AND_SLASHES or unicodedata.category(character) in _SEPARATING:
        return True
    return _UNSEEN.match(character) is not None


def parse_phone(text: str) -> Msisdn:
    """Read a phone number as a person types it and give the MSISDN `254XXXXXXXXX`.

    Takes 07.., 01.., 7.., 1.., 254.. and +254.., in any spelling that `compact` reads. Nothing is cut to fit.

    Raises:
        BadInput: not a Kenyan mobile number. The text names what is wrong, not the number.
        Incomplete: not yet.
    """
    number = compact(text)
    digits = number.removeprefix("+")
    if _RECEIPT_CODE.fullmatch(digits):
        raise BadInput(
            "That is an M-PESA code, not a phone number. Type it on Payments (F6), which says what to answer. "
            "Nothing was sent."
        )
    if not _DIGITS.fullmatch(digits):
        raise BadInput("A phone number has digits only, for example 0712 345 678. Nothing was sent.")
    if not _BEGINNING.match(number):
        raise BadInput(
            "That is not a Kenyan mobile number: those start with 07 or 01 and have 10 digits. Nothing was sent."
        )
    surplus = len(digits) - _length(digits)
    if surplus < 0:
        raise Incomplete(f"That number is not complete: {-surplus} more to type. Nothing was sent.")
    if surplus > 0:
        raise BadInput(f"That number has {_too_many(surplus)} Nothing was sent.")
    return Msisdn("254" + digits[-9:])


def last_digits(text: str) -> str | None:
    """The four digits, where they are all that was typed: perhaps the last ones of a number, perhaps its first."""
    digits = compact(text)
    return digits if _LAST.fullmatch(digits) else None


def may_become_last_digits(text: str) -> bool:
    """Whether what was typed so far may become the last four digits of a number, or is them."""
    return _LAST_SO_FAR.fullmatch(compact(text)) is not None


def _length(digits: str) -> int:
    """How many digits a number that begins like this has."""
    return 12 if digits.startswith("2") else 10 if digits.startswith("0") else 9


def _too_many(surplus: int) -> str:
    if surplus == 1:
        return "1 digit too many."
    return f"{surplus} digits too many" + (": is it two numbers?" if surplus >= 9 else ".")


def local(msisdn: str) -> str:
    """`0712345678` for `254712345678`; what is shown of an erased one."""
    return shown(msisdn) if is_erased(msisdn) else "0" + msisdn[3:]


def erased_phone(msisdn: str, customer_id: int) -> str:
    """What stands in the place of an erased customer's number, no two alike: `erased #17 …678`."""
    return f"erased #{customer_id} …{msisdn[-_LEFT:]}"


def is_erased(phone: str) -> bool:
    """Whether this is what is left of an erased number."""
    return _ERASED.fullmatch(phone) is not None


def shown(phone: str) -> str:
    """A number as it is stored, for whoever may see it; of an erased one `erased …678`."""
    left = _ERASED.fullmatch(phone)
    return f"erased …{left[1]}" if left else phone


def group(text: str) -> str:
    """Group what is being typed: `0712 345 678`, `+254 712 345 678`, with digits too many at the end: `0712 345 678 9`.

    What has anything but digits in it is no number, and is given back as it is.
    """
    number = compact(text)
    digits = number.removeprefix("+")
    if not _DIGITS.fullmatch(digits):
        return number if number in ("", "+") else text
    first = 4 if digits.startswith("0") else 3
    parts = [digits[:first], *(digits[i : i + 3] for i in range(first, len(digits), 3))]
    return number[: -len(digits)] + " ".join(parts)


def mask(msisdn: str, hidden: str = "•••") -> str:
    """`0712 ••• 678`: enough to recognise a customer at the counter, not enough to call one; or `erased …678`."""
    if is_erased(msisdn):
        return shown(msisdn)
    number = local(msisdn)
    return f"{number[:4]} {hidden} {number[-3:]}"


def mask_in(text: str) -> str:
    """Hide every full phone number in a text, and the nine payer's digits that end a CheckoutRequestID."""
    text = _CHECKOUT_TAIL.sub(r"\1•••", text)
    return _FULL_NUMBER.sub(lambda found: f"{found[1][:3]}•••{found[1][-3:]}", text)


def mask_spelt(text: str) -> str:
    """The same in what a person has typed, who parts digits by blanks and dashes; in the digits of any script.

    People read it again, so a number looks there as everywhere on the screen: `0712 ••• 678`.
    """
    plain = with_our_digits(text)
    masked = _SPELT.sub(lambda found: mask(f"254{compact(found[1])}"), _CHECKOUT_TAIL.sub(r"\1•••", plain))
    return text if masked == plain else masked


def without_payer(checkout_request_id: str) -> str:
    """A CheckoutRequestID without the payer's number at its end, of which the last three digits are left."""
    return _CHECKOUT_TAIL.sub(lambda found: f"{found[1]}…{found[2][-_LEFT:]}", checkout_request_id)


def network(msisdn: str) -> str | None:
    """The network that the number's prefix was given to, or None when we do not know it."""
    for prefix, name in _NETWORKS:
        if msisdn[3:].startswith(prefix):
            return name or None
    return None
