"""`owner`: a forgotten passphrase, and the code that helps then. Both come from the environment or the keyboard."""

import argparse

from pos_app.cli.books import open_shop
from pos_app.cli.console import Console
from pos_app.cli.owner import new_passphrase, owners_passphrase, recovery_code
from pos_app.messages import recovery as words
from pos_app.settings.settings import load


def recover(options: argparse.Namespace) -> int:
    """Choose a new passphrase by the recovery code, and show the next code."""
    with open_shop(load(options.data_dir, options.practice)) as shop:
        code = shop.owner.passphrase.recover(recovery_code(), new_passphrase())
    return _show(options, code, words.RECOVERED)


def make_code(options: argparse.Namespace) -> int:
    """Make a recovery code in place of the one before, and show it."""
    with open_shop(load(options.data_dir, options.practice)) as shop:
        code = shop.owner.passphrase.renew_code(owners_passphrase())
    return _show(options, code, words.RENEWED)


def _show(options: argparse.Namespace, code: str, done: str) -> int:
    console = Console()
    if options.json:
        console.result({"recovery_code": code})
    else:
        console.say(f"{done}\n{words.shown(code)}")
    return 0
