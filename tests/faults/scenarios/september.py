"""25 September 2026, played again: no confirmation for three and a half hours, and none of them comes later."""

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from pos_app.domain.kenya_time import shop_day
from pos_app.domain.pull_run import SETTING, read_pull_run
from pos_app.domain.statement_comparison import Comparison, RowOutcome, compare
from pos_app.domain.statement_layout import StatementLayout
from pos_app.domain.statement_row import Statement, StatementRow
from pos_app.sales.owner import MoneyBack
from pos_app.sales.pull_rounds import PullUse, digest_of
from pos_app.sales.pulling import PullAccount
from pos_app.simulator import Choice, Fault, Json, Prompt, day_statement
from tests.faults.oracles.closes import Closes
from tests.faults.oracles.invariants import check, settle
from tests.faults.oracles.truth import OnRecord
from tests.faults.simulation.counter import SHORT_CODE
from tests.faults.simulation.environment import CallbackDelivery, as_sent
from tests.faults.simulation.people import anybody
from tests.faults.simulation.transport import FINE, Fate, Kind
from tests.faults.simulation.world import World, world

_PASSPHRASE = "mama njeri 1987"
_BEFORE, _OUTAGE, _AFTER = 2_700.0, 12_600.0, 2_700.0  # seconds
_STEPS = 40  # of that time: between two of them the portal and Pull are used
_CLOSED = (6, 24)  # behind these the day is closed: before it was noticed, and in the middle of it
_LATEST = 400.0  # seconds that the window of a payment takes, and a little
_ODD_ROWS = {
    Fault.PULL_EMPTY_TEXT: 0.5, Fault.PULL_FLAT: 0.3, Fault.PULL_OTHER_KEYS: 0.5, Fault.PULL_WHOLE_NUMBERS: 0.3,
    Fault.QUERY_DISAGREES: 0.05,
}  # fmt: skip


def september(seed: int, runs: int) -> None:
    """T43: callbacks are lost for 3.5 hours, questions and answers to pushes fail, Pull is refused for a part of it,
    people pay by hand, money is swept and reversed, the owner mistypes refunds: M-PESA's record explains every
    shilling, once it is recorded every payment that was paid is paid, by its own code, once, and the closes of the day
    name whatever is otherwise there.
    """
    true_time = {Fault.PULL_TRUE_TIME: 1.0} if seed % 4 == 3 else {}
    with world(seed, faults=_ODD_ROWS | true_time, record_size=4 * runs + 1_000) as shop:
        day = _Day(shop, runs)
        day.play()
        settle(shop)
        shop.run(_LATEST)
        day.explain()
        day.record()
        day.close()
        check(shop)


