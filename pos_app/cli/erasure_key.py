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
    "answered any more, nor can what was linked with the key before be verified, or receipts from before. Close every "
    "till and open it again, other computers with the new key: what an open till writes until then cannot be verified."
)


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
            shop.erasure.renew_key(passphrase)
            told, words = {"renewed": True}, _RENEWED
        else:
            key = shop.erasure.show_key(passphrase)
            told, words = {"erasure_key": key}, f"{_SHOWN}\n{key}"
    console.result(told) if options.json else console.say(words)
    return 0
