"""Which scenario proves which line of the fault list, and how often."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.scenarios import (
    access,
    again,
    anything,
    attacks,
    clocks,
    delivery,
    disk,
    evidence,
    flips,
    flood,
    holder,
    killed,
    locked,
    operator_slips,
    outage,
    pushes,
    september,
    strangers,
    tampering,
    week,
)

Play = Callable[[int, int], int | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """One fault.

    Attributes:
        play: plays one seed, with so many payments, and raises AssertionError where a promise breaks; may give how
            many of them were settled later than promised.
        each: payments in one seed (T1 and T2: kills, T4: failures, T6: flips); always the same, or a seed would not
            replay.
        seeds: how many seeds the default test run plays.
        full: payments, or kills, at full size.
    """

    title: str
    play: Play
    each: int
    seeds: int
    full: int


PLANS = {
    "T1": Plan("the process is killed at any instant", killed.anytime, 50, 1, 10_000),
    "T2": Plan("killed at each named step", killed.named, len(killed.POINTS), 1, 200 * len(killed.POINTS)),
    "T4": Plan(
        "disk full, read-only, errors, failed flush",
        disk.failing,
        2 * len(disk.FAILURES),
        1,
        50 * len(disk.FAILURES),
    ),
    "T5": Plan("database held by another program, 0.1-30 s", locked.locked, 4, 1, 200),
    "T6": Plan("bytes of the database file are flipped", flips.flipped, 200, 0, 200),
    "T7": Plan("callback lost, queries failing", delivery.lost, 100, 2, 100_000),
    "T8": Plan("the same callback a hundred times", delivery.hundredfold, 10, 2, 1_000),
    "T9": Plan("callback before the push's answer", delivery.early, 50, 2, 10_000),
    "T10": Plan("push's answer lost, callback comes", delivery.unanswered, 50, 2, 10_000),
    "T11": Plan("success and failure in any order, 48 h late", delivery.disordered, 50, 2, 10_000),
    "T12": Plan("callback and query contradict", evidence.contradiction, 50, 2, 1_000),
    "T13": Plan("wrong amount, other ids, a receipt of another", evidence.falsified, 50, 2, 5_000),
    "T14": Plan("odd shapes and broken bodies", evidence.odd, 100, 2, 50_000),
    "T15": Plan("fuzzed bodies to known and unknown addresses", strangers.bodies, 50_000, 0, 1_000_000),
    "T15b": Plan("fuzzed heads and framing over real sockets", strangers.framings, 300, 1, 20_000),
    "T16": Plan(
        "slow, huge, deep, packed, oddly framed; a crowd",
        attacks.attacked,
        len(attacks.ATTACKS),
        1,
        100 * len(attacks.ATTACKS),
    ),
    "T17": Plan("2,000 forged a second while customers pay", flood.flooded, 1_200_000, 0, 3_600_000),
    "T18": Plan("access token refused, expiring, slow; clock wrong", access.refusals, 20, 3, 500),
    "T19": Plan("push: every end on the wire", pushes.classes, len(pushes.CASES), 2, 200 * len(pushes.CASES)),
    "T20": Plan("network down for 0.1 s to 8 h", outage.down, 10, 8, 3_000),
    "T21": Plan("double click, held Enter, scanner", operator_slips.hasty, 50, 1, 2_000),
    "T24": Plan("asked again, and both pay", again.twice, 10, 3, 1_000),
    "T27": Plan("clock jumps, the computer sleeps", clocks.jumps, 5, 12, 2_500),
    "T43": Plan("callbacks lost for 3.5 h; M-PESA's record explains all", september.september, 10_000, 0, 200_000),
    "T45": Plan("the till with the shop's address is killed", holder.again_and_again, 5, 0, 100),
    "T45b": Plan("the same in virtual time, and what else may happen to it", holder.in_virtual_time, 50, 0, 1_000),
    "R8": Plan("the program dies at any moment", outage.killed, 20, 3, 10_000),
    "T33": Plan("journal, audit and closes are edited, cut, swapped", tampering.tampered, 200, 1, 10_000),
    "T35": Plan("memory and handles over a week", week.flat, 100_000, 0, 1_000_000),
    "T37": Plan("anything, in any order (runs are steps)", anything.anything, 5_000, 0, 250_000),
}


def play(fault: str, seed: int, runs: int | None = None) -> int:
    """Play one seed of a fault; gives how many payments were settled later than promised.

    Args:
        runs: payments, where they shall be others than the plan's.

    Raises:
        AssertionError: what broke, and the command that plays it again.
    """
    plan = PLANS[fault]
    try:
        return plan.play(seed, runs or plan.each) or 0
    except Exception as error:
        count = f" --runs {runs}" if runs else ""
        again = f".venv/bin/python -m tests.faults --seed {seed} --fault {fault}{count}"
        raise AssertionError(
            f"{fault}, seed {seed}: {str(error) or type(error).__name__}\nplay it again: {again}"
        ) from error
