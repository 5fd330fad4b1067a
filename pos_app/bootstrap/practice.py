"""What practice mode adds: the simulated M-PESA, its customer's phone, and posts to sell."""

import json
import logging
import secrets
from collections.abc import Callable
from pathlib import Path

from pos_app.domain.post_import import read_csv
from pos_app.errors import BadInput
from pos_app.private_files import discard_begun, replace_file
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.till import PhonePrompt
from pos_app.simulator import Choice, MoneyRecord, Prompt, Simulator, SimulatorOptions

CUSTOMER_DELAY = 1.0  # seconds until the customer pays by himself, where nobody plays him
SHORTCODE = SimulatorOptions().shortcode
_BY_HAND = (50, 100, 250, 800)  # KES
MEMORY = "practice-mpesa.json"
REMEMBERED = 200  # payments that M-PESA can still be asked about after a restart, and movements of its record
_NOT_OURS = (OSError, ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
_log = logging.getLogger(__name__)
_SAMPLES = Path(__file__).parents[2] / "resources" / "sample_posts.csv"


class SimulatedPhone:
    """The customer's phone, played by whoever watches it. Fits `sales.till.PracticePhone`.

    Args:
        memory: the file in which M-PESA's side outlives the till, as Safaricom's does; None keeps nothing.
    """

    def __init__(self, shop_name: str, *, by_himself: bool, memory: Path | None = None) -> None:
        self._shown: Callable[[PhonePrompt], None] = lambda _: None
        self._gone: Callable[[str], None] = lambda _: None
        self._memory = memory
        options = SimulatorOptions(
            customer=Choice.PIN if by_himself else None, delay=CUSTOMER_DELAY, shop_name=shop_name
        )
        self.simulator = Simulator(options, on_prompt=self._show, on_prompt_closed=self._take_away)

    def start(self) -> None:
        """Listen, and go on where the last run stopped: open prompts live for the rest of their time.

        Raises:
            OSError: no port can be had.
        """
        self.simulator.start()
        if self._memory is None:
            return
        discard_begun(self._memory)
        if not self._memory.exists():
            return
        try:
            known = json.loads(self._memory.read_bytes())
            self.simulator.restore({"charges": known} if isinstance(known, list) else known)  # older practice: a list
        except _NOT_OURS:
            _log.info("what practice remembered of M-PESA cannot be read; it begins anew")
        self._remember()  # without the numbers of what has ended meanwhile

    def stop(self) -> None:
        """Remember what M-PESA knows, and listen no more."""
        self._remember()
        self.simulator.stop()

    def watch(self, shown: Callable[[PhonePrompt], None], gone: Callable[[str], None]) -> None:
        """Be told of each prompt that is there or appears, and of the id of each that goes."""
        self._shown, self._gone = shown, gone
        for prompt in self.simulator.prompts():
            shown(_on_phone(prompt))

    def enter_pin(self, prompt_id: str) -> None:
        """The customer pays."""
        self.simulator.answer(prompt_id, Choice.PIN)

    def enter_wrong_pin(self, prompt_id: str) -> None:
        """The customer mistypes."""
        self.simulator.answer(prompt_id, Choice.WRONG_PIN)

    def cancel(self, prompt_id: str) -> None:
        """The customer refuses."""
        self.simulator.answer(prompt_id, Choice.CANCEL)

    def no_money(self, prompt_id: str) -> None:
        """The customer enters the PIN, but the balance is not enough."""
        self.simulator.answer(prompt_id, Choice.NO_MONEY)

    def pay_by_hand(self) -> tuple[int, str]:
        """Somebody pays the shop's number without a prompt; only the record tells of it."""
        number, amount = secrets.randbelow(1_000), secrets.choice(_BY_HAND)
        code = self.simulator.pay_by_hand(f"254700000{number:03}", amount, "DUKA")
        self._remember()
        return amount, code

    def _show(self, prompt: Prompt) -> None:
        self._remember()
        self._shown(_on_phone(prompt))

    def _take_away(self, prompt_id: str) -> None:
        self._remember()
        self._gone(prompt_id)

    def _remember(self) -> None:
        """At each change, so that a till that is killed finds M-PESA as it was."""
        if self._memory is None:
            return
        try:
            replace_file(self._memory, json.dumps(self.simulator.written(REMEMBERED)).encode())
        except OSError:
            _log.info("what M-PESA knows in practice cannot be written down; it is forgotten when the till closes")


def read_practice_record(memory: Path) -> MoneyRecord:
    """M-PESA's record of practice, as the till has left it; empty where there was no practice yet.

    Raises:
        BadInput: it cannot be read.
    """
    record = MoneyRecord()
    try:
        if memory.exists():
            known = json.loads(memory.read_bytes())
            record.restore(known["record"])
    except _NOT_OURS:
        raise BadInput(
            f"What practice remembers of M-PESA ({memory}) cannot be read. Nothing was written. Open the till in "
            "practice once, and charge somebody."
        ) from None
    return record


def _on_phone(prompt: Prompt) -> PhonePrompt:
    return PhonePrompt(
        id=prompt.checkout_request_id,
        phone=prompt.phone,
        amount=prompt.amount,
        shop=prompt.shop_name,
        title=prompt.description,
    )


def add_sample_posts(catalogue: Catalogue) -> None:
    """Something to sell, where there is nothing yet."""
    if not catalogue.posts():
        catalogue.seed(read_csv(_SAMPLES.read_text(encoding="utf-8")))
