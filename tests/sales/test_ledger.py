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
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.payment import KEPT_OF_A_KIND, Change, JournalLine, Outcome, Payment, Remark, State
from pos_app.domain.payment_event import (
    Accepted,
    Answer,
    Callback,
    EventKind,
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
    a_payment,
    accepted,
    answer,
    charge,
    failure,
    flush,
    grant_of,
    said,
    sell,
    success,
    tell,
)
from tests.support.examples import examples
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.till_harness import TillHarness, open_harness

OTHER_CHECKOUT = "ws_CO_23112026140000999712345678"


@pytest.fixture
def post(harness: TillHarness) -> Post:
    return harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))


@pytest.fixture
def sold(harness: TillHarness, post: Post) -> Payment:
    """A payment whose push has not been answered; its address token is `secret`."""
    return sell(harness, post)


def arrives(harness: TillHarness, event: PaymentEvent, token: str = "secret", body: str = "{}") -> Change | None:
    """Something comes to a payment's own address."""
    return harness.till.ledger.record_at(address_of(token), event, body).result(10)


def stored(harness: TillHarness, payment: Payment) -> Payment:
    found = harness.till.reader.payment(payment.id)
    assert found
    return found


def rows(tmp_path: Path, table: str) -> int:
    with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
        number: int = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
    return number


def test_rule_4_a_callback_finds_its_payment_by_its_address_alone(
    harness: TillHarness, post: Post, sold: Payment
) -> None:
    sell(harness, post, "0712345678", "another secret")
    change = arrives(harness, success(sold))
    assert change is not None
    assert change.granted
    assert change.after == stored(harness, sold)
    assert (change.after.id, change.after.state, change.after.receipt) == (sold.id, State.PAID, RECEIPT)


def test_rule_4_the_store_keeps_only_the_hash_of_an_address() -> None:
    assert address_of("secret") == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"


