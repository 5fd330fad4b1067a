"""What is matched, by a plain oracle beside it; and that no order of rows, files or payments changes anything."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.booked import Booked, BookedRefund, ShopBooks, is_by_hand
from pos_app.domain.payment import Source, State
from pos_app.domain.statement_comparison import Compared, Comparison, RowOutcome, check_short_code, compare
from pos_app.domain.statement_record import CONTRADICTION, put_together
from pos_app.domain.statement_row import Period, RowKind, Statement, StatementRow, UnreadRow
from pos_app.errors import BadInput
from tests.support.statement_rows import a_payment_row

PUSHED = datetime(2026, 11, 23, 3, 4, tzinfo=UTC)
COVERED = Period(PUSHED - timedelta(hours=6), PUSHED + timedelta(hours=6))
AMINA, BARAKA = "254708374366", "254711000222"
ROW = a_payment_row(PUSHED + timedelta(seconds=20), phone="070****366")
PAYMENT = Booked(
    id=1,
    phone=AMINA,
    amount=100,
    received=100,
    state=State.UNKNOWN,
    by_hand=False,
    receipt=None,
    receipt_by=None,
    reference="",
    pushed_at=PUSHED,
)
PAID = replace(PAYMENT, state=State.PAID)
HELD = replace(PAID, receipt=ROW.receipt, receipt_by=Source.MPESA)
REVERSAL = replace(
    ROW, receipt="UKN8REV111", at=ROW.at + timedelta(hours=1), kind=RowKind.REVERSAL, incoming=False, linked=ROW.receipt
)


def statement(*rows: StatementRow | UnreadRow, covered: Period | None = COVERED) -> Statement:
    read = tuple(row for row in rows if isinstance(row, StatementRow))
    unread = tuple(row for row in rows if isinstance(row, UnreadRow))
    return Statement(short_code="3700001", period=covered, covered=covered, rows=read, unreadable=unread)


def look(
    rows: Iterable[StatementRow | UnreadRow],
    payments: Sequence[Booked],
    refunds: Sequence[BookedRefund] = (),
    *,
    paybill: bool = False,
    covered: Period | None = COVERED,
) -> Comparison:
    return compare([statement(*rows, covered=covered)], ShopBooks(payments, refunds), paybill=paybill)


def outcome(
    row: StatementRow, payment: Booked, *more: StatementRow | UnreadRow | Booked, paybill: bool = False
) -> RowOutcome:
    """What becomes of a row beside a payment, with more of either."""
    rows = [row, *(one for one in more if not isinstance(one, Booked))]
    found = look(rows, [payment, *(one for one in more if isinstance(one, Booked))], paybill=paybill)
    [line] = [line for line in found.lines if line.row and line.row.key == row.key]
    return line.outcome


def test_a_row_that_we_hold_agrees_and_is_not_listed() -> None:
    found = look([ROW], [HELD])
    assert (found.lines, found.agrees, found.asks, found.ahead) == ((), 1, False, 20.0)
    assert found.counts == {RowOutcome.AGREES: 1}


def test_a_row_fills_the_code_of_what_is_paid_and_settles_what_is_not() -> None:
    [line] = look([ROW], [PAID]).lines
    assert (line.outcome, line.payment_id, line.amount, line.asks) == (RowOutcome.FILLS, 1, Decimal(100), False)
    for state in (State.REQUESTED, State.PROMPTED, State.UNKNOWN, State.CANCELLED, State.DECLINED, State.EXPIRED):
        assert outcome(ROW, replace(PAYMENT, state=state)) is RowOutcome.SETTLES


@pytest.mark.parametrize(
    "payment",
    [
        replace(PAYMENT, state=State.NOT_SENT),  # no prompt, so none that asked for the money
        replace(PAYMENT, state=State.REVIEW),
        replace(PAYMENT, state=State.DECLINED, by_hand=True),
        replace(PAID, by_hand=True),
        replace(PAID, received=99),
        replace(PAYMENT, phone="erased #1 …366"),
        replace(PAYMENT, amount=101),
        replace(PAYMENT, phone=BARAKA),
        replace(PAYMENT, pushed_at=ROW.at + timedelta(seconds=11)),
        replace(PAYMENT, pushed_at=ROW.at - timedelta(seconds=301)),
    ],
)
def test_what_does_not_surely_fit_is_for_a_person(payment: Booked) -> None:
    assert outcome(ROW, payment) is RowOutcome.UNPROMPTED


def test_what_the_owner_only_closed_is_not_decided() -> None:
    assert is_by_hand(State.PAID, by_owner=True, code_lost=False)
    assert is_by_hand(State.PAID, by_owner=False, code_lost=True)
    assert not is_by_hand(State.EXPIRED, by_owner=True, code_lost=False)


@pytest.mark.parametrize("seconds", [-300, 10])
def test_the_bounds_of_time_belong_to_it(seconds: int) -> None:
    payment = replace(PAYMENT, pushed_at=ROW.at + timedelta(seconds=seconds))
    assert outcome(ROW, payment) is RowOutcome.SETTLES


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, reason="Merchant to Merchant"),
        replace(ROW, phone=""),
        replace(ROW, phone="0****66"),
        replace(ROW, at=PUSHED - timedelta(seconds=30), within=59),  # a minute that begins too early
        replace(ROW, at=PUSHED + timedelta(seconds=270), within=59),
    ],
)
def test_what_cannot_all_be_seen_is_for_a_person_with_its_candidates(row: StatementRow) -> None:
    [line] = look([row], [PAYMENT]).lines
    assert (line.outcome, line.candidates, line.payment_id, line.asks) == (RowOutcome.UNPROMPTED, (1,), None, True)


def test_a_minute_that_fits_whole_is_as_good_as_a_second() -> None:
    assert outcome(replace(ROW, at=PUSHED, within=59), PAYMENT) is RowOutcome.SETTLES


@pytest.mark.parametrize(
    "rival",
    [
        replace(ROW, receipt="UKN1AAAA22"),
        replace(ROW, receipt="UKN1AAAA22", at=PUSHED + timedelta(seconds=200), reason="Sell Airtime"),
        replace(PAYMENT, id=2),
        replace(PAYMENT, id=2, phone="254709999366"),  # the digits that are seen are the same
        replace(PAYMENT, id=2, state=State.NOT_SENT),
        replace(PAID, id=2, receipt="UKN1AAAA22", receipt_by=Source.OWNER),
        UnreadRow(line=9, fault="?"),
        UnreadRow(line=9, fault="?", receipt="UKN1AAAA22", phone="070****366", amount=Decimal(100)),
        UnreadRow(line=9, fault="?", phone="070****366", at=ROW.at),
    ],
)
def test_a_rival_of_either_side_leaves_it_to_a_person(rival: StatementRow | UnreadRow | Booked) -> None:
    assert outcome(ROW, PAYMENT, rival) is RowOutcome.UNPROMPTED


@pytest.mark.parametrize(
    "other",
    [
        replace(ROW, receipt="UKN1AAAA22", amount=Decimal(250)),
        replace(ROW, receipt="UKN1AAAA22", phone="071****366"),
        replace(ROW, receipt="UKN1AAAA22", kind=RowKind.NOT_MOVED),
        replace(PAYMENT, id=2, phone=BARAKA),
        replace(PAID, id=2, receipt="UKN1AAAA22", receipt_by=Source.MPESA),  # it is explained
        UnreadRow(line=9, fault="?", amount=Decimal(0)),
        UnreadRow(line=9, fault="?", phone="070****367"),
        UnreadRow(line=9, fault="?", at=PUSHED + timedelta(seconds=301)),
        UnreadRow(line=9, fault="?", at=PUSHED - timedelta(seconds=100), within=59),
        UnreadRow(line=9, fault="?", receipt=ROW.receipt),
    ],
)
def test_what_cannot_be_meant_hinders_nothing(other: StatementRow | UnreadRow | Booked) -> None:
    assert outcome(ROW, PAYMENT, other) is RowOutcome.SETTLES


def test_where_much_cannot_be_read_nothing_is_certain() -> None:
    many = [UnreadRow(line=line, fault="?", phone="070****999") for line in range(1_001)]
    assert outcome(ROW, PAYMENT, *many[1:]) is RowOutcome.SETTLES
    assert outcome(ROW, PAYMENT, *many) is RowOutcome.UNPROMPTED


def test_on_a_paybill_the_account_is_the_reference_of_the_payment() -> None:
    row = replace(ROW, reason="Pay Bill Online", account="POST_2_1")
    payment = replace(PAYMENT, reference="POST_2_1")
    assert outcome(row, payment, paybill=True) is RowOutcome.SETTLES
    assert outcome(replace(row, account=""), payment, paybill=True) is RowOutcome.UNPROMPTED
    assert outcome(row, replace(payment, reference="POST_3_1"), paybill=True) is RowOutcome.UNPROMPTED
    assert outcome(row, payment) is RowOutcome.UNPROMPTED  # a till has no such rows
    assert outcome(ROW, payment, paybill=True) is RowOutcome.UNPROMPTED
    # Two that only the reference tells apart.
    assert outcome(row, payment, replace(payment, id=2, reference="POST_3_1"), paybill=True) is RowOutcome.SETTLES


def test_outside_of_what_a_file_covers_nothing_is_concluded() -> None:
    for covered in (
        None,
        Period(PUSHED - timedelta(seconds=9), COVERED.last),
        Period(COVERED.first, PUSHED + timedelta(seconds=299)),
    ):
        [line] = look([ROW], [PAYMENT], covered=covered).lines
        assert line.outcome is RowOutcome.UNPROMPTED
        assert look([], [HELD], covered=covered).lines == ()
    exact = Period(PUSHED - timedelta(seconds=10), PUSHED + timedelta(seconds=300))
    assert look([ROW], [PAYMENT], covered=exact).lines[0].outcome is RowOutcome.SETTLES


def test_ours_that_is_paid_and_not_there_differs() -> None:
    for payment, receipt in ((HELD, ROW.receipt), (PAID, "")):
        [line] = look([], [payment]).lines
        assert line == Compared(
            outcome=RowOutcome.DIFFERS, receipt=receipt, at=PUSHED, amount=Decimal(100), payment_id=1, asks=True
        )
    assert look([], [PAYMENT]).lines == ()  # nobody says that it was paid
    assert [line.outcome for line in look([UnreadRow(line=9, fault="?")], [HELD]).lines] == [RowOutcome.UNREADABLE]
    # One of two rows may be it: they are listed, it is not missing.
    both = look([ROW, replace(ROW, receipt="UKN1AAAA22")], [PAID]).lines
    assert [line.outcome for line in both] == [RowOutcome.UNPROMPTED] * 2


def test_another_amount_differs() -> None:
    [line] = look([replace(ROW, amount=Decimal("100.5"))], [HELD]).lines
    assert (line.outcome, line.payment_id, line.amount) == (RowOutcome.DIFFERS, 1, Decimal("100.5"))


def test_a_code_by_hand_agrees_where_nothing_contradicts_it() -> None:
    by_hand = replace(HELD, receipt_by=Source.OWNER, by_hand=True)
    assert look([ROW], [by_hand]).agrees == 1
    assert look([ROW], [by_hand]).ahead is None  # no word of M-PESA's that clocks could be compared by
    assert outcome(ROW, replace(by_hand, phone=BARAKA)) is RowOutcome.DIFFERS
    # It may be another's: neither is taken by itself.
    assert outcome(ROW, replace(by_hand, phone=BARAKA), replace(PAYMENT, id=2)) is RowOutcome.DIFFERS
    # Where its own row is there, it is no rival of another row.
    mine = replace(ROW, receipt="UKN1AAAA22")
    assert outcome(ROW, PAYMENT, replace(by_hand, id=2, receipt=mine.receipt), mine) is RowOutcome.SETTLES


def test_a_payment_under_the_code_of_a_refund_differs() -> None:
    [line] = look([ROW], [PAYMENT], [BookedRefund(7, ROW.receipt, 100)]).lines
    assert (line.outcome, line.payment_id) == (RowOutcome.DIFFERS, 7)


def test_money_without_a_payment_is_unprompted_with_its_sum() -> None:
    found = look([ROW, replace(ROW, receipt="UKN1AAAA22", amount=Decimal("0.5"))], [])
    assert found.unprompted == Decimal("100.5")
    assert found.asks
    assert [line.candidates for line in found.lines] == [(), ()]


def test_candidates_are_the_nearest_of_a_day_first() -> None:
    early = [replace(PAYMENT, id=9 - hours, pushed_at=ROW.at - timedelta(hours=hours)) for hours in range(1, 9)]
    [line] = look([ROW], early).lines
    assert line.candidates == (8, 7, 6, 5, 4)


def test_a_reversal_is_no_payment_and_asks_where_no_refund_is_recorded() -> None:
    lines = {line.outcome: line for line in look([ROW, REVERSAL], [PAYMENT]).lines}
    assert lines[RowOutcome.UNPROMPTED].candidates == (1,)
    assert (lines[RowOutcome.REVERSAL].payment_id, lines[RowOutcome.REVERSAL].asks) == (None, True)
    [line] = look([ROW, REVERSAL], [HELD]).lines
    assert (line.payment_id, line.asks, line.amount) == (1, True, Decimal(-100))


@pytest.mark.parametrize(
    ("refund", "payment", "payment_id", "asks"),
    [
        (BookedRefund(1, REVERSAL.receipt, 100), HELD, 1, False),
        (BookedRefund(1, REVERSAL.receipt, 99), HELD, 1, True),
        (BookedRefund(2, REVERSAL.receipt, 100), HELD, 1, True),
        (BookedRefund(2, REVERSAL.receipt, 100), PAYMENT, 2, False),
    ],
)
def test_a_reversal_is_joined_to_its_payment_and_its_refund(
    refund: BookedRefund, payment: Booked, payment_id: int, asks: bool
) -> None:
    [line] = look([REVERSAL], [payment], [refund], covered=None).lines
    assert (line.outcome, line.payment_id, line.asks) == (RowOutcome.REVERSAL, payment_id, asks)


def test_a_reversal_of_what_the_shop_sent_is_a_persons() -> None:
    back = replace(REVERSAL, incoming=True)
    [line] = look([back], [], [BookedRefund(1, REVERSAL.receipt, 100)]).lines
    assert (line.amount, line.asks) == (Decimal(100), True)


def test_fees_and_sweeps_need_nobody() -> None:
    fee = replace(ROW, kind=RowKind.FEE, incoming=False, amount=Decimal("0.55"), details="Pay merchant Charge")
    found = look([fee, replace(ROW, receipt="UKNSZ4CQV5", kind=RowKind.SWEEP, incoming=False), ROW], [HELD])
    assert found.counts == {RowOutcome.FEE: 1, RowOutcome.SWEEP: 1, RowOutcome.AGREES: 1}
    assert (found.asks, found.unprompted) == (False, Decimal(0))


def test_a_row_that_cannot_be_read_is_named_by_its_line() -> None:
    [line] = look([UnreadRow(line=9, fault="no amount", receipt="UKN1AAAA22", at=ROW.at)], []).lines
    assert (line.outcome, line.line, line.fault, line.amount, line.asks) == (
        RowOutcome.UNREADABLE, 9, "no amount", None, True,
    )  # fmt: skip


def test_the_clock_is_checked_by_what_both_have() -> None:
    def apart(*seconds: float) -> Comparison:
        rows = [replace(ROW, receipt=f"UKN0000{n:03}", at=PUSHED + timedelta(seconds=s)) for n, s in enumerate(seconds)]
        return look(rows, [replace(HELD, id=n + 1, receipt=row.receipt) for n, row in enumerate(rows)])

    apart(20, 21, 10_800).check_clock()
    look([ROW], [PAYMENT]).check_clock()
    apart(120).check_clock()
    for seconds, words in ((10_800, "180 minutes later"), (-10_800, "180 minutes earlier"), (121, "2 minutes later")):
        with pytest.raises(BadInput, match=words):
            apart(20, seconds, seconds).check_clock()


def test_the_short_code_is_the_shops() -> None:
    check_short_code(statement(), {"3700001", "174379"})
    with pytest.raises(BadInput, match="short code 3700001, and this till charges for 1 and 2"):
        check_short_code(statement(), {"2", "1"})
    with pytest.raises(BadInput, match="none yet"):
        check_short_code(statement(), set())


def test_a_receipt_twice_with_other_figures_is_one_that_cannot_be_read() -> None:
    for other in (replace(ROW, amount=Decimal(99)), replace(ROW, at=ROW.at + timedelta(seconds=1), line=9)):
        record = put_together([statement(ROW, other)])
        assert (record.rows, record.unread) == ((), (UnreadRow(line=8, fault=CONTRADICTION, receipt=ROW.receipt),))
    minute = replace(ROW, at=PUSHED, within=59)
    assert put_together([statement(minute), statement(ROW)]).rows == (ROW,)


def test_days_that_touch_are_one_time() -> None:
    second, hour = timedelta(seconds=1), timedelta(hours=1)
    days = [Period(PUSHED, PUSHED + hour), Period(PUSHED + hour + second, PUSHED + 2 * hour)]
    assert put_together(statement(covered=day) for day in reversed(days)).covered == (
        Period(PUSHED, PUSHED + 2 * hour),
    )
    inside = Period(PUSHED + second, PUSHED + 2 * second)
    assert put_together(statement(covered=day) for day in (days[0], inside)).covered == (days[0],)
    far = Period(PUSHED + 5 * hour, PUSHED + 6 * hour)
    assert put_together(statement(covered=day) for day in (far, days[0], None)).covered == (days[0], far)


# A small world, in which much looks like something else.
_PHONES = (AMINA, "254709111366", "254708374367", BARAKA, "erased #4 …366")
_MASKS = ("070****366", "25470****366", "254708374366", "070****367", "071****222", "")
_seconds = st.integers(0, 120).map(lambda n: timedelta(seconds=5 * n))
_receipts = st.integers(0, 7).map(lambda n: f"UKN0000{n:03}")
_rows = st.builds(
    replace,
    st.just(ROW),
    receipt=_receipts,
    at=_seconds.map(lambda after: PUSHED + after),
    within=st.sampled_from([0, 0, 0, 59]),
    amount=st.sampled_from([Decimal(100), Decimal(100), Decimal(250)]),
    phone=st.sampled_from(_MASKS),
    reason=st.sampled_from(["Pay Merchant", "Pay Merchant", "Pay Bill Online", "Sell Airtime"]),
    account=st.sampled_from(["", "POST_1_1", "POST_2_1"]),
)
_reversals = st.builds(replace, st.just(REVERSAL), linked=_receipts)
_unread = st.builds(
    UnreadRow,
    line=st.integers(1, 3),
    fault=st.just("?"),
    amount=st.sampled_from([None, Decimal(0), Decimal(100)]),
    phone=st.sampled_from(_MASKS),
)
_booked = st.builds(
    replace,
    st.just(PAYMENT),
    phone=st.sampled_from(_PHONES),
    amount=st.sampled_from([100, 100, 250]),
    state=st.sampled_from([State.UNKNOWN, State.UNKNOWN, State.PAID, State.CANCELLED, State.NOT_SENT, State.REVIEW]),
    by_hand=st.sampled_from([False, False, False, True]),
    receipt=st.one_of(st.none(), st.none(), _receipts),
    reference=st.sampled_from(["POST_1_1", "POST_2_1"]),
    pushed_at=_seconds.map(lambda after: PUSHED + after),
)


def _as_stored(payments: Sequence[Booked]) -> list[Booked]:
    """With ids, each code held once, and only by what can have one."""
    taken: set[str] = set()
    stored = []
    for number, payment in enumerate(payments, 1):
        receipt = payment.receipt if payment.state is State.PAID and payment.receipt not in taken else None
        taken |= {receipt} if receipt else set()
        by = (Source.OWNER if payment.by_hand else Source.MPESA) if receipt else None
        stored.append(replace(payment, id=number, receipt=receipt, receipt_by=by, received=payment.amount))
    return stored


_worlds = st.tuples(
    st.lists(_rows, max_size=8, unique_by=lambda row: row.receipt),
    st.lists(_reversals, max_size=1),
    st.lists(_booked, max_size=6).map(_as_stored),
)


def _oracle(
    rows: Sequence[StatementRow], reversals: Sequence[StatementRow], payments: Sequence[Booked], *, paybill: bool
) -> set[tuple[str, int]]:
    """Issue's own sentence, each row with each payment: in both directions one row fits one payment."""
    ours = {payment.receipt for payment in payments if payment.receipt_by is Source.MPESA}

    def fits(row: StatementRow, payment: Booked) -> bool:
        after = [(moment - payment.pushed_at).total_seconds() for moment in (row.at, row.at + timedelta(0, row.within))]
        sort = ("Pay Bill Online",) if paybill else ("Pay Merchant",)
        return (
            row.amount == payment.amount
            and min(after) >= -10
            and max(after) <= 300
            and _every_visible_digit(row.phone, payment.phone)
            and (not paybill or row.account == payment.reference)
            and row.reason in sort
            and row.receipt not in ours
            and (payment.state is State.PAID or row.receipt not in [one.linked for one in reversals])
            and payment.receipt is None
            and payment.state in (State.UNKNOWN, State.PAID, State.CANCELLED)
            and not payment.by_hand
        )

    pairs = [(row, payment) for row in rows for payment in payments if fits(row, payment)]
    return {
        (row.receipt, payment.id)
        for row, payment in pairs
        if len([1 for other, _ in pairs if other is row]) == 1
        and len([1 for _, other in pairs if other is payment]) == 1
    }


