"""Who makes room in a crowd, and whose time is over."""

import asyncio
from typing import cast

from pos_app.callbacks.connections import GRACE, Visitors

DEADLINE = 5.0


class Connection:
    """As much of a transport as is looked at."""

    def __init__(self) -> None:
        self.ended = False

    def abort(self) -> None:
        self.ended = True

    def is_closing(self) -> bool:
        return self.ended


class Door:
    """Visitors who come at moments that the test chooses."""

    def __init__(self) -> None:
        self.now = 0.0
        self.visitors = Visitors(DEADLINE, lambda: self.now)
        self.inside: dict[asyncio.BaseProtocol, Connection] = {}

    def let_in(self) -> asyncio.BaseProtocol:
        one = asyncio.BaseProtocol()
        self.inside[one] = Connection()
        self.visitors.came(one, cast("asyncio.Transport", self.inside[one]))
        return one

    def ended(self, one: asyncio.BaseProtocol) -> bool:
        return self.inside[one].ended

    def room(self, most: int) -> bool:
        return self.visitors.room([*self.inside], most)


async def waits(door: Door) -> bool:
    somebody = asyncio.ensure_future(door.visitors.somebody())
    await asyncio.sleep(0)
    return somebody.cancel()


def test_nothing_is_looked_at_until_somebody_has_something_to_say() -> None:
    async def look() -> list[bool]:
        door = Door()
        found = [await waits(door)]
        waiting = asyncio.ensure_future(door.visitors.somebody())
        await asyncio.sleep(0)
        one = door.let_in()
        await waiting
        found.append(await waits(door))
        door.visitors.heard(one)
        found.append(await waits(door))
        door.visitors.goes_on(one, cast("asyncio.Transport", door.inside[one]), DEADLINE)
        return [*found, await waits(door)]

    assert asyncio.run(look()) == [True, False, True, False]


def test_nobody_leaves_while_there_is_room() -> None:
    door = Door()
    door.let_in()
    door.now = DEADLINE / 2
    assert door.room(2)
    assert not any(map(door.ended, door.inside))


def test_who_has_been_speaking_longest_makes_room_one_for_each_who_comes() -> None:
    door = Door()
    first, second = door.let_in(), door.let_in()
    door.now = GRACE
    assert door.room(2)
    assert (door.ended(first), door.ended(second)) == (True, False)
    third = door.let_in()  # the first is still counted by the server: it is only just ending
    assert door.room(2)
    assert door.ended(second)
    assert not door.ended(third)
    fourth = door.let_in()
    del door.inside[first]
    assert not door.room(2)  # the others have their grace
    door.now += GRACE
    assert door.room(2)
    assert (door.ended(third), door.ended(fourth)) == (True, False)


def test_whoever_waits_for_us_never_makes_room() -> None:
    door = Door()
    one = door.let_in()
    door.now = 1.0
    assert door.visitors.heard(one) == DEADLINE - 1.0
    door.now = 100.0
    door.visitors.end_overdue()
    assert not door.room(1)
    assert not door.ended(one)


def test_what_we_take_for_ourselves_is_not_taken_from_its_time() -> None:
    door = Door()
    one = door.let_in()
    door.now = 2.0
    left = door.visitors.heard(one)
    door.now = 90.0  # so long the look-up took
    door.visitors.goes_on(one, cast("asyncio.Transport", door.inside[one]), left)
    door.now = 92.9
    door.visitors.end_overdue()
    assert not door.ended(one)
    door.now = 93.0
    door.visitors.end_overdue()
    assert door.ended(one)
    assert door.visitors.heard(one) == 0.0


def test_the_gone_are_forgotten() -> None:
    door = Door()
    one, other = door.let_in(), door.let_in()
    door.inside[one].ended = True
    door.now = GRACE
    assert door.room(2)
    assert door.ended(other)
    assert door.visitors.heard(one) == DEADLINE  # one that it never saw
