"""Events as one line of text, for the file beside the database that holds what could not be saved yet.

A line has what is needed to record the event later through the one door: the payment's address or id and number, and
what M-PESA said. A body has its phones masked, as in the journal; the phone that M-PESA names as the payer stays whole,
because it is compared with the payment's. The file is for nobody but the till, and gone when it is recorded.
"""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from pos_app.domain.correction import RefundTakenBack
from pos_app.domain.payment import CallbackAddress, Payment, PaymentId, PaymentKey
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    CodeTaken,
    Interrupted,
    ManualSettlement,
    NoAnswer,
    NotSent,
    OtherRefunded,
    PaymentEvent,
    RefundCodeTaken,
    Refunded,
    Result,
    Silence,
    Unanswered,
    UnreadableCallback,
)

# As the file names them: whatever the program calls them, what an older one has left is read.
_EVENTS: dict[str, type[PaymentEvent]] = {
    "Accepted": Accepted,
    "NotSent": NotSent,
    "Unanswered": Unanswered,
    "Callback": Callback,
    "UnreadableCallback": UnreadableCallback,
    "Answer": Answer,
    "NoAnswer": NoAnswer,
    "Silence": Silence,
    "Interrupted": Interrupted,
    "OwnerWord": ManualSettlement,
    "CodeTaken": CodeTaken,
    "Refunded": Refunded,
    "RefundCodeTaken": RefundCodeTaken,
    "OtherRefunded": OtherRefunded,
    "RefundTakenBack": RefundTakenBack,
}
_LATER = ("detail", "operator_id", "role", "owner")  # fields that the first versions had not: left out while empty
_NAMES = {kind: name for name, kind in _EVENTS.items()}
_HINTS = {kind: get_type_hints(kind) for kind in _NAMES}
_FIELDS = {"result_code": "code", "refusal": "reason", "settlement": "ruling"}  # all others as they are called
_FIELDS_BACK = {stored: name for name, stored in _FIELDS.items()}
# What the next start learns by itself: it asks about every payment that has no answer.
_WORTHLESS = (NoAnswer, Silence, Interrupted)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEvent:
    """One event that waits.

    Attributes:
        at: when it came (UTC).
        key: which payment it is about: its address, which no other has. Older programs left an id, and a database put
            back meanwhile may give that to another payment.
        number: the payment's number, where it is known.
        body: as the journal would keep it.
        person: why it could not be recorded, where a person must look at it; otherwise empty.
    """

    at: datetime
    key: PaymentKey
    number: str | None
    event: PaymentEvent
    body: str | None = None
    person: str = ""

    def line(self) -> str:
        """The text, without an end of line."""
        says = {field.name: _plain(getattr(self.event, field.name)) for field in fields(self.event)}
        for name in _LATER:
            if not says.get(name, True):
                del says[name]
        return json.dumps(
            {
                "news": _NAMES[type(self.event)],
                "at": self.at.isoformat(),
                "key": self.key.id if isinstance(self.key, PaymentId) else self.key.address,
                "number": self.number,
                "says": {_FIELDS.get(name, name): value for name, value in says.items()},
                "body": self.body,
                "person": self.person,
            }
        )

    def is_about(self, payment: Payment | None) -> bool:
        """Whether a payment found by the key is the one that it came for."""
        return payment is not None and self.number in (None, payment.number)

    @property
    def of_none(self) -> bool:
        """Whether there may be no payment that it is about: one that was perhaps never saved, and surely never sent."""
        return isinstance(self.event, NotSent) and self.number is None

    @property
    def payment(self) -> str:
        """Which payment it is about, in words."""
        return self.number or (f"number {self.key.id}" if isinstance(self.key, PaymentId) else "unknown")


def worth_keeping(event: PaymentEvent) -> bool:
    """Whether the next start would not learn it by itself."""
    pending = isinstance(event, Answer) and event.result is Result.PENDING
    return not pending and not isinstance(event, _WORTHLESS)


def read_line(line: str) -> KeptEvent:
    """The event of a line.

    Raises:
        ValueError: it is none, or of another version of this program.
    """
    try:
        found = json.loads(line)
        kind = _EVENTS[found["news"]]
        said = {_FIELDS_BACK.get(stored, stored): value for stored, value in found["says"].items()}
        return KeptEvent(
            at=datetime.fromisoformat(found["at"]),
            key=_key(found["key"]),
            number=found["number"],
            event=kind(**{name: _typed(value, _HINTS[kind][name]) for name, value in said.items()}),
            body=found["body"],
            person=found["person"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError("no event") from error


def _key(stored: object) -> PaymentKey:
    if isinstance(stored, int):
        return PaymentId(stored)
    if isinstance(stored, str):
        return CallbackAddress(stored)
    raise ValueError("no key")


def for_a_person(line: str, why: str) -> str:
    """The same line, marked as needing a person."""
    return json.dumps(json.loads(line) | {"person": why})


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(value: Any, hint: Any) -> Any:
    """A value as its field has it: JSON knows no decimals, times or names of states."""
    if value is None:
        return None
    for kind in get_args(hint) or (hint,):
        if kind is datetime:
            return datetime.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, Decimal | StrEnum):
            return kind(value)
    return value
