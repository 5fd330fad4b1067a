"""The one door: journal line, state and grant in one transaction; then the telling; then the answer."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import KEPT_OF_A_KIND, Change, JournalLine, Outcome, Payment, Remark, State
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    EventKind,
    Interrupted,
    NoAnswer,
    NotSent,
    PaymentEvent,
    Result,
    Silence,
    Unanswered,
    UnreadableCallback,
)
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.query_schedule import NO_WORD_AFTER, Schedule
from pos_app.sales.write_queue import GroupWriter
from tests.support.builders import (
    CHECKOUT,
    MERCHANT,
    RECEIPT,
    BreakableStore,
    Saving,
    Watch,
    accepted,
    answer,
    failure,
    flush,
    said,
    sell,
    success,
    tell,
)
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.till_harness import Shelf, open_shelf

OTHER_CHECKOUT = "ws_CO_23112026140000999712345678"


@pytest.fixture
def post(shelf: Shelf) -> Post:
    return shelf.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


@pytest.fixture
def sold(shelf: Shelf, post: Post) -> Payment:
    """A payment whose push has not been answered; its address token is `secret`."""
    return sell(shelf, post)


def arrives(shelf: Shelf, event: PaymentEvent, token: str = "secret", body: str = "{}") -> Change | None:
    """Something comes to a payment's own address."""
    return shelf.till.ledger.record_at(address_of(token), event, body).result(10)


def stored(shelf: Shelf, payment: Payment) -> Payment:
    found = shelf.till.reader.payment(payment.id)
    assert found
    return found


def rows(tmp_path: Path, table: str) -> int:
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        number: int = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return number


def test_rule_4_a_callback_finds_its_payment_by_its_address_alone(shelf: Shelf, post: Post, sold: Payment) -> None:
    sell(shelf, post, "0712345678", "another secret")
    change = arrives(shelf, success(sold))
    assert change is not None
    assert change.granted
    assert change.after == stored(shelf, sold)
    assert (change.after.id, change.after.state, change.after.receipt) == (sold.id, State.PAID, RECEIPT)


def test_rule_4_the_store_keeps_only_the_hash_of_an_address() -> None:
    assert address_of("secret") == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"


