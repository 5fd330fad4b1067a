"""What customers do, and what M-PESA may say about them."""

from collections.abc import Callable
from random import Random

from pos_app.simulator import Choice, Json, Prompt

Customer = Callable[[Prompt], tuple[float, Choice] | None]
_HABITS = {Choice.PIN: 70, Choice.CANCEL: 10, Choice.WRONG_PIN: 6, Choice.NO_MONEY: 6, Choice.IGNORE: 8}


def anybody(random: Random) -> Customer:
    """Most pay within half a minute; some cancel, mistype the PIN, have no money or do nothing."""
    return lambda _: (random.uniform(3.0, 40.0), random.choices(list(_HABITS), list(_HABITS.values()))[0])


def payer(random: Random) -> Customer:
    """Everybody pays."""
    return lambda _: (random.uniform(1.0, 40.0), Choice.PIN)


def failing(body: Json, code: str) -> Json:
    """The callback of the same prompt, were it not paid."""
    stk = {name: value for name, value in body["Body"]["stkCallback"].items() if name != "CallbackMetadata"}
    return {"Body": {"stkCallback": {**stk, "ResultCode": int(code), "ResultDesc": "Not paid."}}}
