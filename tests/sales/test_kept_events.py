"""Events as one line of text."""

import json
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from pos_app.domain import payment_event
from pos_app.domain.payment import CallbackAddress, PaymentId, PaymentKey
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    CodeTaken,
    Interrupted,
    ManualSettlement,
    NoAnswer,
    NotSent,
    PaymentEvent,
    Result,
    Settlement,
    Silence,
    Unanswered,
    UnreadableCallback,
)
from pos_app.sales.kept_events import KeptEvent, for_a_person, read_line, worth_keeping
from tests.support.fakes import PHONE, START


def sample(hint: Any, name: str) -> object:
    """A value that a field of this type may have."""
    for kind in get_args(hint) or (hint,):
        if kind is Decimal:
            return Decimal("250.50")
        if kind is datetime:
            return datetime(2026, 11, 23, 9, 30, 1, 250, tzinfo=UTC)
        if kind is bool:
            return True
        if kind is int:
            return 7
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return next(iter(kind))
    return f"{name} \N{HOT BEVERAGE}\n"


KINDS = [
    kind
    for kind in vars(payment_event).values()
    if isinstance(kind, type) and issubclass(kind, PaymentEvent) and kind is not PaymentEvent
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("full", [True, False])
def test_every_event_comes_back_as_it_was(kind: Any, full: bool) -> None:
    hints = get_type_hints(kind)
    wanted = [field for field in fields(kind) if full or field.default is MISSING]
    event = kind(**{field.name: sample(hints[field.name], field.name) for field in wanted})
    kept = KeptEvent(at=START, key=PaymentId(42), number="A-20261123-0042", event=event, body="{}", person="ValueError")
    line = kept.line()
    assert "\n" not in line
    assert line.isascii()
    assert read_line(line) == kept


# Lines as version 0.1.0 wrote them before events had their present names.
OLD: dict[str, PaymentEvent] = {
    '"news": "Accepted", "says": {"merchant_request_id": null, "checkout_request_id": "c"}': Accepted(None, "c"),
    '"news": "NotSent", "says": {"reason": "unreachable", "detail": null}': NotSent("unreachable"),
    '"news": "Unanswered", "says": {"detail": "HTTP 503"}': Unanswered(detail="HTTP 503"),
    '"news": "Callback", "says": {"result": "success", "code": "0", "merchant_request_id": "m", "checkout_request_id": '
    '"c", "amount": "250.50", "receipt": "UKN4X7Q2ZT", "phone": "254708374149", "detail": "10.0.0.1"}': Callback(
        Result.SUCCESS, "0", "m", "c", Decimal("250.50"), "UKN4X7Q2ZT", PHONE, detail="10.0.0.1"
    ),
    '"news": "UnreadableCallback", "says": {"detail": "no JSON"}': UnreadableCallback(detail="no JSON"),
    '"news": "Answer", "says": {"result": "cancelled", "code": "1032", "checkout_request_id": "c"}': Answer(
        Result.CANCELLED, "1032", "c"
    ),
    '"news": "NoAnswer", "says": {"detail": "x", "reached": true}': NoAnswer(detail="x", reached=True),
    '"news": "Silence", "says": {}': Silence(),
    '"news": "Interrupted", "says": {}': Interrupted(),
    '"news": "OwnerWord", "says": {"ruling": "paid", "detail": "seen", "receipt": "UKN4X7Q2ZT", "amount": 99, '
    '"completed_at": "2026-11-23T09:30:00+00:00", "version": 3}': ManualSettlement(
        Settlement.PAID, "UKN4X7Q2ZT", 99, datetime(2026, 11, 23, 9, 30, tzinfo=UTC), 3, detail="seen"
    ),
    '"news": "CodeTaken", "says": {"detail": "A-20261123-0043"}': CodeTaken(detail="A-20261123-0043"),
}


@pytest.mark.parametrize(("written", "event"), OLD.items(), ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(("key", "is_key"), [("42", PaymentId(42)), ('"abc"', CallbackAddress("abc"))])
def test_what_older_versions_kept_is_read_and_written_as_before(
    written: str, event: PaymentEvent, key: str, is_key: PaymentKey
) -> None:
    line = f'{{{written}, "at": "2026-11-23T09:30:00+00:00", "key": {key}, "number": null, "body": null, "person": ""}}'
    kept = read_line(line)
    assert (kept.event, kept.key) == (event, is_key)
    says, again = json.loads(line), json.loads(kept.line())
    assert {**again, "says": {"detail": None, **again["says"]}} == {**says, "says": {"detail": None, **says["says"]}}


@pytest.mark.parametrize("line", ["", "{", "[]", "7", '{"news": "Callback"}', "[" * 100_000, "9" * 10_000])
def test_a_line_that_is_no_event_is_told(line: str) -> None:
    with pytest.raises(ValueError, match="no event"):
        read_line(line)


def test_what_the_next_start_learns_by_itself_is_not_kept() -> None:
    worthless: list[PaymentEvent] = [
        NoAnswer(detail="x"),
        Silence(),
        Interrupted(),
        Answer(Result.PENDING, "4999", "c"),
    ]
    worth: list[PaymentEvent] = [
        Answer(Result.SUCCESS, "0", "c"),
        Callback(Result.PENDING, "4999"),
        Unanswered(detail="x"),
    ]
    assert [worth_keeping(event) for event in worthless] == [False] * 4
    assert [worth_keeping(event) for event in worth] == [True] * 3


def test_a_payment_is_named_by_its_number() -> None:
    event = Callback(Result.SUCCESS, "0", phone=PHONE)
    assert KeptEvent(at=START, key=PaymentId(42), number="A-20261123-0042", event=event).payment == "A-20261123-0042"
    assert KeptEvent(at=START, key=PaymentId(42), number=None, event=event).payment == "number 42"
    assert KeptEvent(at=START, key=CallbackAddress("a" * 64), number=None, event=event).payment == "unknown"


def kept_line(event: PaymentEvent) -> str:
    return KeptEvent(at=START, key=PaymentId(42), number=None, event=event).line()


def test_a_line_is_marked_for_a_person() -> None:
    assert read_line(for_a_person(kept_line(Silence()), "ValueError")).person == "ValueError"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"news": "Callback"',
        json.dumps({"news": "Silence", "at": START.isoformat(), "key": None, "number": None, "says": {}}),
        json.dumps({"news": "Nobody", "at": START.isoformat(), "key": 1, "number": None, "says": {}}),
        kept_line(Callback(Result.SUCCESS, "0")).replace("success", "done"),
        kept_line(Silence()).replace('"says": {}', '"says": {"x": 1}'),
    ],
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no event"):
        read_line(line)
