"""T37: anything may happen to the till, in any order, and after each step the money rules hold.

Hypothesis picks the steps. The real sales, store and wire code runs beside a plain model of what must be known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from random import Random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
)

from pos_app.daraja.wire import read_callback
from pos_app.domain.catalogue import Post as CataloguePost
from pos_app.domain.charge_request import ChargeLine
from pos_app.domain.kenya_time import NAIROBI
from pos_app.domain.manual_settlement import names_other_money, needs_amount
from pos_app.domain.payment import Remark
from pos_app.domain.payment_event import NotSent, Settlement
from pos_app.domain.push import Push
from pos_app.errors import BadInput, CannotSave, Closing, PosError
from pos_app.sales.asking_again import FRESH
from pos_app.sales.checkout import LATEST
from pos_app.sales.ledger import address_of
from pos_app.sales.owner import Decision, MoneyBack
from tests.faults.oracles.model import NOT_PAID, Model, Sold, Ware
from tests.faults.oracles.oracle import Verdict
from tests.faults.oracles.staff import By, Need, Person, Staff, Standing
from tests.faults.oracles.truth import Json, Refused, Told
from tests.faults.simulation import bodies
from tests.faults.simulation.shapes import DAMAGES
from tests.faults.simulation.threadless import PASSPHRASE, POSTS, KeptDatabase, Killed, Line, Moment, Run
from tests.faults.simulation.transport import Raw
from tests.support.builders import a_request, close_in
from tests.support.fakes import FakeClock

_MOST = 6  # payments in an example: fewer meet more events each
# No two sums of these are exactly 120 or 150 s apart, where the guard's limits lie.
_SPANS = st.sampled_from((3.3, 63.1, 121.7, 151.9, 90_000.1))
_JUMPS = st.sampled_from((-3_600.2, 3_600.2, -90_000.4, 90_000.4, -45.6, 45.6))
_TIMES = st.sampled_from((1, 1, 1, 2))
_CODES = st.sampled_from((*bodies.NOT_PAID, *bodies.NOT_FINAL, "0"))
Basket = tuple[Ware, ...]
_ONE, _TWO, _THREE = (Ware(post_id, price, 1, days) for post_id, price, days, _ in POSTS[:3])
_OPEN = Ware(4, 120, 1, 7)
# One post once, as most are; then baskets that share posts, so that the same, less and more of it meet each other.
BASKETS: tuple[Basket, ...] = (
    (_ONE,),
    (_TWO,),
    (_THREE,),
    (_OPEN,),
    (_OPEN._replace(price=500),),
    (_ONE._replace(quantity=2),),
    (_ONE, _THREE),
    (_THREE, _ONE),
    (_ONE._replace(quantity=3), _THREE._replace(quantity=2), _TWO),
    (_OPEN._replace(quantity=2), _ONE),
)
_BASKETS = st.sampled_from(BASKETS)
_WITH_DAYS = st.sampled_from([basket for basket in BASKETS if any(ware.days != 0 for ware in basket)])
Typed = str  # as the owner's passphrase
TYPED: st.SearchStrategy[Typed] = st.sampled_from((PASSPHRASE, PASSPHRASE, PASSPHRASE, "", "somebody's guess"))
HERE = "till"
WRONG_PIN, NO_PIN = "0000", "12"
_SELDOM = st.sampled_from((False, False, True))
_VERDICTS = st.sampled_from((Settlement.PAID, Settlement.DECLINED))
_AFTER_SILENCE = st.sampled_from(("4999", "being processed", "1037", "0"))
_QUERY_ANSWERS = st.sampled_from(bodies.QUERY_ANSWERS)


class TillMachine(RuleBasedStateMachine):
    """A till, its customers and its M-PESA."""

    payments = Bundle("payments")  # their address tokens

    def __init__(self) -> None:
        super().__init__()
        self.kept = KeptDatabase()
        self.clock = FakeClock()
        self.model = Model(self.clock)
        self.staff = Staff()
        self.prices = {post_id: price for post_id, price, _, highest in POSTS if highest is None}  # as at first
        self.attentive = True  # who wants to do something signs in first
        self.ids = bodies.Ids(self.model.sold)
        self.left: set[str] = set()  # whose push has left
        self.entered: dict[str, float] = {}  # when it was charged
        self.unsaved: list[Callable[[], None]] = []  # heard by the till; does to the model what saving does
        self.push_kind = self.query_kind = "lost"
        self.questions: list[str] = []
        self.refunds = 0  # that the owner has typed
        self.closes: list[tuple[int, int, int, int, str]] = []  # as they were written
        self.confirmed: dict[str, float] = {}  # when M-PESA said "not paid" to whoever wanted to ask again
        self.run = self._start()

    def teardown(self) -> None:
        whole = self.kept.whole()
        self.kept.close()
        assert whole, "a line of the journal or of the audit is not as it was written"

    # --- charging

    @rule(target=payments, number=st.integers(0, 1), basket=_BASKETS)
    def charge(self, number: int, basket: Basket) -> object:
        """Somebody is charged, perhaps one who was charged before; nobody goes past the guard."""
        return self._charge(f"25471200000{number}", basket, set())

    @rule(target=payments, asked=payments, basket=_BASKETS, pay=st.sampled_from(((), (0, 1), (1, 0))))
    def charge_despite(self, asked: str, basket: Basket, pay: tuple[int, ...]) -> object:
        """The operator was warned of every payment of this phone and goes on; both may be paid, in either order."""
        phone, before = self._phone(asked), len(self.model.sold)
        past = {sold.token for sold in self.model.sold.values() if sold.phone == phone}
        despite = self._charge(phone, basket, past)
        if len(self.model.sold) > before:
            both = asked, list(self.model.sold)[-1]
            for which in pay:
                self.paid(both[which], 1)
        return despite

    @rule(target=payments, asked=payments, basket=_BASKETS, both_pay=st.booleans())
    def charge_again(self, asked: str, basket: Basket, both_pay: bool) -> object:
        """The operator asks again, and the till looks at what M-PESA says; the customer may answer both prompts."""
        before = len(self.model.sold)
        again = self._charge(self._phone(asked), basket, {asked}, retry_of=asked)
        if both_pay and len(self.model.sold) > before:
            for token in (asked, list(self.model.sold)[-1]):
                self.paid(token, 1)
        return again

    @precondition(lambda self: not self.run.store.broken)
    @rule(target=payments, asked=payments, kind=_QUERY_ANSWERS, basket=_BASKETS)
    def ask_again(self, asked: str, kind: str, basket: Basket) -> object:
        """The operator asks again as in the window: where need be, M-PESA has to say "not paid" first."""
        run, before, self.query_kind = self.run, len(self.questions), kind
        needs_word = self.model.must_ask_first(asked)
        done = self.model.verdict(asked) not in NOT_PAID or self.model.is_paid_by_another(asked)
        refused = done or self.model.waits(asked)
        told_no = None
        with self._life():
            payment = run.now(self._id(asked))
            told_no = refusal_of(lambda: run.checkout.may_ask_again(payment))
            assert not told_no or refused or needs_word, f"asking again was refused without need: {told_no}"
        if told_no or run is not self.run:
            return multiple()
        assert not refused, "asked again too early, or of one who may have paid"
        assert not needs_word or (len(self.questions) > before and kind in bodies.NOT_PAID), f"M-PESA said {kind}"
        self.confirmed[asked] = self.clock.since_boot()
        return self._charge(self._phone(asked), basket, {asked}, retry_of=asked)

    @precondition(lambda self: not self.run.store.broken)
    @rule(
        target=payments, token=payments, kind=st.sampled_from(("4999", "being processed", "1037", "0")), basket=_BASKETS
    )
    def ask_again_after_silence(self, token: str, kind: str, basket: Basket) -> object:
        """Nobody touched the prompt; some minutes later the operator asks again, and M-PESA may not be done yet."""
        self._all_prompted()
        self.not_paid(token, "1037", None, 1)
        self.time_passes(151.9, "lost")
        return self.ask_again(token, kind, basket) if not self.run.store.broken else multiple()

    def _all_prompted(self) -> None:
        while self.run.outbox.waiting:
            self.push_answered(0, "accepted")

    def _charge(
        self,
        phone: str,
        basket: Basket,
        chosen: set[str],
        retry_of: str | None = None,
        seen: Mapping[int, CataloguePost] | None = None,
    ) -> object:
        """`seen`: the posts as they lay in the basket, where that was before now."""
        model = self.model
        if len(model.sold) >= _MOST:
            return multiple()
        self._somebody_serves()
        token, now, staff = self._token(), self.clock.corrected(), self.staff
        self.entered[token] = self.clock.since_boot()
        posts = {ware.post: self._post(ware.post) for ware in basket}
        lines = tuple(_line((seen or posts)[ware.post], ware) for ware in basket)
        basket = tuple(ware._replace(price=line.price) for ware, line in zip(basket, lines, strict=True))
        # In the till's order: the guard does not look at what is refused for another reason; it learns ages by looking.
        allowed = not self.run.store.broken and staff.need("charge", staff.standing) is Need.NOTHING
        allowed = allowed and all(posts[line.post.id] == line.post for line in lines)
        allowed = allowed and model.may_charge(phone, now, chosen, retry_of)
        asks = retry_of is not None and self._must_be_asked(retry_of)
        if asks and self.run.store.broken:
            return multiple()
        before, run = len(self.questions), self.run
        if asks and not (model.checkout(retry_of or "") and self.query_kind in bodies.NOT_PAID):
            allowed = False
        if allowed:
            past = frozenset(chosen) - {retry_of or ""}
            by = staff.by(staff.standing)
            sold = Sold(
                token=token, phone=phone, wares=basket, at=now, operator=by.operator, retry_of=retry_of, past=past
            )
            # M-PESA's answer is a commit of its own, and may be the last one.
            self.unsaved.append(lambda: self._charged(sold, by) if self.kept.payment_id(token) else None)
        asked, despite = self._id(retry_of) if retry_of else None, [self._id(each) for each in chosen]
        with self._life():
            request = a_request(lines[0].post, phone, despite, lines=lines, retry_of=asked)
            refusal = refusal_of(lambda: self.run.checkout.charge(request))
            assert allowed == (refusal is None), f"charged: {refusal is None}, and should be: {allowed}; {refusal}"
        if retry_of and run is self.run and len(self.questions) > before and self.query_kind in bodies.NOT_PAID:
            self.confirmed[retry_of] = self.clock.since_boot()
        return token if token in model.sold else multiple()

    def _charged(self, sold: Sold, by: By) -> None:
        self.model.charged(sold)
        self.staff.noted("charge", by, address_of(sold.token), f"KES {sold.amount}")

    def _must_be_asked(self, token: str) -> bool:
        """Whether a charge that asks again needs M-PESA's word first: there is none of the last minute."""
        if self.model.verdict(token) not in NOT_PAID or not self.model.must_ask_first(token) or self.model.waits(token):
            return False
        return self.clock.since_boot() - self.confirmed.get(token, float("-inf")) > FRESH

    def _post(self, post_id: int) -> CataloguePost:
        """As the operator sees it."""
        post = self.run.reader.post(post_id)
        assert post
        return post

    # --- pushes

    @precondition(lambda self: self.run.outbox.waiting)
    @rule(which=st.integers(0, 3), kind=st.sampled_from(("accepted", "accepted", *bodies.PUSH_ANSWERS)))
    def push_answered(self, which: int, kind: str) -> None:
        """A push leaves, or comes to its end: whatever happened since the charge came before its answer."""
        waiting, self.push_kind = self.run.outbox.waiting, kind
        with self._life():
            waiting.pop(which % len(waiting))()

    @precondition(lambda self: self.run.outbox.waiting)
    @rule(which=st.integers(0, 3), kind=st.sampled_from(("accepted", *bodies.PUSH_ANSWERS)))
    def push_leaves_only_now(self, which: int, kind: str) -> None:
        """Its connection was slow to open: late, or with its row changed, nothing leaves (rule 18)."""
        waiting, self.push_kind, self.run.line.slow = self.run.outbox.waiting, kind, True
        line = self.run.line
        with self._life():
            waiting.pop(which % len(waiting))()
        line.slow = False

    def _held_back(self, token: str) -> None:
        late = self.clock.since_boot() - self.entered[token] >= LATEST
        assert late or self.kept.payments()[address_of(token)].version > 1, "held back without need"
        self.unsaved.append(partial(self.model.push_answered, Refused(token), token))

    def _push_leaves(self, push: Push) -> Raw | NotSent | None:
        token = push.address_token
        assert self.kept.payment_id(token), "a push leaves before its payment is saved"  # rule 1
        assert token not in self.left, "a second push for one payment"  # rule 2
        if self.run.line.slow:
            stored = self.kept.payments()[address_of(token)].stored
            assert self.clock.since_boot() - self.entered[token] < LATEST, "a push leaves late"  # rule 18
            assert stored.state == "requested", "a push leaves for what is not on its way any more"  # rule 18
        self.left.add(token)
        self._asks_for_all_of_it(push)
        raw, seen = bodies.push_answer(self.ids, token, self.push_kind)
        self.unsaved.append(partial(self.model.push_answered, seen, token))
        return raw

    def _asks_for_all_of_it(self, push: Push) -> None:
        """One prompt for the sum of the lines; its reference names post and customer, or the payment."""
        [wares, asked], payment_id = self.kept.sold(push.address_token), self._id(push.address_token)
        assert push.amount == asked == sum(ware.price * ware.quantity for ware in wares), f"asked for {push.amount}"
        one = len(wares) == 1 and wares[0].quantity == 1
        reference = push.reference.split("_")
        if one:
            assert reference[:2] == ["POST", str(wares[0].post)], f"{push.reference} for one post"
        else:
            assert reference[0] == "S", f"{push.reference} for a basket"
            assert int(reference[1], 36) == payment_id, f"{push.reference} for payment {payment_id}"

    # --- callbacks

    @rule(token=payments, times=_TIMES)
    def paid(self, token: str, times: int) -> None:
        """The genuine callback of a payment that was paid, once or twice."""
        self._callback(token, bodies.callback(self.ids, self.model.sold[token], "0"), None, times)

    @rule(token=payments, change=st.sampled_from(bodies.CHANGES), times=_TIMES)
    def paid_wrongly(self, token: str, change: str, times: int) -> None:
        """A callback that says "paid" with one thing wrong; a receipt code that is reused was genuine elsewhere."""
        sold, other = self.model.sold[token], self.ids.other(token)
        if change == "reused" and other in self.model.sold:
            self.paid(other, 1)
        body = bodies.changed(self.ids, sold, bodies.callback(self.ids, sold, "0"), change)
        other_phone = change == "phone" and sold.phone != bodies.OTHER_PHONE
        self._callback(token, body, None, times, other_phone=other_phone)

    @rule(token=payments, code=_CODES, oddity=st.integers(0, 9_999))
    def oddly_shaped(self, token: str, code: str, oddity: int) -> None:
        """A callback in an odd shape."""
        self._callback(token, bodies.callback(self.ids, self.model.sold[token], code), oddity, 1)

    @rule(token=payments, code=_CODES, change=st.sampled_from((None, None, "checkout", "merchant")), times=_TIMES)
    def not_paid(self, token: str, code: str, change: str | None, times: int) -> None:
        """A callback that says "not paid" or "not yet", perhaps with ids that are not the payment's."""
        sold = self.model.sold[token]
        body = bodies.callback(self.ids, sold, code)
        self._callback(token, bodies.changed(self.ids, sold, body, change or ""), None, times)

    @rule(token=payments, damage=st.sampled_from(DAMAGES), chance=st.integers(0, 99))
    def unreadable(self, token: str, damage: Callable[[bytes, Random], bytes], chance: int) -> None:
        """Something that nobody can read comes to the payment's address."""
        body, _ = bodies.sealed(bodies.callback(self.ids, self.model.sold[token], "0"), None)
        run, journal = self.run, self.kept.payments()[address_of(token)].stored.journal
        # What changed nothing before may have made it due already: rule 5 lets junk ask once in a while.
        often = any(source == "callback" and before == after for source, before, after in journal)
        planned = run.told.get(self._id(token)) if often else None
        self._deliver(token, damage(body, Random(chance)), None)
        if run is self.run and self.model.is_asked_about(token) and not run.store.broken:
            due = run.told[self._id(token)].next_check_at
            latest = max(self.clock.corrected(), (planned and planned.next_check_at) or self.clock.corrected())
            assert due
            assert due <= latest, "unreadable, and M-PESA is not asked at once"

    @rule(sold=st.one_of(st.just("stranger"), payments))
    def stranger(self, sold: str) -> None:
        """Somebody knows no address: neither a made-up one nor what the database keeps leads anywhere."""
        assert not self.run.inbox.knows([address_of(sold)])
        with self._life():
            self.run.inbox.receive(address_of(sold), read_callback(b"{}"), "{}")

    def _callback(self, token: str, body: Json, oddity: int | None, times: int, *, other_phone: bool = False) -> None:
        raw, told = bodies.sealed(body, oddity)
        for _ in range(times):
            self._deliver(token, raw, told, other_phone=other_phone)

    def _deliver(self, token: str, raw: bytes, told: Told | None, *, other_phone: bool = False) -> None:
        with self._life():
            assert self.run.inbox.knows([token])
            self.unsaved.append(partial(self.model.called_back, token, told, other_phone=other_phone))
            self.run.inbox.receive(token, read_callback(raw), raw.decode(errors="replace"))

    # --- questions, and time

    @rule(token=payments, kind=_QUERY_ANSWERS)
    def ask(self, token: str, kind: str) -> None:
        """The operator wants to know now."""
        checkout = self.model.checkout(token)
        self.clock.advance(1.01)
        before, self.query_kind = len(self.questions), kind
        with self._life():
            can = self.run.reconciler.check_now(self._id(token))
            assert can == (checkout is not None), "only a payment with a CheckoutRequestID can be asked about"
            self.run.reconciler.step()
        assert not can or len(self.questions) > before

    @rule(seconds=_SPANS, kind=_QUERY_ANSWERS)
    def time_passes(self, seconds: float, kind: str) -> None:
        """What is due is done, up to three questions."""
        self.clock.advance(seconds)
        self._step(3, kind)

    @rule(seconds=_JUMPS)
    def clock_is_set(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        before = self._offset()
        self.clock.jump(seconds)
        if abs(self._offset() - before) > 60:
            self._all_are_asked_about()

    @rule()
    def m_pesa_says_what_time_it_is(self) -> None:
        """From now until the end of the program that counts, and not what the wall clock is set to."""
        before = self._offset()
        self.clock.hear_mpesa()
        if abs(self._offset() - before) > 60:
            self._all_are_asked_about()

    def _offset(self) -> float:
        return self.clock.corrected().timestamp() - self.clock.since_boot()

    def _step(self, times: int, kind: str) -> None:
        self.query_kind = kind
        for _ in range(times):
            with self._life():
                self.run.reconciler.step()
            self.clock.advance(1.01)

    def _asked(self, asked: str) -> Raw | None:
        assert asked in self.model.oracle.checkouts, f"asked about {asked}, which is nobody's"
        self.questions.append(asked)
        raw, seen = bodies.query_answer(self.query_kind, asked)
        self.unsaved.append(partial(self.model.queried, asked, seen))
        return raw

    def _all_are_asked_about(self) -> None:
        """After a start and after a jump of the clock, every open payment is due."""
        if self.run.store.broken:
            return
        due = {self.model.checkout(token) for token in self.model.sold if self.model.is_asked_about(token)}
        before = len(self.questions)
        self._step(2 * len(due) + 1, "lost")
        assert due <= set(self.questions[before:]), "not everything open was asked about"

    # --- the owner

    @precondition(lambda self: not self.run.store.broken)
    @rule(token=payments, change=st.sampled_from(bodies.ODD_CHANGES), settlement=_VERDICTS, own=_SELDOM, typed=TYPED)
    def owner_settles(self, token: str, change: str, settlement: Settlement, own: bool, typed: Typed) -> None:
        """A callback has one thing wrong, and the owner settles it, with its own code or one that another holds."""
        self.paid_wrongly(token, change, 1)
        held = [code for code, holder in self.model.oracle.receipts.items() if holder != token]
        self._settle(token, settlement, self.ids.receipt(token) if own or not held else held[-1], typed=typed)

    @precondition(lambda self: not self.run.store.broken)
    @rule(which=st.integers(0, _MOST), day_later=st.booleans())
    def owner_closes(self, which: int, day_later: bool) -> None:
        """The owner wants to close what is open, on the day after or too early; or what is not open any more."""
        if day_later:
            self.time_passes(90_000.1, "lost")
        tokens = self.model.still_open() or list(self.model.sold)
        if tokens:
            self._settle(tokens[which % len(tokens)], Settlement.CLOSED, "")

    @precondition(lambda self: not self.run.store.broken)
    @rule(token=payments, code_of=payments, short=st.integers(0, 1), waits=st.booleans(), told=st.integers(0, 2))
    def owner_finds(self, token: str, code_of: str, short: int, waits: bool, told: int) -> None:
        """The owner reads the statement, and may mistype its code; M-PESA may still say whose that is."""
        if waits:
            self.time_passes(700.3, "lost")
        if self.run.store.broken or self.model.verdict(token) is not Verdict.OPEN:
            return
        self._settle(token, Settlement.PAID, self.ids.receipt(code_of), self.model.sold[token].amount - short)
        if told and not self.run.store.broken:
            self.paid((code_of, token)[told - 1], 1)

    @precondition(lambda self: not self.run.store.broken)
    @rule(
        target=payments,
        number=st.integers(0, 1),
        basket=_BASKETS,
        code_of=payments,
        short=st.integers(0, 1),
        told=st.integers(0, 2),
    )
    def lost_and_found(self, number: int, basket: Basket, code_of: str, short: int, told: int) -> object:
        """A push is lost with its answer, and the statement has the payment ten minutes later."""
        before = len(self.model.sold)
        charged = self._charge(f"25471200000{number}", basket, set())
        if len(self.model.sold) > before:
            while self.run.outbox.waiting:
                self.push_answered(0, "lost")
            token = list(self.model.sold)[-1]
            if not self.run.store.broken:
                self.owner_finds(token, code_of, short, True, told)
        return charged

    @precondition(lambda self: not self.run.store.broken)
    @rule(
        token=payments,
        settlement=st.sampled_from((Settlement.REFUNDED, Settlement.BOTH_MEANT, Settlement.SEEN)),
        typed=TYPED,
    )
    def owner_works_off(self, token: str, settlement: Settlement, typed: Typed) -> None:
        """The owner has seen to a double, or has looked at what asks for a look."""
        self._somebody_serves()
        model, run = self.model, self.run
        seen = run.now(self._id(token))
        unseen = seen.unseen - {Remark.DOUBLE}
        is_double = model.sold[token].double and token not in model.worked_off
        allowed = bool(unseen) if settlement is Settlement.SEEN else is_double
        allowed = allowed and model.verdict(token) not in (Verdict.CURABLE, Verdict.HELD)
        by = self._passes("settle", typed) if allowed else None
        allowed = by is not None
        if by:
            self._owner_says(
                token, partial(model.seen_to, token, settlement.value), self._settled(by, token, settlement)
            )
        with self._life():
            decision = Decision(settlement=settlement, why="as the statement has it")
            refusal = refusal_of(lambda: run.owner.settle(seen, typed, decision))
            assert allowed == (refusal is None), f"{settlement}: {refusal is None}, allowed: {allowed}; {refusal}"

    @precondition(lambda self: not self.run.store.broken)
    @rule(
        token=payments,
        pay=st.booleans(),
        code_of=payments,
        code=st.sampled_from(("new", "new", "new", "a payment's", "the last")),
        part=st.sampled_from((1, 10, "all", "all", "more")),
        withdraw=st.sampled_from((None, True, False)),
        typed=TYPED,
    )
    def owner_refunds(
        self, token: str, pay: bool, code_of: str, code: str, part: int | str, withdraw: bool | None, typed: Typed
    ) -> None:
        """The owner records that money went back, all of it or a part, or mistypes; M-PESA may name the code later."""
        if pay:
            self._all_prompted()
            self.paid(token, 1)
        if not self.run.store.broken:
            self._somebody_serves()
        if self.run.store.broken:
            return
        model, run = self.model, self.run
        self.refunds += 1
        reversal = f"UKR{self.refunds:07}"
        if code == "a payment's":
            reversal = self.ids.receipt(code_of)
        elif code == "the last" and model.oracle.reversals:
            reversal = list(model.oracle.reversals)[-1]
        most = model.oracle.may_go_back(token)
        amount = part if isinstance(part, int) else most + (part == "more")
        own = reversal in (model.oracle.payments[token].receipt, model.typed.get(token))
        allowed = 1 <= amount <= most and not own
        taken = model.is_taken(reversal, token)
        by = self._passes("refund", typed) if allowed else None
        if by:
            ends = amount == most if withdraw is None else withdraw
            before = sum(back for _, back in model.sold[token].backs)
            new = f"KES {before + amount}, access {'withdrawn' if ends else 'left'}"
            audited = partial(self.staff.noted, "refund", by, address_of(token), new, f"KES {before}")
            recorded = partial(model.refunded, token, reversal, amount, withdraw=ends)
            self._owner_says(token, recorded, None if taken else audited)
        back = MoneyBack(amount=str(amount), code=reversal, why="as the portal has it", withdraw=withdraw)
        seen = run.now(self._id(token))
        with self._life():
            refusal = refusal_of(lambda: run.owner.refund(seen, typed, back))
            assert (by is not None and not taken) == (refusal is None), (
                f"refunded: {refusal is None}, allowed: {allowed} by {by}; {refusal}"
            )

    @precondition(lambda self: not self.run.store.broken)
    @rule(target=payments, one=_WITH_DAYS, other=_WITH_DAYS, days=st.integers(0, 20), which=st.integers(0, 1))
    def bought_twice_and_refunded(self, one: Basket, other: Basket, days: int, which: int) -> object:
        """A customer buys twice, and days later one of the two goes back with its access: the other may have waited."""
        sold: list[str] = []
        for basket in (one, other):
            before = len(self.model.sold)
            self._charge("254712000002", basket, set())
            if len(self.model.sold) == before or self.run.store.broken:
                return multiple(*sold)
            sold.append(list(self.model.sold)[-1])
            self._all_prompted()
            self.paid(sold[-1], 1)
            self.clock.advance(151.9 if len(sold) == 1 else days * 86_400.0)
        if not self.run.store.broken:
            self.owner_refunds(sold[which], False, sold[0], "new", "all", True, PASSPHRASE)
        return multiple(*sold)

    @precondition(lambda self: not self.run.store.broken)
    @rule(target=payments, basket=_BASKETS, many=st.integers(2, 3), back=st.lists(st.integers(0, 2), max_size=2))
    def paid_twice_and_refunded(self, basket: Basket, many: int, back: list[int]) -> object:
        """The same is asked for past an open prompt, all are paid, and any of them goes back with its access."""
        sold: list[str] = []
        for _ in range(many):
            before = len(self.model.sold)
            self._charge("254712000003", basket, set(sold))
            if len(self.model.sold) == before or self.run.store.broken:
                return multiple(*sold)
            sold.append(list(self.model.sold)[-1])
            self.clock.advance(151.9)
        self._all_prompted()
        for token in sold:
            self.paid(token, 1)
        for which in back:
            if which < many and not self.run.store.broken:
                self.owner_refunds(sold[which], False, sold[0], "new", "all", True, PASSPHRASE)
        return multiple(*sold)

    def _owner_says(self, token: str, recorded: Callable[[], None], audited: Callable[[], None] | None) -> None:
        """Where the passphrase was typed, the owner's word is a later commit, and the first may be the last one."""
        before, run = self._words_of_the_owner(token), self.run

        def saved() -> None:
            if not run.dead or self._words_of_the_owner(token) > before:
                recorded()
                if audited:
                    audited()

        self.unsaved.append(saved)

    def _words_of_the_owner(self, token: str) -> int:
        return sum(source == "owner" for source, _, _ in self.kept.payments()[address_of(token)].stored.journal)

    def _settled(self, by: By, token: str, settlement: Settlement) -> Callable[[], None]:
        """What the audit has of it."""
        before = self.kept.payments()[address_of(token)].stored.state
        return partial(self.staff.noted, "settle", by, address_of(token), settlement.value, before)

    def _settle(
        self, token: str, settlement: Settlement, code: str, amount: int | None = None, typed: Typed = PASSPHRASE
    ) -> None:
        self._somebody_serves()
        model, run = self.model, self.run
        seen = run.now(self._id(token))
        allowed = model.may_settle(token, settlement, self.clock.corrected(), line=amount is not None)
        completed = ""
        if amount is not None:
            completed = f"{self.clock.corrected().astimezone(NAIROBI):%d-%m-%Y %H:%M:%S}"
        elif allowed and settlement is Settlement.PAID and (needs_amount(seen) or names_other_money(seen, code)):
            amount = model.sold[token].amount  # M-PESA named one with cents, or one of another code
        taken = settlement is Settlement.PAID and model.is_taken(code, token)
        by = self._passes("settle", typed) if allowed else None
        if by:
            audited = None if taken else self._settled(by, token, settlement)
            self._owner_says(token, partial(model.settled, token, settlement, code, amount), audited)
        decision = Decision(
            settlement=settlement,
            why="as the statement has it",
            receipt=code,
            amount="" if amount is None else str(amount),
            completed=completed,
        )
        with self._life():
            refusal = refusal_of(lambda: run.owner.settle(seen, typed, decision))
            assert (by is not None and not taken) == (refusal is None), (
                f"settled: {refusal is None}, allowed: {allowed} by {by}; {refusal}"
            )

    # --- who does it

    def _somebody_serves(self) -> None:
        """Where people are attentive, whoever comes to a locked till signs in before they want something of it."""
        staff = self.staff
        there = staff.serving(staff.standing) or staff.standing.owner
        if not self.attentive or there or not staff.staffed or self.run.store.broken or staff.is_begun:
            return
        self._sign_in(next(person for person in staff.people.values() if person.active))

    def _sign_in(self, person: Person, slip: str = "") -> None:
        """With the right PIN, or by mistake with a wrong one, or with what is no PIN at all."""
        staff, run = self.staff, self.run
        passes = False
        commits: list[Callable[[], None]] = []
        if not run.store.broken and slip != NO_PIN:
            passes, commits = staff.attempt(person.tries, *self._clocks(), HERE, right=not slip)
        passes = passes and person.active
        self._unsaved_in_turn([*commits, *([partial(staff.signed_in, person)] if passes else [])])
        with self._life():
            [operator] = [one for one in run.desk.operators.all() if one.id == person.id]
            refusal = refusal_of(lambda: run.desk.operators.sign_in(operator, slip or person.pin))
            assert passes == (refusal is None), f"signed in: {refusal is None}, should be: {passes}; {refusal}"

    def _passes(self, act: str, typed: Typed) -> By | None:
        """Who does it, if they may; what a try of the passphrase leaves is saved before what it was typed for."""
        staff, standing = self.staff, self.staff.standing
        need = staff.need(act, standing)
        if need is Need.NOTHING:
            return staff.by(standing)
        return staff.by(standing, owner=True) if need is Need.PASSPHRASE and self._confirmed_owner(typed) else None

    def _confirmed_owner(self, typed: Typed) -> bool:
        """Whether what is typed here lets the owner pass."""
        if not typed or self.run.store.broken:
            return False
        right = typed == PASSPHRASE
        passes, commits = self.staff.attempt(self.staff.passphrase, *self._clocks(), HERE, right=right)
        self._unsaved_in_turn(commits)
        return passes

    def _clocks(self) -> tuple[datetime, float]:
        return self.clock.now(), self.clock.monotonic()

    def _unsaved_in_turn(self, commits: Sequence[Callable[[], None]]) -> None:
        """Each is a commit of its own: of a till that dies only the first one may be saved."""
        self.unsaved += commits[:1]
        for commit in commits[1:]:
            self._unsaved_later(commit)

    def _unsaved_later(self, action: Callable[[], None]) -> None:
        """Saved by another commit than the first, or told to nobody but a till that lives."""
        run = self.run
        self.unsaved.append(lambda: None if run.dead else action())

    # --- receipts

    @rule(token=payments)
    def printed(self, token: str) -> None:
        """A receipt is printed."""
        standing = self.staff.standing
        self.unsaved.append(lambda: self._printed(token, standing))
        with self._life():
            self.run.receipts.printed(self._id(token))

    def _printed(self, token: str, standing: Standing) -> None:
        """It is on paper, whoever may; the audit names who stood there, also where it is saved later."""
        self.model.noted(token)
        self.staff.noted("print", self.staff.by(standing), address_of(token), None)

    @rule(token=payments, code_of=payments, answered=st.booleans())
    def code_typed(self, token: str, code_of: str, answered: bool) -> None:
        """The operator types a code from an SMS, perhaps another payment's: no evidence, and it takes nobody's code."""
        if answered:  # as a rule after M-PESA's answer, which brings no code
            self._all_prompted()
            self.ask(token, "0")
        self._somebody_serves()
        expected, code, staff = self.model.oracle.payments[token], self.ids.receipt(code_of), self.staff
        allowed = not self.run.store.broken and expected.verdict is Verdict.PAID and not expected.receipt
        allowed = allowed and staff.need("code", staff.standing) is Need.NOTHING
        if allowed:
            by, before = staff.by(staff.standing), self.model.typed.get(token)
            self.unsaved.append(partial(self.model.code_typed, token, code))
            self.unsaved.append(partial(staff.noted, "code", by, address_of(token), code, before))
        with self._life():
            refusal = refusal_of(lambda: self.run.receipts.type_code(self._id(token), code))
            assert allowed == (refusal is None), f"taken: {refusal is None}, and should be: {allowed}; {refusal}"
        if answered:
            self.paid(token, 1)  # M-PESA's own word for it comes at last

    # --- the program and its disk

    @rule()
    def kill(self) -> None:
        """It ends between two calls; what it had not saved is gone, as if it had never come."""
        self.unsaved.clear()
        self.run = self._start()

    @rule(moment=st.sampled_from(Moment))
    def will_die(self, moment: Moment) -> None:
        """It ends at the next commit."""
        self.run.store.dies = moment

    @rule()
    def disk_full(self) -> None:
        """Nothing can be saved from now on."""
        self.run.store.broken = True

    @precondition(lambda self: self.run.store.broken)
    @rule()
    def disk_has_room(self) -> None:
        """The writer's next try saves what waited."""
        with self._life():
            self.run.store.broken = False
            self.run.writer.step()

    @rule(kind=st.sampled_from(bodies.PUSH_ANSWERS))
    def close(self, kind: str) -> None:
        """The program is closed, and started again: pushes on their way are waited for, no other leaves."""
        run, self.push_kind = self.run, kind
        run.checkout.close()
        with pytest.raises(Closing):
            run.checkout.charge(a_request(self._post(1), "254712000009"))
        while run is self.run and run.outbox.waiting:
            with self._life():
                run.outbox.waiting.pop()()
        if run is self.run:
            run.reconciler.stop()
            run.writer.stop()
            self.kill()

    @rule()
    def another_till_closes_the_day(self) -> None:
        """Whatever this one is at: what it commits afterwards is of the next day."""
        with self.kept.open().write() as transaction:
            report = transaction.open_day(self.clock.corrected())
            if report.figures.nothing:
                return
            subject, said = close_in(transaction, report, "B")
        self.staff.noted("close", By(None, None, owner=False), subject, said)
        *before, closed = self.kept.closes()
        assert before == self.closes, "a close that was written once is another one now"
        figures = report.figures
        assert closed[:4] == (len(before) + 1, figures.received, figures.refunded, figures.returned)
        self.closes = [*before, closed]

    @contextmanager
    def _life(self) -> Iterator[None]:
        """What the program does in here may kill it; whatever is saved is known to the model afterwards."""
        run = self.run
        try:
            yield
        except Killed:
            run.dead = True
            if run.store.dies is Moment.BEFORE:
                self.unsaved.clear()
            self._saved()
            self.run = self._start()
        if not self.run.store.broken:
            self._saved()

    def _saved(self) -> None:
        for action in self.unsaved:
            action()
        self.unsaved.clear()

    def _start(self) -> Run:
        rows = self.kept.payments()
        requested = [token for token in self.model.sold if rows[address_of(token)].stored.state == "requested"]
        self.clock.unheard()
        self.confirmed.clear()
        self.staff.restarted(HERE)
        self.model.restarted(requested)
        line = Line(self._push_leaves, self._asked, self._held_back)
        self.run = Run(self.kept.open(), self.clock, line, self._token)
        self._all_are_asked_about()
        return self.run

    def _token(self) -> str:
        return f"{len(self.model.sold) + 1:040x}"

    def _phone(self, token: str) -> str:
        return self.model.sold[token].phone

    def _id(self, token: str) -> int:
        payment_id = self.kept.payment_id(token)
        assert payment_id, "a payment is gone"
        return payment_id

    # --- after each step

    @invariant()
    def the_money_rules_hold(self) -> None:
        """The database holds what the model knows, and whoever listens was told of it."""
        rows = self.kept.payments()
        assert list(rows) == [address_of(token) for token in self.model.sold], "payments that nobody made, or lost"
        backs = [code for row in rows.values() for code, _ in row.stored.backs]
        assert len(backs) == len(set(backs)), "two refunds with one code"
        for name in ("checkout", "receipt"):
            held = [value for row in rows.values() if (value := getattr(row.stored, name))]
            assert len(held) == len(set(held)), f"two payments with one {name}"
        assert self.kept.by_hand() == self.model.by_hand(), "access by hand (phone, post, end, whether it counts)"
        for token in self.model.sold:
            row = rows[address_of(token)]
            breaches = list(self.model.breaches(token, row.stored))
            assert not breaches, f"payment {row.id} ({row.stored.state}): {'; '.join(breaches)}"
            told = self.run.told.get(row.id)
            assert not told or (told.state.value, told.version) == (row.stored.state, row.version), "told otherwise"

    @invariant()
    def every_shilling_is_in_one_close(self) -> None:
        """All closes and what is open are together all that was paid, less what went back; none of it moves again."""
        assert self.kept.closes() == self.closes, "closes are written once"
        moved = self.kept.moved()
        assert {number: moved.get(number, (0, 0, 0)) for number, *_ in self.closes} == {
            number: (received, refunded, returned) for number, received, refunded, returned, _ in self.closes
        }, "the movements of a close are not what it says"
        counted = self.kept.moved_of()
        for row in self.kept.payments().values():
            stored, back = row.stored, sum(amount for _, amount in row.stored.backs)
            had = stored.asked if stored.paid is None else stored.paid
            expected = (1, had, back, 0) if stored.state == "paid" else (0, 0, 0, back)
            assert counted.get(row.id, (0, 0, 0, 0)) == expected, f"payment {row.id} in the closes"

    @invariant()
    def it_is_known_who_did_what(self) -> None:
        """The audit has each act, once, with who did it in which role; PINs that were wrong are counted."""
        breaches = list(self.staff.breaches(self.kept.audit(), self.kept.operators()))
        assert not breaches, "; ".join(breaches)


def _line(post: CataloguePost, ware: Ware) -> ChargeLine:
    return ChargeLine(post, ware.quantity, ware.price if post.open_price else None)


def refusal_of(action: Callable[[], object]) -> PosError | None:
    """Why the till does not do it; None where it does."""
    try:
        action()
    except (BadInput, CannotSave) as error:
        return error
    return None
