"""`owner erasure-key`: the key that erased numbers are hashed with, from one till to another, or a new one."""

import argparse
import os

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import asked, owners_passphrase
from pos_app.settings.settings import load

VARIABLE = "POS_ERASURE_KEY"
_SHOWN = (
    "The key of erased numbers, for another till of this shop: type it there at `owner erasure-key --take`. Show it to "
    "nobody: whoever has it and a copy of the database can try out which numbers were erased."
)
_TAKEN = "This computer has the shop's key now, and can erase customers."
_RENEWED = (
    "A new key was made on this computer. Customers can be erased again; whether a number was erased before cannot be "
    "answered any more, and receipts from before cannot be told. {lines} from before {are} sealed as {they} now: what "
    "is edited there from now on `verify` finds, what was edited before it does not. Close every till and open it "
    "again, other computers with the new key: what an open till writes until then cannot be verified."
)
_MANY = 100_000  # lines after which it is said how far it is


def run(options: argparse.Namespace) -> int:
    """Show it, take it, or make another one. Works beside an open till."""
    console = Console()
    with open_shop(load(options.data_dir, options.practice)) as shop:
        passphrase = owners_passphrase()
        if options.take:
            text = os.environ.get(VARIABLE) or asked("The key: ", "key", f"The key is needed. Set {VARIABLE}")
            shop.erasure.take_key(text, passphrase)
            told: dict[str, object] = {"taken": True}
            words = _TAKEN
        elif options.new:
            lines = shop.renewal.renew(passphrase, _Progress(console))
            told, words = {"renewed": True, "sealed": lines}, _renewed_words(lines)
        else:
            key = shop.erasure.show_key(passphrase)
            told, words = {"erasure_key": key}, f"{_SHOWN}\n{key}"
    console.result(told) if options.json else console.say(words)
    return 0


class _Progress:
    """Says how far it is, where that takes a while."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = _MANY

    def __call__(self, sealed: int) -> None:
        if sealed >= self._next:
            self._next = sealed - sealed % _MANY + _MANY
            self._console.warn(f"{sealed:,} lines are stamped with the new key; the shop still has the one before...")


def _renewed_words(lines: int) -> str:
    if lines == 1:
        return _RENEWED.format(lines="The one line", are="is", they="it is")
    return _RENEWED.format(lines=f"All {lines:,} lines", are="are", they="they are")
