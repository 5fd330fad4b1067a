"""M-PESA itself, without sockets, threads or a clock of its own.

Requests come in by `handle`, whatever the customer does by `answer`; everything else goes through a `World`. The
server lends it the real one; under a virtual clock the same code runs through days in a moment.
"""

import logging
from collections import deque
from datetime import timedelta
from functools import partial

from pos_app.domain.phone import without_payer
from pos_app.simulator import bodies, charges, ids
from pos_app.simulator.bodies import HANG_UP, HttpReply, Json, Problem, PromptOutcome, Refused
from pos_app.simulator.callbacks import CallbackWriter
from pos_app.simulator.charges import Charge
from pos_app.simulator.checks import PAYBILL, PushRequest, Request, Signature, read_push, read_query
from pos_app.simulator.faults import Dice, Fault
from pos_app.simulator.money import Money
from pos_app.simulator.options import Choice, Prompt, SimulatorOptions
from pos_app.simulator.portal import Portal, Route, Send
from pos_app.simulator.pull import Pull
from pos_app.simulator.tokens import Tokens
from pos_app.simulator.world import World

log = logging.getLogger(__name__)

OAUTH_PATH = "/oauth/v1/generate"
PUSH_PATH = "/mpesa/stkpush/v1/processrequest"
QUERY_PATH = "/mpesa/stkpushquery/v1/query"

REMEMBERED = 10_000  # prompts that can be asked about; the oldest closed ones are forgotten

_OUTCOMES = {
    Choice.PIN: bodies.PAID,
    Choice.WRONG_PIN: bodies.WRONG_PIN,
    Choice.CANCEL: bodies.CANCELLED,
    Choice.NO_MONEY: bodies.NO_MONEY,
}


