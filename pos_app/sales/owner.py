"""The owner settles by hand what M-PESA left open (design rules 7 and 9), behind a passphrase."""

from dataclasses import dataclass

from pos_app.domain.moves import rulings
from pos_app.domain.payment import Outcome, OwnerWord, Payment, Ruling
from pos_app.domain.receipt import typed_code
from pos_app.errors import BadInput
from pos_app.sales.ledger import Ledger
from pos_app.sales.passphrase import OwnerPassphrase, Tries
from pos_app.sales.ports import Clock, Passphrases, Reader
from pos_app.sales.writer import GroupWriter

MAX_WHY = 200


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
    """Asks for the owner's passphrase, and records what the owner decides as news like any other.

    Attributes:
        passphrase: what says who the owner is.
    """

    def __init__(
        self,
        ledger: Ledger,
        reader: Reader,
        writer: GroupWriter,
        passphrases: Passphrases,
        clock: Clock,
        tries: Tries | None = None,
    ) -> None:
        self.passphrase = OwnerPassphrase(reader, writer, passphrases, clock, tries)
        self._ledger = ledger
        self._reader = reader
        self._clock = clock

    def settle(self, payment_id: int, passphrase: str, decision: Decision) -> Payment:
        """Settle a payment by hand; it stays marked for ever.

        Raises:
            BadInput: wrong passphrase, no reason, no usable code, or a payment that is not the owner's to settle.
        """
        payment = self._reader.payment(payment_id)
        if payment is None or decision.ruling not in rulings(payment, self._clock.now()):
            raise BadInput("This payment cannot be settled by hand now. Nothing was changed.")
        word = _word(decision)
        self.passphrase.confirm(passphrase)
        change = self._ledger.record(word, payment_id).result()
        if change is None or change.outcome is not Outcome.APPLIED:
            raise BadInput(
                "That code belongs to another payment, or this one has just changed. Nothing was changed: look again."
            )
        return change.after


def _word(decision: Decision) -> OwnerWord:
    why = " ".join(decision.why.split())
    if not why or len(why) > MAX_WHY:
        raise BadInput(
            f"Type the reason, {MAX_WHY} characters at most. It stays with the payment. Nothing was changed."
        )
    if decision.ruling is not Ruling.PAID:
        return OwnerWord(decision.ruling, why)
    code = typed_code(decision.receipt)
    if code is None:
        raise BadInput(
            "Type the code as the M-PESA statement has it: 10 letters and digits, for example UKN4X7Q2ZT. "
            "Nothing was changed."
        )
    return OwnerWord(decision.ruling, why, code)