def _every_visible_digit(mask: str, phone: str) -> bool:
    if not mask or phone.startswith("erased"):
        return False
    for number in (phone, "0" + phone[3:]):
        shown = mask.replace("****", "*" * (len(number) - len(mask.replace("*", "")))) if "*" in mask else mask
        if len(shown) == len(number) and all(seen in ("*", digit) for seen, digit in zip(shown, number, strict=True)):
            return True
    return False


def _matched(found: Comparison) -> set[tuple[str, int]]:
    return {
        (line.receipt, line.payment_id)
        for line in found.lines
        if line.outcome in (RowOutcome.FILLS, RowOutcome.SETTLES) and line.payment_id is not None
    }


@given(_worlds, st.booleans(), st.lists(_unread, max_size=1))
def test_nothing_is_matched_that_the_oracle_would_not(
    world: tuple[list[StatementRow], list[StatementRow], list[Booked]], paybill: bool, unread: list[UnreadRow]
) -> None:
    rows, reversals, payments = world
    matched = _matched(look([*rows, *reversals, *unread], payments, paybill=paybill))
    assert matched <= _oracle(rows, reversals, payments, paybill=paybill)


@given(_worlds)
def test_where_all_is_seen_everything_is_matched_that_the_oracle_would(
    world: tuple[list[StatementRow], list[StatementRow], list[Booked]],
) -> None:
    rows, _, payments = world
    rows = [replace(row, reason="Pay Merchant", within=0, phone=row.phone or "070****366") for row in rows]
    payments = [
        replace(
            payment, state=State.UNKNOWN, by_hand=False, phone=AMINA if "erased" in payment.phone else payment.phone
        )
        for payment in payments
        if payment.receipt_by is not Source.OWNER
    ]
    assert _matched(look(rows, payments)) == _oracle(rows, [], payments, paybill=False)


