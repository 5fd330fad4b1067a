"""M-PESA's record is carried into the books by the one door: once, whatever comes between, and however it is ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import Post, draft_post
from pos_app.domain.operators import Act, Role
from pos_app.domain.payment import Payment, Remark, Source, State
from pos_app.domain.payment_event import EventKind, Settlement
from pos_app.domain.record_file import RecordOrigin
from pos_app.domain.statement_comparison import Comparison, RowOutcome
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow
from pos_app.errors import BadInput, Cancelled
from pos_app.sales.owner import Decision, MoneyBack
from pos_app.sales.ports import Transaction
from pos_app.sales.recording import Recording
from tests.support.builders import Watch, answer, end, failure, grant_of, prompt, sell, success, tell
from tests.support.fakes import START, FakeClock, FakeGateway
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import ACCOUNT, TillHarness, open_harness

DIGEST = "ab" * 32
DAY = Period(START - timedelta(hours=9), START + timedelta(hours=9))
HOURS = 6 * 3_600.0


class Scene:
    """A shop whose owner records: payments by their customer's number, and what M-PESA has of them."""

    def __init__(self, harness: TillHarness, most: int = 200) -> None:
        self.harness, self.till = harness, harness.till
        self.post: Post = self.till.catalogue.add(draft_post("Wi-Fi month", 100, 30))
        self.till.owner.passphrase.choose(PASSPHRASE)
        till = self.till
        self.recording = Recording(
            till.reader, till.writer, till.ledger, till.clock, till.authority, ACCOUNT, lambda _: None, most
        )

    def phone(self, number: int) -> str:
        return f"254712000{number:03}"

    def sold(self, number: int, state: State = State.PROMPTED, **changes: Any) -> Payment:
        """A payment a minute after the one before: by a query, so that its code has not come."""
        payment = sell(self.harness, self.post, self.phone(number), f"of {number}", **changes)
        codes = {State.PAID: "0", State.CANCELLED: "1032", State.DECLINED: "2001", State.EXPIRED: "1037"}
        self.harness.clock.advance(60)
        return end(self.harness, payment, codes[state]) if state in codes else prompt(self.harness, payment)

    def held(self, number: int, **told: Any) -> Payment:
        """One that is paid, with its code."""
        payment = self.sold(number)
        return tell(self.harness, payment, success(payment, receipt=code(number), **told))

    def row(self, payment: Payment, number: int, **changes: Any) -> StatementRow:
        """What M-PESA has of a payment."""
        return replace(a_row(payment.created_at + timedelta(seconds=20), number), **changes)

    def record(self, *rows: StatementRow, digest: str = DIGEST, covered: Period = DAY, **more: Any) -> Comparison:
        return self.recording.record(of(*rows, covered=covered), digest, PASSPHRASE, **more)

    def now(self, payment: Payment) -> Payment:
        found = self.till.reader.payment(payment.id)
        assert found
        return found

    def lines(self, payment: Payment) -> list[str]:
        return [f"{line.source} {line.kind}" for line in self.till.reader.journal(payment.id)]

    def kept(self) -> dict[str, tuple[RowOutcome, int | None]]:
        rows = self.till.reader.record_rows(DAY.first, DAY.last)
        return {f"{row.receipt} {row.kind}": (row.outcome, row.payment_id) for row in rows}


def code(number: int) -> str:
    return f"UKN0000{number:03}"


def a_row(at: datetime, number: int) -> StatementRow:
    return StatementRow(
        line=number,
        receipt=code(number),
        at=at,
        within=0,
        kind=RowKind.PAYMENT,
        amount=Decimal(100),
        incoming=True,
        details="Merchant Payment",
        reason="Pay Merchant",
        phone=f"071****{number:03}",
        name="AMINA **** OTIENO",
    )


def reversal(row: StatementRow, receipt: str = "UKR0000001", **changes: Any) -> StatementRow:
    back = replace(row, receipt=receipt, at=row.at + timedelta(minutes=1), kind=RowKind.REVERSAL, incoming=False)
    return replace(back, linked=row.receipt, reason="Merchant Payment Reversal", **changes)


def of(*rows: StatementRow, covered: Period | None = DAY) -> Statement:
    return Statement(short_code="512345", period=covered, covered=covered, rows=rows)


@pytest.fixture
def scene(harness: TillHarness) -> Scene:
    return Scene(harness)


# What a row does -----------------------------------------------------------------------------------------------------