@pytest.mark.parametrize("token", ["", "wrong", "SECRET", "secret "])
def test_rule_4_an_unknown_address_records_nothing(
    shelf: Shelf, sold: Payment, tmp_path: Path, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch(shelf.till.ledger)
    assert arrives(shelf, success(sold), token) is None
    assert stored(shelf, sold) == sold
    assert rows(tmp_path, "payment_event") == rows(tmp_path, "grant") == 0
    assert watch.seen == []
    assert caplog.records == []


def test_events_about_no_payment_are_nothing(shelf: Shelf) -> None:
    assert shelf.till.ledger.record(Silence(), 99).result(10) is None


def test_rule_4_an_address_never_expires(shelf: Shelf, sold: Payment) -> None:
    tell(shelf, sold, accepted(sold), answer(replace(sold, checkout_request_id=CHECKOUT), "1037"))
    shelf.clock.advance(400 * 86_400)
    change = arrives(shelf, success(sold))
    assert change is not None
    assert (change.after.state, change.after.remarks) == (State.PAID, frozenset({Remark.LATE}))


def test_the_newest_ten_thousand_addresses_are_known_without_asking_the_store(shelf: Shelf) -> None:
    ledger = shelf.till.ledger
    for number in range(10_001):
        ledger.expect(str(number))
    assert [ledger.expects(address) for address in ("0", "1", "10000", "10001")] == [False, True, True, False]


def test_rule_5_told_after_the_commit_and_before_the_answer(shelf: Shelf, sold: Payment) -> None:
    seen: list[tuple[Payment | None, bool]] = []
    ready = threading.Event()

    def look(payment: Payment) -> None:
        assert ready.wait(10)
        seen.append((shelf.till.reader.payment(payment.id), future.done()))

    shelf.till.ledger.subscribe(look)
    future = shelf.till.ledger.record(accepted(sold), sold.id)
    ready.set()
    change = future.result(10)
    assert change is not None
    assert seen == [(change.after, False)]


def test_a_failing_subscriber_does_not_silence_the_others(
    shelf: Shelf, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Payment) -> None:
        raise RuntimeError("a subscriber's fault")

    shelf.till.ledger.subscribe(fail)
    watch = Watch(shelf.till.ledger)
    assert tell(shelf, sold, accepted(sold)).state is State.PROMPTED
    assert [payment.state for payment in watch.seen] == [State.PROMPTED]
    assert said(caplog, "pos_app.sales.ledger")[-1] == "a subscriber failed"


def test_each_event_of_a_payment_is_one_line_in_the_log(
    shelf: Shelf, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.ledger")
    paid = success(sold)
    tell(shelf, sold, Interrupted(), accepted(sold), Silence(), NoAnswer(detail="ReadTimeout"), answer(sold, "4999"))
    tell(shelf, sold, UnreadableCallback(detail="not a callback of M-PESA"), paid, paid, failure(sold, "1032"))
    assert said(caplog, "pos_app.sales.ledger") == [
        f"payment A-20261123-0001: {said}"
        for said in (
            "till restarted: requested -> unknown",
            "push accepted: unknown -> prompted",
            "clock no word: prompted -> unknown",
            "query no answer ReadTimeout: stays unknown, nothing new",
            "query result 4999: stays unknown, nothing new",
            "callback unreadable not a callback of M-PESA: stays unknown, nothing new",
            "callback result 0: unknown -> paid, granted",
            "callback result 0: stays paid, known already",
            "callback result 1032: stays paid, conflict",
        )
    ]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (NotSent("unreachable"), "push not sent unreachable: requested -> not_sent"),
        (Unanswered(detail="ReadTimeout"), "push no answer ReadTimeout: requested -> unknown"),
    ],
)
def test_a_push_that_was_not_accepted_is_one_line_too(
    shelf: Shelf, sold: Payment, caplog: pytest.LogCaptureFixture, event: PaymentEvent, words: str
) -> None:
    caplog.set_level("INFO", "pos_app.sales.ledger")
    tell(shelf, sold, event)
    assert said(caplog, "pos_app.sales.ledger") == [f"payment A-20261123-0001: {words}"]


def test_no_id_no_number_and_no_code_of_m_pesa_is_in_the_log(
    shelf: Shelf, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "pos_app")
    arrives(shelf, success(sold), body='{"from": "254712345678"}')
    assert "granted" in caplog.text
    for secret in (sold.phone, sold.phone[3:], CHECKOUT, MERCHANT, RECEIPT, "secret", "from"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("event", "source", "kind", "code", "detail"),
    [
        (Accepted(MERCHANT, CHECKOUT), "push", "accepted", None, None),
        (NotSent("unreachable", detail="400.002.02: amount"), "push", "not sent", "unreachable", "400.002.02: amount"),
        (Unanswered(detail="HTTP 503 for 254712345678"), "push", "no answer", None, "HTTP 503 for 712•••678"),
        (UnreadableCallback(detail="not a callback"), "callback", "unreadable", None, "not a callback"),
        (Answer(Result.PENDING, "4999", CHECKOUT), "query", "result", "4999", None),
        (NoAnswer(detail="ReadTimeout"), "query", "no answer", None, "ReadTimeout"),
        (Silence(), "clock", "no word", None, None),
        (Interrupted(), "till", "restarted", None, None),
    ],
)
def test_rule_5_every_event_has_its_journal_line(
    shelf: Shelf, sold: Payment, event: PaymentEvent, source: str, kind: str, code: str | None, detail: str | None
) -> None:
    after = tell(shelf, sold, event)
    (line,) = shelf.till.reader.journal(sold.id)
    assert (line.source, line.kind, line.code, line.detail, line.body) == (source, kind, code, detail, None)
    assert (line.before, line.after, line.at) == (State.REQUESTED, after.state, shelf.clock.now())


def test_rule_5_the_journal_keeps_the_body_with_its_phones_masked(shelf: Shelf, sold: Payment) -> None:
    arrives(shelf, success(sold), body='{"PhoneNumber": 254708374149, "Amount": 100}')
    (line,) = shelf.till.reader.journal(sold.id)
    assert (line.source, line.kind, line.code, line.outcome) == ("callback", "result", "0", Outcome.APPLIED)
    assert line.body == '{"PhoneNumber": 708•••149, "Amount": 100}'


