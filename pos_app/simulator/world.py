"""What the simulator needs from the outside: clocks, a timer, a way to post, and the customer's phone."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from pos_app.simulator.bodies import Json
from pos_app.simulator.options import Prompt

Action = Callable[[], object]


class World(Protocol):
    """What M-PESA needs from the outside."""

    def now(self) -> datetime:
        """The wall clock, with a time zone."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        ...

    def schedule(self, delay: float, action: Action) -> None:
        """Run an action `delay` seconds from now; never at once."""
        ...

    def post(self, url: str, body: Json, done: Action) -> None:
        """Deliver a callback, once. `done` is called afterwards, never at once, also when it could not be delivered."""
        ...

    def prompted(self, prompt: Prompt) -> None:
        """A customer's phone shows a prompt."""
        ...

    def closed(self, checkout_request_id: str) -> None:
        """The prompt is gone from the phone."""
        ...
