"""M-PESA's record comes in by itself: when it is time, by one till of a shop, and nobody is bothered otherwise."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.payment import Payment, State
from pos_app.domain.pull_run import AT_OPENING, EVERY, LEASE, SETTING, PullRun, read_pull_run
from pos_app.domain.pulled import NotPulled, PulledRow, PulledSet, PullTrouble
from pos_app.errors import CannotSave
from pos_app.sales import pull_rounds
from pos_app.sales.pull_rounds import PullRounds, PullUse, digest_of
from pos_app.sales.pulling import PullAccount
from tests.sales.test_pulling import Gateway, paid, pulling
from tests.support.builders import end, sell
from tests.support.till_harness import TillHarness

DOWN = NotPulled(PullTrouble.UNREACHABLE, "ConnectError")
QUIET = NotPulled(PullTrouble.NO_RECORDS)
ACCOUNT = PullAccount("512345")


def rounds(harness: TillHarness, gateway: Gateway, till: str = "A") -> PullRounds:
    at = harness.till
    use = PullUse(gateway, ACCOUNT, lambda _: harness.clock.now().timestamp())
    return use.rounds(till, at.reader, at.writer, at.clock, at.recording)


def last(harness: TillHarness) -> PullRun:
    found = read_pull_run(harness.till.reader.setting(SETTING))
    assert found is not None
    return found


def lost(harness: TillHarness) -> tuple[Payment, PulledRow]:
    """A payment that M-PESA's query called expired, though the customer has paid, and what Pull tells of it."""
    post = harness.till.catalogue.posts()[0]
    payment = end(harness, sell(harness, post, phone="254712345678", token="other"), "1037")
    row = PulledRow(
        receipt="UKN1AAAA22",
        said_at=(payment.created_at + timedelta(seconds=20)).astimezone(NAIROBI).replace(tzinfo=None),
        amount=Decimal(payment.amount),
        phone="25471****678",
        kind="c2b-buy-goods-debit",
    )
    return payment, row


def test_what_a_lost_word_has_left_open_is_settled(harness: TillHarness) -> None:
    known = paid(harness)
    payment, row = lost(harness)
    harness.clock.advance(1_200)
    rounds(harness, Gateway((known, row))).step()
    settled = harness.till.reader.payment(payment.id)
    assert settled is not None
    assert (settled.state, settled.receipt) == (State.PAID, "UKN1AAAA22")
    run = last(harness)
    assert (run.till, run.trouble, run.ended) == ("A", "", harness.clock.corrected())
    assert run.covered == run.begun - timedelta(minutes=10)


def test_it_goes_on_every_quarter_of_an_hour_from_where_it_was(harness: TillHarness) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)
    gateway = Gateway((known,), (known,))
    asker = rounds(harness, gateway)
    asker.step()
    harness.clock.advance(EVERY.total_seconds() - 1)
    asker.step()
    assert len(gateway.asked) == 1
    harness.clock.advance(1)
    asker.step()
    first, second = gateway.asked
    assert second[0] == first[1] - timedelta(minutes=20, seconds=1)
    assert last(harness).covered == second[1] - timedelta(minutes=10, seconds=1)


def test_a_till_that_opens_waits_for_no_quarter(harness: TillHarness) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)
    gateway = Gateway((known,), (known,), (known,))
    rounds(harness, gateway).step()
    rounds(harness, gateway, "B").step()
    assert len(gateway.asked) == 1
    harness.clock.advance(AT_OPENING.total_seconds())
    rounds(harness, gateway, "B").step()
    assert (len(gateway.asked), last(harness).till) == (2, "B")
    rounds(harness, gateway).ask_now()
    assert (len(gateway.asked), last(harness).till) == (3, "A")


def test_where_a_short_time_proves_nothing_a_long_one_is_asked_for(harness: TillHarness) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)
    gateway = Gateway((known,), QUIET, (known,), (), DOWN)
    asker = rounds(harness, gateway)
    for _ in range(3):
        asker.step()
        harness.clock.advance(EVERY.total_seconds())
    assert [end - first > timedelta(hours=40) for first, end in gateway.asked] == [True, False, True, False, True]
    assert "not reached" in last(harness).trouble


@pytest.mark.parametrize(("failed", "words"), [(DOWN, "M-PESA was not reached"), (QUIET, "it has no records")])
def test_what_goes_wrong_is_written_down_and_tried_again(
    harness: TillHarness, caplog: pytest.LogCaptureFixture, failed: NotPulled, words: str
) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)
    gateway = Gateway(failed, (known,))
    asker = rounds(harness, gateway)
    asker.step()
    assert words in last(harness).trouble
    assert last(harness).covered is None
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
    harness.clock.advance(EVERY.total_seconds())
    asker.step()
    assert last(harness).trouble == ""


def test_a_fault_of_ours_ends_the_round_all_the_same(harness: TillHarness, caplog: pytest.LogCaptureFixture) -> None:
    asker = rounds(harness, Gateway())  # it has no answer
    asker.step()
    assert last(harness).ended
    assert "failed" in last(harness).trouble
    assert "IndexError" in caplog.text
    caplog.clear()


