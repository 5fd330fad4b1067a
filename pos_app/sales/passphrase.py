"""The owner's passphrase: who knows it may settle payments by hand and change the settings; and its recovery code."""

import logging
from collections.abc import Callable
from typing import NamedTuple

from pos_app.domain.audit import CHANGED, audit_line
from pos_app.domain.operators import Act, Actor
from pos_app.domain.passphrase import SHORTEST
from pos_app.domain.recovery_code import make_code, read_code
from pos_app.domain.strict import is_text
from pos_app.errors import BadInput
from pos_app.sales.attempts import AttemptLimiter
from pos_app.sales.ports import Clock, Passphrases, Reader, Transaction
from pos_app.sales.write_queue import GroupWriter

SETTING = "owner_passphrase"
RECOVERY = "owner_recovery"  # the setting that keeps the hash of the recovery code; empty: there is none
COUNT = "owner_tries"  # the setting that keeps the count of wrong ones

_WRONG = "That is not the owner's passphrase. Nothing was changed."
_WRONG_CODE = "That is not the recovery code of this shop: only the newest one counts, once. Nothing was changed."
ToldOnce = Callable[[str], object]  # gets a recovery code, which nobody can be told again
_log = logging.getLogger(__name__)


def _refusal(wrong: int) -> str:
    _log.warning("a wrong owner's passphrase, %d in a row", wrong)
    return _WRONG


def _refused_code(wrong: int) -> str:
    _log.warning("a wrong recovery code, %d in a row", wrong)
    return _WRONG_CODE


def confirm_against(
    hashed: str,
    passphrase: str,
    passphrases: Passphrases,
    limiter: AttemptLimiter,
    change: Callable[[Callable[[str | None], str]], object],
) -> None:
    """Let the owner pass, by what is kept of the passphrase, wherever that was found.

    Args:
        change: keeps the count of wrong ones; see `AttemptLimiter.check`.

    Raises:
        BadInput: nothing was typed, it is not the owner's, or it is too early for another try.
    """
    if not passphrase.strip():  # Enter in another field is no try
        raise BadInput("Type the owner's passphrase. Nothing was changed.")
    if not is_text(passphrase):
        raise BadInput(_WRONG)
    limiter.check(lambda: passphrases.verify(passphrase, hashed), change, _refusal)


class _Kept(NamedTuple):
    """What is kept of a passphrase, and of the recovery code that was made with it."""

    passphrase: str
    code: str


