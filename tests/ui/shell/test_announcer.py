"""What becomes of payments is told to screen readers: once, in the till's words, whichever panel is shown."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer

from pos_app.domain.payment import Payment
from pos_app.domain.payment_event import NotSent, Result, Unanswered
from tests.ui.accessible import ASSERTIVE, POLITE, ScreenReader, screen_reader
from tests.ui.counter import Counter
from tests.ui.parts import part

PRACTICE = " Practice, not real money."
ALICE, BRIAN = "0712345678", "0722000903"


@pytest.fixture
def reader() -> Iterator[ScreenReader]:
    with screen_reader() as listening:
        yield listening


def until_quiet(counter: Counter) -> None:
    """Everything that is to be said was said."""
    timer = part(counter.window, QTimer, "announceTimer")
    counter.qtbot.waitUntil(lambda: not timer.isActive())


def said(reader: ScreenReader) -> str:
    return " ".join(reader.words)


def test_each_state_of_a_charge_is_said_once_and_paid_interrupts(counter: Counter, reader: ScreenReader) -> None:
    payment = counter.ask("2", ALICE)
    counter.qtbot.waitUntil(lambda: "Waiting" in said(reader))
    assert said(reader).replace(PRACTICE, "") == (
        "Sending request. KES 250, Week pass, phone ending 678. "
        "Waiting for customer's PIN. KES 250, Week pass, phone ending 678."
    )
    assert {one.politeness for one in reader.heard} == {POLITE}
    assert {one.speaker for one in reader.heard} == {counter.window}
    reader.heard.clear()
    counter.hear(payment, Result.SUCCESS)
    counter.hear(payment, Result.SUCCESS)  # told again, and nothing is new
    counter.qtbot.waitUntil(lambda: bool(reader.heard))
    until_quiet(counter)
    assert [(one.words, one.politeness) for one in reader.heard] == [
        (f"Paid. KES 250, Week pass, phone ending 678.{PRACTICE}", ASSERTIVE)
    ]


@pytest.mark.parametrize(
    ("result", "code", "words"),
    [
        (Result.CANCELLED, "1032", "Not paid: customer cancelled."),
        (Result.DECLINED, "2001", "Not paid: wrong PIN."),
        (Result.EXPIRED, "1037", "Not paid: no answer."),
    ],
)
def test_a_payment_that_is_not_on_the_panel_is_said_too_and_waits_its_turn(
    counter: Counter, reader: ScreenReader, result: Result, code: str, words: str
) -> None:
    payment = counter.ask("2", ALICE)
    counter.next_customer()
    counter.write(BRIAN)
    counter.window.go("payments")
    until_quiet(counter)
    reader.heard.clear()
    counter.hear(payment, result, code)
    counter.qtbot.waitUntil(lambda: bool(reader.heard))
    assert [(one.words, one.politeness) for one in reader.heard] == [
        (f"{words} KES 250, Week pass, phone ending 678.{PRACTICE}", POLITE)
    ]


def test_what_an_earlier_run_left_open_is_said_when_it_changes_and_not_before(
    counter: Counter, reader: ScreenReader
) -> None:
    till = counter.harness.till
    payment = counter.ask("2", ALICE)
    until_quiet(counter)
    reader.heard.clear()
    till.ledger.publish(payment)  # as when its next question is due, or its panel is read anew
    counter.page.active.load()
    counter.hear(payment, Result.EXPIRED, "1037")
    counter.hear(payment, Result.EXPIRED, "1037")
    counter.hear(payment, Result.SUCCESS)
    counter.qtbot.waitUntil(lambda: "Paid late." in said(reader))
    until_quiet(counter)
    assert [said(reader).count(words) for words in ("Waiting", "no answer", "Paid late.")] == [0, 1, 1]


def test_what_comes_at_once_is_said_together_paid_first(counter: Counter, reader: ScreenReader) -> None:
    first, second = counter.ask("2", ALICE), next_ask(counter)
    until_quiet(counter)
    reader.heard.clear()
    told = [counter.tell(first, Result.CANCELLED, "1032"), counter.tell(second, Result.SUCCESS)]
    for one in told:
        one.result()
    counter.qtbot.waitUntil(lambda: bool(reader.heard))
    assert [(one.words, one.politeness) for one in reader.heard] == [
        (
            "Paid. KES 30, Tea, phone ending 903. "
            f"Not paid: customer cancelled. KES 250, Week pass, phone ending 678.{PRACTICE}",
            ASSERTIVE,
        )
    ]


def next_ask(counter: Counter) -> Payment:
    counter.next_customer()
    return counter.ask("4", BRIAN)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Unanswered(), "Not sure yet - do not send again."),
        (NotSent("unreachable"), "Not sent."),
    ],
)
def test_a_push_that_fails_is_said_politely(
    counter: Counter, reader: ScreenReader, answer: Unanswered | NotSent, words: str
) -> None:
    counter.harness.gateway.push_answers.append(answer)
    counter.ask("2", ALICE)
    counter.qtbot.waitUntil(lambda: words in said(reader))
    until_quiet(counter)
    assert said(reader).count(words) == 1
    assert {one.politeness for one in reader.heard} == {POLITE}
