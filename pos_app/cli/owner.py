"""Who gives a command: an operator by name and PIN, or the owner by the passphrase. What is secret comes from the
environment or from the keyboard, never from an argument, which everybody on the computer can read.
"""

import getpass
import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from pos_app.cli.console import Console
from pos_app.domain.operators import RULES, Act, Need, Role, read_pin
from pos_app.errors import BadInput
from pos_app.messages import recovery as words
from pos_app.sales.authority import Authority
from pos_app.sales.operators import Operators

VARIABLE = "POS_OWNER_PASSPHRASE"
PIN = "POS_OPERATOR_PIN"
CODE = "POS_OWNER_RECOVERY_CODE"


class Who(NamedTuple):
    """An operator, as a command names them."""

    name: str
    pin: str


def read_who(name: str | None, environ: Mapping[str, str] = os.environ) -> Who | None:
    """The operator that a command names, and the PIN; None where it names none.

    Raises:
        BadInput: there is no PIN, and nobody can be asked.
    """
    if name is None:
        return None
    return Who(name, environ.get(PIN) or asked(f"The PIN of {name}: ", "PIN", f"{name} needs a PIN. Set {PIN}"))


def sign_in(operators: Operators, who: Who | None) -> None:
    """Let the operator act from now on, where one was named.

    Raises:
        BadInput: there is no such operator, a wrong PIN, or it is too early for another try.
    """
    if who:
        operators.sign_in(operators.named(who.name), who.pin)


def owner_for(authority: Authority, act: Act, environ: Mapping[str, str] = os.environ) -> str:
    """The owner's passphrase, where the act needs that of whoever is signed in; empty where it does not.

    Raises:
        BadInput: nobody can be asked.
    """
    if authority.need(act) is not Need.PASSPHRASE:
        return ""
    who = "a supervisor or the owner" if Role.SUPERVISOR in RULES[act].roles else "the owner"
    return environ.get(VARIABLE) or asked(
        "The owner's passphrase: ", "passphrase", f"This is for {who}. Set {VARIABLE}"
    )


def chosen_or_first(authority: Authority, environ: Mapping[str, str] = os.environ) -> str:
    """The owner's passphrase; where there is none yet, what is given becomes it.

    Raises:
        BadInput: nobody can be asked, it was typed differently the second time, or it is too short.
    """
    first = not authority.passphrase.chosen()
    what = "Choose the owner's passphrase: " if first else "The owner's passphrase: "
    given = environ.get(VARIABLE) or ""
    if not given:
        given = asked(what, "passphrase", f"Operators are the owner's to change. Set {VARIABLE}")
        if first:
            _same(given, "The passphrase once more: ")
    if first:
        _show(authority.passphrase.choose(given))
    return given


def owners_passphrase(environ: Mapping[str, str] = os.environ) -> str:
    """The owner's passphrase, which is asked for whoever stands here.

    Raises:
        BadInput: nobody can be asked.
    """
    return environ.get(VARIABLE) or asked(
        "The owner's passphrase: ", "passphrase", f"This is for the owner. Set {VARIABLE}"
    )


def recovery_code(environ: Mapping[str, str] = os.environ) -> str:
    """The recovery code, as somebody types it.

    Raises:
        BadInput: nobody can be asked.
    """
    return environ.get(CODE) or asked(
        "The recovery code: ", "recovery code", f"The recovery code is needed. Set {CODE}"
    )


def new_passphrase(environ: Mapping[str, str] = os.environ) -> str:
    """The passphrase that the owner chooses in place of a forgotten one.

    Raises:
        BadInput: nobody can be asked, or it was typed differently the second time.
    """
    given = environ.get(VARIABLE)
    if given:
        return given
    typed = asked("A new passphrase: ", "passphrase", f"A new passphrase is needed. Set {VARIABLE}")
    _same(typed, "The passphrase once more: ")
    return typed


def new_pin(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """The PIN that an operator gets.

    Raises:
        BadInput: it is none, nobody can be asked, or it was typed differently the second time.
    """
    given = environ.get(PIN)
    if given:
        return read_pin(given)
    typed = read_pin(asked(f"A PIN for {name}, 4 to 8 digits: ", "PIN", f"{name} needs a PIN. Set {PIN}"))
    _same(typed, "The PIN once more: ")
    return typed


def _show(code: str) -> None:
    """On a terminal only: what goes to a file or to another program may be kept there for all to read."""
    Console().warn(words.shown(code) if _is_terminal(sys.stderr) else words.NOT_SHOWN)


def _same(given: str, prompt: str) -> None:
    if asked(prompt, "second one") != given:
        raise BadInput("The two are not the same. Nothing was changed.")


def asked(prompt: str, what: str, needed: str = "") -> str:
    """What somebody types at a terminal, unseen.

    Args:
        what: what it is called, and `needed`: what to do where nobody can be asked.

    Raises:
        BadInput: nobody can be asked, or nothing was typed.
    """
    if not can_ask():
        raise BadInput(f"{needed}, or start this in a terminal, which asks for it. Nothing was changed.")
    try:
        return getpass.getpass(prompt)
    except (EOFError, OSError):
        raise BadInput(f"No {what} was typed. Nothing was changed.") from None


def can_ask() -> bool:
    """Whether somebody sits there who can be asked."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: object) -> bool:
    """None where it is closed."""
    return bool(getattr(stream, "isatty", bool)())
