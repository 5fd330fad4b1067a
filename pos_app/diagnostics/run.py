"""Taking all looks at once, each in a thread of its own, so that one that hangs delays no other."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from pos_app.check_result import Check, Finding, Status, Verdict, amber, red
from pos_app.errors import Locked, PosError

LIMIT = 10.0  # seconds that a look may take
FAULT = "This check failed in the till itself. Payments are not affected. The log says more."
_log = logging.getLogger(__name__)
Tell = Callable[[Finding], object]


def run_checks(checks: Sequence[Check], tell: Tell = lambda _: None, limit: float = LIMIT) -> list[Finding]:
    """Take every look; returns when all have answered, or when `limit` seconds are over.

    The threads are daemons: one that hangs holds up neither the caller nor the end of the program.

    Args:
        tell: told each finding as soon as it is there, on the calling thread.

    Returns:
        The findings in the order of the checks.
    """
    answers: SimpleQueue[tuple[int, Finding]] = SimpleQueue()
    for place, check in enumerate(checks):
        threading.Thread(
            target=lambda place, check: answers.put((place, _take(check))),
            args=(place, check),
            name=f"check-{check.name}",
            daemon=True,
        ).start()
    found: dict[int, Finding] = {}
    ends = time.monotonic() + limit
    while len(found) < len(checks):
        try:
            place, finding = answers.get(timeout=max(0.0, ends - time.monotonic()))
        except Empty:
            break
        found[place] = finding
        _report(finding, tell)
    for place, check in enumerate(checks):
        if place not in found:
            words = f"Did not answer within {limit:g} seconds. Run it again; if it stays, save a support file."
            found[place] = Finding(check.name, Status.RED, words, limit)
            _report(found[place], tell)
    return [found[place] for place in range(len(checks))]


def _take(check: Check) -> Finding:
    begun = time.monotonic()
    verdict = _verdict(check)
    return Finding(check.name, verdict.status, verdict.words, round(time.monotonic() - begun, 3))


def _verdict(check: Check) -> Verdict:
    try:
        return check.look()
    except Locked as error:  # as it should be, and not to be looked into from here
        return amber(error.user_text)
    except PosError as error:
        return red(error.user_text)
    except Exception:  # noqa: BLE001 - the other findings count all the more
        _log.info("the check %s failed", check.name, exc_info=True)  # a warning would be printed by a command
        return red(FAULT)


def _report(finding: Finding, tell: Tell) -> None:
    _log.info("check %s", finding.line)
    tell(finding)
