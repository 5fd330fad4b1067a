"""What must be known of a till's payments, kept beside it from the design's money rules alone.

The oracle says what the evidence makes of a payment. Here is the rest: remarks, chains, the guard, and how many
lines the journal must have. Nothing of `pos_app` is used, so that one mistake does not confirm the other.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from tests.faults.oracles.oracle import CANCELLED, DECLINED, EXPIRED, Expected, Oracle, Verdict
from tests.faults.oracles.truth import Accepted, Answered, Delivered, Refused, Ruled, Seen, Told

OPEN = frozenset({Verdict.OPEN, Verdict.CURABLE, Verdict.HELD})
NOT_PAID = frozenset({Verdict.CANCELLED, Verdict.DECLINED, Verdict.EXPIRED, Verdict.NOT_SENT, Verdict.DENIED})
_SETTLED_BY_ASKING = frozenset({Verdict.OPEN, Verdict.CURABLE})
_FAILURES = CANCELLED | DECLINED | EXPIRED
_WAIT_CODES = frozenset({"17", "26", "1001", "1025", "9999"})  # rule 13
_REVIEW = frozenset({Verdict.CURABLE, Verdict.HELD})
_TEN_MINUTES = 600.0  # after which the owner may settle what cannot be asked about (rule 9)
_DAY = 86_400.0  # seconds after the charge, when the owner may close what is open (rule 7); most a clock may be off
_GUARDED, _WAIT = 150.0, 120.0  # seconds after the charge
_ODD = frozenset({"amount_differs", "receipt_clash", "ids_differ", "incomplete"})
ODD = "odd"  # any of these: which comes first where several fit, the design leaves open


class Clock(Protocol):
    """The till's clock; `off`: how far its wall clock is ahead of M-PESA's, None while that is not known."""

    off: float | None

    def corrected(self) -> datetime: ...

    def since_boot(self) -> float: ...


class Pushed(StrEnum):
    """What the till has heard of its push."""

    NOTHING = "nothing"
    ACCEPTED = "accepted"
    UNSURE = "unsure"  # no answer, one that proves nothing, or the till ended before it


class Ware(NamedTuple):
    """A line of a payment: a post, the price of one, how many, and the days of access that one of them gives."""

    post: int
    price: int
    quantity: int
    days: int | None


@dataclass(slots=True, kw_only=True)
class Sold:
    """One payment. `must` and `may`: the remarks it must have, and those it may have beside them."""

    token: str
    phone: str
    wares: tuple[Ware, ...]
    at: datetime
    operator: int | None = None  # who charged it
    retry_of: str | None = None
    past: frozenset[str] = frozenset()  # what the operator was warned of and went past, but what is asked for again
    chain: str = ""
    given: dict[int, datetime | None] = field(default_factory=dict)  # posts that it gives access to, and until when
    counts_from: dict[int, datetime] = field(default_factory=dict)  # the same posts, and since when
    withdrawn: dict[int, datetime | None] = field(default_factory=dict)  # those that it gives no more, and until when
    backs: list[tuple[str, int]] = field(default_factory=list)  # what went back: code and KES
    pushed: Pushed = Pushed.NOTHING
    code: str | None = None  # why it is not paid
    double: bool = False
    must: set[str] = field(default_factory=set)
    may: set[str] = field(default_factory=set)
    lines: Counter[str] = field(default_factory=Counter)  # of the journal, by source

    @property
    def amount(self) -> int:
        """What is asked for, in KES."""
        return sum(ware.price * ware.quantity for ware in self.wares)

    def days(self, post: int) -> int | None:
        """Of access to a post that it was sold for, as often as it was sold; None for ever."""
        [ware] = [ware for ware in self.wares if ware.post == post]
        return None if ware.days is None else ware.days * ware.quantity

    def same(self, other: "Sold") -> bool:
        """Whether both ask for the same; the order of the lines is no matter."""
        return sorted(self.wares, key=str) == sorted(other.wares, key=str)


@dataclass(slots=True, kw_only=True)
class Gift:
    """Access to a post that somebody gave by hand."""

    phone: str
    post: int
    length: int | None  # days; None for ever
    given: dict[int, datetime | None] = field(default_factory=dict)  # the post, while it gives access, and until when
    counts_from: dict[int, datetime] = field(default_factory=dict)
    withdrawn: dict[int, datetime | None] = field(default_factory=dict)

    def days(self, post: int) -> int | None:
        """Of access to its one post; None for ever."""
        assert post == self.post
        return self.length


@dataclass(frozen=True, slots=True)
class Stored:
    """One payment as it stands in the database, with its journal as (source, before, after)."""

    state: str
    remarks: frozenset[str]
    merchant: str | None
    checkout: str | None
    receipt: str | None
    typed: str | None
    asked_next: bool
    paid: int | None
    backs: tuple[tuple[str, int], ...]  # what went back: code and KES
    asked: int  # KES
    operator: int | None
    wares: tuple[Ware, ...]
    grants: tuple[tuple[int, int, bool, datetime | None], ...]  # for each: line, post, whether access, and until when
    journal: tuple[tuple[str, str, str], ...]


class Model:
    """The payments by address token, in the order of their charges."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._now, self._boot = clock.corrected, clock.since_boot
        self._opened: dict[str, tuple[float, bool]] = {}  # since boot; whether for good
        self._past: dict[tuple[str, str], bool] = {}  # who went past whom; whether that one was paid then
        self.worked_off: set[str] = set()  # the doubles that the owner has seen to
        self.oracle = Oracle()
        self.sold: dict[str, Sold] = {}
        self.gifts: list[Gift] = []
        self.typed: dict[str, str] = {}

    def verdict(self, token: str) -> Verdict:
        """Where the evidence puts it."""
        return self.oracle.payments[token].verdict

    # --- what happens

    def charged(self, sold: Sold) -> None:
        """A payment was saved. Its chain: what it asks for again, and the same that was not paid when gone past.

        Where one of a chain was paid, to go past the rest of it is a sale of its own.
        """
        done = {other.chain for other in self.sold.values() if self._is_paid(other)}
        chains = {self.sold[sold.retry_of].chain} if sold.retry_of else set()
        for token in sold.past:
            paid = self.verdict(token) is Verdict.PAID
            self._past[sold.token, token] = paid
            if not paid and sold.same(self.sold[token]) and self.sold[token].chain not in done:
                chains.add(self.sold[token].chain)
        sold.chain = sold.token
        for other in self.sold.values():
            other.chain = sold.token if other.chain in chains else other.chain
        self.sold[sold.token] = sold
        self.oracle.payments[sold.token] = Expected(sold.amount)
        self._opened[sold.token] = self._boot(), True

    def push_answered(self, seen: Accepted | Refused | None, token: str) -> None:
        """The push's outcome was recorded; None: nobody knows what became of it."""
        sold = self.sold[token]
        sold.lines["push"] += 1
        clash = isinstance(seen, Accepted) and self.oracle.others(token, seen.merchant, seen.checkout)
        if isinstance(seen, Refused):
            self._see(token, seen)
        elif seen and not clash:
            sold.pushed = Pushed.ACCEPTED
            self._see(token, seen)
        elif sold.pushed is Pushed.NOTHING:
            sold.pushed = Pushed.UNSURE
        if clash and self.verdict(token) is Verdict.PAID:
            sold.may.add(ODD)

    def called_back(self, token: str, told: Told | None, *, other_phone: bool) -> None:
        """Something came to its address and was recorded."""
        sold = self.sold[token]
        sold.lines["callback"] += 1
        if told and told.code == "0":
            if other_phone:
                sold.must.add("phone_differs")
            if self.verdict(token) is Verdict.PAID and self.oracle.success(token, told) is not Verdict.PAID:
                sold.must.add(ODD)
        elif told and told.code in _FAILURES and not self.oracle.others(token, told.merchant, told.checkout):
            self._failed(sold, told.code)
        self._see(token, Delivered(token, told))

    def queried(self, asked: str, seen: Answered | None) -> None:
        """We asked, and what we learnt was recorded."""
        token = self.oracle.checkouts[asked]
        self.sold[token].lines["query"] += 1
        if seen:
            if seen.checkout == asked and seen.code in _FAILURES:
                self._failed(self.sold[token], seen.code)
            self._see(token, seen)

    def restarted(self, on_its_way: Collection[str]) -> None:
        """What was still said to be on its way when the till ended is unsure at once; ages are learnt anew."""
        self._opened.clear()
        for sold in self.sold.values():
            if sold.pushed is Pushed.NOTHING and self.verdict(sold.token) is Verdict.OPEN:
                sold.pushed = Pushed.UNSURE
                if sold.token in on_its_way:
                    self.noted(sold.token)

    def noted(self, token: str) -> None:
        """The till itself wrote a line."""
        self.sold[token].lines["till"] += 1

    def code_typed(self, token: str, code: str) -> None:
        """The operator typed a code; it proves nothing (rule 8)."""
        self.typed[token] = code
        self.noted(token)

    def settled(self, token: str, settlement: str, code: str, amount: int | None = None) -> None:
        """The owner's word was recorded; it counts, unless the code is another payment's."""
        sold = self.sold[token]
        sold.lines["owner"] += 1
        if settlement != "paid" or not self.is_taken(code, token):
            sold.must.add("by_owner")
            self._see(token, Ruled(token, settlement, code, amount))

    def seen_to(self, token: str, settlement: str) -> None:
        """The owner worked something off that stood on the attention list."""
        sold = self.sold[token]
        sold.lines["owner"] += 1
        if settlement != "seen":
            self.worked_off.add(token)
            sold.must.add(settlement)
        if settlement == "both_meant":
            self._give(sold)

    def refunded(self, token: str, code: str, amount: int, *, withdraw: bool) -> None:
        """The owner's word that money went back was recorded; it counts, unless the code is another's."""
        sold, payment = self.sold[token], self.oracle.payments[token]
        sold.lines["owner"] += 1
        if self.is_taken(code, token):
            return
        sold.backs.append((code, amount))
        payment.back += amount
        self.oracle.reversals[code] = token
        if self.oracle.may_go_back(token) == 0 and sold.double and token not in self.worked_off:
            self.worked_off.add(token)
            sold.must.add("refunded")
        if withdraw:
            self._withdraw(sold)
        if self.oracle.may_go_back(token) == 0:
            self._count_others(sold)

    def _count_others(self, gone: Sold) -> None:
        """All of one of a chain went back: who paid another one has paid that one only, and has it (rule 13)."""
        chain = [other for other in self.sold.values() if other.chain == gone.chain and other is not gone]
        for sold in chain:
            if self._is_paid(sold) and sold.double and sold.token not in self.worked_off:
                self.noted(sold.token)
                if not self._doubles(sold):
                    self.worked_off.add(sold.token)
                    sold.must.add("other_back")
                    self._give(sold)

    def _withdraw(self, sold: Sold) -> None:
        """Its access ends; what the customer has besides moves up to now, in its order and its full length.

        Each payment of which something moves has one line of it, whichever of its posts they are.
        """
        gone, before = dict(sold.given), self._access()
        sold.withdrawn |= gone
        sold.given.clear()
        self._move_up(sold.phone, list(gone))
        for token, access in self._access().items():
            if access != before[token] and token != sold.token:
                self.noted(token)

    def given_by_hand(self, phone: str, post: int, days: int | None) -> None:
        """Somebody gave access without a payment: it adds up with what was paid (rule 20)."""
        gift = Gift(phone=phone, post=post, length=days)
        gift.given[post], gift.counts_from[post] = self._added(phone, post, days)
        self.gifts.append(gift)

    def withdrawn_by_hand(self, phone: str, post: int, ending: Sequence[Sold | Gift]) -> None:
        """What these have given is withdrawn, and what waited behind it moves up (rules 19 and 20)."""
        before = self._access()
        for giver in ending:
            giver.withdrawn[post] = giver.given.pop(post)
        self._move_up(phone, [post])
        for token, access in self._access().items():
            if access != before[token]:
                self.noted(token)
        for giver in ending:
            if isinstance(giver, Sold) and giver.backs and self.oracle.may_go_back(giver.token) == 0:
                self._count_others(giver)

    def lasting(self, phone: str, post: int) -> list[Sold | Gift]:
        """What still gives this customer access to the post; what is used up is not withdrawn."""
        ends = [(giver, giver.given[post]) for giver in self._givers(phone, post)]
        return [giver for giver, until in ends if until is None or until > self._now()]

    def by_hand(self) -> list[tuple[str, int, datetime | None, bool]]:
        """Access by hand, oldest first: phone, post, until when it lasts or has lasted, and whether it counts."""
        return [
            (gift.phone, gift.post, (gift.given | gift.withdrawn)[gift.post], gift.post in gift.given)
            for gift in self.gifts
        ]

    def has(self, phone: str, post: int) -> tuple[bool, datetime | None]:
        """Whether a customer has a post now, and until when; None for ever, and where they have nothing."""
        ends = [giver.given[post] for giver in self.lasting(phone, post)]
        return bool(ends), None if None in ends else max((end for end in ends if end), default=None)

    def _givers(self, phone: str, post: int) -> list[Sold | Gift]:
        """Whatever gives this customer access to the post, or has given it before it was used up."""
        every: list[Sold | Gift] = [*self.sold.values(), *self.gifts]
        return [giver for giver in every if giver.phone == phone and post in giver.given]

    def _move_up(self, phone: str, posts: list[int]) -> None:
        now = self._now()
        for post in posts:
            rest = self._givers(phone, post)
            if None in [other.days(post) for other in rest]:
                continue
            by_begin = sorted(rest, key=lambda other: other.counts_from[post])
            running = [other.given[post] for other in by_begin if other.counts_from[post] <= now]
            ends = [end for end in running if end]
            for other in by_begin:
                if other.given[post] and other.counts_from[post] > now:
                    ends.append(self._shift(other, post, max([now, *ends])))
            for other in by_begin:
                if other.given[post] is None:  # what was for ever had swallowed them
                    ends.append(self._shift(other, post, max([other.counts_from[post], *ends])))

    def _access(self) -> dict[str, tuple[dict[int, datetime | None], dict[int, datetime]]]:
        """What each payment has given, and from when it counts."""
        return {sold.token: (dict(sold.given), dict(sold.counts_from)) for sold in self.sold.values()}

    def _shift(self, sold: Sold | Gift, post: int, begin: datetime) -> datetime:
        end = begin + timedelta(days=sold.days(post) or 0)
        sold.counts_from[post], sold.given[post] = begin, end
        return end

    def _failed(self, sold: Sold, code: str) -> None:
        """M-PESA says: not paid. The first such word counts, and none counts after a success (rule 6)."""
        verdict = self.verdict(sold.token)
        if verdict is Verdict.OPEN:
            sold.code = code
        elif verdict is Verdict.PAID:
            sold.must.add("conflict")
        elif verdict in OPEN:
            sold.may.add("conflict")

    def _see(self, token: str, seen: Seen) -> None:
        sold, before = self.sold[token], self.verdict(token)
        self.oracle.see(seen)
        for robbed in self.oracle.robbed:
            self.sold[robbed].must.add("code_lost")
            self.noted(robbed)
        self.oracle.robbed.clear()
        for refunded in self.oracle.clashes:
            self.sold[refunded].must.add("refund_clash")
            self.noted(refunded)
        self.oracle.clashes.clear()
        after = self.verdict(token)
        if before in NOT_PAID and after not in NOT_PAID:
            sold.must.add("late")
        if after not in NOT_PAID:
            sold.code = None
        if after is Verdict.PAID and before is not Verdict.PAID:
            paid = [other for other in self.sold.values() if other is not sold and self._has_paid(other)]
            sold.double = self._doubles(sold)
            another = any(not sold.same(other) and self._past_of(sold, other) is False for other in paid)
            sold.must |= {"double"} if sold.double else {"other_paid"} if another else set()
            if not sold.double:
                self._give(sold)

    def _doubles(self, sold: Sold) -> bool:
        """Whether another one of its chain is paid."""
        return any(
            other.chain == sold.chain and self._past_of(sold, other) is not True
            for other in self.sold.values()
            if other is not sold and self._has_paid(other)
        )

    def _is_paid(self, sold: Sold) -> bool:
        return self.verdict(sold.token) is Verdict.PAID

    def _has_paid(self, sold: Sold) -> bool:
        """Whether its money counts: not all of it went back, or not its access (rule 19)."""
        return self._is_paid(sold) and (self.oracle.may_go_back(sold.token) > 0 or bool(sold.given))

    def _past_of(self, one: Sold, other: Sold) -> bool | None:
        """Whether the one of them that was gone past was paid then; None where neither was gone past."""
        return self._past.get((one.token, other.token), self._past.get((other.token, one.token)))

    def _give(self, sold: Sold) -> None:
        """Access adds up (rule 15), for each post by itself; so many of it are so many times its days."""
        for ware in sold.wares:
            if ware.days == 0:
                continue
            until, begin = self._added(sold.phone, ware.post, sold.days(ware.post))
            sold.given[ware.post], sold.counts_from[ware.post] = until, begin

    def _added(self, phone: str, post: int, days: int | None) -> tuple[datetime | None, datetime]:
        """Until when more access lasts, None for ever, and from when it counts."""
        has = [giver.given[post] for giver in self._givers(phone, post)]
        begin = max([self._now(), *(each for each in has if each)]) if None not in has else self._now()
        ends = days is not None and None not in has
        return begin + timedelta(days=days or 0) if ends else None, begin

    # --- what the till may do

    def waits(self, token: str) -> bool:
        """Whether it is too early to ask the customer of this not-paid payment again (rule 13)."""
        return self.must_ask_first(token) and self._age(self.sold[token]) < _WAIT

    def is_paid_by_another(self, token: str) -> bool:
        """Whether another payment of its chain is paid: then it is not asked for again (rule 13)."""
        return any(
            other.chain == self.sold[token].chain and self._is_paid(other)
            for other in self.sold.values()
            if other.token != token
        )

    def must_ask_first(self, token: str) -> bool:
        """Whether asking again needs a fresh word of M-PESA."""
        return self.verdict(token) is Verdict.EXPIRED or self.sold[token].code in _WAIT_CODES

    def may_charge(self, phone: str, now: datetime, chosen: Collection[str], retry_of: str | None) -> bool:
        """The guard (rule 13). `chosen`: the payments the operator was warned of and goes past."""
        if retry_of and (self.verdict(retry_of) not in NOT_PAID or self.is_paid_by_another(retry_of)):
            return False
        stops = [
            self._stops(sold, now, chosen=token in chosen or token == retry_of)
            for token, sold in self.sold.items()
            if sold.phone == phone
        ]  # all of them, as the guard looks at all of them
        return not any(stops)

    def _stops(self, sold: Sold, now: datetime, *, chosen: bool) -> bool:
        is_open = self.verdict(sold.token) in OPEN
        if not is_open and sold.at < self._looks_back(now):
            return False
        recent = self._age(sold) < _GUARDED
        return (is_open and recent) or self.waits(sold.token) or ((is_open or recent) and not chosen)

    def _age(self, sold: Sold) -> float:
        """Seconds, by M-PESA's time at the first look; before that is known, what may be paid yet is young."""
        opened, for_good = self._opened.get(sold.token, (None, False))
        heard = self._clock.off is not None
        if opened is None or (heard and not for_good):
            age = max(0.0, (self._now() - sold.at).total_seconds())
            may_pay = self.verdict(sold.token) in OPEN or self.must_ask_first(sold.token)
            opened = self._boot() - (0.0 if may_pay and not heard and age <= _DAY else age)
            self._opened[sold.token] = opened, heard
        return round(self._boot() - opened, 6)

    def _looks_back(self, now: datetime) -> datetime:
        """Since when the guard looks at what has ended."""
        young = [self.sold[token].at for token, (at, _) in self._opened.items() if self._boot() - at < _GUARDED]
        doubt = 0.0 if self._clock.off is not None else _DAY
        return min([now - timedelta(seconds=_GUARDED + doubt), *young])

    def still_open(self) -> list[str]:
        """What has no end yet, and no money was reported for."""
        return [token for token in self.sold if self.verdict(token) is Verdict.OPEN]

    def may_settle(self, token: str, settlement: str, now: datetime, *, line: bool) -> bool:
        """Whether the owner may say so now (rules 7 and 9), with amount and time of the statement (`line`) or without.

        A time that seems to come is as far as one that is over.
        """
        age = abs((now - self.sold[token].at).total_seconds())
        if settlement == "closed":
            return self.verdict(token) is Verdict.OPEN and age >= _DAY
        silent = self.verdict(token) is Verdict.OPEN and self.checkout(token) is None and settlement == "paid"
        return self.verdict(token) in _REVIEW or (silent and line and age >= _TEN_MINUTES)

    def is_taken(self, code: str, token: str) -> bool:
        """Whether another payment holds this receipt code, or it was typed for a refund."""
        return self.oracle.receipts.get(code, token) != token or code in self.oracle.reversals

    def is_asked_about(self, token: str) -> bool:
        """Whether the till goes on asking: it is open, M-PESA can settle it, and there is an id to ask by."""
        on_its_way = self.sold[token].pushed is Pushed.NOTHING and self.verdict(token) is Verdict.OPEN
        return self.verdict(token) in _SETTLED_BY_ASKING and not on_its_way and bool(self.checkout(token))

    def checkout(self, token: str) -> str | None:
        """The id to ask by, where it is known."""
        return self.oracle.payments[token].checkout

    # --- what must be stored

    def breaches(self, token: str, stored: Stored) -> Iterator[str]:
        """Which rules the stored payment breaks."""
        sold, expected = self.sold[token], self.oracle.payments[token]
        before = "requested" if sold.pushed is Pushed.NOTHING else "prompted"
        silenced = ("clock", before, "unknown") in stored.journal
        if stored.state not in _states(expected.verdict, sold.pushed, silenced=silenced):
            yield f"the evidence makes it {expected.verdict}, its push {sold.pushed}"
        if (stored.asked, stored.wares) != (sold.amount, sold.wares):
            yield f"{stored.wares} are said to be sold for {stored.asked}, not {sold.wares}"
        if stored.operator != sold.operator:
            yield f"it is said to be operator {stored.operator}'s, and is {sold.operator}'s"
        grants = _grants(sold) if expected.verdict is Verdict.PAID else ()
        if stored.grants != grants:
            yield f"its grants (line, post, access, end) are {stored.grants}, should be {grants}"
        yield from _of_refunds(sold, expected, stored)
        if expected.verdict is Verdict.PAID and stored.paid != expected.paid:
            yield f"{stored.paid} are said to be paid, not {expected.paid}"
        if (stored.merchant, stored.checkout) != (expected.merchant, expected.checkout):
            yield f"its ids should be {expected.merchant}, {expected.checkout}"
        if (stored.receipt, stored.typed) != (expected.receipt, self.typed.get(token)):
            yield f"its codes are {stored.receipt}, typed {stored.typed}; should be {expected.receipt}"
        remarks = {ODD if remark in _ODD else remark for remark in stored.remarks}
        if not sold.must <= remarks <= sold.must | sold.may:
            yield f"its remarks are {sorted(stored.remarks)}, should be {sorted(sold.must)}"
        if self.is_asked_about(token) and not stored.asked_next:
            yield "nobody will ask about it again"
        yield from _of_journal(sold, stored)


