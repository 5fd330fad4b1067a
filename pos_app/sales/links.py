"""The links between the lines of journal and audit: begun at a till's start, sealed, verified (rule 24)."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pos_app.domain.audit import audit_line
from pos_app.domain.erasure import ErasureKey
from pos_app.domain.links import HeadCode, LastLines, LinkKey
from pos_app.domain.operators import Act, Actor
from pos_app.domain.payment import Payment
from pos_app.domain.receipt_check import read_value
from pos_app.domain.verification import Digest, Seal, Verification
from pos_app.errors import BadInput, PosError
from pos_app.sales.authority import Authority
from pos_app.sales.erasure_key import SettleKey, ShopKey, find_key
from pos_app.sales.ports import Clock, ErasureKeys, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

SETTING = "sealed"  # up to where lines were sealed, or are to be; a hint for the till, which `verify` does not believe
SUBJECT = "lines that nobody has linked"
FIRST = 20.0  # seconds from the start of a till to its first look at old lines
BETWEEN = 0.1  # seconds between two looks, and how many lines each takes: charges come between them
LOOKED = 1_000
FEW = 2_000  # lines that are sealed while the till opens: some hundredths of a second
CLOSES = "closes_before"  # the last close from before closes were bound to the audit; the migration has put it there
CLOSES_SUBJECT = "closes from before"
_DUE = " due"
_NO_KEY = (
    "Lines of journal and audit, and receipts, cannot be verified here: the shop's key is not on this computer, or is "
    "another one than this shop's. Nothing was changed. The first till of the shop has made it when it opened: `owner "
    "erasure-key` shows it there, and takes it here with --take."
)
_RENEWED_SINCE = (
    "The shop's key was renewed after that payment: whether a receipt that was printed before is the shop's own cannot "
    "be told any more. Nothing was changed. Compare its amount and M-PESA's code with what the till has of the payment."
)
_UNLINKED = "what is appended to journal and audit is not linked, as the shop's key is not to be had here: %s"
_BEGUN_MEANWHILE = "Lines were sealed by somebody else meanwhile. Nothing was changed. Verify again."
_log = logging.getLogger(__name__)


class _Sealed(NamedTuple):
    """Up to where lines are sealed; or, where it is `due`, are to be."""

    until: LastLines
    due: bool

    def text(self) -> str:
        return f"{self.until.event} {self.until.audit}{_DUE if self.due else ''}"


def _read(kept: str | None) -> _Sealed | None:
    if kept is None:
        return None
    event, audit = kept.removesuffix(_DUE).split()
    return _Sealed(LastLines(int(event), int(audit)), kept.endswith(_DUE))


class Links:
    """Begins, verifies and seals. Slow: call it on a thread.

    Args:
        key: finds the shop's key, and makes it where the shop has none.
    """

    def __init__(self, reader: Reader, writer: GroupWriter, clock: Clock, key: ShopKey) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._key = key

    def begin(self) -> ErasureKey | None:
        """At the start of a till, before it writes anything: the shop's key, made where the shop has none.

        Where it is not to be had nothing is linked, and money is recorded all the same; `verify` and the checks say so.
        """
        try:
            key, settle = self._key.find_or_make()
            if self._key.find() is None or self._reader.setting(SETTING) is None:
                self._writer.run(lambda transaction: _begin(transaction, settle))
        except PosError as error:
            _log.warning(_UNLINKED, error.user_text)
            return None
        return key

    def find(self) -> LinkKey | None:
        """The key, where the shop and this computer have it. Raises nothing."""
        return _links(_quietly(self._key.find))

    def verify(self, against: Sequence[HeadCode] = ()) -> Verification:
        """Look through every line.

        Args:
            against: heads that were written down before; they must still be there.

        Raises:
            BadInput: the key is not here.
        """
        return self._reader.verify(self._needed(), against)

    def is_genuine(self, payment: Payment, check: str) -> bool:
        """Whether a receipt of a payment with this check value, as typed from paper, is the shop's own.

        Raises:
            BadInput: it is no check value; the key is not here, or was renewed after the payment.
        """
        value, key = read_value(check), _quietly(self._key.find)
        if key is None:
            raise BadInput(_NO_KEY)
        if key.receipts.fits(payment, value):
            return True
        renewed = self._reader.key_renewed_at()
        if renewed and payment.closed_at and payment.closed_at <= renewed:
            raise BadInput(_RENEWED_SINCE)
        return False

    def seal(self, authority: Authority, passphrase: str) -> int:
        """Hold together as they are now the lines that nobody has linked; gives how many. The owner's: whatever was
        written into the database without the key counts from then on.

        Raises:
            OwnerNeeded, BadInput: not the owner's passphrase; or the key is not here.
            CannotSave: nothing was sealed.
        """
        shift = authority.shift
        owner = authority.let_pass(Act.SEAL, passphrase).owner
        key, sealed = self._needed(), _read(self._reader.setting(SETTING))
        after = sealed.until if sealed and not sealed.due else LastLines(0, 0)
        seal = self.sum_up(key, after, self._reader.last_lines())
        assert seal  # nobody has ended it

        def work(transaction: Transaction) -> None:
            actor = authority.admit(transaction, Act.SEAL, shift, owner=owner)
            if _read(transaction.setting(SETTING)) != sealed:
                raise BadInput(_BEGUN_MEANWHILE)
            self.write(transaction, seal, actor)

        if seal.lines:
            self._writer.run(work)
        return seal.lines

    def sum_up(
        self, key: LinkKey, after: LastLines, until: LastLines, pause: Callable[[], bool] = lambda: False
    ) -> Seal | None:
        """What is not linked of the lines behind some up to others, as a seal; None where it was ended.

        Args:
            pause: called after each thousand lines; gives whether to end it.
        """
        digest, place = Digest(), after
        while place != until:
            place = self._reader.add_unlinked(digest, key, place, until, LOOKED)
            if pause():
                return None
        events, audit = (after.event + 1, until.event), (after.audit + 1, until.audit)
        return Seal(events, audit, digest.lines, digest.hexdigest())

    def write(self, transaction: Transaction, seal: Seal, actor: Actor) -> None:
        """Put a seal into the audit."""
        now = self._clock.corrected()
        transaction.add_audit([audit_line(actor, Act.SEAL, now, SUBJECT, str(seal))])
        sealed = _Sealed(LastLines(seal.events[1], seal.audit[1]), due=False)
        transaction.set_setting(SETTING, sealed.text())

    def due(self, transaction: Transaction | None = None) -> LastLines | None:
        """Up to where the lines from before are to be sealed; None where they are."""
        sealed = _read((transaction or self._reader).setting(SETTING))
        return sealed.until if sealed and sealed.due else None

    def seal_due(self, key: LinkKey, pause: Callable[[], bool] = lambda: False) -> None:
        """Seal the lines from before there were links, where they are not; see `sum_up`. Raises CannotSave."""
        until = self.due()
        seal = until and self.sum_up(key, LastLines(0, 0), until, pause)
        if seal is None:
            return

        def work(transaction: Transaction) -> None:
            if self.due(transaction) == until:
                self.write(transaction, seal, Actor())

        self._writer.run(work)
        _log.info("%d lines from before there were links are sealed", seal.lines)

    def closes_due(self, transaction: Transaction | None = None) -> int | None:
        """The last of the closes that are to be sealed; None where none are."""
        kept = (transaction or self._reader).setting(CLOSES) or ""
        return int(kept.removesuffix(_DUE)) if kept.endswith(_DUE) else None

    def seal_closes_due(self) -> None:
        """Seal the closes from before they were bound to the audit, where they are not; in one look, which a million
        movements make seconds. Raises CannotSave.
        """
        until = self.closes_due()
        if until is None:
            return
        seal = self._reader.seal_of_closes(until)

        def work(transaction: Transaction) -> None:
            if self.closes_due(transaction) == until:
                line = audit_line(Actor(), Act.SEAL, self._clock.corrected(), CLOSES_SUBJECT, str(seal))
                transaction.add_audit([line])
                transaction.set_setting(CLOSES, str(until))

        self._writer.run(work)
        _log.info("the closes up to number %d are sealed", until)

    def many_due(self) -> int:
        """How many lines and movements are to be sealed."""
        due, closes = self.due(), self.closes_due()
        return sum(due or ()) + (0 if closes is None else 1 + self._reader.counted(closes))

    def _needed(self) -> LinkKey:
        key = self.find()
        if key is None:
            raise BadInput(_NO_KEY)
        return key


def find_link_key(reader: Reader, keys: ErasureKeys) -> LinkKey | None:
    """What a program that is no till links by; None where the key is not here. Raises nothing."""
    return _links(_quietly(lambda: find_key(reader, keys)))


def _quietly(find: Callable[[], ErasureKey | None]) -> ErasureKey | None:
    try:
        return find()
    except PosError as error:
        _log.warning(_UNLINKED, error.user_text)
        return None


def _links(key: ErasureKey | None) -> LinkKey | None:
    return key.links if key else None


def _begin(transaction: Transaction, settle: SettleKey) -> None:
    """From now on lines are linked; those that are there are sealed later, in the background."""
    settle(transaction)
    if transaction.setting(SETTING) is None:
        last = transaction.last_lines()
        transaction.set_setting(SETTING, _Sealed(last, due=last != LastLines(0, 0)).text())


class SealingRun:
    """Seals what is from before there were links, once, on a thread of its own: lines a few at a time, then closes.

    Args:
        key: what the till links by; None: it seals nothing.
    """

    def __init__(self, links: Links, key: LinkKey | None) -> None:
        self._links = links
        self._key = key
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sealing", daemon=True)

    def start(self) -> None:
        """Where there is anything to do: at once where it is little, else begin some seconds later."""
        many = self._links.many_due()
        if self._key is None or not many:
            return
        if many > FEW:
            self._thread.start()
            return
        try:
            self._links.seal_due(self._key)
            self._links.seal_closes_due()
        except PosError as error:
            _log.warning("lines from before could not be sealed: %s", error.user_text)

    def stop(self) -> None:
        """No further step; the next start begins anew."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        key = self._key
        if key is None or self._stopping.wait(FIRST):
            return
        try:
            self._links.seal_due(key, lambda: self._stopping.wait(BETWEEN))
            self._links.seal_closes_due()
        except Exception:  # noqa: BLE001 - the next start tries again
            _log.exception("lines from before could not be sealed")
