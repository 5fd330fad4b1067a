"""What sales needs from the outside, by shape. Store, Daraja and the tests' fakes fit these."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from pos_app.domain.access import Held
from pos_app.domain.audit import AuditLine
from pos_app.domain.callback_route import RouteStatus
from pos_app.domain.catalogue import Post, PostChange, PostDraft
from pos_app.domain.customer import Customer, KnownPhone
from pos_app.domain.facts import Facts
from pos_app.domain.operators import Operator, Role
from pos_app.domain.payment import JournalLine, NewPayment, Payment, PaymentKey, Push
from pos_app.domain.payment_event import Accepted, Answer, Claims, NoAnswer, NotSent, Unanswered
from pos_app.domain.refund import Refund
from pos_app.domain.search import Search, Totals
from pos_app.domain.withdrawal import Given


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The wall clock, UTC. It may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward; waits within a run are measured by it."""
        ...

    def since_boot(self) -> float:
        """Seconds that only go forward and go on while the computer sleeps: how old something really is."""
        ...

    def ahead_of_mpesa(self) -> float | None:
        """Seconds that the wall clock is ahead of M-PESA's; None while that is not known."""
        ...

    def corrected(self) -> datetime:
        """The wall clock (UTC), or M-PESA's where the two differ by two seconds and more."""
        ...


class Gateway(Protocol):
    """M-PESA. Neither call raises for what a network or M-PESA does: it comes back as an event."""

    def push(self, push: Push, objection: Callable[[], str | None], /) -> Accepted | NotSent | Unanswered:
        """Prompt the customer; called once for a payment, ever. At most 35 s.

        Args:
            objection: asked right before the first byte, on any thread, and again where it is sent once more: why
                it must not leave, as one of `NotSent`'s reasons; None where it may.
        """
        ...

    def query(self, checkout_request_id: str) -> Answer | NoAnswer:
        """Ask what became of a prompt. At most 15 s."""
        ...

    def reach(self) -> None:
        """Open a connection and end it, without a request. Never raises. At most 15 s."""
        ...

    def warm(self) -> None:
        """Make ready for a push that may come in the next seconds. Never raises. At most 20 s."""
        ...


class Route(Protocol):
    """How results come back to this till. Any thread."""

    @property
    def status(self) -> RouteStatus:
        """Where it stands now."""
        ...

    def subscribe(self, told: Callable[[RouteStatus], None], /) -> None:
        """Tell where it stands, at once and after each change; `told` must be quick."""
        ...


class Transaction(Protocol):
    """One write transaction. Nothing of it is visible before the commit."""

    def savepoint(self) -> AbstractContextManager[object]:
        """A part that can fail by itself without taking the transaction along."""
        ...

    def payment(self, payment_id: int) -> Payment | None: ...

    def with_facts(self, key: PaymentKey, claims: Claims) -> tuple[Payment, Facts] | None:
        """A payment, and what others hold of what an event brings; None where there is no such payment."""
        ...

    def of_phone(self, phone: str, since: datetime) -> list[Payment]:
        """The payments of a phone that are open or were opened since, newest first."""
        ...

    def paid_of_chain(self, payment_id: int) -> Payment | None:
        """Another payment that asks for the same as this one and is paid (rule 13)."""
        ...

    def add_payment(self, new: NewPayment) -> Payment:
        """Insert it as `requested` with its lines, the next number of the till's day, and its customer where new.

        Remembers what was gone past, and the chain of payments that ask for the same (rule 13).
        """
        ...

    def update(self, before: Payment, after: Payment) -> None:
        """Compare and set on `before.version`; writes the grants of the lines where `after` has others.

        Raises:
            Clash: somebody else changed it, or took a code or id that must be unique.
        """
        ...

    def add_refund(self, payment_id: int, refund: Refund) -> None:
        """Write down money that went back.

        Raises:
            Clash: another refund or a payment has its code, or all together are more than was paid.
        """
        ...

    def given(self, customer_id: int, post_id: int) -> list[Given]:
        """All access to a post that a customer was given, over or not, less what was withdrawn."""
        ...

    def add_line(self, payment_id: int, line: JournalLine) -> None:
        """Append to the journal, which nobody edits."""
        ...

    def journal(self, payment_id: int) -> list[JournalLine]: ...

    def has_line(self, payment_id: int, like: JournalLine) -> bool:
        """Whether a payment's journal has a line that says the same, whenever and with whatever outcome."""
        ...

    def repeated(self, payment_id: int, kind: str, at: datetime) -> int:
        """Count one more of a kind that came for a payment and changed nothing; how many there are now."""
        ...

    def make_due(self, phone: str, at: datetime) -> list[Payment]:
        """Every open payment of this phone that M-PESA can be asked about is due at `at`; gives those."""
        ...

    def name_customer(self, phone: str, name: str | None) -> int | None:
        """Write the name of who has this MSISDN, None to take it away; their id, None where nobody was asked there."""
        ...

    def post(self, post_id: int) -> Post | None: ...

    def posts(self, post_ids: Collection[int]) -> dict[int, Post]:
        """These posts by their ids; those that are not there are left out."""
        ...

    def add_post(self, draft: PostDraft) -> Post:
        """Raises Clash where its favourite key or barcode belongs to another post."""
        ...

    def change_post(self, post: Post) -> None:
        """Raises Clash where its favourite key or barcode belongs to another post."""
        ...

    def add_post_changes(self, lines: Sequence[PostChange]) -> None:
        """Append what was done to a post; nobody edits it."""
        ...

    def operators(self) -> list[Operator]:
        """Every operator of the shop, also those switched off, by id."""
        ...

    def add_operator(self, name: str, role: Role, pin: str) -> Operator:
        """Add one; `pin` is its hash. Raises Clash where another one has that name."""
        ...

    def change_operator(self, operator: Operator) -> None:
        """Give an operator another role, or switch them off or on."""
        ...

    def set_pin(self, operator_id: int, pin: str) -> None:
        """Another PIN, as its hash; wrong ones before it count no more."""
        ...

    def pin_of(self, operator_id: int) -> str | None:
        """What is kept of an operator's PIN; None where there is no such operator."""
        ...

    def pin_tries(self, operator_id: int) -> str | None:
        """The count of wrong PINs of an operator, as `set_pin_tries` wrote it."""
        ...

    def set_pin_tries(self, operator_id: int, tries: str) -> None: ...

    def add_audit(self, lines: Sequence[AuditLine]) -> None:
        """Append to the audit, which nobody edits."""
        ...

    def setting(self, key: str) -> str | None:
        """One setting of this database."""
        ...

    def set_setting(self, key: str, value: str) -> None:
        """Write one setting of this database."""
        ...

    def touch(self, at: datetime) -> None:
        """Write something durable, to see whether saving works."""
        ...