@pytest.mark.parametrize("token", ["", "wrong", "SECRET", "secret "])
def test_rule_4_an_unknown_address_records_nothing(
    harness: TillHarness, sold: Payment, tmp_path: Path, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch(harness.till.ledger)
    assert arrives(harness, success(sold), token) is None
    assert stored(harness, sold) == sold
    assert rows(tmp_path, "payment_event") == rows(tmp_path, "grant") == 0
    assert watch.seen == []
    assert caplog.records == []


def test_events_about_no_payment_are_nothing(harness: TillHarness) -> None:
    assert harness.till.ledger.record(Silence(), a_payment(id=99)).result(10) is None


def test_rule_4_an_address_never_expires(harness: TillHarness, sold: Payment) -> None:
    tell(harness, sold, accepted(sold), answer(replace(sold, checkout_request_id=CHECKOUT), "1037"))
    harness.clock.advance(400 * 86_400)
    change = arrives(harness, success(sold))
    assert change is not None
    assert (change.after.state, change.after.remarks) == (State.PAID, frozenset({Remark.LATE}))


def test_the_newest_ten_thousand_addresses_are_known_without_asking_the_store(harness: TillHarness) -> None:
    ledger = harness.till.ledger
    for number in range(10_001):
        ledger.expect(str(number))
    assert [ledger.expects(address) for address in ("0", "1", "10000", "10001")] == [False, True, True, False]


def test_rule_5_told_after_the_commit_and_before_the_answer(harness: TillHarness, sold: Payment) -> None:
    seen: list[tuple[Payment | None, bool]] = []
    ready = threading.Event()

    def look(payment: Payment) -> None:
        assert ready.wait(10)
        seen.append((harness.till.reader.payment(payment.id), future.done()))

    harness.till.ledger.subscribe(look)
    future = harness.till.ledger.record(accepted(sold), sold)
    ready.set()
    change = future.result(10)
    assert change is not None
    assert seen == [(change.after, False)]


def test_a_failing_subscriber_does_not_silence_the_others(
    harness: TillHarness, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Payment) -> None:
        raise RuntimeError("a subscriber's fault")

    harness.till.ledger.subscribe(fail)
    watch = Watch(harness.till.ledger)
    assert tell(harness, sold, accepted(sold)).state is State.PROMPTED
    assert [payment.state for payment in watch.seen] == [State.PROMPTED]
    assert said(caplog, "pos_app.sales.publisher")[-1] == "a subscriber failed"


def test_a_change_is_told_with_how_it_was_and_what_changes_nothing_is_not(
    harness: TillHarness, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[tuple[Payment | None, Payment]] = []

    def fail(_before: Payment | None, _after: Payment) -> None:
        raise RuntimeError("a watcher's fault")

    harness.till.ledger.watch_changes(fail)
    harness.till.ledger.watch_changes(lambda before, after: seen.append((before, after)))
    change = tell(harness, sold, accepted(sold)), tell(harness, sold, success(sold))
    harness.till.ledger.record(UnreadableCallback(detail="junk"), change[1]).result(10)
    harness.till.ledger.publish(change[1])
    assert seen == [(sold, change[0]), (change[0], change[1])]
    assert said(caplog, "pos_app.sales.publisher") == ["a subscriber failed"] * 2


def test_a_charge_is_told_as_new(harness: TillHarness, post: Post) -> None:
    new: list[Payment] = []
    harness.till.ledger.watch_changes(lambda before, after: new.append(after) if before is None else None)
    payment = charge(harness.till, post)
    assert [one.id for one in new] == [payment.id]


def test_each_event_of_a_payment_is_one_line_in_the_log(
    harness: TillHarness, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "pos_app.sales.ledger")
    paid = success(sold)
    tell(harness, sold, Interrupted(), accepted(sold), Silence(), NoAnswer(detail="ReadTimeout"), answer(sold, "4999"))
    tell(harness, sold, UnreadableCallback(detail="not a callback of M-PESA"), paid, paid, failure(sold, "1032"))
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
    harness: TillHarness, sold: Payment, caplog: pytest.LogCaptureFixture, event: PaymentEvent, words: str
) -> None:
    caplog.set_level("INFO", "pos_app.sales.ledger")
    tell(harness, sold, event)
    assert said(caplog, "pos_app.sales.ledger") == [f"payment A-20261123-0001: {words}"]


def test_no_id_no_number_and_no_code_of_m_pesa_is_in_the_log(
    harness: TillHarness, sold: Payment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "pos_app")
    arrives(harness, success(sold), body='{"from": "254712345678"}')
    assert "granted" in caplog.text
    for secret in (sold.phone, sold.phone[3:], CHECKOUT, MERCHANT, RECEIPT, "secret", "from"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("event", "source", "kind", "code", "detail"),
    [
        (Accepted(MERCHANT, CHECKOUT), "push", "accepted", None, None),
        (NotSent("unreachable", detail="400.002.02: amount"), "push", "not sent", "unreachable", "400.002.02: amount"),
        (Unanswered(detail="HTTP 503 for 254712345678"), "push", "no answer", None, "HTTP 503 for 0712 ••• 678"),
        (UnreadableCallback(detail="not a callback"), "callback", "unreadable", None, "not a callback"),
        (Answer(Result.PENDING, "4999", CHECKOUT), "query", "result", "4999", None),
        (NoAnswer(detail="ReadTimeout"), "query", "no answer", None, "ReadTimeout"),
        (Silence(), "clock", "no word", None, None),
        (Interrupted(), "till", "restarted", None, None),
    ],
)
def test_rule_5_every_event_has_its_journal_line(
    harness: TillHarness,
    sold: Payment,
    event: PaymentEvent,
    source: str,
    kind: str,
    code: str | None,
    detail: str | None,
) -> None:
    after = tell(harness, sold, event)
    (line,) = harness.till.reader.journal(sold.id)
    assert (line.source, line.kind, line.code, line.detail, line.body) == (source, kind, code, detail, None)
    assert (line.before, line.after, line.at) == (State.REQUESTED, after.state, harness.clock.now())


def test_rule_5_the_journal_keeps_the_body_with_its_phones_masked(harness: TillHarness, sold: Payment) -> None:
    arrives(harness, success(sold), body='{"PhoneNumber": 254708374149, "Amount": 100}')
    (line,) = harness.till.reader.journal(sold.id)
    assert (line.source, line.kind, line.code, line.outcome) == ("callback", "result", "0", Outcome.APPLIED)
    assert line.body == '{"PhoneNumber": 708•••149, "Amount": 100}'


def test_rule_5_a_phone_sent_as_a_result_code_is_masked_too(harness: TillHarness, sold: Payment) -> None:
    arrives(harness, success(sold, result=Result.PENDING, result_code="254708374149"), body="{}")
    (line,) = harness.till.reader.journal(sold.id)
    assert line.code == "708•••149"


def test_a_long_body_is_cut_but_never_through_a_number(harness: TillHarness, sold: Payment) -> None:
    arrives(harness, success(sold), body=" " * 4_085 + "254708374149")
    arrives(harness, success(sold), body="x" * 60_000)
    bodies = [line.body or "" for line in harness.till.reader.journal(sold.id)]
    assert bodies[0].endswith("708•••149")
    assert len(bodies[1]) == 4_096


def test_rule_5_an_unreadable_callback_is_journalled_and_the_query_is_due_at_once(
    harness: TillHarness, sold: Payment
) -> None:
    tell(harness, sold, accepted(sold))
    harness.clock.advance(5)
    change = arrives(harness, UnreadableCallback(detail="not a callback"), body="\x00garbage")
    assert change is not None
    assert (change.after.state, change.after.next_check_at) == (State.PROMPTED, harness.clock.now())
    line = harness.till.reader.journal(sold.id)[-1]
    assert (line.kind, line.outcome, line.body) == ("unreadable", Outcome.IGNORED, "garbage")
    flush(harness.till.writer)
    harness.till.reconciler.step()
    assert harness.gateway.queries == [CHECKOUT]


def test_what_cannot_be_asked_about_is_put_on_the_agenda_for_its_silence_only(
    harness: TillHarness, sold: Payment
) -> None:
    """An unreadable callback before the push's answer: there is no id to ask by yet."""
    arrives(harness, UnreadableCallback(detail="not a callback"))
    flush(harness.till.writer)
    assert stored(harness, sold).next_check_at is None
    assert harness.till.reconciler.step() == NO_WORD_AFTER
    assert harness.gateway.queries == []
    assert harness.gateway.queries == []


def test_rule_5_accepted_after_the_callback_fills_in_nothing_but_ids(harness: TillHarness, sold: Payment) -> None:
    arrives(harness, success(sold, merchant_request_id=None))
    paid = stored(harness, sold)
    after = tell(harness, sold, accepted(sold))
    assert (after.merchant_request_id, after.state, grant_of(after)) == (MERCHANT, State.PAID, grant_of(paid))


def test_rule_5_a_callback_before_the_pushs_answer_brings_its_ids(harness: TillHarness, sold: Payment) -> None:
    arrives(harness, failure(sold, "1032"))
    assert stored(harness, sold).checkout_request_id == CHECKOUT
    before = stored(harness, sold)
    assert tell(harness, sold, accepted(sold)) == stored(harness, sold) == before
    assert (before.state, before.reason.word) == (State.CANCELLED, "1032")
    assert harness.till.reader.journal(sold.id)[-1].outcome is Outcome.DUPLICATE


def test_rule_5_a_callback_that_is_not_final_tells_by_which_id_to_ask(harness: TillHarness, sold: Payment) -> None:
    tell(harness, sold, Unanswered(detail="ReadTimeout"))
    assert stored(harness, sold).next_check_at is None
    arrives(harness, failure(sold, "4999"))
    after = stored(harness, sold)
    assert (after.state, after.checkout_request_id) == (State.UNKNOWN, CHECKOUT)
    assert after.next_check_at == harness.clock.now() + timedelta(seconds=20)


@pytest.mark.parametrize("amount", [None, Decimal(100), Decimal(1)])
def test_rule_5_clashing_ids_and_codes_stay_in_the_journal_line(
    harness: TillHarness, post: Post, sold: Payment, amount: Decimal | None
) -> None:
    tell(harness, sold, accepted(sold), success(sold))
    other = sell(harness, post, "0712345678", "other")
    change = arrives(harness, success(sold, amount=amount), "other", "the body")
    assert change is not None
    assert (change.after.state, change.granted) == (State.REVIEW, False)
    assert (change.after.checkout_request_id, change.after.receipt) == (None, None)
    (line,) = harness.till.reader.journal(other.id)
    assert (line.body, line.after) == ("the body", State.REVIEW)


def test_rule_9_a_code_that_another_payment_has_gives_no_second_grant(
    harness: TillHarness, post: Post, sold: Payment, tmp_path: Path
) -> None:
    other = sell(harness, post, "0712345678", "other")
    arrives(harness, success(sold))
    arrives(harness, success(other, checkout_request_id=OTHER_CHECKOUT), "other")
    review = stored(harness, other)
    assert (review.state, review.reason.word, review.checkout_request_id) == (
        State.REVIEW,
        "receipt_clash",
        OTHER_CHECKOUT,
    )
    assert rows(tmp_path, "grant") == 1
    assert [payment.id for payment in harness.till.reader.attention(10)] == [other.id]


def test_rule_8_an_acceptance_with_another_payments_id_is_not_stored(
    harness: TillHarness, post: Post, sold: Payment
) -> None:
    tell(harness, sold, accepted(sold))
    other = sell(harness, post, "0712345678", "other")
    after = tell(harness, other, accepted(sold))
    assert (after.state, after.checkout_request_id) == (State.UNKNOWN, None)
    assert harness.till.reader.journal(other.id)[-1].outcome is Outcome.CONFLICT


def test_rule_3_a_locked_subscriber_makes_all_open_payments_of_the_phone_due(harness: TillHarness, post: Post) -> None:
    same = [sell(harness, post, token=f"same {number}") for number in range(2)]
    closed, mute, stranger, last = (
        sell(harness, post, token="closed"),
        sell(harness, post, token="mute"),
        sell(harness, post, "0712345678", "stranger"),
        sell(harness, post, token="last"),
    )
    for number, payment in enumerate([*same, closed, stranger]):
        tell(harness, payment, Accepted(f"m{number}", f"c{number}"))
    tell(harness, closed, Answer(Result.CANCELLED, "1032", "c2"))
    harness.clock.advance(3)
    watch = Watch(harness.till.ledger)
    tell(harness, last, NotSent("subscriber_locked"))
    now = harness.clock.now()
    assert [stored(harness, payment).next_check_at for payment in same] == [now, now]
    assert stored(harness, stranger).next_check_at == now + timedelta(seconds=17)
    assert stored(harness, closed).next_check_at is None
    assert stored(harness, mute).next_check_at is None
    assert {payment.id for payment in watch.seen} == {last.id, *(payment.id for payment in same)}
    harness.till.reconciler.step()
    assert harness.gateway.queries == ["c1"]


def test_rule_13_two_paid_payments_of_one_chain_are_a_double(harness: TillHarness, post: Post, tmp_path: Path) -> None:
    first = sell(harness, post)
    second = sell(harness, post, token="second", retry_of=first.id)
    third = sell(harness, post, token="third", retry_of=second.id)
    assert tell(harness, third, success(third)).remarks == frozenset()
    late = tell(harness, first, success(first, receipt="AAA1112223", checkout_request_id=OTHER_CHECKOUT))
    assert (late.state, late.remarks) == (State.PAID, frozenset({Remark.DOUBLE}))
    assert not grant_of(late).access
    assert rows(tmp_path, "grant") == 2
    assert [payment.id for payment in harness.till.reader.attention(10)] == [first.id]


def test_rule_10_a_hundred_callbacks_at_once_grant_once(harness: TillHarness, sold: Payment, tmp_path: Path) -> None:
    tell(harness, sold, accepted(sold))
    event = success(sold)
    with ThreadPoolExecutor(16) as pool:
        changes = list(pool.map(lambda _: arrives(harness, event), range(100)))
    assert sum(change.granted for change in changes if change) == 1
    assert rows(tmp_path, "grant") == 1
    *lines, more = harness.till.reader.journal(sold.id)
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
    harness: TillHarness, sold: Payment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pos_app.sales.ledger")
    watch = Watch(harness.till.ledger)
    prompted = tell(harness, sold, accepted(sold))
    told = len(watch.seen)
    for number in range(400):
        event, body = junk(number)
        arrives(harness, event, body=body)
    lines = harness.till.reader.journal(sold.id)
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
    assert replace(stored(harness, sold), next_check_at=None, version=0) == replace(
        prompted, next_check_at=None, version=0
    )


def test_the_count_survives_a_restart(harness: TillHarness, sold: Payment, tmp_path: Path) -> None:
    for _ in range(25):
        arrives(harness, UnreadableCallback(detail="x"), body="y")
    with open_harness(tmp_path / "practice.db", harness.clock, harness.gateway) as again:
        for _ in range(10):
            arrives(again, UnreadableCallback(detail="x"), body="y")
        lines = again.till.reader.journal(sold.id)
        assert [line.kind for line in lines].count("unreadable") == KEPT_OF_A_KIND
        assert lines[-1].detail == "15 more, counted and not kept"


def test_a_success_is_always_recorded_however_much_came_before_and_after(harness: TillHarness, sold: Payment) -> None:
    tell(harness, sold, accepted(sold))
    wrong = success(sold, checkout_request_id="ws_CO_other")
    for number in range(60):
        arrives(harness, junk(4 * number)[0])
        arrives(harness, replace(wrong, receipt=f"UKN4X7Q{number:03}"))
    assert stored(harness, sold).state is State.REVIEW
    change = arrives(harness, success(sold))
    assert change
    assert (change.granted, change.after.state) == (True, State.PAID)
    for _ in range(30):
        arrives(harness, failure(sold))
    paid = stored(harness, sold)
    assert (paid.state, paid.granted) == (State.PAID, True)
    lines = harness.till.reader.journal(sold.id)
    assert [line.after for line in lines].count(State.PAID) >= 2
    assert [line.outcome for line in lines if line.code == "0" and line.after is State.PAID] == [Outcome.APPLIED]
    assert Remark.CONFLICT in paid.remarks


def test_the_first_of_each_kind_is_always_kept(harness: TillHarness, sold: Payment) -> None:
    """Also after a thousand of another kind: an amount that differs, ids that differ, a code of another payment."""
    tell(harness, sold, accepted(sold), success(sold))
    for number in range(50):
        arrives(harness, replace(success(sold), amount=Decimal(1), receipt=f"UKN4X7Q{number:03}"))
    kept = len(harness.till.reader.journal(sold.id))
    for other in (
        success(sold, checkout_request_id="ws_CO_other"),
        success(sold, receipt="UKN4X7Q999"),
        success(sold, receipt=None),
        failure(sold),
        UnreadableCallback(detail="x"),
    ):
        arrives(harness, other)
        kept += 1
        assert len(harness.till.reader.journal(sold.id)) == kept


def test_junk_makes_a_question_due_only_so_often(harness: TillHarness, sold: Payment) -> None:
    planned = tell(harness, sold, accepted(sold)).next_check_at
    assert planned
    assert planned > harness.clock.now()
    asked: list[float] = []
    begun = harness.clock.monotonic()
    for _ in range(300):
        before = stored(harness, sold).next_check_at
        arrives(harness, UnreadableCallback(detail="x"))
        due = stored(harness, sold).next_check_at
        if due != before:
            assert due == harness.clock.now()
            asked.append(harness.clock.monotonic() - begun)
        harness.clock.advance(1)
    assert asked == [0.0, 30.0, 90.0, 210.0]


def test_what_changes_the_payment_makes_a_question_due_at_once_also_after_junk(
    harness: TillHarness, sold: Payment
) -> None:
    tell(harness, sold, accepted(sold))
    arrives(harness, UnreadableCallback(detail="x"))
    harness.clock.advance(1)
    change = arrives(harness, success(sold, checkout_request_id="ws_CO_other"))
    assert change
    assert change.after.state is State.REVIEW
    assert change.after.next_check_at == harness.clock.now()


def test_a_hundred_thousand_posts_of_junk_leave_the_database_small(
    harness: TillHarness, sold: Payment, tmp_path: Path
) -> None:
    """A thousand stand for them here; each would have left two kilobytes."""

    def size() -> int:
        with closing(sqlite3.connect(tmp_path / "practice.db")) as connection:
            [pages], [bytes_] = (connection.execute(f"PRAGMA page_{what}").fetchone() for what in ("count", "size"))
            return int(pages * bytes_)

    before = size()
    futures = [
        harness.till.ledger.record_at(address_of("secret"), event, body) for event, body in map(junk, range(1_000))
    ]
    for future in futures:
        future.result(30)
    assert size() - before < 100_000


def test_rule_11_events_wait_in_memory_until_they_can_be_saved(harness: TillHarness, sold: Payment) -> None:
    store = BreakableStore(harness.database)
    saving = Saving()
    writer = GroupWriter(store, harness.clock, saving, retry=0.001)
    ledger = Ledger(writer, harness.clock, Schedule(reaches=lambda _: True, random=lambda: 0.5))
    watch = Watch(ledger)
    store.broken = True
    writer.start()
    futures = [ledger.record(accepted(sold), sold), ledger.record_at(address_of("secret"), success(sold), "{}")]
    saving.until(False)
    assert not any(future.done() for future in futures)
    assert stored(harness, sold) == sold
    store.broken = False
    changes = [future.result(10) for future in futures]
    writer.stop()
    assert [change.after.state for change in changes if change] == [State.PROMPTED, State.PAID]
    assert [payment.state for payment in watch.seen] == [State.PROMPTED, State.PAID]
    assert stored(harness, sold).state is State.PAID
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
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TillHarness, Post, Iterator[int]]]:
    """A till for many examples; `taken` and `TAKEN00000` belong to a payment of its own."""
    with open_harness(tmp_path_factory.mktemp("stories") / "practice.db", FakeClock(), FakeGateway()) as harness:
        post = harness.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
        holder = sell(harness, post, "0712345678", "holder")
        tell(harness, holder, success(holder, checkout_request_id="taken", receipt="TAKEN00000"))
        yield harness, post, count(1)


