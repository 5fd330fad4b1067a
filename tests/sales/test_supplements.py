"""Supplements to closes: what a record says of days that were closed already, once, and without another total."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from pos_app.domain.cancelling import Cancel
from pos_app.domain.close_sum import read_supplement_sum
from pos_app.domain.operators import Act, Role
from pos_app.domain.statement_comparison import RowOutcome
from pos_app.domain.statement_row import Period, RowKind, StatementRow, UnreadRow
from pos_app.domain.supplement import CountsIn, Supplement, ToldSum
from pos_app.errors import BadInput, Cancelled
from pos_app.store import tables as t
from tests.sales.test_recording import DAY, DIGEST, HOURS, Scene, a_row, code, of, reversal
from tests.support.fakes import START
from tests.support.staff import PASSPHRASE, hire, stand
from tests.support.till_harness import TillHarness

KES_100 = ToldSum(1, 10_000)


@pytest.fixture
def scene(harness: TillHarness) -> Scene:
    return Scene(harness)


def close(scene: Scene) -> int:
    """Close the day, a minute after whatever was before."""
    scene.harness.clock.advance(60)
    report = scene.till.days.open()
    assert report
    assert report.number
    return scene.till.days.close(report.number, PASSPHRASE).number


def written(scene: Scene) -> list[Supplement]:
    return scene.till.days.supplements(0, 10_000)


def lines(scene: Scene) -> list[str]:
    """What the audit says of supplements, the oldest first."""
    told = [line for line in scene.till.reader.audit(99) if line.subject.startswith("supplement ")]
    assert all(line.act is Act.STATEMENT and read_supplement_sum(line.new) for line in told)
    return [line.subject.removeprefix("supplement ") for line in reversed(told)]


def at(supplement: Supplement) -> dict[str, tuple[RowOutcome, str | None, int | None]]:
    return {row.receipt: (row.outcome, row.payment, row.ours) for row in supplement.rows}


def unreadable(moment: datetime | None, **told: object) -> UnreadRow:
    return UnreadRow(line=9, at=moment, fault="no amount", **told)  # type: ignore[arg-type]


def test_what_was_settled_after_the_close_is_explained_and_counts_in_the_next_one(scene: Scene) -> None:
    asked = scene.sold(1)
    before = close(scene)
    closed = scene.till.days.named(before)
    scene.harness.clock.advance(HOURS)
    scene.record(scene.row(asked, 1))
    [supplement] = written(scene)
    assert (supplement.name, supplement.source) == ("Z 0001/1", "statement abababab")
    assert supplement.at == scene.harness.clock.corrected()
    assert (supplement.since, supplement.until) == (DAY.first, DAY.last)
    assert supplement.told == {RowOutcome.SETTLES: KES_100}
    assert at(supplement) == {code(1): (RowOutcome.SETTLES, asked.number, 100)}
    assert supplement.counts_in == (CountsIn(2, 1, 100, 0),)
    assert (supplement.agrees, supplement.more) == (False, 0)
    assert scene.till.days.named(before) == closed, "no total is another one"
    opened = scene.till.days.open()
    assert opened
    assert (opened.number, opened.figures.received, opened.figures.late) == (2, 100, 1)
    assert lines(scene) == ["Z 0001/1"]


def test_of_two_closed_days_each_says_where_its_own_money_counts(scene: Scene) -> None:
    rows = []
    for number in (1, 2):
        rows.append(scene.row(scene.sold(number), number))
        close(scene)
    scene.record(*rows)
    assert [each.counts_in for each in written(scene)] == [(CountsIn(3, 1, 100, 0),)] * 2


def test_what_was_before_days_were_closed_has_no_supplement(scene: Scene) -> None:
    held, other = scene.held(1), scene.held(2)
    with scene.harness.database.write() as transaction:
        zero = {"number": 0, "at": START + timedelta(hours=1), "till": "", "owner": False, "report": "{}"}
        sums = dict.fromkeys(("last_payment_id", "received", "refunded", "returned"), 0)
        transaction._connection.execute(t.day_close.insert().values(zero | sums))
    scene.record(scene.row(held, 1), scene.row(other, 2, amount=Decimal(90)))
    assert written(scene) == []


def test_money_without_a_prompt_is_named_on_the_closed_day(scene: Scene) -> None:
    scene.held(1)
    close(scene)
    scene.record(a_row(START + timedelta(seconds=20), 900), a_row(START + timedelta(seconds=30), 901))
    [supplement] = written(scene)
    assert supplement.told[RowOutcome.UNPROMPTED] == ToldSum(2, 20_000)
    assert at(supplement)[code(900)] == (RowOutcome.UNPROMPTED, None, None)


def test_a_record_that_agrees_says_so(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    row = scene.row(held, 1)
    fee = replace(row, kind=RowKind.FEE, amount=Decimal("0.55"), incoming=False, reason="Pay merchant Charge")
    scene.record(row, fee)
    [supplement] = written(scene)
    assert supplement.told == {RowOutcome.AGREES: KES_100, RowOutcome.FEE: ToldSum(1, 55)}
    assert (supplement.agrees, supplement.rows, supplement.counts_in) == (True, (), ())


def test_the_same_again_and_what_is_known_already_write_none(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    for digest in (DIGEST, DIGEST, "cd" * 32):
        scene.record(scene.row(held, 1), digest=digest)
    assert [each.name for each in written(scene)] == ["Z 0001/1"]
    more = a_row(START + timedelta(seconds=20), 900)
    scene.record(scene.row(held, 1), more, digest="ef" * 32)
    assert [each.name for each in written(scene)] == ["Z 0001/1", "Z 0001/2"]
    assert written(scene)[1].told == {RowOutcome.UNPROMPTED: KES_100}


def test_what_is_of_the_open_day_is_explained_by_its_own_close(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    later = scene.held(2)
    scene.record(scene.row(later, 2), covered=Period(later.created_at, later.created_at + timedelta(minutes=1)))
    assert written(scene) == []
    scene.record(scene.row(held, 1), scene.row(later, 2), digest="cd" * 32)
    [supplement] = written(scene)
    assert (supplement.name, supplement.told) == ("Z 0001/1", {RowOutcome.AGREES: KES_100})


def test_a_shop_that_has_closed_nothing_has_no_supplements(scene: Scene) -> None:
    scene.record(scene.row(scene.held(1), 1))
    scene.record(digest="cd" * 32)
    assert written(scene) == []


def test_each_closed_day_has_its_own(scene: Scene) -> None:
    rows: list[StatementRow] = []
    for number in range(4):
        rows.append(scene.row(scene.held(number), number))
        close(scene)
    scene.record(*rows)
    assert [each.name for each in written(scene)] == [f"Z 000{number}/1" for number in range(1, 5)]
    assert all(each.told == {RowOutcome.AGREES: KES_100} for each in written(scene))
    assert lines(scene) == [each.name for each in written(scene)]
    assert scene.till.days.supplements(2, 3) == written(scene)[1:3]


def test_what_m_pesa_has_not_is_said_once_by_the_record_that_finds_it(scene: Scene) -> None:
    held, gone = scene.held(1), scene.held(2)
    close(scene)
    scene.harness.clock.advance(HOURS)
    scene.record(scene.row(held, 1))
    [supplement] = written(scene)
    assert supplement.told == {RowOutcome.AGREES: KES_100, RowOutcome.DIFFERS: KES_100}
    [row] = supplement.rows
    assert (row.receipt, row.cents, row.payment, row.ours) == ("", None, gone.number, 100)
    scene.record(scene.row(held, 1), a_row(START + timedelta(seconds=20), 900), digest="cd" * 32)
    assert written(scene)[1].told == {RowOutcome.UNPROMPTED: KES_100}


def test_another_amount_and_what_went_back_are_named(scene: Scene) -> None:
    other, back = scene.held(1), scene.held(2)
    close(scene)
    row = scene.row(back, 2)
    scene.record(scene.row(other, 1, amount=Decimal(90)), row, reversal(row))
    [supplement] = written(scene)
    assert at(supplement) == {
        code(1): (RowOutcome.DIFFERS, other.number, 100),
        "UKR0000001": (RowOutcome.REVERSAL, back.number, 100),
    }
    assert supplement.counts_in == (CountsIn(2, 1, 0, 100),)


def test_what_a_second_record_makes_of_a_row_is_explained_then(scene: Scene) -> None:
    """Without its payment in the books a row is nobody's; a record that is read again later finds it."""
    asked = scene.sold(1)
    row = scene.row(asked, 1)
    close(scene)
    scene.record(replace(row, phone=""), covered=Period(row.at, row.at))
    assert written(scene)[0].told == {RowOutcome.UNPROMPTED: KES_100}
    scene.record(row, digest="cd" * 32)
    assert written(scene)[1].told == {RowOutcome.SETTLES: KES_100}
    assert written(scene)[1].counts_in == (CountsIn(2, 1, 100, 0),)