class Mpesa:
    """Daraja and the phones behind it. One thread at a time.

    Attributes:
        pushes: how many push requests came in, taken or not.
        prompted: how many of them prompted a customer.
        queries: how many status questions came in, answered or not.
        money: the shop's account, and M-PESA's record of it.
        pull: Pull Transactions, which tells it to the shop.
    """

    def __init__(self, options: SimulatorOptions, world: World) -> None:
        self._options = options
        self._world = world
        self._dice = Dice(options.seed, options.faults)
        self._run = f"{world.now():%Y%m%d%H%M%S%f}"
        self._random = self._dice.random(self._run)
        self.money = Money(options, world, ids.ReceiptCodes(self._random))
        self._callbacks = CallbackWriter(options, world, self._dice, self._run)
        self._tokens = Tokens(options, self._dice, world.monotonic, self._run)
        self._charges: dict[str, Charge] = {}  # by CheckoutRequestID, oldest first
        self._open: dict[str, Charge] = {}  # by the phone that shows the prompt: one at a time
        self._scripts: dict[str, deque[Choice]] = {}
        self._last_receipt = ""
        self.pull = Pull(options, world, self._dice, self.money, self._tokens.check)
        self._routes: dict[str, tuple[str, Route]] = {
            OAUTH_PATH: ("GET", self._oauth),
            PUSH_PATH: ("POST", self._push),
            QUERY_PATH: ("POST", self._query),
            **Portal(self.money, world).routes,
            **self.pull.routes,
        }
        self.pushes = 0
        self.prompted = 0
        self.queries = 0

    @property
    def dice(self) -> Dice:
        """What goes wrong; may be changed at any time."""
        return self._dice

    @property
    def tokens_issued(self) -> int:
        """How many access tokens were given out."""
        return self._tokens.issued

    def prompts(self) -> list[Prompt]:
        """The prompts that wait for a customer, oldest first."""
        return [charge.prompt for charge in self._open.values()]

    def written(self, most: int) -> list[Json]:
        """The newest charges, oldest first, for `restore`."""
        return [charges.written(charge) for charge in list(self._charges.values())[-most:]]

    def restore(self, known: list[Json]) -> None:
        """Take up what an earlier run wrote down: prompts go on for the rest of their time.

        Raises:
            ValueError, TypeError, KeyError: that is not what was written.
        """
        for charge in [charges.read(each, self._options.shortcode) for each in known]:
            self._charges[charge.prompt.checkout_request_id] = charge
            if charge.outcome is None:
                self._take_up(charge)

    def _take_up(self, charge: Charge) -> None:
        life = self._options.ignore_after
        left = life - (self._world.now() - charge.prompt.created_at).total_seconds()
        if left > 0 and charge.push.phone not in self._open:
            self._open[charge.push.phone] = charge
            self._prompt(charge, min(left, life))
        else:  # it ended while nobody was there to be told
            charge.outcome = bodies.NO_RESPONSE
            charge.ended_at = charge.prompt.created_at + timedelta(seconds=life)

    def script(self, msisdn: str, choice: Choice) -> None:
        """Settle what the customer does with the next prompt on this phone; several are used up in turn."""
        self._scripts.setdefault(msisdn, deque()).append(choice)

    def answer(self, checkout_request_id: str, choice: Choice) -> bool:
        """The customer acts. `IGNORE` leaves the prompt to its end; False when it was gone already."""
        charge = self._charges.get(checkout_request_id)
        if charge is None or charge.outcome is not None:
            return False
        if choice is not Choice.IGNORE:
            self._close(charge, self._outcome(charge.push, choice))
        return True

    def handle(self, request: Request, send: Send) -> None:
        """Take an HTTP request. `send` is called once, now or later."""
        try:
            method, route = self._route(request)
            if request.method != method:
                raise Refused(bodies.wrong_method(request.method))
            route(request, send)
        except Refused as refused:
            log.info("refused: %s", refused.problem)
            send(self._refusal(refused.problem))

    def _route(self, request: Request) -> tuple[str, Route]:
        try:
            return self._routes[request.path]
        except KeyError:
            raise Refused(bodies.NO_SUCH_PATH) from None

    def _refusal(self, problem: Problem) -> HttpReply:
        return bodies.refusal(problem, ids.request_id(self._random))

    # --- access tokens

    def _oauth(self, request: Request, send: Send) -> None:
        token = self._tokens.issue(request)
        send(bodies.access_token(token, self._options.token_lifetime))

    # --- pushes

    def _push(self, request: Request, send: Send) -> None:
        self.pushes += 1
        subject = f"push {self.pushes}"
        self._pass_gateway(subject)
        self._tokens.check(request.authorization)
        push = read_push(request)
        self._check_merchant(push.signature)
        if push.phone in self._open:
            raise Refused(bodies.SUBSCRIBER_LOCKED)
        if self._dice.strikes(Fault.SYSTEM_BUSY, subject):
            raise Refused(bodies.SYSTEM_BUSY)
        charge = self._take(push, subject)
        self._answer_push(charge, send)
        self._show(charge)

    def _pass_gateway(self, subject: str) -> None:
        """What stands before M-PESA and does not look into the request."""
        if self._dice.strikes(Fault.HTML_FIREWALL, subject):
            raise Refused(bodies.FIREWALL)
        if self._dice.strikes(Fault.SPIKE_ARREST, subject):
            raise Refused(bodies.SPIKE_ARREST)

    def _check_merchant(self, signature: Signature) -> None:
        signature.check(self._options.shortcode, self._options.passkey)

    def _take(self, push: PushRequest, subject: str) -> Charge:
        now = self._world.now()
        prompt = Prompt(
            checkout_request_id=ids.checkout_request_id(now, push.payer, self._charges),
            phone=push.phone,
            amount=push.amount,
            shop_name=self._options.shop_name,
            account_reference=push.account_reference,
            description=push.description,
            created_at=now,
        )
        charge = Charge(subject, push, prompt, ids.request_id(self._random))
        self._charges[prompt.checkout_request_id] = charge
        self._open[push.phone] = charge
        self.prompted += 1
        self._forget()
        return charge

    def _forget(self) -> None:
        oldest = next(iter(self._charges.values()))
        if len(self._charges) > REMEMBERED and oldest.outcome is not None:
            del self._charges[oldest.prompt.checkout_request_id]

    def _answer_push(self, charge: Charge, send: Send) -> None:
        reply = self._push_reply(charge)
        if self._dice.strikes(Fault.CALLBACK_FIRST, charge.subject):
            charge.held = partial(send, reply)
        elif self._dice.strikes(Fault.PUSH_SLOW, charge.subject):
            self._world.schedule(self._options.slow, partial(send, reply))
        else:
            send(reply)

    def _push_reply(self, charge: Charge) -> HttpReply:
        if not self._dice.strikes(Fault.PUSH_ANSWER_LOST, charge.subject):
            return bodies.accepted(*charge.ids)
        lost = (HANG_UP, self._refusal(bodies.UNAVAILABLE))
        return self._dice.random(f"{charge.subject} how lost").choice(lost)

    # --- the customer's phone

    def _show(self, charge: Charge) -> None:
        """Prompt the customer, and start whatever happens by itself."""
        log.info("%s prompts for KES %d", charge.subject, charge.prompt.amount)
        self._prompt(charge, self._options.ignore_after)
        if self._dice.strikes(Fault.CALLBACK_STRANGER, charge.subject):
            self._callbacks.forge(charge)

    def _prompt(self, charge: Charge, life: float) -> None:
        prompt = charge.prompt
        self._world.prompted(prompt)
        self._world.schedule(life, partial(self._time_out, charge))
        choice = self._choice(prompt.phone)
        if choice is not None:
            self._world.schedule(self._options.delay, partial(self.answer, prompt.checkout_request_id, choice))

    def _choice(self, phone: str) -> Choice | None:
        """What the customer does by himself: as scripted for this phone, otherwise as everybody."""
        scripted = self._scripts.get(phone)
        return scripted.popleft() if scripted else self._options.customer

    def _outcome(self, push: PushRequest, choice: Choice) -> PromptOutcome:
        outcome = _OUTCOMES[choice]
        return self._misdirected(push) or outcome if outcome is bodies.PAID else outcome

    def _misdirected(self, push: PushRequest) -> PromptOutcome | None:
        """Money that cannot arrive, which M-PESA notices only after the PIN."""
        if push.transaction_type == PAYBILL:
            return None if push.party_b == push.signature.shortcode else bodies.WRONG_PAYBILL
        return None if self._options.till_number in (None, push.party_b) else bodies.WRONG_TILL

    def _time_out(self, charge: Charge) -> None:
        if charge.outcome is None:
            self._close(charge, bodies.NO_RESPONSE)

    def _close(self, charge: Charge, outcome: PromptOutcome) -> None:
        log.info("%s ended with %s", charge.subject, outcome.code)
        charge.outcome = outcome
        charge.ended_at = self._world.now()
        del self._open[charge.prompt.phone]
        if outcome is bodies.PAID:
            charge.receipt = self._told_receipt(charge.subject, self.money.prompted(charge, charge.ended_at))
        elif outcome is bodies.NO_MONEY:
            self.money.failed(charge, charge.ended_at)
        self._world.closed(charge.prompt.checkout_request_id)
        self._callbacks.deliver(charge)

    def _told_receipt(self, subject: str, receipt: str) -> str:
        """The receipt code that the shop is told."""
        reused = self._last_receipt and self._dice.strikes(Fault.RECEIPT_REUSED, subject)
        if not reused:
            self._last_receipt = receipt
        return self._last_receipt

    # --- status questions

    def _query(self, request: Request, send: Send) -> None:
        self.queries += 1
        self._tokens.check(request.authorization)
        query = read_query(request)
        self._check_merchant(query.signature)
        asked = query.checkout_request_id
        # Of what had ended when it was written down, an earlier run has left the id without the payer.
        charge = self._charges.get(asked) or self._charges.get(without_payer(asked))
        if charge is None:
            raise Refused(bodies.NO_SUCH_TRANSACTION)
        send(self._status(charge, asked))

    def _status(self, charge: Charge, asked: str) -> HttpReply:
        outcome = charge.outcome
        if outcome is None:
            return self._pending(charge)
        if outcome is bodies.PAID and self._dice.strikes(Fault.QUERY_DISAGREES, charge.subject):
            outcome = bodies.NO_RESPONSE
        return bodies.queried(charge.merchant_request_id, asked, outcome)

    def _pending(self, charge: Charge) -> HttpReply:
        charge.queries += 1
        subject = f"{charge.subject} query {charge.queries}"
        drawn = [fault for fault in (Fault.PENDING_4999, Fault.PENDING_500) if self._dice.strikes(fault, subject)]
        if self._dice.random(subject).choice(drawn or [Fault.PENDING_4999]) is Fault.PENDING_500:
            return bodies.pending_500(charge.prompt.checkout_request_id)
        return bodies.pending_4999(*charge.ids)
