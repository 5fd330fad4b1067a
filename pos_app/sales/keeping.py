"""What the database does not take: held in a file beside it, across the end of the program, until it is recorded."""

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from pos_app.sales.kept_events import for_a_person, read_line
from pos_app.sales.ports import Safe

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keepable:
    """How what a job records outlives the program, where the database does not take it.

    Attributes:
        line: makes the text that the next start needs to do it.
        give_up: told that it failed by itself again and again, with why, and is left to a person.
        about: whose address it came to; of each, `held_jobs.MOST` are held while nothing can be saved. Empty: no limit.
    """

    line: Callable[[], str]
    give_up: Callable[[Exception], None]
    about: str = ""


class Keeping:
    """The lines in the file, and those that found no place there. Any thread.

    Attributes:
        place: where the file is, in words; empty where there is none.
        waiting: lines that the next start records.
        aside: lines that failed by themselves, left to a person.
        lost: lines that could not be written.
    """

    def __init__(self, safe: Safe | None = None) -> None:
        """Reads what an earlier run left.

        Raises:
            OSError: there is a file, and it cannot be read.
        """
        self._safe = safe
        self._door = threading.RLock()
        self.place = safe.place if safe else ""
        self.waiting: list[str] = []
        self.aside: list[str] = []
        self.lost: list[str] = []
        for line in safe.read() if safe else []:
            (self.waiting if _may_be_recorded(line) else self.aside).append(line)

    def keep(self, lines: Iterable[str]) -> None:
        """Hold on to lines, in the file if any way possible."""
        with self._door:
            new = [line for line in lines if line not in self.waiting]
            if not new:
                return
            if self._written(new):
                self.waiting += new
                self.lost = [line for line in self.lost if line not in new]
                _log.warning("%d answers that cannot be saved are kept in the file beside the database", len(new))
            else:
                self.lost += [line for line in new if line not in self.lost]

    def drop(self, lines: Iterable[str]) -> None:
        """These are recorded."""
        with self._door:
            gone = set(lines)
            self.lost = [line for line in self.lost if line not in gone]
            if gone.isdisjoint(self.waiting) and gone.isdisjoint(self.aside):
                return
            self.waiting = [line for line in self.waiting if line not in gone]
            self.aside = [line for line in self.aside if line not in gone]
            self._rewrite()

    def set_aside(self, line: str, why: str) -> None:
        """This one is left to a person: the next start tries it once, and holds on to it."""
        with self._door:
            marked = for_a_person(line, why)
            if not self._written([marked]):
                self.lost.append(marked)
                return
            self.aside.append(marked)
            if line in self.waiting:
                self.waiting.remove(line)
                self._rewrite()

    def payments(self, lines: Iterable[str]) -> list[str]:
        """Which payments lines are about, in words."""
        found: dict[str, None] = {}
        for line in lines:
            with suppress(ValueError):
                found[read_line(line).payment] = None
        return list(found)

    def _written(self, lines: list[str]) -> bool:
        if self._safe is None:
            return False
        try:
            self._safe.append(lines)
        except OSError as error:
            if not self.lost:
                _log.error("the file beside the database cannot be written: %s", error.strerror)
            return False
        return True

    def _rewrite(self) -> None:
        assert self._safe is not None
        try:
            self._safe.replace([*self.aside, *self.waiting])
        except OSError as error:  # what is in it twice is recorded once
            _log.warning("the file beside the database keeps what is recorded: %s", error.strerror)


def _may_be_recorded(line: str) -> bool:
    try:
        return not read_line(line).person
    except ValueError:
        _log.error("a line of the file beside the database cannot be read; it is kept for a person")
        return False