def test_a_row_settles_what_is_open_and_gives_its_access_as_a_callback_would(scene: Scene) -> None:
    asked = scene.sold(1)
    scene.harness.clock.advance(HOURS)
    watch = Watch(scene.till.ledger)
    found = scene.record(scene.row(asked, 1))
    paid = scene.now(asked)
    assert (paid.state, paid.receipt, paid.receipt_by) == (State.PAID, code(1), Source.MPESA)
    assert (paid.closed_at, paid.remarks) == (scene.harness.clock.corrected(), frozenset())  # when it was recorded
    assert grant_of(paid).access
    assert paid in watch.seen
    line = scene.till.reader.journal(asked.id)[-1]
    assert (line.event_kind, line.detail) == (EventKind.RECORDED, "statement abababab")
    assert found.counts == {RowOutcome.SETTLES: 1}
    assert scene.kept() == {f"{code(1)} payment": (RowOutcome.SETTLES, asked.id)}


def test_it_fills_in_the_code_of_what_is_paid(scene: Scene) -> None:
    paid = scene.sold(1, State.PAID)
    scene.record(scene.row(paid, 1))
    filled = scene.now(paid)
    assert (filled.receipt, filled.lines, filled.remarks) == (code(1), paid.lines, frozenset())


@pytest.mark.parametrize("state", [State.CANCELLED, State.DECLINED, State.EXPIRED])
def test_rule_6_what_was_not_paid_is_paid_late(scene: Scene, state: State) -> None:
    asked = scene.sold(1, state)
    scene.record(scene.row(asked, 1))
    assert scene.now(asked).remarks == {Remark.LATE}


def test_rule_22_what_may_be_two_is_left_to_a_person(scene: Scene) -> None:
    first = scene.sold(1)
    second = scene.sold(1, address="f" * 64)
    found = scene.record(scene.row(second, 1))
    assert found.asks
    assert [scene.now(payment).state for payment in (first, second)] == [State.PROMPTED] * 2
    [row] = scene.till.reader.record_rows(DAY.first, DAY.last)
    assert (row.outcome, row.payment_id, row.phone) == (RowOutcome.UNPROMPTED, None, "071****001")


def test_what_was_left_open_and_is_certain_later_is_settled_by_the_same_file(scene: Scene) -> None:
    first, second = scene.sold(1), scene.sold(1, address="f" * 64)
    row = scene.row(second, 1)
    scene.record(row)
    tell(scene.harness, first, success(first, receipt=code(2)))
    scene.record(row)
    assert scene.now(second).receipt == code(1)
    [kept] = scene.till.reader.record_rows(DAY.first, DAY.last)
    assert (kept.outcome, kept.payment_id, kept.phone, kept.name) == (RowOutcome.SETTLES, second.id, "", "")
    assert [line.new for line in scene.till.reader.audit(9) if line.act is Act.STATEMENT] == ["0 codes, 0 settled"]


def test_another_amount_puts_the_payment_on_the_list_once(scene: Scene) -> None:
    paid = scene.held(1)
    row = scene.row(paid, 1, amount=Decimal("90.50"))
    scene.record(row)
    assert scene.now(paid).unseen == {Remark.RECORD_DIFFERS}
    line = scene.till.reader.journal(paid.id)[-1]
    assert (line.code, line.body) == ("amount", f"{code(1)} · KES 90.50")
    seen = scene.till.owner.settle(scene.now(paid), PASSPHRASE, Decision(settlement=Settlement.SEEN, why="looked"))
    scene.record(row)
    scene.record(row, digest="cd" * 32)
    assert scene.now(paid) == seen


def test_another_payer_under_a_code_that_the_owner_typed_differs(scene: Scene) -> None:
    asked = sell(scene.harness, scene.post, scene.phone(1))
    scene.harness.clock.advance(3_600)
    time = f"{(START + timedelta(hours=3)):%d-%m-%Y %H:%M:%S}"
    word = Decision(settlement=Settlement.PAID, why="statement", receipt=code(2), amount="100", completed=time)
    paid = scene.till.owner.settle(asked, PASSPHRASE, word)
    scene.record(scene.row(paid, 2))
    assert scene.till.reader.journal(paid.id)[-1].code == "payer"


def test_ours_that_m_pesa_has_nothing_of_differs_once(scene: Scene) -> None:
    paid, other = scene.held(1), scene.held(2)
    scene.record(scene.row(other, 2))
    scene.record(scene.row(other, 2))
    assert scene.now(paid).unseen == {Remark.RECORD_DIFFERS}
    assert scene.lines(paid).count("record differs") == 1
    assert scene.now(other).unseen == frozenset()