def _grants(sold: Sold) -> tuple[tuple[int, int, bool, datetime | None], ...]:
    """One for each line, all or none."""
    return tuple(
        (number, ware.post, ware.post in sold.given, sold.given.get(ware.post, sold.withdrawn.get(ware.post)))
        for number, ware in enumerate(sold.wares, 1)
    )


def _of_refunds(sold: Sold, expected: Expected, stored: Stored) -> Iterator[str]:
    """Rule 19: what was recorded, and never more than was paid."""
    if stored.backs != tuple(sold.backs):
        yield f"{stored.backs} are said to have gone back, should be {sold.backs}"
    if sum(amount for _, amount in stored.backs) > (expected.paid or 0):
        yield f"more went back than the {expected.paid} that were paid"


def _states(verdict: Verdict, pushed: Pushed, *, silenced: bool) -> tuple[str, ...]:
    if verdict is Verdict.OPEN:
        if silenced:
            return ("unknown",)
        return {Pushed.NOTHING: ("requested",), Pushed.ACCEPTED: ("prompted",), Pushed.UNSURE: ("unknown",)}[pushed]
    return {
        Verdict.NOT_SENT: ("not_sent",),
        Verdict.CANCELLED: ("cancelled",),
        Verdict.DECLINED: ("declined",),
        Verdict.DENIED: ("declined",),
        Verdict.EXPIRED: ("expired",),
        Verdict.PAID: ("paid",),
    }.get(verdict, ("review",))


def _of_journal(sold: Sold, stored: Stored) -> Iterator[str]:
    """Rule 5: every event has its line, and the lines tell the way to where it stands; rule 6: not down from paid."""
    lines = Counter(source for source, _, _ in stored.journal if source != "clock")
    if lines != sold.lines:
        yield f"its journal has {dict(lines)}, should have {dict(sold.lines)}"
    way = ["requested", *(after for _, _, after in stored.journal)]
    if [before for _, before, _ in stored.journal] != way[:-1] or way[-1] != stored.state:
        yield f"the journal has gaps: {' > '.join(way)}"
    if "paid" in way and set(way[way.index("paid") :]) != {"paid"}:
        yield f"paid was lowered: {' > '.join(way)}"
