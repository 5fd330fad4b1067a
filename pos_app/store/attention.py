"""What needs a person, in a few looks into indexes, however many payments there are."""

from collections import defaultdict
from datetime import datetime
from itertools import combinations

import sqlalchemy as sa

from pos_app.domain.attention import LISTED, LONG, OF_PAYMENTS, Concern, WhatWaits, concern_of
from pos_app.domain.payment import ATTENTION_REMARKS, Payment, Remark, State
from pos_app.domain.pull_run import SETTING, read_pull_run
from pos_app.store import tables as t
from pos_app.store.integrity import all_rows, reading
from pos_app.store.parts import Reading
from pos_app.store.record_tables import record_file
from pos_app.store.rows import remark_text, select_payments, stored_remarks, to_payments
from pos_app.store.unprompted import money_waiting

_p, _m, _f = t.payment.c, t.movement.c, record_file.c
_LAST_RECORDS = 200  # of M-PESA's, of which one reaches furthest
_harmless = sorted(frozenset(Remark) - ATTENTION_REMARKS)
# As they are stored where nothing else is there: what is odd about most payments asks for no look.
_NOTHING_TO_SEE = [remark_text(some) for many in range(1, len(_harmless) + 1) for some in combinations(_harmless, many)]
_reviews = sa.select(_p.id).where(t.is_open, _p.state == sa.literal_column(f"'{State.REVIEW.value}'"))
_odd = sa.select(_p.id, _p.remark, _p.seen).where(_p.remark.is_not(None), _p.remark.not_in(_NOTHING_TO_SEE))
# In the index's own order, by which a server finds the first at once, however few or many there are.
_unclosed = sa.select(_m.at).where(_m.close_number.is_(None)).order_by(_m.close_number, _m.id).limit(1)
_closes = sa.select(sa.func.max(t.day_close.c.number))
_recorded = (
    sa.select(_f.covered_last).where(_f.ended_at.is_not(None)).order_by(_f.id.desc()).limit(_LAST_RECORDS).subquery()
)
_record_until = sa.select(sa.func.max(_recorded.c.covered_last))
_pull_run = sa.select(t.setting.c.value).where(t.setting.c.key == SETTING)


class AttentionReading(Reading):
    """Part of `SqlReader`."""

    def needs_person(self, at: datetime) -> WhatWaits:
        """See `sales.ports.AttentionReader`."""
        with reading(self._engine) as connection:
            return _found(connection, at)


def _found(connection: sa.Connection, at: datetime) -> WhatWaits:
    ids = _ids(connection, at)
    named = [payment_id for some in ids.values() for payment_id in sorted(some)[:LISTED]]
    unprompted, unprompted_since = money_waiting(connection)
    record_until, run = connection.scalar(_record_until), read_pull_run(connection.scalar(_pull_run))
    return WhatWaits(
        counts={concern: len(some) for concern, some in ids.items()},
        payments=tuple(_payments(connection, named)),
        unprompted=unprompted,
        unprompted_since=unprompted_since,
        unclosed_since=connection.scalar(_unclosed),
        closes=connection.scalar(_closes) or 0,
        record_until=record_until,
        unseen_since=connection.scalar(_unseen_since(record_until)),
        record_asked=run.begun if run else None,
    )


def _ids(connection: sa.Connection, at: datetime) -> dict[Concern, set[int]]:
    """The payments of each concern, each of them once: by the gravest."""
    ids: dict[Concern, set[int]] = {concern: set() for concern in OF_PAYMENTS}
    ids[Concern.REVIEW] = set(connection.scalars(_reviews))
    long = set(connection.scalars(_open_long(at)))
    odd = _odd_ids(connection, at)
    for some in odd.values():
        some -= ids[Concern.REVIEW]
    ids[Concern.REFUND_DUE] = odd[Concern.REFUND_DUE]
    ids[Concern.NOT_SURE] = long - odd[Concern.REFUND_DUE]
    for concern in (Concern.DIFFERS, Concern.LOOK):
        ids[concern] = odd[concern] - long
    return ids


def _odd_ids(connection: sa.Connection, at: datetime) -> dict[Concern, set[int]]:
    """Those with a remark that nobody has looked at, by what it would be of one that is paid."""
    alike: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for payment_id, remark, seen in connection.execute(_odd):
        alike[remark, seen].append(payment_id)
    odd: dict[Concern, set[int]] = defaultdict(set)
    for (remark, seen), some in alike.items():
        unseen = (stored_remarks(remark) & ATTENTION_REMARKS) - stored_remarks(seen)
        if concern := concern_of(State.PAID, unseen, at, at):
            odd[concern].update(some)
    return odd


def _open_long(at: datetime) -> sa.Select[int]:
    under_way = _p.state.in_([sa.literal_column(f"'{state}'") for state in t.UNDER_WAY])
    long = sa.or_(_p.created_at <= at - LONG, _p.created_at >= at + LONG)
    return sa.select(_p.id).where(t.is_open, under_way, long)


def _unseen_since(record_until: datetime | None) -> sa.Select[datetime]:
    """When the first money came that M-PESA's record was not held against."""
    behind = [] if record_until is None else [_m.at > record_until]
    return sa.select(_m.at).where(_m.received > 0, *behind).order_by(_m.at).limit(1)


def _payments(connection: sa.Connection, ids: list[int]) -> list[Payment]:
    wanted = select_payments.where(_p.id.in_(ids)).order_by(_p.id)
    return to_payments(all_rows(connection.execute(wanted))) if ids else []
