"""The one wiring of a till: program, tests, fault suite and benches put theirs together here, each with its own parts.

Two steps, since what stands between them (the listener that hears, the gateway that asks) is taken down between them:
`open_books` joins what records payments, `build_till` what charges for them. Neither starts a thread.
"""

import random as chance
import secrets
from collections.abc import Callable
from concurrent.futures import Executor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.payment import Payment
from pos_app.domain.receipt import Shop
from pos_app.domain.receipt_check import ReceiptKey
from pos_app.sales.access_by_hand import AccessByHand
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.attention import NeedsPerson
from pos_app.sales.audit import Audit
from pos_app.sales.authority import Authority
from pos_app.sales.binding import Binding
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.checkout import ADDRESS_BYTES, Checkout
from pos_app.sales.contact import Contact
from pos_app.sales.customer_cards import CustomerCards
from pos_app.sales.customers import Customers
from pos_app.sales.days import ShopDays
from pos_app.sales.erasure import Erasure, Sweep
from pos_app.sales.erasure_key import NoErasureKeys, ShopKey
from pos_app.sales.figures import Figures
from pos_app.sales.inbox import LedgerInbox
from pos_app.sales.keeping import Keeping
from pos_app.sales.kept_answers import KeptAnswers, KeptLines
from pos_app.sales.key_renewal import KeyRenewal
from pos_app.sales.ledger import Ledger
from pos_app.sales.links import Links
from pos_app.sales.notes import Notes
from pos_app.sales.operators import Operators
from pos_app.sales.owner import Owner
from pos_app.sales.passphrase import OwnerPassphrase
from pos_app.sales.ports import Clock, ErasureKeys, Gateway, Passphrases, Reader, Route, StatementFiles, Writer
from pos_app.sales.printing import Printing, ReceiptPaper
from pos_app.sales.pull_rounds import PullUse
from pos_app.sales.query_schedule import Schedule
from pos_app.sales.receipts import Receipts
from pos_app.sales.reconciliation import Reconciler
from pos_app.sales.recording import Recording
from pos_app.sales.refund_slips import RefundSlips
from pos_app.sales.retention import Retention, RetentionRun
from pos_app.sales.statements import NO_ACCOUNT, MoneyAccount, NoStatementFiles, Statements
from pos_app.sales.till import Till, reaches
from pos_app.sales.till_lease import TillLease
from pos_app.sales.write_queue import RETRY, GroupWriter

REPLAY_WAIT = 5.0  # seconds that a start waits for what an earlier run could not save


class WriteQueue(Protocol):
    """Makes the queue of writes: `GroupWriter`, or one that writes on the caller's thread."""

    def __call__(
        self, store: Writer, clock: Clock, on_saving: Callable[[bool], None], retry: float, keeping: Keeping | None, /
    ) -> GroupWriter: ...


@dataclass(frozen=True, kw_only=True)
class Erasing:
    """What erasing customers needs of the outside.

    Attributes:
        keys: keeps the key for the hashes of erased numbers.
        sweep: takes what is left of numbers out of the database's file; gives whether nothing is left,
            and None where those files are a server's.
        sweep_gently: the same without keeping anybody from saving meanwhile.
        kept: the lines of the file beside the database that a till of another process holds.
    """

    keys: ErasureKeys = field(default_factory=NoErasureKeys)
    sweep: Sweep = lambda _: True
    sweep_gently: Sweep = lambda _: True
    kept: KeptLines = list


class NoRoute:
    """Fits `ports.Route`: nothing comes back by itself, M-PESA is only asked."""

    def __init__(self, since: datetime) -> None:
        self.status = RouteStatus(state=RouteState.NONE, since=since)

    def subscribe(self, told: Callable[[RouteStatus], None], /) -> None:
        """Tell it once: it never changes."""
        told(self.status)


@dataclass(frozen=True, kw_only=True)
class Books:
    """What records the payments of one database; `inbox` takes the callbacks."""

    reader: Reader
    writer: GroupWriter
    ledger: Ledger
    inbox: LedgerInbox
    route: Route
    clock: Clock


