"""What M-PESA posts to the shop when a prompt has ended, and what a stranger posts in its name."""

from functools import partial
from urllib.parse import urljoin

from pos_app.simulator import bodies, ids
from pos_app.simulator.bodies import Json
from pos_app.simulator.charges import Charge
from pos_app.simulator.checks import is_loopback
from pos_app.simulator.faults import Dice, Fault
from pos_app.simulator.options import SimulatorOptions
from pos_app.simulator.world import World


class CallbackWriter:
    """Writes the callback of a charge and hands it to the world for delivery, as the faults want it.

    Args:
        run: names this run of the simulator, so that another one draws other secrets.
    """

    def __init__(self, options: SimulatorOptions, world: World, dice: Dice, run: str) -> None:
        self._options = options
        self._world = world
        self._dice = dice
        self._run = run

    def deliver(self, charge: Charge) -> None:
        """Post the callback, or do not."""
        lost = self._dice.strikes(Fault.CALLBACK_LOST, charge.subject)
        if lost or not is_loopback(charge.push.callback_url):
            self._delivered(charge)
        elif self._dice.strikes(Fault.CALLBACK_LATE, charge.subject):
            self._world.schedule(self._options.late_after, partial(self._post, charge))
        else:
            self._post(charge)

    def _post(self, charge: Charge) -> None:
        body = self._body(charge)
        copies = 2 if self._dice.strikes(Fault.CALLBACK_TWICE, charge.subject) else 1
        for _ in range(copies):
            self._world.post(charge.push.callback_url, body, partial(self._delivered, charge))

    def _delivered(self, charge: Charge) -> None:
        """No callback is to be waited for any more: a push's answer that was held back goes out."""
        send, charge.held = charge.held, None
        if send is not None:
            send()

    def _body(self, charge: Charge) -> Json:
        outcome = charge.outcome or bodies.NO_RESPONSE
        items = self._items(charge, charge.receipt) if outcome is bodies.PAID else []
        as_text = self._dice.strikes(Fault.CODE_AS_TEXT, charge.subject)
        return bodies.callback(*charge.ids, outcome, items, code_as_text=as_text)

    def _items(self, charge: Charge, receipt: str) -> list[Json]:
        amount = charge.push.amount
        if self._dice.strikes(Fault.AMOUNT_DIFFERS, charge.subject):
            amount = amount - 1 or 2  # less than asked, and never nothing
        balance = self._dice.strikes(Fault.BALANCE_WITHOUT_VALUE, charge.subject)
        return bodies.payment_items(
            amount=amount,
            receipt=receipt,
            balance=balance or self._dice.random(f"{charge.subject} balance").random() < 0.5,
            paid_at=charge.ended_at or charge.prompt.created_at,
            payer=charge.push.payer,
        )

    def forge(self, charge: Charge) -> None:
        """A stranger claims success with everything right but the address, which he has to guess."""
        url = charge.push.callback_url
        if not is_loopback(url):
            return
        random = self._dice.random(f"{self._run} {charge.subject} stranger")
        receipt = ids.ReceiptCodes(random).next(charge.prompt.created_at)
        body = bodies.callback(*charge.ids, bodies.PAID, self._items(charge, receipt))
        self._world.post(urljoin(url, ids.access_token(random)), body, _nothing)


def _nothing() -> None:
    """Nobody waits for this delivery."""
