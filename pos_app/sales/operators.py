"""Operators: added, given roles and PINs, and switched off by the owner; and signing in."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.operators import (
    LEFT_TO_OWNER,
    Act,
    Actor,
    Operator,
    Role,
    find_operator,
    is_allowed,
    is_pin,
    read_name,
    read_pin,
)
from pos_app.errors import BadInput, Clash
from pos_app.sales.attempts import TRIES, AttemptLimiter
from pos_app.sales.authority import Authority, Staff
from pos_app.sales.ports import Clock, Passphrases, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Operators:
    """Who serves in this shop. Every change asks for the owner's passphrase, also of a signed-in owner.

    What takes a PIN or a passphrase is slow on purpose: call it on a thread.
    """

    def __init__(
        self, reader: Reader, writer: GroupWriter, passphrases: Passphrases, clock: Clock, authority: Authority
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._passphrases = passphrases
        self._clock = clock
        self._authority = authority
        self._limiters: dict[int, AttemptLimiter] = {}  # by operator

    def all(self) -> list[Operator]:
        """Every operator, also those switched off, by id."""
        return self._reader.operators()

    def named(self, name: str) -> Operator:
        """The operator of this name, however it is spelt.

        Raises:
            BadInput: there is none.
        """
        found = find_operator(self.all(), name)
        if found is None:
            raise BadInput(f"There is no operator {name[:40]!r}. Nothing was sent, nothing was changed.")
        return found

    def add(self, name: str, role: Role, pin: str, passphrase: str) -> Operator:
        """Add an operator; from the first one on, whoever serves signs in.

        Raises:
            BadInput: a name that is taken or none, a PIN that is none, not the owner's passphrase, or none was chosen.
            CannotSave: nothing was saved.
        """
        name, hashed = read_name(name), self._passphrases.hash(read_pin(pin))

        def work(transaction: Transaction, actor: Actor) -> Operator:
            added = transaction.add_operator(name, role, hashed)
            self._note(transaction, actor, added, "", f"{added.name}, {added.role}")
            return added

        return self._save(passphrase, work)

    def change(
        self,
        seen: Operator,
        passphrase: str,
        *,
        role: Role | None = None,
        active: bool | None = None,
        pin: str | None = None,
    ) -> Operator:
        """Give an operator another role or PIN, or switch them off or on again. It counts from their next act on.

        Args:
            seen: the operator as the owner saw them. Where they are others by now, nothing is changed.

        Raises:
            BadInput: a PIN that is none, not the owner's passphrase, or somebody has changed the operator meanwhile.
            CannotSave: nothing was saved.
        """
        hashed = None if pin is None else self._passphrases.hash(read_pin(pin))
        after = replace(seen, role=role or seen.role, active=seen.active if active is None else active)

        def work(transaction: Transaction, actor: Actor) -> Operator:
            _check(transaction, seen)
            transaction.change_operator(after)
            if after.role is not seen.role:
                self._note(transaction, actor, after, " role", after.role, seen.role)
            if after.active is not seen.active:
                self._note(transaction, actor, after, "", _ON[after.active], _ON[seen.active])
            if hashed is not None:
                transaction.set_pin(seen.id, hashed)
                self._note(transaction, actor, seen, " PIN", CHANGED)
            return after

        return self._save(passphrase, work)

    def set_pin(self, seen: Operator, pin: str, passphrase: str) -> None:
        """Give an operator a new PIN, where the old one was forgotten or seen. Raises as `change` does."""
        self.change(seen, passphrase, pin=pin)

    def allowed(self) -> frozenset[Act]:
        """What operators may do of all that is left to the owner (`LEFT_TO_OWNER`)."""
        return _allowed(self._reader)

    def allow(self, choices: Mapping[Act, bool], passphrase: str) -> frozenset[Act]:
        """Let operators do what is left to the owner, or let them no more; gives what they may now, at every till.

        Raises:
            BadInput: not the owner's passphrase, or none was chosen.
            CannotSave: nothing was saved.
        """

        def work(transaction: Transaction, actor: Actor) -> frozenset[Act]:
            before = _allowed(transaction)
            for act in (act for act, may in choices.items() if may is not (act in before)):
                old, new = _MAY[act in before], _MAY[choices[act]]
                transaction.set_setting(LEFT_TO_OWNER[act], new)
                now, subject = self._clock.corrected(), f"setting {LEFT_TO_OWNER[act]}"
                transaction.add_audit([audit_line(actor, Act.ROLES, now, subject, new, old)])
            return _allowed(transaction)

        return self._save(passphrase, work)

    def sign_in(self, operator: Operator, pin: str) -> Operator:
        """Let an operator stand at this till; gives them as they are now.

        Raises:
            BadInput: a wrong PIN, too early for another try, or they are switched off.
            CannotSave: the try cannot be counted, so it is not made.
        """

        def change_tries(change: Callable[[str | None], str]) -> None:
            def work(transaction: Transaction) -> None:
                transaction.set_pin_tries(operator.id, change(transaction.pin_tries(operator.id)))

            self._writer.run(work)

        hashed = self._reader.pin_of(operator.id)

        def is_right() -> bool:
            return hashed is not None and self._passphrases.verify(pin, hashed)

        if not is_pin(pin):  # no try: Enter in an empty field, or what a scanner typed into it
            raise BadInput("Type your PIN: 4 to 8 digits. Nothing was sent, nothing was changed.")
        limiter = self._limiters.setdefault(operator.id, AttemptLimiter(self._clock))
        limiter.check(is_right, change_tries, _refusal)
        signed_in = self._writer.run(lambda transaction: self._signed_in(transaction, operator.id))
        self._authority.begin(signed_in, hashed or "")
        _log.info("operator %d signed in (%s)", signed_in.id, signed_in.role)
        return signed_in

    def let_owner_stand(self, passphrase: str) -> None:
        """Let the owner stand at this till by the passphrase, where the owner's PIN was forgotten or there is none.

        Raises:
            BadInput: it is not the owner's, or it is too early for another try.
            CannotSave: the try cannot be counted, so it is not made.
        """
        self._authority.passphrase.confirm(passphrase)
        line = audit_line(Actor(owner=True), Act.SIGN_IN, self._clock.corrected(), "owner", "signed in")
        self._writer.run(lambda transaction: transaction.add_audit([line]))
        self._authority.begin_as_owner()

    def sign_out(self) -> None:
        """Nobody stands at this till any more. Returns at once."""
        self._authority.end()

    def _signed_in(self, transaction: Transaction, operator_id: int) -> Operator:
        operator = _find(transaction, operator_id)
        if operator is None or not operator.active:
            raise BadInput("This operator is switched off. Nothing was sent, nothing was changed. Ask the owner.")
        self._note(transaction, Actor(operator), operator, "", "signed in", act=Act.SIGN_IN)
        return operator

    def _save(self, passphrase: str, work: Callable[[Transaction, Actor], T]) -> T:
        shift = self._authority.shift
        owner = self._authority.prove(Act.ROLES, passphrase)

        def admitted(transaction: Transaction) -> T:
            return work(transaction, self._authority.admit(transaction, Act.ROLES, shift, owner=owner))

        try:
            return self._writer.run(admitted)
        except Clash as clash:
            raise BadInput(str(clash)) from None

    def _note(
        self,
        transaction: Transaction,
        actor: Actor,
        operator: Operator,
        what: str,
        new: str,
        old: str | None = None,
        *,
        act: Act = Act.ROLES,
    ) -> None:
        line = audit_line(actor, act, self._clock.corrected(), f"operator {operator.id}{what}", new, old)
        transaction.add_audit([line])


_ON = {True: "on", False: "off"}
_MAY = {True: "yes", False: "no"}


def _allowed(staff: Staff) -> frozenset[Act]:
    return frozenset(act for act, setting in LEFT_TO_OWNER.items() if is_allowed(staff.setting(setting)))


def _find(transaction: Transaction, operator_id: int) -> Operator | None:
    return next((one for one in transaction.operators() if one.id == operator_id), None)


def _check(transaction: Transaction, seen: Operator) -> None:
    if _find(transaction, seen.id) != seen:
        raise BadInput(
            f"Somebody has changed {seen.name} meanwhile. Nothing was changed: look again, then decide again."
        )


def _refusal(wrong: int) -> str:
    left = TRIES - wrong
    _log.warning("a wrong PIN, %d in a row", wrong)
    if left <= 0:
        return "Wrong PIN. Nothing was changed. Wait before the next try, or ask the owner for a new PIN."
    return f"Wrong PIN. {left} {'try' if left == 1 else 'tries'} left. Nothing was changed."