@given(st.lists(st.sampled_from(BRANCHES), min_size=1, max_size=10))
@examples(60)
def test_any_story_is_journalled_whole_and_grants_at_most_once(
    long_lived: tuple[TillHarness, Post, Iterator[int]], story: list[str]
) -> None:
    harness, post, marks = long_lived
    mark = next(marks)
    payment = sell(harness, post, token=f"token {mark}")
    futures = [harness.till.ledger.record(event_of(name, payment, mark), payment) for name in story]
    changes = [change for future in futures if (change := future.result(10))]
    lines: list[JournalLine] = harness.till.reader.journal(payment.id)
    assert len(changes) == len(lines) == len(story)
    assert [line.before for line in lines[1:]] == [line.after for line in lines[:-1]]
    assert sum(change.granted for change in changes) <= 1
    end = stored(harness, payment)
    assert end == changes[-1].after
    assert end.granted == (end.state is State.PAID)
    assert end.checkout_request_id in (None, f"c{mark}")
    assert end.receipt in (None, f"R{mark:09}", f"S{mark:09}")
    if end.next_check_at:
        assert end.checkout_request_id
    if State.PAID in (line.after for line in lines):
        assert end.state is State.PAID
        assert {"paid", "paid_by_query", "paid_second_receipt"} & set(story)


