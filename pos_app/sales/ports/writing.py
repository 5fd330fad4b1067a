"""What sales does to the store, in one write transaction at a time."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from pos_app.domain.access_by_hand import NewAccess
from pos_app.domain.audit import AuditLine, Doer
from pos_app.domain.booked import ShopBooks
from pos_app.domain.catalogue import Post, PostChange, PostDraft
from pos_app.domain.category import Category
from pos_app.domain.erasure import ErasableCustomer, ErasureKey
from pos_app.domain.facts import Facts
from pos_app.domain.operators import Operator, Role
from pos_app.domain.payment import JournalLine, NewPayment, Payment, PaymentKey
from pos_app.domain.payment_event import Claims
from pos_app.domain.post_import import PostBatch
from pos_app.domain.record_file import RecordFile, RecordRow
from pos_app.domain.withdrawal import Given
from pos_app.sales.ports.days import DaysTransaction, SupplementsTransaction
from pos_app.sales.ports.links import LinkTransaction
from pos_app.sales.ports.refunds import RefundsTransaction
from pos_app.sales.ports.unprompted import UnpromptedTransaction


class PaymentsTransaction(Protocol):
    """What a write transaction does to payments and what follows from them."""

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

    def doubles_of_chain(self, payment_id: int) -> list[int]:
        """The other payments of its chain that are paid and wait as doubles to be worked off, the first ones first."""
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


class AccessTransaction(Protocol):
    """What a write transaction does to customers' access beside the grants of a payment, which `update` writes."""

    def given(self, customer_id: int, post_id: int) -> list[Given]:
        """All access to a post that a customer was given, by payments and by hand, over or not, less what was
        withdrawn.
        """
        ...

    def add_access(self, new: NewAccess) -> int:
        """Write down access given by hand; gives its id."""
        ...

    def move_access(self, access_id: int, starts_at: datetime, until: datetime | None) -> None:
        """Other days for access given by hand: what stood before it was withdrawn."""
        ...

    def withdraw_access(self, access_id: int, at: datetime, reason: str) -> None:
        """Access given by hand counts no more."""
        ...


class CustomersTransaction(Protocol):
    """What a write transaction does to customers."""

    def customer_id(self, phone: str) -> int | None:
        """Who has this MSISDN; None where nobody is known there."""
        ...

    def known_customer(self, phone: str) -> int:
        """Who has this MSISDN, from now on known where they were not."""
        ...

    def name_customer(self, phone: str, name: str | None) -> int | None:
        """Write the name of who has this MSISDN, None to take it away; their id, None where nobody was asked there."""
        ...


class PostsTransaction(Protocol):
    """What a write transaction does to posts."""

    def post(self, post_id: int) -> Post | None: ...

    def posts(self, post_ids: Collection[int]) -> dict[int, Post]:
        """These posts by their ids; those that are not there are left out."""
        ...

    def add_post(self, draft: PostDraft) -> Post:
        """Raises Clash where its favourite key or barcode belongs to another post, or its category is gone."""
        ...

    def change_post(self, post: Post) -> None:
        """Raises Clash where its favourite key or barcode belongs to another post, or its category is gone."""
        ...

    def import_posts(self, batch: PostBatch, at: datetime, source: str, by: Doer) -> Sequence[int]:
        """Add posts and change others, and write into the history of each what was done to it.

        Whether two would have one favourite key or barcode was looked at before, when `last_post_change` was the same.

        Args:
            at: UTC.
            source: where it was done: window or command.

        Returns:
            The ids of the new ones, in their order.
        """
        ...

    def favourites(self) -> dict[int, Post]:
        """The posts that a favourite key picks, by the key; no other till changes a post before this has ended."""
        ...

    def last_post_change(self) -> int:
        """As `PostsReader.last_post_change`; no other till changes a post before this transaction has ended."""
        ...

    def add_post_changes(self, lines: Sequence[PostChange]) -> None:
        """Append what was done to a post; nobody edits it."""
        ...

    def categories(self) -> list[Category]:
        """Every category, in the owner's order; no other till changes one before this has ended."""
        ...

    def add_category(self, name: str) -> Category:
        """Add one behind the others. Raises Clash where another one has that name."""
        ...

    def rename_category(self, category_id: int, name: str) -> None:
        """Raises Clash where another one has that name."""
        ...

    def place_categories(self, ids: Sequence[int]) -> None:
        """Put the categories into this order."""
        ...

    def remove_category(self, category_id: int) -> None:
        """Raises Clash where a post is in it."""
        ...


