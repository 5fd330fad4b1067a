"""Money without a prompt, whatever comes in whatever order: bound, undone, named, refunded, claimed by a late callback,
recorded again, closed. What must hold is looked at after each step.
"""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta
from random import Random

import pytest

from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.payment import NOT_PAID_STATES, Payment, Remark, State
from pos_app.domain.refund import is_anothers, refundable
from pos_app.domain.search import Search
from pos_app.domain.statement_row import StatementRow
from pos_app.domain.unprompted import CLOCKS, NAMES, NEAR, RowWord, Standing, Unprompted, fits_phone
from pos_app.errors import BadInput
from pos_app.sales.bind_checks import PromptSeen
from pos_app.sales.owner import MoneyBack
from tests.sales.test_binding import Money
from tests.sales.test_recording import code, of, reversal
from tests.support.builders import end, failure, prompt, sell, success, tell
from tests.support.staff import PASSPHRASE
from tests.support.till_harness import TillHarness

STEPS = 30
CUSTOMERS = range(1, 4)


class Play:
    """One shop and what happens to it, by chance."""

    def __init__(self, harness: TillHarness, seed: int) -> None:
        self.shop = Money(harness)
        self.random = Random(seed)
        self.rows = 0
        self.closed = 0
        self.acts: list[Callable[[], object]] = [
            self.come, self.come, self.bind, self.bind, self.bind, self.undo, self.name, self.take_back, self.refund,
            self.refund_bound, self.ask, self.late_callback, self.late_query, self.claim, self.again, self.reverse,
            self.close, self.identify, self.identify,
        ]  # fmt: skip

    def step(self) -> None:
        self.shop.harness.clock.advance(self.random.choice((1, 60, 3_600)))
        with suppress(BadInput):  # refused in words
            self.random.choice(self.acts)()
        self.look()

    def come(self) -> None:
        self.rows += 1
        amount, customer = self.random.choice((50, 100, 130)), self.random.choice(CUSTOMERS)
        self.record(self.shop.listed(100 + self.rows, amount, phone=self.random.choice((f"071****{customer:03}", ""))))

    def bind(self) -> None:
        money = self.random.choice(self.shop.all() or [None])
        if money is not None:
            post = self.random.choice((self.shop.post, self.shop.tea))
            customer = self.random.choice(CUSTOMERS)
            try:
                self.shop.bind(money, customer, ChargeLine(post))
            except PromptSeen as seen:
                despite = frozenset(payment.id for payment in seen.payments)
                self.shop.bind(money, customer, ChargeLine(post), despite=despite)

    def identify(self) -> None:
        """A prompt that ended, its money without a name, and a person who says that it is that one."""
        asked = self.one_of(lambda payment: payment.state in NOT_PAID_STATES and Remark.BOUND not in payment.remarks)
        self.rows += 1
        at = asked.created_at + timedelta(minutes=self.random.choice((5, 6, 9)))
        row = self.shop.listed(100 + self.rows, asked.amount, phone="", at=at)
        self.record(row)
        for money in self.shop.all():
            if money.receipt == row.receipt:
                self.shop.till.binding.identify(money, self.shop.now(asked), PASSPHRASE)

    def undo(self) -> None:
        self.shop.unbind(self.one_of(lambda payment: bool(payment.remarks & {Remark.BOUND, Remark.IDENTIFIED})))

    def name(self) -> None:
        seen = self.random.choice(self.shop.all(self.random.choice(list(Standing))) or [None])
        if seen is not None:
            self.shop.till.binding.name(seen, self.random.choice(NAMES), "", PASSPHRASE)

    def take_back(self) -> None:
        seen = self.random.choice(self.shop.all(Standing.NAMED) or [None])
        if seen is not None:
            self.shop.till.binding.name(seen, RowWord.NONE, "", PASSPHRASE)

    def refund(self) -> None:
        payment = self.one_of(lambda payment: payment.state is State.PAID)
        self.rows += 1
        back = MoneyBack(amount=str(self.random.choice((10, 50))), code=f"UKR{self.rows:07}", why="some of it")
        self.shop.till.owner.refund(payment, PASSPHRASE, back)

    def refund_bound(self) -> None:
        """All of what was bound, or some of it, goes back."""
        payment = self.one_of(lambda payment: Remark.BOUND in payment.remarks and refundable(payment) > 0)
        self.rows += 1
        amount = self.random.choice((10, refundable(payment)))
        back = MoneyBack(amount=str(amount), code=f"UKR{self.rows:07}", why="asked for it")
        self.shop.till.owner.refund(payment, PASSPHRASE, back)

    def ask(self) -> None:
        self.rows += 1
        phone = self.shop.phone(self.random.choice(CUSTOMERS))
        payment = sell(self.shop.harness, self.shop.post, phone, f"ask {self.rows}")
        if self.random.random() < 0.5:
            end(self.shop.harness, payment, "1032")
        else:
            prompt(self.shop.harness, payment)

    def late_callback(self) -> None:
        """M-PESA gives one of the codes, or a new one, to a payment that was asked for."""
        asked = self.one_of(lambda payment: payment.checkout_request_id is not None and payment.receipt is None)
        number = self.random.randint(100, 101 + self.rows)
        event = self.random.choice((success(asked, receipt=code(number)), failure(asked, "1032")))
        tell(self.shop.harness, asked, event)

    def late_query(self) -> None:
        """M-PESA answers that it was paid, and names no code."""
        asked = self.one_of(lambda payment: payment.checkout_request_id is not None and payment.receipt is None)
        end(self.shop.harness, asked, "0")

    def claim(self) -> None:
        """M-PESA gives the code of money that somebody has bound to a payment that was asked for."""
        asked = self.one_of(lambda payment: payment.checkout_request_id is not None and payment.receipt is None)
        bound = self.random.choice(self.shop.all(Standing.BOUND) or [None])
        if bound is not None:
            tell(self.shop.harness, asked, success(asked, receipt=bound.receipt))

    def again(self) -> None:
        """The same rows in another statement."""
        self.record(self.shop.listed(100 + self.random.randint(1, max(1, self.rows))))

    def reverse(self) -> None:
        number = 100 + self.random.randint(1, max(1, self.rows))
        self.rows += 1
        self.record(reversal(self.shop.listed(number), f"UKQ{self.rows:07}"))

    def record(self, row: StatementRow) -> None:
        self.shop.recording.record(of(row, covered=None), f"{self.random.getrandbits(64):064x}", PASSPHRASE)

    def close(self) -> None:
        self.shop.till.days.close(self.closed + 1, PASSPHRASE)
        self.closed += 1

    def one_of(self, wanted: Callable[[Payment], bool]) -> Payment:
        found = [payment for payment in self.payments() if wanted(payment)]
        if not found:
            raise BadInput("none")
        return self.random.choice(found)

    def payments(self) -> list[Payment]:
        return self.shop.till.reader.search(Search(limit=1_000))

    def work_off(self) -> None:
        """Whoever goes through the list at last finds a way with everything: a shilling that came once counts once, and
        one that went back went back of whose money it was.
        """
        gone = sum(payment.refunded for payment in self.payments())
        for sale in filter(is_anothers, self.payments()):
            [code] = [money.receipt for money in self.shop.all(Standing.BOUND) if money.payment_id == sale.id]
            [holder] = [payment for payment in self.payments() if payment.receipt == code]
            fits = sale.refunded <= refundable(holder)
            with nullcontext() if fits or not sale.refunded else pytest.raises(BadInput, match=holder.number):
                assert self.shop.unbind(sale).refunded == 0
                assert self.shop.now(holder).refunded == holder.refunded + sale.refunded
            self.look()
        assert sum(payment.refunded for payment in self.payments()) == gone
        left = [payment for payment in self.payments() if is_anothers(payment)]
        assert all(payment.refunded for payment in left), left

    def is_told(self, asked: Payment, money: Unprompted, sale: Payment) -> bool:
        """Whether somebody is told at once where a payment that has no code may count the money of a sale, too: as it
        is bound, or as the payment turns out to be paid. What was paid before a person said whose the money is
        (`closed_at` of the sale) is looked at then, and only where its prompt fits the money's time.
        """
        by_word = asked.remarks & {Remark.BOUND, Remark.IDENTIFIED}  # without a code it is *code_lost*, which is told
        codeless = asked.state is State.PAID and asked.receipt is None and not by_word
        fits = not money.lost and asked.amount == money.amount and fits_phone(money, asked.phone)
        near = -CLOCKS <= money.at - asked.created_at <= NEAR
        after = asked.closed_at is not None and sale.closed_at is not None and asked.closed_at > sale.closed_at
        return not (codeless and fits and near and after) or bool(asked.remarks & {Remark.OTHER_PAID, Remark.DOUBLE})

    def look(self) -> None:
        payments = {payment.id: payment for payment in self.payments()}
        for payment in payments.values():
            unbound = bool(payment.remarks & {Remark.UNBOUND, Remark.UNIDENTIFIED}) and payment.state is not State.PAID
            assert payment.granted is (payment.state is State.PAID or unbound), payment
            assert not (unbound and (payment.gives_access or payment.receipt or payment.amount_paid)), payment
            assert payment.refunded <= payment.received
        codes = [payment.receipt for payment in payments.values() if payment.receipt]
        assert len(codes) == len(set(codes))
        bound = self.shop.all(Standing.BOUND)
        assert len({money.payment_id for money in bound}) == len(bound)
        for money in bound:
            sale = payments[money.payment_id or 0]
            assert sale.remarks & {Remark.BOUND, Remark.IDENTIFIED}
            assert sale.state is State.PAID
            assert money.lost is (sale.receipt != money.receipt)
            for asked in payments.values():
                assert self.is_told(asked, money, sale), (asked, sale)
        held = {payment.receipt for payment in payments.values()}
        assert not held & set(self.shop.waiting())
        paid = [payment for payment in payments.values() if payment.state is State.PAID]
        closes = self.shop.till.reader.day_closes(1_000)
        in_closes = sum(close.report.figures.received - close.report.figures.refunded for close in closes)
        assert in_closes + self.shop.in_closes() == sum(payment.received - payment.refunded for payment in paid)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_no_shilling_is_sold_twice_and_none_is_lost(harness: TillHarness, seed: int) -> None:
    play = Play(harness, seed)
    for _ in range(STEPS):
        play.step()
    play.work_off()


@pytest.mark.parametrize("seed", range(100, 160))
def test_the_same_many_times(harness: TillHarness, seed: int) -> None:
    play = Play(harness, seed)
    for _ in range(3 * STEPS):
        play.step()
    play.work_off()