class OwnerPassphrase:
    """Its hash is kept in the database, so that it goes wherever the payments go. Slow on purpose: call it on a thread.

    With each new passphrase a recovery code is made, and the one before opens nothing any more: whoever knew the old
    passphrase may have had a code made with it. A code is given once, to whoever chose, and only its hash is kept.

    Args:
        limiter: counts the wrong ones also beyond the life of this object.
    """

    def __init__(
        self,
        reader: Reader,
        writer: GroupWriter,
        passphrases: Passphrases,
        clock: Clock,
        limiter: AttemptLimiter | None = None,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._passphrases = passphrases
        self._clock = clock
        self._limiter = limiter or AttemptLimiter(clock)

    def chosen(self) -> bool:
        """Whether the owner has chosen one."""
        return self.kept is not None

    @property
    def kept(self) -> str | None:
        """What is kept of it: another one once it was changed, at whichever till. None where it was never chosen."""
        return self._reader.setting(SETTING)

    @property
    def kept_code(self) -> str:
        """What is kept of the recovery code; empty where there is none, as in a shop of an older program."""
        return self._reader.setting(RECOVERY) or ""

    def choose(self, passphrase: str) -> str:
        """Choose it, on first use; gives the recovery code.

        Raises:
            BadInput: too short, or there is one already.
            CannotSave: nothing was saved.
        """
        code, kept = self._new(passphrase)

        def work(transaction: Transaction) -> None:
            if transaction.setting(SETTING) is not None:
                raise BadInput("The owner has chosen a passphrase already. Nothing was saved.")
            self._set(transaction, kept)

        self._writer.run(work)
        _log.info("the owner chose a passphrase")
        return code

    def change(self, old: str, new: str) -> str:
        """Put a new one in place of the old; gives the recovery code.

        Raises:
            BadInput: the old one is wrong, the new one too short.
            CannotSave: the old one stays.
        """
        before = self.confirm(old)
        code, kept = self._new(new)

        def work(transaction: Transaction) -> None:
            _demand_same(transaction, SETTING, before)
            self._set(transaction, kept)

        self._writer.run(work)
        _log.info("the owner changed the passphrase")
        return code

    def put(self, passphrase: str) -> str:
        """Put one in whatever there was before; gives the recovery code. Whoever calls has let the owner confirm.

        Raises:
            BadInput: too short.
            CannotSave: what there was before stays.
        """
        first = not self.chosen()
        code, kept = self._new(passphrase)
        self._writer.run(lambda transaction: self._set(transaction, kept))
        _log.info("the owner chose a passphrase" if first else "the owner changed the passphrase")
        return code

    def recover(self, code: str, passphrase: str) -> str:
        """Choose a new one by the recovery code, which is used up by that; gives the next one.

        Raises:
            BadInput: no code, or not this shop's; too early for another try; the new passphrase is too short.
            CannotSave: nothing was changed, and the code counts still.
        """
        _check_new(passphrase)  # no try is counted for that
        before = self.kept_code
        self._confirm_code(read_code(code), before)
        next_code, kept = self._new(passphrase)

        def work(transaction: Transaction) -> None:
            _demand_same(transaction, RECOVERY, before)
            self._set(transaction, kept, "owner's passphrase, by the recovery code")

        self._writer.run(work)
        _log.info("the owner chose a new passphrase by the recovery code")
        return next_code

    def renew_code(self, passphrase: str) -> str:
        """Make a recovery code in place of the one before, if there was any; gives it.

        Raises:
            BadInput: it is not the owner's passphrase, or it is too early for another try.
            CannotSave: the one before stays.
        """
        before = self.confirm(passphrase)
        code = make_code()
        self._keep_code(self._passphrases.hash(code), before)
        _log.info("the owner had a new recovery code made")
        return code

    def adopt(self, passphrase: str, kept_code: str) -> None:
        """Take over what the owner has confirmed in another database; where it counts already, nothing changes.

        Args:
            kept_code: what that one keeps of the recovery code.

        Raises:
            CannotSave: what there was before stays.
        """
        hashed = self._reader.setting(SETTING)
        if hashed is None or not self._passphrases.verify(passphrase, hashed):
            kept = _Kept(self._hash(passphrase), kept_code)
            self._writer.run(lambda transaction: self._set(transaction, kept))
            _log.info("the owner's passphrase counts in one database more")
        elif kept_code and kept_code != self.kept_code:
            self._keep_code(kept_code, hashed)
            _log.info("the recovery code counts in one database more")

    def _new(self, passphrase: str) -> tuple[str, _Kept]:
        hashed, code = self._hash(passphrase), make_code()
        return code, _Kept(hashed, self._passphrases.hash(code))

    def _set(self, transaction: Transaction, kept: _Kept, what: str = "owner's passphrase") -> None:
        transaction.set_setting(SETTING, kept.passphrase)
        transaction.set_setting(RECOVERY, kept.code)
        self._note(transaction, what)

    def _keep_code(self, hashed: str, passphrase: str) -> None:
        """Where this is still what is kept of the passphrase: who knew only the one before must have no code."""

        def work(transaction: Transaction) -> None:
            _demand_same(transaction, SETTING, passphrase)
            transaction.set_setting(RECOVERY, hashed)
            self._note(transaction, "recovery code")

        self._writer.run(work)

    def _note(self, transaction: Transaction, what: str) -> None:
        line = audit_line(Actor(owner=True), Act.ROLES, self._clock.corrected(), what, CHANGED)
        transaction.add_audit([line])

    def _confirm_code(self, code: str, kept: str) -> None:
        if not kept:
            raise BadInput(
                "This shop has no recovery code: its passphrase was chosen before there were any. Nothing was changed. "
                "With the passphrase one can be made, in the settings (F10)."
            )
        self._limiter.check(lambda: self._passphrases.verify(code, kept), self._change_count, _refused_code)

    def confirm(self, passphrase: str) -> str:
        """Let the owner pass; gives what is kept of the passphrase that was typed.

        Raises:
            BadInput: nothing was typed, it is not the owner's, or it is too early for another try.
            CannotSave: the try cannot be counted, so it is not made.
        """
        hashed = self.kept
        if hashed is None:
            raise BadInput("The owner has no passphrase yet. Choose one first. Nothing was changed.")
        confirm_against(hashed, passphrase, self._passphrases, self._limiter, self._change_count)
        return hashed

    def _change_count(self, change: Callable[[str | None], str]) -> None:
        def work(transaction: Transaction) -> None:
            transaction.set_setting(COUNT, change(transaction.setting(COUNT)))

        self._writer.run(work)

    def _hash(self, passphrase: str) -> str:
        _check_new(passphrase)
        return self._passphrases.hash(passphrase)


def _demand_same(transaction: Transaction, setting: str, before: str) -> None:
    """Nobody has changed it since it was tried; that takes so long that another till may have."""
    if (transaction.setting(setting) or "") != before:
        what = "recovery code" if setting == RECOVERY else "owner's passphrase"
        raise BadInput(f"The {what} was changed meanwhile. Nothing was changed here.")


def _check_new(passphrase: str) -> None:
    if len(passphrase.strip()) < SHORTEST:
        raise BadInput(f"The owner's passphrase needs at least {SHORTEST} characters. Nothing was saved.")
    if not is_text(passphrase):
        raise BadInput("That passphrase has a character in it that is none. Nothing was saved.")
