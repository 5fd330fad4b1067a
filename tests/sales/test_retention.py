"""Customers who buy nothing any more are erased by themselves: the owner's choice, kept in small steps (rule 21)."""

import threading
from collections.abc import Callable, Collection
from datetime import timedelta
from decimal import Decimal

import pytest

from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.kenya_time import shop_day
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import CallbackAddress, Payment, Remark
from pos_app.domain.phone import is_erased
from pos_app.domain.retention import RUN, Run
from pos_app.domain.statement_row import RowKind, Statement, StatementRow
from pos_app.errors import BadInput, CannotSave
from pos_app.sales import retention
from pos_app.sales.erasure_key import ShopKey
from pos_app.sales.kept_answers import KeptAnswers
from pos_app.sales.kept_events import KeptEvent
from pos_app.sales.retention import BETWEEN, LATER, STALE, Kept, RetentionRun
from tests.support.builders import failure, said, sell, success, tell
from tests.support.fakes import KeysInMemory
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness

YEAR = 370 * 86_400.0


class Scene:
    """A shop whose owner has chosen twelve months, and one till that goes through its customers."""

    def __init__(self, harness: TillHarness) -> None:
        self.harness, self.till = harness, harness.till
        self.pass_ = self.till.catalogue.add(draft_post("Week pass", 250, 7))
        self.ever = self.till.catalogue.add(draft_post("Key", 900))
        self.till.authority.passphrase.choose(PASSPHRASE)
        self.till.retention.choose(12, PASSPHRASE)
        self.keys = KeysInMemory()
        self.swept: list[set[str]] = []
        self.clean = True
        self.over = threading.Event()
        self.run = self.on("A")

    def on(self, till: str, keys: KeysInMemory | None = None) -> RetentionRun:
        books = self.till.reader, self.till.writer, self.harness.clock
        kept = KeptAnswers(self.till.writer.keeping, list)
        return RetentionRun(till, *books, ShopKey(*books, keys or self.keys), self._sweep, kept)

    def _sweep(self, phones: Collection[str]) -> bool:
        self.swept.append(set(phones))
        self.over.set()
        return self.clean

    def phone(self, number: int) -> str:
        return f"2547120000{number:02}"

    def buy(self, number: int, post: Post | None = None, *, paid: bool = True) -> Payment:
        payment = sell(
            self.harness, post or self.pass_, self.phone(number), token=f"{number} {self.harness.clock.now()}"
        )
        event = success(payment, checkout_request_id=f"c{payment.id}", receipt=f"UKN00000{payment.id:02}")
        return tell(self.harness, payment, event if paid else failure(payment, checkout_request_id=f"c{payment.id}"))

    def later(self, seconds: float = YEAR) -> None:
        self.harness.clock.advance(seconds)

    def erased(self, *payments: Payment) -> list[bool]:
        found = (self.till.reader.payment(payment.id) for payment in payments)
        return [payment is not None and is_erased(payment.phone) for payment in found]

    def kept_done(self) -> bool:
        run = self.till.retention.kept().run
        return run is not None and run.done

    def kept(self) -> Run:
        found = self.till.retention.kept().run
        assert found
        return found


@pytest.fixture
def scene(harness: TillHarness) -> Scene:
    return Scene(harness)


def test_who_has_bought_nothing_for_so_long_is_erased(scene: Scene) -> None:
    old, asked_only = scene.buy(1), scene.buy(2, paid=False)
    scene.later()
    new, again = scene.buy(3), scene.buy(1)
    assert scene.run.step() == LATER
    assert scene.erased(old, asked_only, new, again) == [False, True, False, False]
    scene.later()
    scene.run.step()
    assert scene.erased(old, new, again) == [True, True, True]
    assert scene.kept().erased == 2
    assert scene.swept == [{scene.phone(2)}, {scene.phone(1), scene.phone(3)}]


def test_each_is_audited_without_the_number(scene: Scene) -> None:
    payment = scene.buy(1)
    scene.later()
    scene.run.step()
    line = scene.till.reader.audit(1)[0]
    assert (line.act, line.subject, line.new, line.operator_id) == (
        Act.ERASE,
        f"customer {payment.customer_id}",
        "nothing bought for 12 months",
        None,
    )


