"""Who serves, who may do what, and what the audit must have, kept beside the till from rule 16 alone.

Nothing of `pos_app` is used, so that one mistake does not confirm the other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

_ALL = frozenset({"operator", "supervisor", "owner"})
_MAY = {  # the owner's passphrase lets anybody who is signed in do the rest
    "charge": _ALL,
    "code": _ALL,
    "reveal": _ALL,
    "access": frozenset({"supervisor", "owner"}),
    "posts": frozenset({"supervisor", "owner"}),
    "settle": frozenset({"owner"}),
    "refund": frozenset({"owner"}),
    "audit": frozenset({"owner"}),
    "settings": frozenset({"owner"}),
}
_TRIES = 5  # wrong ones in a row, before each further one has to wait
_FIRST, _LONGEST = 30.0, 900.0  # seconds; it doubles
_UNLOCKED = 300.0  # seconds that posts stay open after the passphrase, for whoever stood there


class Need(Enum):
    """What is missing before something may be done. The owner of this shop has chosen a passphrase."""

    NOTHING = auto()
    SIGN_IN = auto()
    PASSPHRASE = auto()


class By(NamedTuple):
    """Who does something, as the audit has it: the id of who is signed in, in which role, whether as the owner."""

    operator: int | None
    role: str | None
    owner: bool


class Line(NamedTuple):
    """One line of the audit. A payment is named by the SHA-256 of its address token."""

    act: str
    by: By
    subject: str
    old: str | None
    new: str | None


class Standing(NamedTuple):
    """Who stands at a till, in which role and by which PIN; `number`: another one after each signing in and out."""

    operator: int | None = None
    role: str = ""
    pin: str = ""
    owner: bool = False
    number: int = 0


@dataclass(slots=True)
class Tries:
    """Wrong tries in a row. They are counted in the database; each program knows besides since when it waits.

    Attributes:
        again: when the next may be made, by the wall clock.
        running: the same for each place, by its monotonic clock.
    """

    wrong: int = 0
    again: datetime | None = None
    running: dict[str, float] = field(default_factory=dict)

    def _rule(self) -> timedelta:
        over = self.wrong - _TRIES
        return timedelta(seconds=0 if over < 0 else min(_LONGEST, _FIRST * 2**over))

    def waits(self, now: datetime, boot: float, place: str) -> bool:
        """Whether it is too early for another one: by either clock, and never longer than the rule."""
        if self.again is None or not self._rule():
            return False
        return self.again > now or self.running.get(place, boot) > boot

    def put_off(self, now: datetime) -> None:
        """One came too early: where the clock was set back since, it waits the rule from now."""
        assert self.again
        self.again = min(self.again, now + self._rule())

    def counted(self, now: datetime) -> None:
        """A try is made: it counts as wrong until it has proved right."""
        self.wrong += 1
        self.again = now + self._rule()

    def ended(self, now: datetime, boot: float, place: str, *, right: bool) -> None:
        """It was right, and all are forgotten; or it was not, and the wait begins."""
        if right:
            self.wrong, self.again = 0, now
        else:
            self.running[place] = boot + self._rule().total_seconds()

    def forgotten(self) -> None:
        """The owner gave a new PIN."""
        self.wrong, self.again = 0, None


@dataclass(slots=True, kw_only=True)
class Person:
    """An operator."""

    id: int
    name: str
    role: str
    pin: str
    active: bool = True
    tries: Tries = field(default_factory=Tries)


class Staff:
    """The operators of a shop, and who of them stands at the till; `passphrase`: the tries of the owner's."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.passphrase = Tries()
        self.lines: list[Line] = []
        self._now = Standing()
        self._begun: Standing | None = None
        self._open: dict[str, tuple[Standing, float]] = {}  # by place: posts may be changed in this shift until then

    @property
    def standing(self) -> Standing:
        """Who stands at the till; in what was begun before hands changed, who stood there then."""
        return self._begun or self._now

    @property
    def is_begun(self) -> bool:
        """Whether what happens now was begun before hands changed."""
        return self._begun is not None

    @contextmanager
    def as_begun(self, standing: Standing) -> Iterator[None]:
        """What happens in here was begun by whoever stood there then."""
        self._begun = standing
        try:
            yield
        finally:
            self._begun = None

    def restarted(self, place: str) -> None:
        """Nobody stands there after a start; what waits by the program's own clock is forgotten, not the count."""
        self._now = Standing(number=self._now.number + 1)
        self._open.pop(place, None)
        for tries in (self.passphrase, *(person.tries for person in self.people.values())):
            tries.running.pop(place, None)

    @property
    def staffed(self) -> bool:
        """Whether the shop has operators that are not switched off."""
        return any(person.active for person in self.people.values())

    def serving(self, standing: Standing) -> Person | None:
        """Who is signed in, as long as they have the role and the PIN with which they came."""
        person = self.people.get(standing.operator or 0)
        as_they_came = person and person.active and (person.role, person.pin) == (standing.role, standing.pin)
        return person if as_they_came else None

    def need(self, act: str, standing: Standing) -> Need:
        """What is missing before whoever stands there may do it."""
        person = self.serving(standing)
        if standing.owner:
            return Need.NOTHING
        if self.staffed and person is None:
            return Need.SIGN_IN
        role = person.role if person else "operator"
        return Need.NOTHING if role in _MAY[act] else Need.PASSPHRASE

    def by(self, standing: Standing, *, owner: bool = False) -> By:
        """Who does it; `owner`: the passphrase was typed for it."""
        person, owner = self.serving(standing), owner or standing.owner
        return By(person.id if person else None, "owner" if owner else person.role if person else None, owner)

    # --- what happens

    def noted(self, act: str, by: By, subject: str, new: str | None, old: str | None = None) -> None:
        """Something was done, and must stand in the audit."""
        self.lines.append(Line(act, by, subject, old, new))

    def signed_in(self, person: Person) -> None:
        """With the right PIN."""
        self._now = Standing(person.id, person.role, person.pin, number=self._now.number + 1)
        self.noted("sign_in", By(person.id, person.role, False), f"operator {person.id}", "signed in")

    def owner_stands(self) -> None:
        """The owner came in by the passphrase."""
        self._now = Standing(owner=True, number=self._now.number + 1)
        self.noted("sign_in", By(None, "owner", True), "owner", "signed in")

    def locked(self) -> None:
        """Nobody stands there any more."""
        self._now = Standing(number=self._now.number + 1)

    def added(self, by: By, name: str, role: str, pin: str) -> None:
        """The owner added an operator."""
        person = Person(id=len(self.people) + 1, name=name, role=role, pin=pin)
        self.people[person.id] = person
        self.noted("roles", by, f"operator {person.id}", f"{name}, {role}")

    def changed(self, by: By, person: Person, *, role: str, active: bool, pin: str | None) -> None:
        """The owner gave an operator another role or PIN, or switched them off or on."""
        subject = f"operator {person.id}"
        if role != person.role:
            self.noted("roles", by, f"{subject} role", role, person.role)
        if active != person.active:
            self.noted("roles", by, subject, "on" if active else "off", "on" if person.active else "off")
        if pin is not None:
            self.noted("roles", by, f"{subject} PIN", "changed")
            person.pin = pin
            person.tries.forgotten()
        person.role, person.active = role, active

    def posts_open(self, place: str, standing: Standing, boot: float) -> None:
        """The passphrase was typed to change posts."""
        self._open[place] = standing, boot + _UNLOCKED

    def are_posts_open(self, place: str, standing: Standing, boot: float) -> bool:
        """Whether it was, in this shift and not long ago."""
        opened, until = self._open.get(place, (None, boot))
        return opened == standing and boot < until

    # --- trying a PIN or the passphrase

    @staticmethod
    def attempt(
        tries: Tries, now: datetime, boot: float, place: str, *, right: bool
    ) -> tuple[bool, list[Callable[[], None]]]:
        """Whether a try lets somebody pass, and what each of its commits does."""
        if tries.waits(now, boot, place):
            return False, [lambda: tries.put_off(now)]
        return right, [lambda: tries.counted(now), lambda: tries.ended(now, boot, place, right=right)]

    # --- what must be stored

    def breaches(self, stored: list[Line], people: dict[int, tuple[str, str, bool, int]]) -> Iterator[str]:
        """What the audit and the operators (name, role, whether active, wrong tries) have otherwise."""
        expected = {one.id: (one.name, one.role, one.active, one.tries.wrong) for one in self.people.values()}
        if people != expected:
            yield f"the operators are {people}, should be {expected}"
        if stored != self.lines:
            same = next((n for n, (one, other) in enumerate(zip(stored, self.lines, strict=False)) if one != other), -1)
            yield f"the audit has {stored[same:]}, should have {self.lines[same:]}"