def open_books(
    store: Writer,
    reader: Reader,
    clock: Clock,
    route: Route | None = None,
    *,
    random: Callable[[], float] = chance.random,
    first_query: float | None = None,
    on_saving: Callable[[bool], None] = lambda _: None,
    retry: float = RETRY,
    keeping: Keeping | None = None,
    write_queue: WriteQueue = GroupWriter,
) -> Books:
    """Join store and ledger. Start `writer` before anything is recorded, stop it after everything else.

    Args:
        route: tells whether a payment's callback can arrive; where it cannot, M-PESA is asked sooner and more often.
            None: none can.
        random: gives 0 <= x < 1, for the jitter of the questions.
        first_query: seconds to the first question about a payment instead of the usual, or None.
        on_saving: told when the computer cannot save, and when it can again; on a thread of the writer's.
        retry: seconds between two tries to save.
        keeping: what an earlier run could not save, and where this one holds what it cannot.
    """
    writer = write_queue(store, clock, on_saving, retry, keeping)
    way = route or NoRoute(clock.now())
    schedule = Schedule(reaches=partial(reaches, way, clock), random=random, first=first_query)
    ledger = Ledger(writer, clock, schedule)
    return Books(reader=reader, writer=writer, ledger=ledger, inbox=LedgerInbox(ledger, reader), route=way, clock=clock)


def build_till(
    books: Books,
    *,
    name: str,
    shop: Shop,
    gateway: Gateway,
    pushes: Executor,
    queries: Executor,
    passphrases: Passphrases,
    contact: Contact | None = None,
    limiter: AttemptLimiter | None = None,
    on_typing: Callable[[], None] = lambda: None,
    make_token: Callable[[], str] = lambda: secrets.token_hex(ADDRESS_BYTES),
    paper: ReceiptPaper | None = None,
    erasing: Erasing | None = None,
    receipt_key: ReceiptKey | None = None,
    account: MoneyAccount = NO_ACCOUNT,
    pull: PullUse | None = None,
    statement_files: StatementFiles | None = None,
    lease: TillLease | None = None,
) -> Till:
    """Build what charges customers and asks about payments; nothing is asked before `take_up`.

    Args:
        name: the letter in payment numbers.
        pushes: sends the prompts.
        queries: asks M-PESA, `reconciliation.IN_FLIGHT` at once.
        contact: what is known of M-PESA's reach; a new one where nobody else tells it.
        limiter: counts wrong owner's passphrases beyond the life of this till.
        on_typing: told while the operator types, at most every three seconds. `make_token`: makes address tokens.
        paper: how receipts are printed; None: by the system's print dialog only. `receipt_key`: their check values.
        erasing: what erasing customers needs; None: nobody can be erased here.
        account: where customers' money goes.
        pull: how M-PESA is asked for its record, and `statement_files`: how statements are read; None: not here.
        lease: the till's letter, claimed; None where no other till can have it.
    """
    reader, writer, ledger, clock = books.reader, books.writer, books.ledger, books.clock
    reconciler = Reconciler(till=name, gateway=gateway, ledger=ledger, reader=reader, clock=clock, executor=queries)
    ledger.subscribe(reconciler.on_payment_changed)
    books.route.subscribe(reconciler.note_route)
    staff = build_staff(books, passphrases, limiter)
    authority = staff.authority

    def code_comes(payment: Payment) -> bool:
        return reaches(books.route, clock, payment.created_at)

    papers = shop, reader, writer, ledger, clock, code_comes, authority
    receipts = Receipts(*papers, receipt_key)
    printing = Printing(name, receipts, paper or ReceiptPaper())
    ledger.subscribe(printing.on_payment_changed)
    ledger.watch_changes(printing.on_change)
    checkout = Checkout(
        till=name,
        writer=writer,
        ledger=ledger,
        reader=reader,
        gateway=gateway,
        clock=clock,
        executor=pushes,
        authority=authority,
        make_token=make_token,
        on_typing=on_typing,
        alone=reconciler.alone,
        still_mine=lease.must_be_mine if lease else lambda _: None,
    )
    recording = build_recording(books, authority, account)
    return Till(
        name=name,
        shop=shop,
        route=books.route,
        contact=contact or Contact(clock),
        reader=reader,
        catalogue=Catalogue(reader, writer, clock, authority),
        checkout=checkout,
        customers=Customers(reader, writer, clock, authority, checkout.cautions),
        access=build_access(books, authority),
        cards=build_cards(books, staff),
        figures=Figures(reader, authority),
        days=build_days(books, authority, name),
        attention=NeedsPerson(reader, clock, authority),
        notes=Notes(writer, clock, authority),
        lease=lease,
        ledger=ledger,
        writer=writer,
        receipts=receipts,
        refund_slips=RefundSlips(*papers),
        printing=printing,
        owner=build_owner(books, authority),
        erasure=build_erasure(books, authority, erasing or Erasing()),
        retention=build_retention(books, authority),
        statements=Statements(reader, authority, account),
        recording=recording,
        binding=build_binding(books, authority, name),
        pull_rounds=pull.rounds(name, reader, writer, clock, recording) if pull else None,
        statement_files=statement_files or NoStatementFiles(),
        authority=authority,
        operators=staff.operators,
        audit=staff.audit,
        reconciler=reconciler,
        clock=clock,
    )