def test_rows_of_m_pesa_s_record_name_nobody_once_they_are_so_old(scene: Scene) -> None:
    """Money that is nobody's payment goes with no customer, so it goes with the time."""
    at = scene.harness.clock.corrected()
    row = StatementRow(
        line=1, receipt="UKN7H7OI90", at=at, within=0, kind=RowKind.PAYMENT, amount=Decimal(250), incoming=True,
        details="", reason="Pay Merchant", phone="070****149", name="AMINA",
    )  # fmt: skip
    statement = Statement(short_code="512345", period=None, covered=None, rows=(row,))
    scene.till.recording.record(statement, "ab", PASSPHRASE)

    def names() -> list[str]:
        return [kept.name for kept in scene.till.reader.record_rows(at, at)]

    scene.run.step()
    assert names() == ["AMINA"]
    scene.later()
    scene.run.step()
    assert names() == [""]


def test_off_erases_nobody(scene: Scene) -> None:
    payment = scene.buy(1)
    scene.till.retention.choose(None, PASSPHRASE)
    scene.later()
    assert scene.run.step() == LATER
    assert scene.erased(payment) == [False]
    assert scene.till.retention.kept() == Kept(None, None)
    assert scene.keys.made == 0


def test_who_still_has_access_stays(scene: Scene) -> None:
    forever = scene.buy(1, scene.ever)
    week = scene.buy(2)
    scene.later()
    scene.run.step()
    assert scene.erased(forever, week) == [False, True]


def test_who_has_something_open_or_to_look_at_stays(scene: Scene) -> None:
    left_open = sell(scene.harness, scene.pass_, scene.phone(1), token="open")
    odd = scene.buy(2)
    odd = tell(scene.harness, odd, failure(odd, checkout_request_id=f"c{odd.id}"))
    assert Remark.CONFLICT in odd.remarks
    scene.later()
    scene.run.step()
    assert scene.erased(left_open, odd) == [False, False]
    assert scene.kept().erased == 0


