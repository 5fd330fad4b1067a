"""Pull Transactions: the one record that a shop may fetch, with everything that is odd about it.

As seen in production in 2026: the time's Z is not true, an empty page is said in three ways, the case of keys changes,
and a short code that may not ask is told the same as one that has nothing.
"""

import re
from collections.abc import Callable
from datetime import UTC, timedelta

from pos_app.domain.kenya_time import NAIROBI
from pos_app.simulator import bodies
from pos_app.simulator.bodies import HttpReply, Json, Refused
from pos_app.simulator.checks import PullQuery, Request, read_pull_query, read_pull_register
from pos_app.simulator.faults import Dice, Fault
from pos_app.simulator.money import Money
from pos_app.simulator.options import SimulatorOptions
from pos_app.simulator.portal import Route, Send
from pos_app.simulator.record import Movement, MovementKind, masked_abroad
from pos_app.simulator.world import World

REGISTER_PATH = "/pulltransactions/v1/register"
PULL_PATH = "/pulltransactions/v1/query"
OLDEST = timedelta(hours=48)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TYPES = {True: "c2b-pay-bill-debit", False: "c2b-buy-goods-debit"}  # by whether it is a paybill
_SWEEP = "b2b-organization-settlement"


class Pull:
    """Answers for one short code.

    Args:
        check_token: raises `Refused` where the access token is not the good one.

    Attributes:
        registered: whether the shop has asked for it.
        asked: how many questions came in, answered or not.
    """

    def __init__(
        self, options: SimulatorOptions, world: World, dice: Dice, money: Money, check_token: Callable[[str], None]
    ) -> None:
        self._options = options
        self._world = world
        self._dice = dice
        self._money = money
        self._check_token = check_token
        self.registered = False
        self.asked = 0

    @property
    def routes(self) -> dict[str, tuple[str, Route]]:
        """Method and action of each address."""
        return {REGISTER_PATH: ("POST", self._register), PULL_PATH: ("POST", self._query)}

    def _register(self, request: Request, send: Send) -> None:
        self._check_token(request.authorization)
        if read_pull_register(request) != self._options.shortcode:
            raise Refused(bodies.NO_SUCH_PULL_SHORT_CODE)
        known, self.registered = self.registered, True
        send(bodies.pull_registered(self._options.shortcode, known=known))

    def _query(self, request: Request, send: Send) -> None:
        self.asked += 1
        subject = f"pull {self.asked}"
        self._check_token(request.authorization)
        query = read_pull_query(request)
        if self._dice.strikes(Fault.PULL_FAILS, subject):
            raise Refused(bodies.PULL_FAILED)
        enabled = query.short_code == self._money.account.short_code and self.registered
        if not enabled or self._dice.strikes(Fault.PULL_REFUSED, subject):
            send(bodies.pulled_nothing())
            return
        page = self._found(query)[query.offset :][: self._options.pull_page]
        rows = [self._row(movement, query, subject) for movement in page]
        send(self._answer(rows, subject) if rows or query.offset else bodies.pulled_nothing())

    def _found(self, query: PullQuery) -> list[Movement]:
        """Money that moved by a payer or a sweep, oldest first: neither fees, failures nor reversals."""
        oldest = self._world.now() - OLDEST
        first, last = max(query.first, oldest), query.last
        kinds = (MovementKind.PAYMENT, MovementKind.SWEEP)
        return [each for each in self._money.record.movements() if each.kind in kinds and first <= each.at <= last]

    def _row(self, movement: Movement, query: PullQuery, subject: str) -> Json:
        swept = movement.kind is MovementKind.SWEEP
        zone = UTC if self._dice.strikes(Fault.PULL_TRUE_TIME, subject) else NAIROBI
        amount = int(movement.amount) if movement.amount == int(movement.amount) else float(movement.amount)
        as_text = self._dice.random(f"{movement.receipt} amount").random() < 0.5
        return {
            "transactionId": movement.receipt,
            "trxDate": movement.at.astimezone(zone).strftime(_TIME),
            "msisdn": self._msisdn(movement.phone, subject),
            "sender": "MPESA",
            "transactiontype": _SWEEP if swept else _TYPES[self._money.account.paybill],
            "billreference": movement.account if self._money.account.paybill else "",
            "amount": f"{amount:.2f}" if as_text else amount,
            "organizationname": self._money.account.holder,
        }

    def _msisdn(self, phone: str, subject: str) -> str | int:
        whole = re.fullmatch("[0-9]{12}", phone) and self._dice.strikes(Fault.PULL_WHOLE_NUMBERS, subject)
        if whole:
            return int(phone) if self._dice.random(f"{subject} {phone}").random() < 0.5 else phone
        return masked_abroad(phone) if phone else ""

    def _answer(self, rows: list[Json], subject: str) -> HttpReply:
        if self._dice.strikes(Fault.PULL_OTHER_KEYS, subject):
            rows = [{name.upper(): value for name, value in row.items()} for row in rows]
        flat = self._dice.strikes(Fault.PULL_FLAT, subject)
        if rows:
            return bodies.pulled(rows if flat else [rows])
        return bodies.pulled([] if flat else "[[]]" if self._dice.strikes(Fault.PULL_EMPTY_TEXT, subject) else [[]])
