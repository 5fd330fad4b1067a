"""The journal in human words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.note import Note
from pos_app.domain.payment import JournalLine, Outcome, Payment, Remark, State
from pos_app.domain.payment_line import Grant
from pos_app.messages.payment_history import Step, day_in_common, step_note, steps
from tests.conftest import NOW
from tests.support.builders import a_line, a_post

Make = Callable[..., Payment]


def line(
    source: str, kind: str, *, before: State = State.PROMPTED, after: State | None = None, **more: Any
) -> JournalLine:
    more.setdefault("outcome", Outcome.APPLIED)
    more.setdefault("at", NOW)
    return JournalLine(source=source, kind=kind, before=before, after=after or before, **more)


def told(payment: Payment, *lines: JournalLine) -> list[tuple[str, str, bool]]:
    """Title, note and whether it is muted, without what every payment begins with."""
    return [(step.title, step.note, step.muted) for step in steps(payment, lines)[1:]]


def test_a_basket_begins_with_all_its_lines_and_grants_each(make_payment: Make) -> None:
    week = Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=7))
    lines = (a_line(a_post(id=4, title="Tea", price=30, days=0), 2), a_line(a_post(title="Week"), grant=week))
    payment = make_payment(state=State.PAID, amount=160, lines=lines)
    first, *others = steps(payment, [line("callback", "result", code="0", after=State.PAID)])
    assert first.note == "A-20261123-0042 · 2 x Tea at KES 30, 1 x Week at KES 100"
    assert [(step.title, step.note) for step in others[1:]] == [("Access given", "Week until 30 Nov 2026 14:03")]


def test_it_begins_with_who_charged_where_the_shop_has_operators(make_payment: Make) -> None:
    assert steps(make_payment(operator="Amina"), [])[0].note == "A-20261123-0042, by Amina"
    assert steps(make_payment(), [])[0].note == "A-20261123-0042"


def test_a_payment_that_went_well(make_payment: Make) -> None:
    grant = Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=7))
    payment = make_payment(state=State.PAID, grant=grant)
    accepted = line(
        "push", "accepted", before=State.REQUESTED, after=State.PROMPTED, at=payment.created_at + timedelta(seconds=0.9)
    )
    history = steps(
        payment,
        [accepted, line("callback", "result", code="0", after=State.PAID), line("till", "printed", before=State.PAID)],
    )

    assert [step.title for step in history] == [
        "Saved",
        "Sent to M-PESA",
        "Prompt on the phone",
        "M-PESA says paid",
        "Access given",
        "Receipt printed",
    ]
    assert [step_note(step, payment.created_at) for step in history] == [
        "14:02:46 · A-20261123-0042",
        "14:02:46 · answered in 0.9 s",
        "14:02:46",
        "14:03:00 · M-PESA told us",
        "14:03:00 · until 30 Nov 2026 14:03",
        "14:03:00",
    ]
    assert not any(step.muted for step in history)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            line("push", "no answer", after=State.UNKNOWN),
            ("Sent to M-PESA", "no answer: money may or may not have moved", False),
        ),
        (
            line("push", "not sent", code="unreachable", after=State.NOT_SENT),
            ("Not sent", "we could not reach M-PESA", False),
        ),
        (line("query", "result", code="4999", outcome=Outcome.IGNORED), ("Checked with M-PESA", "no result yet", True)),
        (line("query", "no answer", outcome=Outcome.IGNORED), ("Checked with M-PESA", "no answer", True)),
        (line("query", "result", code="0", after=State.UNKNOWN), ("M-PESA says paid", "we checked with M-PESA", False)),
        (
            line("callback", "result", code="1032", after=State.CANCELLED),
            ("M-PESA says not paid", "customer cancelled · M-PESA told us", False),
        ),
        (
            line("callback", "result", code="1032", before=State.PAID, outcome=Outcome.CONFLICT),
            ("M-PESA says not paid: that does not fit", "M-PESA told us · changes nothing", True),
        ),
        (
            line("callback", "result", code="0", before=State.PAID, outcome=Outcome.DUPLICATE),
            ("M-PESA says paid again", "M-PESA told us", True),
        ),
        (line("callback", "unreadable"), ("Something unreadable came", "M-PESA told us", True)),
        (
            line("clock", "no word", after=State.UNKNOWN),
            ("No answer from M-PESA", "not sure yet: we keep checking", False),
        ),
        (line("till", "restarted", after=State.UNKNOWN), ("The till stopped", "before M-PESA answered", False)),
        (line("till", "code typed"), ("Code typed from the SMS", "not proof", False)),
        (
            line("push", "accepted", outcome=Outcome.IGNORED),
            ("M-PESA's answer to the request", "came after the result", True),
        ),
        (line("owner", "settled", code="paid"), ("The owner settled it: paid", "", False)),
        (line("owner", "settled", code="closed"), ("The owner closed it", "", False)),
        (line("owner", "settled"), ("The owner decided", "", False)),
        (line("relay", "came again"), ("Came again", "relay", False)),
        (
            line("callback", "result", code="777", after=State.DECLINED),
            ("M-PESA says not paid", "code 777 · M-PESA told us", False),
        ),
    ],
)
def test_words(make_payment: Make, entry: JournalLine, words: tuple[str, str, bool]) -> None:
    assert told(make_payment(), entry) == [words]


def test_what_repeats_itself_stands_once_with_a_count(make_payment: Make) -> None:
    asked = line("query", "result", code="4999", outcome=Outcome.IGNORED)
    history = steps(make_payment(), [asked, asked, asked])

    assert len(history) == 2
    assert step_note(history[1], NOW) == "14:03:00 · no result yet · 3 times"


def test_review_and_refund_are_told(make_payment: Make) -> None:
    review = line("callback", "result", code="0", after=State.REVIEW)
    assert told(make_payment(state=State.REVIEW), review)[-1][0] == "Needs checking"

    grant = Grant(granted_at=NOW, access=False, until=None)
    double = make_payment(state=State.PAID, grant=grant, remarks=frozenset({Remark.DOUBLE}))
    assert told(double, line("query", "result", code="0", after=State.PAID))[-1][0] == "Paid twice: refund due"


def test_what_the_owner_took_from_the_statement_is_told(make_payment: Make) -> None:
    paid = make_payment(
        state=State.PAID, amount_paid=249, grant=Grant(granted_at=NOW, access=True, until=NOW + timedelta(days=14),
        starts_at=NOW + timedelta(days=7)),
    )  # fmt: skip
    typed = "UKN9X7Q2ZA · KES 249 · 23 Nov 2026 14:01"
    settled = line("owner", "settled", code="paid", after=State.PAID, detail="seen", body=typed)
    assert told(paid, settled)[-3:] == [
        ("The owner settled it: paid", f"seen · {typed}", False),
        ("KES 249 paid", "asked were KES 250", False),
        ("Access given", "from 30 Nov 2026 14:03 until 7 Dec 2026 14:03", False),
    ]


def test_a_double_that_was_meant_got_its_access_then(make_payment: Make) -> None:
    remarks = frozenset({Remark.DOUBLE, Remark.BOTH_MEANT})
    later = NOW + timedelta(days=1)
    payment = make_payment(state=State.PAID, remarks=remarks, grant=Grant(granted_at=later, access=True, until=None))
    paid = line("callback", "result", code="0", after=State.PAID)
    meant = line("owner", "settled", code="both_meant", before=State.PAID, after=State.PAID, detail="two", at=later)
    titles = [step.title for step in steps(payment, [paid, meant])]
    assert titles[-3:] == ["Paid twice: refund due", "The owner says: both were meant", "Access given"]


def test_a_code_that_went_to_another_payment_is_told(make_payment: Make) -> None:
    lost = line(
        "till", "code lost", outcome=Outcome.CONFLICT, before=State.PAID, after=State.PAID, detail="M-PESA gave it to B"
    )
    assert told(make_payment(state=State.PAID), lost)[-1][1] == "M-PESA gave it to B"


def test_access_for_ever_and_none(make_payment: Make) -> None:
    paid = line("query", "result", code="0", after=State.PAID)
    ever = make_payment(state=State.PAID, grant=Grant(granted_at=NOW, access=True, until=None))
    none = make_payment(state=State.PAID, grant=Grant(granted_at=NOW, access=False, until=None))

    assert told(ever, paid)[-1][:2] == ("Access given", "for ever")
    assert told(none, paid)[-1][0] == "M-PESA says paid"


def test_another_day_is_named() -> None:
    assert step_note(Step("Receipt printed", NOW + timedelta(days=1)), NOW) == "24 Nov 14:03:00"


def test_where_one_step_has_a_day_all_have() -> None:
    saved, printed = Step("Saved", NOW), Step("Receipt printed", NOW + timedelta(days=1))
    assert day_in_common([saved], NOW) == NOW
    assert day_in_common([saved, printed], NOW) is None
    assert step_note(saved, None) == "23 Nov 14:03:00"


def test_what_came_too_often_is_said_once(make_payment: Make) -> None:
    more = line("callback", "more of a kind", outcome=Outcome.IGNORED, detail="79 more, counted and not kept")
    assert told(make_payment(), more) == [
        ("More of the same at this payment's address", "79 more, counted and not kept", True)
    ]


def test_money_back_is_told_with_what_the_owner_typed(make_payment: Make) -> None:
    paid = make_payment(state=State.PAID)
    back = line(
        "owner", "refunded", before=State.PAID, code="withdrawn", detail="wrong room", body="UKR0000001 · KES 50"
    )
    left = line(
        "owner", "refunded", before=State.PAID, code="left", outcome=Outcome.IGNORED, body="UKR0000001 · KES 50"
    )
    assert told(paid, back, left) == [
        ("Money went back", "UKR0000001 · KES 50 · wrong room · access withdrawn", False),
        ("A refund that does not count", "UKR0000001 · KES 50", True),
    ]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("access moved", "Access moved forward"),
        ("access withdrawn", "Access withdrawn by hand"),
        ("refund code lost", "The code typed for the refund is a payment's"),
        ("refund printed", "Refund slip printed"),
    ],
)
def test_what_the_till_does_about_a_refund_is_told(make_payment: Make, kind: str, title: str) -> None:
    [(said, _, muted)] = told(make_payment(state=State.PAID), line("till", kind, before=State.PAID))
    assert (said, muted) == (title, False)


def test_access_that_was_withdrawn_was_given_all_the_same(make_payment: Make) -> None:
    until = NOW + timedelta(days=7)
    grant = Grant(granted_at=NOW, access=False, until=until, starts_at=NOW, withdrawn_at=NOW + timedelta(hours=1))
    steps_told = told(make_payment(state=State.PAID, grant=grant), line("query", "result", code="0", after=State.PAID))
    assert steps_told[-1] == ("Access given", "until 30 Nov 2026 14:03", False)


def test_what_people_wrote_stands_behind_what_had_happened_by_then(make_payment: Make) -> None:
    payment = make_payment(state=State.PAID)
    paid = line("callback", "result", code="0", after=State.PAID, at=NOW + timedelta(minutes=2))
    notes = [
        Note(at=NOW - timedelta(days=1), text="by a clock that was wrong"),
        Note(at=NOW + timedelta(minutes=1), text="Phone is off", operator="Amina"),
        Note(at=NOW + timedelta(minutes=1), text="Came back"),
        Note(at=NOW + timedelta(minutes=3), text=""),
    ]
    told = [(step.title, step.note, step.muted) for step in steps(payment, [paid], notes)]
    assert told == [
        ("Note", "by a clock that was wrong", False),
        ("Saved", "A-20261123-0042", False),
        ("Note by Amina", "Phone is off", False),
        ("Note", "Came back", False),
        ("M-PESA says paid", "M-PESA told us", False),
        ("Note", "its words were taken away when the customer was erased", True),
    ]