class _Day:
    """The shop's morning.

    Attributes:
        by_hand: the receipt codes of money that no prompt asked for.
        reversals: those of money that went back, and `differs`: the payments whose refund the owner has mistyped.
    """

    def __init__(self, shop: World, runs: int) -> None:
        self._shop = shop
        self._runs = runs
        self._out = False
        self._habits = anybody(shop.chance("customers"))
        self._failing = shop.chance("failing")
        self._given_up = shop.chance("pull").random() < 0.5  # Pull stays refused
        self.by_hand: set[str] = set()
        self.reversals: set[str] = set()
        self.differs: set[int] = set()
        self.pulled = 0
        self._paid: dict[str, int] = {}  # which payment each receipt code is, by M-PESA's own books, once all is over
        shop.environment.deliveries, shop.environment.customer = self._post, self._customer
        shop.weather = self._weather
        counter = shop.counter
        counter.owner.passphrase.choose(_PASSPHRASE)
        account = PullAccount(SHORT_CODE, "254708374149")
        use = PullUse(counter.gateway, account, lambda _: shop.clock.now().timestamp())
        self._rounds = use.rounds("A", counter.reader, counter.writer, shop.clock, counter.recording)
        self._closes = Closes(shop, _PASSPHRASE)

    def play(self) -> None:
        """From opening to half an hour after it was over."""
        whole = _BEFORE + _OUTAGE + _AFTER
        shop, sold = self._shop, 0
        for step in range(_STEPS):
            at = whole * step / _STEPS
            self._out = _BEFORE <= at < _BEFORE + _OUTAGE
            refused = at >= _BEFORE + 3_600 and (self._given_up or at < _BEFORE + 9_000)
            shop.mpesa.dice.add(Fault.PULL_REFUSED, 1.0 if refused else 0.0)
            shop.mpesa.dice.add(Fault.PULL_FAILS, 0.1 if self._out else 0.0)
            many = self._runs * (step + 1) // _STEPS - sold
            sold += many
            ends = shop.kernel.now + whole / _STEPS
            shop.sell_many(many, whole / _STEPS / max(1, many) * 0.9)
            shop.run(max(0.0, ends - shop.kernel.now))
            self._portal(shop.chance(f"portal {step}"))
            self._pull()
            if step in _CLOSED:
                self._closes.close(self.by_hand)

    def explain(self) -> None:
        """The statement of the day, as the portal exports it."""
        shop, self._paid = self._shop, dict(self._codes())
        found = self._compare(self._statement())
        self._check_matches(found)
        unprompted = {line.receipt for line in found.lines if line.outcome is RowOutcome.UNPROMPTED}
        assert unprompted == self.by_hand, f"unexplained: {sorted(unprompted ^ self.by_hand)[:5]}"
        assert {line.receipt for line in found.lines if line.outcome is RowOutcome.REVERSAL} == self.reversals
        assert not found.counts[RowOutcome.UNREADABLE] + found.counts[RowOutcome.DIFFERS]
        fees = found.counts[RowOutcome.FEE]
        assert fees == len(self._paid) + len(self.by_hand)
        told = found.agrees + found.counts[RowOutcome.FILLS] + found.counts[RowOutcome.SETTLES]
        assert told == len(self._paid), f"{told} of {len(self._paid)} payments are explained"
        left = found.counts[RowOutcome.FILLS] + found.counts[RowOutcome.SETTLES]
        assert bool(left) == self._given_up, f"{left} were left to the statement"
        assert shop.mpesa.pull.asked, "Pull was never asked"
        assert self.pulled, "nothing was ever concluded from Pull"

    def record(self) -> None:
        """The statement is recorded by the owner, twice; the till then has what M-PESA's books have."""
        shop, statement = self._shop, self._statement()
        shop.counter.recording.record(statement, digest_of(statement), _PASSPHRASE)
        lines = shop.rows("SELECT count(*) AS lines FROM payment_event")[0]["lines"]
        again = shop.counter.recording.record(self._statement(), digest_of(statement), _PASSPHRASE)
        assert again.counts[RowOutcome.SETTLES] + again.counts[RowOutcome.FILLS] == 0, "recorded, and still to explain"
        assert shop.rows("SELECT count(*) AS lines FROM payment_event")[0]["lines"] == lines
        paid, codes, differ = self._paid, {}, set()
        for row in shop.rows("SELECT id, state, receipt, remark FROM payment"):
            differ |= {row["id"]} if "record_differs" in (row["remark"] or "") else set()
            if row["state"] == "paid":
                codes[row["receipt"]] = row["id"]
        assert codes == paid, f"not what M-PESA's books say: {sorted(codes.items() ^ paid.items())[:5]}"
        assert differ == self.differs, f"said to differ, or not: {sorted(differ ^ self.differs)[:5]}"
        named = shop.rows("SELECT DISTINCT payment_id AS id FROM payment_event WHERE source = 'record'")
        own, tokens = {payment: code for code, payment in paid.items()}, self._tokens()
        shop.truth.seen += [OnRecord(tokens[row["id"]], own[row["id"]]) for row in named]

    def close(self) -> None:
        """What the closes of the day say together."""
        self._closes.close(self.by_hand, whole=True)
        self._closes.check(set(self._paid))

    # --- the world

    def _post(self, token: str, body: Json) -> list[CallbackDelivery]:
        return [] if self._out else [as_sent(body)]

    def _weather(self, kind: Kind) -> Fate:
        lost = self._out and self._failing.random() < {Kind.PUSH: 0.1, Kind.QUERY: 0.5}.get(kind, 0.0)
        return Fate(cut=3) if lost else FINE

    def _customer(self, prompt: Prompt) -> tuple[float, Choice] | None:
        """Who does not pay by the prompt may pay the shop's number by hand, a little later: the same amount."""
        does = self._habits(prompt)
        chance = self._shop.chance(f"by hand {prompt.checkout_request_id}")
        if does and does[1] is not Choice.PIN and chance.random() < 0.1:
            self._shop.kernel.after(chance.uniform(50, 200), lambda: self._pay_by_hand(prompt.phone, prompt.amount))
        return does

    def _pay_by_hand(self, phone: str, amount: int) -> None:
        self.by_hand.add(self._shop.mpesa.money.by_hand(phone, amount, "SHOP"))

    def _portal(self, chance: Random) -> None:
        """What else moves: strangers pay, a payment is given back, the account is emptied."""
        money = self._shop.mpesa.money
        if chance.random() < 0.5:
            self._pay_by_hand(self._shop.phone(), chance.choice((10, 250, 1_000, 77)))
        if self.by_hand and chance.random() < 0.2:
            code = money.reverse(chance.choice(sorted(self.by_hand)))
            self.reversals |= {code} if code else set()
        if chance.random() < 0.3:
            self._give_back(chance)
        if chance.random() < 0.1:
            money.sweep()

    def _give_back(self, chance: Random) -> None:
        """M-PESA gives back what a prompt has brought; the owner records that, mistypes it, or does not know."""
        shop = self._shop
        paid = shop.rows("SELECT id, receipt, amount FROM payment WHERE state = 'paid' AND receipt IS NOT NULL")
        row = chance.choice(paid) if paid else None
        code = shop.mpesa.money.reverse(row["receipt"]) if row else None
        if row is None or code is None:
            return
        self.reversals.add(code)
        does = chance.choice(("nothing", "records it", "mistypes it"))
        if does != "nothing":
            mistyped = does == "mistypes it"
            back = MoneyBack(amount=str(row["amount"] - mistyped), code=code, why="given back")
            seen = shop.counter.reader.payment(row["id"])
            assert seen is not None
            shop.counter.owner.refund(seen, _PASSPHRASE, back)
            self.differs |= {row["id"]} if mistyped else set()

    # --- what is compared

    def _pull(self) -> None:
        """What M-PESA tells, where it tells anything, is recorded by the till itself."""
        self._shop.kernel.call(self._rounds.step)
        run = read_pull_run(self._shop.counter.reader.setting(SETTING))
        assert run is not None
        assert "failed" not in run.trouble, "a fault of the till's own"
        self.pulled += not run.trouble

    def _statement(self) -> Statement:
        shop, now = self._shop, self._shop.environment.now()
        today = shop_day(now)
        content = day_statement(shop.mpesa.money.record, shop.mpesa.money.account, today, today, ".csv")
        layout, rows = StatementLayout(now, now), []
        for line, cells in enumerate(csv.reader(io.StringIO(content.decode())), start=1):
            row = layout.feed(line, cells)
            assert row is None or isinstance(row, StatementRow)
            rows += [row] if row else []
        whole = layout.finish(full=False)
        return Statement(short_code=whole.short_code, period=whole.period, covered=whole.covered, rows=tuple(rows))

    def _compare(self, statement: Statement) -> Comparison:
        day = timedelta(days=2)
        now, codes = self._shop.environment.now(), {row.receipt for row in statement.rows}
        found = compare([statement], self._shop.counter.reader.books(now - day, now + day, codes), paybill=True)
        found.check_clock()
        return found

    def _check_matches(self, found: Comparison) -> None:
        wrong = [
            line.receipt
            for line in found.lines
            if line.outcome in (RowOutcome.FILLS, RowOutcome.SETTLES)
            and self._paid.get(line.receipt) != line.payment_id
        ]
        assert not wrong, f"matched with the wrong payment: {wrong[:5]}"
        settled = [line.payment_id for line in found.lines if line.outcome is RowOutcome.SETTLES]
        assert len(set(settled)) == len(settled)

    def _tokens(self) -> dict[int, str]:
        """The address token of each payment."""
        hashed = {hashlib.sha256(token.encode()).hexdigest(): token for token in self._shop.truth.left}
        return {row["id"]: hashed[row["address"]] for row in self._shop.rows("SELECT id, address FROM payment")}

    def _codes(self) -> Iterator[tuple[str, int]]:
        ids = {row["address"]: row["id"] for row in self._shop.rows("SELECT id, address FROM payment")}
        for charge in self._shop.mpesa.written(self._runs):
            if charge["receipt"]:
                token = charge["push"]["callback_url"].rpartition("/")[2]
                yield charge["receipt"], ids[hashlib.sha256(token.encode()).hexdigest()]
