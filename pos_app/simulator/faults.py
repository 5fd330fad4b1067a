"""What can go wrong between a shop and M-PESA, on purpose and repeatably."""

from collections.abc import Mapping
from enum import StrEnum
from random import Random

from pos_app.domain.strict import plain
from pos_app.errors import BadInput


class Fault(StrEnum):
    """A way in which Daraja misbehaves. The value is the name on a command line."""

    CALLBACK_LOST = "callback-lost"  # never posted
    CALLBACK_LATE = "callback-late"  # posted long after the customer acted
    CALLBACK_TWICE = "callback-twice"  # posted twice at the same time
    CALLBACK_FIRST = "callback-first"  # posted before the push's answer goes out
    CALLBACK_STRANGER = "callback-stranger"  # and a forged success goes to a made-up address of the same host
    PUSH_ANSWER_LOST = "push-answer-lost"  # the customer is prompted, the shop gets a 503 page or a cut connection
    PUSH_SLOW = "push-slow"  # the customer is prompted, the shop waits
    QUERY_DISAGREES = "query-disagrees"  # says 1037 although the customer paid
    AMOUNT_DIFFERS = "amount-differs"  # the callback names another amount
    RECEIPT_REUSED = "receipt-reused"  # the callback names the receipt code of the payment before
    CODE_AS_TEXT = "code-as-text"  # the callback's ResultCode is text
    BALANCE_WITHOUT_VALUE = "balance-without-value"  # the callback has the Balance item, always without Value
    PENDING_4999 = "pending-4999"  # a question before the customer acted: HTTP 200, ResultCode "4999"
    PENDING_500 = "pending-500"  # the same question: HTTP 500, 500.001.1001
    TOKEN_DIES_EARLY = "token-dies-early"  # noqa: S105  a valid access token is refused, never two in a row
    HTML_FIREWALL = "html-firewall"  # 403 page for the push, nobody is prompted
    SPIKE_ARREST = "spike-arrest"  # the gateway refuses the push, nobody is prompted
    PULL_REFUSED = "pull-refused"  # Pull is not enabled for the short code, which sounds like "no records"
    PULL_FAILS = "pull-fails"  # HTTP 500, "Failed to retrieve transactions"
    PULL_TRUE_TIME = "pull-true-time"  # the Z behind a time is true, for once
    PULL_WHOLE_NUMBERS = "pull-whole-numbers"  # numbers of payers are not masked
    PULL_OTHER_KEYS = "pull-other-keys"  # the keys of rows are written in capitals
    PULL_FLAT = "pull-flat"  # rows in one list instead of a list in a list
    PULL_EMPTY_TEXT = "pull-empty-text"  # an empty page is the text "[[]]"
    SYSTEM_BUSY = "system-busy"  # M-PESA refuses the push, nobody is prompted


def parse_fault(text: str) -> tuple[Fault, float]:
    """Read `callback-lost` or `callback-lost=0.3`: the fault and its probability (1.0 when none is given).

    Raises:
        BadInput: no such fault, or a probability that is none. The text names the known faults.
    """
    name, equals, number = text.strip().partition("=")
    try:
        fault = Fault(name)
    except ValueError:
        known = ", ".join(Fault)
        raise BadInput(f"{name[:40]!r} is not a fault of the simulator. Known are: {known}.") from None
    if not equals:
        return fault, 1.0
    probability = plain(number)
    if probability is None or probability > 1:
        raise BadInput(f"How often a fault strikes is a number from 0 to 1, for example {fault}=0.3.")
    return fault, float(probability)


class Dice:
    """Decides whether a fault strikes.

    Every decision depends on the seed, the fault and its subject alone ("push 3"), never on what was decided before.
    So a run can be replayed although the tills' questions come at other moments, and adding one fault does not
    move the others.
    """

    def __init__(self, seed: int, faults: Mapping[Fault, float]) -> None:
        self._seed = seed
        self._probability = dict(faults)

    def add(self, fault: Fault, probability: float = 1.0) -> None:
        """From now on the fault strikes with this probability (0 to 1)."""
        self._probability[fault] = probability

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        self._probability.clear()

    def strikes(self, fault: Fault, subject: str) -> bool:
        """Whether the fault strikes this subject."""
        probability = self._probability.get(fault, 0.0)
        return probability > 0.0 and self.random(f"{subject} {fault}").random() < probability

    def random(self, subject: str) -> Random:
        """Random numbers of the subject's own."""
        return Random(f"{self._seed} {subject}")  # noqa: S311  a game, and it must be repeatable