def test_what_cannot_be_read_is_counted_where_there_is_a_supplement(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    moment = START + timedelta(seconds=10)
    unread = (unreadable(moment, amount=Decimal(50)), unreadable(moment), unreadable(None))
    statement = replace(of(scene.row(held, 1)), unreadable=unread)
    scene.recording.record(statement, DIGEST, PASSPHRASE)
    assert written(scene)[0].told[RowOutcome.UNREADABLE] == ToldSum(2, 5_000)
    scene.recording.record(statement, "cd" * 32, PASSPHRASE)
    assert len(written(scene)) == 1


def test_ended_in_the_middle_and_run_again_it_says_the_whole(harness: TillHarness) -> None:
    scene = Scene(harness, most=1)
    rows = [scene.row(scene.sold(number), number) for number in range(4)]
    close(scene)
    cancel = Cancel()

    def stop(done: int, of: int) -> None:
        if done == 2:
            cancel.cancel()

    with pytest.raises(Cancelled):
        scene.record(*rows, told=stop, cancel=cancel)
    assert written(scene) == []
    close(scene)  # what was settled until then is in this one
    scene.record(*rows)
    [first] = written(scene)
    assert first.told == {RowOutcome.SETTLES: ToldSum(4, 40_000)}
    assert first.counts_in == (CountsIn(2, 2, 200, 0), CountsIn(3, 2, 200, 0))


def test_what_a_file_ended_in_the_middle_had_brought_is_told_by_the_next(harness: TillHarness) -> None:
    """It was in no supplement until that very file was recorded again."""
    scene = Scene(harness, most=1)
    rows = [scene.row(scene.sold(number), number) for number in range(4)]
    close(scene)
    cancel = Cancel()

    def stop(done: int, of: int) -> None:
        if done == 3:
            cancel.cancel()

    with pytest.raises(Cancelled):
        scene.record(*rows, told=stop, cancel=cancel)
    close(scene)  # what was settled until then is in this one
    scene.record(*rows, digest="cd" * 32)
    [first] = written(scene)
    assert first.told == {RowOutcome.SETTLES: ToldSum(4, 40_000)}
    assert first.counts_in == (CountsIn(2, 3, 300, 0), CountsIn(3, 1, 100, 0))
    scene.record(*rows)
    assert written(scene) == [first], "each row once"


def test_more_than_is_named_is_counted(scene: Scene) -> None:
    scene.held(1)
    close(scene)
    rows = [a_row(START + timedelta(seconds=10), number) for number in range(100, 250)]
    scene.record(*rows, covered=Period(START, START + timedelta(seconds=30)))
    [supplement] = written(scene)
    assert (len(supplement.rows), supplement.more) == (100, 50)


def test_what_is_pulled_is_explained_in_nobodys_name(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    scene.recording.record_pulled(of(scene.row(held, 1)), DIGEST)
    assert written(scene)[0].source == "pull abababab"
    [line] = [line for line in scene.till.reader.audit(99) if line.subject == "supplement Z 0001/1"]
    assert (line.operator, line.owner) == (None, False)


def test_a_record_without_a_period_says_none(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    scene.recording.record(of(scene.row(held, 1), covered=None), DIGEST, PASSPHRASE)
    assert (written(scene)[0].since, written(scene)[0].until) == (None, None)


def test_rule_16_supplements_are_sums(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    scene.record(scene.row(held, 1))
    hire(scene.till)
    stand(scene.till, Role.OPERATOR)
    assert len(written(scene)) == 1
    scene.till.operators.allow({Act.TOTALS: False}, PASSPHRASE)
    assert written(scene) == []


def test_who_may_not_record_any_more_ends_nothing(scene: Scene) -> None:
    held = scene.held(1)
    close(scene)
    supervisor = next(each for each in hire(scene.till) if each.role is Role.SUPERVISOR)
    stand(scene.till, Role.SUPERVISOR)

    def switched_off(done: int, of: int) -> None:
        scene.till.operators.change(supervisor, active=False, passphrase=PASSPHRASE)

    with pytest.raises(BadInput):
        scene.recording.record(of(scene.row(held, 1)), DIGEST, told=switched_off)
    assert written(scene) == []


def test_what_asks_nobody_for_a_look_is_read_in_sum_however_much_it_is(scene: Scene) -> None:
    """A hundred thousand rows of it held everybody up for a second and more."""
    paid, asked = scene.held(1), scene.sold(2)
    close(scene)
    scene.record(scene.row(paid, 1), scene.row(asked, 2))
    with scene.harness.database.write() as transaction:
        named = transaction.brought_rows(1, DAY.first, DAY.last)
        sums = transaction.brought_sums(1, DAY.first, DAY.last)
    assert [row.outcome for row in named] == [RowOutcome.SETTLES]
    assert sums == {RowOutcome.AGREES: KES_100}
    assert [supplement.told for supplement in written(scene)] == [
        {RowOutcome.SETTLES: KES_100, RowOutcome.AGREES: KES_100}
    ]