@given(_worlds, st.lists(_unread, max_size=2), st.randoms(use_true_random=False), st.booleans())
def test_neither_order_nor_repetition_changes_anything(
    world: tuple[list[StatementRow], list[StatementRow], list[Booked]],
    unread: list[UnreadRow],
    chance: Random,
    paybill: bool,
) -> None:
    rows, reversals, payments = world
    every: list[StatementRow | UnreadRow] = [*rows, *reversals, *unread]
    expected = look(every, payments, paybill=paybill)
    first, second = ([row for row in every if chance.random() < 0.7] for _ in range(2))
    rest = [row for row in every if row not in first and row not in second]
    files = [statement(*chance.sample(part, len(part))) for part in (first, second, rest, every[:2])]
    again = compare(
        chance.sample(files, len(files)), ShopBooks(chance.sample(payments, len(payments))), paybill=paybill
    )
    assert again == expected


def _recorded(payments: Sequence[Booked], found: Comparison) -> list[Booked]:
    """As they stand once a comparison has been carried out."""
    codes = {payment_id: receipt for receipt, payment_id in _matched(found)}
    return [
        replace(payment, state=State.PAID, receipt=codes[payment.id], receipt_by=Source.MPESA)
        if payment.id in codes
        else payment
        for payment in payments
    ]


@given(_worlds, st.integers(0, 700), st.integers(0, 700))
def test_of_files_that_are_carried_out_the_order_does_not_matter(
    world: tuple[list[StatementRow], list[StatementRow], list[Booked]], until: int, since: int
) -> None:
    """Each file has all rows of its time; the times overlap, or leave a gap."""
    rows, _, payments = world
    early = Period(COVERED.first, PUSHED + timedelta(seconds=until))
    late = Period(PUSHED + timedelta(seconds=since), COVERED.last)
    files = [statement(*[row for row in rows if part.holds(row.at, row.at)], covered=part) for part in (early, late)]

    def carried_out(order: Sequence[Statement]) -> list[Booked]:
        now = list(payments)
        for file in order:
            now = _recorded(now, compare([file], ShopBooks(now), paybill=False))
        return now

    assert carried_out(files) == carried_out(files[::-1]) == carried_out([*files, files[0]])
