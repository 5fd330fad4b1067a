"""What must hold after every run, whatever went wrong in it: read from the database, past the code under test."""

import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator

from pos_app.domain.payment import KEPT_OF_A_KIND
from tests.faults.oracles.oracle import Expected, Oracle, Verdict
from tests.faults.oracles.truth import Answered
from tests.faults.simulation.transport import fine
from tests.faults.simulation.world import SETTLED, World

_OPEN = ("requested", "prompted", "unknown")
_AT_ONCE, _EACH = 100, 3.0  # payments that may wait after an outage, and seconds for each that is beyond (R9)
_STATES: dict[Verdict, tuple[str, ...]] = {
    Verdict.OPEN: (*_OPEN, "not_sent"),
    Verdict.CANCELLED: ("cancelled",),
    Verdict.DECLINED: ("declined",),
    Verdict.EXPIRED: ("expired",),
    Verdict.NOT_SENT: ("not_sent",),
    Verdict.CURABLE: ("review",),
    Verdict.HELD: ("review",),
    Verdict.PAID: ("paid",),
}


class _Books:
    """The database and M-PESA's books side by side."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.truth = world.truth
        payments = world.rows(f"SELECT * FROM payment WHERE id > {world.checked} ORDER BY id")
        self.payments = {row["address"]: row for row in payments}
        self.journal: dict[int, list[sqlite3.Row]] = defaultdict(list)
        for line in world.rows(f"SELECT * FROM payment_event WHERE payment_id > {world.checked} ORDER BY id"):
            self.journal[line["payment_id"]].append(line)
        self.grants = Counter(
            row["payment_id"]
            for row in world.rows(f'SELECT payment_id FROM "grant" WHERE payment_id > {world.checked}')
        )
        self.lines = Counter[int]()
        self.sums = Counter[int]()
        for row in world.rows(f"SELECT * FROM payment_line WHERE payment_id > {world.checked}"):
            self.lines[row["payment_id"]] += 1
            self.sums[row["payment_id"]] += row["price"] * row["quantity"]
        self.backs = Counter[int]()
        self.reversals: dict[int, list[str]] = defaultdict(list)
        for row in world.rows(f"SELECT * FROM refund WHERE payment_id > {world.checked}"):
            self.backs[row["payment_id"]] += row["amount"]
            self.reversals[row["payment_id"]].append(row["code"])
        self.receipts = {row["receipt"] for row in world.rows("SELECT receipt FROM payment")}
        self.counted = Counter[int]()
        for row in world.rows(f"SELECT * FROM repeated WHERE payment_id > {world.checked}"):
            if row["kind"] != "query no answer":  # the rest are callbacks
                self.counted[row["payment_id"]] += max(0, row["times"] - KEPT_OF_A_KIND)
        self.answers = Counter(seen.asked for seen in self.truth.seen if isinstance(seen, Answered))
        known = {*self.truth.left, *self.truth.prompts, *(getattr(seen, "token", "") for seen in self.truth.seen)}
        addresses = {hashlib.sha256(token.encode()).hexdigest(): token for token in known}
        self.tokens = {row["id"]: addresses.get(address, address) for address, row in self.payments.items()}

    def expected(self) -> dict[str, Expected]:
        """What the evidence that reached the till makes of each payment, by address token."""
        amounts = {self.tokens[row["id"]]: row["amount"] for row in self.payments.values()}
        oracle = Oracle({token: Expected(amount) for token, amount in amounts.items()})
        for seen in self.truth.seen:
            if isinstance(seen, Answered) or seen.token in oracle.payments:
                oracle.see(seen)
        return oracle.payments


def check(world: World) -> None:
    """Hold the database against M-PESA's books and the rules.

    Raises:
        AssertionError: naming the first violations.
    """
    violations = list(_violations(_Books(world)))
    assert not violations, "\n".join([f"{len(violations)} violations", *violations[:5]])


def settle(world: World) -> None:
    """M-PESA is reachable from now on and answers truly: within five minutes nothing may be unsure any more, and after
    an outage that left more than a hundred waiting three seconds later for each of the rest: a till asks once a second.

    Without a CheckoutRequestID the till cannot ask; such a payment stays listed.
    """
    world.weather = fine
    at_most = SETTLED + _EACH * max(0, len(_unsure(world, 0.0)) - _AT_ONCE)
    world.run(at_most)
    left = _unsure(world, at_most)
    assert not left, f"not resolved within {at_most:.0f} s of a reachable M-PESA: {left[:5]}"


def _unsure(world: World, ago: float) -> list[str]:
    """The numbers of the payments that are not sure although their prompt ended so many seconds ago."""
    return [
        row["number"]
        for row in world.rows("SELECT * FROM payment WHERE state IN ('requested', 'prompted', 'unknown')")
        if row["checkout_request_id"] and _ended(world, row["checkout_request_id"], ago)
    ]


def _ended(world: World, checkout: str, ago: float) -> bool:
    prompt = world.truth.by_checkout.get(checkout)
    return prompt is not None and prompt.ended is not None and prompt.ended <= world.kernel.now - ago


def _violations(books: _Books) -> Iterator[str]:
    expected = books.expected()
    yield from (f"a push for no payment: {token}" for token in set(books.truth.left) - set(expected))
    for row in books.payments.values():
        token = books.tokens[row["id"]]
        for violation in (
            *_of_pushes(books, row, token),
            *_of_state(books, row, token, expected[token]),
            *_of_refunds(books, row),
            *_of_journal(books, row, token, expected[token]),
        ):
            yield f"{row['number']} ({row['state']}, {row['reason']}): {violation}"


def _of_pushes(books: _Books, row: sqlite3.Row, token: str) -> Iterator[str]:
    """Rule 2: one prompt, ever; rule 3: what was not sent prompted nobody."""
    truth, prompts = books.truth, books.truth.prompts.get(token, [])
    if truth.left[token] > 1 or truth.left[token] + truth.refused[token] > 2:
        yield f"{truth.left[token]} pushes left, {truth.refused[token]} refused for their access token"
    bearers = truth.bearers.get(token, [])
    if len(set(bearers)) != len(bearers):
        yield "sent again with the access token that was refused"
    if len(prompts) > 1:
        yield f"{len(prompts)} prompts"
    if row["state"] == "not_sent" and prompts:
        yield "a phone showed the prompt that was surely not sent"


def _of_state(books: _Books, row: sqlite3.Row, token: str, expected: Expected) -> Iterator[str]:
    """Rules 6, 8 and 9: the state is what the evidence makes it, and M-PESA's books agree."""
    if row["state"] not in _STATES[expected.verdict]:
        yield f"the evidence makes it {expected.verdict}"
    if books.grants[row["id"]] != (books.lines[row["id"]] if row["state"] == "paid" else 0):
        yield f"{books.grants[row['id']]} grants for {books.lines[row['id']]} lines"
    if books.sums[row["id"]] != row["amount"]:
        yield f"its lines are {books.sums[row['id']]} together, and {row['amount']} were asked"
    if row["state"] == "paid" and not books.world.lies and not books.truth.paid(token):
        yield "paid, and no money moved"
    if row["checkout_request_id"] != expected.checkout or row["merchant_request_id"] != expected.merchant:
        yield f"its ids should be {expected.merchant}, {expected.checkout}"
    if row["state"] == "paid" and row["amount_paid"] != expected.paid:
        yield f"{row['amount_paid']} are said to be paid, not {expected.paid}"
    if row["receipt"] != expected.receipt:
        yield f"its receipt code should be {expected.receipt}, not {row['receipt']}"


