"""Opening a payment and prompting the customer: row first, one prompt, ever."""

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.late_answers import could_be_answered
from pos_app.domain.operators import Act, Shift
from pos_app.domain.payment import OPEN_STATES, NewPayment, Payment, Remark, State
from pos_app.domain.payment_event import NotSent, Unanswered
from pos_app.domain.payment_line import prompt_title
from pos_app.domain.push import Push
from pos_app.domain.reference import account_reference
from pos_app.errors import BadInput, CannotSave, Closing, MaybeSaved
from pos_app.sales.ages import Ages
from pos_app.sales.asking_again import AskingAgain, refuse_at_charge
from pos_app.sales.audit import charged
from pos_app.sales.authority import Authority
from pos_app.sales.caution_words import caution_words
from pos_app.sales.ledger import Ledger, address_of
from pos_app.sales.ports import Clock, Gateway, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

GUARD = 150.0  # seconds; how far back the guard looks (rule 13)
WAIT = 120.0  # seconds; M-PESA answers 17 to the same amount for the same phone within two minutes
ADDRESS_BYTES = 20  # 160 bits; in hexadecimal, so that no word M-PESA refuses in an address can appear
WARM_EVERY = 3.0  # seconds; a connection is good for five
LATEST = 10.0  # seconds after Enter in which a prompt may leave: later the customer may be gone (rule 18)
TOO_SLOW = "Saving takes too long: the disk or the server does not answer. Nothing was sent. Try again in a minute."
LATE, CHANGED = "late", "changed"  # why a prompt was held back
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caution:
    """A payment of the same phone that makes another prompt risky.

    Attributes:
        until: asking again is impossible before (UTC); None: it is the operator's choice.
        opened: when the payment was opened, by the clock that `until` is of; None: as the payment says.
    """

    payment: Payment
    until: datetime | None
    opened: datetime | None = None

    @property
    def blocks(self) -> bool:
        """Whether the operator may not go on despite it."""
        return self.until is not None


class _Saved(NamedTuple):
    """A payment that is saved, and the prompt that asks for it."""

    payment: Payment
    push: Push


class _Address(NamedTuple):
    """The address token of a payment, and what the store keeps of it."""

    token: str
    kept: str


class Guarded(BadInput):
    """Another prompt to this phone could charge the customer twice. Nothing was sent, nothing was saved."""

    def __init__(self, cautions: list[Caution], now: datetime) -> None:
        self.cautions = cautions
        first = cautions[0]
        super().__init__(caution_words(first.payment, first.opened, first.until, now))


def _sold(payment: Payment) -> str:
    """What was sold, for the log: `post 4`, `post 4 x2, post 5`."""
    return ", ".join(f"post {line.post_id}{f' x{line.quantity}' * (line.quantity > 1)}" for line in payment.lines)