def test_rule_5_a_phone_sent_as_a_result_code_is_masked_too(shelf: Shelf, sold: Payment) -> None:
    arrives(shelf, success(sold, result=Result.PENDING, result_code="254708374149"), body="{}")
    (line,) = shelf.till.reader.journal(sold.id)
    assert line.code == "708•••149"


def test_a_long_body_is_cut_but_never_through_a_number(shelf: Shelf, sold: Payment) -> None:
    arrives(shelf, success(sold), body=" " * 4_085 + "254708374149")
    arrives(shelf, success(sold), body="x" * 60_000)
    bodies = [line.body or "" for line in shelf.till.reader.journal(sold.id)]
    assert bodies[0].endswith("708•••149")
    assert len(bodies[1]) == 4_096


def test_rule_5_an_unreadable_callback_is_journalled_and_the_query_is_due_at_once(shelf: Shelf, sold: Payment) -> None:
    tell(shelf, sold, accepted(sold))
    shelf.clock.advance(5)
    change = arrives(shelf, UnreadableCallback(detail="not a callback"), body="\x00garbage")
    assert change is not None
    assert (change.after.state, change.after.next_check_at) == (State.PROMPTED, shelf.clock.now())
    line = shelf.till.reader.journal(sold.id)[-1]
    assert (line.kind, line.outcome, line.body) == ("unreadable", Outcome.IGNORED, "garbage")
    flush(shelf.till.writer)
    shelf.till.reconciler.step()
    assert shelf.gateway.queries == [CHECKOUT]


def test_what_cannot_be_asked_about_is_put_on_the_agenda_for_its_silence_only(shelf: Shelf, sold: Payment) -> None:
    """An unreadable callback before the push's answer: there is no id to ask by yet."""
    arrives(shelf, UnreadableCallback(detail="not a callback"))
    flush(shelf.till.writer)
    assert stored(shelf, sold).next_check_at is None
    assert shelf.till.reconciler.step() == NO_WORD_AFTER
    assert shelf.gateway.queries == []
    assert shelf.gateway.queries == []


def test_rule_5_accepted_after_the_callback_fills_in_nothing_but_ids(shelf: Shelf, sold: Payment) -> None:
    arrives(shelf, success(sold, merchant_request_id=None))
    paid = stored(shelf, sold)
    after = tell(shelf, sold, accepted(sold))
    assert (after.merchant_request_id, after.state, after.grant) == (MERCHANT, State.PAID, paid.grant)


def test_rule_5_a_callback_before_the_pushs_answer_brings_its_ids(shelf: Shelf, sold: Payment) -> None:
    arrives(shelf, failure(sold, "1032"))
    assert stored(shelf, sold).checkout_request_id == CHECKOUT
    before = stored(shelf, sold)
    assert tell(shelf, sold, accepted(sold)) == stored(shelf, sold) == before
    assert (before.state, before.reason.word) == (State.CANCELLED, "1032")
    assert shelf.till.reader.journal(sold.id)[-1].outcome is Outcome.DUPLICATE


def test_rule_5_a_callback_that_is_not_final_tells_by_which_id_to_ask(shelf: Shelf, sold: Payment) -> None:
    tell(shelf, sold, Unanswered(detail="ReadTimeout"))
    assert stored(shelf, sold).next_check_at is None
    arrives(shelf, failure(sold, "4999"))
    after = stored(shelf, sold)
    assert (after.state, after.checkout_request_id) == (State.UNKNOWN, CHECKOUT)
    assert after.next_check_at == shelf.clock.now() + timedelta(seconds=20)


@pytest.mark.parametrize("amount", [None, Decimal(100), Decimal(1)])
def test_rule_5_clashing_ids_and_codes_stay_in_the_journal_line(
    shelf: Shelf, post: Post, sold: Payment, amount: Decimal | None
) -> None:
    tell(shelf, sold, accepted(sold), success(sold))
    other = sell(shelf, post, "0712345678", "other")
    change = arrives(shelf, success(sold, amount=amount), "other", "the body")
    assert change is not None
    assert (change.after.state, change.granted) == (State.REVIEW, False)
    assert (change.after.checkout_request_id, change.after.receipt) == (None, None)
    (line,) = shelf.till.reader.journal(other.id)
    assert (line.body, line.after) == ("the body", State.REVIEW)