class Reader(Protocol):
    """Reading the store; any thread."""

    def posts(self) -> list[Post]: ...

    def post(self, post_id: int) -> Post | None: ...

    def post_changes(self, post_id: int, limit: int) -> list[PostChange]:
        """What was done to a post, newest first."""
        ...

    def payment(self, payment_id: int) -> Payment | None: ...

    def journal(self, payment_id: int) -> list[JournalLine]:
        """Oldest first; at the end what came too often to be kept, one line for each kind."""
        ...

    def search(self, search: Search) -> list[Payment]: ...

    def totals(self, day: date) -> Totals:
        """Of the payments opened on a day in the shop."""
        ...

    def totals_found(self, search: Search) -> Totals:
        """Of every payment that a search finds, also of those beyond its limit."""
        ...

    def open_payments(self, till: str) -> list[Payment]:
        """Every open payment of a till, newest first."""
        ...

    def to_ask(self, till: str) -> list[Payment]:
        """Every payment of a till that has a `next_check_at`."""
        ...

    def of_phone(self, phone: str, since: datetime) -> list[Payment]:
        """The payments of a phone that are open or were opened since, newest first."""
        ...

    def paid_of_chain(self, payment_id: int) -> Payment | None:
        """Another payment that asks for the same as this one and is paid (rule 13)."""
        ...

    def held(self, phone: str, post_ids: Collection[int]) -> dict[int, Held]:
        """What a customer (MSISDN) has of these posts by all grants, or had at last; nothing ever: left out."""
        ...

    def customer(self, phone: str, at: datetime, sales: int) -> Customer | None:
        """Who has this MSISDN: what they have at a moment (UTC), so many sales; None where nobody was asked there."""
        ...

    def customers_ending(self, digits: str, limit: int) -> list[KnownPhone]:
        """The customers whose phone ends in these four digits and who have paid before, the last one first."""
        ...

    def refunds(self, payment_id: int) -> list[Refund]:
        """What went back of a payment, oldest first."""
        ...

    def recent_phones(self, limit: int) -> list[str]:
        """The customers of the last payments, newest first, each once."""
        ...

    def attention(self, limit: int) -> list[Payment]:
        """What a person should look at: in review, or with a remark that asks for it."""
        ...

    def operators(self) -> list[Operator]:
        """Every operator of the shop, also those switched off, by id."""
        ...

    def pin_of(self, operator_id: int) -> str | None:
        """The hash of an operator's PIN."""
        ...

    def audit(self, limit: int) -> list[AuditLine]:
        """The newest lines of the audit, newest first."""
        ...

    def setting(self, key: str) -> str | None:
        """One setting of this database."""
        ...

    def known_addresses(self, addresses: Collection[str]) -> set[str]:
        """Those of these that are the SHA-256 of a payment's address token."""
        ...


class Writer(Protocol):
    """The store's one way to write."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end, roll back on an exception.

        Raises:
            CannotSave: the disk, the file or the server refused.
        """
        ...


class Safe(Protocol):
    """A file for what the store does not take. Any thread."""

    @property
    def place(self) -> str:
        """Where it is, in words."""
        ...

    def read(self) -> list[str]:
        """Its lines, oldest first. Raises OSError."""
        ...

    def append(self, lines: Sequence[str]) -> None:
        """Add lines; they are on the disk when this returns. Raises OSError."""
        ...

    def replace(self, lines: Sequence[str]) -> None:
        """These lines and no others. Raises OSError, and then it has the old ones."""
        ...


class Passphrases(Protocol):
    """Keeps passphrases as something that cannot be turned back. Slow on purpose: never on the GUI thread."""

    def hash(self, passphrase: str) -> str:
        """What may be stored."""
        ...

    def verify(self, passphrase: str, hashed: str) -> bool:
        """Whether it is the one that was hashed."""
        ...