class Checkout:
    """Charges customers."""

    def __init__(
        self,
        *,
        till: str,
        writer: GroupWriter,
        ledger: Ledger,
        reader: Reader,
        gateway: Gateway,
        clock: Clock,
        executor: Executor,
        authority: Authority,
        make_token: Callable[[], str] = lambda: secrets.token_hex(ADDRESS_BYTES),
        on_typing: Callable[[], None] = lambda: None,
        alone: Callable[[int], AbstractContextManager[bool]] = lambda _: nullcontext(True),
        patience: float = LATEST,
        still_mine: Callable[[Transaction], None] = lambda _: None,
    ) -> None:
        """Takes charges at once.

        Args:
            alone: see `AskingAgain`.
            patience: seconds in which a payment must be saved; what is saved later could not be sent any more.
            still_mine: raises a `PosError` in the transaction where this till's letter is another's by now.
        """
        self._on_typing = on_typing
        self._still_mine = still_mine
        self._patience = patience
        self._till = till
        self._writer = writer
        self._ledger = ledger
        self._reader = reader
        self._gateway = gateway
        self._clock = clock
        self._executor = executor
        self._authority = authority
        self._make_token = make_token
        self._ages = Ages(clock)
        self._asking_again = AskingAgain(
            writer=writer,
            ledger=ledger,
            reader=reader,
            gateway=gateway,
            clock=clock,
            wait_left=self.wait_left,
            alone=alone,
        )
        self._selling = True
        self._warmed: Future[None] | None = None
        self._warm_again = 0.0  # on the monotonic clock
        self._door = threading.Lock()  # what is saved is also sent before the till closes

    def close(self) -> None:
        """Take no more charges. One that is being saved still hands over its prompt first, or has waited too long."""
        self._selling = False  # at once: whoever waits at the door goes away
        with self._door:
            pass

    def cautions(self, phone: str) -> list[Caution]:
        """What the guard sees for this MSISDN: its payments of the last 150 s, and every open one."""
        return self._cautions(self._reader.of_phone(phone, self._ages.since(GUARD)))

    def wait_left(self, payment: Payment) -> float:
        """Seconds until asking the customer of a not-paid payment again is safe; 0 where it is now."""
        return max(0.0, WAIT - self._ages.age(payment)) if could_be_answered(payment) else 0.0

    def charge(self, request: ChargeRequest) -> Payment:
        """Save the payment, then send its prompt from a worker; returns as soon as it is saved.

        Raises:
            SignInNeeded: the shop has operators, and nobody was signed in.
            BadInput: unknown, switched-off or changed post, a `retry_of` that is not known to be unpaid, closing till.
            Guarded: the guard saw a payment that the request does not go past, or that nobody may go past.
            CannotSave: nothing was sent, and nothing was saved; what is saved after all, too late, becomes *not sent*.
        """
        entered = self._clock.since_boot() if request.entered is None else request.entered
        shift = self._authority.shift
        token = self._make_token()
        address = address_of(token)

        def work(transaction: Transaction) -> _Saved:
            return self._open(transaction, request, shift, _Address(token, address))

        def publish(saved: _Saved) -> None:
            self._ages.opened(saved.payment)
            self._ledger.publish_new(saved.payment)

        if self._selling:  # before the door: nobody is held up while M-PESA is asked
            self._asking_again.check_at_charge(request.retry_of)
        if not self._door.acquire(timeout=self._patience):
            raise CannotSave(TOO_SLOW)
        try:
            if not self._selling:
                raise Closing()
            self._writer.check_saving()
            payment, push = self._saved(self._writer.submit(work, after=publish), address)
            _log.info("payment %s saved: %s, KES %d", payment.number, _sold(payment), payment.amount)
            self._ledger.expect(address, payment.number)
            self._hand_over(payment, push, entered)
        finally:
            self._door.release()
        return payment

    def _saved(self, saving: "Future[_Saved]", address: str) -> _Saved:
        """Wait for the commit, not for ever: a disk that hangs must hold up neither the operator nor closing."""
        try:
            return saving.result(self._patience)
        except TimeoutError:
            _log.error("a payment is not saved after %.0f s: nothing is sent for it", self._patience)
            saving.add_done_callback(partial(self._saved_too_late, address))
            raise CannotSave(TOO_SLOW) from None
        except MaybeSaved:
            self._ledger.never_sent(address, NotSent(LATE))
            raise CannotSave(TOO_SLOW) from None

    def _hand_over(self, payment: Payment, push: Push, entered: float) -> None:
        try:
            self._executor.submit(self._send, payment, push, entered)
        except RuntimeError:  # no thread can be started; it is queued all the same, and leaves in time or not at all
            _log.exception("payment %s: its request waits for a thread", payment.number)

    def _saved_too_late(self, address: str, saving: "Future[_Saved]") -> None:
        """Nobody waited for it any more, and its prompt has not left: say so in the row that is there now."""
        if isinstance(saving.exception(), MaybeSaved | None):
            self._ledger.never_sent(address, NotSent(LATE))

    def warm(self) -> None:
        """The operator is typing: have a connection to M-PESA ready. Returns at once; call it as often as you like."""
        if not self._door.acquire(blocking=False):
            return  # a payment is being saved, and makes its own
        try:
            now = self._clock.monotonic()
            if not self._selling or now < self._warm_again or (self._warmed and not self._warmed.done()):
                return
            self._warm_again = now + WARM_EVERY
            with suppress(RuntimeError):  # no thread can be started: a push makes its own connection
                self._warmed = self._executor.submit(self._gateway.warm)
        finally:
            self._door.release()
        self._on_typing()

    def may_ask_again(self, payment: Payment) -> None:
        """Check that a not-paid payment may be asked for again (rule 13); asks M-PESA where the rule says so.

        Raises:
            BadInput: with the reason, and how long to wait.
            CannotSave: what M-PESA answers could not be recorded.
        """
        self._asking_again.check(payment)

    def _open(self, transaction: Transaction, request: ChargeRequest, shift: Shift, address: _Address) -> _Saved:
        self._still_mine(transaction)
        actor = self._authority.admit(transaction, Act.CHARGE, shift)
        posts = transaction.posts([line.post.id for line in request.lines])
        lines = request.sold(posts)  # compared here, where nobody can change a post until this is saved
        if request.retry_of is not None:
            refuse_at_charge(transaction, request.retry_of)
        now = self._clock.corrected()
        cautions = self._cautions(transaction.of_phone(request.msisdn, self._ages.since(GUARD)))
        stops = [caution for caution in cautions if caution.blocks or not request.goes_past(caution.payment)]
        if stops:
            raise Guarded(stops, now)
        ended = {caution.payment.id for caution in cautions if request.past_ended and not caution.payment.state.open}
        payment = transaction.add_payment(
            NewPayment(
                till=self._till,
                lines=lines,
                phone=request.msisdn,
                address=address.kept,
                operator_id=actor.operator_id,
                retry_of=request.retry_of,
                created_at=now,
                despite=request.despite | ended,
            )
        )
        transaction.add_audit([charged(payment, actor)])
        push = Push(
            phone=payment.phone,
            amount=payment.amount,
            reference=account_reference(payment).text(),  # or the charge is refused here
            title=prompt_title(payment.lines),
            address_token=address.token,
        )
        return _Saved(payment, push)

    def _cautions(self, payments: list[Payment]) -> list[Caution]:
        """The ones nobody may go past first."""
        now = self._clock.corrected()
        aged = [(payment, self._ages.age(payment)) for payment in payments]
        cautions = [
            caution_of(payment, now, now - timedelta(seconds=age))
            for payment, age in aged
            if (payment.state.open or age <= GUARD) and Remark.UNBOUND not in payment.remarks
        ]
        return sorted(cautions, key=lambda caution: not caution.blocks)

    def _send(self, payment: Payment, push: Push, entered: float) -> None:
        """The one prompt of this payment. Nothing may stop its outcome from being recorded."""
        _log.info("payment %s: the request goes to M-PESA", payment.number)
        try:
            event = self._gateway.push(push, lambda: self._objection(payment, entered))
        except Exception:  # noqa: BLE001 - an unrecorded push would be worse than any fault
            _log.exception("payment %s: the push failed in our own code", payment.number)
            event = Unanswered(detail="fault in the till")
        self._ledger.record(event, payment)

    def _objection(self, payment: Payment, entered: float) -> str | None:
        """Why the prompt must not leave now: its row is not as it was saved, or it is late (rule 18)."""
        try:
            row = self._reader.payment(payment.id)
        except Exception:  # noqa: BLE001 - what cannot be made sure of does not leave
            _log.exception("payment %s: it cannot be read before its request leaves", payment.number)
            return CHANGED
        if row is None or (row.state, row.version) != (State.REQUESTED, payment.version):
            return CHANGED
        # Last, because reading takes time.
        return LATE if self._clock.since_boot() - entered >= LATEST else None


def caution_of(payment: Payment, now: datetime, opened: datetime | None = None) -> Caution:
    """How risky another prompt to the phone of this payment is now.

    Args:
        opened: when it was opened by the clock that says `now`, where that was set since.
    """
    opened = opened or payment.created_at
    if payment.state in OPEN_STATES:  # M-PESA takes one prompt at a time for a phone; a late answer comes for 150 s
        until = opened + timedelta(seconds=GUARD)
    else:
        until = opened + timedelta(seconds=WAIT if could_be_answered(payment) else 0)
    return Caution(payment, until if until > now else None, opened)
