"""The whole fault list at full size, in parts that can be stopped and taken up again."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.plans import PLANS, play

_PART = 1_000  # payments in a part: a minute or so; kills and floods take some minutes
_ROOT = Path(__file__).parents[2]
_LATE = 0.001  # of all payments; promise R9
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """Some seeds of one fault."""

    fault: str
    seeds: range

    @property
    def name(self) -> str:
        return f"{self.fault} {self.seeds.start}-{self.seeds.stop - 1}"


def parts(faults: Iterable[str]) -> Iterator[Part]:
    """Everything to play."""
    for fault in faults:
        plan = PLANS[fault]
        seeds, step = -(-plan.full // plan.each), max(1, _PART // plan.each)
        for start in range(0, seeds, step):
            yield Part(fault, range(start, min(start + step, seeds)))


class Record:
    """What was played so far, in a file. It belongs to one state of the code: other code begins anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._code = _fingerprint()
        kept = json.loads(path.read_text()) if path.exists() else {}
        self.done: dict[str, Any] = kept["done"] if kept.get("code") == self._code else {}

    def add(self, part: Part, violations: list[str], late: int, seconds: float) -> None:
        """A part is finished."""
        self.done[part.name] = {
            "fault": part.fault,
            "runs": len(part.seeds) * PLANS[part.fault].each,
            "violations": violations,
            "late": late,
            "seconds": seconds,
        }
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"code": self._code, "done": self.done}, indent=1))
        new.replace(self._path)

    def table(self) -> str:
        """Fault, runs, violations, how many were settled later than in 5 minutes, seconds."""
        lines = [f"{'fault':<6} {'':<52} {'runs':>9} {'violations':>10} {'late':>6} {'seconds':>8}"]
        for fault, plan in PLANS.items():
            mine = [entry for entry in self.done.values() if entry["fault"] == fault]
            runs, late, seconds = (sum(entry[name] for entry in mine) for name in ("runs", "late", "seconds"))
            violations = sum(len(entry["violations"]) for entry in mine)
            lines.append(f"{fault:<6} {plan.title:<52} {runs:>9,} {violations:>10} {late:>6} {seconds:>8.0f}")
        return "\n".join(lines)

    def broken(self) -> bool:
        """Whether any promise is; R9 allows one payment in a thousand to be late."""
        entries = self.done.values()
        overdue = sum(entry["late"] - entry["runs"] * _LATE for entry in entries if entry["fault"] == "T7")
        return any(entry["violations"] for entry in entries) or overdue > 0


def run(faults: Iterable[str], state: Path, say: Say) -> int:
    """Play what the record does not hold yet; 1 where anything broke."""
    record = Record(state)
    for part in parts(faults):
        if part.name not in record.done:
            begun = time.perf_counter()
            violations, late = _play(part, say)
            record.add(part, violations, late, time.perf_counter() - begun)
            say(f"{part.name}: {len(violations)} violations, {time.perf_counter() - begun:.0f} s")
    say(record.table())
    return 1 if record.broken() else 0


def _play(part: Part, say: Say) -> tuple[list[str], int]:
    """The violations, and how many payments were late."""
    violations, late = [], 0
    for seed in part.seeds:
        try:
            late += play(part.fault, seed)
        except AssertionError as error:
            violations.append(str(error))
            say(str(error))
    return violations, late


def _fingerprint() -> str:
    """Of the code that is proved and of the code that proves it."""
    files = [
        *_ROOT.glob("pos_app/**/*.py"),
        *_ROOT.glob("tests/faults/**/*.[pc]*"),
        *_ROOT.glob("tests/support/*.py"),
    ]
    digest = hashlib.sha256()
    for file in sorted(files):
        if "ui" not in file.parts:
            digest.update(file.read_bytes())
    return digest.hexdigest()
