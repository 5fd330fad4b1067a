"""`charge`: one customer, no window."""

import argparse
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from pos_app.bootstrap.till import PUSH_WAIT, open_till
from pos_app.cli.basket import Wanted, read_lines
from pos_app.cli.console import WRITE_LIMIT, Console
from pos_app.cli.output import exit_code, status_line
from pos_app.cli.owner import Who, read_who, sign_in
from pos_app.cli.unix_signals import Ended, told_to_end
from pos_app.domain.callback_route import RouteState, RouteStatus
from pos_app.domain.charge_request import ChargeRequest
from pos_app.domain.operators import Act
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import parse_phone
from pos_app.domain.receipt import receipt_text
from pos_app.errors import PosError
from pos_app.exports.payment_json import payment_json
from pos_app.messages.payments import advice, happened, money_moved, state_words
from pos_app.messages.renewals import renewal_words
from pos_app.messages.window import UPGRADING
from pos_app.sales.ports import Route
from pos_app.sales.till import Till
from pos_app.settings.settings import Settings, load

_ADDRESS_WAIT = 10.0  # seconds
_CANNOT_SAVE = (
    "This computer cannot save safely. A payment on its way is not lost, and nobody else is charged meanwhile. "
    "See whether the disk is full, or the drive with the data is disconnected."
)
_SERVER_CANNOT_SAVE = (
    "The shop's database server does not save. A payment on its way is not lost, and nobody else is charged meanwhile. "
    "See whether that server is switched on, and whether the network to it works."
)
_LOOK = 0.1  # seconds between two looks whether somebody ends it
_log = logging.getLogger(__name__)


class Teller:
    """Tells a person what becomes of a payment. Whatever fails while telling, the payment stands as it stands."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(WRITE_LIMIT)

    def status(self, payment: Payment) -> None:
        """One line of live status."""
        self.console.say(status_line(payment))

    def result(self, till: Till, payment: Payment) -> None:
        """The receipt, or what happened, whether money moved and what to do."""
        if payment.state is State.PAID:
            self.console.say("\n" + receipt_text(till.receipts.receipt(payment.id).lines).rstrip("\n"))
        else:
            told = (happened(payment), money_moved(payment), advice(payment))
            self.console.say(" ".join(words for words in told if words))

    def tell_saving(self, saving: bool, *, server: bool) -> None:
        """Whether this computer, or the shop's database `server`, can save; the payment goes on."""
        cannot = _SERVER_CANNOT_SAVE if server else _CANNOT_SAVE
        self.console.warn("Saving works again." if saving else cannot)


class JsonTeller(Teller):
    """Tells a program: one object, at the end."""

    def status(self, payment: Payment) -> None:
        """Nothing before the end."""

    def result(self, till: Till, payment: Payment) -> None:
        """The payment's fields."""
        self.console.result(payment_json(payment))


def run(options: argparse.Namespace) -> int:
    """Charge, wait, say where it stands."""
    settings = load(options.data_dir, options.practice)
    order = Order(tuple(options.post), tuple(options.price), options.phone, read_who(options.operator))
    return charge(settings, order, options.wait, JsonTeller() if options.json else Teller())


class Order(NamedTuple):
    """Whom to charge, and what for.

    Attributes:
        prices: as typed, for the posts whose price is asked, in their order; `phone` as typed.
        who: the operator who charges; None: none was named.
    """

    wanted: tuple[Wanted, ...]
    prices: tuple[str, ...]
    phone: str
    who: Who | None = None


def charge(settings: Settings, order: Order, wait: float, teller: Teller) -> int:
    """Open the till, charge one customer, close the till.

    Args:
        wait: seconds until it says where the payment stands, even if it is still open.
        teller: told each change, and at the end where it stands.

    Returns:
        The exit code.
    """
    msisdn = parse_phone(order.phone)
    with told_to_end() as ended:
        opened = open_till(
            settings,
            on_saving=partial(teller.tell_saving, server=bool(settings.database_url)),
            on_damage=teller.console.warn,
            on_long_upgrade=lambda: teller.console.warn(UPGRADING),
        )
        try:
            till = opened.till
            till.ledger.watch_trouble(teller.console.warn)
            sign_in(till.operators, order.who)
            till.authority.let_pass(Act.CHARGE, "")  # before anything is waited for
            changes = _Changes()
            till.ledger.subscribe(changes)
            _wait_for_address(till.route, ended)
            opened.gateway.warm()  # its answers say what time it is, by which what other runs and tills opened is dated
            if ended.is_set():
                raise PosError("Stopped. Nothing was sent.")
            # A command has nobody to ask: payments that ended do not stop it, open ones do.
            lines = read_lines(till.reader, order.wanted, order.prices)
            request = ChargeRequest(lines=lines, msisdn=msisdn, past_ended=True)
            _say_renewals(teller, till, request)
            payment = till.checkout.charge(request)
            payment = changes.follow(payment, wait, teller.status, ended)
            _tell_result(teller, till, payment)
            return exit_code(payment)
        finally:
            for line in opened.close().lines:
                teller.console.warn(line)


def _wait_for_address(route: Route, ended: Ended) -> None:
    """A tunnel takes some seconds, and a prompt that left before would bring no receipt code."""
    known = threading.Event()

    def told(status: RouteStatus) -> None:
        if status.address_since or status.state is not RouteState.OPENING:
            known.set()

    route.subscribe(told)
    ends = time.monotonic() + _ADDRESS_WAIT
    while not ended.is_set() and not known.wait(_LOOK) and time.monotonic() < ends:
        pass


def _tell_result(teller: Teller, till: Till, payment: Payment) -> None:
    try:
        teller.result(till, payment)
    except Exception:  # noqa: BLE001 - it is paid or not, whether a receipt can be made of it or not
        _log.exception("the result of payment %s could not be told", payment.number)
        teller.console.warn(
            f"Payment {payment.number}: {state_words(payment)}. More could not be shown; the log says why."
        )


def _say_renewals(teller: Teller, till: Till, request: ChargeRequest) -> None:
    """What the customer has of the posts already, before anything is asked."""
    helds = till.reader.held(request.msisdn, [line.post.id for line in request.lines])
    for line in request.lines:
        told = renewal_words(line, helds.get(line.post.id), till.clock.corrected())
        if told:
            teller.console.warn(f"{told[0]}.")


class _Changes:
    """Collects what the ledger publishes, for one thread that waits."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._seen: list[Payment] = []

    def __call__(self, payment: Payment) -> None:
        with self._news:
            self._seen.append(payment)
            self._news.notify()

    def follow(self, payment: Payment, wait: float, status: Callable[[Payment], None], ended: Ended) -> Payment:
        """Tell each change of this payment until it is closed or in review, or the time is over; gives the last.

        Whoever ends the command waits for the push's answer, as at every close of a till: it comes within 35 s.
        """
        ends = time.monotonic() + wait
        told = 0.0
        shown: State | None = None
        while payment.state.open and payment.state is not State.REVIEW and time.monotonic() < ends:
            if ended.is_set():
                if payment.state is not State.REQUESTED:
                    break
                told = told or time.monotonic()
                ends = told + PUSH_WAIT
            with self._news:
                if not self._seen:
                    self._news.wait(min(_LOOK, max(0.0, ends - time.monotonic())))
                news, self._seen = self._seen, []
            for change in news:
                if change.id == payment.id:
                    payment = change
                    if payment.state is not shown:
                        status(payment)
                    shown = payment.state
        return payment