def test_the_code_of_a_refund_that_is_a_payments_differs(scene: Scene) -> None:
    paid = scene.held(1)
    scene.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="10", code=code(2), why="typed wrongly"))
    scene.record(scene.row(paid, 1), scene.row(paid, 2))
    assert scene.till.reader.journal(paid.id)[-1].code == "refund_code"


# Reversals -----------------------------------------------------------------------------------------------------------


def test_a_reversal_nobody_recorded_becomes_the_refund_and_a_person_decides_about_the_access(scene: Scene) -> None:
    paid = scene.held(1)
    row = scene.row(paid, 1)
    found = scene.record(row, reversal(row))
    back = scene.now(paid)
    assert (back.state, back.refunded, back.unseen) == (State.PAID, 100, frozenset({Remark.REVERSED}))
    assert grant_of(back).access
    [refund] = scene.till.reader.refunds(paid.id)
    assert (refund.code, refund.amount, refund.source, refund.withdrawn) == ("UKR0000001", 100, Source.MPESA, False)
    assert refund.at == scene.harness.clock.corrected()
    assert found.asks
    assert not scene.record(row, reversal(row)).asks
    assert scene.now(paid) == back
    assert scene.kept()["UKR0000001 reversal"] == (RowOutcome.REVERSAL, paid.id)


def test_a_refund_that_was_recorded_is_joined_and_stays_one(scene: Scene) -> None:
    paid = scene.held(1)
    row = scene.row(paid, 1)
    back = MoneyBack(amount="100", code="UKR0000001", why="wrong room")
    refunded = scene.till.owner.refund(paid, PASSPHRASE, back)
    assert not scene.record(row, reversal(row)).asks
    assert scene.now(paid) == refunded
    assert scene.kept()["UKR0000001 reversal"] == (RowOutcome.REVERSAL, paid.id)


@pytest.mark.parametrize(
    "changes", [{"amount": Decimal(101)}, {"amount": Decimal("50.50")}, {"incoming": True}, {"receipt": "short"}]
)
def test_a_reversal_that_does_not_fit_is_no_refund_and_asks_for_a_look(scene: Scene, changes: dict[str, Any]) -> None:
    paid = scene.held(1)
    row = scene.row(paid, 1)
    scene.record(row, replace(reversal(row), **changes))
    assert scene.now(paid).unseen == {Remark.RECORD_DIFFERS}
    assert scene.till.reader.journal(paid.id)[-1].code == "reversal"
    assert scene.till.reader.refunds(paid.id) == []


def test_a_refund_of_another_amount_asks_for_a_look(scene: Scene) -> None:
    paid = scene.held(1)
    row = scene.row(paid, 1)
    scene.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="40", code="UKR0000001", why="a part"))
    scene.record(row, reversal(row))
    assert scene.now(paid).unseen == {Remark.RECORD_DIFFERS}
    assert len(scene.till.reader.refunds(paid.id)) == 1


def test_a_reversal_that_came_before_its_payment_had_its_code_is_joined_later(scene: Scene) -> None:
    asked = scene.sold(1)
    row = scene.row(asked, 1)
    scene.record(reversal(row))
    assert scene.kept() == {"UKR0000001 reversal": (RowOutcome.REVERSAL, None)}
    paid = tell(scene.harness, asked, success(asked, receipt=code(1)))
    scene.record(row, digest="cd" * 32)
    assert (scene.now(paid).refunded, scene.now(paid).unseen) == (100, frozenset({Remark.REVERSED}))
    assert scene.kept()["UKR0000001 reversal"] == (RowOutcome.REVERSAL, paid.id)


def test_it_is_joined_to_a_refund_that_the_owner_has_recorded_meanwhile(scene: Scene) -> None:
    asked = scene.sold(1)
    row = scene.row(asked, 1)
    scene.record(reversal(row))
    paid = tell(scene.harness, asked, success(asked, receipt=code(1)))
    refunded = scene.till.owner.refund(paid, PASSPHRASE, MoneyBack(amount="100", code="UKR0000001", why="wrong"))
    scene.record(row, digest="cd" * 32)
    assert scene.now(paid) == refunded
    assert scene.kept()["UKR0000001 reversal"] == (RowOutcome.REVERSAL, paid.id)