def test_a_body_with_nul_bytes_is_journalled_too(harness: TillHarness, sold: Payment) -> None:
    """PostgreSQL stores no NUL; the line must not be lost for it."""
    arrives(harness, UnreadableCallback(detail="not a callback of M-PESA"), body="a\0b")
    assert harness.till.reader.journal(sold.id)[-1].body == "ab"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_number_in_another_encoding_is_masked_too(harness: TillHarness, sold: Payment, encoding: str) -> None:
    """What the listener reads of it has NULs between the digits."""
    body = f'{{"PhoneNumber": {sold.phone}}}'.encode(encoding).decode(errors="replace")
    arrives(harness, UnreadableCallback(detail="not a callback of M-PESA"), body=body)
    kept = harness.till.reader.journal(sold.id)[-1].body or ""
    assert kept.endswith('{"PhoneNumber": 708•••149}')


def test_rule_13_what_the_owner_has_seen_asks_again_where_it_comes_anew_and_not_where_it_is_posted_once_more(
    harness: TillHarness, sold: Payment
) -> None:
    def post(receipt: str, amount: int) -> Payment:
        event = success(sold, receipt=receipt, amount=Decimal(amount))
        change = harness.till.ledger.record_at(address_of("secret"), event, f"{receipt} {amount}").result(10)
        assert change
        return change.after

    tell(harness, sold, accepted(sold), success(sold))
    odd = post("UKN0000050", 50)
    seen = tell(harness, odd, ManualSettlement(Settlement.SEEN, detail="looked at", version=odd.version))
    assert (odd.needs_attention, seen.needs_attention) == (True, False)
    assert not post("UKN0000050", 50).needs_attention
    assert post("UKN0000900", 9_000).needs_attention