class TestSteps:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(retention, "ERASED", 2)
        monkeypatch.setattr(retention, "LOOKED", 3)

    def test_a_few_at_a_time(self, scene: Scene) -> None:
        payments = [scene.buy(number) for number in range(1, 8)]
        scene.later()
        waits = []
        while not scene.kept_done():
            waits.append(scene.run.step())
            done = sum(scene.erased(*payments))
            assert done <= 2 * len(waits)
        assert waits == [BETWEEN] * (len(waits) - 1) + [LATER]
        assert scene.erased(*payments) == [True] * 7
        assert scene.run.step() == LATER, "and no more today"
        assert len(scene.swept) == 1

    def test_a_day_has_an_end(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(retention, "MOST", 2)
        payments = [scene.buy(number) for number in range(1, 6)]
        scene.later()
        for _ in range(5):
            scene.run.step()
        assert sum(scene.erased(*payments)) == 2
        scene.later(86_400)
        for _ in range(5):
            scene.run.step()
        assert sum(scene.erased(*payments)) == 4

    def test_what_was_begun_goes_on_with_the_next_start(self, scene: Scene) -> None:
        payments = [scene.buy(number) for number in range(1, 6)]
        scene.later()
        scene.run.step()
        again = scene.on("A")
        while not scene.kept_done():
            again.step()
        assert scene.erased(*payments) == [True] * 5
        assert scene.kept().erased == 5
        assert scene.swept == [set(), {scene.phone(number) for number in range(3, 6)}]
        assert scene.kept().swept

    def test_what_an_ended_run_left_in_the_file_is_swept_once_whoever_looks(self, scene: Scene) -> None:
        for number in range(1, 6):
            scene.buy(number)
        scene.later()
        scene.run.step()
        assert not scene.kept().swept
        scene.till.retention.choose(None, PASSPHRASE)
        other = scene.on("B")
        other.step()
        assert scene.swept == [], "the first one may be at it"
        scene.later(STALE.total_seconds())
        for _ in range(2):
            other.step()
        assert scene.swept == [set()]
        assert (scene.kept().till, scene.kept().swept) == ("A", True)

    def test_the_next_day_sweeps_first_what_the_last_one_left(self, scene: Scene) -> None:
        scene.buy(1)
        scene.later()
        scene.till.writer.run(lambda transaction: transaction.set_setting(RUN, left_by("A", scene)))
        scene.run.step()
        assert scene.swept == [set(), {scene.phone(1)}]

    def test_a_run_that_another_till_has_taken_over_is_not_said_to_be_swept(self, scene: Scene) -> None:
        for number in range(1, 6):
            scene.buy(number)
        scene.later()
        scene.run.step()
        scene.till.writer.run(lambda transaction: transaction.set_setting(RUN, left_by("B", scene, days=0)))
        scene.run.step()
        assert scene.swept == [{scene.phone(1), scene.phone(2)}]
        assert not scene.kept().swept

    def test_one_till_does_it_for_all(self, scene: Scene) -> None:
        payments = [scene.buy(number) for number in range(1, 6)]
        scene.later()
        scene.run.step()
        other = scene.on("B")
        assert other.step() == LATER
        assert sum(scene.erased(*payments)) == 2
        scene.later(STALE.total_seconds())
        assert other.step() == BETWEEN, "the first one has ended"
        assert (scene.kept().till, sum(scene.erased(*payments))) == ("B", 4)
        assert scene.run.step() == LATER

    @pytest.mark.parametrize("many", [0, 2])
    def test_another_till_goes_on_in_between(self, scene: Scene, many: int) -> None:
        payments = [scene.buy(number) for number in range(many)]
        scene.later()
        take_over(scene, "B")
        assert scene.run.step() == LATER
        assert scene.erased(*payments) == [False] * many
        assert scene.kept().till == "B"


def left_by(till: str, scene: Scene, days: float = 1) -> str:
    """A run that erased somebody and was not swept, of so many days ago."""
    then = scene.harness.clock.corrected() - timedelta(days=days)
    return Run(day=shop_day(then), till=till, at=then, erased=1).text()


def take_over(scene: Scene, till: str) -> None:
    """Right after this till has looked, another one takes the run over."""
    reader = scene.till.reader
    looking: Callable[..., object] = reader.idle_customers

    def then_the_other(*asked: object) -> object:
        found = looking(*asked)
        now = scene.harness.clock.corrected()
        run = Run(day=shop_day(now), till=till, at=now).text()
        scene.till.writer.run(lambda transaction: transaction.set_setting(RUN, run))
        return found

    reader.idle_customers = then_the_other  # type: ignore[method-assign,assignment]


def test_who_buys_in_between_stays(scene: Scene) -> None:
    payment = scene.buy(1)
    scene.later()
    reader = scene.till.reader
    looking = reader.idle_customers

    def then_a_purchase(*asked: object) -> object:
        found = looking(*asked)  # type: ignore[arg-type]
        scene.buy(1)
        return found

    reader.idle_customers = then_a_purchase  # type: ignore[method-assign,assignment]
    scene.run.step()
    assert scene.erased(payment) == [False]


@pytest.mark.parametrize("heard", [True, False])
def test_a_clock_that_is_set_years_forward_erases_nobody(scene: Scene, heard: bool) -> None:
    payment = scene.buy(1)
    scene.later(86_400)
    scene.harness.clock.jump(3 * YEAR)
    if not heard:
        scene.harness.clock.unheard()
    scene.run.step()
    assert scene.erased(payment) == [False]
    assert (scene.till.retention.kept().run is not None) is heard, "without M-PESA's time no day is begun"


def test_a_run_that_a_wrong_clock_began_is_waited_for_a_day_at_most(scene: Scene) -> None:
    payment = scene.buy(1)
    scene.later()

    def ran_ahead_by(days: float) -> None:
        then = scene.harness.clock.corrected() + timedelta(days=days)
        run = Run(day=shop_day(then), till="A", at=then, done=True).text()
        scene.till.writer.run(lambda transaction: transaction.set_setting(RUN, run))

    ran_ahead_by(1)
    assert scene.run.step() == LATER
    assert scene.erased(payment) == [False]
    ran_ahead_by(900)
    scene.run.step()
    assert scene.erased(payment) == [True]
    assert scene.kept().day == shop_day(scene.harness.clock.corrected())


def test_who_bought_yesterday_by_a_clock_that_was_wrong_then_stays(scene: Scene) -> None:
    scene.harness.clock.jump(-2 * YEAR)
    scene.harness.clock.unheard()
    payment = sell(scene.harness, scene.pass_, scene.phone(1), token="then")
    scene.harness.clock.jump(2 * YEAR)
    scene.harness.clock.off = 0.0
    payment = tell(scene.harness, payment, failure(payment, checkout_request_id=f"c{payment.id}"))
    scene.later(86_400)
    scene.run.step()
    assert scene.erased(payment) == [False]
    scene.later()
    scene.run.step()
    assert scene.erased(payment) == [True]


def test_whose_answer_waits_beside_the_database_stays(scene: Scene) -> None:
    waiting, other = scene.buy(1), scene.buy(2)
    scene.later()
    at, key = scene.harness.clock.now(), CallbackAddress(waiting.address)
    line = KeptEvent(at=at, key=key, number=waiting.number, event=failure(waiting)).line()
    scene.till.writer.keeping.aside.append(line)
    scene.run.step()
    assert scene.erased(waiting, other) == [False, True]


def test_what_the_owner_chooses_meanwhile_counts(scene: Scene) -> None:
    payment = scene.buy(1)
    scene.later()
    looking = scene.till.reader.idle_customers

    def then_the_owner_says_never(*asked: object) -> object:
        found = looking(*asked)  # type: ignore[arg-type]
        scene.till.retention.choose(None, PASSPHRASE)
        return found

    scene.till.reader.idle_customers = then_the_owner_says_never  # type: ignore[method-assign,assignment]
    scene.run.step()
    assert scene.erased(payment) == [False]


def test_without_the_key_nobody_is_erased_and_it_is_tried_later(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    first = scene.buy(1)
    scene.later()
    scene.run.step()
    second = scene.buy(2)
    scene.later()
    other = scene.on("B", KeysInMemory())
    assert other.safe_step() == LATER
    assert scene.erased(first, second) == [True, False]
    assert "is not on this computer" in said(caplog, "pos_app.sales.retention")[-1]


def test_a_store_that_fails_is_tried_later(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    payment = scene.buy(1)
    scene.later()
    scene.till.writer.saving = False
    with pytest.raises(CannotSave):
        scene.run.step()
    assert scene.run.safe_step() == LATER
    scene.till.writer.saving = True
    assert scene.erased(payment) == [False]
    scene.run.step()
    assert scene.erased(payment) == [True]


def test_whatever_fails_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("no such column")

    scene.till.reader.idle_customers = broken  # type: ignore[method-assign,assignment]
    assert scene.run.safe_step() == LATER
    assert said(caplog, "pos_app.sales.retention") == ["customers could not be erased by themselves"]


def test_what_is_left_in_the_file_is_logged(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.buy(1)
    scene.later()
    scene.clean = False
    scene.run.step()
    assert "is left in unused room" in said(caplog, "pos_app.sales.retention")[-1]


def test_it_starts_later_and_stops_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = scene.buy(1)
    scene.later()
    never = scene.on("A")
    never.start()
    never.stop()
    assert scene.till.retention.kept().run is None
    monkeypatch.setattr(retention, "FIRST", 0.0)
    scene.run.start()
    assert scene.over.wait(10)
    scene.run.stop()
    assert scene.erased(payment) == [True]


class TestTheChoice:
    def test_it_is_off_until_the_owner_says_otherwise(self, harness: TillHarness) -> None:
        assert harness.till.retention.kept() == Kept(None, None)
        with pytest.raises(BadInput, match="off until the owner has chosen"):
            harness.till.retention.choose(12)

    def test_it_is_the_owners_and_audited(self, scene: Scene) -> None:
        hire(scene.till)
        stand(scene.till, Role.SUPERVISOR)
        with pytest.raises(BadInput, match="owner's passphrase"):
            scene.till.retention.choose(24)
        stand(scene.till, Role.OWNER)
        scene.till.retention.choose(24)
        assert scene.till.retention.kept().months == 24
        line = scene.till.reader.audit(1)[0]
        assert (line.act, line.subject, line.old, line.new) == (Act.ERASE, "setting retention_months", "12", "24")
        scene.till.retention.choose(None, owner=True)
        assert scene.till.retention.kept().months is None

    def test_nothing_else_can_be_chosen(self, scene: Scene) -> None:
        with pytest.raises(BadInput, match="12, 24, 36, 60"):
            scene.till.retention.choose(6, PASSPHRASE)

    def test_what_this_program_does_not_know_erases_nobody(self, scene: Scene) -> None:
        scene.till.writer.run(lambda transaction: transaction.set_setting("retention_months", "forever"))
        assert scene.till.retention.kept().months is None
