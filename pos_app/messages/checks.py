"""What the page of checks and the log say. What a check found comes in words of its own."""

from collections.abc import Collection, Iterable

from pos_app.check_result import Finding, Status

CHECKS = "Checks"
CHECK_THIS_TILL = "Check this till"
RUN_ALL = "Run all"
VIEW_LOG = "View log"
COPY = "Copy"
COPIED = "Copied as plain text."
SUPPORT_SAVE = "Save support file"
SUPPORT_MORE = "The support file is for whoever helps you. No names, no numbers and no keys are in it."
SUPPORT_NAME = "kaunta-support.txt"
SUPPORT_SAVED = "Saved: {name}. Look through it before you send it."
CHECK_UNTESTED = "Not tested"
CHECK_RUNNING = "Testing"
CHECK_WORDS = {Status.GREEN: "Works", Status.AMBER: "Look at this", Status.RED: "Does not work"}
LOG = "Log"
LOG_FIND = "Lines with a word, such as 0042"
NO_LOG = "There is no log yet: it begins when the till opens."


def checks_summary(names: Collection[str], findings: Iterable[Finding], *, running: bool) -> tuple[str, str]:
    """What the checks come to, and in which colour: "Everything works."."""
    found = list(findings)
    red = [finding.name for finding in found if finding.status is Status.RED]
    amber = [finding.name for finding in found if finding.status is Status.AMBER]
    if running:
        return f"Testing: {len(found)} of {len(names)} done", ""
    if not found:
        return "Not tested yet.", ""
    if red:
        return f"Does not work: {', '.join(red)}.", "failed"
    if amber:
        return f"The till works. Look at: {', '.join(amber)}.", "waiting"
    return "Everything works.", "paid"


def log_note(found: int, shown: int) -> str:
    """How many lines there are."""
    if found > shown:
        return f"The last {shown:,} of {found:,} lines."
    return "1 line" if found == 1 else f"{found:,} lines"