def test_rule_22_what_an_earlier_file_undoes_settles_nothing(scene: Scene) -> None:
    asked = scene.sold(1)
    row = scene.row(asked, 1)
    scene.record(reversal(row))
    found = scene.record(row, digest="cd" * 32)
    assert found.counts == {RowOutcome.UNPROMPTED: 1}
    assert scene.now(asked).state is State.PROMPTED


@pytest.mark.parametrize("order", list(permutations(("row", "reversal", "row and reversal"))))
def test_in_whichever_files_and_order_a_paid_payment_s_code_and_its_reversal_come(
    scene: Scene, order: tuple[str, ...]
) -> None:
    paid = scene.sold(1, State.PAID)  # by a question: its code has not come
    row = scene.row(paid, 1)
    files = {"row": (row,), "reversal": (reversal(row),), "row and reversal": (row, reversal(row))}
    later = Period(row.at + timedelta(minutes=10), DAY.last)
    for number, which in enumerate(order):
        scene.record(*files[which], digest=f"{number}" * 64, covered=later if which == "reversal" else DAY)
    now = scene.now(paid)
    assert (now.state, now.receipt, now.refunded, now.unseen) == (
        State.PAID,
        code(1),
        100,
        frozenset((Remark.REVERSED,)),
    )
    assert scene.kept() == {
        f"{code(1)} payment": (RowOutcome.FILLS, paid.id),
        "UKR0000001 reversal": (RowOutcome.REVERSAL, paid.id),
    }
    assert len(scene.till.reader.refunds(paid.id)) == 1


@pytest.mark.parametrize("first", [100, 250])
def test_two_files_that_contradict_each_other_settle_nothing(scene: Scene, first: int) -> None:
    asked = scene.sold(1)
    row = replace(scene.row(asked, 1), phone="")  # so that the first file leaves it to a person
    other = replace(scene.row(asked, 1), amount=Decimal(350 - first))
    scene.record(replace(row, amount=Decimal(first)))
    for number in range(2):
        found = scene.record(other, digest=f"{number}" * 64)
        assert found.counts == {RowOutcome.DIFFERS: 1}
        assert found.asks
        assert "with different figures" in found.lines[0].fault
    again = scene.record(replace(scene.row(asked, 1), amount=Decimal(first)), digest="9" * 64)
    assert again.counts == {RowOutcome.DIFFERS: 1}, "once it was told otherwise, nobody believes it by itself"
    assert scene.now(asked).state is State.PROMPTED
    assert scene.kept() == {f"{code(1)} payment": (RowOutcome.DIFFERS, None)}


# What comes between --------------------------------------------------------------------------------------------------


def between(scene: Scene, happens: Callable[[], object], row: StatementRow) -> None:
    """Something happens once the file has been compared, and before its part is recorded."""
    done: list[object] = []
    kept = scene.till.writer.run

    def run(work: Callable[[Transaction], Any], **more: Any) -> Any:
        if not done:
            done.append(happens())
        return kept(work, **more)

    class Writer:
        check_saving = staticmethod(scene.till.writer.check_saving)

    writer: Any = Writer()
    writer.run = run
    till = scene.till
    recording = Recording(till.reader, writer, till.ledger, till.clock, till.authority, ACCOUNT, lambda _: None)
    recording.record(of(row), DIGEST, PASSPHRASE)


def test_a_callback_between_comparing_and_recording_is_never_doubled(scene: Scene) -> None:
    asked = scene.sold(1)
    between(scene, lambda: tell(scene.harness, asked, success(asked, receipt=code(1))), scene.row(asked, 1))
    paid = scene.now(asked)
    assert (paid.state, paid.receipt, paid.remarks) == (State.PAID, code(1), frozenset())
    assert "record paid" not in scene.lines(asked)
    assert scene.kept() == {f"{code(1)} payment": (RowOutcome.AGREES, asked.id)}


def test_a_callback_of_another_code_between_leaves_the_row_to_a_person(scene: Scene) -> None:
    asked = scene.sold(1)
    between(scene, lambda: tell(scene.harness, asked, success(asked, receipt=code(2))), scene.row(asked, 1))
    assert scene.now(asked).receipt == code(2)
    assert scene.kept() == {f"{code(1)} payment": (RowOutcome.UNPROMPTED, None)}


