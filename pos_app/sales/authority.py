"""Who acts at a till, and whether they may: the one place that says so (rule 16)."""

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from pos_app.domain.operators import LEFT_TO_OWNER, RULES, Act, Actor, Need, Operator, Role, Shift, need
from pos_app.errors import BadInput, OwnerNeeded, SignInNeeded
from pos_app.sales.passphrase import SETTING, OwnerPassphrase, ToldOnce
from pos_app.sales.ports import Reader

T = TypeVar("T")
_WHAT = {
    Act.REVEAL: "Phone numbers in full are",
    Act.TOTALS: "The day's totals are",
    Act.ACCESS: "Access by hand is",
    Act.CLOSE: "Closing the day is",
    Act.POSTS: "Posts and prices are",
    Act.STATEMENT: "Recording M-PESA's statement is",
    Act.BIND: "Money without a prompt is",
    Act.SETTLE: "Settling by hand is",
    Act.REFUND: "Money back is",
    Act.ERASE: "Erasing customers is",
    Act.AUDIT: "The audit is",
    Act.SETTINGS: "Settings are",
    Act.KEYS: "Keys and where the money goes are",
    Act.SEAL: "Sealing lines is",
    Act.ROLES: "Operators, their roles and PINs are",
}


class Staff(Protocol):
    """Reads who serves at the till: a `Reader`, or the `Transaction` in which something is done."""

    def operators(self) -> list[Operator]:
        """Every operator of the shop, also those switched off, by id."""
        ...

    def pin_of(self, operator_id: int) -> str | None:
        """What is kept of an operator's PIN; None where there is no such operator."""
        ...

    def setting(self, key: str) -> str | None:
        """One setting of this database."""
        ...


