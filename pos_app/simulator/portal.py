"""What a person does at M-PESA, for whom nobody plays: export a statement, pay without a prompt, reverse, sweep."""

from collections.abc import Callable
from datetime import date

from pos_app.domain.kenya_time import read_day, shop_day
from pos_app.errors import BadInput
from pos_app.simulator import bodies
from pos_app.simulator.bodies import HttpReply, Refused
from pos_app.simulator.checks import Request, read_by_hand, read_receipt
from pos_app.simulator.money import Money
from pos_app.simulator.statement import FORMATS, day_statement
from pos_app.simulator.world import World

STATEMENT_PATH = "/portal/statement"  # and `.csv` or `.xlsx`; `?from=2026-11-23&to=2026-11-24`, today without
PAY_PATH = "/portal/pay"  # {"Msisdn": ..., "Amount": ..., "BillRefNumber": ...}
REVERSE_PATH = "/portal/reverse"  # {"TransactionID": ...}
SWEEP_PATH = "/portal/sweep"
Send = Callable[[HttpReply], None]
Route = Callable[[Request, Send], None]


class Portal:
    """Answers at addresses of its own, to whoever asks: it is on this machine only."""

    def __init__(self, money: Money, world: World) -> None:
        self._money = money
        self._world = world

    @property
    def routes(self) -> dict[str, tuple[str, Route]]:
        """Method and action of each address."""
        exports = {f"{STATEMENT_PATH}{ending}": ("GET", self._statement) for ending in FORMATS}
        return {
            **exports,
            PAY_PATH: ("POST", self._pay),
            REVERSE_PATH: ("POST", self._reverse),
            SWEEP_PATH: ("POST", self._sweep),
        }

    def _statement(self, request: Request, send: Send) -> None:
        today = shop_day(self._world.now())
        first = _day(request, "from", today)
        last = _day(request, "to", max(first, today))
        written = day_statement(
            self._money.record, self._money.account, first, last, request.path.removeprefix(STATEMENT_PATH)
        )
        send(HttpReply(200, written))

    def _pay(self, request: Request, send: Send) -> None:
        phone, amount, account = read_by_hand(request)
        send(HttpReply(200, {"TransID": self._money.by_hand(phone, amount, account)}))

    def _reverse(self, request: Request, send: Send) -> None:
        code = self._money.reverse(read_receipt(request))
        if code is None:
            raise Refused(bodies.NO_SUCH_TRANSACTION)
        send(HttpReply(200, {"TransID": code}))

    def _sweep(self, _request: Request, send: Send) -> None:
        self._money.sweep()
        send(HttpReply(200, {}))


def _day(request: Request, name: str, otherwise: date) -> date:
    try:
        said = request.asked.get(name)
        return otherwise if said is None else read_day(said)
    except BadInput:
        raise Refused(bodies.invalid(name)) from None
