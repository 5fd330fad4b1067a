"""Which automatic copies are worth keeping, and which go first where the disk has no room for all."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pos_app.domain.kenya_time import shop_day
from pos_app.store.backups.copies import Copies, Copy
from pos_app.store.files import discard

HOURLY, DAILY, WEEKLY = 10, 7, 4  # so many of the last copies; of those that were a day's, or a week's, last
BEST = 5  # so many of those that know most
FEWEST = 2  # copies that stay however little space there is
T = TypeVar("T")


def by_worth(copies: Sequence[Copy], best_first: Sequence[Copy]) -> list[Copy]:
    """Those worth keeping, what is worth most first; all others may go.

    The one that knows most comes first. Then hours, days and weeks take turns, each with its newest first: where there
    is room for six, the copies still reach back further than six hours. Those that know most have a turn, too, so that
    neither a clock that was wrong nor copies of an empty database push out what is worth something.

    Args:
        copies: oldest first.
        best_first: the same by what is in them.
    """
    newest = copies[::-1]
    turns = (
        newest[:HOURLY],
        _last_of_each(newest, shop_day)[:DAILY],
        _last_of_each(newest, _week)[:WEEKLY],
        best_first[:BEST],
    )
    return list(dict.fromkeys((*best_first[:1], *_in_turns(turns))))


def tidy(copies: Copies, keep: Path | None = None, room: float = float("inf")) -> None:
    """Delete those that are not worth keeping, and those that find no room; also what interrupted copying left.

    What was set aside when a copy was put back comes last, and the one of these that knows most stays in any case.

    Args:
        keep: the one just made; it stays in any case.
        room: bytes that all of them may take.

    Raises:
        OSError: a file cannot be deleted.
    """
    aside = copies.aside()
    worth = (*_ranked(copies, keep), *aside)
    stay, taken = set[Path](), 0
    for copy in worth:
        taken += copy.path.stat().st_size
        if taken > room and len(stay) >= FEWEST:
            break
        stay.add(copy.path)
    for copy in (*copies.all(), *aside[1:]):
        if copy.path not in stay:
            discard(copy.path)
    copies.clear()


def give_way(copies: Copies, enough: Callable[[], bool]) -> bool:
    """Delete one after the other, what is worth least first, until there is enough space; two stay, and the one that
    knows most of those that were set aside when a copy was put back.

    Returns:
        Whether there is enough.

    Raises:
        OSError: a file cannot be deleted.
    """
    if enough():
        return True
    copies.clear()
    worth = _ranked(copies, None)
    useless = [copy for copy in copies.all() if copy not in worth]
    for copy in (*reversed(copies.aside()[1:]), *useless, *reversed(worth[FEWEST:])):
        if enough():
            return True
        discard(copy.path)
    return enough()


def _ranked(copies: Copies, keep: Path | None) -> list[Copy]:
    everything = copies.all()
    just_made = [copy for copy in everything if copy.path == keep]
    best = [copy for copy in copies.best_first() if copy.path != keep]
    return list(dict.fromkeys((*just_made, *by_worth(everything, best))))


def _last_of_each(newest: Iterable[Copy], period: Callable[[datetime], object]) -> list[Copy]:
    last: dict[object, Copy] = {}
    for copy in newest:
        last.setdefault(period(copy.made_at), copy)
    return list(last.values())


def _week(moment: datetime) -> object:
    """The Monday in the shop."""
    day = shop_day(moment)
    return day - timedelta(days=day.weekday())


def _in_turns(lists: Iterable[Sequence[T]]) -> Iterator[T]:
    """One of each list, and again; what another gave already is passed over at once."""
    given: set[T] = set()
    waiting = [iter(each) for each in lists]
    while waiting:
        for each in list(waiting):
            found = next((item for item in each if item not in given), None)
            if found is None:
                waiting.remove(each)
            else:
                given.add(found)
                yield found