def test_rule_9_a_code_that_another_payment_has_gives_no_second_grant(
    shelf: Shelf, post: Post, sold: Payment, tmp_path: Path
) -> None:
    other = sell(shelf, post, "0712345678", "other")
    arrives(shelf, success(sold))
    arrives(shelf, success(other, checkout_request_id=OTHER_CHECKOUT), "other")
    review = stored(shelf, other)
    assert (review.state, review.reason.word, review.checkout_request_id) == (
        State.REVIEW,
        "receipt_clash",
        OTHER_CHECKOUT,
    )
    assert rows(tmp_path, "grant") == 1
    assert [payment.id for payment in shelf.till.reader.attention(10)] == [other.id]


def test_rule_8_an_acceptance_with_another_payments_id_is_not_stored(shelf: Shelf, post: Post, sold: Payment) -> None:
    tell(shelf, sold, accepted(sold))
    other = sell(shelf, post, "0712345678", "other")
    after = tell(shelf, other, accepted(sold))
    assert (after.state, after.checkout_request_id) == (State.UNKNOWN, None)
    assert shelf.till.reader.journal(other.id)[-1].outcome is Outcome.CONFLICT


def test_rule_3_a_locked_subscriber_makes_all_open_payments_of_the_phone_due(shelf: Shelf, post: Post) -> None:
    same = [sell(shelf, post, token=f"same {number}") for number in range(2)]
    closed, mute, stranger, last = (
        sell(shelf, post, token="closed"),
        sell(shelf, post, token="mute"),
        sell(shelf, post, "0712345678", "stranger"),
        sell(shelf, post, token="last"),
    )
    for number, payment in enumerate([*same, closed, stranger]):
        tell(shelf, payment, Accepted(f"m{number}", f"c{number}"))
    tell(shelf, closed, Answer(Result.CANCELLED, "1032", "c2"))
    shelf.clock.advance(3)
    watch = Watch(shelf.till.ledger)
    tell(shelf, last, NotSent("subscriber_locked"))
    now = shelf.clock.now()
    assert [stored(shelf, payment).next_check_at for payment in same] == [now, now]
    assert stored(shelf, stranger).next_check_at == now + timedelta(seconds=17)
    assert stored(shelf, closed).next_check_at is None
    assert stored(shelf, mute).next_check_at is None
    assert {payment.id for payment in watch.seen} == {last.id, *(payment.id for payment in same)}
    shelf.till.reconciler.step()
    assert shelf.gateway.queries == ["c1"]


def test_rule_13_two_paid_payments_of_one_chain_are_a_double(shelf: Shelf, post: Post, tmp_path: Path) -> None:
    first = sell(shelf, post)
    second = sell(shelf, post, token="second", retry_of=first.id)
    third = sell(shelf, post, token="third", retry_of=second.id)
    assert tell(shelf, third, success(third)).remarks == frozenset()
    late = tell(shelf, first, success(first, receipt="AAA1112223", checkout_request_id=OTHER_CHECKOUT))
    assert (late.state, late.remarks) == (State.PAID, frozenset({Remark.DOUBLE}))
    assert late.grant is not None
    assert not late.grant.access
    assert rows(tmp_path, "grant") == 2
    assert [payment.id for payment in shelf.till.reader.attention(10)] == [first.id]


def test_rule_10_a_hundred_callbacks_at_once_grant_once(shelf: Shelf, sold: Payment, tmp_path: Path) -> None:
    tell(shelf, sold, accepted(sold))
    event = success(sold)
    with ThreadPoolExecutor(16) as pool:
        changes = list(pool.map(lambda _: arrives(shelf, event), range(100)))
    assert sum(change.granted for change in changes if change) == 1
    assert rows(tmp_path, "grant") == 1
    *lines, more = shelf.till.reader.journal(sold.id)
    outcomes = [line.outcome for line in lines]
    assert (outcomes.count(Outcome.APPLIED), outcomes.count(Outcome.DUPLICATE)) == (2, KEPT_OF_A_KIND)
    assert more.detail == "79 more, counted and not kept"


