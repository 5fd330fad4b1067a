"""What practice mode adds: the simulated M-PESA, its customer's phone, and posts to sell."""

from collections.abc import Callable
from pathlib import Path

from pos_app.daraja.simulator import Choice, Options, Prompt, Simulator
from pos_app.domain.catalogue import read_csv
from pos_app.sales.catalogue import Catalogue
from pos_app.sales.till import PhonePrompt

CUSTOMER_DELAY = 1.0  # seconds until the customer pays by himself, where nobody plays him
SHORTCODE = Options().shortcode
_SAMPLES = Path(__file__).parent.parent / "resources" / "sample_posts.csv"


class SimulatedPhone:
    """The customer's phone, played by whoever watches it. Fits `sales.till.PracticePhone`."""

    def __init__(self, shop_name: str, *, by_himself: bool) -> None:
        self._shown: Callable[[PhonePrompt], None] = lambda _: None
        self._gone: Callable[[str], None] = lambda _: None
        options = Options(customer=Choice.PIN if by_himself else None, delay=CUSTOMER_DELAY, shop_name=shop_name)
        self.simulator = Simulator(options, on_prompt=self._show, on_prompt_closed=lambda prompt: self._gone(prompt))

    def watch(self, shown: Callable[[PhonePrompt], None], gone: Callable[[str], None]) -> None:
        """Be told of each prompt that appears, and of the id of each that goes."""
        self._shown, self._gone = shown, gone

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

    def _show(self, prompt: Prompt) -> None:
        self._shown(
            PhonePrompt(id=prompt.checkout_request_id, phone=prompt.phone, amount=prompt.amount, shop=prompt.shop_name)
        )


def add_sample_posts(catalogue: Catalogue) -> None:
    """Something to sell, where there is nothing yet."""
    if not catalogue.posts():
        catalogue.add_all(read_csv(_SAMPLES.read_text(encoding="utf-8")))
