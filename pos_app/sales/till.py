"""One running copy of the program, as its front ends see it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pos_app.domain.payment import Payment
from pos_app.domain.receipt import Shop
from pos_app.sales.access_by_hand import AccessByHand
from pos_app.sales.attention import NeedsPerson
from pos_app.sales.audit import Audit
from pos_app.sales.authority import Authority
from pos_app.sales.binding import Binding
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.checkout import Checkout
from pos_app.sales.contact import Contact
from pos_app.sales.customer_cards import CustomerCards
from pos_app.sales.customers import Customers
from pos_app.sales.days import ShopDays
from pos_app.sales.erasure import Erasure
from pos_app.sales.figures import Figures
from pos_app.sales.ledger import Ledger
from pos_app.sales.notes import Notes
from pos_app.sales.operators import Operators
from pos_app.sales.owner import Owner
from pos_app.sales.ports import Clock, Reader, Route, StatementFiles
from pos_app.sales.printing import Printing
from pos_app.sales.pull_rounds import PullRounds
from pos_app.sales.receipts import Receipts
from pos_app.sales.reconciliation import Reconciler
from pos_app.sales.recording import Recording
from pos_app.sales.refund_slips import RefundSlips
from pos_app.sales.retention import Retention
from pos_app.sales.statements import Statements
from pos_app.sales.till_lease import TillLease
from pos_app.sales.write_queue import GroupWriter


@dataclass(frozen=True, kw_only=True)
class Till:
    """The services of a till. Built in `pos_app.sales.build`; window and command line use the same.

    Attributes:
        name: the letter in payment numbers.
        route: how results come back, and whether they can now.
        contact: whether M-PESA can be reached.
        lease: its letter, where other tills share its database on a server; None where that is a file of its own.
        pull_rounds: asks M-PESA for its record by itself; None where the shop has not switched that on.
        authority: who stands at this till, and what they may do.
    """

    name: str
    shop: Shop
    route: Route
    contact: Contact
    reader: Reader
    catalogue: Catalogue
    checkout: Checkout
    customers: Customers
    access: AccessByHand
    cards: CustomerCards
    figures: Figures
    days: ShopDays
    attention: NeedsPerson
    notes: Notes
    lease: TillLease | None
    ledger: Ledger
    writer: GroupWriter
    receipts: Receipts
    printing: Printing
    refund_slips: RefundSlips
    owner: Owner
    erasure: Erasure
    retention: Retention
    statements: Statements
    recording: Recording
    binding: Binding
    pull_rounds: PullRounds | None
    statement_files: StatementFiles
    authority: Authority
    operators: Operators
    audit: Audit
    reconciler: Reconciler
    clock: Clock

    def callback_expected(self, payment: Payment) -> bool:
        """Whether M-PESA's own word about this payment can still come, so that nothing hangs on asking."""
        return reaches(self.route, self.clock, payment.created_at)


def reaches(route: Route, clock: Clock, opened_at: datetime) -> bool:
    """Whether the callback of a payment opened then (UTC) can arrive; the route goes by this computer's clock alone."""
    return route.status.reaches(opened_at + (clock.now() - clock.corrected()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePrompt:
    """What the practice customer sees on the phone. `id` names the prompt when the customer acts; `title` says in a
    dozen characters what is paid for, as M-PESA was told.
    """

    id: str
    phone: str
    amount: int
    shop: str
    title: str = ""


class PracticePhone(Protocol):
    """The customer's phone in practice mode. The callbacks come from a thread of its own."""

    def watch(self, shown: Callable[[PhonePrompt], None], gone: Callable[[str], None]) -> None:
        """Be told of each prompt that appears, and of the id of each that goes."""
        ...

    def enter_pin(self, prompt_id: str) -> None: ...

    def enter_wrong_pin(self, prompt_id: str) -> None: ...

    def cancel(self, prompt_id: str) -> None: ...

    def no_money(self, prompt_id: str) -> None: ...

    def pay_by_hand(self) -> tuple[int, str]:
        """Somebody pays the shop without a prompt: how much (KES), and M-PESA's code."""
        ...