class StaffTransaction(Protocol):
    """What a write transaction does to operators, and that it appends to the audit."""

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


class NotesTransaction(Protocol):
    """What a write transaction does to notes, which nobody changes."""

    def add_payment_note(self, payment_id: int, operator_id: int | None, at: datetime, text: str) -> None:
        """Append a note about a payment; `at` is UTC."""
        ...

    def add_customer_note(self, phone: str, operator_id: int | None, at: datetime, text: str) -> int | None:
        """Append a note about who has this MSISDN; their id, None (and no note) where nobody was asked there."""
        ...

    def empty_notes(self, customer_id: int) -> None:
        """Take the texts of all notes about a customer and about their payments away; that they were written stays."""
        ...


class ErasureTransaction(Protocol):
    """What a write transaction takes away."""

    def erasable(self, phone: str, since: datetime) -> ErasableCustomer | None:
        """Who has this MSISDN, with what may stand in the way: payments that are open, asked about, opened since or
        with a remark; None where there is nobody.
        """
        ...

    def is_idle(self, customer_id: int, before: datetime, at: datetime) -> bool:
        """Whether a customer is idle, as `Reader.idle_customers` says it."""
        ...

    def erase(self, customer: ErasableCustomer, key: ErasureKey, at: datetime) -> int:
        """Take away the number and the name, and what people wrote and M-PESA sent about their payments; codes,
        amounts, states and times stay, and so do the links, by the shop's key. Gives how many payments they have.
        """
        ...


class RecordTransaction(Protocol):
    """What a write transaction does to M-PESA's record, which is only added to."""

    def books(self, since: datetime, until: datetime, codes: Collection[str]) -> ShopBooks:
        """As `BooksReader.books`, as they are in this transaction."""
        ...

    def record_file(self, digest: str) -> int | None:
        """The id of a record that was begun before."""
        ...

    def add_record_file(self, file: RecordFile) -> int:
        """Write one down; gives its id."""
        ...

    def end_record_file(self, file_id: int, at: datetime) -> bool:
        """All of it is recorded; when that was for the first time stays. Whether this was that time."""
        ...

    def kept_rows(self, receipts: Collection[str]) -> list[RecordRow]:
        """The rows with these receipt codes, and those that undo what has one of them."""
        ...

    def keep_rows(self, file_id: int, new: Sequence[RecordRow], learnt: Sequence[RecordRow]) -> None:
        """Add rows; write of others what they turned out to be."""
        ...

    def forget_payers(self, before: datetime) -> None:
        """Take away who the other party of rows was that were completed before a moment (UTC)."""
        ...


class Transaction(
    PaymentsTransaction,
    RefundsTransaction,
    AccessTransaction,
    CustomersTransaction,
    PostsTransaction,
    StaffTransaction,
    NotesTransaction,
    DaysTransaction,
    SupplementsTransaction,
    ErasureTransaction,
    RecordTransaction,
    LinkTransaction,
    UnpromptedTransaction,
    Protocol,
):
    """One write transaction. Nothing of it is visible before the commit."""

    def savepoint(self) -> AbstractContextManager[object]:
        """A part that can fail by itself without taking the transaction along."""
        ...

    def setting(self, key: str) -> str | None:
        """One setting of this database."""
        ...

    def set_setting(self, key: str, value: str) -> None:
        """Write one setting of this database."""
        ...

    def database_time(self) -> float:
        """Seconds since 1970 by the clock of the database's computer, which all tills share."""
        ...

    def touch(self, at: datetime) -> None:
        """Write something durable, to see whether saving works."""
        ...


class Writer(Protocol):
    """The store's one way to write."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end, roll back on an exception. Raises CannotSave: disk, file or server refused."""
        ...
