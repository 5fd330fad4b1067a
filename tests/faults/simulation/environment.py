"""Outside the till: M-PESA's surroundings, the customers, and the road by which callbacks come to the door."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from pos_app.daraja.wire import read_callback
from pos_app.domain.payment_event import UnreadableCallback
from pos_app.sales.inbox import LedgerInbox
from pos_app.simulator import Choice, Json, Mpesa, Prompt
from pos_app.simulator.world import Action
from tests.faults.oracles.truth import Delivered, Prompted, Told, Truth, told_by
from tests.faults.simulation.kernel import Kernel
from tests.support.fakes import START


@dataclass(frozen=True, slots=True)
class CallbackDelivery:
    """One delivery of a callback, `delay` seconds from now. `told` is what it says, None where nobody can read it."""

    body: bytes
    told: Told | None
    delay: float = 0.1


class Deliveries(Protocol):
    """Decides what becomes of a callback: the deliveries, none where it is lost."""

    def __call__(self, token: str, body: Json, /) -> list[CallbackDelivery]: ...


def as_sent(body: Json, delay: float = 0.1) -> CallbackDelivery:
    """The callback as M-PESA sent it."""
    return CallbackDelivery(json.dumps(body).encode(), told_by(body), delay)


def promptly(token: str, body: Json) -> list[CallbackDelivery]:
    """Every callback comes, once."""
    return [as_sent(body)]


class Door:
    """Stands for the listener: takes callbacks as it does, with the real reading and the real inbox."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self.inbox: LedgerInbox | None = None  # None: the till is closed, or cannot be reached

    def deliver(self, token: str, delivery: CallbackDelivery) -> int:
        """The HTTP status that M-PESA gets; 0 where nobody answers."""
        if self.inbox is None:
            return 0
        if not self.inbox.knows([token]):
            return 404
        self._truth.seen.append(Delivered(token, delivery.told))
        event = read_callback(delivery.body)
        recorded = self.inbox.receive(token, event, delivery.body.decode(errors="replace"))
        if not recorded.done() or recorded.exception():
            return 503
        assert recorded.result() is not None
        self._truth.acknowledged[token] += 1
        return 400 if isinstance(event, UnreadableCallback) else 200


class Environment:
    """Fits `simulator.World`. Attributes may be changed at any time.

    Attributes:
        customer: what the customer does with a prompt and how long that takes; None: nothing, ever.
        deliveries: decides what becomes of each callback.
    """

    def __init__(self, kernel: Kernel, truth: Truth, door: Door) -> None:
        self._kernel = kernel
        self._truth = truth
        self._door = door
        self.mpesa: Mpesa | None = None
        self.customer: Callable[[Prompt], tuple[float, Choice] | None] = lambda _: (5.0, Choice.PIN)
        self.deliveries: Deliveries = promptly

    def now(self) -> datetime:
        return START + timedelta(seconds=self._kernel.now)

    def monotonic(self) -> float:
        return self._kernel.now

    def schedule(self, delay: float, action: Action) -> None:
        self._kernel.after(delay, action)

    def post(self, url: str, body: Json, done: Action) -> None:
        token = url.rpartition("/")[2]
        if token in self._truth.prompts:
            stk = body["Body"]["stkCallback"]
            self._truth.by_checkout[stk["CheckoutRequestID"]].code = str(stk["ResultCode"])
            deliveries = self.deliveries(token, body)
        else:
            deliveries = [as_sent(body)]  # a stranger's, at an address he made up
        for delivery in deliveries:
            self._kernel.after(delivery.delay, partial(self._door.deliver, token, delivery))
        first = min((delivery.delay for delivery in deliveries), default=1.0)
        self._kernel.after(first, done)

    def prompted(self, prompt: Prompt) -> None:
        self._truth.prompted(self._truth.handling, Prompted(prompt.checkout_request_id, prompt.phone, prompt.amount))
        does = self.customer(prompt)
        if does:
            delay, choice = does
            self._kernel.after(delay, lambda: self._act(prompt, choice))

    def _act(self, prompt: Prompt, choice: Choice) -> None:
        assert self.mpesa is not None
        self.mpesa.answer(prompt.checkout_request_id, choice)

    def closed(self, checkout_request_id: str) -> None:
        self._truth.by_checkout[checkout_request_id].ended = self._kernel.now