class Authority:
    """Knows who is signed in at one till, and asks the database at each act whether they still may.

    What somebody does belongs to the shift in which it was begun, however long it waits: `of_this_shift` carries that
    to whatever thread does it.

    Attributes:
        passphrase: the owner's, which proves who the owner is, whoever is signed in.
    """

    def __init__(self, reader: Reader, passphrase: OwnerPassphrase) -> None:
        self.passphrase = passphrase
        self._now = Shift()
        self._begun = threading.local()
        self._reader = reader

    @property
    def shift(self) -> Shift:
        """Who stands at the till now; in work that was begun in an earlier shift, who stood here then."""
        begun: Shift | None = getattr(self._begun, "shift", None)
        return self._now if begun is None else begun

    def of_this_shift(self, work: Callable[[], T]) -> Callable[[], T]:
        """The same work, done for whoever stands here now, whenever and on whichever thread it is done."""
        shift = self.shift

        def done_for_them() -> T:
            outer, self._begun.shift = getattr(self._begun, "shift", None), shift
            try:
                return work()
            finally:
                self._begun.shift = outer

        return done_for_them

    def begin(self, operator: Operator, proof: str) -> None:
        """Somebody has signed in; `proof` is what is kept of the PIN that they typed."""
        self._now = Shift(operator.id, operator.role, proof=proof, number=self._now.number + 1)

    def begin_as_owner(self) -> None:
        """The owner has typed the passphrase and stands here, without being signed in by name."""
        self._now = Shift(owner=True, proof=self._reader.setting(SETTING), number=self._now.number + 1)

    def end(self) -> None:
        """Nobody stands here any more."""
        self._now = Shift(number=self._now.number + 1)

    def staffed(self) -> bool:
        """Whether the shop has operators, so that somebody must sign in."""
        return any(operator.active for operator in self._reader.operators())

    def signed_in(self) -> Operator | None:
        """Who is signed in, as the database has them now; None: nobody, or no longer."""
        return _signed_in(self._reader, self.shift)

    def need(self, act: Act) -> Need:
        """What is missing before whoever stands here may do something."""
        missing = self._missing(self._reader, act, self.shift)[1]
        return Need.NOTHING if missing is not Need.OFF and self._passes(self._reader, act, self.shift) else missing

    def prove(self, act: Act, passphrase: str) -> bool:
        """Let the owner pass where an act needs that. Slow on purpose: call it on a thread.

        Returns:
            Whether the passphrase was needed, and was typed.

        Raises:
            BadInput: it is not the owner's, or it is too early for another try.
            CannotSave: the try cannot be counted, so it is not made.
        """
        if self.need(act) is not Need.PASSPHRASE:
            return False
        self.passphrase.confirm(passphrase)
        return True

    def let_pass(self, act: Act, passphrase: str, *, first: ToldOnce | None = None) -> Actor:
        """Who does something that needs no transaction of its own, if they may. Slow, as `prove` is.

        Args:
            passphrase: the owner's; empty where it is not needed.
            first: it was typed twice because the owner had none: it becomes the owner's, and this gets the recovery
                code, on whichever thread this is.

        Raises:
            BadInput, CannotSave: as `prove` and `admit` do.
        """
        shift = self.shift
        if first and not self.passphrase.chosen():
            first(self.passphrase.choose(passphrase))
            owner = True
        else:
            owner = self.prove(act, passphrase)
        return self.admit(self._reader, act, shift, owner=owner)

    def actor(self, staff: Staff, shift: Shift) -> Actor:
        """Who acts in a shift, whether they may or not."""
        return Actor(_signed_in(staff, shift), _owner_stands(staff, shift))

    def admit(self, staff: Staff, act: Act, shift: Shift, *, owner: bool = False) -> Actor:
        """Who does something, if they may.

        Args:
            staff: the transaction in which it is done: a role that was taken away meanwhile counts no more.
            shift: the one in which it was begun.
            owner: the owner's passphrase was typed for it.

        Raises:
            SignInNeeded: nobody is signed in, or they were switched off, or have a new PIN or role.
            OwnerNeeded: it needs another role, or the owner's passphrase.
            BadInput: it is off until the owner has chosen a passphrase.
        """
        actor, missing = self._missing(staff, act, shift)
        owner = owner or self._passes(staff, act, shift)
        if missing is Need.OFF:
            raise BadInput(
                f"{_WHAT[act]} off until the owner has chosen a passphrase, in the settings (F10). Nothing was changed."
            )
        if missing is Need.NOTHING or owner:
            return Actor(actor, owner)
        if missing is Need.SIGN_IN:
            raise SignInNeeded(ended=shift.operator_id is not None)
        raise OwnerNeeded(_owner_words(act, actor))

    @staticmethod
    def _passes(staff: Staff, act: Act, shift: Shift) -> bool:
        """Whether the owner's passphrase, typed when the shift began, counts for an act."""
        return not RULES[act].passphrase and _owner_stands(staff, shift)

    @staticmethod
    def _missing(staff: Staff, act: Act, shift: Shift) -> tuple[Operator | None, Need]:
        operator = _signed_in(staff, shift)
        missing = need(
            act,
            operator.role if operator else None,
            staffed=any(one.active for one in staff.operators()),
            passphrase_chosen=lambda: staff.setting(SETTING) is not None,
            kept=staff.setting,
        )
        return operator, missing


def _owner_stands(staff: Staff, shift: Shift) -> bool:
    """Whether who typed the owner's passphrase when the shift began would get by it today."""
    return shift.owner and staff.setting(SETTING) == shift.proof


def _signed_in(staff: Staff, shift: Shift) -> Operator | None:
    """Who signed in when the shift began, as long as they would get in by the same PIN and in the same role today."""
    if shift.operator_id is None or staff.pin_of(shift.operator_id) != shift.proof:
        return None
    among = (one for one in staff.operators() if one.id == shift.operator_id)
    return next((one for one in among if one.active and one.role is shift.role), None)


def _owner_words(act: Act, operator: Operator | None) -> str:
    if act in LEFT_TO_OWNER:
        return f"{_WHAT[act]} for a supervisor or the owner. The owner decides that, in the settings (F10)."
    if operator is None or RULES[act].passphrase:
        return f"{_WHAT[act]} the owner's: type the owner's passphrase. Nothing was saved."
    who = "a supervisor or the owner" if Role.SUPERVISOR in RULES[act].roles else "the owner"
    return f"{_WHAT[act]} for {who}, not for {operator.name}: type the owner's passphrase. Nothing was saved."
