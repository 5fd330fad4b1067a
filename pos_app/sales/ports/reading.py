"""What sales and the pages read of the store, from any thread."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Protocol

from pos_app.domain.access import Held
from pos_app.domain.attention import WhatWaits
from pos_app.domain.audit import AuditLine
from pos_app.domain.booked import ShopBooks
from pos_app.domain.cancelling import Cancel
from pos_app.domain.catalogue import Post, PostChange
from pos_app.domain.category import Category
from pos_app.domain.customer import Customer, KnownPhone
from pos_app.domain.customer_record import FoundCustomer, GivenAccess
from pos_app.domain.day import DayClose, DayReport, Sale
from pos_app.domain.erasure import Erased, IdleCustomer
from pos_app.domain.note import Note
from pos_app.domain.operators import Operator
from pos_app.domain.payment import JournalLine, Payment
from pos_app.domain.payment_record import PaymentRecord
from pos_app.domain.record_file import RecordFile, RecordRow
from pos_app.domain.refund import Refund
from pos_app.domain.search import Search, Totals
from pos_app.domain.supplement import Supplement
from pos_app.domain.takings import By, Takings
from pos_app.sales.ports.links import LinkReader
from pos_app.sales.ports.unprompted import UnpromptedReader


class PaymentsReader(Protocol):
    """Looking payments up."""

    def payment(self, payment_id: int) -> Payment | None: ...

    def journal(self, payment_id: int) -> list[JournalLine]:
        """Oldest first; at the end what came too often to be kept, one line for each kind."""
        ...

    def search(self, search: Search) -> list[Payment]: ...

    def totals(self, day: date) -> Totals:
        """Of the payments opened on a day in the shop."""
        ...

    def totals_found(self, search: Search, cancel: Cancel | None = None) -> Totals:
        """Of every payment that a search finds, wherever its page begins and ends.

        Raises:
            Cancelled: somebody has ended it by `cancel`.
        """
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

    def refunds(self, payment_id: int) -> list[Refund]:
        """What went back of a payment, oldest first."""
        ...

    def recent_phones(self, limit: int) -> list[str]:
        """The customers of the last payments, newest first, each once."""
        ...

    def tills(self) -> list[str]:
        """The names of the tills that ever charged, in order."""
        ...

    def attention(self, limit: int) -> list[Payment]:
        """What a person should look at: in review, or with a remark that asks for it."""
        ...

    def known_addresses(self, addresses: Collection[str]) -> set[str]:
        """Those of these that are the SHA-256 of a payment's address token."""
        ...


class AttentionReader(Protocol):
    """Looking up what needs a person."""

    def needs_person(self, at: datetime) -> WhatWaits:
        """What is there at a moment (UTC), which is now."""
        ...


class AccessReader(Protocol):
    """Looking up what customers have."""

    def held(self, phone: str, post_ids: Collection[int]) -> dict[int, Held]:
        """What a customer (MSISDN) has of these posts, by payments and by hand, or had at last; nothing ever: left
        out.
        """
        ...

    def access(self, phone: str, post_id: int) -> tuple[int | None, Held | None]:
        """The id of who has this MSISDN, None where nobody is known there, and what they have of a post as `held`
        tells it, both as they were at one moment.
        """
        ...


class CustomersReader(Protocol):
    """Looking customers up."""

    def customer(self, phone: str, at: datetime, sales: int) -> Customer | None:
        """Who has this MSISDN: what they have at a moment (UTC), so many sales; None where nobody was asked there."""
        ...

    def customers_ending(self, digits: str, limit: int) -> list[KnownPhone]:
        """The customers whose phone ends in these four digits and who have paid before, the last one first."""
        ...


class CustomerRecordsReader(Protocol):
    """Looking customers up one by one."""

    def find_customers(self, text: str, before_id: int | None, limit: int) -> list[FoundCustomer]:
        """Those that a text means, the newest first; from before an id, or from the newest on. Empty text: all."""
        ...

    def found_customer(self, customer_id: int) -> FoundCustomer | None: ...

    def customer_with(self, phone: str) -> FoundCustomer | None:
        """Who has exactly this MSISDN."""
        ...

    def given_access(self, customer_id: int, lasting_at: datetime | None = None) -> list[GivenAccess]:
        """All access that a customer was given, also what was withdrawn, oldest first; or what lasts at a moment
        (UTC).
        """
        ...

    def customer_payments(self, customer_id: int, before_id: int | None, limit: int) -> list[Payment]:
        """Their payments, newest first; from before one of them, or from the newest on."""
        ...


