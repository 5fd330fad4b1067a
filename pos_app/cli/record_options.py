"""The commands about M-PESA's own record, and their options."""

import argparse
from collections.abc import Callable

from pos_app.cli.option_values import add_who, count, path


def add(make: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add them.

    Args:
        make: a command by its name, and what it does, in words.
    """
    _add_statement(make("statement", "Compare M-PESA's statement with the payments, and record it."))
    _add_pull(make("pull", "The same by M-PESA's Pull Transactions."))
    _add_money(make("money", "Money that came without a prompt, and what people have said of it."))


def _add_statement(statement: argparse.ArgumentParser) -> None:
    statement.add_argument("file", type=path, metavar="FILE", help="exported from M-PESA's portal: .xls, .xlsx, .csv")
    statement.add_argument("--dry-run", action="store_true", help="only say what it would do")
    add_who(statement)


def _add_pull(pull: argparse.ArgumentParser) -> None:
    pull.add_argument("--since", metavar="T", help="YYYY-MM-DD, today or yesterday, with HH:MM behind it or without")
    pull.add_argument("--dry-run", action="store_true", help="only say what it says; nothing is recorded")
    add_who(pull)


def _add_money(money: argparse.ArgumentParser) -> None:
    money.add_argument(
        "find", nargs="?", default="", metavar="FIND", help="a code, an amount, digits of a phone, a name"
    )
    money.add_argument(
        "--is", dest="payment", metavar="NUMBER", help="its money, FIND being a whole code, is this one's"
    )
    money.add_argument(
        "--which", choices=("waiting", "named", "bound"), default="waiting", metavar="WHICH",
        help="waiting (default), named or bound",
    )  # fmt: skip
    money.add_argument("--limit", type=count, default=50, metavar="N", help="at most so many (default 50)")
    add_who(money)