def test_of_questions_that_found_no_answer_twenty_are_kept_and_the_others_counted(
    harness: TillHarness, sold: Payment
) -> None:
    """M-PESA is not reached for a day; the payment is asked about all the while."""
    tell(harness, sold, accepted(sold), *[NoAnswer(detail="ConnectError")] * 30)
    [pushed, *tries, more] = harness.till.reader.journal(sold.id)
    assert {(line.source, line.kind, line.detail) for line in tries} == {("query", "no answer", "ConnectError")}
    assert (pushed.source, len(tries)) == ("push", 20)
    assert (more.event_kind, more.detail) == (EventKind.NO_ANSWER, "10 more, counted and not kept")
    found = harness.till.reader.payment(sold.id)
    assert found
    assert found.next_check_at, "it is asked about again"


@pytest.mark.parametrize("ahead", [7_200.0, -7_200.0])
def test_rule_15_access_begins_by_m_pesa_s_clock(harness: TillHarness, sold: Payment, ahead: float) -> None:
    """This computer's is two hours off."""
    harness.clock.off = ahead
    tell(harness, sold, Accepted("m1", "c1"))
    paid = tell(harness, sold, Answer(Result.SUCCESS, "0", "c1"))
    there = harness.clock.now() - timedelta(seconds=ahead)
    assert grant_of(paid).until == there + timedelta(days=paid.lines[0].days or 0)
    assert grant_of(paid).granted_at == paid.closed_at == there