class PostsReader(Protocol):
    """Looking posts up."""

    def posts(self) -> list[Post]: ...

    def post(self, post_id: int) -> Post | None: ...

    def post_changes(self, post_id: int, limit: int) -> list[PostChange]:
        """What was done to a post, newest first."""
        ...

    def posts_mark(self) -> tuple[object, ...]:
        """While this is the same, so is every post: what was done to them last; what they cost in sum and which are for
        sale, too, should another program have changed one.
        """
        ...

    def last_post_change(self) -> int:
        """The number of the last line of what was done to posts: while it is the same, so is every post."""
        ...

    def categories(self) -> list[Category]:
        """Every category, in the owner's order."""
        ...


class StaffReader(Protocol):
    """Looking operators and the audit up."""

    def operators(self) -> list[Operator]:
        """Every operator of the shop, also those switched off, by id."""
        ...

    def pin_of(self, operator_id: int) -> str | None:
        """The hash of an operator's PIN."""
        ...

    def audit(self, limit: int) -> list[AuditLine]:
        """The newest lines of the audit, newest first."""
        ...


class NotesReader(Protocol):
    """Looking up what people wrote, oldest first."""

    def payment_notes(self, payment_id: int) -> list[Note]:
        """The notes about a payment."""
        ...

    def customer_notes(self, phone: str) -> list[Note]:
        """The notes about who has this MSISDN, without those about their payments."""
        ...


class TakingsReader(Protocol):
    """Adding up what came in."""

    def takings(self, first: date, last: date, by: By, cancel: Cancel | None = None) -> Takings:
        """Of the payments opened on the days from first to last, as days are in the shop.

        Raises:
            Cancelled: somebody has ended it by `cancel`.
        """
        ...


class DaysReader(Protocol):
    """Looking the shop's days up; each question is answered as of one moment."""

    def open_day(self, until: datetime, cancel: Cancel | None = None) -> DayReport:
        """What no close has yet, as it is now, which is `until` (UTC). Raises Cancelled."""
        ...

    def calendar_day(self, day: date, until: datetime, cancel: Cancel | None = None) -> DayReport:
        """What was opened and what was recorded on a day in the shop, whatever was closed. Raises Cancelled."""
        ...

    def day_closes(self, limit: int, before: int | None = None) -> list[DayClose]:
        """The newest closes, newest first; only those below a number, where one is named."""
        ...

    def day_close(self, number: int) -> DayClose | None: ...

    def supplements(self, first: int, last: int) -> list[Supplement]:
        """The supplements of the closes from one number to another, in their order."""
        ...

    def close_sales(self, number: int) -> Iterator[list[Sale]]:
        """What a close has counted, line by line in the order in which it was recorded, a page at a time."""
        ...


class RecordsReader(Protocol):
    """Reading payments to be written to files."""

    def records(self, search: Search) -> list[PaymentRecord]:
        """The page that `PaymentsReader.search` finds, with what files tell of it."""
        ...


class ErasureReader(Protocol):
    """Looking up who was erased."""

    def erased(self, phone_hash: str) -> list[Erased]:
        """The customers that were erased with this hash of their number, the last one first."""
        ...

    def idle_customers(self, after: int, before: datetime, at: datetime, limit: int) -> list[IdleCustomer]:
        """The customers behind an id, in their order, and whether their last payment is from before, and nothing that
        they have lasts longer than `at` (both UTC); those who are erased are left out.
        """
        ...


class BooksReader(Protocol):
    """Reading what M-PESA's record is compared with."""

    def books(
        self, since: datetime, until: datetime, codes: Collection[str], cancel: Cancel | None = None
    ) -> ShopBooks:
        """The payments that were opened in a time (UTC, both ends included), those that hold one of these codes of
        M-PESA's, whenever they were opened, and the refunds that do; and which of the codes an earlier record undoes.

        Raises:
            Cancelled: somebody has ended it by `cancel`.
        """
        ...

    def record_files(self, since: datetime | None = None) -> list[RecordFile]:
        """The records that were begun, the first one first; since a moment (UTC): those that cover later times, or were
        begun later.
        """
        ...

    def record_rows(self, first: datetime, last: datetime) -> list[RecordRow]:
        """What M-PESA's record has of a time (UTC, both ends included), each row once, by time."""
        ...

    def rows_of_code(self, receipt: str) -> list[RecordRow]:
        """What M-PESA's record has under a receipt code."""
        ...


class Reader(
    BooksReader,
    PaymentsReader,
    AttentionReader,
    AccessReader,
    CustomersReader,
    CustomerRecordsReader,
    PostsReader,
    StaffReader,
    NotesReader,
    TakingsReader,
    DaysReader,
    RecordsReader,
    ErasureReader,
    LinkReader,
    UnpromptedReader,
    Protocol,
):
    """Reading the store; any thread."""

    def setting(self, key: str) -> str | None:
        """One setting of this database."""
        ...
