"""The owner settles by hand what M-PESA left open (design rules 7 and 9), behind a passphrase."""

import logging
import threading
from dataclasses import dataclass

from pos_app.domain.clock import duration
from pos_app.domain.moves import rulings
from pos_app.domain.payment import Outcome, OwnerWord, Payment, Ruling
from pos_app.domain.receipt import typed_code
from pos_app.errors import BadInput
from pos_app.sales.ledger import Ledger
from pos_app.sales.ports import Clock, Passphrases, Reader, Transaction
from pos_app.sales.writer import GroupWriter

SETTING = "owner_passphrase"
SHORTEST = 8  # characters
TRIES = 5  # wrong ones in a row, before each further one has to wait
FIRST_WAIT, LONGEST_WAIT = 30.0, 900.0  # seconds; it doubles
MAX_WHY = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the owner decided, as typed.

    Attributes:
        why: the reason; the journal keeps it for ever.
        receipt: the code on the M-PESA statement; only for `Ruling.PAID`.
    """

    ruling: Ruling
    why: str
    receipt: str = ""


class Owner:
    """Asks for the owner's passphrase, and records what the owner decides as news like any other."""

    def __init__(
        self, ledger: Ledger, reader: Reader, writer: GroupWriter, passphrases: Passphrases, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._writer = writer
        self._passphrases = passphrases
        self._clock = clock
        self._door = threading.Lock()  # one try at a time, or many at once would escape the waiting
        self._wrong = 0
        self._again_from = float("-inf")  # on the monotonic clock

    def has_passphrase(self) -> bool:
        """Whether the owner has chosen one."""
        return self._reader.setting(SETTING) is not None

    def choose_passphrase(self, passphrase: str) -> None:
        """Choose it, on first use.

        Raises:
            BadInput: too short, or there is one already.
            CannotSave: nothing was saved.
        """
        if len(passphrase.strip()) < SHORTEST:
            raise BadInput(f"The owner's passphrase needs at least {SHORTEST} characters. Nothing was saved.")
        sealed = self._passphrases.seal(passphrase)

        def work(transaction: Transaction) -> None:
            if self._reader.setting(SETTING) is not None:
                raise BadInput("The owner has chosen a passphrase already. Nothing was saved.")
            transaction.set_setting(SETTING, sealed)

        self._writer.submit(work).result()
        _log.info("the owner chose a passphrase")

    def settle(self, payment_id: int, passphrase: str, decision: Decision) -> Payment:
        """Settle a payment by hand; it stays marked for ever.

        Raises:
            BadInput: wrong passphrase, no reason, no usable code, or a payment that is not the owner's to settle.
        """
        payment = self._reader.payment(payment_id)
        if payment is None or decision.ruling not in rulings(payment, self._clock.now()):
            raise BadInput("This payment cannot be settled by hand now. Nothing was changed.")
        word = _word(decision)
        self._check(passphrase)
        change = self._ledger.record(word, payment_id).result()
        if change is None or change.outcome is not Outcome.APPLIED:
            raise BadInput(
                "That code belongs to another payment, or this one has just changed. Nothing was changed: look again."
            )
        _log.info("payment %s: the owner decided %s", change.after.number, word.ruling)
        return change.after

    def _check(self, passphrase: str) -> None:
        """Five tries, then each waits: half a minute, doubling to a quarter of an hour."""
        with self._door:
            sealed, now = self._reader.setting(SETTING), self._clock.monotonic()
            if sealed is None:
                raise BadInput("The owner has no passphrase yet. Choose one first. Nothing was changed.")
            if now < self._again_from:
                raise BadInput(f"Too many wrong tries. Wait {duration(self._again_from - now)}. Nothing was changed.")
            if self._passphrases.fits(passphrase, sealed):
                self._wrong = 0
                return
            self._wrong += 1
            _log.warning("a wrong owner's passphrase, %d in a row", self._wrong)
            if self._wrong >= TRIES:
                self._again_from = now + min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (self._wrong - TRIES))
        raise BadInput("That is not the owner's passphrase. Nothing was changed.")


def _word(decision: Decision) -> OwnerWord:
    why = " ".join(decision.why.split())
    if not why or len(why) > MAX_WHY:
        raise BadInput(f"Type the reason, {MAX_WHY} characters at most. It stays in the journal. Nothing was changed.")
    if decision.ruling is not Ruling.PAID:
        return OwnerWord(decision.ruling, why)
    code = typed_code(decision.receipt)
    if code is None:
        raise BadInput(
            "Type the code as the M-PESA statement has it: 10 letters and digits, for example UKN4X7Q2ZT. "
            "Nothing was changed."
        )
    return OwnerWord(decision.ruling, why, code)