def junk(number: int) -> tuple[PaymentEvent, str]:
    """One of four kinds that change nothing about a payment that waits for its PIN, no two alike."""
    foreign = Callback(Result.CANCELLED, f"R{number}", "other", f"ws_CO_{number}")
    unexplained = Callback(Result.PENDING, f"E{number}", MERCHANT, CHECKOUT)
    kinds: list[tuple[PaymentEvent, str]] = [
        (UnreadableCallback(detail="not a callback of M-PESA"), f"<{number}>" * 500),
        (replace(foreign, result_code="1032"), str(number)),
        (replace(foreign, result=Result.PENDING), str(number)),
        (unexplained, str(number)),
    ]
    return kinds[number % 4]


def test_junk_at_a_known_address_is_kept_twenty_times_of_a_kind_and_then_counted(
    shelf: Shelf, sold: Payment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pos_app.sales.ledger")
    watch = Watch(shelf.till.ledger)
    prompted = tell(shelf, sold, accepted(sold))
    told = len(watch.seen)
    for number in range(400):
        event, body = junk(number)
        arrives(shelf, event, body=body)
    lines = shelf.till.reader.journal(sold.id)
    beyond = [line for line in lines if line.event_kind is EventKind.MORE_CALLBACKS]
    kept = [line for line in lines if line.source == "callback" and line.event_kind is not EventKind.MORE_CALLBACKS]
    kinds = len(beyond)
    assert 1 < kinds <= 4
    assert len(kept) == KEPT_OF_A_KIND * kinds
    assert sum(int((line.detail or "").split()[0]) for line in beyond) == 400 - len(kept)
    assert rows(tmp_path, "payment_event") == 1 + len(kept)
    assert rows(tmp_path, "repeated") == kinds
    assert len(said(caplog, "pos_app.sales.ledger")) == 1 + len(kept) + kinds
    assert len(watch.seen) - told <= len(kept) + 1  # a window is not painted for what only counts
    assert replace(stored(shelf, sold), next_check_at=None, version=0) == replace(
        prompted, next_check_at=None, version=0
    )


def test_the_count_survives_a_restart(shelf: Shelf, sold: Payment, tmp_path: Path) -> None:
    for _ in range(25):
        arrives(shelf, UnreadableCallback(detail="x"), body="y")
    with open_shelf(tmp_path / "practice.db", shelf.clock, shelf.gateway) as again:
        for _ in range(10):
            arrives(again, UnreadableCallback(detail="x"), body="y")
        lines = again.till.reader.journal(sold.id)
        assert [line.kind for line in lines].count("unreadable") == KEPT_OF_A_KIND
        assert lines[-1].detail == "15 more, counted and not kept"


def test_a_success_is_always_recorded_however_much_came_before_and_after(shelf: Shelf, sold: Payment) -> None:
    tell(shelf, sold, accepted(sold))
    wrong = success(sold, checkout_request_id="ws_CO_other")
    for number in range(60):
        arrives(shelf, junk(4 * number)[0])
        arrives(shelf, replace(wrong, receipt=f"UKN4X7Q{number:03}"))
    assert stored(shelf, sold).state is State.REVIEW
    change = arrives(shelf, success(sold))
    assert change
    assert (change.granted, change.after.state) == (True, State.PAID)
    for _ in range(30):
        arrives(shelf, failure(sold))
    paid = stored(shelf, sold)
    assert (paid.state, paid.granted) == (State.PAID, True)
    lines = shelf.till.reader.journal(sold.id)
    assert [line.after for line in lines].count(State.PAID) >= 2
    assert [line.outcome for line in lines if line.code == "0" and line.after is State.PAID] == [Outcome.APPLIED]
    assert Remark.CONFLICT in paid.remarks


def test_the_first_of_each_kind_is_always_kept(shelf: Shelf, sold: Payment) -> None:
    """Also after a thousand of another kind: an amount that differs, ids that differ, a code of another payment."""
    tell(shelf, sold, accepted(sold), success(sold))
    for number in range(50):
        arrives(shelf, replace(success(sold), amount=Decimal(1), receipt=f"UKN4X7Q{number:03}"))
    kept = len(shelf.till.reader.journal(sold.id))
    for other in (
        success(sold, checkout_request_id="ws_CO_other"),
        success(sold, receipt="UKN4X7Q999"),
        success(sold, receipt=None),
        failure(sold),
        UnreadableCallback(detail="x"),
    ):
        arrives(shelf, other)
        kept += 1
        assert len(shelf.till.reader.journal(sold.id)) == kept


def test_junk_makes_a_question_due_only_so_often(shelf: Shelf, sold: Payment) -> None:
    planned = tell(shelf, sold, accepted(sold)).next_check_at
    assert planned
    assert planned > shelf.clock.now()
    asked: list[float] = []
    begun = shelf.clock.monotonic()
    for _ in range(300):
        before = stored(shelf, sold).next_check_at
        arrives(shelf, UnreadableCallback(detail="x"))
        due = stored(shelf, sold).next_check_at
        if due != before:
            assert due == shelf.clock.now()
            asked.append(shelf.clock.monotonic() - begun)
        shelf.clock.advance(1)
    assert asked == [0.0, 30.0, 90.0, 210.0]


def test_what_changes_the_payment_makes_a_question_due_at_once_also_after_junk(shelf: Shelf, sold: Payment) -> None:
    tell(shelf, sold, accepted(sold))
    arrives(shelf, UnreadableCallback(detail="x"))
    shelf.clock.advance(1)
    change = arrives(shelf, success(sold, checkout_request_id="ws_CO_other"))
    assert change
    assert change.after.state is State.REVIEW
    assert change.after.next_check_at == shelf.clock.now()


def test_a_hundred_thousand_posts_of_junk_leave_the_database_small(shelf: Shelf, sold: Payment, tmp_path: Path) -> None:
    """A thousand stand for them here; each would have left two kilobytes."""
    futures = [
        shelf.till.ledger.record_at(address_of("secret"), event, body) for event, body in map(junk, range(1_000))
    ]
    for future in futures:
        future.result(30)
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    assert pages * size < 400_000


def test_rule_11_events_wait_in_memory_until_they_can_be_saved(shelf: Shelf, sold: Payment) -> None:
    store = BreakableStore(shelf.database)
    saving = Saving()
    writer = GroupWriter(store, shelf.clock, saving, retry=0.001)
    ledger = Ledger(writer, shelf.clock, Schedule(reaches=lambda _: True, random=lambda: 0.5))
    watch = Watch(ledger)
    store.broken = True
    writer.start()
    futures = [ledger.record(accepted(sold), sold.id), ledger.record_at(address_of("secret"), success(sold), "{}")]
    saving.until(False)
    assert not any(future.done() for future in futures)
    assert stored(shelf, sold) == sold
    store.broken = False
    changes = [future.result(10) for future in futures]
    writer.stop()
    assert [change.after.state for change in changes if change] == [State.PROMPTED, State.PAID]
    assert [payment.state for payment in watch.seen] == [State.PROMPTED, State.PAID]
    assert stored(shelf, sold).state is State.PAID
    assert saving.told == [False, True]


# Any sequence of event, on a real database ----------------------------------------------------------------------------

BRANCHES: list[str] = [
    "accepted", "accepted_other", "not_sent", "unanswered", "unreadable", "no_answer", "silence", "interrupted",
    "paid", "paid_by_query", "paid_other_amount", "paid_other_ids", "paid_no_amount", "paid_second_receipt",
    "paid_taken_receipt", "cancelled", "expired", "pending",
]  # fmt: skip


def event_of(name: str, payment: Payment, mark: int) -> PaymentEvent:
    """An event about this payment with ids and codes that no other example uses."""
    own = replace(payment, merchant_request_id=f"m{mark}", checkout_request_id=f"c{mark}", receipt=f"R{mark:09}")
    table: dict[str, PaymentEvent] = {
        "accepted": Accepted(f"m{mark}", f"c{mark}"),
        "accepted_other": Accepted(f"m{mark}", "taken"),
        "not_sent": NotSent("unreachable"),
        "unanswered": Unanswered(detail="x"),
        "unreadable": UnreadableCallback(detail="x"),
        "no_answer": NoAnswer(detail="x"),
        "silence": Silence(),
        "interrupted": Interrupted(),
        "paid": success(own),
        "paid_by_query": answer(own),
        "paid_other_amount": success(own, amount=Decimal(7)),
        "paid_other_ids": success(own, checkout_request_id="taken"),
        "paid_no_amount": success(own, amount=None),
        "paid_second_receipt": success(own, receipt=f"S{mark:09}"),
        "paid_taken_receipt": success(own, receipt="TAKEN00000", amount=Decimal(7)),
        "cancelled": failure(own),
        "expired": failure(own, "1037"),
        "pending": failure(own, "4999"),
    }
    return table[name]


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shelf, Post, Iterator[int]]]:
    """A till for many examples; `taken` and `TAKEN00000` belong to a payment of its own."""
    with open_shelf(tmp_path_factory.mktemp("stories") / "practice.db", FakeClock(), FakeGateway()) as shelf:
        post = shelf.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
        holder = sell(shelf, post, "0712345678", "holder")
        tell(shelf, holder, success(holder, checkout_request_id="taken", receipt="TAKEN00000"))
        yield shelf, post, count(1)


