"""`charge`: one customer, no window."""

import argparse
import json
import threading
import time
from collections.abc import Callable

from pos_app.app import PUSH_WAIT, open_till
from pos_app.commands.aside import say_aside
from pos_app.commands.ending import Ended, told_to_end
from pos_app.commands.output import exit_code, payment_json, status_line
from pos_app.config import Settings, load
from pos_app.domain.payment import Payment, State
from pos_app.domain.phone import parse_phone
from pos_app.domain.receipt import receipt_text
from pos_app.domain.route import RouteState, RouteStatus
from pos_app.errors import PosError
from pos_app.sales.ports import Route
from pos_app.sales.till import Till
from pos_app.ui.words import advice, happened, money_moved

_ADDRESS_WAIT = 10.0  # seconds
_CANNOT_SAVE = (
    "This computer cannot save safely. A payment on its way is not lost, and nobody else is charged meanwhile. "
    "See whether the disk is full, or the drive with the data is disconnected."
)
_LOOK = 0.1  # seconds between two looks whether somebody ends it


def run(options: argparse.Namespace) -> int:
    """Charge, wait, say where it stands."""
    settings = load(options.data_dir, options.practice)
    if options.json:
        return charge(settings, options.post, options.phone, options.wait, lambda _: None, _print_json)
    return charge(settings, options.post, options.phone, options.wait, print_status, print_result)


def charge(
    settings: Settings,
    post_id: int,
    phone: str,
    wait: float,
    status: Callable[[Payment], None],
    result: Callable[[Till, Payment], None],
) -> int:
    """Open the till, charge one customer, close the till.

    Args:
        phone: as typed.
        wait: seconds until it says where the payment stands, even if it is still open.
        status: told each change; `result`: told where it stands at the end.

    Returns:
        The exit code.
    """
    msisdn = parse_phone(phone)
    with told_to_end() as ended:
        opened = open_till(settings, on_saving=_tell_saving, on_damage=_warn)
        try:
            till = opened.till
            till.ledger.watch_trouble(_warn)
            changes = _Changes()
            till.ledger.subscribe(changes)
            _wait_for_address(till.route, ended)
            if ended.is_set():
                raise PosError("Stopped. Nothing was sent.")
            # A command has nobody to ask: payments that ended do not stop it, open ones do.
            payment = till.checkout.charge(post_id, msisdn, past_ended=True)
            payment = changes.follow(payment, wait, status, ended)
            result(till, payment)
            return exit_code(payment)
        finally:
            say_aside(opened.close().lines)


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


def _warn(words: str) -> None:
    """The payment goes on; standard output is its result."""
    say_aside([words])


def _tell_saving(saving: bool) -> None:
    _warn("Saving works again." if saving else _CANNOT_SAVE)


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


def print_status(payment: Payment) -> None:
    """One line of live status."""
    print(status_line(payment), flush=True)


def _print_json(_till: Till, payment: Payment) -> None:
    print(json.dumps(payment_json(payment)))


def print_result(till: Till, payment: Payment) -> None:
    """The receipt, or what happened, whether money moved and what to do."""
    if payment.state is State.PAID:
        print()
        print(receipt_text(till.receipts.receipt(payment.id).lines), end="")
    else:
        print(" ".join(words for words in (happened(payment), money_moved(payment), advice(payment)) if words))
