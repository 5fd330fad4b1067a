"""The composition root: the only module that knows everybody. It builds a till, and takes it down in order."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pos_app import logs
from pos_app.bootstrap.account import money_account, pull_account
from pos_app.bootstrap.callbacks import CallbackWiring
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.kept_file import kept_file
from pos_app.bootstrap.practice import MEMORY, SimulatedPhone, add_sample_posts
from pos_app.bootstrap.practice import SHORTCODE as PRACTICE_SHORTCODE
from pos_app.bootstrap.shared_token import token_of_shop
from pos_app.bootstrap.shop_database import shop_database
from pos_app.bootstrap.shop_home import be_home
from pos_app.bootstrap.till_identity import claim_of
from pos_app.callbacks.listener import CallbackListener
from pos_app.daraja.client import DarajaClient
from pos_app.daraja.wire import Account, Keys
from pos_app.domain.payment import State
from pos_app.domain.receipt_check import ReceiptKey
from pos_app.errors import SettingsError, StoreError
from pos_app.printers.escpos_printer import EscposPrinter
from pos_app.private_files import tighten
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.build import Books, Erasing, build_links, build_till, open_books, retention_run, take_up
from pos_app.sales.closing import Left, what_is_left
from pos_app.sales.contact import Contact, ContactWatch
from pos_app.sales.keeping import Keeping
from pos_app.sales.links import SealingRun
from pos_app.sales.other_tills import OtherTills
from pos_app.sales.ports import ErasureKeys, Reader
from pos_app.sales.printing import ReceiptPaper
from pos_app.sales.pull_rounds import PullUse
from pos_app.sales.reconciliation import IN_FLIGHT
from pos_app.sales.till import Till
from pos_app.sales.till_lease import TillLease
from pos_app.settings.settings import Settings
from pos_app.statements.reader import StatementReader
from pos_app.store.backups.backup import AutomaticCopies
from pos_app.store.database import Database, open_database
from pos_app.store.files import sqlite_file
from pos_app.store.shop_changes import FileChanges, ServerChanges
from pos_app.system_clock import SystemClock
from pos_app.vault.api_keys import Argon2Passphrases, load_keys
from pos_app.vault.erasure_key import VaultErasureKeys
from pos_app.vault.vault import Vault, open_vault

PUSH_WAIT = 35.0  # seconds that closing waits for pushes on their way
STORE_WAIT = 5.0  # seconds that it waits for a database that does not answer
_PUSHES = 8  # at the same time
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenTill:
    """A running till. `close` takes it down in order, once."""

    till: Till
    phone: SimulatedPhone | None
    listener: CallbackListener | None
    gateway: DarajaClient
    _stack: ExitStack
    _left: list[Left]

    def close(self) -> Left:
        """Sell no more, wait for pushes on their way (35 s at most), then stop everything.

        Returns:
            What to tell whoever closes it: payments that wait, and answers that could not be saved. Usually nothing.
        """
        _log.info("till %s closes", self.till.name)
        self._stack.close()
        return self._left[0] if self._left else Left()


def open_till(
    settings: Settings,
    vault: Vault | None = None,
    *,
    limiter: AttemptLimiter | None = None,
    on_saving: Callable[[bool], None] = lambda _: None,
    on_damage: Callable[[str], None] = lambda _: None,
    on_long_upgrade: Callable[[], None] = lambda: None,
    customer_by_himself: bool = True,
    moved_here: bool = False,
) -> OpenTill:
    """Build a till and start it.

    Args:
        vault: where the secrets are, if it was opened already.
        limiter: counts wrong owner's passphrases beyond the life of this till.
        on_saving: told when the computer cannot save, and when it can again; on a thread of the writer's.
        on_damage: told in words when the database file is found damaged; on the thread that copies it.
        on_long_upgrade: told where older records take more than a second to be brought up to date; from any thread.
        customer_by_himself: in practice, whether the customer pays without anybody playing him.
        moved_here: whether somebody says that the shop's file is at home here from now on.

    Raises:
        PosError: with words for a person; nothing is left running.
    """
    missing = settings.missing()
    if missing:
        raise SettingsError("Before customers can pay, this must be set: " + "; ".join(missing) + ". Nothing was sent.")
    with ExitStack() as stack:
        stack.callback(hold_data_dir(settings).release)
        stack.callback(logs.take_down, logs.set_up(settings.data_dir))
        tighten(settings.data_dir)
        stack.callback(_log.info, "till %s closed", settings.till)
        opened = _Builder(settings, vault or open_vault(settings), limiter, stack).build(
            on_saving, on_damage, on_long_upgrade, customer_by_himself, moved_here
        )
        _log.info("till %s open (%s)", settings.till, settings.environment)
    return opened


class _Builder:
    """Builds in order; the stack takes down in the opposite one (pos_app/README.md, "Stop order")."""

    def __init__(self, settings: Settings, vault: Vault, limiter: AttemptLimiter | None, stack: ExitStack) -> None:
        self._settings = settings
        self._vault = vault
        self._limiter = limiter
        self._stack = stack
        self._clock = SystemClock()
        self._contact = Contact(self._clock)
        self._callbacks = CallbackWiring(settings, vault, self._clock)
        self._route = self._callbacks.route

    def build(
        self,
        on_saving: Callable[[bool], None],
        on_damage: Callable[[str], None],
        on_long_upgrade: Callable[[], None],
        customer_by_himself: bool,
        moved_here: bool,
    ) -> OpenTill:
        settings = self._settings
        keys = load_keys(settings, self._vault)
        location = shop_database(settings, self._vault)
        database = open_database(location, settings.environment, on_long_upgrade)
        self._stack.callback(_within, STORE_WAIT, database.close)
        be_home(settings, database, self._vault, moved_here=moved_here)
        keeping, left = self._keeping(), list[Left]()
        self._stack.callback(self._take_stock, keeping, database.reader, left)
        books = open_books(
            database,
            database.reader,
            self._clock,
            self._route,
            first_query=settings.query_after,
            on_saving=on_saving,
            keeping=keeping,
        )
        books.writer.start()
        self._stack.callback(books.writer.stop)
        lease = self._claim_letter(books)
        erasure_keys = VaultErasureKeys(settings, self._vault)
        receipt_key = self._link_lines(books, database, erasure_keys)
        phone = self._practice_phone(customer_by_himself) if settings.practice else None
        gateway = self._gateway(keys, phone)
        listener = self._callbacks.start(books.inbox, self._stack)
        erasing = Erasing(keys=erasure_keys, sweep=database.sweep, sweep_gently=partial(database.sweep, gently=True))
        till = self._till(books, gateway, erasing, receipt_key, lease)
        if lease:
            lease.start(till.reconciler.take_over)
        self._watch_contact(gateway)
        if settings.practice:
            add_sample_posts(till.catalogue)
        self._copy_by_itself(database, on_damage)
        run = retention_run(books, settings.till, erasing)
        run.start()
        self._stack.callback(run.stop)
        if till.pull_rounds:
            till.pull_rounds.start()
            self._stack.callback(till.pull_rounds.stop)
        self._hear_others(location, database, books, lease)
        return OpenTill(till, phone, listener, gateway, self._stack.pop_all(), left)

    def _claim_letter(self, books: Books) -> TillLease | None:
        """Before anything of this till's is looked at; a file is held by one till in any case."""
        if sqlite_file(self._settings.database):
            return None
        lease = TillLease(self._settings.till, claim_of(self._settings), books.reader, books.writer)
        lease.claim()
        self._stack.callback(lease.stop)
        return lease

    def _link_lines(self, books: Books, database: Database, keys: ErasureKeys) -> ReceiptKey | None:
        """Before anything is recorded; lines from before are sealed by and by. Gives what receipts are checked by."""
        links = build_links(books, keys)
        key = links.begin()
        link_key = key.links if key else None
        database.link_lines(self._settings.till, lambda: link_key)
        sealing = SealingRun(links, link_key)
        sealing.start()
        self._stack.callback(sealing.stop)
        return key.receipts if key else None

    def _hear_others(self, location: Path | str, database: Database, books: Books, lease: TillLease | None) -> None:
        """Other tills on the shop's server, or commands that somebody runs beside this till's file."""
        file, name = sqlite_file(location), self._settings.till
        feed = FileChanges(file) if file else ServerChanges(str(location), database.origin)
        still_mine = lease.is_mine if lease else lambda _: True
        others = OtherTills(name, feed, books.reader, books.ledger, books.writer, still_mine=still_mine)
        others.start()
        self._stack.callback(others.stop)

    def _keeping(self) -> Keeping:
        """What an earlier run could not save, and where this one holds what it cannot."""
        reserve = kept_file(self._settings)
        try:
            keeping = Keeping(reserve)
        except OSError:
            raise StoreError(
                f"Answers of M-PESA that could not be saved are kept in {reserve.place}, and that file cannot be read. "
                "Nothing was changed. Allow reading and writing it, then start again."
            ) from None
        reserve.prepare()
        return keeping

    def _take_stock(self, keeping: Keeping, reader: Reader, left: list[Left]) -> None:
        """The writer has ended and the database is still open: what is left is left for the next start."""
        waiting = [0]

        def count() -> None:
            with suppress(Exception):  # a database that cannot be read any more has been told of
                still_open = reader.open_payments(self._settings.till)
                theirs = [payment for payment in still_open if payment.state is not State.REVIEW]  # that is the owner's
                waiting.append(len(theirs))

        _within(STORE_WAIT, count)
        left.append(what_is_left(keeping, waiting[-1]))
        for words in left[0].lines:
            _log.warning("%s", words)

    def _copy_by_itself(self, database: Database, on_damage: Callable[[str], None]) -> None:
        file = sqlite_file(self._settings.database)
        if file:  # a server has its own backups
            copies = AutomaticCopies(file, self._clock.now, on_damage=on_damage, still_ours=database.check_file)
            copies.start()
            self._stack.callback(copies.stop)

    def _practice_phone(self, by_himself: bool) -> SimulatedPhone:
        phone = SimulatedPhone(
            self._settings.shop.registered, by_himself=by_himself, memory=self._settings.data_dir / MEMORY
        )
        phone.start()
        self._stack.callback(phone.stop)
        return phone

    def _gateway(self, keys: Keys, phone: SimulatedPhone | None) -> DarajaClient:
        settings = self._settings
        account = Account(settings.shortcode, settings.till_number)
        url = phone.simulator.url if phone else settings.daraja_url
        gateway = DarajaClient(
            base_url=url,
            account=Account(PRACTICE_SHORTCODE) if phone else account,
            keys=keys,
            callback_base=self._route.base,
            # Nothing proves that M-PESA compares a Timestamp with its clock; by its own clock none can be refused.
            now=self._clock.corrected,
            told=self._contact.tell,
            dated=self._clock.mpesa.hear,
            shared=token_of_shop(settings, keys, url, self._vault),
        )
        self._stack.callback(gateway.close)
        return gateway

    def _watch_contact(self, gateway: DarajaClient) -> None:
        watch = ContactWatch(self._contact, gateway.reach)
        watch.start()
        self._stack.callback(watch.stop)

    def _till(
        self,
        books: Books,
        gateway: DarajaClient,
        erasing: Erasing,
        receipt_key: ReceiptKey | None,
        lease: TillLease | None,
    ) -> Till:
        """Build it and let it ask; it is taken down in the opposite order: first it takes no more charges."""
        settings = self._settings
        queries = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="query")
        self._stack.callback(queries.shutdown, wait=False, cancel_futures=True)
        pushes = ThreadPoolExecutor(_PUSHES, thread_name_prefix="push")
        till = build_till(
            books,
            name=settings.till,
            shop=settings.shop,
            gateway=gateway,
            pushes=pushes,
            queries=queries,
            passphrases=Argon2Passphrases(),
            contact=self._contact,
            limiter=self._limiter,
            on_typing=self._route.freshen,
            paper=self._paper(),
            erasing=erasing,
            receipt_key=receipt_key,
            account=money_account(settings),
            pull=PullUse(gateway, pull_account(settings)) if settings.pull else None,
            statement_files=StatementReader(),
            lease=lease,
        )
        self._stack.callback(till.printing.stop)
        self._stack.callback(till.reconciler.stop)
        self._stack.callback(_within, PUSH_WAIT, pushes.shutdown)  # an executor waits without a limit of its own
        self._stack.callback(till.checkout.close)
        take_up(till)
        return till

    def _paper(self) -> ReceiptPaper:
        settings = self._settings
        return ReceiptPaper(
            printer=EscposPrinter(settings.receipt_printer) if settings.receipt_printer else None,
            width=settings.paper_width,
            by_itself=settings.print_paid,
            drawer=settings.cash_drawer,
        )


def _within(seconds: float, step: Callable[[], object]) -> None:
    """A step of the closing that may hang. It raises nothing, and is left to itself after so many seconds."""

    def take() -> None:
        try:
            step()
        except Exception:  # noqa: BLE001 - the other steps are taken all the same
            _log.exception("closing: a step failed")

    taking = threading.Thread(target=take, name="closing", daemon=True)
    taking.start()
    taking.join(seconds)
    if taking.is_alive():
        _log.warning("closing goes on without a step that takes longer than %.0f s", seconds)