@given(st.lists(st.sampled_from(BRANCHES), min_size=1, max_size=10))
@settings(max_examples=60, deadline=None)
def test_any_story_is_journalled_whole_and_grants_at_most_once(
    long_lived: tuple[Shelf, Post, Iterator[int]], story: list[str]
) -> None:
    shelf, post, marks = long_lived
    mark = next(marks)
    payment = sell(shelf, post, token=f"token {mark}")
    futures = [shelf.till.ledger.record(event_of(name, payment, mark), payment.id) for name in story]
    changes = [change for future in futures if (change := future.result(10))]
    lines: list[JournalLine] = shelf.till.reader.journal(payment.id)
    assert len(changes) == len(lines) == len(story)
    assert [line.before for line in lines[1:]] == [line.after for line in lines[:-1]]
    assert sum(change.granted for change in changes) <= 1
    end = stored(shelf, payment)
    assert end == changes[-1].after
    assert end.granted == (end.state is State.PAID)
    assert end.checkout_request_id in (None, f"c{mark}")
    assert end.receipt in (None, f"R{mark:09}", f"S{mark:09}")
    if end.next_check_at:
        assert end.checkout_request_id
    if State.PAID in (line.after for line in lines):
        assert end.state is State.PAID
        assert {"paid", "paid_by_query", "paid_second_receipt"} & set(story)