def test_a_code_that_comes_for_what_was_missing_between_is_no_difference(scene: Scene) -> None:
    paid, other = scene.sold(1, State.PAID), scene.held(2)
    between(scene, lambda: tell(scene.harness, paid, success(paid, receipt=code(1))), scene.row(other, 2))
    assert scene.now(paid).unseen == frozenset()


def test_a_callback_afterwards_fills_in_its_ids_and_changes_nothing_else(scene: Scene) -> None:
    asked = scene.sold(1)
    scene.record(scene.row(asked, 1))
    paid = scene.now(asked)
    assert tell(scene.harness, paid, success(paid), answer(paid), failure(paid, "1037")).state is State.PAID
    assert grant_of(scene.now(paid)) == grant_of(paid)
    assert scene.now(paid).remarks == {Remark.CONFLICT}


# Once, whatever happens ----------------------------------------------------------------------------------------------


class World:
    """A day of a shop, and what M-PESA has of it; the same each time."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        states = (State.PROMPTED, State.PAID, State.CANCELLED, State.EXPIRED)
        sold = {n: scene.sold(n, state) for n, state in enumerate(states, 1)}
        sold |= {n: scene.held(n) for n in (5, 6, 7, 8)}
        rows = {n: scene.row(payment, n) for n, payment in sold.items() if n != 8}
        rows[6] = replace(rows[6], amount=Decimal(90))
        fee = replace(rows[5], kind=RowKind.FEE, incoming=False, amount=Decimal("0.55"), reason="Pay merchant Charge")
        sweep = replace(fee, receipt="UKNSWEEP11", kind=RowKind.SWEEP, amount=Decimal("400.45"))
        stray = a_row(START + timedelta(seconds=90), 9)
        self.rows = [*rows.values(), fee, sweep, reversal(rows[7]), stray]
        scene.harness.clock.advance(HOURS)

    def state(self) -> object:
        """What the books have, but for who recorded it."""
        reader = self.scene.till.reader
        payments = [payment for n in range(1, 9) if (payment := reader.payment(n))]
        facts = [
            {field.name: getattr(payment, field.name) for field in fields(payment) if field.name != "version"}
            for payment in payments
        ]
        journals = [[replace(line, detail=None) for line in reader.journal(payment.id)] for payment in payments]
        refunds = [reader.refunds(payment.id) for payment in payments]
        return facts, journals, refunds, self.scene.kept()


@contextmanager
def a_world(path: Path, most: int = 1) -> Iterator[World]:
    with open_harness(path, FakeClock(), FakeGateway()) as harness:
        yield World(Scene(harness, most))


@pytest.fixture
def once(tmp_path: Path) -> object:
    """The books after one run of one file."""
    with a_world(tmp_path / "once.db") as world:
        world.scene.record(*world.rows)
        return world.state()


class Killed(Exception):
    """The program ends here."""


@pytest.mark.parametrize("after", [0, 4, 8, 10])
def test_ended_after_any_part_and_run_again_it_is_one_run(tmp_path: Path, once: object, after: int) -> None:
    def told(done: int, _many: int) -> None:
        if done > after:
            raise Killed

    with a_world(tmp_path / "killed.db") as world:
        with pytest.raises(Killed):
            world.scene.record(*world.rows, told=told)
        [file] = world.scene.till.reader.record_files()
        assert file.ended_at is None
        world.scene.record(*world.rows)
        assert world.state() == once
        [file] = world.scene.till.reader.record_files()
        assert file.ended_at == world.scene.harness.clock.corrected()


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_rows_and_files_and_no_repetition_changes_the_books(
    tmp_path: Path, once: object, seed: int
) -> None:
    chance = Random(seed)
    with a_world(tmp_path / "order.db", most=chance.choice([1, 3, 200])) as world:
        half = [row for row in world.rows if chance.random() < 0.5 or row.kind is RowKind.REVERSAL]
        files = [(half, None), (world.rows, DAY), (world.rows[::-1], DAY), (half, None)]
        for number, (rows, covered) in enumerate(chance.sample(files, len(files))):
            shuffled = of(*chance.sample(rows, len(rows)), covered=covered)
            world.scene.recording.record(shuffled, f"{number:064}", PASSPHRASE)
        assert _without_outcomes(world.state()) == _without_outcomes(once)


def _without_outcomes(state: Any) -> object:
    """Of a row that agrees and once settled nothing matters but which payment it is."""
    facts, journals, refunds, kept = state
    return facts, journals, refunds, {name: payment_id for name, (_, payment_id) in kept.items()}


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    with a_world(tmp_path / "again.db", most=200) as world:
        world.scene.record(*world.rows)
        before, audit = world.state(), world.scene.till.reader.audit(99)
        world.scene.harness.clock.advance(60)
        world.scene.record(*world.rows)
        assert world.state() == before
        assert world.scene.till.reader.audit(99) == audit
        assert len(world.scene.till.reader.record_files()) == 1


def test_it_can_be_ended_between_two_parts(scene: Scene) -> None:
    cancel = Cancel()
    scene.recording._most = 1
    rows = [scene.row(scene.sold(n), n) for n in (1, 2)]
    with pytest.raises(Cancelled):
        scene.record(*rows, cancel=cancel, told=lambda _done, _of: cancel.cancel())
    assert len(scene.kept()) == 1
    told: list[tuple[int, int]] = []
    scene.record(*rows, told=lambda done, many: told.append((done, many)))
    assert told == [(1, 2), (2, 2), (2, 2)]


# Who may, and what is written down about it --------------------------------------------------------------------------


def test_rule_16_who_recorded_what_is_in_the_audit(scene: Scene) -> None:
    hire(scene.till)
    brian = stand(scene.till, Role.SUPERVISOR)
    assert brian
    asked = scene.sold(1)
    scene.recording.record(of(scene.row(asked, 1)), DIGEST)
    line = scene.till.reader.audit(1)[0]
    assert (line.act, line.operator, line.subject, line.new) == (
        Act.STATEMENT, "Brian", "statement abababab", "0 codes, 1 settled"
    )  # fmt: skip
    [file] = scene.till.reader.record_files()
    assert (file.operator_id, file.owner, file.source.origin) == (brian.id, False, RecordOrigin.FILE)
    assert (file.short_code, file.period, file.covered, file.rows) == ("512345", DAY, DAY, 1)
    assert file.counts[RowOutcome.SETTLES] == 1


def test_rule_16_a_role_that_is_taken_away_meanwhile_counts_no_more(scene: Scene) -> None:
    hire(scene.till)
    brian = stand(scene.till, Role.SUPERVISOR)
    assert brian
    scene.recording._most = 1
    rows = [scene.row(scene.sold(n), n) for n in (1, 2)]

    def told(done: int, _many: int) -> None:
        if done == 1:
            scene.till.operators.change(brian, PASSPHRASE, role=Role.OPERATOR)

    with pytest.raises(BadInput):
        scene.recording.record(of(*rows), DIGEST, told=told)
    assert len(scene.kept()) == 1


def test_another_short_code_or_clock_records_nothing(scene: Scene) -> None:
    paid = scene.held(1)
    with pytest.raises(BadInput, match="short code 999999"):
        scene.recording.record(replace(of(), short_code="999999"), DIGEST, PASSPHRASE)
    with pytest.raises(BadInput, match="minutes later"):
        scene.record(scene.row(paid, 1, at=paid.created_at + timedelta(hours=3)))
    assert scene.till.reader.record_files() == []


def test_what_the_till_pulls_is_recorded_whoever_is_signed_in(scene: Scene) -> None:
    hire(scene.till)
    asked, paid = scene.sold(1), scene.held(2)
    rows = scene.row(asked, 1), scene.row(paid, 2)
    scene.recording.record_pulled(of(*rows), DIGEST)
    assert scene.now(asked).receipt == code(1)
    assert scene.till.reader.journal(asked.id)[-1].detail == "pull abababab"
    [file] = scene.till.reader.record_files()
    assert (file.source.origin, file.operator_id) == (RecordOrigin.PULL, None)
    assert Act.STATEMENT not in {line.act for line in scene.till.reader.audit(99)}
    stand(scene.till, Role.SUPERVISOR)
    assert scene.record(*rows, digest="cd" * 32).agrees == 2


def test_what_was_pulled_without_a_clock_is_refused(scene: Scene) -> None:
    asked = scene.sold(1)
    with pytest.raises(BadInput, match="its clock stays unproved"):
        scene.recording.record_pulled(of(scene.row(asked, 1)), DIGEST)
    assert scene.till.reader.record_files() == []


def test_an_empty_record_says_that_there_was_nothing(scene: Scene) -> None:
    scene.record()
    [file] = scene.till.reader.record_files(START)
    assert (file.rows, file.covered, file.ended_at) == (0, DAY, scene.harness.clock.corrected())
    assert scene.till.reader.record_files(START + timedelta(days=9)) == []