def _of_refunds(books: _Books, row: sqlite3.Row) -> Iterator[str]:
    """Rule 19: never more than was paid, and with no payment's code unless that is on the attention list."""
    if books.backs[row["id"]] > (row["amount_paid"] or 0):
        yield f"{books.backs[row['id']]} went back of {row['amount_paid']} that were paid"
    shared = books.receipts.intersection(books.reversals[row["id"]])
    if shared and "refund_clash" not in (row["remark"] or ""):
        yield f"the code of its refund is a payment's: {sorted(shared)}"


def _of_journal(books: _Books, row: sqlite3.Row, token: str, expected: Expected) -> Iterator[str]:
    """Rule 5: every event has its line, also one that changed nothing, or is counted where there were many of a kind;
    the lines tell the way to where it stands.
    """
    lines = books.journal[row["id"]]
    told = sum(line["source"] == "callback" for line in lines) + books.counted[row["id"]]
    if told != expected.callbacks or told < books.truth.acknowledged[token]:
        yield f"{told} callbacks in the journal, {expected.callbacks} came"
    unreadable = sum(line["kind"] == "unreadable" for line in lines)
    if unreadable != expected.unreadable:
        yield f"{unreadable} callbacks are said to be unreadable, {expected.unreadable} are"
    answers = sum(line["source"] == "query" and line["kind"] == "result" for line in lines)
    if answers < books.answers[row["checkout_request_id"]]:
        yield f"{answers} answers in the journal, {books.answers[row['checkout_request_id']]} came"
    way = ["requested", *(line["after"] for line in lines)]
    if [line["before"] for line in lines] != way[:-1] or way[-1] != row["state"]:
        yield f"the journal has gaps: {' > '.join(way)}"
    if "paid" in way and set(way[way.index("paid") :]) != {"paid"}:
        yield f"paid was lowered: {' > '.join(way)}"