def test_a_body_with_nul_bytes_is_journalled_too(shelf: Shelf, sold: Payment) -> None:
    """PostgreSQL stores no NUL; the line must not be lost for it."""
    arrives(shelf, UnreadableCallback(detail="not a callback of M-PESA"), body="a\0b")
    assert shelf.till.reader.journal(sold.id)[-1].body == "ab"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_number_in_another_encoding_is_masked_too(shelf: Shelf, sold: Payment, encoding: str) -> None:
    """What the listener reads of it has NULs between the digits."""
    body = f'{{"PhoneNumber": {sold.phone}}}'.encode(encoding).decode(errors="replace")
    arrives(shelf, UnreadableCallback(detail="not a callback of M-PESA"), body=body)
    kept = shelf.till.reader.journal(sold.id)[-1].body or ""
    assert kept.endswith('{"PhoneNumber": 708•••149}')


@pytest.mark.parametrize("ahead", [7_200.0, -7_200.0])
def test_rule_15_access_begins_by_m_pesa_s_clock(shelf: Shelf, sold: Payment, ahead: float) -> None:
    """This computer's is two hours off; the record itself keeps the time the till showed."""
    shelf.clock.off = ahead
    tell(shelf, sold, Accepted("m1", "c1"))
    paid = tell(shelf, sold, Answer(Result.SUCCESS, "0", "c1"))
    assert paid.grant
    assert paid.days
    there = shelf.clock.now() - timedelta(seconds=ahead)
    assert paid.grant.until == there + timedelta(days=paid.days)
    assert paid.grant.granted_at == shelf.clock.now()