def test_one_till_asks_at_a_time_and_another_takes_over_where_it_has_ended(harness: TillHarness) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)
    others: list[int] = []

    class Slow(Gateway):
        def pull(self, first: object, end: object) -> PulledSet | NotPulled:
            beside = Gateway((known,))
            rounds(harness, beside, "B").ask_now()
            others.append(len(beside.asked))
            return DOWN

    rounds(harness, Slow()).step()
    assert others == [0]
    begun = PullRun(till="B", begun=harness.clock.corrected())
    harness.till.writer.run(lambda transaction: transaction.set_setting(SETTING, begun.text()))
    gateway = Gateway((known,))
    rounds(harness, gateway).step()
    assert gateway.asked == []
    harness.clock.advance(LEASE.total_seconds())
    rounds(harness, gateway).step()
    assert len(gateway.asked) == 1


def test_a_till_that_was_quicker_is_noticed_in_the_transaction(
    harness: TillHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway, answers = Gateway(), iter((True, False))
    monkeypatch.setattr(pull_rounds, "is_due", lambda *_: next(answers))
    rounds(harness, gateway).step()
    assert gateway.asked == []
    assert harness.till.reader.setting(SETTING) is None


@pytest.mark.parametrize("wrong", [-7_200, -300, 300, 7_200])
def test_a_till_whose_clock_is_wrong_takes_no_other_for_one_that_has_ended(harness: TillHarness, wrong: float) -> None:
    """It goes by the database's clock: by its own, two hours ahead, a round that has just begun was long over."""
    known = paid(harness)
    harness.clock.advance(1_200)
    begun = PullRun(till="B", begun=harness.clock.now())
    harness.till.writer.run(lambda transaction: transaction.set_setting(SETTING, begun.text()))
    right = harness.clock.now().timestamp()
    gateway = Gateway((known,))
    harness.clock.jump(wrong)
    harness.clock.unheard()
    at = harness.till
    asker = PullUse(gateway, ACCOUNT, lambda _: right + 1).rounds("A", at.reader, at.writer, at.clock, at.recording)
    asker.step()
    assert gateway.asked == []
    later = PullUse(gateway, ACCOUNT, lambda _: right + LEASE.total_seconds())
    later.rounds("A", at.reader, at.writer, at.clock, at.recording).ask_now()
    assert len(gateway.asked) == 1
    assert last(harness).ended == begun.begun + LEASE


def test_by_itself_it_goes_by_the_databases_clock(harness: TillHarness) -> None:
    at, before = harness.till, datetime.now(UTC)
    PullUse(Gateway(DOWN), ACCOUNT).rounds("A", at.reader, at.writer, at.clock, at.recording).ask_now()
    ended = last(harness).ended
    assert ended is not None
    assert before - timedelta(seconds=1) <= ended <= datetime.now(UTC) + timedelta(seconds=1)


def test_a_database_that_takes_nothing_is_logged(
    harness: TillHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise CannotSave

    monkeypatch.setattr(harness.till.writer, "run", refuse)
    asker = rounds(harness, Gateway())
    asker.step()
    assert "could not be looked at" in caplog.text
    monkeypatch.setattr(harness.till.writer, "run", lambda *_: 1 / 0)
    asker.step()
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_it_runs_on_a_thread_of_its_own_until_the_till_closes(
    harness: TillHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Semaphore(0)
    monkeypatch.setattr(pull_rounds, "FIRST", 0.0)

    class Told(Gateway):
        def pull(self, first: object, end: object) -> PulledSet | NotPulled:
            asked.release()
            return DOWN

    asker = rounds(harness, Told())
    asker.start()
    assert asked.acquire(timeout=10)
    asker.ask_now()  # waits for the round that is under way, and makes another
    assert asked.acquire(timeout=10)
    harness.clock.advance(AT_OPENING.total_seconds())
    asker.hurry()
    assert asked.acquire(timeout=10)
    asker.stop()
    asker.stop()
    rounds(harness, Gateway()).stop()


def test_closing_leaves_a_round_where_it_is(harness: TillHarness) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)

    class Closing(Gateway):
        def pull(self, first: object, end: object) -> PulledSet | NotPulled:
            asker.stop()
            return super().pull(first, end)  # type: ignore[arg-type]

    asker = rounds(harness, Closing((known,)))
    asker.step()
    assert (last(harness).trouble, last(harness).covered) == ("", None)


def test_what_is_pulled_twice_is_one(harness: TillHarness) -> None:
    known = paid(harness)
    harness.clock.advance(1_200)
    one, again = (pulling(harness, Gateway((known,))).fetch() for _ in range(2))
    assert digest_of(one) == digest_of(again)
    assert len(digest_of(one)) == 64
    harness.clock.advance(1)
    assert digest_of(pulling(harness, Gateway((known,))).fetch()) != digest_of(one)
