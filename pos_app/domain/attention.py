"""What needs a person, the gravest first: payments, the shop's day, M-PESA's record. One list for all front ends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.manual_settlement import OWNER_PAYS
from pos_app.domain.payment import Payment, Remark, State

LISTED = 30  # payments of each concern that are named, the oldest; the rest is counted
LONG = OWNER_PAYS  # open for so long, a payment waits for more than its customer: a person can do something by then
A_DAY = timedelta(hours=24)  # of money that M-PESA's record was not held against
_EVENING = timedelta(hours=12)  # a shop that is open past midnight has not forgotten to close
_GIVEN_UP = timedelta(days=30)  # what was left alone for so long is not done in this shop: said, and no more counted
_MAY_BE_SAME = frozenset({Remark.DOUBLE, Remark.OTHER_PAID})  # rule 28
_RECORD = frozenset({Remark.RECORD_DIFFERS, Remark.REVERSED})


class Concern(StrEnum):
    """Why something needs a person, the gravest first. Printed by name."""

    REVIEW = "review"  # money came, and nothing is given for it
    REFUND_DUE = "refund_due"  # paid twice, or more than the sale costs
    NOT_SURE = "not_sure"  # open for long
    DIFFERS = "differs"  # M-PESA's record says otherwise, or sent it back
    LOOK = "look"  # any other remark that asks for one
    UNPROMPTED = "unprompted"  # money that no prompt asked for, and that nobody has bound or named
    DAY_OPEN = "day_not_closed"
    NO_RECORD = "no_record"  # M-PESA's record was not seen for a day


OF_PAYMENTS = (Concern.REVIEW, Concern.REFUND_DUE, Concern.NOT_SURE, Concern.DIFFERS, Concern.LOOK)


def concern_of(state: State, unseen: frozenset[Remark], opened_at: datetime, now: datetime) -> Concern | None:
    """The gravest thing about a payment that needs a person; None where nothing does.

    It is `Payment.needs_attention`, and what is open for long besides.

    Args:
        unseen: `Payment.unseen`.
        opened_at, now: UTC. A computer's clock that was wrong once hides nothing: it is their distance that counts.
    """
    if state is State.REVIEW:
        return Concern.REVIEW
    if Remark.REST_DUE in unseen or unseen & _MAY_BE_SAME == {Remark.DOUBLE}:
        return Concern.REFUND_DUE
    if state.open and abs(now - opened_at) >= LONG:
        return Concern.NOT_SURE
    if unseen & _RECORD:
        return Concern.DIFFERS
    return Concern.LOOK if unseen else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that needs a person.

    Attributes:
        since: since when (UTC): when its payment was opened; when the first money came that no close has, or that
            M-PESA's record was not held against.
        payment: which one; None where it is about none.
        many: how many it stands for: all money that no prompt asked for is one.
        counts: whether it is counted; else it is only said, since this shop seems not to do such things.
    """

    concern: Concern
    since: datetime
    payment: Payment | None = None
    many: int = 1
    counts: bool = True

    @property
    def key(self) -> tuple[Concern, int, bool]:
        """What no other one has, as long as it waits for the same."""
        return self.concern, self.payment.id if self.payment else 0, self.counts


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatWaits:
    """What the store has found at a moment.

    Attributes:
        counts: how many payments there are of each concern.
        payments: the oldest of each, oldest first.
        unprompted: how much money waits that no prompt asked for, and `unprompted_since`: when the first of it came.
        unclosed_since: when the first money was recorded that no close has; None: there is none.
        closes: the number of the last close; 0: days were never closed here.
        record_until: up to when M-PESA's record was seen; None: never.
        unseen_since: when the first money came behind that; None: there is none.
        record_asked: when a till last asked M-PESA for it; None: never.
    """

    counts: Mapping[Concern, int]
    payments: Sequence[Payment] = ()
    unprompted: int = 0
    unprompted_since: datetime | None = None
    unclosed_since: datetime | None = None
    closes: int = 0
    record_until: datetime | None = None
    unseen_since: datetime | None = None
    record_asked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Everything that needs a person at a moment.

    Attributes:
        at: when it was read (UTC).
        items: the gravest first, of one concern the oldest first; what does not count comes last.
        counts: how many there are of each concern that counts, also where not all of them are among `items`.
    """

    at: datetime
    items: tuple[Waiting, ...] = ()
    counts: Mapping[Concern, int]

    @property
    def total(self) -> int:
        """How much needs a person."""
        return sum(self.counts.values())

    def more(self, concern: Concern) -> int:
        """How many there are of a concern that are not among `items`."""
        return max(0, self.counts.get(concern, 0) - sum(item.many for item in self.items if item.concern is concern))


def attention(found: WhatWaits, at: datetime) -> Attention:
    """Everything that needs a person, in order; `at` is when it was found (UTC)."""
    items = [*_of_payments(found, at), *_of_others(found, at)]
    order = list(Concern)
    items.sort(key=lambda item: (not item.counts, order.index(item.concern)))
    others = Counter({item.concern: item.many for item in items if item.counts and item.payment is None})
    return Attention(at=at, items=tuple(items), counts=Counter(found.counts) + others)


def _of_payments(found: WhatWaits, at: datetime) -> list[Waiting]:
    listed = []
    for payment in found.payments:
        concern = concern_of(payment.state, payment.unseen, payment.created_at, at)
        if concern:
            listed.append(Waiting(concern=concern, since=payment.created_at, payment=payment))
    return listed


def _of_others(found: WhatWaits, at: datetime) -> list[Waiting]:
    told: list[Waiting] = []
    if since := found.unprompted_since:
        told.append(Waiting(concern=Concern.UNPROMPTED, since=since, many=found.unprompted))
    if (since := found.unclosed_since) and shop_day(since) < shop_day(at) and at - since >= _EVENING:
        closes = found.closes > 0 and at - since < _GIVEN_UP
        told.append(Waiting(concern=Concern.DAY_OPEN, since=since, counts=closes))
    if (since := found.unseen_since) and at - since >= A_DAY:
        looked = (found.record_until, found.record_asked)
        records = any(last is not None and at - last < _GIVEN_UP for last in looked)
        told.append(Waiting(concern=Concern.NO_RECORD, since=since, counts=records))
    return told