def take_up(till: Till, *, thread: bool = True) -> None:
    """Record what an earlier run could not save, then ask about what it left open.

    Args:
        thread: whether the till asks by itself from now on; else whoever calls takes `reconciler.step`.
    """
    wait(till.ledger.replay(), REPLAY_WAIT)  # before anything is asked
    if thread:
        till.reconciler.start()
    else:
        till.reconciler.resume()


def owner_passphrase(books: Books, passphrases: Passphrases, limiter: AttemptLimiter | None = None) -> OwnerPassphrase:
    """The owner's passphrase in a database without a till; `limiter` counts the wrong ones beyond its life."""
    return OwnerPassphrase(books.reader, books.writer, passphrases, books.clock, limiter)


@dataclass(frozen=True, kw_only=True)
class StaffServices:
    """Who serves at one place: a till, or a command without one."""

    authority: Authority
    operators: Operators
    audit: Audit


def build_staff(books: Books, passphrases: Passphrases, limiter: AttemptLimiter | None = None) -> StaffServices:
    """Who serves in a database, and what the audit has; nobody is signed in yet. `limiter` as of `build_till`."""
    reader, writer, clock = books.reader, books.writer, books.clock
    authority = Authority(reader, owner_passphrase(books, passphrases, limiter))
    return StaffServices(
        authority=authority,
        operators=Operators(reader, writer, passphrases, clock, authority),
        audit=Audit(reader, writer, clock, authority),
    )


def build_owner(books: Books, authority: Authority) -> Owner:
    """What only the owner may say of payments, in a till or without one."""
    return Owner(books.ledger, books.reader, books.writer, books.clock, authority)


def build_access(books: Books, authority: Authority) -> AccessByHand:
    """Access by hand, in a till or without one."""
    return AccessByHand(books.reader, books.writer, books.clock, authority, books.ledger)


def build_binding(books: Books, authority: Authority, till: str) -> Binding:
    """What people say of money without a prompt, in a till or without one."""
    return Binding(till, books.reader, books.writer, books.clock, authority, books.ledger)


def build_erasure(books: Books, authority: Authority, erasing: Erasing) -> Erasure:
    """What erases customers, in a till or without one."""
    reader, writer, clock = books.reader, books.writer, books.clock
    key = ShopKey(reader, writer, clock, erasing.keys)
    kept = KeptAnswers(writer.keeping, erasing.kept)
    return Erasure(reader, writer, clock, authority, key, erasing.sweep, kept, books.ledger.publish)


def build_retention(books: Books, authority: Authority) -> Retention:
    """How long customers are kept, in a till or without one."""
    return Retention(books.reader, books.writer, books.clock, authority)


def build_recording(books: Books, authority: Authority, account: MoneyAccount) -> Recording:
    """What records M-PESA's own record, in a till or without one."""
    return Recording(books.reader, books.writer, books.ledger, books.clock, authority, account)


def retention_run(books: Books, name: str, erasing: Erasing) -> RetentionRun:
    """What erases by itself, for the till of this name; start and stop it."""
    reader, writer, clock = books.reader, books.writer, books.clock
    key, kept = ShopKey(reader, writer, clock, erasing.keys), KeptAnswers(writer.keeping, erasing.kept)
    return RetentionRun(name, reader, writer, clock, key, erasing.sweep_gently, kept)


def build_links(books: Books, keys: ErasureKeys) -> Links:
    """The links between the lines of journal and audit, in a till or without one."""
    reader, writer, clock = books.reader, books.writer, books.clock
    return Links(reader, writer, clock, ShopKey(reader, writer, clock, keys))


def build_key_renewal(books: Books, authority: Authority, keys: ErasureKeys) -> KeyRenewal:
    """What renews the shop's key, for a command."""
    reader, writer, clock = books.reader, books.writer, books.clock
    return KeyRenewal(reader, writer, clock, authority, ShopKey(reader, writer, clock, keys))


def build_cards(books: Books, staff: StaffServices) -> CustomerCards:
    """Customers one by one, in a till or without one."""
    return CustomerCards(books.reader, books.clock, staff.authority, staff.audit)


def build_days(books: Books, authority: Authority, name: str) -> ShopDays:
    """The shop's days and their closes, in a till of this name or without one."""
    return ShopDays(name, books.reader, books.writer, books.clock, authority)


def build_catalogue(books: Books, authority: Authority, source: str) -> Catalogue:
    """The posts of a database without a till; `source` says in their lines where changes are made."""
    return Catalogue(books.reader, books.writer, books.clock, authority, source)
