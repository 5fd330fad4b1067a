"""The shop's day: what was asked for and what moved since the last close, and a close, which is never counted again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_app.domain.payment import Remark, State

LISTED = 500  # payments carried over that a report names; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What payments came to; amounts in KES.

    Attributes:
        payments: how many were opened, `asked`: what they were asked for, whatever became of them.
        not_paid: how many of these ended without money, and `not_paid_asked`: what they were asked for.
        unsure: how many of these are open, and `unsure_asked`: what they were asked for.
        paid: how many were recorded as paid, whenever they were opened, and `received`: what M-PESA has of them.
        late: how many of those had counted as not paid, or were opened before, and `late_received`: what M-PESA
            has of them.
        refunds: how often money of a paid payment was recorded as given back, and `refunded`: how much.
        returned: what went back of payments that the owner has refused: it was never counted as paid.
    """

    payments: int = 0
    asked: int = 0
    not_paid: int = 0
    not_paid_asked: int = 0
    unsure: int = 0
    unsure_asked: int = 0
    paid: int = 0
    received: int = 0
    late: int = 0
    late_received: int = 0
    refunds: int = 0
    refunded: int = 0
    returned: int = 0

    @property
    def net(self) -> int:
        """What was paid less what went back."""
        return self.received - self.refunded

    @property
    def nothing(self) -> bool:
        """Whether nothing was asked for and no money was recorded."""
        return self == DayFigures()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGroup:
    """The figures of one post, operator or hour; amounts in KES.

    Attributes:
        key: the id of the post or operator, or the hour (0 to 23, in the shop); None where it is of none of them.
        name: what the post or the operator is called at that time; empty for hours, and where there is none.
        asked: of the payments opened in it; `paid`, `received` and `refunded`: of the money recorded in it.
    """

    key: int | None
    name: str = ""
    asked: int = 0
    paid: int = 0
    received: int = 0
    refunded: int = 0

    @property
    def net(self) -> int:
        """What was paid less what went back."""
        return self.received - self.refunded


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """A payment that nobody has worked off yet; `amount` as asked (KES), `remarks` those that nobody
    has looked at, `reason` as it is stored.
    """

    id: int
    number: str
    opened_at: datetime
    amount: int
    state: State
    reason: str | None = None
    remarks: frozenset[Remark] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSeen:
    """What M-PESA's record has of a report's time, as far as it was recorded here.

    Attributes:
        until: how far the record reaches, UTC.
        fees: what M-PESA has taken, and `unprompted_amount`: what came without a prompt; a hundred to the shilling.
        differs: how many rows are otherwise there than here, and `unprompted`: how many no prompt asked for.
    """

    until: datetime
    fees: int = 0
    differs: int = 0
    unprompted: int = 0
    unprompted_amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """What a report says. Times in UTC.

    Attributes:
        since: when the last close was, or that day began; None: there was none before.
        until: when it was read.
        after: the number of the last close before it; 0 where there is none, None where it is of a calendar day.
        lost: the last of the numbers behind `after` whose closes went with a database that an older copy has replaced,
            and are not used again; 0 where there are none.
        posts: of each post that was asked for or paid, the most first, and so `operators`; `hours` in their order.
        open_count: how many payments are carried over, and `open_amount`: what they were asked for, in KES.
        open: the oldest of these, oldest first.
        record: what M-PESA says of that time; None where nothing of it was recorded yet.
        heads: the last line of each till as a close was written, as `domain.links` prints them; none where it is no
            close, or from before they were kept.
    """

    since: datetime | None
    until: datetime
    after: int | None
    lost: int = 0
    figures: DayFigures = DayFigures()
    posts: tuple[DayGroup, ...] = ()
    operators: tuple[DayGroup, ...] = ()
    hours: tuple[DayGroup, ...] = ()
    open_count: int = 0
    open_amount: int = 0
    open: tuple[CarriedOver, ...] = ()
    record: RecordSeen | None = None
    heads: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """The number that closing would give it; None where it is of a calendar day."""
        return None if self.after is None else max(self.after, self.lost) + 1

    @property
    def clock_went_back(self) -> bool:
        """Whether the last close was at a later time than this: one of the two clocks was wrong."""
        return self.since is not None and self.since > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClose:
    """A close as it was written, and never counted again.

    Attributes:
        number: from 1 on; 0 is all that was recorded before days were closed here.
        at: UTC.
        till: which one closed; empty for number 0.
        operator: the name of who was signed in; None in a shop without operators.
        owner: the owner's passphrase was typed for it.
        report: what it says, which is what was printed.
    """

    number: int
    at: datetime
    till: str
    operator: str | None
    owner: bool
    report: DayReport

    @property
    def name(self) -> str:
        """`Z 0117`."""
        return close_name(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One line of what a tax entry needs; amounts in KES, `total` below zero where money went back.

    Attributes:
        at: when it was recorded, UTC.
        receipt: the number of the payment.
        item: the post as sold; None where it is money of no single post: a refund, or what was paid beside the prices.
        code: M-PESA's; None where it is not known yet.
    """

    at: datetime
    receipt: str
    item: str | None
    quantity: int
    price: int
    total: int
    code: str | None
    refund: bool = False


def close_name(number: int) -> str:
    """`Z 0117`."""
    return f"Z {number:04}"


def waits(item: CarriedOver, report: DayReport) -> timedelta:
    """How old what is carried over was when the report was read."""
    return max(report.until - item.opened_at, timedelta())


def groups_in_order(groups: list[DayGroup]) -> tuple[DayGroup, ...]:
    """The most first; what belongs to none comes last."""
    return tuple(sorted(groups, key=lambda group: (group.key is None, -group.net, group.name, group.key or 0)))
