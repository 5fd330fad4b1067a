"""What the closes of a day must say (rule 23), told from M-PESA's books and the database past the code under test."""

from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal

from pos_app.domain.day import DayReport
from pos_app.simulator.record import Movement, MovementKind
from tests.faults.simulation.world import World

_LOOK = (
    "conflict", "double", "amount_differs", "receipt_clash", "ids_differ", "other_paid", "code_lost", "refund_clash",
    "erased", "unrecorded", "reversed", "record_differs",
)  # fmt: skip
_OPEN = ("requested", "prompted", "unknown", "review")
_LISTED = 500  # payments that a report names


class Closes:
    """Closes the days of a world, and looks at each close."""

    def __init__(self, shop: World, passphrase: str) -> None:
        self._shop = shop
        self._passphrase = passphrase
        self._net = 0

    def close(self, by_hand: Collection[str], *, whole: bool = False) -> None:
        """Close the day.

        Args:
            by_hand: the receipt codes of what no prompt has asked for.
            whole: M-PESA's record of all that time was recorded.
        """
        days = self._shop.counter.days
        report = days.open()
        assert report is not None
        assert report.number is not None
        self._check_carried(report)
        self._check_record(report, by_hand, whole=whole)
        closed = days.close(report.number, self._passphrase)
        assert closed.report.figures == report.figures, "the close says something else than was seen"
        assert closed.report.record == report.record
        again = days.open()
        assert again is not None
        assert again.figures.nothing, f"behind {closed.name} there is something left"
        self._net += closed.report.figures.net

    def check(self, prompted: Collection[str]) -> None:
        """What all closes and the open day say together.

        Args:
            prompted: the receipt codes of what prompts have brought.
        """
        shop = self._shop
        report = shop.counter.days.open()
        assert report is not None
        net = self._net + report.figures.net
        paid = shop.rows("SELECT sum(amount_paid) AS sum FROM payment WHERE state = 'paid'")[0]["sum"] or 0
        back = shop.rows("SELECT sum(amount) AS sum FROM refund WHERE status = 'done'")[0]["sum"] or 0
        assert net == paid - back, f"the closes say KES {net}, the payments {paid} less {back}"
        moved = self._movements()
        came = sum(each.amount for each in moved if each.receipt in prompted)
        assert paid == came, f"the till has KES {paid} of its prompts, M-PESA {came}"
        self._check_kept(moved)

    def _check_kept(self, moved: list[Movement]) -> None:
        """What was recorded of M-PESA's record is all that it has moved, to the cent."""
        kept = self._shop.rows("SELECT kind, count(*) AS rows, sum(cents) AS cents FROM record_row GROUP BY kind")
        told = {row["kind"]: (row["rows"], row["cents"]) for row in kept}
        there = {
            "payment": [each.amount for each in moved if each.kind is MovementKind.PAYMENT],
            "fee": [each.fee for each in moved if each.fee],
            "sweep": [each.amount for each in moved if each.kind is MovementKind.SWEEP],
            "reversal": [each.amount for each in moved if each.kind is MovementKind.REVERSAL],
        }
        moved_by_kind = {kind: (len(some), _cents(some)) for kind, some in there.items() if some}
        assert told == moved_by_kind, f"recorded of M-PESA's record: {told}, it has {moved_by_kind}"

    def _check_carried(self, report: DayReport) -> None:
        """Each payment that is not sure or waits for a look is named, the oldest first."""
        waits = [
            row["id"]
            for row in self._shop.rows("SELECT id, state, remark, seen FROM payment ORDER BY id")
            if row["state"] in _OPEN or _remarks(row["remark"]) - _remarks(row["seen"])
        ]
        assert report.open_count == len(waits), f"{report.open_count} are carried over, {len(waits)} wait"
        assert [item.id for item in report.open] == waits[:_LISTED]

    def _check_record(self, report: DayReport, by_hand: Collection[str], *, whole: bool) -> None:
        """What M-PESA's record has of the report's time, as far as the till has it."""
        record, since = report.record, report.since or datetime.min.replace(tzinfo=UTC)
        if record is None:
            assert not whole, "the record was recorded, and the day knows nothing of it"
            return
        until = report.until if whole else min(record.until, report.until)
        moved = [each for each in self._movements() if since <= each.at.replace(microsecond=0) < until]
        alone = [each.amount for each in moved if each.receipt in by_hand]
        told = (record.unprompted, record.unprompted_amount)
        if whole:
            assert told == (len(alone), _cents(alone)), f"without a prompt: {told}, {len(alone)} came"
            assert record.fees == _cents([each.fee for each in moved]), "other fees than M-PESA's"
        else:  # of what nobody has matched yet it cannot say more
            assert told >= (len(alone), _cents(alone)), f"without a prompt: {told}, {len(alone)} came"

    def _movements(self) -> list[Movement]:
        return self._shop.mpesa.money.record.movements()


def _cents(amounts: list[Decimal]) -> int:
    return int(sum(amounts) * 100)


def _remarks(text: str | None) -> set[str]:
    return {*(text or "").split(",")} & {*_LOOK}
